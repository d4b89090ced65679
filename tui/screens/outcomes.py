"""Shows as notices what came of work on tokens."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.notifications import SeverityLevel

from tui.facebook.errors import FacebookError
from tui.services.board import Row
from tui.services.token_work import AlreadyBusy, Event, Kind, WorkEnded
from tui.session import Session
from tui.tokens.refusals import RefusedTokens, grouped, refused_results
from tui.tokens.results import RefreshCode
from tui.wording import token_work as words
from tui.wording.refresh import bug_in, first_failure, refresh_line, refresh_text, rest_not_asked, result_counts
from tui.wording.refusals import refused_text, refused_title
from tui.wording.surfaces import Surface, sentences
from tui.wording.text import Action, Do

if TYPE_CHECKING:
    from tui.tokens.delivery import Delivery


def notify_outcome(app: App[Any], event: Event, surface: Surface, session: Session) -> None:
    """Show what came of a piece of work, where there is something to say."""
    match event:
        case AlreadyBusy():
            app.notify(words.ALREADY_BUSY, timeout=4)
        case WorkEnded(error=Exception() as error):
            _notify_error(app, event, error, surface, session)
        case WorkEnded(kind=Kind.REFRESH):
            _notify_refresh(app, event, surface, session)
        case WorkEnded(kind=Kind.READ, names=(name,), reading=reading) if reading is not None:
            from tui.wording.reading import reading_text

            app.notify(reading_text(reading), title=f"Test read with {name}", markup=False, timeout=10)
        case WorkEnded(kind=Kind.READ, failures=((_, error), *_)):
            text = sentences(session.explained(error, retry=Action(Do.TEST_READ)), surface)
            app.notify(text, title="Test read failed", severity="error", markup=False, timeout=12)
        case WorkEnded(kind=Kind.INSPECT):
            _notify_inspection(app, event, surface, session)


def _notify_error(app: App[Any], event: WorkEnded, error: Exception, surface: Surface, session: Session) -> None:
    """Show what went wrong, and for how many tokens nothing was done."""
    text = sentences(session.explained(error), surface)
    if event.not_done:
        text = f"{words.not_done(event.not_done)} {text}"
    app.notify(text, title=words.failed_title(event.kind), severity="error", markup=False, timeout=12)


def _notify_refresh(app: App[Any], event: WorkEnded, surface: Surface, session: Session) -> None:
    results, now = event.results, session.clock.now()
    if refused := refused_results(results):
        _notify_refused(app, refused, surface)
    # a refusal has a notice of its own
    failed = first_failure(result for result in results if result.result is not RefreshCode.REFUSED)
    if (bug := bug_in(result.cause for result in results)) is not None:
        _notify_error(app, event, bug, surface, session)
    if refused and len(results) == len(event.names) and all(result.result is RefreshCode.REFUSED for result in results):
        return
    severity: SeverityLevel = "information" if failed is None and not event.not_done else "warning"
    if len(event.names) == len(results) == 1:
        text = sentences(refresh_text(results[0], now), surface)
        app.notify(text, title=results[0].name, severity=severity, markup=False, timeout=8)
    else:
        lines = [f"{result_counts(results, len(event.names))}."]
        lines += [refresh_line(failed, now, surface)] if failed is not None else []
        lines.append(rest_not_asked(results))
        text = "\n".join(filter(None, lines))
        app.notify(text, title="Refresh", severity=severity, markup=False, timeout=8)


def _notify_inspection(app: App[Any], event: WorkEnded, surface: Surface, session: Session) -> None:
    if not event.failures and not event.not_done:
        if not event.is_background:
            app.notify(words.inspected(event.answered), timeout=3, markup=False)
        return
    errors = {name: error for name, error in event.failures if isinstance(error, FacebookError)}
    tokens = (row.token for row in session.board.rows)
    refused = grouped((token, errors[token.name]) for token in tokens if token.name in errors)
    if not event.is_background:  # the status line and the panel say it all the time
        _notify_refused(app, refused, surface)
    failures = [failure for failure in event.failures if not any(failure[0] in one.names for one in refused)]
    if (bug := bug_in(error for _, error in failures)) is not None:
        _notify_error(app, event, bug, surface, session)
    rest = words.rest_not_asked(error for _, error in failures)
    if event.is_background:
        if rest:
            app.notify(rest, title="Could not ask", severity="warning", markup=False, timeout=8)
        return
    if not failures and not event.not_done:
        return
    failed = sum(not words.is_given_up(error) for _, error in event.failures)
    lines = [words.asked_counts(len(event.answered), failed, len(event.names) - len(event.failures) + failed)]
    if failures:
        name, error = next((one for one in failures if not words.is_given_up(one[1])), failures[0])
        lines += [f"{name}: {sentences(session.explained(error), surface)}", rest]
    severity: SeverityLevel = "warning" if failures else "information"
    app.notify(
        "\n".join(filter(None, lines)),
        title="Could not ask" if failures else "",
        severity=severity,
        markup=False,
        timeout=8,
    )


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
