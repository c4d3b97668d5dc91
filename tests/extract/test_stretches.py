"""Nodes stand where LibCST's own provider says."""

from __future__ import annotations

import inspect
import multiprocessing.managers
import textwrap

import libcst as cst
import pytest
from cases import all_cases
from libcst.metadata import MetadataWrapper, PositionProvider

from lintvalue.extract.stretches import stretches

ODD = {
    "nothing": "",
    "no last line end": "x = 1",
    "blanks alone": "\n\n  \n# end",
    "other line ends": "x = (1,\r\n  2)\rif x:\r\n\ty = '''a\r\nb'''\r",
    "lines that go on": "x = 1 + \\\n  2\nwith (a as b, # c\n  d): pass\n",
    "brackets": "((a)) = [ ( b ) , *( c ) ][ ( 1 ) : 2 , ... ]\n",
    "a decorator and defaults": "@ ( d )\nasync def f(a, /, b=(1), *c, d: int = 2, **e) -> (int): ...\n",
    "a match": "match (x):\n  case {'a': [b, *_], **c} if (d): pass\n  case A(b=1) | None: pass\n",
    "a try": "try: pass\nexcept* (A) as b: pass\nelse:\n  pass\nfinally: x ; y ;\n",
    "a string of parts": 'f\'{a!r:>{b}} {c = }\' \'d\' """\ne"""\n',
    "a class of types": "class A[T: (int, str)](B, metaclass=C):\n    x: int = 1\n",
}
TEXTS = {
    **ODD,
    "managers": inspect.getsource(multiprocessing.managers),
    "textwrap": inspect.getsource(textwrap),
    **{f"{case} {one.path}": one.text for case in all_cases() for one in case.sources},
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_all_nodes_stand_where_libcst_says(text):
    module = cst.parse_module(text)
    ours = stretches(module)
    theirs = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    assert theirs
    for node, at in theirs.items():
        expected = (at.start.line, at.start.column, at.end.line, at.end.column)
        assert node is module or ours[id(node)] == expected
