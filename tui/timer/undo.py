"""Files that are as before where what they were written for fails."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tui.atomic_file import replace_file
from tui.regular_file import read_regular

_LARGEST = 1 << 20
"""Bytes of a unit, a credential or an environment file."""


@contextmanager
def restored_on_failure(*paths: Path) -> Iterator[None]:
    """Put each file back as it was, or remove it where there was none, if the work inside raises."""
    before = {path: _content(path) for path in paths}
    try:
        yield
    except BaseException:
        for path, data in before.items():
            with suppress(OSError):
                if data is None:
                    path.unlink(missing_ok=True)
                elif _content(path) != data:
                    replace_file(path, data)
        raise


def _content(path: Path) -> bytes | None:
    try:
        return read_regular(path, _LARGEST)[0]
    except OSError:
        return None
