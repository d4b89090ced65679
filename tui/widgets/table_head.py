"""The headings over the tokens panel, in the columns of its width."""

from textual.content import Content
from textual.widget import Widget

from tui.widgets.token_cells import aligned
from tui.widgets.token_columns import columns_for


class TableHead(Widget):
    """One line; follows the width of the panel below it."""

    def render(self) -> Content:
        """Return the headings."""
        return Content(" ".join(aligned(column, column.heading) for column in columns_for(self.size.width)))
