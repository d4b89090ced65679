"""What belongs to a pipe or a file and not to the value in it: its encoding, a byte order mark and one line end."""

from codecs import BOM_UTF8
from typing import NamedTuple

from tui.credentials.flaws import Flaw, FlawKind, Severity
from tui.text_encoding import utf_16_text


class Piped(NamedTuple):
    """A value, and the flaw that was fixed by reading it; None where there was none."""

    text: str
    fixed: Flaw | None = None


def read_piped(data: bytes) -> Piped:
    """Return the value in the bytes of a pipe or file, without its one final LF or CRLF.

    UTF-16, as PowerShell writes it, is read as what it is. Bytes that are not UTF-8 become lone surrogates.
    """
    if (text := utf_16_text(data)) is not None:
        return Piped(_without_line_end(text), Flaw(FlawKind.UTF_16, 0, 0, severity=Severity.NOTE))
    text = _without_line_end(data.removeprefix(BOM_UTF8).decode("utf-8", "surrogateescape"))
    has_mark = data.startswith(BOM_UTF8)
    return Piped(text, Flaw(FlawKind.BYTE_ORDER_MARK, 0, 0, severity=Severity.NOTE) if has_mark else None)


def _without_line_end(text: str) -> str:
    return text[:-2] if text.endswith("\r\n") else text.removesuffix("\n")
