"""Shows as notices what came of work on tokens."""

from collections.abc import Sequence
from typing import Any

from textual.app import App
from textual.notifications import SeverityLevel

from tui.services.board import Row
from tui.services.token_work import AlreadyBusy, Event, InspectEnded, ReadEnded, RefreshEnded
from tui.session import Session
from tui.wording import token_work as words
from tui.wording.failures import failure_sentences
from tui.wording.refresh import refresh_line, refresh_text
from tui.wording.surfaces import sentences
from tui.wording.text import Action, Do


def notify_outcome(app: App[Any], event: Event, session: Session) -> None:
    """Show what came of a piece of work, where there is something to say."""
    match event:
        case RefreshEnded((result,), 1):
            text = sentences(refresh_text(result, session.clock.now()), session.surface())
            severity: SeverityLevel = "information" if result.result.is_done else "warning"
            app.notify(text, title=result.name, severity=severity, markup=False, timeout=8)
        case RefreshEnded(results, asked):
            failed = next((result for result in results if not result.result.is_done), None)
            text = words.refresh_counts([result.result for result in results], asked)
            text += f"\n{refresh_line(failed, session.clock.now(), session.surface())}" if failed is not None else ""
            app.notify(text, title="Refresh", markup=False, timeout=8)
        case InspectEnded(failures=failures, is_background=False) if failures:
            name, error = failures[0]
            text = f"{name}: {failure_sentences(error, session.surface()) or error}"
            app.notify(text, title="Could not ask", severity="warning", markup=False, timeout=8)
        case InspectEnded(names=names, is_background=False):
            app.notify(words.inspected(names), timeout=3, markup=False)
        case ReadEnded(name, reading) if reading is not None:
            from tui.wording.reading import reading_text

            app.notify(reading_text(reading), title=f"Test read with {name}", markup=False, timeout=10)
        case ReadEnded(error=error) if error is not None:
            text = failure_sentences(error, session.surface(), retry=Action(Do.TEST_READ)) or str(error)
            app.notify(text, title="Test read failed", severity="error", markup=False, timeout=12)
        case AlreadyBusy():
            app.notify(words.ALREADY_BUSY, timeout=4)


def notify_worse(app: App[Any], rows: Sequence[Row]) -> None:
    """Say which tokens are worse than they were."""
    text = words.worse([(row.token.name, row.state) for row in rows])
    app.notify(text, title="Status changed", severity="warning", markup=False, timeout=10)
