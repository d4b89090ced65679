"""The rules for addresses: what no address contains, what was copied with it, and how it is built.

The callback URL must match Facebook's list byte for byte (graph-api.md section 2), so a difference counts here that
no browser would mind.
"""

import re
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

from tui.credentials.around_address import ENCODED, URL, percent_decoded, unwrapped
from tui.credentials.characters import kind_of
from tui.credentials.flaws import INVISIBLE, Context, Field, Flaw, FlawKind, Severity
from tui.credentials.pieces import ADDRESS_CONSTRUCTS, Scanned, scan
from tui.credentials.shapes import is_placeholder, misplaced

_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+|%")
_INSERT_HERE = re.compile(
    r"<[A-Za-z][\w .-]*>|\$?\{[A-Za-z][\w .-]*\}|\$[A-Z][A-Z_]+|YOUR[_-][A-Z_-]+"
    r"|(?<=[/.@])your[-_.]?(?:[a-z]{0,12}[-_.]?)(?:instance|server|host|domain|company|org|site|matillion|etl|name)\b"
    r"|(?<=//)[xX]{3,}(?:\.[xX]{2,})*(?=[:/]|$)"
)
_WRITTEN_FOR_ANOTHER = (FlawKind.BACKSLASH, FlawKind.HTML_ENTITY, FlawKind.WRITTEN_ESCAPE)
"""Kinds that stand for a character of the address."""
_OWN_PARAMETER = re.compile(r"[?&](?:client_id|redirect_uri)=[^&#]*$")
_BEGINS = re.compile(r"https?://", re.IGNORECASE)
_PARAMETER = re.compile(r"[?#&]([^&=]*)=?([^&]*)")
_PARTS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?"
)


class Address(NamedTuple):
    """An address without what cannot belong to it: its text, and the position of each of its characters.

    `foreign`: something was in it that may have stood for a part of it.
    """

    text: str
    positions: list[int]
    foreign: bool
    parts: re.Match[str] | None

    def flaw(
        self, kind: FlawKind, start: int, end: int, proposal: str | None = None, severity: Severity = Severity.BLOCKS
    ) -> Flaw:
        """Return a flaw of `text[start:end]` at its place in what was pasted."""
        first = self.positions[start] if start < len(self.positions) else self.positions[-1] + 1
        last = self.positions[end - 1] + 1 if end > start else first
        return Flaw(kind, first, last, proposal, severity)

    def whole(self, kind: FlawKind, proposal: str | None = None, severity: Severity = Severity.BLOCKS) -> Flaw:
        """Return a flaw of the whole address."""
        return self.flaw(kind, 0, len(self.text), proposal, severity)


class Parameter(NamedTuple):
    """One parameter of an address: its value as it is written, and where that is in the address."""

    raw: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """The decoded value."""
        return unquote_plus(self.raw)


def parameters(parts: re.Match[str], part: str) -> dict[str, Parameter]:
    """Return the parameters of the query or fragment by name; the first of a name counts."""
    found: dict[str, Parameter] = {}
    for match in _PARAMETER.finditer(parts[part] or ""):
        start, end = (parts.start(part) + place for place in match.span(2))
        found.setdefault(unquote(match[1]), Parameter(match[2], start, end))
    return found


def parameter_of(text: str, name: str) -> str:
    """Return the decoded parameter of an address that may have flaws, or an empty string."""
    found = re.search(rf"[?&]{name}=([^&#\s]*)", text)
    return unquote_plus(found[1]) if found else ""


def read_address(field: Field, text: str, context: Context) -> tuple[list[Flaw], Address | None]:
    """Return the flaws of everything that is no part of an address, and the address where there is one."""
    if is_placeholder(text.strip(), 0, len(text.strip())):
        return [Flaw(FlawKind.PLACEHOLDER, 0, len(text))], None
    flaws, start, end = unwrapped(text, in_a_table=field == "callback_url")
    if start >= end:
        return [flaw._replace(severity=Severity.BLOCKS) for flaw in flaws], None
    if (hole := _INSERT_HERE.search(text, start, end)) is not None:
        return [*flaws, Flaw(FlawKind.PLACEHOLDER_INSIDE, *hole.span())], None
    if ENCODED.match(text, start, end):
        return [
            *flaws,
            Flaw(FlawKind.ADDRESS_ENCODED, start, end, allowed_or_none(percent_decoded(text[start:end]))),
        ], None
    found = _foreign(field, text, start, end)
    if (other := misplaced(field, found, context)) is not None:
        return [*flaws, other], None
    address = _address(found, _WRITTEN_FOR_ANOTHER)
    if address.parts is None:
        address = _address(found, (*_WRITTEN_FOR_ANOTHER, FlawKind.LOOK_ALIKE))
    host = _host_span(address)
    flaws += [_graded(flaw, host) for flaw in found.flaws]
    plain, kept = address.text, address.positions
    if not kept:
        return flaws, None
    if plain.endswith("..") and not plain.endswith("..."):
        flaws.append(Flaw(FlawKind.TRUNCATED, kept[-2], kept[-1] + 1, severity=Severity.SUSPICIOUS))
    if (second := _second_address(plain, kept)) is not None:
        return [*(flaw for flaw in flaws if flaw.end <= second.start or flaw.start >= second.end), second], None
    return flaws, address


def allowed_or_none(address: str) -> str | None:
    """Return the address where it has only characters that an address may have."""
    return address if URL.allows(address) else None


# --- characters inside ------------------------------------------------------------------------------------------


def _foreign(field: Field, text: str, start: int, end: int) -> Scanned:
    """Find foreign characters, and percent-encoding that encodes nothing without those."""
    found = scan(text, start, end, URL, ADDRESS_CONSTRUCTS)
    backslashes, kept, plain = found.of(FlawKind.BACKSLASH), found.kept, found.value
    before = text[: backslashes[0].start].lower() if backslashes else ""
    is_each_a_slash = before.endswith(("http:", "https:")) and "/" not in text
    flaws = [flaw for flaw in found.flaws if flaw.kind is not FlawKind.BACKSLASH]
    flaws += [flaw._replace(proposal=_backslash_reading(text, flaw, is_each_a_slash)) for flaw in backslashes]
    for match in _PERCENT.finditer(plain):
        first, last = kept[match.start()], kept[match.end() - 1] + 1
        if len(match.group()) == 1:
            flaws.append(Flaw(FlawKind.STRAY_PERCENT, first, last))
        elif last - first == len(match.group()) and _encodes_nothing(field, match, plain):
            flaws.append(Flaw(FlawKind.PERCENT_ENCODED, first, last, ""))
    return Scanned(text, start, end, sorted(flaws, key=lambda flaw: flaw.start))


def _address(found: Scanned, read: tuple[FlawKind, ...]) -> Address:
    """Return the address without foreign characters, those of a kind in `read` as what they mean."""
    text, positions = found.value, found.kept
    if read_flaws := [flaw for flaw in found.of(*read) if flaw.proposal]:
        placed = [
            *zip(positions, text, strict=True),
            *((flaw.start + offset, char) for flaw in read_flaws for offset, char in enumerate(flaw.proposal or "")),
        ]
        placed.sort()
        text, positions = "".join(char for _, char in placed), [index for index, _ in placed]
    return Address(text, positions, any(flaw.proposal != "" for flaw in found.flaws), _PARTS.fullmatch(text))


def _encodes_nothing(field: Field, match: re.Match[str], plain: str) -> bool:
    """Tell whether the run is an encoded blank where no address has one: at an end, or not the plain blank.

    In a login address a blank inside a parameter comes from Matillion, and shows what is stored there.
    """
    encoded = bytes.fromhex(match.group().replace("%", "")).decode("utf-8", "replace")
    if not all(kind_of(char) in INVISIBLE for char in encoded):
        return False
    if field == "dialog_url":
        return match.end() == len(plain) and not _OWN_PARAMETER.search(plain, 0, match.start())
    is_at_end = match.end() == len(plain) or plain[match.end()] in "&#"
    return is_at_end or bool(encoded.strip(" "))


def _host_span(address: Address) -> tuple[int, int]:
    parts, kept = address.parts, address.positions
    if parts is None or parts.end("scheme") + 3 >= len(kept):
        return 0, 0
    first = kept[parts.end("scheme") + 2] + 1
    after = parts.end("authority")
    return first, kept[after] if after < len(kept) else kept[-1] + 2


def _graded(flaw: Flaw, host: tuple[int, int]) -> Flaw:
    if host[0] <= flaw.start < host[1] and flaw.kind in (FlawKind.FOREIGN_LETTER, FlawKind.COMBINING_MARK):
        return flaw._replace(kind=FlawKind.INTERNATIONALIZED_HOST, proposal=None)
    if flaw.kind in (FlawKind.HTML_ENTITY, FlawKind.PERCENT_ENCODED):
        return flaw._replace(severity=Severity.SUSPICIOUS)
    return flaw


def _backslash_reading(text: str, flaw: Flaw, is_each_a_slash: bool) -> str | None:
    """Return "" for a backslash that escapes a slash or underscore, and `/` for each in `https:\\\\host\\path`."""
    if flaw.end - flaw.start == 1 and text[flaw.end : flaw.end + 1] in ("/", "_", "&", "?", "=", "#", "-", "."):
        return ""
    return "/" * (flaw.end - flaw.start) if is_each_a_slash else None


def _second_address(plain: str, kept: list[int]) -> Flaw | None:
    """Return the flaw of what follows the first of several addresses."""
    begins = [
        match.start()
        for match in _BEGINS.finditer(plain, 1)
        if _is_another(plain, match.start(), is_torn=kept[match.start()] - kept[match.start() - 1] > 1)
    ]
    if not begins:
        return None
    addresses = [plain[first:last].rstrip(",;|") for first, last in pairwise([0, *begins, len(plain)])]
    start, end = kept[len(addresses[0])], kept[-1] + 1
    if len(set(addresses)) == 1:
        return Flaw(FlawKind.DOUBLED, start, end, "", number=len(addresses))
    return Flaw(FlawKind.TWO_ADDRESSES, start, end)


def _is_another(plain: str, at: int, *, is_torn: bool) -> bool:
    """Tell whether the address that begins at `at` is a second one, and no parameter or path of the first.

    `is_torn`: something that is no part of an address is before it.
    """
    before = plain[at - 1]
    if (is_torn and before != "=") or plain[:at] == plain[at:]:
        return True
    return before not in "=:/?&" and not ("?" in plain[:at] and before in ",;|")
