"""A line of the history."""

from datetime import datetime

from tui.tokens.history import HistoryEvent
from tui.wording.counts import counted
from tui.wording.texts import phrases
from tui.wording.times import stamp
from tui.wording.token_words import numbers, reason_text
from tui.wording.vault import STORES


def event_line(event: HistoryEvent, when: str, token: str = "") -> str:
    """Return an event in one line: when, who, what, and what came of it; `token` where lines are of several."""
    code = numbers(event.code, event.subcode)
    return "  ".join(filter(None, (when, f"{event.actor:<7}", event.action, token, code, event_text(event))))


def event_text(event: HistoryEvent) -> str:
    """Return what came of it: the result, then its facts, Facebook's message, or what an earlier igauth wrote."""
    facts = event.facts
    parts = [phrases("tokens", "result").get(event.result) or event.result.replace("_", " ")]
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
        parts.append(f"{counted(facts.get('count', ''), 'secret')} to {STORES.get(store, store)}".strip())
    if tokens := facts.get("tokens"):
        parts.append(counted(tokens, "token"))
    if not facts:
        parts.append(event.text)
    return ": ".join(part for part in (parts[0], ", ".join(parts[1:])) if part)


def _stamp(moment: str) -> str:
    try:
        return stamp(datetime.fromisoformat(moment).timestamp())
    except ValueError:  # a text that looks like facts and is none
        return moment
