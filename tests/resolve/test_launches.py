"""Processes and pools: what they are given, how many there are, when they run.

Updates that are lost are marked `# lost`; all others in the same program are not.
"""

from __future__ import annotations

import pytest
from resolve.programs import each, lost, reported

PROGRAMS = {
    "a list of processes": """
        def work(h):
            h.value += 1  # lost
        h = Value('i')
        ps = []
        ps += [Process(target=work, args=(h,)), Process(target=work, args=(h,))]
        for p in ps: p.start()
    """,
    "args in a list": """
        def work(h):
            h.value += 1  # lost
        h = Value('i')
        for i in range(2):
            Process(target=work, args=[h]).start()
    """,
    "args added together": """
        def work(i, h):
            h.value += 1  # lost
        h = Value('i')
        common = (h,)
        for i in range(2):
            Process(target=work, args=(i,) + common).start()
    """,
    "args with a star": """
        def work(i, h):
            h.value += 1  # lost
        h = Value('i')
        common = (h,)
        for i in range(2):
            Process(target=work, args=(i, *common)).start()
    """,
    "args made from a list": """
        def work(i, h):
            h.value += 1  # lost
        h = Value('i')
        for i in range(2):
            a = [i]
            a.append(h)
            Process(target=work, args=tuple(a)).start()
    """,
    "all arguments of Process in a dict": """
        def work(h=None):
            h.value += 1  # lost
        h = Value('i')
        opts = dict(target=work, args=(h,))
        for i in range(2):
            Process(**opts).start()
    """,
    "a pool that is closed and joined": """
        def work(i):
            h.value += 1  # lost
        def init(x):
            global h
            h = x
        if __name__ == '__main__':
            v = Value('i')
            p = Pool(4, init, (v,))
            p.map(work, range(3))
            p.close()
            p.join()
    """,
    "a pool's imap": """
        def work(i):
            h.value += 1  # lost
        def init(x):
            global h
            h = x
        if __name__ == '__main__':
            v = Value('i')
            with Pool(initializer=init, initargs=[v]) as p:
                for _ in p.imap_unordered(work, range(3)): pass
    """,
    "an initializer that sets a function's attribute": """
        def work(i):
            work.h.value += 1  # lost
        def init(x):
            work.h = x
        if __name__ == '__main__':
            v = Value('i')
            with Pool(initializer=init, initargs=(v,)) as p:
                p.map(work, range(3))
    """,
    "a pool that inherits a global": """
        h = Value('i')
        def work(i):
            h.value += 1  # lost
        if __name__ == '__main__':
            with Pool() as p:
                p.map(work, range(3))
    """,
    "two processes in one function": """
        def work(h):
            h.value += 1  # lost
        def main():
            h = Value('i')
            p = Process(target=work, args=(h,))
            q = Process(target=work, args=(h,))
            p.start(); q.start()
            p.join(); q.join()
        if __name__ == '__main__':
            main()
    """,
    "processes one after the other": """
        def work(h):
            h.value += 1
        if __name__ == '__main__':
            h = Value('i')
            for i in range(3):
                p = Process(target=work, args=(h,))
                p.start()
                p.join()
    """,
    "processes one after the other, by a helper": """
        def work(h):
            h.value += 1
        def once(h):
            p = Process(target=work, args=(h,))
            p.start()
            p.join()
        if __name__ == '__main__':
            h = Value('i')
            for i in range(3):
                once(h)
    """,
    "processes joined in a loop": """
        def work(h):
            h.value += 1  # lost
        if __name__ == '__main__':
            h = Value('i')
            ps = []
            for i in range(3):
                p = Process(target=work, args=(h,))
                p.start()
                ps.append(p)
            for p in ps:
                p.join()
            h.value += 1
    """,
    "processes joined in a loop of a function": """
        def work(h):
            h.value += 1  # lost
        def main():
            h = Value('i')
            ps = []
            for i in range(3):
                p = Process(target=work, args=(h,))
                p.start()
                ps.append(p)
            for p in ps:
                p.join()
            h.value += 1
        main()
    """,
    "processes joined in a comprehension": """
        def work(h):
            h.value += 1  # lost
        if __name__ == '__main__':
            h = Value('i')
            ps = [Process(target=work, args=(h,)) for _ in range(3)]
            [p.start() for p in ps]
            [p.join() for p in ps]
            h.value += 1
    """,
    "processes joined one by one": """
        def work(h):
            h.value += 1  # lost
        if __name__ == '__main__':
            h = Value('i')
            p, q = Process(target=work, args=(h,)), Process(target=work, args=(h,))
            p.start(); q.start()
            p.join(); q.join()
            h.value += 1
    """,
    "processes joined in a finally": """
        def work(h):
            h.value += 1  # lost
        if __name__ == '__main__':
            h = Value('i')
            ps = [Process(target=work, args=(h,)) for _ in range(3)]
            try:
                for p in ps: p.start()
            finally:
                for p in ps: p.join()
            h.value += 1
    """,
    "a subclass that calls Process.__init__": """
        class W(Process):
            def __init__(self, h):
                Process.__init__(self)
                self.h = h
            def run(self):
                self.h.value += 1  # lost
        if __name__ == '__main__':
            h = Value('i')
            ws = [W(h) for _ in range(2)]
            for w in ws: w.start()
    """,
    "a subclass that gives itself a target": """
        class W(Process):
            def __init__(self, h):
                super().__init__(target=self.go, args=(h,))
            def go(self, h):
                h.value += 1  # lost
        if __name__ == '__main__':
            h = Value('i')
            ws = [W(h) for _ in range(2)]
            for w in ws: w.start()
    """,
    "an update and a store by two processes": """
        def a(h):
            h.value += 1  # lost
        def b(h):
            h.value = 0
        if __name__ == '__main__':
            h = Value('i')
            Process(target=a, args=(h,)).start()
            Process(target=b, args=(h,)).start()
    """,
    "an object made by each process object": """
        class W(Process):
            def __init__(self):
                super().__init__()
                self.h = Value('i')
            def run(self):
                self.h.value += 1
        if __name__ == '__main__':
            for _ in range(3): W().start()
    """,
    "a list with an object for each process": """
        def work(h):
            h.value += 1
        if __name__ == '__main__':
            hs = [Value('i') for _ in range(3)]
            for h in hs:
                Process(target=work, args=(h,)).start()
    """,
    "an index for each process": """
        def work(h):
            h.value += 1
        if __name__ == '__main__':
            hs = [Value('i') for _ in range(3)]
            for i in range(3):
                Process(target=work, args=(hs[i],)).start()
    """,
    "a list of objects, indexed by rank": """
        def work(i, hs):
            hs[i].value += 1
        if __name__ == '__main__':
            hs = [Value('i') for _ in range(3)]
            for i in range(3):
                Process(target=work, args=(i, hs)).start()
    """,
    "a rank kept on self": """
        class W(Process):
            def __init__(self, i, a):
                super().__init__()
                self.i, self.a = i, a
            def run(self):
                self.a[self.i] += 1
        if __name__ == '__main__':
            a = Array('i', 3)
            for i in range(3):
                W(i, a).start()
    """,
    "a cell for each task": """
        def init(x):
            global a
            a = x
        def work(i):
            a[i] += 1
        if __name__ == '__main__':
            x = Array('i', 3)
            with Pool(3, init, (x,)) as p:
                p.map(work, range(3))
    """,
    "cells that tasks share": """
        def init(x):
            global a
            a = x
        def work(i):
            a[i % 2] += 1  # lost
        if __name__ == '__main__':
            x = Array('i', 3)
            with Pool(3, init, (x,)) as p:
                p.map(work, range(3))
    """,
    "cells in the worker's own loop": """
        def work(a):
            for i in range(3):
                a[i] += 1  # lost
        if __name__ == '__main__':
            a = Array('i', 3)
            ps = [Process(target=work, args=(a,)) for _ in range(3)]
            for p in ps: p.start()
    """,
    "cells counted by enumerate": """
        def work(a, ks):
            for i, k in enumerate(ks):
                a[i] += k  # lost
        if __name__ == '__main__':
            a = Array('i', 3)
            ps = [Process(target=work, args=(a, [1, 2])) for _ in range(3)]
            for p in ps: p.start()
    """,
    "cells given by keys": """
        def work(a, ks):
            for i in ks:
                a[i] += 1  # lost
        if __name__ == '__main__':
            a = Array('i', 3)
            ps = [Process(target=work, args=(a, [1, 2])) for _ in range(3)]
            for p in ps: p.start()
    """,
    "functions and their arguments in one table": """
        def locked(hits, lock):
            with lock:
                hits.value += 1
        def bare(hits, lock):
            hits.value += 1  # lost
        if __name__ == "__main__":
            a, b, lock = Value("i", 0), Value("i", 0), Lock()
            table = [(locked, (a, lock)), (locked, (a, lock)), (bare, (b, lock)), (bare, (b, None))]
            workers = [Process(target=f, args=given) for f, given in table]
            for worker in workers:
                worker.start()
    """,
    "functions and their arguments in a loop": """
        def bare(hits):
            hits.value += 1  # lost
        def locked(hits, lock):
            with lock:
                hits.value += 1
        if __name__ == "__main__":
            a, b, lock = Value("i", 0), Value("i", 0), Lock()
            for f, given in [(bare, (a,)), (locked, (b, lock)), (locked, (b, lock)), (bare, (a, ))]:
                Process(target=f, args=given).start()
    """,
    "cells in a comprehension": """
        def work(a):
            [a.__setitem__(i, a[i] + 1) for i in range(3)]  # lost
        if __name__ == '__main__':
            a = Array('i', 3)
            for j in range(3):
                p = Process(target=work, args=(a,))
                p.start()
    """,
    "a manager in a with": """
        def work(d):
            d['x'] = d.get('x', 0) + 1  # lost
        if __name__ == '__main__':
            with Manager() as m:
                d = m.dict()
                ps = [Process(target=work, args=(d,)) for _ in range(3)]
                for p in ps: p.start()
    """,
    "a manager's Value": """
        def work(v):
            v.value += 1  # lost
        if __name__ == '__main__':
            m = Manager()
            v = m.Value('i', 0)
            for _ in range(3): Process(target=work, args=(v,)).start()
    """,
    "a key that is looked for first": """
        def work(d):
            if 'k' not in d:
                d['k'] = 1  # lost
            d['k'] += 1  # lost
        if __name__ == '__main__':
            d = Manager().dict()
            for _ in range(3): Process(target=work, args=(d,)).start()
    """,
    "a manager's list": """
        def work(l):
            l[0] += 1  # lost
            l += [1]
            l.append(len(l))
        if __name__ == '__main__':
            l = Manager().list([0])
            for _ in range(3): Process(target=work, args=(l,)).start()
    """,
    "a main program that only reads": """
        import time
        def work(h):
            h.value += 1
        if __name__ == '__main__':
            h = Value('i')
            p = Process(target=work, args=(h,))
            p.start()
            while p.is_alive():
                print(h.value)
    """,
    "a main program that resets": """
        def work(h):
            h.value += 1  # lost
        if __name__ == '__main__':
            h = Value('i')
            p = Process(target=work, args=(h,))
            p.start()
            while p.is_alive():
                h.value = 0
    """,
    "an executor's submit": """
        from concurrent.futures import ProcessPoolExecutor as E
        h = Value('i')
        def bump():
            h.value += 1  # lost
        if __name__ == '__main__':
            with E() as e:
                for _ in range(3): e.submit(bump)
    """,
    "run_in_executor": """
        import asyncio
        from concurrent.futures import ProcessPoolExecutor as E
        h = Value('i')
        def bump():
            h.value += 1  # lost
        async def main():
            loop = asyncio.get_running_loop()
            with E() as e:
                await asyncio.gather(*[loop.run_in_executor(e, bump) for _ in range(3)])
        asyncio.run(main())
    """,
    "a callback in the main program": """
        h = Value('i')
        def bump(): pass
        def done(_):
            h.value += 1
        if __name__ == '__main__':
            with Pool() as p:
                for _ in range(3): p.apply_async(bump, callback=done)
    """,
    "code out of sight that may start processes": """
        from joblib import Parallel, delayed
        h = Value('i')
        def bump():
            h.value += 1  # lost
        Parallel(n_jobs=2)(delayed(bump)() for _ in range(3))
    """,
    "torch's spawn": """
        import torch.multiprocessing as tmp
        def work(rank, h):
            h.value += 1  # lost
        if __name__ == '__main__':
            h = tmp.Value('i')
            tmp.spawn(work, args=(h,), nprocs=3)
    """,
    "a pool that has ended": """
        def init(x):
            global h
            h = x
        def work(i):
            h.value += 1  # lost
        if __name__ == '__main__':
            v = Value('i')
            with Pool(3, init, (v,)) as p:
                p.map(work, range(3))
            v.value += 1
    """,
    "a map that has ended": """
        def init(x):
            global h
            h = x
        def work(i):
            h.value += 1  # lost
        if __name__ == '__main__':
            v = Value('i')
            p = Pool(3, init, (v,))
            p.map(work, range(3))
            v.value += 1
    """,
    "a class with a lock of its own": """
        class Counter(object):
            def __init__(self, initval=0):
                self.val = Value('i', initval)
                self.lock = Lock()
            def increment(self):
                with self.lock:
                    self.val.value += 1
            def bad(self):
                self.val.value += 1  # lost
            def value(self):
                with self.lock:
                    return self.val.value
        def func(counter):
            for i in range(50):
                counter.increment()
                counter.bad()
        if __name__ == '__main__':
            counter = Counter(0)
            procs = [Process(target=func, args=(counter,)) for i in range(10)]
            for p in procs: p.start()
            for p in procs: p.join()
    """,
    "a global of the same name in main and workers": """
        counter = None
        def init(args):
            global counter
            counter = args
        def analyze(x):
            global counter
            counter.value += 1  # lost
            return x
        if __name__ == '__main__':
            counter = Value('i', 0)
            p = Pool(initializer=init, initargs=(counter,))
            i = p.map_async(analyze, [1, 2], chunksize=1)
            i.wait()
    """,
}
NOT_YET = {
    "cells in a comprehension",
    "a callback in the main program",
}


@pytest.mark.parametrize("name", each(PROGRAMS, NOT_YET))
def test_updates_of_processes_are_lost_or_not_with(name):
    """The lost updates are found, and nothing else."""
    assert reported(PROGRAMS[name]) == lost(PROGRAMS[name])
