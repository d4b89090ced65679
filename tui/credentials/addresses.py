"""The rules for addresses: what no address may contain, what was pasted around it, and how it is built.

The callback URL must match Facebook's list byte for byte (graph-api.md section 2), so a harmless-looking
difference counts here that no browser would mind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from tui.credentials.around_address import ENCODED, URL, unwrapped
from tui.credentials.belonging import STANDS, elsewhere, placeholder, placeholder_spot
from tui.credentials.characters import kind_of, stands_for_nothing
from tui.credentials.model import Field, Severity, Spot
from tui.credentials.pieces import (
    ADDRESS_CONSTRUCTS,
    Piece,
    kept_positions,
    scan,
    without_nothing,
)

_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+|%")
_INSERT_HERE = re.compile(
    r"<[A-Za-z][\w .-]*>|\$?\{[A-Za-z][\w .-]*\}|\$[A-Z][A-Z_]+|YOUR[_-][A-Z_-]+"
    r"|(?<=[/.@])your[-_.]?(?:[a-z]{0,12}[-_.]?)(?:instance|server|host|domain|company|org|site|matillion|etl|name)\b"
    r"|(?<=//)[xX]{3,}(?:\.[xX]{2,})*(?=[:/]|$)"
)
_MEANT = ("backslash", "html_entity", "written_escape")
"""Kinds that stand for a character of the address."""
_OWN_PARAMETER = re.compile(r"[?&](?:client_id|redirect_uri)=[^&#]*$")
_BEGINS = re.compile(r"https?://", re.IGNORECASE)
_PARTS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?"
)


class Address(NamedTuple):
    """An address freed of what cannot belong to it: its text, and where each of its characters stands."""

    text: str
    positions: list[int]
    foreign: bool

    def spot(self, kind: str, severity: Severity, start: int, end: int, proposal: str | None, detail: str) -> Spot:
        """Return a spot for `text[start:end]` at the place where that stands in what was pasted."""
        first = self.positions[start] if start < len(self.positions) else self.positions[-1] + 1
        last = self.positions[end - 1] + 1 if end > start else first
        return Spot(kind, severity, first, last, proposal, named=False, detail=detail)


def parts_of(text: str) -> re.Match[str] | None:
    """Split an address into scheme, authority, path, query and fragment, leniently, without decoding anything."""
    return _PARTS.fullmatch(text)


def read_address(field: Field, text: str, context: Mapping[Field, str]) -> tuple[list[Spot], Address | None]:
    """Return the spots of everything that is no part of an address, and the address itself where there is one."""
    if placeholder(text.strip(), 0, len(text.strip())):
        return [placeholder_spot(field, 0, len(text))], None
    spots, start, end = unwrapped(text, in_a_table=field == "callback_url")
    if start >= end:
        return [spot._replace(severity="blocks") for spot in spots], None
    hole = _INSERT_HERE.search(text, start, end)
    if hole is not None:
        detail = f"placeholder in the address, a word to be replaced by your own. {STANDS[field]}"
        return [*spots, Spot("placeholder", "blocks", hole.start(), hole.end(), named=False, detail=detail)], None
    if ENCODED.match(text, start, end):
        return [*spots, _decoded_whole(text, start, end)], None
    pieces = _pieces(field, text, start, end)
    plain, kept = _plain(text, start, end, pieces, _MEANT)
    if parts_of(plain) is None:
        plain, kept = _plain(text, start, end, pieces, (*_MEANT, "look_alike"))
    foreign = elsewhere(without_nothing(text, start, end, pieces), field, start, end, context)
    if foreign is not None:
        return [*spots, foreign], None
    host = _host_span(plain, kept)
    spots += [_piece_spot(piece, host) for piece in pieces]
    if not kept:
        return spots, None
    if plain.endswith("..") and not plain.endswith("..."):
        detail = "two dots at the end, as where something is shortened"
        spots.append(Spot("truncated", "suspicious", kept[-2], kept[-1] + 1, named=False, detail=detail))
    unread = any(piece.reading != "" for piece in pieces)
    repeated = _second_address(plain, kept)
    if repeated is not None:
        return [*(spot for spot in spots if spot.end <= repeated.start or spot.start >= repeated.end), repeated], None
    return spots, Address(plain, kept, unread)


def _decoded_whole(text: str, start: int, end: int) -> Spot:
    from urllib.parse import unquote

    plain = unquote(text[start:end])
    proposal = plain if all(URL.allowed.fullmatch(char) for char in plain) else None
    detail = "percent-encoding of the whole address, as it stands inside another address"
    return Spot("percent_encoded", "blocks", start, end, proposal, named=False, detail=detail)


# --- characters inside ------------------------------------------------------------------------------------------


def _pieces(field: Field, text: str, start: int, end: int) -> list[Piece]:
    """Return the foreign pieces, and percent-encoding that encodes nothing, seen with the foreign pieces away."""
    found = scan(text, start, end, URL, ADDRESS_CONSTRUCTS)
    pieces = [
        piece._replace(reading=_backslash_reading(text, piece, found)) if piece.kind == "backslash" else piece
        for piece in found
    ]
    if text.find("%", start, end) < 0:
        return pieces
    kept = kept_positions(start, end, pieces)
    plain = "".join(text[index] for index in kept)
    for match in _PERCENT.finditer(plain):
        first, last = kept[match.start()], kept[match.end() - 1] + 1
        if len(match.group()) == 1:
            pieces.append(Piece("stray_percent", first, last, None))
        elif last - first == len(match.group()) and _encodes_nothing(field, match, plain):
            pieces.append(Piece("percent_encoded", first, last, ""))
    return sorted(pieces, key=lambda piece: piece.start)


def _plain(text: str, start: int, end: int, pieces: list[Piece], read: tuple[str, ...]) -> tuple[str, list[int]]:
    """Return the address without its foreign pieces, those of a kind in `read` as what they mean, and each place."""
    placed = [(index, text[index]) for index in kept_positions(start, end, pieces)]
    for piece in pieces:
        if piece.kind in read and piece.reading:
            placed += [(piece.start + offset, char) for offset, char in enumerate(piece.reading)]
    placed.sort()
    return "".join(char for _, char in placed), [index for index, _ in placed]


def _encodes_nothing(field: Field, match: re.Match[str], plain: str) -> bool:
    """Tell whether the run is an encoded blank where no address has one: at an end, or not the plain blank.

    In a login address a blank inside a parameter is Matillion's, and says what is stored there.
    """
    if not all(stands_for_nothing(kind_of(char)) for char in _percent_decoded(match.group())):
        return False
    if field == "dialog_url":
        return match.end() == len(plain) and not _OWN_PARAMETER.search(plain, 0, match.start())
    at_end = match.end() == len(plain) or plain[match.end()] in "&#"
    return at_end or any(char != " " for char in _percent_decoded(match.group()))


def _percent_decoded(run: str) -> str:
    return bytes.fromhex(run.replace("%", "")).decode("utf-8", "replace")


def _host_span(plain: str, kept: list[int]) -> tuple[int, int]:
    parts = parts_of(plain)
    if parts is None or parts.end("scheme") + 3 >= len(kept):
        return 0, 0
    first = kept[parts.end("scheme") + 2] + 1
    after = parts.end("authority")
    return first, kept[after] if after < len(kept) else kept[-1] + 2


def _piece_spot(piece: Piece, host: tuple[int, int]) -> Spot:
    kind, reading = piece.kind, piece.reading
    in_host = host[0] <= piece.start < host[1]
    if in_host and kind in ("foreign_letter", "combining_mark"):
        kind, reading = "internationalised_host", None
    severity: Severity = "suspicious" if kind in ("html_entity", "percent_encoded") else "blocks"
    return Spot(kind, severity, piece.start, piece.end, reading)


def _backslash_reading(text: str, piece: Piece, pieces: list[Piece]) -> str | None:
    """A backslash before a slash or underscore is an escape and goes; in `https:\\\\host\\path` it is a slash."""
    if piece.end - piece.start == 1 and text[piece.end : piece.end + 1] in ("/", "_", "&", "?", "=", "#", "-", "."):
        return ""
    first = min(other.start for other in pieces if other.kind == "backslash")
    if re.search(r"https?:\\\\$", text[:first] + "\\\\", re.IGNORECASE) and "/" not in text:
        return "/" * (piece.end - piece.start)
    return None


def _second_address(plain: str, kept: list[int]) -> Spot | None:
    """Return the spot of what follows the first of several addresses."""
    begins = [
        match.start()
        for match in _BEGINS.finditer(plain, 1)
        if _is_another(plain, match.start(), torn=kept[match.start()] - kept[match.start() - 1] > 1)
    ]
    if not begins:
        return None
    found = [plain[first:last].rstrip(",;|") for first, last in pairwise([0, *begins, len(plain)])]
    start, end = kept[len(found[0])], kept[-1] + 1
    if len(set(found)) == 1:
        detail = "address twice in a row, once is enough"
        return Spot("doubled", "blocks", start, end, "", named=False, detail=detail)
    detail = "two addresses in one field. Keep the one that is meant"
    return Spot("two_addresses", "blocks", start, end, named=False, detail=detail)


def _is_another(plain: str, at: int, *, torn: bool) -> bool:
    """Tell whether the address that begins at `at` is a second one, and no parameter or path of the first.

    `torn`: something that is no part of an address stands before it.
    """
    before = plain[at - 1]
    if torn and before != "=":
        return True
    if plain[:at] == plain[at:]:
        return True
    return before not in "=:/?&" and not ("?" in plain[:at] and before in ",;|")
