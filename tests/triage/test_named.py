"""A name that is given to a small function may mean another one where it is called."""

from __future__ import annotations

import pytest
from cases import findings_in

from lintvalue.model.source import Source

HEAD = """\
from multiprocessing import Process, Value
from types import SimpleNamespace

def wrap(function):
    def inner(*given):
        print("nothing")
    return inner

def other(function):
    def inner(*given):
        return function(*given)
    return inner

def step(made):
    made.value += 1

class Entered:
    def __init__(self, given):
        self.given = given

    def __enter__(self):
        return self.given

    def __exit__(self, *error):
        pass
"""
TAIL = """
def main():
    made = Value("i", 0)
    for _ in range(4):
        Process(target=work, args=(made,)).start()
"""
CALLED = """
def work(made):
    wrap(step)(made)
"""
OTHERS = {"others.py": "def wrap(function):\n    return function\n"}
FOUND = {
    "a parameter": """
def use(wrap, made):
    wrap(step)(made)

def work(made):
    use(other, made)
""",
    "a parameter with a default": """
def use(made, wrap=other):
    wrap(step)(made)

def work(made):
    use(made)
""",
    "one of two, the other of which is Python's own": """
def work(made):
    if made:
        wrap = other
    else:
        wrap = print
    wrap(step)(made)
""",
    "an assignment in an expression": """
def work(made):
    if wrap := other:
        wrap(step)(made)
""",
    "a loop's": """
def work(made):
    for wrap in [other]:
        wrap(step)(made)
""",
    "a comprehension's": """
def work(made):
    [wrap(step)(made) for wrap in [other]]
""",
    "a lambda's": """
def work(made):
    (lambda wrap: wrap(step)(made))(other)
""",
    "what an object of the project's gives as it is entered": """
def work(made):
    with Entered(other) as wrap:
        wrap(step)(made)
""",
    "an import in a function": """
def work(made):
    from others import wrap
    wrap(step)(made)
""",
    "an import later on": "\nfrom others import wrap\n" + CALLED,
    "an import of all names later on": "\nfrom others import *\n" + CALLED,
    "another definition of the name": "\ndef wrap(function):\n    return function\n" + CALLED,
    "another definition, if something is so": """
if input():
    def wrap(function):
        return function
"""
    + CALLED,
    "a global that a function changes": """
def change():
    global wrap
    wrap = other

def work(made):
    change()
    wrap(step)(made)
""",
    "a global that a function defines": """
def change():
    global wrap
    def wrap(function):
        return function

def work(made):
    change()
    wrap(step)(made)
""",
    "what a decorator makes of it": """
def change(function):
    return other

wrap = change(wrap)
"""
    + CALLED,
    "what a class has under the name": """
class Kept:
    wrap = other

def work(made):
    Kept.wrap(step)(made)
""",
    "what is given by the name": """
def work(made):
    SimpleNamespace(wrap=other).wrap(step)(made)
""",
    "what is given by the name, in a dictionary": """
def use(made, wrap=wrap):
    wrap(step)(made)

def work(made):
    use(**{"wrap": other, "made": made})
""",
    "a method of the name, one class below": """
class Above:
    def wrap(self, function):
        return print

class Below(Above):
    def wrap(self, function):
        return function

def work(made):
    use(Below(), made)

def use(one, made):
    one.wrap(step)(made)
""",
    "a function of the name that one of Python's has": """
def hash(made):
    made.value += 1

def work(made):
    hash(made)
""",
    "a function of the name that one of Python's has, defined later": """
def work(made):
    hash(made)

def hash(made):
    made.value += 1
""",
}


@pytest.mark.parametrize("name", FOUND)
def test_a_name_means_what_it_was_bound_to_last(name):
    texts = {"main.py": HEAD + FOUND[name] + TAIL, **OTHERS}
    assert findings_in(tuple(Source(path, text) for path, text in texts.items()))


def test_a_name_of_a_module_means_what_another_one_puts_there():
    changes = "import main\n\nmain.wrap = main.other\n"
    texts = {"main.py": HEAD + CALLED + TAIL, "changing.py": changes}
    assert findings_in(tuple(Source(path, text) for path, text in texts.items()))
