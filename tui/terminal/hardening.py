"""Keeps the memory of this process, which holds secrets, out of core dumps and other processes' sight."""

from collections.abc import MutableMapping
from dataclasses import dataclass

_TELL_TALES = "TEXTUAL"
_PR_SET_DUMPABLE = 4


@dataclass(frozen=True, slots=True)
class Hardened:
    """What the platform allowed; for `igauth doctor`."""

    no_core_file: bool
    not_dumpable: bool


def harden_process() -> Hardened:
    """Forbid core dumps of this process and its children, and reading its memory by others. Never raises."""
    return Hardened(_forbid_core_files(), _forbid_dumping())


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


def _forbid_dumping() -> bool:
    """A core limit of 0 does not bind a core_pattern that pipes to a program; this flag does (Linux)."""
    try:
        import ctypes

        return bool(ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
    except (ImportError, OSError, AttributeError):
        return False
