"""The scrolling page of a step, with a hint where there is more below."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

from tui.guide.sketches import PRESS, PRESSED, WIDTH, Sketch
from tui.widgets.wrapped import wrapped
from tui.wording.guide import Block, Kind, sketch_title

_INDENT = 8
"""Cells that the labels take."""
_GAP = 2
_NARROWEST = 38
"""Cells of text that are left beside a sketch; with less the sketch stands below."""
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
        "step-page--press",
    }

    def __init__(self) -> None:
        super().__init__()
        self._title = ""
        self._blocks: tuple[Block, ...] = ()
        self._with_sketches = True

    def toggle_sketches(self) -> None:
        """Show the sketches of pages, or leave them out."""
        self._with_sketches = not self._with_sketches
        self.refresh(layout=True)

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
        blocks = [block for block in self._blocks if self._with_sketches or not block.sketch]
        if width >= WIDTH + _GAP + _NARROWEST:
            parts += self._beside(blocks, width)
        else:
            parts += [part for block in blocks for part in self._parts(block, width)]
        return Content("\n").join(parts)

    def _parts(self, block: Block, width: int) -> Iterator[Content]:
        if block.sketch is None:
            yield self._block(block, width)
        else:
            yield from self._sketch(block.sketch, width)

    def _beside(self, blocks: list[Block], width: int) -> Iterator[Content]:
        """Give the sketches at the right of the first blocks, and the other blocks in the whole width."""
        drawn = [line for block in blocks if block.sketch for line in self._sketch(block.sketch, WIDTH)]
        rest = iter([block for block in blocks if not block.sketch])
        left: list[Content] = []
        beside = width - WIDTH - _GAP
        while len(left) < len(drawn) and (block := next(rest, None)) is not None:
            left += self._block(block, beside).split("\n", allow_blank=True)
        for text, line in zip_longest(left, drawn, fillvalue=Content("")):
            yield text.pad_right(beside + _GAP - text.cell_length) + line if line else text
        for block in rest:
            yield self._block(block, width)

    def _sketch(self, sketch: Sketch, width: int) -> Iterator[Content]:
        """Give the lines of a sketch below its title, what is to be pressed in its own style."""
        yield from self._styled(wrapped(sketch_title(sketch), width, 0), "label").split("\n")
        is_reverse = self.get_component_styles("step-page--press").text_style.reverse
        press = self.get_visual_style("step-page--press") + Style(reverse=is_reverse)  # Textual leaves that out
        for line in sketch.lines:
            drawn, end = Content(line), 0
            while (start := line.find(PRESS, end)) >= 0:
                end = line.index(PRESSED, start)
                drawn = drawn.stylize(press, start + 1, end)
            yield drawn

    def _block(self, block: Block, width: int) -> Content:
        if block.kind is Kind.WHERE:
            return self._styled(wrapped(block.text, width, 0), "label")
        if block.kind is Kind.DO:
            return Content(wrapped(block.text, width, 0))
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
        self._step = StepPage()  # at hand before it is mounted: a step may be known that early
        self._page = VerticalScroll(self._step, id="page")

    def compose(self) -> ComposeResult:
        """Lay out the page and the hint below it."""
        yield self._page
        yield Static(f"more below: {self._key}", id="more", markup=False)

    def on_mount(self) -> None:
        """Update the hint."""
        self.watch(self._page, "scroll_y", self._update_more, init=False)
        self.watch(self._page, "virtual_size", self._update_more, init=False)

    def on_resize(self) -> None:
        """Update the hint."""
        self._update_more()

    def show(self, title: str, blocks: Iterable[Block]) -> None:
        """Show a page."""
        self._step.show(title, blocks)

    def toggle_sketches(self) -> None:
        """Show the sketches of pages, or leave them out."""
        self._step.toggle_sketches()

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
