"""Whether anything can be found in files at all, told from Python's own trees.

A tree of Python's costs an eighth of LibCST's, so that most projects that use the library without fault
never meet LibCST. What is told here is only yes or no: no fact that is reported comes from it, and every
doubt is a yes.
"""

from lintvalue.triage.asking import Doubt, doubt

__all__ = ["Doubt", "doubt"]
