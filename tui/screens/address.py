"""The address check: compares what Matillion sends to Facebook with the profile."""

import asyncio

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from tui.matillion.differences import compare
from tui.screens.dialog import SubjectDialog
from tui.widgets.credential_field import CredentialField
from tui.wording.matillion import ADDRESS_HELP, comparison, form_keys, requested

_WIDTH = 70
"""Cells for a drawn value: the width of the dialog at 80 columns."""


class AddressScreen(SubjectDialog):
    """Takes the address and shows every difference at its character."""

    def compose(self) -> ComposeResult:
        """Lay out instructions, field and result."""
        with Vertical(classes="dialog"):
            yield Static("Check the address that Matillion opens", classes="title")
            yield Static(ADDRESS_HELP, markup=False)
            yield CredentialField("dialog_url", label="Address", id="address")
            yield Static("", id="outcome", markup=False)
            yield Static(form_keys("check"), classes="keys")

    def on_mount(self) -> None:
        """Focus the field for pasting."""
        self.query_one(CredentialField).focus_input()

    @on(CredentialField.Submitted)
    @work(exclusive=True, exit_on_error=False)
    async def _check(self) -> None:
        text = self.query_one(CredentialField).value
        services = self.session.services
        address = await asyncio.to_thread(services.guide.save_address, self.subject, text)
        profile = services.settings.profile(self.subject)
        compared = compare(address, profile.app_id if profile else "", profile.callback_url if profile else "")
        lines = [line for one in compared for line in comparison(one, _WIDTH)] + requested(address)
        self.show_outcome("\n".join(lines))
