"""`python -m lintvalue`, and the installed command."""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    # The folder that is checked must not lend its modules to the checker: an `ast.py` in it would run.
    del sys.path[0]

from lintvalue.cli import main

if __name__ == "__main__":
    sys.exit(main())
