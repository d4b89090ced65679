"""`igauth restore` that is killed before one SQL statement: `python -m tests.vault.cut_restore NUMBER ...`."""

import sys

from tests.vault.cut_child import kill_at_statement
from tui.__main__ import main

if __name__ == "__main__":
    kill_at_statement(int(sys.argv.pop(1)))
    main()
