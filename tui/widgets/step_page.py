"""One step of the guide as styled text."""

from collections.abc import Callable, Iterable

from textual.content import Content
from textual.style import Style

from tui.guide.content import Step
from tui.widgets.glyphs import Glyphs
from tui.widgets.wrapped import wrapped
from tui.wording.guide import Block, Kind, numbered

INDENT = 8
"""Cells that the labels take."""
_STYLES = {Kind.COPY: "step-page--value", Kind.WARNING: "step-page--warning"}


class StepPage:
    """Draws steps as wide as there is room, with the styles it is given."""

    def __init__(self, style_of: Callable[[str], Style], width: int, glyphs: Glyphs) -> None:
        self._style_of = style_of
        self._width = width
        self._glyphs = glyphs

    def draw(self, step: Step, blocks: Iterable[Block]) -> Content:
        """Return the page of one step."""
        title = self._wrapped(f"{numbered(step)}  {step.title}", 0)
        parts = [Content.styled(title, self._style_of("step-page--title"))]
        return Content("\n").join([*parts, *(self._block(block) for block in blocks)])

    def _block(self, block: Block) -> Content:
        label_style = self._style_of("step-page--label")
        if block.kind is Kind.WHERE:
            return Content.styled(self._wrapped(block.text, 0), label_style)
        if block.kind is Kind.DO:
            return Content(f"{block.number:>2}. " + self._wrapped(block.text, 4))
        text = self._wrapped(block.text, INDENT)
        style = f"step-page--{block.result}" if block.result else _STYLES.get(block.kind, "")
        shown = Content.styled(text, self._style_of(style)) if style else Content(text)
        return Content.styled(f"{block.kind:<{INDENT}}", label_style) + shown

    def _wrapped(self, text: str, indent: int) -> str:
        return wrapped(self._glyphs.text(text), self._width, indent)
