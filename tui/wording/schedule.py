"""Words for the installed timer: which one it is, and what is wrong with it."""

from collections.abc import Iterable

from tui.timer.installed import TimerFault
from tui.tokens.automation import TimerKind
from tui.wording.text import Text
from tui.wording.texts import phrase, text_of


def fault_text(fault: TimerFault) -> Text:
    """Return what is wrong with the installed timer, and what to do."""
    facts = {"detail": fault.detail, "kind": kinds_text([fault.kind])}
    return text_of("schedule", fault.fault, facts, "fault")


def kinds_text(kinds: Iterable[TimerKind]) -> str:
    """Return the names of timers, such as "systemd timer and crontab line"."""
    return " and ".join(phrase("schedule", "kind", kind) for kind in kinds)
