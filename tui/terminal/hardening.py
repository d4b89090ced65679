"""Keeps the memory of this process, which holds secrets, out of core dumps and other processes' sight."""

from collections.abc import MutableMapping
from contextlib import suppress

_TELL_TALES = "TEXTUAL"
_PR_SET_DUMPABLE = 4


def harden_process() -> bool:
    """Forbid core dumps of this process and its children, and reading its memory by others. Never raises.

    Returns whether no core file can be written.
    """
    _forbid_dumping()
    return _forbid_core_files()


def forget_debugging(environ: MutableMapping[str, str]) -> None:
    """Take Textual's own switches out of `environ`; to be called before Textual is imported, which reads them then.

    TEXTUAL_LOG writes each key and paste to a file as it came, devtools send them on, TEXTUAL_SCREENSHOT paints
    what is revealed into a file.
    """
    for name in [name for name in environ if name == _TELL_TALES or name.startswith(f"{_TELL_TALES}_")]:
        del environ[name]


def _forbid_core_files() -> bool:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        return False
    return True


def _forbid_dumping() -> None:
    """A core limit of 0 does not bind a core_pattern that pipes to a program; this flag does (Linux)."""
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
