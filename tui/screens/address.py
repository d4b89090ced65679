"""The address check: what Matillion really sends to Facebook, held against the profile byte for byte."""

import asyncio

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from tui.matillion.address import AddressRefused, DialogAddress
from tui.matillion.differences import differences, drawn
from tui.screens.dialog import Dialog
from tui.session import Session
from tui.widgets.credential_field import CredentialField

_WIDTH = 70
"""Cells for a drawn value: what the dialog has at 80 columns."""
_ASK = (
    "In Matillion: Manage OAuth, Configure OAuth, Authorization link. A Facebook page opens. Copy the whole address"
    " from its address bar and paste it here, before you click anything on that page."
)


class AddressScreen(Dialog[bool]):
    """Takes the address, shows every difference at its character; answers True once one was read."""

    def __init__(self, session: Session, profile: str) -> None:
        super().__init__()
        self._session = session
        self._profile = profile

    def compose(self) -> ComposeResult:
        """Lay out question, field and finding."""
        with Vertical(classes="dialog"):
            yield Static("Check the address that Matillion opens", classes="title")
            yield Static(_ASK, markup=False)
            yield CredentialField("dialog_url", label="Address", id="address")
            yield Static("", id="finding", markup=False)
            yield Static("enter checks, escape goes back", classes="keys")

    def on_mount(self) -> None:
        """Paste at once."""
        self.query_one(CredentialField).focus_input()

    @on(CredentialField.Submitted)
    def _submitted(self) -> None:
        self._check(self.query_one(CredentialField).value)

    @work(exclusive=True, exit_on_error=False)
    async def _check(self, text: str) -> None:
        finding = self.query_one("#finding", Static)
        try:
            address = await asyncio.to_thread(self._session.services.guide_desk.keep_address, self._profile, text)
        except AddressRefused as refused:
            finding.update(refused.message)
            return
        profile = self._session.services.profile(self._profile)
        lines = _compared("App ID", profile.app_id if profile else "", address.client_id)
        lines += _compared("Callback URL", profile.callback_url if profile else "", address.redirect_uri)
        lines += _asked(address)
        finding.update("\n".join(lines))


def _compared(label: str, ours: str, theirs: str) -> list[str]:
    if ours == theirs:
        return [f"{label}: the same, byte for byte."]
    if not ours:
        return [f"{label}: Matillion sends {theirs}; this profile has none yet."]
    found = differences(label, ours, theirs)
    return [f"{label} differs.", *drawn(found, _WIDTH), *(one.sentence for one in found)]


def _asked(address: DialogAddress) -> list[str]:
    asks = ", ".join(address.scopes) or (f"configuration {address.config_id}" if address.config_id else "nothing")
    return [f"Matillion asks for: {asks}", f"Version: {address.version or 'none named'}"]
