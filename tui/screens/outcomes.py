"""Shows as notices what came of work on tokens."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual.app import App

from tui.services.board import Row
from tui.services.token_work import AlreadyBusy, Event, InspectEnded, ReadEnded, RefreshEnded
from tui.wording import token_work as words

_ALL_DONE = frozenset({"extended", "unchanged", "never_expires"})
"""Results of a refresh that need no action."""


def notify_outcome(app: App[Any], event: Event, keymap: Mapping[str, str]) -> None:
    """Show what came of a piece of work, where there is something to say."""
    match event:
        case RefreshEnded((result,), 1):
            severity = "information" if result.result in _ALL_DONE else "warning"
            app.notify(result.sentence, title=result.name, severity=severity, markup=False, timeout=8)  # type: ignore[arg-type]
        case RefreshEnded(results, asked):
            failed = next((result for result in results if result.result not in _ALL_DONE), None)
            text = words.refresh_counts([result.result for result in results], asked)
            text += f"\n{failed.sentence}" if failed is not None else ""
            app.notify(text, title="Refresh", markup=False, timeout=8)
        case InspectEnded(failures=failures, is_background=False) if failures:
            name, error = failures[0]
            app.notify(f"{name}: {error}", title="Could not ask", severity="warning", markup=False, timeout=8)
        case InspectEnded(names=names, is_background=False):
            app.notify(words.inspected(names), timeout=3, markup=False)
        case ReadEnded(name, reading) if reading is not None:
            from tui.wording.reading import reading_text

            app.notify(reading_text(reading), title=f"Test read with {name}", markup=False, timeout=10)
        case ReadEnded(error=error) if error is not None:
            from tui.wording.failures import failure_sentences
            from tui.wording.surfaces import Screen
            from tui.wording.text import Action, Do

            text = failure_sentences(error, Screen(keymap), retry=Action(Do.TEST_READ)) or str(error)
            app.notify(text, title="Test read failed", severity="error", markup=False, timeout=12)
        case AlreadyBusy():
            app.notify(words.ALREADY_BUSY, timeout=4)


def notify_worse(app: App[Any], rows: Sequence[Row]) -> None:
    """Say which tokens are worse than they were."""
    text = words.worse([(row.token.name, row.state) for row in rows])
    app.notify(text, title="Status changed", severity="warning", markup=False, timeout=10)
