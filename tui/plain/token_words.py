"""What is known of a token, as plain lines: pure functions. Times are unix seconds, UTC."""

from collections.abc import Iterable, Sequence

from tui.services.board import Row
from tui.tokens.forecast import forecast
from tui.tokens.history import HistoryEvent, told_once
from tui.tokens.life import missing_scopes
from tui.tokens.store import Version
from tui.tokens.token import Token, deadline, nearer_clock, reason, state
from tui.wording.facebook import remedy_of
from tui.wording.surfaces import PlainMenu
from tui.wording.text import Action, Do
from tui.wording.times import ago, countdown, stamp


def left(token: Token, now: float) -> str:
    """Return the time to the nearer end: `57d 03:12:09 left, until 2027-01-22 12:00 UTC`."""
    end = deadline(token)
    if end is None:
        if token.inspected_at is None:
            return "not known yet"
        return "no end known" if token.verdict in ("invalid", "expired") else "never ends by date"
    if end <= now:
        return f"ended {stamp(end)}"
    why = " (data access)" if nearer_clock(token) == "data_access" else ""
    return f"{countdown(end - now)} left, until {stamp(end)}{why}"


def row_line(number: int, row: Row, now: float) -> str:
    """Return one token of the list."""
    token = row.token
    subject = token.subject_name or token.subject_id or "not known whose"
    return f"{number}. {token.name}: {row.state}, {token.kind.replace('_', ' ')}, {subject}, {left(token, now)}"


def story(token: Token, now: float, window: int, expected: Sequence[str]) -> list[str]:
    """Return all that is known of a token except its value."""
    why = reason(token, now)
    asked = "never" if token.inspected_at is None else f"{stamp(token.inspected_at)}, {ago(now - token.inspected_at)}"
    subject = f"{token.subject_name} {token.subject_id}".strip() or "not known whom"
    lines = [
        f"{token.name}: {state(token, now, window)}{f' ({why})' if why else ''}, {left(token, now)}",
        f"Forecast: {forecast(token, now, window).sentence}",
        f"Facebook was asked: {asked}",
        f"Kind: {token.kind.replace('_', ' ')} of {subject}",
        f"Profile: {token.profile}, App ID {token.app_id}",
        f"Expires: {_end(token.expires_at, token, now)}",
        f"Data access: {_end(token.data_access_expires_at, token, now)}",
        f"Issued: {stamp(token.issued_at, 'not told by Facebook')}",
        f"From: {token.origin or 'not known'}, stored {stamp(token.obtained_at)}",
        f"Extended: {stamp(token.extended_at, 'not by igauth yet')}",
        f"Scopes: {', '.join(token.scopes) or 'none known'}",
        f"Lacks: {', '.join(missing_scopes(token, expected)) or 'nothing expected'}",
    ]
    for page in token.pages:
        account = f" with Instagram @{page.instagram_username or page.instagram_id}" if page.instagram_id else ""
        lines.append(f"Page: {page.name} {page.page_id}{account}")
    if token.failure is not None:
        failure = token.failure
        lines.append(f"Last error: {ago(now - failure.at)}, {failure.message}")
        if failure.cause:
            remedy = remedy_of(failure)
            lines.append(f"It means: {remedy.title}. {remedy.advice(PlainMenu(), Action(Do.REFRESH))}")
    return lines


def kept(versions: Iterable[Version], history: Iterable[HistoryEvent]) -> list[str]:
    """Return the versions and the history, newest first."""
    lines = [f"Version {item.fingerprint}: {item.status}, stored {stamp(item.at)}" for item in versions]
    for event in history:
        code = f" {event.code}/{event.subcode}" if event.code is not None else ""
        lines.append(f"History {stamp(event.at)}: {event.actor} {event.action}{code} {told_once(event)}".rstrip())
    return lines


def _end(end: int | None, token: Token, now: float) -> str:
    if end is None:
        return "not known" if token.inspected_at is None else "never"
    return f"{stamp(end)}, {countdown(end - now)}"
