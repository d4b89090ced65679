"""A line of the history."""

from datetime import datetime

from tui.tokens.history import HistoryEvent
from tui.wording.reasons import reason_text
from tui.wording.times import stamp
from tui.wording.vault import STORES

_RESULTS = {
    "same_end": "no change",
    "earlier_end": "no change: the new token would expire earlier",
    "other_app": "not used: the new token is of another app",
    "other_person": "not used: the new token is of another person",
    "scope_lost": "not used: the new token lacks scopes",
    "not_valid": "not used: the new token does not work",
    "login_needed": "needs a new login",
    "could_not_ask": "could not ask Facebook",
}


def numbers(code: int | None, subcode: int | None) -> str:
    """Return Facebook's code and subcode as `190/460`; empty where it gave none."""
    return "/".join(str(number) for number in (code, subcode) if number is not None)


def event_text(event: HistoryEvent) -> str:
    """Return what came of it: the result, then its facts, Facebook's message, or what an earlier igauth wrote."""
    facts = event.facts
    parts = [_RESULTS.get(event.result) or event.result.replace("_", " ")]
    if reason := facts.get("reason"):
        parts.append(reason_text(reason))
    if moment := facts.get("expires_at"):
        parts.append(f"until {_stamp(moment)}")
    if moment := facts.get("data_access_expires_at"):
        parts.append(f"no longer expires, data access until {_stamp(moment)}")
    if lost := facts.get("lost"):
        parts.append(lost.replace(",", ", "))
    if before := facts.get("before"):
        parts.append(f"before: {before}")
    if store := facts.get("store"):
        parts.append(f"{facts.get('count', '')} secrets to {STORES.get(store, store)}".strip())
    if tokens := facts.get("tokens"):
        parts.append(f"{tokens} tokens")
    if not facts:
        parts.append(event.text)
    return ": ".join(part for part in (parts[0], ", ".join(parts[1:])) if part)


def _stamp(moment: str) -> str:
    try:
        return stamp(datetime.fromisoformat(moment).timestamp())
    except ValueError:  # a text that looks like facts and is none
        return moment
