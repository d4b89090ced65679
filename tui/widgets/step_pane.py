"""The page of a step, which scrolls, and the hint that it goes on below."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.widgets.glyphs import Glyphs
from tui.widgets.step_page import StepPage

_NARROWEST = 44
"""Cells to wrap at before the page knows its width."""


class StepDetail(VerticalScroll):
    """The page of the step in front; scrolls."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "step-page--title",
        "step-page--label",
        "step-page--value",
        "step-page--warning",
        "step-page--proven",
        "step-page--contradicted",
        "step-page--unknown",
    }

    def on_resize(self) -> None:
        """Tell the pane: what is shown was wrapped for the room there was."""
        self.post_message(StepPane.WidthChanged())


class StepPane(Vertical):
    """Holds one page at a time; the hint takes a line only while there is more than fits."""

    class WidthChanged(Message):
        """The page has another width than the one it was drawn for; it is to be shown anew."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn_for = 0

    def compose(self) -> ComposeResult:
        """Page above, hint below."""
        with StepDetail(id="page"):
            yield Static("", id="step", markup=False)
        yield Static("more below: pgdn", id="more", markup=False)

    def on_mount(self) -> None:
        """Keep the hint true."""
        self.watch(self._page, "scroll_y", self._tell_more, init=False)
        self.watch(self._page, "virtual_size", self._tell_more, init=False)

    def on_resize(self) -> None:
        """Keep the hint true."""
        self._tell_more()

    @property
    def _page(self) -> StepDetail:
        return self.query_one(StepDetail)

    def drawer(self, glyphs: Glyphs) -> StepPage:
        """Return what draws a page as wide as there is room for."""
        width = self._drawn_for = self._page.scrollable_content_region.width or _NARROWEST
        return StepPage(lambda name: self._page.get_visual_style(name, partial=True), width, glyphs)

    def show(self, content: Content | str) -> None:
        """Show another page, or the same one anew."""
        self.query_one("#step", Static).update(content)

    @on(WidthChanged)
    def _still_fits(self, event: WidthChanged) -> None:
        if self._page.scrollable_content_region.width == self._drawn_for:
            event.stop()

    def go_to_top(self) -> None:
        """Begin with the first line."""
        self._page.scroll_home(animate=False)

    def scroll_pages(self, pages: int) -> None:
        """Scroll by what is in sight, less two lines to go on reading from."""
        lines = max(1, self._page.scrollable_content_region.height - 2)
        self._page.scroll_to(y=self._page.scroll_offset.y + pages * lines, animate=False)

    def _tell_more(self) -> None:
        # by the room that is there without the hint: with its own line it could call for itself, without end
        below = self._page.virtual_size.height - self.size.height - self._page.scroll_offset.y
        self.query_one("#more", Static).display = below > 0
