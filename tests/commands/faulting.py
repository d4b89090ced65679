"""igauth that crashes at the first moment it holds a secret: `python -m tests.commands.faulting COMMAND`. Not a test.

With FAULT=unlimited no limit of core files can be set: a core_pattern that pipes to a program ignores it.
"""

import os
import resource
import signal
from typing import Any

from tui import redact
from tui.__main__ import main
from tui.credentials import piped

_init, _read_piped = redact.Secret.__init__, piped.read_piped


def _crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _crashing_init(secret: redact.Secret, value: str) -> None:
    _init(secret, value)
    if value:
        _crash()


def _crashing_read(data: bytes) -> Any:
    read = _read_piped(data)
    if read.text:
        _crash()
    return read


if __name__ == "__main__":
    if os.environ.get("FAULT") == "unlimited":
        resource.setrlimit = lambda *_: None
    setattr(redact.Secret, "__init__", _crashing_init)  # noqa: B010 - mypy forbids assigning to a method
    piped.read_piped = _crashing_read
    main()
