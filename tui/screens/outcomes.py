"""Shows as notices what came of work on tokens."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.notifications import SeverityLevel

from tui.services.board import Row
from tui.services.token_work import AlreadyBusy, Event, Kind, WorkEnded
from tui.wording import token_work as words

if TYPE_CHECKING:
    from tui.tokens.results import RefreshResult

_ALL_DONE = frozenset({"extended", "unchanged", "never_expires"})
"""Results of a refresh that need no action."""


def notify_outcome(app: App[Any], event: Event, keymap: Mapping[str, str]) -> None:
    """Show what came of a piece of work, where there is something to say."""
    match event:
        case AlreadyBusy():
            app.notify(words.ALREADY_BUSY, timeout=4)
        case WorkEnded(Kind.REFRESH, names, results):
            _notify_refresh(app, results, len(names))
        case WorkEnded(Kind.READ, (name,), _, reading) if reading is not None:
            from tui.wording.reading import reading_text

            app.notify(reading_text(reading), title=f"Test read with {name}", markup=False, timeout=10)
        case WorkEnded(Kind.READ, _, _, _, ((_, error),)):
            from tui.wording.failures import failure_sentences
            from tui.wording.surfaces import Screen
            from tui.wording.text import Action, Do

            text = failure_sentences(error, Screen(keymap), retry=Action(Do.TEST_READ)) or str(error)
            app.notify(text, title="Test read failed", severity="error", markup=False, timeout=12)
        case WorkEnded(Kind.INSPECT, names, is_background=False, failures=failures):
            if failures:
                name, error = failures[0]
                app.notify(f"{name}: {error}", title="Could not ask", severity="warning", markup=False, timeout=8)
            else:
                app.notify(words.inspected(names), timeout=3, markup=False)


def _notify_refresh(app: App[Any], results: "tuple[RefreshResult, ...]", asked: int) -> None:
    failed = next((result for result in results if result.result not in _ALL_DONE), None)
    if asked == len(results) == 1:
        severity: SeverityLevel = "information" if failed is None else "warning"
        app.notify(results[0].sentence, title=results[0].name, severity=severity, markup=False, timeout=8)
        return
    text = words.refresh_counts([result.result for result in results], asked)
    text += f"\n{failed.sentence}" if failed is not None else ""
    app.notify(text, title="Refresh", markup=False, timeout=8)


def notify_worse(app: App[Any], rows: Sequence[Row]) -> None:
    """Say which tokens are worse than they were."""
    text = words.worse([(row.token.name, row.state) for row in rows])
    app.notify(text, title="Status changed", severity="warning", markup=False, timeout=10)
