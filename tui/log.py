"""The log of `--log FILE` and `--verbose`: requests, the vault, refreshes, timers. It never contains a secret."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging

_logger: "logging.Logger | None" = None


def log(message: str, *facts: object) -> None:
    """Write one line, formatted with `%` as in `logging`, if a log was started."""
    if _logger is not None:
        _logger.info(message, *facts)


def start_log(file: str | None, verbose: bool) -> None:
    """Append to a file, private where it is new, and with `verbose` write to stderr. Raises OSError."""
    global _logger
    import logging  # takes 5 ms; igauth without a log does not load it
    import time

    from tui.harmless import harmless
    from tui.redact import redact

    def clean(record: logging.LogRecord) -> bool:
        record.msg, record.args = harmless(redact(record.getMessage())), ()
        return True

    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)] if verbose else []
    if file:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o600))  # a pipe would wait
        handlers.append(logging.FileHandler(file, encoding="utf-8"))
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(process)d %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    _logger = logging.getLogger("igauth")
    _logger.setLevel(logging.INFO)
    _logger.propagate = False
    _logger.addFilter(clean)
    for handler in handlers:
        handler.setFormatter(formatter)
        _logger.addHandler(handler)


def stop_log() -> None:
    """Close what `start_log` opened."""
    global _logger
    if _logger is None:
        return
    for handler in list(_logger.handlers):
        _logger.removeHandler(handler)
        handler.close()
    _logger.filters.clear()
    _logger = None
