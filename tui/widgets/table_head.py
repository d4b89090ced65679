"""The headings over the tokens panel, in the columns of its width."""

from textual.content import Content
from textual.widget import Widget

from tui.widgets.token_columns import columns_for


class TableHead(Widget):
    """One line; follows the width of the panel below it."""

    def render(self) -> Content:
        """Return the headings."""
        cells = []
        for place in columns_for(self.size.width):
            heading = place.heading[: place.width]
            cells.append(heading.rjust(place.width) if place.key in ("left", "missing") else heading.ljust(place.width))
        return Content(" ".join(cells))
