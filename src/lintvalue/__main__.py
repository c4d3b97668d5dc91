"""`python -m lintvalue`, and the installed command."""

import atexit
import gc
import os
import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    # The folder that is checked must not lend its modules to the checker: an `ast.py` in it would run.
    del sys.path[0]


def command() -> None:
    """The whole process: runs one command, and ends."""
    status = main()
    # To take apart what is left takes 7% of a run, and nobody waits for it but who asked to be called.
    if not atexit._ncallbacks() and "concurrent.futures" not in sys.modules:  # noqa: SLF001
        os._exit(status)
    sys.exit(status)


def main() -> int:
    """Runs one command. Where nothing can be found, next to nothing is loaded."""
    from lintvalue.sources.nothing import surely_clean  # noqa: PLC0415 - behind the line above

    if surely_clean(sys.argv[1:]):
        try:  # noqa: SIM105 - contextlib takes as long to load as all of this
            os.write(2, b"All checks passed!\n")
        except OSError:
            pass  # nobody can be told
        return 0
    from lintvalue.cli import main as whole  # noqa: PLC0415 - what follows takes several times as long

    # Trees and values are many and live to the end: looking for garbage among them is in vain.
    gc.set_threshold(100_000, 50, 100)
    return whole()


if __name__ == "__main__":
    command()
