"""igauth with every log at its loudest: `python -m tests.promises.verbose LOG_FILE ARGUMENTS...`. Not a test itself.

What a person would set up to find a fault: the root logger at DEBUG into a file, asyncio's debug mode, and
httpx and httpcore asked to tell everything before igauth gets to say otherwise.
"""

import logging
import sys


def main() -> None:
    """Set the logs up, then be igauth."""
    log_file, *arguments = sys.argv[1:]
    logging.basicConfig(filename=log_file, level=logging.DEBUG, format="%(name)s %(levelname)s %(message)s %(args)s")
    for name in ("httpx", "httpcore", "asyncio", "keyring", "textual", "uvicorn"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger("verbose").debug("began")
    sys.argv = ["igauth", *arguments]
    from tui.__main__ import main as igauth

    igauth()


if __name__ == "__main__":
    main()
