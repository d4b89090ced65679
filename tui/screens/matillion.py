"""The Matillion settings of one profile. Nothing is changed in Matillion."""

import asyncio
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tui.redact import Secret
from tui.screens.dialog import SubjectDialog
from tui.screens.questions import text_line
from tui.settings import MatillionTarget
from tui.widgets.hidden_input import HiddenInput
from tui.wording.matillion import FORM_ABOUT, FORM_FIELDS, NOT_SAVED_YET, TESTING, form_keys, form_title
from tui.wording.profiles import NOT_SAVED_NO_STORE


class MatillionScreen(SubjectDialog):
    """Saves the settings, and tests the connection."""

    SCOPE = "matillion"
    _refused: tuple[MatillionTarget, str] | None = None
    """What was tested last: entered once more it is saved, whatever Matillion says."""

    def compose(self) -> ComposeResult:
        """Lay out one line for each setting."""
        with VerticalScroll(classes="dialog tall", can_focus=False):
            yield Static(form_title(self.subject), classes="title", markup=False)
            yield Static(FORM_ABOUT, markup=False)
            for key, label, hint in FORM_FIELDS:
                yield Static(label, classes="keys")
                yield text_line("", key, hint)
            yield Static("Password", classes="keys")
            yield HiddenInput(placeholder="leave empty to keep the stored one", id="password")
            yield Static("", id="outcome", markup=False)
            yield Static(form_keys("save and test the connection"), classes="keys")

    def on_mount(self) -> None:
        """Show the current settings."""
        target = self.session.services.matillion.target(self.subject)
        for key, *_ in FORM_FIELDS:
            self.query_one(f"#{key}", Input).value = getattr(target, key)
        self.query_one("#base_url", Input).focus(scroll_visible=False)
        self.call_after_refresh(self.query_one(VerticalScroll).scroll_home, animate=False)

    def show_outcome(self, outcome: str | Content) -> None:
        """Show what came of it, in sight also where the window is low."""
        super().show_outcome(outcome)
        self.call_after_refresh(self.query_one("#outcome").scroll_visible, animate=False)

    @on(Input.Submitted)
    @work(exclusive=True, exit_on_error=False)
    async def _save(self) -> None:
        from tui.wording.matillion import connection

        typed: dict[str, Any] = {key: self.query_one(f"#{key}", Input).value.strip() for key, *_ in FORM_FIELDS}
        target = MatillionTarget(**typed | {"base_url": typed["base_url"].rstrip("/")})
        password = self.query_one("#password", Input).value
        service = self.session.services.matillion
        self.before_failure = "Not saved: "
        if password:
            from tui.screens.unlocking import decide_secret_store

            if not await decide_secret_store(self.app, self.session):
                self.show_outcome(NOT_SAVED_NO_STORE)
                return
            if target.base_url and self._refused != (target, password):
                self._refused = target, password
                self.before_failure = NOT_SAVED_YET
                self.show_outcome(TESTING)
                await service.check_password(self.subject, target, Secret(password))
        await asyncio.to_thread(service.save, self.subject, target, Secret(password) if password else None)
        self.before_failure = "Saved. "
        self.query_one("#password", Input).value = ""
        if not target.base_url:
            self.show_outcome("Saved.")
            return
        self.show_outcome("Saved. Testing the connection …")
        self.show_outcome(f"Saved. {connection(await service.test(self.subject))}")
