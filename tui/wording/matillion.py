"""What is said about Matillion ETL: failed calls, the connection, its own token, the address that it opens."""

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, assert_never

from tui.actions import shown_key
from tui.facebook.permissions import scope_flaws
from tui.matillion.address import AddressRefused, DialogAddress
from tui.matillion.callback import Caution
from tui.matillion.differences import Comparison, Difference, Parameter
from tui.matillion.errors import Failure
from tui.matillion.estimate import DAY, LIFE_DAYS, REMINDER_DAYS, Estimate, Standing
from tui.services.address_changes import Change, Part
from tui.wording.counts import counted
from tui.wording.network import proxy_name, proxy_problem
from tui.wording.scopes import scope_flaw
from tui.wording.text import Action, Do, Text
from tui.wording.texts import phrases, text_of
from tui.wording.times import stamp

if TYPE_CHECKING:
    from tui.services.matillion import Connection

SAVE_REFUSED = "Not saved yet. Save it all the same?"
TESTING = "Testing user and password …"
NOT_SAVED_YET = "Not saved yet; enter saves it all the same. "
FORM_FIELDS: tuple[tuple[str, str, str], ...] = (
    ("base_url", "Address", "https://matillion.example.com"),
    ("user", "User", "a user with the API role; Reader is enough"),
    ("oauth_entry", "OAuth entry", "its name in Manage OAuth, such as ig_prod"),
    ("ca_file", "CA file", "only for a certificate of your own authority"),
    ("fingerprint", "Fingerprint", "or the SHA-256 of a self-signed certificate"),
    ("group", "Group", "with a project: igauth checks the last runs"),
    ("project", "Project", ""),
)
"""Each setting, its label, and what it is."""
FORM_ABOUT = (
    "Optional. igauth only reads from Matillion: is the entry listed, did its last runs work. It never imports, exports"
    " or deletes. The password is never sent over http, except to this machine."
)
_AUTHORIZE_AGAIN = "Authorize the entry again: guide steps 11 and 12."
_LABEL_WIDTH = 11
"""Cells before a drawn value."""

# --- calls ---------------------------------------------------------------------------------------------------------


def failure(failed: Failure, profile: str = "") -> Text:
    """Return what is said about a failed call, and what to do with the settings of `profile`."""
    facts = {
        **asdict(failed),
        "said": f"{failed.said[:1].upper()}{failed.said[1:]}" if failed.said else "No reason was given",
        "status": f"HTTP {failed.status}" if failed.status else "success: false",
        "fingerprint": failed.fingerprint or "not known",
        "proxy": proxy_name(failed.via, failed.proxy_variable),
        "refusal": f"HTTP {failed.status}" if failed.status else failed.said,
    }
    if failed.proxy_problem is not None:
        flaw = proxy_problem(failed.proxy_problem)
        return replace(flaw, what=f"Matillion at {failed.host} cannot be reached. {flaw.what}")
    if failed.fault in phrases("matillion", "network"):
        return text_of("matillion", failed.fault or "", facts, "network")
    return text_of("matillion", failed.problem, facts, "failure", Action(Do.SET_MATILLION, profile))


def connection(reached: "Connection") -> str:
    """Return the result of a connection test."""
    if reached.entry and reached.lists_entry:
        return f"Matillion answers. The entry {reached.entry} is listed."
    listed = ", ".join(reached.entries[:8]) or "none"
    rest = f"{reached.entry} is not one of them." if reached.entry else "Enter the name of yours."
    return f"Matillion answers. Entries listed: {listed}. {rest}"


# --- Matillion's own token -----------------------------------------------------------------------------------------


def estimate_line(found: Estimate) -> str:
    """Return entry and estimate in one line; each surface shows this line."""
    return f"Matillion: {found.entry} · {estimate_sentence(found)}"


def estimate_sentence(found: Estimate) -> str:
    """Return what is known about Matillion's token, always marked as an estimate unless a run shows it."""
    day = f"about day {found.day} of {LIFE_DAYS}, estimated"
    match found.standing:
        case Standing.ESTIMATED:
            return day
        case Standing.OVER:
            return f"about day {found.day}, past the usual {LIFE_DAYS}: probably expired, estimated"
        case Standing.WORKED:
            return f"worked {stamp(found.worked_at)}; {day}"
        case Standing.FAILED:
            return f"failed {stamp(found.failed_at)} ({found.reason}): authorize again, steps 11 and 12"
        case _:
            assert_never(found.standing)


def reminder(found: Estimate) -> Text | None:
    """Return the reminder that is due, None where none is."""
    name = f"Matillion's token for {found.entry}"
    if found.standing is Standing.FAILED:
        return Text(f"{name} was refused.", hint=_AUTHORIZE_AGAIN)
    if found.seconds_left > REMINDER_DAYS * DAY:
        return None
    if found.seconds_left == 0:
        return Text(f"{name} has probably expired (estimated).", hint=_AUTHORIZE_AGAIN)
    days = -(-found.seconds_left // DAY)
    return Text(f"{name} may expire in about {counted(days, 'day')} (estimated).", hint=_AUTHORIZE_AGAIN)


# --- callback and login page ---------------------------------------------------------------------------------------


def caution(found: Caution) -> str:
    """Return why a callback URL may be wrong, and what to do about it."""
    return text_of("matillion", found.doubt, asdict(found), "doubt").what


ADDRESS_HELP = (
    "In Matillion: Manage OAuth, Configure OAuth, Authorization link. A Facebook page opens. Copy the whole address"
    " from its address bar and paste it here, before you click anything on that page."
)


def form_title(profile: str) -> str:
    """Return what a form of Matillion settings is about."""
    return f"Matillion ETL of profile {profile}"


def form_keys(effect: str) -> str:
    """Return what the keys of a form do; `[keys]` in `config.toml` changes neither of them."""
    return f"{shown_key('enter')}: {effect}, {shown_key('escape')}: back"


def address_refusal(refused: AddressRefused) -> Text:
    """Return why a pasted address is not used, and what to paste instead."""
    return text_of("matillion", refused.reason, {"missing": " and ".join(refused.missing)}, "refusal")


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


_CHANGED_PARTS = {Part.SCOPES: "permissions", Part.CALLBACK_URL: "callback URL"}


def offered_change(change: Change, key: str = "") -> list[str]:
    """Return what the profile has, what Matillion sends, and the key that takes it over, where there is one."""
    part = _CHANGED_PARTS[change.part]
    lines = [
        f"{part[0].upper()}{part[1:]} of this profile: {', '.join(change.before) or 'none'}",
        f"{part[0].upper()}{part[1:]} that Matillion sends: {', '.join(change.after)}",
    ]
    if change.part is Part.SCOPES:
        lines += [scope_flaw(flaw) for flaw in scope_flaws(change.after)]
    return [*lines, f"{key} uses Matillion's {part} in this profile."] if key else lines


def change_question(change: Change) -> str:
    """Return the question whether the profile is to be changed."""
    return f"Use Matillion's {_CHANGED_PARTS[change.part]} in this profile?"


def change_saved(change: Change, key: str) -> str:
    """Return that a profile was changed, and the key that undoes it."""
    return f"Saved: {_CHANGED_PARTS[change.part]} {', '.join(change.after) or 'none'}. {key} undoes it."


def change_undone(change: Change, key: str = "") -> str:
    """Return that a change was undone, and the key that undoes the one before it, where there is one."""
    undone = f"Undone: {_CHANGED_PARTS[change.part]} {', '.join(change.after) or 'none'} again."
    return f"{undone} {key} undoes the change before it." if key else undone


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
