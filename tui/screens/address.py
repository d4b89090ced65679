"""The address check: compares what Matillion sends to Facebook with the profile."""

import asyncio

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from tui.matillion.address import AddressRefused
from tui.matillion.differences import compare
from tui.screens.dialog import Dialog
from tui.session import Session
from tui.widgets.credential_field import CredentialField
from tui.wording.matillion import ADDRESS_HELP, address_refusal, comparison, form_keys, requested
from tui.wording.surfaces import sentences

_WIDTH = 70
"""Cells for a drawn value: the width of the dialog at 80 columns."""


class AddressScreen(Dialog[bool]):
    """Takes the address and shows every difference at its character."""

    def __init__(self, session: Session, profile: str) -> None:
        super().__init__()
        self._session = session
        self._profile = profile

    def compose(self) -> ComposeResult:
        """Lay out instructions, field and result."""
        with Vertical(classes="dialog"):
            yield Static("Check the address that Matillion opens", classes="title")
            yield Static(ADDRESS_HELP, markup=False)
            yield CredentialField("dialog_url", label="Address", id="address")
            yield Static("", id="finding", markup=False)
            yield Static(form_keys("check"), classes="keys")

    def on_mount(self) -> None:
        """Focus the field for pasting."""
        self.query_one(CredentialField).focus_input()

    @on(CredentialField.Submitted)
    def _submitted(self) -> None:
        self._check(self.query_one(CredentialField).value)

    @work(exclusive=True, exit_on_error=False)
    async def _check(self, text: str) -> None:
        finding = self.query_one("#finding", Static)
        try:
            address = await asyncio.to_thread(self._session.services.guide.save_address, self._profile, text)
        except AddressRefused as refused:
            finding.update(sentences(address_refusal(refused), self._session.surface(in_form=True)))
            return
        profile = self._session.services.settings.profile(self._profile)
        compared = compare(address, profile.app_id if profile else "", profile.callback_url if profile else "")
        lines = [line for one in compared for line in comparison(one, _WIDTH)] + requested(address)
        finding.update("\n".join(lines))
