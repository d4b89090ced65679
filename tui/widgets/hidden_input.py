"""A password line that never gives its value away: Textual's own copies it in clear with ctrl+c."""

from textual.widgets import Input


class HiddenInput(Input):
    """Shows dots; copy and cut do nothing."""

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, password=True, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def action_copy(self) -> None:
        """Say why nothing is copied."""
        self.app.notify("A hidden value is not copied from its field.", timeout=3)

    def action_cut(self) -> None:
        """Say why nothing is cut."""
        self.action_copy()
