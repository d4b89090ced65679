"""The tokens table: a row a token, time left counting down by the second; only what is in sight is drawn."""

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.services.board import Board, Row
from tui.tokens.states import TokenState, is_unusable
from tui.widgets.token_cells import Expected, cell_text, fitted
from tui.widgets.token_columns import Column, columns_for


@dataclass(frozen=True, slots=True)
class Heading:
    """A row between groups."""

    text: str


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """Matillion's own authorization, always marked as an estimate."""

    profile: str
    text: str


Entry = Row | Heading | EstimateRow


class TokenTable(ScrollView, can_focus=True):
    """Draws the entries of a board; `tick` redraws only what changed. Headings do not take the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "token-table--cursor",
        "token-table--cursor-blurred",
        "token-table--heading",
        "token-table--muted",
        "token-table--name",
        "token-table--missing",
        "token-table--estimate",
        "token-table--busy",
        *(f"token-table--{state}" for state in TokenState),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, system=True),
        Binding("down,j", "move(1)", "Down", show=False, system=True),
        Binding("pageup", "page(-1)", "Page up", show=False, system=True),
        Binding("pagedown", "page(1)", "Page down", show=False, system=True),
        Binding("home", "edge(-1)", "First", show=False, system=True),
        Binding("end", "edge(1)", "Last", show=False, system=True),
    ]

    class Moved(Message):
        """The cursor has moved to another row."""

    class Chosen(Message):
        """A row was clicked twice."""

    cursor: reactive[int] = reactive(0, repaint=False, init=False)

    def __init__(self, expected: Expected, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._expected = expected
        self._entries: tuple[Entry, ...] = ()
        self._busy: frozenset[str] = frozenset()
        self._now = 0.0
        self._minute = 0
        self._drawn: dict[int, dict[Column, str]] = {}
        self._style_cache: dict[str, Style] = {}

    # --- what is shown -----------------------------------------------------------------------------------------

    def show(self, entries: tuple[Entry, ...], now: float, *, keep: str = "") -> None:
        """Show other entries; the cursor stays on the token named `keep`, else on the first."""
        self._entries = entries
        self._now = now
        self._minute = int(now // 60)
        self._drawn.clear()
        count = len(entries)
        if not self.size and count > self.app.size.height:
            self.show_vertical_scrollbar = True  # known before the first layout: nothing is laid out twice
        if self.styles.is_auto_height and count != self.virtual_size.height:
            self.refresh(layout=True)
        self.virtual_size = Size(self.size.width, count)
        place = self.index_of(keep) if keep else 0
        self.set_reactive(TokenTable.cursor, self._nearest(self.cursor if place is None else place))
        self._scroll_to_cursor()
        self.refresh()

    def set_busy(self, names: frozenset[str]) -> None:
        """Mark tokens that are being worked on."""
        if names != self._busy:
            self._busy = names
            self.refresh()

    @property
    def selected(self) -> Entry | None:
        """The entry under the cursor."""
        return self._entries[self.cursor] if self.cursor < len(self._entries) else None

    def index_of(self, name: str) -> int | None:
        """Return the place of a token's row."""
        return next(
            (index for index, entry in enumerate(self._entries) if isinstance(entry, Row) and entry.token.name == name),
            None,
        )

    def tick(self, now: float) -> None:
        """Draw the cells in sight that changed by `now`."""
        self._now = now
        if int(now // 60) != self._minute:  # the other end and the bar move by hours
            self._minute = int(now // 60)
            self.refresh()
            return
        top = self.scroll_offset.y
        for y, entry in enumerate(self._entries[top : top + self.size.height]):
            drawn = self._drawn.get(top + y)
            if not isinstance(entry, Row) or drawn is None:
                continue
            for place, old in drawn.items():
                new = drawn[place] = cell_text(place, entry, now, self._expected)
                if old != new:
                    self.refresh(Region(place.x, y, place.width, 1))

    # --- the cursor --------------------------------------------------------------------------------------------

    def watch_cursor(self, before: int, after: int) -> None:
        """Redraw the two rows concerned and tell the screen."""
        self._refresh_row(before)
        self._refresh_row(after)
        self._scroll_to_cursor()
        self.post_message(self.Moved())

    def _takes_cursor(self, index: int) -> bool:
        return 0 <= index < len(self._entries) and not isinstance(self._entries[index], Heading)

    def _nearest(self, index: int) -> int:
        takers = filter(self._takes_cursor, range(len(self._entries)))
        return min(takers, key=lambda place: (abs(place - index), -place), default=0)

    def _refresh_row(self, index: int) -> None:
        y = index - self.scroll_offset.y
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _scroll_to_cursor(self) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if height <= 0:
            return
        if self.cursor < top:
            self.scroll_to(y=max(0, self.cursor - (1 if self.cursor == 1 else 0)), animate=False, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)

    def action_move(self, step: int) -> None:
        """Move to the next row that takes the cursor."""
        places = range(self.cursor + step, len(self._entries) if step > 0 else -1, step)
        self.cursor = next(filter(self._takes_cursor, places), self.cursor)

    def action_page(self, direction: int) -> None:
        """Move by what is in sight."""
        self.cursor = self._nearest(self.cursor + direction * max(1, self.size.height - 1))

    def action_edge(self, direction: int) -> None:
        """Move to the first or last row."""
        self.cursor = self._nearest(0 if direction < 0 else len(self._entries))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; twice chooses."""
        index = event.y + self.scroll_offset.y
        if self._takes_cursor(index):
            self.cursor = index
            if event.chain == 2:
                self.post_message(self.Chosen())

    # --- drawing -----------------------------------------------------------------------------------------------

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the height where it is `auto`: a line a row."""
        return len(self._entries)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        self.virtual_size = Size(event.size.width, len(self._entries))
        self._scroll_to_cursor()

    def on_focus(self) -> None:
        """Show that the keys go here."""
        self._refresh_row(self.cursor)

    def on_blur(self) -> None:
        """Show that the keys go elsewhere."""
        self._refresh_row(self.cursor)

    def _style_of(self, component: str) -> Style:
        """Return the style of a component class, or of the table itself; looked up once until styles change."""
        style = self._style_cache.get(component)
        if style is None:
            name = f"token-table--{component}"
            style = self.get_component_rich_style(name, partial=True) if component else self.rich_style
            self._style_cache[component] = style
        return style

    def notify_style_update(self) -> None:
        """Forget looked-up styles: theme or classes changed."""
        self._style_cache.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Draw the row at line `y` of what is in sight."""
        width = self.size.width
        index = y + self.scroll_offset.y
        style = self._style_of("")
        if not 0 <= index < len(self._entries):
            return Strip.blank(width, style)
        if index == self.cursor and self._takes_cursor(index):
            style += self._style_of("cursor" if self.has_focus else "cursor-blurred")
        return Strip(self._draw(index, width, style)).adjust_cell_length(width, style)

    def _draw(self, index: int, width: int, style: Style) -> list[Segment]:
        entry = self._entries[index]
        match entry:
            case Heading():
                return [Segment(f"── {entry.text} ".ljust(width, "─"), style + self._style_of("heading"))]
            case EstimateRow():
                return [Segment(fitted(f"~ {entry.text}", width), style + self._style_of("estimate"))]
            case Row():
                return self._draw_token(index, entry, columns_for(width), style)

    def _draw_token(self, index: int, row: Row, columns: tuple[Column, ...], style: Style) -> list[Segment]:
        segments: list[Segment] = []
        self._drawn[index] = {}
        for place in columns:
            text = cell_text(place, row, self._now, self._expected)
            if place.key in ("left", "checked"):  # these change by themselves
                self._drawn[index][place] = text
            segments.append(Segment(text + " ", style + self._style_of(self._component(place, row))))
        return segments

    def _component(self, place: Column, row: Row) -> str:
        match place.key:
            case "state" if row.token.name in self._busy:
                return "busy"
            case "glyph" | "state" | "left" | "life":
                return row.state
            case "missing" | "name":
                return place.key
            case _:
                return "muted"


def entries_of(
    board: Board,
    estimates: tuple[EstimateRow, ...],
    *,
    group_profiles: bool = False,
    kept: frozenset[str] | None = None,
) -> tuple[Entry, ...]:
    """Return a board's rows with their headings; `kept` limits them to tokens of these names."""
    rows = [row for row in board.rows if kept is None or row.token.name in kept]
    unusable = [row for row in rows if is_unusable(row.state)]
    entries: list[Entry] = []
    if group_profiles:
        for profile in sorted({row.token.profile for row in rows}):
            entries += [Heading(profile), *(row for row in rows if row.token.profile == profile)]
    else:
        entries += [row for row in rows if not is_unusable(row.state)]
        if unusable:
            entries += [Heading(f"unusable ({len(unusable)})"), *unusable]
    if estimates:
        entries += [Heading("Matillion's own authorization (estimates: it cannot be read)"), *estimates]
    return tuple(entries)
