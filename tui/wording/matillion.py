"""What is said about Matillion ETL: failed calls, the connection, its own token, the address that it opens."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, assert_never

from tui.matillion.address import AddressRefused, DialogAddress, Refusal
from tui.matillion.callback import Caution, Doubt
from tui.matillion.differences import Comparison, Difference, Parameter
from tui.matillion.errors import Failure, Problem
from tui.matillion.estimate import DAY, LIFE_DAYS, Estimate, Standing
from tui.wording.text import Action, Do, Text, Who

if TYPE_CHECKING:
    from tui.services.matillion import Connection

_API_ROLE = "Wrong user or password, or the user lacks the API role (Matillion gives the same answer)."
_AUTHORIZE_AGAIN = "Authorize the entry again: guide steps 11 and 12."
_SETTINGS = Action(Do.SET_MATILLION)
_LABEL_WIDTH = 11
"""Cells before a drawn value."""

# --- calls ---------------------------------------------------------------------------------------------------------


_FAILURES: Mapping[Problem, Text] = {
    Problem.BAD_ADDRESS: Text(
        "Matillion's address cannot be used.",
        "It must be the instance's base address, such as https://matillion.example.com, without user or query.",
        next=_SETTINGS,
    ),
    Problem.BAD_CA_FILE: Text(
        "The CA file {file} cannot be used: {said}.",
        hint="Use a PEM file with Matillion's certificate, or with that of its issuer.",
    ),
    Problem.BAD_FINGERPRINT: Text(
        "The pinned fingerprint cannot be read.",
        "A SHA-256 fingerprint has 64 hex digits, with or without colons.",
        next=_SETTINGS,
    ),
    Problem.PASSWORD_OVER_HTTP: Text(
        "Nothing was sent to Matillion.",
        "The address is http: the password would cross the network as plain text.",
        hint="Use the https address. For a self-signed certificate enter its CA file or fingerprint.",
    ),
    Problem.OTHER_HOST: Text(
        "Nothing was sent to Matillion.",
        "The password was stored for {stored_for}, not for {host}.",
        hint="Change the address back, or enter the password again to allow the new host.",
    ),
    Problem.UNREACHABLE: Text(
        "Matillion cannot be reached at {host}.",
        "No network, a wrong host or port, or the instance is switched off.",
        hint="Check the address, and whether this machine may reach it.",
    ),
    Problem.TIMEOUT: Text(
        "Matillion did not answer within {seconds:g} s.",
        "The instance is busy, starting or switched off, or a firewall drops the call.",
        hint="Try again. Check that this machine may reach the instance.",
    ),
    Problem.UNTRUSTED: Text(
        "Matillion's certificate is not trusted. Nothing was sent.",
        "{said}. Self-signed certificates are usual for Matillion. The SHA-256 fingerprint is {fingerprint}.",
        Who.MATILLION_ADMIN,
        hint="Enter a CA file, or pin the fingerprint once the Matillion admin has confirmed it.",
    ),
    Problem.OTHER_CERTIFICATE: Text(
        "Matillion's certificate is not the pinned one. Nothing was sent.",
        "Its SHA-256 fingerprint is {fingerprint}. It was renewed, or the connection is intercepted.",
        Who.MATILLION_ADMIN,
        hint="Ask the admin for the new fingerprint. Pin it only if it is the same.",
    ),
    Problem.UNAUTHORIZED: Text(
        "Matillion refused the user ({status}).",
        _API_ROLE,
        Who.MATILLION_ADMIN,
        hint="Check user and password. Ask for the API role (a user in the Reader group is enough).",
    ),
    Problem.REFUSED: Text("Matillion refused the call: “{said}”.", _API_ROLE, hint="Check user and role."),
    Problem.NOT_FOUND: Text(
        "Matillion does not know what was asked for ({status}).",
        "The group, the project or the address has another name there.",
        hint="Compare the names with Matillion's, letter by letter.",
    ),
    Problem.WEB_PAGE: Text(
        "Matillion's address returned a web page instead of data.",
        "A login page or a proxy answered instead of Matillion's API.",
        Who.NETWORK_ADMIN,
        hint="Open the address with /rest/v1/ in a browser to see what answers.",
    ),
    Problem.REDIRECTED: Text(
        "Matillion's address redirects elsewhere.",
        "igauth does not follow: the password would be sent there. It may be a login page or a proxy.",
        hint="Enter the address that answers at /rest/v1/ itself.",
    ),
    Problem.SERVER: Text(
        "Matillion could not answer ({status}).",
        "It may be starting, or overloaded.",
        Who.MATILLION_ADMIN,
        hint="Try again in some minutes.",
    ),
    Problem.HTTP_STATUS: Text("Matillion refused the call ({status}).", hint="Try again in some minutes."),
    Problem.NOT_JSON: Text(
        "Matillion's answer cannot be read: it is not JSON.",
        hint="Open the address with /rest/v1/oauth in a browser to see what it shows.",
    ),
    Problem.TOO_LARGE: Text(
        "Matillion's answer is much larger than any of its lists.",
        hint="Open the address with /rest/v1/oauth in a browser to see what it shows.",
    ),
}
"""What is said about each problem; names in braces are facts of the failure."""


def failure(failed: Failure) -> Text:
    """Return what is said about a failed call."""
    facts = {
        **asdict(failed),
        "said": f"{failed.said[:1].upper()}{failed.said[1:]}" if failed.said else "No reason was given",
        "status": f"HTTP {failed.status}" if failed.status else "success: false",
        "fingerprint": failed.fingerprint or "not known",
    }
    text = _FAILURES[failed.problem]
    return replace(text, what=text.what.format(**facts), why=text.why.format(**facts))


def connection(reached: "Connection") -> str:
    """Return the result of a connection test."""
    if reached.entry and reached.lists_entry:
        return f"Matillion answers. The entry {reached.entry} is listed."
    listed = ", ".join(reached.entries[:8]) or "none"
    rest = f"{reached.entry} is not one of them." if reached.entry else "Enter the name of yours."
    return f"Matillion answers. Entries listed: {listed}. {rest}"


# --- Matillion's own token -----------------------------------------------------------------------------------------


def estimate_line(found: Estimate, now: float, zone: tzinfo = UTC) -> str:
    """Return entry and estimate in one line; each surface shows this line."""
    return f"Matillion: {found.entry} · {estimate_sentence(found, now, zone)}"


def estimate_sentence(found: Estimate, now: float, zone: tzinfo = UTC) -> str:
    """Return what is known about Matillion's token, always marked as an estimate unless a run shows it."""
    day = f"about day {found.day} of {LIFE_DAYS}, estimated"
    match found.standing:
        case Standing.ESTIMATED:
            return day
        case Standing.OVER:
            return f"about day {found.day}, past the usual {LIFE_DAYS}: probably expired, estimated"
        case Standing.WORKED:
            return f"worked {_moment(found.worked_at or 0, now, zone)}; {day}"
        case Standing.FAILED:
            return (
                f"failed {_moment(found.failed_at or 0, now, zone)} ({found.reason}): authorize again, steps 11 and 12"
            )
        case _:
            assert_never(found.standing)


def reminder(found: Estimate) -> Text | None:
    """Return the reminder that is due, None where none is."""
    name = f"Matillion's token for {found.entry}"
    if found.standing is Standing.FAILED:
        return Text(f"{name} was refused.", hint=_AUTHORIZE_AGAIN)
    if found.reminder is None:
        return None
    if found.reminder == 0:
        return Text(f"{name} has probably expired (estimated).", hint=_AUTHORIZE_AGAIN)
    days = -(-found.seconds_left // DAY)
    return Text(f"{name} may expire in about {days} day{'s' if days != 1 else ''} (estimated).", hint=_AUTHORIZE_AGAIN)


def _moment(at: int, now: float, zone: tzinfo) -> str:
    then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    clock = f"{then:%H:%M} {then:%Z}"
    return f"at {clock}" if then.date() == today.date() else f"on {then.day} {then:%b} at {clock}"


# --- callback and login page ---------------------------------------------------------------------------------------


def caution(found: Caution) -> str:
    """Return why a callback URL may be wrong, and what to do about it."""
    match found.doubt:
        case Doubt.INNER_PORT:
            return (
                f"Port {found.port} is the internal one of Matillion's machine; its public port is 443. Open Matillion"
                " by its public address and copy the callback again."
            )
        case Doubt.LOAD_BALANCER:
            return (
                "Behind a load balancer Matillion can mistake scheme and port. Let the balancer listen on 443 with"
                " https and copy the callback again."
            )
        case Doubt.IP_ADDRESS:
            return "The host is an IP address. Open Matillion by a host name; one in your own hosts file is enough."
        case Doubt.FACEBOOK_ADDRESS:
            return "This is an address of Facebook, not Matillion's callback from Manage OAuth."
        case Doubt.OTHER_HOST:
            return (
                f"The callback's host is {found.host}, but Matillion's address is {found.matillion_host}. The callback"
                " follows the address in the browser: open Matillion under its final name and copy it again."
            )
        case _:
            assert_never(found.doubt)


ADDRESS_HELP = (
    "In Matillion: Manage OAuth, Configure OAuth, Authorization link. A Facebook page opens. Copy the whole address"
    " from its address bar and paste it here, before you click anything on that page."
)


def address_refusal(refused: AddressRefused) -> Text:
    """Return why a pasted address is not used, and what to paste instead."""
    match refused.reason:
        case Refusal.EMPTY:
            return Text("Nothing was pasted.", hint="Copy the address of the Facebook page that Matillion opened.")
        case Refusal.TOO_LONG:
            return Text("This is much too long for an address.", hint="Copy only the address bar.")
        case Refusal.CARRIES_CODE:
            return Text(
                "This address contains the result of a login (code= or a token). It is a secret and was not stored.",
                hint="Copy the address of the Facebook page before you log in or allow anything.",
            )
        case Refusal.NOT_FACEBOOK:
            return Text(
                "This is not an address of Facebook.",
                hint="Copy the address of the page that Authorization link opened in step A3. It begins with"
                " https://www.facebook.com/.",
            )
        case Refusal.NOT_THE_DIALOG:
            return Text(
                "This is a page of Facebook, but it contains no login dialog (/dialog/oauth).",
                hint="In Matillion click Authorization link again and copy the address of the page that opens.",
            )
        case Refusal.INCOMPLETE:
            return Text(
                f"This is Facebook's login dialog, but {' and '.join(refused.missing)} is missing.",
                "The address was cut off, or the Client ID in Matillion is empty.",
                hint="Copy the whole address. If it stays the same, repeat step A2.",
            )
        case _:
            assert_never(refused.reason)


_PARAMETERS = {Parameter.APP_ID: "App ID", Parameter.CALLBACK_URL: "Callback URL"}


def comparison(compared: Comparison, width: int = 0) -> list[str]:
    """Return the lines about one compared value; with a `width` the differences are marked under the values too."""
    label = _PARAMETERS[compared.parameter]
    if not compared.differences:
        return [f"{label}: exact match."]
    if not compared.ours:
        return [f"{label}: Matillion sends {compared.theirs}; this profile has none yet."]
    drawn = marked(compared, width) if width else []
    return [f"{label} differs.", *drawn, *(f"{label}, {difference(compared, one)}" for one in compared.differences)]


def requested(address: DialogAddress) -> list[str]:
    """Return the lines about what else Matillion asks Facebook for."""
    asks = ", ".join(address.scopes) or (f"configuration {address.config_id}" if address.config_id else "nothing")
    return [f"Matillion asks for: {asks}", f"Graph API version: {address.version or 'not given'}"]


def difference(compared: Comparison, found: Difference) -> str:
    """Return one difference with its place."""
    ours = compared.ours[found.ours_start : found.ours_end]
    theirs = compared.theirs[found.start : found.end]
    place = f"character {found.start + 1}"
    if found.is_whole:
        return f"{place}: a different value from there on"
    if not ours:
        return f"{place}: Matillion sends {_named(theirs)}, which the profile does not have"
    if not theirs:
        return f"{place}: Matillion leaves out {_named(ours)}"
    return f"{place}: Matillion sends {_named(theirs)}, the profile has {_named(ours)}"


def marked(compared: Comparison, width: int) -> list[str]:
    """Return both values, folded to `width` cells, with a caret under every character where they differ.

    Where one value lacks what the other has, the caret is where it would be.
    """
    ours = [(one.ours_start, one.ours_end) for one in compared.differences]
    theirs = [(one.start, one.end) for one in compared.differences]
    return [*_marked("profile", compared.ours, ours, width), *_marked("Matillion", compared.theirs, theirs, width)]


def _marked(label: str, text: str, spans: Sequence[tuple[int, int]], width: int) -> list[str]:
    places = {place for start, end in spans for place in range(start, max(end, start + 1))}
    length = max(1, width - _LABEL_WIDTH)
    lines = []
    for first in range(0, max(1, len(text), max(places) + 1), length):
        piece = text[first : first + length]
        carets = "".join(
            ("^" if place in places else " ") * (_cells(text[place]) if place < len(text) else 1)
            for place in range(first, first + length)
        ).rstrip()
        lines.append(f"{label if first == 0 else '':<{_LABEL_WIDTH}}{piece}".rstrip())
        lines += [f"{'':<{_LABEL_WIDTH}}{carets}"] if carets else []
    return lines


def _cells(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _named(piece: str) -> str:
    if len(piece) == 1 and (piece.isspace() or not piece.isascii()):
        return f"{unicodedata.name(piece, 'a character')} U+{ord(piece):04X}"
    return f"“{piece if len(piece) <= 40 else piece[:39] + '…'}”"
