"""The scrolling page of a step, with a hint where there is more below."""

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
"""Cells to wrap at before the width of the page is known."""


class StepDetail(VerticalScroll):
    """The page of the current step."""

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
        """Notify the pane: the text was wrapped for the earlier width."""
        self.post_message(StepPane.WidthChanged())


class StepPane(Vertical):
    """Shows one page; the hint takes a line only while there is more than fits."""

    class WidthChanged(Message):
        """The page has another width than it was drawn for, and must be drawn again."""

    def __init__(self, page_down_key: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._key = page_down_key
        self._drawn_for = 0

    def compose(self) -> ComposeResult:
        """Lay out the page and the hint below it."""
        with StepDetail(id="page"):
            yield Static("", id="step", markup=False)
        yield Static(f"more below: {self._key}", id="more", markup=False)

    def on_mount(self) -> None:
        """Update the hint."""
        self.watch(self._page, "scroll_y", self._update_more, init=False)
        self.watch(self._page, "virtual_size", self._update_more, init=False)

    def on_resize(self) -> None:
        """Update the hint."""
        self._update_more()

    @property
    def _page(self) -> StepDetail:
        return self.query_one(StepDetail)

    def drawer(self, glyphs: Glyphs) -> StepPage:
        """Return what draws a page of the current width."""
        width = self._drawn_for = self._page.scrollable_content_region.width or _NARROWEST
        return StepPage(lambda name: self._page.get_visual_style(name, partial=True), width, glyphs)

    def show(self, content: Content | str) -> None:
        """Show a page."""
        self.query_one("#step", Static).update(content)

    @on(WidthChanged)
    def _still_fits(self, event: WidthChanged) -> None:
        if self._page.scrollable_content_region.width == self._drawn_for:
            event.stop()

    def go_to_top(self) -> None:
        """Scroll to the first line."""
        self._page.scroll_home(animate=False)

    def scroll_pages(self, pages: int) -> None:
        """Scroll by pages that overlap by two lines."""
        lines = max(1, self._page.scrollable_content_region.height - 2)
        self._page.scroll_to(y=self._page.scroll_offset.y + pages * lines, animate=False)

    def _update_more(self) -> None:
        # measured without the hint: its own line must not decide whether it is needed
        below = self._page.virtual_size.height - self.size.height - self._page.scroll_offset.y
        self.query_one("#more", Static).display = below > 0
