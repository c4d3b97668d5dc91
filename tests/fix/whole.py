"""Whole projects in a folder, fixed as a user would."""

from __future__ import annotations

from textwrap import dedent

from lintvalue.model.settings import Options
from lintvalue.run.fix import fix

TAIL = """

if __name__ == "__main__":
    workers = [Process(target=work, args=({args})) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
"""


def mended(folder, files, *, unsafe=False, **settings):
    """The files after a fix, one text as one text, and the reasons for what is left."""
    named = {"app.py": files} if isinstance(files, str) else files
    for name, text in named.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    options = Options(tuple(settings.items()), isolated=True, jobs=1)
    outcome = fix([str(folder)], options, unsafe=unsafe)
    after = {name: (folder / name).read_text() for name in named}
    reasons = [one.reason for one in outcome.declined]
    return (after["app.py"] if isinstance(files, str) else after), reasons
