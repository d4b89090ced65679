"""A list of one-line rows with a cursor that draws only what is in sight, however many rows there are."""

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


class _AtRow(Message):
    """Something happened at a row of a list."""

    def __init__(self, row_list: "RowList", index: int) -> None:
        super().__init__()
        self.row_list = row_list
        self.index = index

    @property
    def control(self) -> "RowList":
        """The list in which it happened."""
        return self.row_list


class RowList(ScrollView, can_focus=True):
    """Rows are drawn by `draw_row`; only those `is_selectable` take the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, system=True),
        Binding("down,j", "move(1)", "Down", show=False, system=True),
        Binding("pageup", "page(-1)", "Page up", show=False, system=True),
        Binding("pagedown", "page(1)", "Page down", show=False, system=True),
        Binding("home", "edge(-1)", "First", show=False, system=True),
        Binding("end", "edge(1)", "Last", show=False, system=True),
    ]

    class Moved(_AtRow):
        """The cursor has moved to another row."""

    class Chosen(_AtRow):
        """A row was clicked twice."""

    cursor: reactive[int] = reactive(0, repaint=False, init=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._style_cache: dict[str, Style] = {}

    # --- what a kind of list says ------------------------------------------------------------------------------

    def row_count(self) -> int:
        """Return how many rows there are."""
        raise TypeError(f"{type(self).__name__} does not say how many rows it has")

    def is_selectable(self, index: int) -> bool:
        """Tell whether this row can be selected."""
        return True

    def draw_row(self, index: int, width: int, style: Style) -> list[Segment]:
        """Return one row as segments; `style` is the row's own, cursor included."""
        raise TypeError(f"{type(self).__name__} does not draw its rows")

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the height where it is `auto`: a line a row."""
        return self.row_count()

    # --- rows and cursor ---------------------------------------------------------------------------------------

    def rows_changed(self, cursor: int) -> None:
        """Draw again after the rows were replaced, with the cursor at `cursor` or the nearest row that takes it."""
        count = self.row_count()
        if not self.size and count > self.app.size.height:
            self.show_vertical_scrollbar = True  # known before the first layout: nothing is laid out twice
        if self.styles.is_auto_height and count != self.virtual_size.height:
            self.refresh(layout=True)
        self.virtual_size = Size(self.size.width, count)
        place = self._nearest(min(max(cursor, 0), max(count - 1, 0)))
        self.set_reactive(RowList.cursor, place)
        self._scroll_to_cursor()
        self.refresh()

    def watch_cursor(self, before: int, after: int) -> None:
        """Redraw the two rows concerned and tell the screen."""
        self._refresh_row(before)
        self._refresh_row(after)
        self._scroll_to_cursor()
        self.post_message(self.Moved(self, after))

    def _nearest(self, index: int) -> int:
        count = self.row_count()
        for distance in range(count):
            for place in (index + distance, index - distance):
                if 0 <= place < count and self.is_selectable(place):
                    return place
        return 0

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
        place = self.cursor + step
        while 0 <= place < self.row_count():
            if self.is_selectable(place):
                self.cursor = place
                return
            place += step

    def action_page(self, direction: int) -> None:
        """Move by what is in sight."""
        place = self.cursor + direction * max(1, self.size.height - 1)
        self.cursor = self._nearest(min(max(place, 0), max(self.row_count() - 1, 0)))

    def action_edge(self, direction: int) -> None:
        """Move to the first or last row."""
        self.cursor = self._nearest(0 if direction < 0 else max(self.row_count() - 1, 0))

    # --- drawing -----------------------------------------------------------------------------------------------

    def style_of(self, component: str) -> Style:
        """Return the style of a component class, or of the list itself; looked up once until styles change."""
        style = self._style_cache.get(component)
        if style is None:
            style = self.get_component_rich_style(component, partial=True) if component else self.rich_style
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
        style = self.style_of("")
        if not 0 <= index < self.row_count():
            return Strip.blank(width, style)
        if index == self.cursor and self.is_selectable(index):
            style += self.style_of("row-list--cursor" if self.has_focus else "row-list--cursor-blurred")
        return Strip(self.draw_row(index, width, style)).adjust_cell_length(width, style)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        self.virtual_size = Size(event.size.width, self.row_count())
        self._scroll_to_cursor()

    def on_focus(self) -> None:
        """Show that the keys go here."""
        self._refresh_row(self.cursor)

    def on_blur(self) -> None:
        """Show that the keys go elsewhere."""
        self._refresh_row(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; twice chooses."""
        index = event.y + self.scroll_offset.y
        if 0 <= index < self.row_count() and self.is_selectable(index):
            self.cursor = index
            if event.chain == 2:
                self.post_message(self.Chosen(self, index))
