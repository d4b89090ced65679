"""All that is known of one token: both clocks, scopes, Pages, where it came from, its history."""

import asyncio

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.screens.dialog import Dialog
from tui.session import Session
from tui.tokens.history import HistoryEvent, told_once
from tui.tokens.life import missing_scopes
from tui.tokens.states import TokenState
from tui.tokens.token import Token, reason, state
from tui.widgets.timeline import timeline
from tui.widgets.wrapped import wrapped
from tui.wording.facebook import remedy_of
from tui.wording.surfaces import Screen, Surface
from tui.wording.text import Action, Do
from tui.wording.times import ago, countdown, stamp

_INDENT = 13
"""Cells that the labels take."""
_PAGE = "never by date; dies with a password change, a lost role or a removed app"


class TokenDetails(Dialog[None]):
    """Read from the store when opened; asks nobody."""

    COMPONENT_CLASSES = {"details--label"}  # noqa: RUF012 - Textual's own type

    def __init__(self, session: Session, name: str) -> None:
        super().__init__()
        self._session = session
        self._token_name = name

    def compose(self) -> ComposeResult:
        """Lay out one scrolling page."""
        with VerticalScroll(classes="dialog tall"):
            yield Static(f"{self._token_name} (escape goes back)", classes="title", markup=False)
            yield Static("", id="details", markup=False)

    def on_mount(self) -> None:
        """Let the arrows scroll; read."""
        self.query_one(VerticalScroll).focus()
        self._read()

    @work(exit_on_error=False)
    async def _read(self) -> None:
        session = self._session
        store = session.services.token_store
        token = await asyncio.to_thread(store.token, self._token_name)
        history = await asyncio.to_thread(lambda: store.history(self._token_name, limit=40))
        versions = await asyncio.to_thread(store.versions, self._token_name)
        value = await asyncio.to_thread(store.value, self._token_name)
        now = session.clock.now()
        surface = Screen(session.services.settings.keymap)
        lines = [
            *facts(token, now, session.window_of(token.profile), session.expected_scopes(token.profile), surface),
            ("value", value.masked()),
            (
                "versions",
                f"{len(versions)} kept: " + ", ".join(f"{item.fingerprint} ({item.status})" for item in versions),
            ),
        ]
        glyphs = session.glyphs
        moments = [event.at for event in history if event.result == "extended" or event.action in ("login", "extend")]
        plot = timeline(moments, now, 45, mark=glyphs.states[TokenState.VALID], empty=glyphs.dot)
        lines.append(("refreshes", f"90 d ago {plot} now"))
        told = [history_line(event) for event in history] or ["(nothing yet)"]
        self.query_one("#details", Static).update(self._page(lines, told))

    def _page(self, lines: list[tuple[str, str]], told: list[str]) -> Content:
        width = min(76, self.size.width) - 5
        style = self.get_visual_style("details--label", partial=True)
        rows = [
            Content.styled(f"{label:<{_INDENT}}", style) + Content(wrapped(line, width, _INDENT))
            for label, line in lines
        ]
        story = [Content(wrapped(line, width, 4)) for line in told]
        return Content("\n").join([*rows, Content(""), Content.styled("History", style), *story])


def facts(token: Token, now: float, window: int, expected: tuple[str, ...], surface: Surface) -> list[tuple[str, str]]:
    """Return what is known of a token, a label and a text each. `now` is unix seconds, UTC."""
    why = reason(token, now)
    rows = [
        ("state", state(token, now, window) + (f" ({why})" if why else "")),
        (
            "asked",
            "never" if token.inspected_at is None else f"{stamp(token.inspected_at)}, {ago(now - token.inspected_at)}",
        ),
        ("kind", token.kind.replace("_", " ")),
        ("subject", f"{token.subject_name} {token.subject_id}".strip() or "not known"),
        ("profile", f"{token.profile} (App ID {token.app_id})"),
        ("expires", _end(token.expires_at, now, token)),
        ("data access", _end(token.data_access_expires_at, now, token)),
        ("issued", stamp(token.issued_at, "not told by Facebook")),
        ("origin", f"{token.origin or 'not known'}, stored {stamp(token.obtained_at)}"),
        ("extended", stamp(token.extended_at, "not by igauth yet")),
        ("scopes", ", ".join(token.scopes) or "none known"),
        ("lacks", ", ".join(missing_scopes(token, expected)) or "nothing expected"),
    ]
    rows += [
        ("only for", f"{grant.scope}: {', '.join(grant.target_ids)}")
        for grant in token.granular_scopes
        if grant.target_ids
    ]
    for page in token.pages:
        account = f" with Instagram @{page.instagram_username or page.instagram_id}" if page.instagram_id else ""
        rows.append(("page", f"{page.name} ({page.page_id}){account}: {_PAGE}"))
    if token.failure is not None:
        failure = token.failure
        number = _numbers(failure.code, failure.subcode)
        told = f"{ago(now - failure.at)}{number and f' ({number})'}: {failure.message} {failure.fbtrace_id}"
        rows.append(("last error", told.rstrip()))
    if token.failure is not None and token.failure.cause:
        failure = token.failure
        remedy = remedy_of(failure)
        rows += [
            ("means", f"{remedy.title}: {remedy.what} {remedy.why}"),
            ("what to do", remedy.advice(surface, Action(Do.REFRESH))),
        ]
    return rows


def history_line(event: HistoryEvent) -> str:
    """Return one line of the story."""
    number = _numbers(event.code, event.subcode)
    code = f" {number}" if number else ""
    return f"  {stamp(event.at)}  {event.actor:<7} {event.action:<9}{code} {told_once(event)}".rstrip()


def _numbers(code: int | None, subcode: int | None) -> str:
    return "/".join(str(number) for number in (code, subcode) if number is not None)


def _end(end: int | None, now: float, token: Token) -> str:
    if end is None:
        return "not known" if token.inspected_at is None else "never"
    return f"{stamp(end)} ({countdown(end - now)})"
