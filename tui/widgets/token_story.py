"""The selected token's story: what it is, both its ends, what automation can do for it, what to do next."""

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from tui.services.board import Row
from tui.tokens.forecast import forecast
from tui.tokens.life import missing_scopes
from tui.tokens.token import Failure, Token, nearer_clock
from tui.widgets.glyphs import UNICODE, Glyphs
from tui.widgets.token_cells import Expected, account_of, checked_text
from tui.widgets.token_table import Entry, EstimateRow
from tui.widgets.wrapped import wrapped
from tui.wording.times import ago, span, stamp

INDENT = 9
"""Cells that the labels take."""

ESTIMATE = (
    "Matillion keeps a token of its own that nobody can read. What stands here is counted from the day its"
    " authorisation was completed, or was proven by a task run. r leads to the guide's steps that renew it."
)


class TokenStory(Widget):
    """Draws one entry's story; redrawn only where its text changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "token-story--label",
        "token-story--valid",
        "token-story--due",
        "token-story--expired",
        "token-story--invalid",
        "token-story--unknown",
    }

    def __init__(self, expected: Expected, window_of: Callable[[str], int], *, glyphs: Glyphs = UNICODE) -> None:
        super().__init__()
        self._expected = expected
        self._window_of = window_of
        self._glyphs = glyphs
        self._entry: Entry | None = None
        self._now = 0.0
        self._shown = Content("")
        self._minute = -1

    def on_mount(self) -> None:
        """Take the colours of another theme as soon as it is put on."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.call_after_refresh(self._dress_anew))

    def _dress_anew(self) -> None:
        self._shown = Content("")
        self._draw(self._now)

    def show(self, entry: Entry | None, now: float) -> None:
        """Tell another entry's story."""
        self._entry = entry
        self._draw(now)

    def tick(self, now: float) -> None:
        """Follow the time once a minute: seconds are counted in the panel."""
        if int(now // 60) != self._minute:
            self._draw(now)

    def _draw(self, now: float) -> None:
        self._now = now
        self._minute = int(now // 60)
        content = self._content()
        if content != self._shown:
            self._shown = content
            self.refresh()

    def on_resize(self) -> None:
        """Wrap anew."""
        self._draw(self._now)

    def render(self) -> Content:
        """Return the story."""
        return self._shown

    def _content(self) -> Content:
        match self._entry:
            case Row() as row:
                return self._fitting(Content("\n").join(self._lines(row)))
            case EstimateRow() as estimate:
                text = f"{self._glyphs.estimate} {estimate.text}\n{ESTIMATE}"
                return Content(wrapped(text, self._width, 0))
            case _:
                return Content("")

    def _fitting(self, content: Content) -> Content:
        """Return as many lines as there is room for; a cut shows."""
        room = self.content_size.height
        lines = content.split("\n", allow_blank=True)
        if not 0 < room < len(lines):
            return content
        last = lines[room - 1]
        if last.cell_length + 2 > self._width:
            last = last.right_crop(2)
        return Content("\n").join([*lines[: room - 1], last + f" {self._glyphs.ellipsis}"])

    def _lines(self, row: Row) -> list[Content]:
        token = row.token
        lines = [
            self._headline(row),
            self._ends(token),
            self._line("can do", forecast(token, self._now, self._window_of(token.profile)).sentence),
        ]
        if token.failure is not None:
            failure = token.failure
            if failure.cause:
                lines.append(self._line("means", self._meaning(failure)))  # first: what follows may be cut off
            lines.append(self._line("failed", f"{ago(self._now - failure.at)}: {failure.message}"))
        missing = missing_scopes(token, self._expected(token.profile))
        if missing:
            lines.append(self._line("lacks", ", ".join(missing)))
        reached = [
            f"{page.name}{f' (@{page.instagram_username})' if page.instagram_username else ''}" for page in token.pages
        ]
        if reached:
            lines.append(self._line("reaches", ", ".join(reached)))
        origin = f"{token.origin or 'unknown'}, stored {stamp(token.obtained_at)}"
        lines.append(self._line("from", origin))
        return lines

    def _meaning(self, failure: Failure) -> str:
        from tui.wording.facebook import remedy_of  # only where something failed
        from tui.wording.surfaces import Screen
        from tui.wording.text import Action, Do

        remedy = remedy_of(failure)
        keymap = self.app.session.services.settings.keymap  # type: ignore[attr-defined]
        return f"{remedy.title}. {remedy.advice(Screen(keymap), Action(Do.REFRESH))}"

    def _headline(self, row: Row) -> Content:
        token = row.token
        style = self.get_visual_style(f"token-story--{row.state}", partial=True)
        word = f"{self._glyphs.states[row.state]} {row.state}"
        kind = ("an " if token.kind in ("app", "unknown") else "a ") + token.kind.replace("_", " ")
        text = f"{token.name}, {kind} token of {account_of(token)}, {checked_text(token, self._now)}"
        shown = wrapped(text, self._width, cell_len(word) + 2)
        return Content("").join([Content.styled(word, style), Content(f"  {shown}")])

    def _ends(self, token: Token) -> Content:
        expiry = self._end("expires", token.expires_at, token)
        access = self._end("data access", token.data_access_expires_at, token)
        first, second = (access, expiry) if nearer_clock(token) == "data_access" else (expiry, access)
        is_short = len(first) + len(second) + INDENT + 2 <= self._width
        return self._line("ends", f"{first}; {second}" if is_short else f"{first};\n{second}")

    def _end(self, what: str, end: int | None, token: Token) -> str:
        if token.inspected_at is None and end is None:
            return f"{what}: not known"
        if end is None:
            return f"{what} never" if what == "expires" else f"{what}: no end"
        left = span(end - self._now).replace(" d", "d") if end > self._now else "passed"  # seconds would stand still
        return f"{what} {stamp(end)} ({left})"

    @property
    def _width(self) -> int:
        return self.content_size.width or 78

    def _line(self, label: str, text: str) -> Content:
        style = self.get_visual_style("token-story--label", partial=True)
        shown = wrapped(text, self._width, INDENT)
        return Content("").join([Content.styled(f"{label:<{INDENT}}", style), Content(shown)])
