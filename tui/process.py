"""Prepares memory, streams and signals of the process, before anything is read or written."""

import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import NoReturn


class Ended(SystemExit):
    """A signal asked the process to end; the exit status is 128 plus its number."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)


USAGE = 64
"""Exit status of every usage or configuration error (docs/architecture.md, Contracts)."""


class Refused(Exception):
    """A command ends with this message on stderr, and with this exit status."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


_PR_SET_DUMPABLE = 4


def prepare() -> None:
    """Keep memory to this process, open closed streams, and let signals end igauth in order."""
    keep_memory_private()
    _open_closed_streams()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` stays in force
            signal.signal(number, _end)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a name from Facebook must not end a command


def keep_memory_private() -> None:
    """Forbid core files of this process and its children, and reading its memory by others. Never raises."""
    _forbid_dumping()
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def may_leave_core_file() -> bool:
    """Tell whether a core file of this process could be written."""
    try:
        import resource
    except ImportError:
        return True
    return resource.getrlimit(resource.RLIMIT_CORE)[0] != 0


def _forbid_dumping() -> None:
    """A core limit of 0 does not bind a core_pattern that pipes to a program; this flag does (Linux).

    All of ctypes would take as long to load as a twentieth of `igauth --version`; the module below it does not.
    """
    with suppress(ImportError, OSError, AttributeError):
        from _ctypes import call_function, dlopen, dlsym

        own = dlopen(None, 0)  # type: ignore[arg-type]  # None is this program
        call_function(dlsym(own, "prctl"), (_PR_SET_DUMPABLE, 0, 0, 0, 0))


def _open_closed_streams() -> None:
    """Open a closed stdin, stdout or stderr (`>&-`) on /dev/null, or the next file opened would get its number."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            os.set_inheritable(number, True)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - for the whole run


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    raise Ended(number)
