"""What is tried in a row of the table, and which of igauth's sentences turned out untrue."""

import re
import subprocess
import time
from collections.abc import Callable, Collection
from typing import NamedTuple

from tests.rigs.terminals_desks import wait_for
from tests.rigs.terminals_kinds import Kind
from tests.rigs.terminals_session import Session, keys_in, pastes_in, typed_in
from tui.actions import ACTIONS, bound_keys

CLEAR_AFTER = 6
"""Seconds, as the home's settings have it."""
_SLACK = 3
_PAINTING = 12
"""Seconds until a browser has painted igauth, and its own hints are gone: nothing tells when."""
_BEFORE = "from before"
_PLAIN = "goes back and"
_ALONE = "[plain view]"
_NOTICES = ("Not copied", "Copied to", "Sent to", "Sent through")
_LEFT = re.compile(
    r"(?:the clipboard (?:is|was) cleared|stay (?:attached|logged)|your terminal was asked|what you copied)"
)
_MAY_FAIL = re.compile(r"may ignore|often ignores|may not have taken|may need")
_NOT_OUTSIDE = re.compile(r"not to your terminal|around tmux has no clipboard")
_WILL_CLEAR = re.compile(r"clears it in|tries to clear it in|is cleared in|are cleared in")
_NEEDED = (
    "save",
    "verify",
    "fix_one",
    "help",
    "show_guide",
    "show_credentials",
    "show_tokens",
    "command_palette",
    "copy_value",
    "plain_view",
)
"""Actions that have to be in reach inside a field, wherever igauth runs."""
_LAST = ("f1", "f5", "f10", "f11", "ctrl+o", "ctrl+p", "ctrl+n", "ctrl+r", "ctrl+l", "ctrl+t")
"""Keys that open a window or end the session somewhere: tried after the others."""
_NAMES = {"question_mark": "question", "colon": "colon", "slash": "slash", "greater_than_sign": "greater"}
_PASTED = "EAAB-42 % \N{EURO SIGN} " + "0123456789" * 30
_TYPED = "s3cret-of-mine-q"


class Seen(NamedTuple):
    """One thing that was tried: what igauth said, what was so, and the fault where the two differ."""

    what: str
    said: str
    truth: str
    fault: str = ""


def open_tokens(session: Session) -> None:
    """Open igauth with the list of tokens."""
    session.run("igauth", "[3 Tokens]")
    session.shows("user_long")


def copy_while_running(session: Session, kind: Kind, token: str) -> list[Seen]:
    """Copy, wait until it is cleared, copy again and quit, and stay logged in."""
    open_tokens(session)
    _fill_before(session)
    time.sleep(_PAINTING)
    before = session.desk.picture("before")
    said, held = _copy(session, token)
    seen = [Seen("copy", said, held, _fault_of_copy(said, held))]
    seen.append(_nothing_painted(session, kind, token))
    if _WILL_CLEAR.search(said):
        time.sleep(CLEAR_AFTER + _SLACK)
        held = _held(session, token)
        seen.append(Seen("after its time", said, held, "not cleared" if _is_there(held) else ""))
    if _ALONE in said:
        _back_from_plain(session)
    else:
        seen.append(_picture_is_as_before(session, before))
    said, _ = _copy(session, token)
    farewell = _quit(session, said)
    time.sleep(CLEAR_AFTER + _SLACK)
    held = _held(session, token)
    is_promised = "cleared" in farewell or "or it stays" in farewell
    return [
        *seen,
        Seen("after quit, staying", farewell, held, "not cleared" if is_promised and _is_there(held) else ""),
    ]


def copy_and_log_out(session: Session, kind: Kind, token: str) -> list[Seen]:
    """Copy, quit, and leave the line at once."""
    del kind
    open_tokens(session)
    _fill_before(session)
    said, _ = _copy(session, token)
    farewell = _quit(session, said)
    session.desk.type("exit")
    session.desk.press("Return")
    wait_for(lambda: session.has_ended, "the end of the line")
    time.sleep(CLEAR_AFTER + _SLACK)
    held = _held(session, token)
    is_promised = "cleared" in farewell and "or it stays" not in farewell and "stays in your" not in farewell
    fault = "not cleared" if is_promised and _is_there(held) else ""
    if is_promised and _NOT_OUTSIDE.search(said):
        fault = "nothing is in the clipboard that could be cleared"
    return [Seen("after log-out", farewell, held, fault)]


def keys(session: Session, kind: Kind, token: str) -> list[Seen]:
    """Press igauth's keys, and tell which functions none of them reaches."""
    del kind, token
    session.swallow()
    wanted = {action.id: _keys_in_a_field(action.id) for action in ACTIONS if action.id in _NEEDED}
    every = {key for keys in wanted.values() for key in keys}
    arrived: set[str] = set()
    ordered = sorted(every - set(_LAST)) + [key for key in _LAST if key in every]
    for key in ordered:
        names = keys_in(session.arriving(lambda key=key: session.desk.press(_for_xdotool(key))))  # type: ignore[misc]
        if names == [key] or names == [_same(key)]:
            arrived.add(key)
        else:
            session.arriving(lambda: session.desk.press("Escape", "Escape", "Escape"))  # out of what it may have opened
        if session.has_ended:
            break
    lost = [key for key in ordered if key not in arrived]
    away = [action for action, keys in wanted.items() if arrived.isdisjoint(keys)]
    return [Seen("keys", f"lost: {' '.join(lost) or 'none'}", "", f"out of reach: {' '.join(away)}" if away else "")]


def paste(session: Session, kind: Kind, token: str) -> list[Seen]:
    """Paste a text into the shell, and one into igauth where no field is."""
    if not kind.paste:
        return []
    session.desk.fill(_PASTED)
    session.swallow()
    messages = session.arriving(lambda: session.desk.press(kind.paste), 1.5)
    pasted, typed = "".join(pastes_in(messages)), typed_in(messages)
    way, text = ("as a paste", pasted) if pasted else ("as keys", typed) if typed else ("nothing arrives", _PASTED)
    is_whole = text == _PASTED
    return [Seen("paste", way, "", "" if is_whole else f"{len(text)} of {len(_PASTED)} characters arrive")]


def paste_outside(session: Session, kind: Kind, token: str) -> list[Seen]:
    """Paste a secret where no field is: no shortcut may come of it."""
    if not kind.paste:
        return []
    session.desk.fill(_TYPED)
    open_tokens(session)
    session.desk.press(kind.paste)
    time.sleep(3)
    said = session.said("That was a paste")
    is_there = "[3 Tokens]" in session.text and not session.has_ended
    arrived = _TYPED.encode() in session.sent
    fault = "" if (said and is_there) or not arrived else "played as keys"
    return [Seen("paste without a field", said, "arrived" if arrived else "nothing arrived", fault)]


SCENES: dict[str, Callable[[Session, Kind, str], list[Seen]]] = {
    "copy": copy_while_running,
    "logout": copy_and_log_out,
    "keys": keys,
    "paste": paste,
    "outside": paste_outside,
}


def _copy(session: Session, token: str) -> tuple[str, str]:
    session.desk.press("c")
    wait_for(lambda: _notice(session), "a word about the copy")
    time.sleep(1)
    return _notice(session), _held(session, token)


def _notice(session: Session) -> str:
    if _PLAIN in session.text:
        return f"{session.said('Not copied')} {_ALONE}"
    return session.said(*_NOTICES)


def _held(session: Session, token: str) -> str:
    places = [name for name in ("clipboard", "primary") if token in session.desk.clipboard(name)]
    return f"token in {' and '.join(places)}" if places else "no token"


def _is_there(held: str) -> bool:
    return held.startswith("token in")


def _fill_before(session: Session) -> None:
    if "WAYLAND_DISPLAY" not in session.desk.environ:  # there the helper would take the focus
        session.desk.fill(_BEFORE)


def _fault_of_copy(said: str, held: str) -> str:
    if "Not copied" in said or _NOT_OUTSIDE.search(said):
        return "copied all the same" if _is_there(held) else ""
    if not _is_there(held) and not _MAY_FAIL.search(said):
        return "nothing was copied"
    return ""


def _nothing_painted(session: Session, kind: Kind, token: str) -> Seen:
    sequences = [code for code in ("52", "8", "22") if f"\x1b]{code};".encode() in session.written]
    fault = f"OSC {' '.join(sequences)} is painted here" if kind.paints and sequences else ""
    return Seen("sent", "", f"OSC {' '.join(sequences)}" if sequences else "no OSC", fault)


def _picture_is_as_before(session: Session, before: object) -> Seen:
    wait_for(lambda: not session.said(*_NOTICES), "the end of the notice")
    time.sleep(1)
    after = session.desk.picture("after")
    done = subprocess.run(
        ["compare", "-metric", "AE", str(before), str(after), "null:"], capture_output=True, text=True, check=False
    )
    changed = float(done.stderr.split()[0]) if done.stderr.split() else 0.0
    return Seen("picture", "", f"{changed:.0f} pixels differ", "something was painted" if changed > 1500 else "")


def _back_from_plain(session: Session) -> None:
    session.desk.press("x")
    session.shows("[3 Tokens]")


def _quit(session: Session, said: str) -> str:
    if _ALONE in said:
        _back_from_plain(session)
    session.desk.press("q")
    session.prompts()
    return session.printed(_LEFT.search)


def _keys_in_a_field(action_id: str) -> tuple[str, ...]:
    action = next(action for action in ACTIONS if action.id == action_id)
    keys = bound_keys(action, {}).split(",")
    return tuple(key for key in keys if key.startswith(("alt+", "ctrl+")) or re.fullmatch(r"f\d+", key))


def _for_xdotool(key: str) -> str:
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, last.upper() if re.fullmatch(r"f\d+", last) else _NAMES.get(last, last)])


def _same(key: str) -> str:
    """Return another name that Textual gives the key."""
    *modifiers, last = key.split("+")
    return "+".join(["alt", last.upper()]) if modifiers == ["alt", "shift"] else key


def lost_keys(seen: Collection[Seen]) -> str:
    """Return what the scene of the keys says."""
    return next((one.said for one in seen if one.what == "keys"), "")
