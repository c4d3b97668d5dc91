"""What lies between a read and the write that depends on it, and through what the one reaches the other.

Updates that are lost are marked `# lost`; all others in the same program are not.
"""

from __future__ import annotations

from textwrap import dedent

import pytest
from resolve.programs import each, lost, reported

_MAIN = """
if __name__ == "__main__":
    hits, lock = Value("i", 0), Lock()
    for _ in range(3):
        Process(target=work, args=(hits, lock)).start()
"""

BODIES = {
    "an early return": """
        def work(hits, lock):
            if hits.value > 3:
                return
            hits.value += 1  # lost
    """,
    "an early return before a locked write": """
        def work(hits, lock):
            if hits.value > 3:
                return
            with lock:
                hits.value += 1  # lost
    """,
    "a read in a try": """
        def work(hits, lock):
            try:
                n = hits.value
            except ValueError:
                n = 0
            hits.value = n + 1  # lost
    """,
    "a maximum": """
        def work(hits, lock):
            x = 3
            if x > hits.value:
                hits.value = x  # lost
    """,
    "a while": """
        def work(hits, lock):
            while hits.value < 3:
                with lock:
                    hits.value += 1  # lost
    """,
    "a finally, which no check inside decides": """
        def work(hits, lock):
            try:
                if hits.value > 3:
                    raise ValueError
                print("room")
            finally:
                with lock:
                    hits.value -= 1
            hits.value += 1  # lost
    """,
    "several targets": """
        def work(hits, lock):
            a, hits.value = hits.value, hits.value + 1  # lost
    """,
    "a list on the way": """
        def work(hits, lock):
            c = [hits.value]
            hits.value = c[0] + 1  # lost
    """,
    "a call on the way": """
        def inc(n):
            return n + 1
        def work(hits, lock):
            hits.value = inc(hits.value)  # lost
    """,
    "a call out of sight on the way": """
        import x
        def work(hits, lock):
            hits.value = x.inc(hits.value)  # lost
    """,
    "a text on the way": """
        def work(hits, lock):
            n = int(f'{hits.value}')
            hits.value = n + 1  # lost
    """,
    "a global on the way": """
        n = 0
        def work(hits, lock):
            global n
            n = hits.value
            hits.value = n + 1  # lost
    """,
    "a read inside, a write outside": """
        def work(hits, lock):
            with lock:
                n = hits.value
            hits.value = n + 1  # lost
    """,
    "a walrus": """
        def work(hits, lock):
            if (n := hits.value) < 3:
                hits.value = n + 1  # lost
    """,
    "a conditional expression": """
        def work(hits, lock):
            hits.value = 3 if hits.value > 3 else 0  # lost
    """,
    "a continue": """
        def work(hits, lock):
            for i in range(3):
                if hits.value > i:
                    continue
                hits.value = i  # lost
    """,
    "a decision kept in a name": """
        def work(hits, lock):
            ok = hits.value < 3
            if ok:
                hits.value += 1  # lost
    """,
    "a check further out": """
        def work(hits, lock):
            if lock:
                if hits.value < 3:
                    with lock:
                        hits.value += 1  # lost
    """,
    "a check in a helper": """
        def full(hits):
            return hits.value > 3
        def work(hits, lock):
            if not full(hits):
                with lock:
                    hits.value += 1  # lost
    """,
    "a read that decides nothing": """
        def work(hits, lock):
            print(hits.value)
            hits.value = 0
    """,
    "a check of which nothing depends": """
        def work(hits, lock):
            if hits.value: print(1)
            with lock:
                hits.value += 1
    """,
    "a getter and a setter": """
        class C:
            def __init__(self, v): self.v = v
            def get(self): return self.v.value
            def set(self, n): self.v.value = n
        def work(hits, lock):
            c = C(hits)
            c.set(c.get() + 1)  # lost
    """,
    "a lock or no context": """
        from contextlib import nullcontext
        def work(hits, lock):
            with lock or nullcontext():
                hits.value += 1
    """,
    "a return inside the section": """
        def work(hits, lock):
            with lock:
                if hits.value: return
                hits.value += 1
            hits.value += 1  # lost
    """,
    "a raise inside the section": """
        def work(hits, lock):
            try:
                with lock:
                    raise ValueError
            except ValueError:
                hits.value += 1  # lost
    """,
    "an error inside the section": """
        def work(hits, lock):
            try:
                with lock:
                    foo()
            except ValueError:
                hits.value += 1  # lost
    """,
    "acquire with except and finally": """
        def work(hits, lock):
            lock.acquire()
            try:
                hits.value += 1
            except ValueError:
                hits.value -= 1
            finally:
                lock.release()
    """,
    "a break inside the section": """
        def work(hits, lock):
            while True:
                with lock:
                    break
            hits.value += 1  # lost
    """,
    "a continue inside the section": """
        def work(hits, lock):
            for i in range(3):
                hits.value += 1  # lost
                with lock:
                    continue
    """,
    "acquire and release in a loop": """
        def work(hits, lock):
            for i in range(3):
                lock.acquire()
                hits.value += 1
                lock.release()
    """,
    "acquire until it succeeds": """
        def work(hits, lock):
            while not lock.acquire(timeout=1):
                pass
            hits.value += 1
            lock.release()
    """,
    "an answer kept in a name": """
        def work(hits, lock):
            got = lock.acquire(block=False)
            if got:
                hits.value += 1
                lock.release()
    """,
    "a match": """
        def work(hits, lock):
            match hits.value:
                case 0:
                    hits.value = 5  # lost
                case n:
                    hits.value = n + 1  # lost
    """,
    "a setattr in a lambda": """
        def work(hits, lock):
            f = lambda: setattr(hits, 'value', hits.value + 1)  # lost
            f()
    """,
    "a __setattr__": """
        def work(hits, lock):
            hits.__setattr__('value', hits.value + 1)  # lost
    """,
    "an assert": """
        def work(hits, lock):
            assert hits.value < 3
            hits.value += 1  # lost
    """,
    "a lock in a dict": """
        def work(hits, lock):
            d = {'l': lock}
            with d['l']:
                hits.value += 1
    """,
    "a lock in a list": """
        def work(hits, lock):
            ls = [lock]
            for l in ls:
                with l:
                    hits.value += 1
    """,
    "a decorator for methods": """
        def locked(f):
            def g(self, *a):
                with self.lock:
                    return f(self, *a)
            return g
        class C:
            def __init__(self, h, l): self.h, self.lock = h, l
            @locked
            def inc(self): self.h.value += 1
            def dec(self): self.h.value -= 1  # lost
        def work(hits, lock):
            C(hits, lock).inc()
            C(hits, lock).dec()
    """,
    "a generator that yields under a lock": """
        def g(hits, lock):
            with lock:
                yield
        def work(hits, lock):
            for _ in g(hits, lock):
                hits.value += 1
    """,
    "a callable object": """
        class C:
            def __init__(self, h): self.h = h
            def __call__(self): self.h.value += 1  # lost
        def work(hits, lock):
            C(hits)()
    """,
    "an __iadd__": """
        class C:
            def __init__(self, h): self.h = h
            def __iadd__(self, n):
                self.h.value += n  # lost
                return self
        def work(hits, lock):
            c = C(hits)
            c += 1
    """,
    "a sum": """
        def work(hits, lock):
            hits.value = sum([hits.value, 1])  # lost
    """,
    "an __enter__ that enters the own lock": """
        class Tot:
            def __init__(self, h): self.h = h
            def __enter__(self): return self.h.get_lock().__enter__()
            def __exit__(self, *e): return self.h.get_lock().__exit__(*e)
        def work(hits, lock):
            with Tot(hits) as h:
                hits.value += 1
            hits.value += 1  # lost
    """,
    "a lock taken under a condition": """
        def work(hits, lock):
            use = bool(hits)
            if use:
                lock.acquire()
            hits.value += 1  # lost
            if use:
                lock.release()
    """,
    "a release in a helper": """
        def rel(l): l.release()
        def work(hits, lock):
            lock.acquire()
            rel(lock)
            hits.value += 1  # lost
    """,
    "a check of the type": """
        def work(hits, lock):
            if isinstance(hits, int):
                hits += 1
            else:
                hits.value += 1  # lost
    """,
}
BODIES_NOT_YET = {
    "a global on the way",
    "a generator that yields under a lock",
}

CARRIERS = {
    "unpacking with a star": """
        def work(hits, *rest):
            lock, = rest
            with lock:
                hits.value += 1
    """,
    "enumerate": """
        def work(hits, lock):
            for i, h in enumerate([hits]):
                h.value += i  # lost
    """,
    "zip": """
        def work(hits, lock):
            for l, h in zip([lock], [hits]):
                h.value += 1  # lost
    """,
    "zip with its lock": """
        def work(hits, lock):
            for l, h in zip([lock], [hits]):
                with l:
                    h.value += 1
    """,
    "a dict's values": """
        def work(hits, lock):
            for h in {'a': hits}.values():
                h.value += 1  # lost
    """,
    "a dict's items": """
        def work(hits, lock):
            for k, h in {'a': hits}.items():
                h.value += 1  # lost
    """,
    "getattr": """
        class C: pass
        def work(hits, lock):
            c = C()
            c.h = hits
            getattr(c, 'h').value += 1  # lost
    """,
    "setdefault": """
        def work(hits, lock):
            d = {}
            d.setdefault('a', hits).value += 1  # lost
    """,
    "a defaultdict": """
        from collections import defaultdict
        def work(hits, lock):
            d = defaultdict(list)
            d['a'].append(hits)
            d['a'][0].value += 1  # lost
    """,
    "a deque": """
        from collections import deque
        def work(hits, lock):
            d = deque([hits])
            d[0].value += 1  # lost
    """,
    "a SimpleNamespace": """
        from types import SimpleNamespace
        def work(hits, lock):
            n = SimpleNamespace(h=hits)
            n.h.value += 1  # lost
    """,
    "slots": """
        class C:
            __slots__ = ('h',)
            def __init__(self, h): self.h = h
        def work(hits, lock):
            C(hits).h.value += 1  # lost
    """,
    "a cached property": """
        from functools import cached_property
        class C:
            def __init__(self, h): self._h = h
            @cached_property
            def h(self): return self._h
        def work(hits, lock):
            C(hits).h.value += 1  # lost
    """,
    "a classmethod that makes the object": """
        class C:
            def __init__(self, h): self.h = h
            @classmethod
            def make(cls, h): return cls(h)
            @staticmethod
            def bump(h): h.value += 1  # lost
        def work(hits, lock):
            c = C.make(hits)
            c.h.value += 1  # lost
            C.bump(hits)
    """,
    "a generator": """
        def g(h):
            yield h
        def work(hits, lock):
            for h in g(hits):
                h.value += 1  # lost
            next(g(hits)).value += 1  # lost
    """,
    "map": """
        def inc(h):
            h.value += 1  # lost
        def work(hits, lock):
            list(map(inc, [hits]))
    """,
    "sorted": """
        def work(hits, lock):
            sorted([hits], key=lambda h: h.value)[0].value += 1  # lost
    """,
    "a __getitem__": """
        class C:
            def __init__(self, h): self.h = h
            def __getitem__(self, n): return self.h
        def work(hits, lock):
            C(hits)[0].value += 1  # lost
    """,
    "an __enter__ that returns it": """
        class Tot:
            def __init__(self, h): self.h = h
            def __enter__(self): return self.h
            def __exit__(self, *e): pass
        def work(hits, lock):
            with Tot(hits) as h:
                h.value += 1  # lost
    """,
    "an `or`": """
        def work(hits, lock):
            h = hits or None
            h.value += 1  # lost
    """,
}
CARRIERS_NOT_YET = {
    "a defaultdict",
    "a __getitem__",
}


@pytest.mark.parametrize("name", each(BODIES, BODIES_NOT_YET))
def test_an_update_is_lost_or_not_with(name):
    """The lost updates are found, and nothing else."""
    text = dedent(BODIES[name]) + _MAIN
    assert reported(text) == lost(text)


@pytest.mark.parametrize("name", each(CARRIERS, CARRIERS_NOT_YET))
def test_an_object_comes_back_from(name):
    """The lost updates are found, and nothing else."""
    text = dedent(CARRIERS[name]) + _MAIN
    assert reported(text) == lost(text)
