"""The scrolling page of a step, with a hint where there is more below."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from tui.widgets.wrapped import wrapped
from tui.wording.guide import Block, Kind

_INDENT = 8
"""Cells that the labels take."""
_STYLES = {Kind.COPY: "value", Kind.WARNING: "warning"}


class StepPage(Widget):
    """One step of the guide as styled text, wrapped to the width there is."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "step-page--title",
        "step-page--label",
        "step-page--value",
        "step-page--warning",
        "step-page--proven",
        "step-page--contradicted",
        "step-page--unknown",
    }

    def __init__(self) -> None:
        super().__init__()
        self._title = ""
        self._blocks: tuple[Block, ...] = ()

    def show(self, title: str, blocks: Iterable[Block]) -> None:
        """Show another step, or the same one with other blocks."""
        self._title, self._blocks = title, tuple(blocks)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the step takes when wrapped to `width` cells."""
        return len(self._drawn(width).split("\n", allow_blank=True))

    def render(self) -> Content:
        """Return the step."""
        return self._drawn(self.content_size.width)

    def _drawn(self, width: int) -> Content:
        parts = [self._styled(wrapped(self._title, width, 0), "title")] if self._title else []
        return Content("\n").join([*parts, *(self._block(block, width) for block in self._blocks)])

    def _block(self, block: Block, width: int) -> Content:
        if block.kind is Kind.WHERE:
            return self._styled(wrapped(block.text, width, 0), "label")
        if block.kind is Kind.DO:
            return Content(f"{block.number:>2}. " + wrapped(block.text, width, 4))
        text = wrapped(block.text, width, _INDENT)
        style = block.result or _STYLES.get(block.kind)
        shown = self._styled(text, style) if style else Content(text)
        return self._styled(f"{block.kind:<{_INDENT}}", "label") + shown

    def _styled(self, text: str, style: str) -> Content:
        return Content.styled(text, self.get_visual_style(f"step-page--{style}", partial=True))


class StepPane(Vertical):
    """Shows one page; the hint takes a line only while there is more than fits."""

    def __init__(self, page_down_key: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._key = page_down_key

    def compose(self) -> ComposeResult:
        """Lay out the page and the hint below it."""
        with VerticalScroll(id="page"):
            yield StepPage()
        yield Static(f"more below: {self._key}", id="more", markup=False)

    def on_mount(self) -> None:
        """Update the hint."""
        self.watch(self._page, "scroll_y", self._update_more, init=False)
        self.watch(self._page, "virtual_size", self._update_more, init=False)

    def on_resize(self) -> None:
        """Update the hint."""
        self._update_more()

    @property
    def _page(self) -> VerticalScroll:
        return self.query_one(VerticalScroll)

    def show(self, title: str, blocks: Iterable[Block]) -> None:
        """Show a page."""
        self.query_one(StepPage).show(title, blocks)

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
