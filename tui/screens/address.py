"""The address check: compares what Matillion sends to Facebook with the profile, and can take it over."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.matillion.differences import compare
from tui.screens.dialog import SubjectDialog
from tui.services.address_changes import Change, Part, offered_changes
from tui.session import Session
from tui.settings import Profile
from tui.widgets.credential_field import CredentialField
from tui.wording.matillion import (
    ADDRESS_HELP,
    change_saved,
    change_undone,
    comparison,
    form_keys,
    offered_change,
    requested,
)

if TYPE_CHECKING:
    from tui.matillion.address import DialogAddress

_WIDTH = 70
"""Cells for a drawn value: the width of the dialog at 80 columns."""
_KEYS = {Part.SCOPES: "f3", Part.CALLBACK_URL: "f4"}
_UNDO = "f10"


class AddressScreen(SubjectDialog):
    """Takes the address, shows every difference at its character, and changes the profile at a key only."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"take_over('{part}')", show=False) for part, key in _KEYS.items()),
        Binding(_UNDO, "undo", show=False),
    ]
    _address: "DialogAddress | None" = None
    _offered: tuple[Change, ...] = ()

    def __init__(self, session: Session, subject: str) -> None:
        super().__init__(session, subject)
        self._taken_over: list[Change] = []
        """The changes that can be undone."""

    def compose(self) -> ComposeResult:
        """Lay out instructions, field and result."""
        with VerticalScroll(classes="dialog tall", can_focus=False):
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
        self._address = address
        self._show(address)

    def _show(self, address: "DialogAddress", said: str = "") -> None:
        profile = self.session.services.settings.profile(self.subject) or Profile(self.subject)
        self._offered = offered_changes(profile, address)
        compared = compare(address, profile.app_id, profile.callback_url)
        lines = [line for one in compared for line in comparison(one, _WIDTH)] + requested(address)
        lines += [line for change in self._offered for line in offered_change(change, _KEYS[change.part])]
        self.show_outcome("\n".join([*([said] if said else []), *lines]))
        self.call_after_refresh(self.query_one("#outcome").scroll_visible, animate=False)

    def action_take_over(self, part: str) -> None:
        """Use in the profile what Matillion sends."""
        for change in self._offered:
            if change.part == part:
                self._save(change, undoes=False)

    def action_undo(self) -> None:
        """Undo the last change that is not undone yet."""
        if self._taken_over:
            self._save(self._taken_over[-1].undone, undoes=True)

    @work(group="change", exclusive=True, exit_on_error=False)
    async def _save(self, change: Change, *, undoes: bool) -> None:
        await asyncio.to_thread(self.session.services.guide.change_profile, self.subject, change)
        if undoes:
            self._taken_over.pop()
            said = change_undone(change, _UNDO if self._taken_over else "")
        else:
            self._taken_over.append(change)
            said = change_saved(change, _UNDO)
        if self._address is not None:
            self._show(self._address, said)
