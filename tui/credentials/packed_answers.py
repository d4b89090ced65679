"""Find the address that answers a login in the text that a program or another address has put around it."""

import re

from tui.credentials.unwrapping import Removed, Unwrapped, layers, readings

LONGEST = 64 * 1024
"""Characters of a pasted text that are read."""
_ADDRESS = re.compile(
    r"(?:https?://[A-Za-z0-9.-]+|(?<![\w./-])(?:localhost|www\.facebook\.com))(?::[0-9]+)?(?:/[A-Za-z0-9_\-.~%/]*)?[?#]"
    r"[A-Za-z0-9_\-.~%+/=&:]*\b(?:code|access_token)=[A-Za-z0-9_\-.~%+/=:&]+(?P<ending>#_=_)?"
)
_STATE = re.compile(r"[?#&]state=.")
_MARKS = {Removed.LINE_PREFIXES, Removed.MAIL_ENCODING, Removed.BORDERS}
_BEHIND = "\"'`<>)]},;"
"""What may follow an address in a text, with nothing of its kind behind it."""


def packed_answer(text: str) -> str | None:
    """Return the one address of an answer in a text, without what is around it; None where it is not certain."""
    found = {
        _with_scheme(address)
        for reading in readings(text[:LONGEST])
        for layer in layers(reading)
        for address in _whole_addresses(layer)
    }
    return found.pop() if len(found) == 1 else None


def has_marked_lines(text: str) -> bool:
    """Return whether a program has put signs before every line of a text, or between its characters and lines."""
    return "\n" in text.strip() and any(not _MARKS.isdisjoint(reading.removed) for reading in readings(text[:LONGEST]))


def _whole_addresses(text: Unwrapped) -> list[str]:
    found = []
    for match in _ADDRESS.finditer(text.joined):
        start, end = match.span()
        is_whole = text.is_evenly_cut if match["ending"] else text.is_wrapped  # nothing else marks the end
        if _is_bounded(text, start, end) and is_whole(start, end) and _STATE.search(match.group()):
            found.append(match.group())
    return found


def _is_bounded(text: Unwrapped, start: int, end: int) -> bool:
    """Tell whether what follows certainly is no part of the address."""
    if text.is_cut_at(end):
        return True
    if text.joined[end] == "|":  # <ADDRESS|words>, as messengers write it
        return text.joined[start - 1 : start] == "<" and text.joined.endswith(">")
    return text.joined[end] in _BEHIND and (text.is_cut_at(end + 1) or text.joined[end + 1] in _BEHIND)


def _with_scheme(address: str) -> str:
    if address.startswith("http"):
        return address
    return f"{'http' if address.startswith('localhost') else 'https'}://{address}"
