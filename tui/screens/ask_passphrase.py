"""Asks for the passphrase that opens sealed secrets; nothing else of the program waits for it."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui.redact import Secret
from tui.screens.dialog import Dialog
from tui.widgets.hidden_input import HiddenInput


class AskPassphrase(Dialog[Secret]):
    """Answers with the passphrase; escape goes on without it, and what needs a secret then says so."""

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        with Vertical(classes="dialog"):
            yield Static("Secrets in this home are sealed", classes="title")
            yield Static(
                "Without the passphrase tokens are shown, but not copied, refreshed or inspected.", markup=False
            )
            yield HiddenInput(placeholder="passphrase")
            yield Static("enter opens them, escape goes on without", classes="keys")

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(HiddenInput).focus()

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        self.answer(Secret(event.value))
