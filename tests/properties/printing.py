"""Small programs as Python, in the forms in which people write them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from properties.language import (
    CELLS,
    CHANCE,
    CONDITION,
    LOCALS,
    OBJECTS,
    Call,
    Expression,
    For,
    Hold,
    If,
    Leave,
    Program,
    Set,
    Statement,
    Store,
    Wait,
    While,
    falls_through,
)

_IMPORTS = """\
from multiprocessing import Condition, Lock, Process, Value
from random import randrange

"""
_MAKE = """

if __name__ == "__main__":
    {hits}, {done} = Value("i", 0), Value("i", 0)
    {lock}, {turn} = Lock(), Condition()
"""
_RUN = """\
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
"""


@dataclass(frozen=True)
class Printed:
    """Texts by path, and the file and the row in which each statement stands."""

    texts: dict[str, str]
    places: dict[Statement, tuple[str, int]]

    def __repr__(self) -> str:
        return "\n".join(f"\n{path}:\n{text}" for path, text in self.texts.items())


@dataclass(frozen=True)
class Style:
    """How to write what means the same: names, comments, methods, functions in a module of their own."""

    names: dict[str, str] = field(
        default_factory=lambda: {name: name for name in (*OBJECTS, *LOCALS)}
    )
    comments: bool = False
    methods: bool = False
    modules: bool = False


@dataclass(frozen=True)
class _Scope:
    """The rows written to, how far in, and the locks that have to be given back on the way out."""

    rows: list[tuple[str, Statement | None]]
    indent: int = 1
    taken: tuple[str, ...] = ()
    taken_outside_loop: int = 0


def printed(program: Program, style: Style | None = None) -> Printed:
    return _Printer(program, style or Style()).printed()


class _Printer:
    def __init__(self, program: Program, style: Style) -> None:
        self.program = program
        self.style = style
        self.helpers: list[tuple[str, Statement | None]] = []
        self.calls = 0

    # Files

    def printed(self) -> Printed:
        different = dict.fromkeys(self.program.bodies)
        workers = [
            row for number, body in enumerate(different) for row in self.worker(number, body)
        ]
        functions = [*self.helpers, *workers]
        main = self.main(len(different))
        if self.style.methods:
            functions = [*_rows(self.class_head()), *[_indented(row) for row in functions]]
        imports, main = _rows(_IMPORTS), _rows(main)
        if not self.style.modules:
            return _assembled({"app.py": [*imports, *functions, *main]})
        names = (
            "Worker"
            if self.style.methods
            else ", ".join(f"work_{n}" for n in range(len(different)))
        )
        link = _rows(f"from tasks import {names}\n")
        return _assembled(
            {"app.py": [*imports[:-1], *link, *main], "tasks.py": [*imports, *functions]}
        )

    def class_head(self):
        names = [self.style.names[name] for name in OBJECTS]
        stores = "".join(f"        self.{name} = {name}\n" for name in names)
        return f"\nclass Worker:\n    def __init__(self, {', '.join(names)}):\n{stores}"

    def main(self, different: int) -> str:
        names = self.style.names
        given = ", ".join(names[name] for name in OBJECTS)
        text, args = _MAKE.format(**names), f", args=({given})"
        prefix = ""
        if self.style.methods:
            text += f"    worker = Worker({given})\n"
            prefix, args = "worker.", ""
        if different == 1 and self.program.shape % 2:
            made = f"[Process(target={prefix}work_0{args}) for _ in range(2)]"
        else:
            targets = [f"Process(target={prefix}work_{n % different}{args})" for n in range(2)]
            made = f"[{', '.join(targets)}]"
        return f"{text}    workers = {made}\n{_RUN}"

    # Functions

    def worker(self, number, body):
        x, y = (self.style.names[name] for name in LOCALS)
        rows = self.head(f"work_{number}", ())
        rows.append((f"    {x}, {y} = randrange(9), randrange(9)", None))
        self.block(_Scope(rows), body)
        return rows

    def head(self, name, locals_):
        objects = ("self",) if self.style.methods else tuple(self.style.names[n] for n in OBJECTS)
        given = ", ".join((*objects, *(self.style.names[n] for n in locals_)))
        return [("", None), (f"def {name}({given}):", None)]

    def call(self, scope, statement):
        self.calls += 1
        name = f"helper_{self.calls}"
        rows = self.head(name, LOCALS)
        self.block(_Scope(rows), statement.body, empty=statement.result is None)
        if statement.result is not None:
            rows.append((f"    return {self.expression(statement.result)}", None))
        self.helpers += rows
        objects = () if self.style.methods else OBJECTS
        given = ", ".join(self.style.names[n] for n in (*objects, *LOCALS))
        target = f"{self.style.names[statement.target]} = " if statement.target else ""
        callee = f"self.{name}" if self.style.methods else name
        self.row(scope, f"{target}{callee}({given})", statement)

    # Statements

    def row(self, scope, text, statement=None):
        if self.style.comments and statement:
            scope.rows.append(
                ("    " * scope.indent + "# what comes next is what comes next", None)
            )
            text += "  # and this is it"
        scope.rows.append(("    " * scope.indent + text, statement))

    def block(self, scope, body, *, empty=True):
        for statement in body:
            self.statement(scope, statement)
        if not body and empty:
            self.row(scope, "pass")

    def statement(self, scope, statement):
        match statement:
            case If() | While() | For():
                self.compound(scope, statement)
            case Hold():
                self.hold(scope, statement)
            case Leave():
                self.leave(scope, statement)
            case Call():
                self.call(scope, statement)
            case _:
                self.row(scope, self.simple(statement), statement)

    def simple(self, statement):
        match statement:
            case Set():
                return f"{self.style.names[statement.local]} = {self.expression(statement.value)}"
            case Store():
                operator = "+=" if statement.augmented else "="
                return f"{self.cell(statement.cell)} {operator} {self.expression(statement.value)}"
            case Wait():
                return f"{self.object(CONDITION)}.wait()"

    def compound(self, scope, statement):
        match statement:
            case If():
                self.row(scope, f"if {self.test(statement.test)}:", statement)
                self.block(_inside(scope), statement.body)
                if statement.orelse:
                    self.row(scope, "else:")
                    self.block(_inside(scope), statement.orelse)
            case While():
                self.row(scope, f"while {self.test(statement.test)}:", statement)
                self.block(_looping(scope), statement.body)
            case For():
                self.row(scope, "for _ in range(randrange(9)):", statement)
                self.block(_looping(scope), statement.body)

    def hold(self, scope, statement):
        lock = self.object(statement.lock)
        if statement.lock in CELLS and statement.shape % 2:
            lock += ".get_lock()"
        if statement.shape < 2:
            self.row(scope, f"with {lock}:", statement)
            self.block(_inside(scope), statement.body)
        elif self.program.shape < 2:
            self.row(scope, f"{lock}.acquire()", statement)
            self.row(scope, "try:")
            self.block(_inside(scope), statement.body)
            self.row(scope, "finally:")
            self.row(_inside(scope), f"{lock}.release()")
        else:
            self.row(scope, f"{lock}.acquire()", statement)
            taken = replace(scope, taken=(*scope.taken, lock))
            self.block(taken, statement.body, empty=False)
            if falls_through(statement.body):
                self.row(scope, f"{lock}.release()")

    def leave(self, scope, statement):
        stays = scope.taken_outside_loop if statement.kind in {"break", "continue"} else 0
        value = f" {self.expression(statement.value)}" if statement.value else ""
        if value and scope.taken[stays:]:
            self.row(scope, f"result ={value}", statement)
            value = " result"
        for lock in reversed(scope.taken[stays:]):
            self.row(scope, f"{lock}.release()")
        error = " ValueError" if statement.kind == "raise" else ""
        self.row(scope, f"{statement.kind}{value}{error}", statement)

    # Expressions

    def object(self, name):
        return f"self.{self.style.names[name]}" if self.style.methods else self.style.names[name]

    def cell(self, name):
        return f"{self.object(name)}.value"

    def atom(self, name):
        if name in CELLS:
            return self.cell(name)
        return "randrange(9)" if name == CHANCE else self.style.names[name]

    def expression(self, value: Expression) -> str:
        atoms = [self.atom(name) for name in value.atoms]
        if value.shape == 1:
            return f"max({', '.join(atoms)}, 3)"
        if value.shape == 2:
            return f"{' * '.join(atoms)} + 1"
        return " + ".join(atoms)

    def test(self, value: Expression) -> str:
        atoms = [self.atom(name) for name in value.atoms]
        if len(atoms) == 2:
            return (" == ", " < ", " != ", " >= ")[value.shape].join(atoms)
        return (f"{atoms[0]} < 5", f"{atoms[0]}", f"not {atoms[0]}", f"5 > {atoms[0]}")[value.shape]


def _inside(scope):
    return replace(scope, indent=scope.indent + 1)


def _looping(scope):
    return replace(_inside(scope), taken_outside_loop=len(scope.taken))


def _rows(text):
    return [(row, None) for row in text.split("\n")[:-1]]


def _indented(row):
    text, statement = row
    return (f"    {text}" if text else text), statement


def _assembled(files):
    texts = {path: "".join(f"{text}\n" for text, _ in rows) for path, rows in files.items()}
    places = {}
    for path, rows in files.items():
        for number, (_, statement) in enumerate(rows, start=1):
            if statement is not None:
                places[statement] = (path, number)
    return Printed(texts, places)
