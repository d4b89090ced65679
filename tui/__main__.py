"""`igauth`, and `python -m tui`: opens the screen where there are no arguments, else reads the command line."""

import os
import sys
from typing import NoReturn

from tui.process import prepare


def main() -> NoReturn:
    """The console script."""
    prepare()
    if len(sys.argv) == 1 and "_IGAUTH_COMPLETE" not in os.environ:  # a shell asks for completions by that
        sys.exit(_open())
    from tui.cli import run

    status = run()
    if not any(name.startswith("tui.commands.") for name in sys.modules):
        os._exit(status)  # `--help`, `--version`: all is flushed, and the usual exit takes a tenth of the time
    sys.exit(status)


def _open() -> int:
    """Open igauth without click, which takes as long to load as the store."""
    try:
        from tui.commands.screen import open_interactive

        status = open_interactive(None)
        sys.stdout.flush()
    except BaseException as error:
        from tui.cli import report

        return report(error)
    return status


if __name__ == "__main__":
    main()
