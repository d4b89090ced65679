"""A password line that never gives its value away: Textual's own copies it in clear with ctrl+c."""

from textual.widgets import Input

from tui.wording.app import HIDDEN_NOT_COPIED


class HiddenInput(Input):
    """Shows dots; copy and cut do nothing."""

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, password=True, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def action_copy(self) -> None:
        """Say why nothing is copied."""
        self.app.notify(HIDDEN_NOT_COPIED, timeout=3)

    def action_cut(self) -> None:
        """Say why nothing is cut."""
        self.action_copy()
