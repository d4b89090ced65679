"""Shows as notices what came of work on tokens."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.notifications import SeverityLevel

from tui.facebook.errors import FacebookError
from tui.services.board import Row
from tui.services.token_work import AlreadyBusy, Event, Kind, WorkEnded
from tui.tokens.refusals import RefusedTokens, grouped, refused_results
from tui.tokens.results import RefreshCode, RefreshResult
from tui.tokens.token import Token
from tui.wording import token_work as words
from tui.wording.failures import failure_line
from tui.wording.refresh import refresh_line, refresh_text
from tui.wording.refusals import refused_text, refused_title
from tui.wording.surfaces import Surface, sentences
from tui.wording.text import Action, Do

if TYPE_CHECKING:
    from tui.tokens.delivery import Delivery


def notify_outcome(app: App[Any], event: Event, surface: Surface, now: float, known: Iterable[Token]) -> None:
    """Show what came of a piece of work, where there is something to say. `now` is unix seconds, UTC.

    `known`: the tokens of the home.
    """
    match event:
        case AlreadyBusy():
            app.notify(words.ALREADY_BUSY, timeout=4)
        case WorkEnded(Kind.REFRESH, names, results):
            _notify_refresh(app, results, len(names), surface, now)
        case WorkEnded(Kind.READ, (name,), _, reading) if reading is not None:
            from tui.wording.reading import reading_text

            app.notify(reading_text(reading), title=f"Test read with {name}", markup=False, timeout=10)
        case WorkEnded(Kind.READ, _, _, _, ((_, error),)):
            text = failure_line(error, surface, retry=Action(Do.TEST_READ))
            app.notify(text, title="Test read failed", severity="error", markup=False, timeout=12)
        case WorkEnded(Kind.INSPECT, failures=failures) if refused := _refused(failures, known):
            _notify_refused(app, refused, surface)
        case WorkEnded(Kind.INSPECT, failures=((name, error), *_), is_background=False):
            text = f"{name}: {failure_line(error, surface)}"
            app.notify(text, title="Could not ask", severity="warning", markup=False, timeout=8)
        case WorkEnded(Kind.INSPECT, names, is_background=False):
            app.notify(words.inspected(names), timeout=3, markup=False)


def _notify_refresh(
    app: App[Any], results: tuple[RefreshResult, ...], asked: int, surface: Surface, now: float
) -> None:
    if refused := refused_results(results):
        _notify_refused(app, refused, surface)
    failed = next((result for result in results if not result.result.is_done), None)
    if refused and all(result.result is RefreshCode.REFUSED for result in results):
        return
    if asked == len(results) == 1:
        severity: SeverityLevel = "information" if failed is None else "warning"
        text = sentences(refresh_text(results[0], now), surface)
        app.notify(text, title=results[0].name, severity=severity, markup=False, timeout=8)
        return
    text = words.refresh_counts([result.result for result in results], asked)
    if failed is not None and failed.result is not RefreshCode.REFUSED:  # which has a notice of its own
        text += f"\n{refresh_line(failed, now, surface)}"
    app.notify(text, title="Refresh", markup=False, timeout=8)


def _refused(failures: Iterable[tuple[str, Exception]], known: Iterable[Token]) -> list[RefusedTokens]:
    errors = {name: error for name, error in failures if isinstance(error, FacebookError)}
    return grouped((token, errors[token.name]) for token in known if token.name in errors)


def _notify_refused(app: App[Any], refused: Sequence[RefusedTokens], surface: Surface) -> None:
    """Say once for each app or person that it is refused."""
    for one in refused:
        text = sentences(refused_text(one), surface)
        app.notify(text, title=refused_title(one), severity="error", markup=False, timeout=16)


def notify_worse(app: App[Any], rows: Sequence[Row], *, rings: bool) -> None:
    """Say which tokens are worse than they were; `rings`: with the terminal's bell."""
    if rings:
        app.bell()
    text = words.worse([(row.token.name, row.state) for row in rows])
    app.notify(text, title="Status changed", severity="warning", markup=False, timeout=10)


def notify_deliveries(app: App[Any], tried: Sequence["Delivery"], surface: Surface) -> None:
    """Say which tokens were delivered where, and which were not."""
    from tui.tokens.delivery import DeliveryState
    from tui.wording.delivery import delivery_text

    done = [one for one in tried if one.state is DeliveryState.DELIVERED]
    failed = [one for one in tried if one.state is not DeliveryState.DELIVERED]
    levels: tuple[SeverityLevel, ...] = ("information", "warning")
    for several, severity in zip((done, failed), levels, strict=True):
        if several:
            text = "\n".join(sentences(delivery_text(one), surface) for one in several)
            app.notify(text, title="Delivery", severity=severity, markup=False, timeout=10)
