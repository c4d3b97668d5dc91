"""Functions, classes and imports, read into the sketch of one file."""

from __future__ import annotations

import _ast as a
from typing import TYPE_CHECKING

from lintvalue.model.lean import replace
from lintvalue.model.library import is_foreign, is_library
from lintvalue.triage.expressions import Expressions
from lintvalue.triage.plain import Plain
from lintvalue.triage.scope import ClassScope, Scope
from lintvalue.triage.sketch import Borrowed, Class, Function, Wrapper
from lintvalue.triage.slots import (
    ANY_WAY,
    IMPORTED,
    LIBRARY_ITSELF,
    NONE,
    STORES,
    exported,
    literal,
    member,
    numbered,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lintvalue.triage.sketch import Sketch
    from lintvalue.triage.slots import Slot, Slots

    # The file that a dotted name means, if it is one of the project's.
    Own = Callable[[str], str | None]

ONLY_AST = 0x400  # ast.PyCFONLY_AST, without the module that it is in


class Definitions(Expressions):
    """Reads what gives things their names."""

    def __init__(self, sketch: Sketch, scope: Scope, numbers: Iterator[int], own: Own) -> None:
        super().__init__(sketch, scope, numbers)
        self._own_file = own
        self._own = ""  # the class that is being read
        self.stored: set[str] = set()  # attributes that are set in it

    def block(self, statements: Sequence[a.stmt]) -> None:
        """Read one statement after the other."""
        raise NotImplementedError

    def annotation(self, node: a.expr | None) -> Slots:
        """What an annotation says something to be; written out or as a string."""
        if node is None:
            return NONE
        found: list[Slot] = []
        for one in walk(node):
            match one:
                case a.Name() | a.Attribute():
                    found.extend(self.read(one))
                case a.Constant(value=str(text)):
                    found.extend(self._quoted(text))
        if not found:
            return NONE
        slot = self.move(tuple(found), ANY_WAY)
        self.sketch.makes.append((tuple(found), slot))
        return (slot,)

    def _quoted(self, text: str) -> Slots:
        try:
            tree = compile(text, "annotation", "eval", ONLY_AST, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return NONE
        return self.annotation(tree.body)

    # Definitions

    def function(self, node: a.FunctionDef | a.AsyncFunctionDef) -> None:
        plain = self._name_of(node)
        slot = self.define(plain)
        number = next(self.numbers)
        before = self.sketch.sizes() if self._is_wrapper(node) else None
        name = member(self._own, plain) if self._own else numbered(plain, number)
        self.sketch.names.append((slot, name))
        for one in node.decorator_list:
            self._decorate(one, slot, plain, name)
        self.flow(self.annotation(node.returns), (result(name),))
        self.inside(name, node.args, self._own, lambda: self._body(node.body))
        if before is not None:
            wrapper = Wrapper(name, number, next(self.numbers), before, self.sketch.sizes())
            self.sketch.wrappers.append(wrapper)

    def _is_wrapper(self, node: a.FunctionDef | a.AsyncFunctionDef) -> bool:
        """Whether a function may give back one of its own."""
        inner = (a.FunctionDef, a.AsyncFunctionDef, a.Return)
        return not (self._own or node.decorator_list) and any(
            isinstance(one, inner) and not _is_plain_return(one) for one in node.body
        )

    def _name_of(self, node: a.FunctionDef | a.AsyncFunctionDef) -> str:
        """A setter has a name of its own: it is called by what stores into an attribute."""
        for one in node.decorator_list:
            match one:
                case a.Attribute(value=value, attr="setter"):
                    if _last(value) != node.name:
                        self.sketch.doubt = True  # its getter has another name
                    return node.name + STORES
        return node.name

    def define(self, name: str) -> Slot:
        self.plain.rebind(name)
        if self.class_scope is not None:
            self.class_scope.names.add(name)
            return self.class_scope.slot(name)
        return self.scope.define(name)

    def _decorate(self, node: a.expr, slot: Slot, name: str, whole: str) -> None:
        """A decorator is called with the function; a property is read as what it returns."""
        decorated = a.Call(func=node, args=[a.Name(id=name, ctx=a.Load())], keywords=[])
        slots = self.read(decorated)
        self.flow((*slots, result(whole)), (slot,))
        self.sketch.properties.add(whole)

    def _body(self, statements: Sequence[a.stmt]) -> Slots:
        self.block(statements)
        return NONE

    def inside(
        self, name: str, arguments: a.arguments, owner: str, read: Callable[[], Slots]
    ) -> Slots:
        scope = Scope(next(self.numbers), name, self.scope, owner or self.scope.owner)
        index = len(self.sketch.functions)  # defaults may have functions, too
        self._parameters(scope, name, arguments, owner)
        if self.scope.parent is not None and not owner:
            self.sketch.nested.append((self.scope.function, name))
        kept = self.scope, self.class_scope, self.guards, self.held, self._own, self.decided
        plain, self.plain = self.plain, Plain()
        self.scope, self.class_scope, self.guards, self.held, self._own = scope, None, [], [], ""
        self.decided = set()
        slots = read()
        self.sketch.functions[index] = replace(self.sketch.functions[index], end=next(self.numbers))
        self.scope, self.class_scope, self.guards, self.held, self._own, self.decided = kept
        self.plain = plain
        self.sketch.flows.extend(scope.flows())
        self.sketch.joint.extend(scope.joined())
        self.sketch.doubt |= scope.misled()
        self.sketch.deceived |= scope.renames()
        return slots

    def _parameters(self, scope: Scope, name: str, arguments: a.arguments, owner: str) -> None:
        decorated = name in self.sketch.properties
        function = parameters(name, scope.number, arguments, owner, decorated=decorated)
        self.sketch.functions.append(function)
        if name.endswith(STORES):
            given = ((scope.number, one) for one in function.parameters)
            self.flow((name.removesuffix(STORES),), given)
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        for one in (*every, arguments.vararg, arguments.kwarg):
            if one is not None:
                if decorated or one.arg in function.parameters:
                    scope.parameters.add(one.arg)
                self.flow(self.annotation(one.annotation), (scope.assign(one.arg),))
        self._defaults(scope, arguments)

    def _defaults(self, scope: Scope, arguments: a.arguments) -> None:
        """What a function has by default is made where it is defined."""
        plain = (*arguments.posonlyargs, *arguments.args)
        first = len(plain) - len(arguments.defaults)
        pairs = [
            *zip(plain[first:], arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        for one, default in pairs:
            slots = self.read(default)
            self.sketch.everywhere.append(slots)
            self.flow(slots, (scope.slot(one.arg),))
        if pairs and self.scope.parent is None:
            self.sketch.bodies.append((scope.number, next(self.numbers)))

    def class_(self, node: a.ClassDef) -> None:
        slot = self.define(node.name)
        self.sketch.names.append((slot, node.name))
        bases = [(one, self.read(one)) for one in node.bases]
        for _, slots in bases:
            self.flow(slots, (result(node.name),))
            self.sketch.makes.append((slots, result(node.name)))
        for one in (*(keyword.value for keyword in node.keywords), *node.decorator_list):
            self.read(one)
        kept = self.class_scope, self._own, self.stored
        self.class_scope, self._own, self.stored = ClassScope(node.name), node.name, set()
        start = next(self.numbers)
        self.plain.forget()
        self.block(node.body)
        self.plain.forget()
        if self.scope.parent is not None:
            self.sketch.bodies.append((start, next(self.numbers)))
        scope, stored = self.class_scope, frozenset(self.stored)
        self.class_scope, self._own, self.stored = kept
        self._describe(node, bases, scope, stored)

    def _describe(
        self,
        node: a.ClassDef,
        bases: Sequence[tuple[a.expr, Slots]],
        scope: ClassScope,
        stored: frozenset[str],
    ) -> None:
        functions = (a.FunctionDef, a.AsyncFunctionDef)
        methods = frozenset(one.name for one in node.body if isinstance(one, functions))
        fields = tuple(
            one.target.id
            for one in node.body
            if isinstance(one, a.AnnAssign) and isinstance(one.target, a.Name)
        )
        names = tuple(self.meant(_last(one)) for one, _ in bases)
        self.sketch.classes.append(
            Class(node.name, names, fields, stored, methods, frozenset(scope.names))
        )
        self.sketch.members.update((node.name, name) for name in scope.names)
        plain = scope.names - methods - set(fields)
        self.sketch.everywhere.extend((scope.slot(name),) for name in plain)
        if any(name.endswith("Process") for name in names):
            self.sketch.starts = True

    # Imports

    def import_(self, node: a.Import) -> None:
        for one in node.names:
            name = one.asname or one.name.partition(".")[0]
            slot = self.define(name)
            if one.name == "math":
                self.math.add(name)
            own = self._own_file(one.name)
            if own:
                self.sketch.modules.append(slot)
                self.sketch.borrowed.append(Borrowed(slot, own, frozenset({name})))
            else:
                foreign = not is_library(one.name)
                self.sketch.foreign.extend((slot,) if foreign else ())
                self.flow(() if foreign else (LIBRARY_ITSELF,), (slot,))

    def import_from(self, node: a.ImportFrom) -> None:
        module = node.module or ""
        if is_foreign(module) and not node.level:
            self.sketch.foreign.extend(self._meant(one) for one in node.names)
            if module == "math":
                self.math.update(one.asname or one.name for one in node.names)
            return
        dotted = "." * node.level + module
        around = self._own_file(dotted) or ""
        library = is_library(module) and not around
        for one in node.names:
            self._import_name(dotted, around, one, library=library)

    def _import_name(self, module: str, around: str, one: a.alias, *, library: bool) -> None:
        if one.name == "*":
            self.scope.module().star = True
            self.scope.module().hidden |= self._definitions()
            self.scope.module().library_star |= library
            return
        slot = self._meant(one)
        joint = "" if module.endswith(".") else "."
        own = self._own_file(f"{module}{joint}{one.name}")
        if library and one.name in IMPORTED:
            self.flow((literal(one.name),), (slot,))
        elif own:
            self.sketch.modules.append(slot)
        elif is_library(one.name):
            self.flow((LIBRARY_ITSELF,), (slot,))
        self.flow((exported(one.name),), (slot,))
        if not library:
            names = frozenset({one.name, one.asname or one.name})
            self.sketch.borrowed.append(Borrowed(slot, own or around, names))

    def _definitions(self) -> set[str]:
        """The functions and classes of the module so far."""
        number = self.scope.module().number
        return {slot[1] for slot, _ in self.sketch.names if slot[0] == number}

    def _meant(self, one: a.alias) -> Slot:
        """The slot of an imported name."""
        local = one.asname or one.name
        self.scope.imported[local] = one.name
        self.note(one.name)
        return self.define(local)

    def global_(self, node: a.Global) -> None:
        module = self.scope.module()
        for name in node.names:
            self.scope.declared[name] = module
            module.assign(name)

    def nonlocal_(self, node: a.Nonlocal) -> None:
        if self.scope.parent is not None:
            self.scope.declared.update(dict.fromkeys(node.names, self.scope.parent))


def parameters(
    name: str, scope: int, arguments: a.arguments, owner: str, *, decorated: bool
) -> Function:
    positional = tuple(one.arg for one in (*arguments.posonlyargs, *arguments.args))
    named = tuple(one.arg for one in arguments.kwonlyargs)
    spread = arguments.vararg.arg if arguments.vararg is not None else ""
    more = arguments.kwarg.arg if arguments.kwarg is not None else ""
    return Function(name, scope, positional, named, spread, more, owner, decorated)


def walk(node: a.AST) -> Iterator[a.AST]:
    """A node and all that is in it."""
    pending = [node]
    while pending:
        one = pending.pop()
        yield one
        for value in one.__dict__.values():
            parts = value if type(value) is list else (value,)
            pending.extend(part for part in parts if isinstance(part, a.AST))


def _last(node: a.expr) -> str:
    match node:
        case a.Attribute(attr=name) | a.Name(id=name):
            return name
        case a.Subscript(value=value):
            return _last(value)
    return ""


def _is_plain_return(node: a.stmt) -> bool:
    return isinstance(node, a.Return) and not isinstance(node.value, a.Lambda)
