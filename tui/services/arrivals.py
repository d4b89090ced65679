"""Stores what a login brings the moment it arrives, under the name chosen for it or else one made up."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.facebook.login_events import NameProblem, NameReplaced
from tui.names import free_name, is_name
from tui.tokens.errors import NoSuchToken, StoreError
from tui.tokens.life import is_usable
from tui.tokens.token import Token
from tui.vault.errors import VaultError

if TYPE_CHECKING:
    from tui.clock import Clock
    from tui.facebook.models import Issued
    from tui.settings import Profile
    from tui.vault.tokens_table import TokensTable


class Arrivals:
    """Stores the tokens of one attempt until the best of them was adopted. `on_event` gets a name that was replaced."""

    def __init__(
        self,
        tokens: "TokensTable",
        clock: "Clock",
        profile: "Profile",
        token_name: str,
        on_event: Callable[[NameReplaced], object],
    ) -> None:
        self._tokens = tokens
        self._clock = clock
        self._profile = profile
        self._on_event = on_event
        self.name = token_name
        """The name the token is saved under; a made-up one once the chosen one proved to be impossible."""
        self._versions: list[str] = []

    async def keep(self, issued: "Issued", is_given: bool) -> None:
        """Store a token before any other call. Raises VaultError.

        One that Facebook issued just now (not `is_given`: the person had it already, and it may be another app's)
        becomes the token of its name, as `unknown`, unless a living one has it: that one stays until the new one is
        proven.
        """
        problem = await asyncio.to_thread(self._name_problem)
        if problem is not None:
            await self.make_up_name(problem)
        await asyncio.to_thread(self._keep, issued, is_given)

    async def make_up_name(self, problem: NameProblem) -> None:
        """Save what comes under another name from now on, since Facebook does not issue it twice. Raises VaultError."""
        wanted, self.name = self.name, await asyncio.to_thread(self._free_name)
        self._on_event(NameReplaced(self.name, wanted, problem))

    def _name_problem(self) -> NameProblem | None:
        if not is_name(self.name):
            return NameProblem.NOT_A_NAME
        try:
            stored = self._tokens.token(self.name)
        except (NoSuchToken, VaultError):
            return None
        return NameProblem.TAKEN if stored.profile != self._profile.name else None

    def _free_name(self) -> str:
        made_up = f"login-{datetime.fromtimestamp(self._clock.now(), UTC):%Y-%m-%d}"
        return free_name(made_up, self._tokens.names())

    def _keep(self, issued: "Issued", is_given: bool) -> None:
        at = int(self._clock.now())
        version = self._tokens.add_issued(self.name, self._profile.name, issued.value, at=at, origin="login")
        self._versions.append(version)
        if not is_given:
            with suppress(StoreError, VaultError):  # it is on disk; adopting it reports what is wrong
                self._show(version, issued, at)

    def _show(self, version: str, issued: "Issued", at: int) -> None:
        token = Token(
            self.name,
            self._profile.name,
            self._profile.app_id,
            obtained_at=at,
            expires_at=at + issued.expires_in if issued.expires_in else None,
            origin="login",
            fingerprint=issued.value.fingerprint(),
        )
        try:
            current = self._tokens.token(self.name)
        except NoSuchToken:
            self._tokens.add_token(token, version)
        else:
            if not is_usable(current, at):
                self._tokens.make_current(self.name, version, token)

    def tidy(self, adopted: Token) -> None:
        """Wipe the copies of the adopted token and, where it is proven, the shorter-lived one it was made from.

        Touches the disk.
        """
        is_proven = is_usable(adopted, self._clock.now())
        for version in self._tokens.versions(adopted.name):
            if version.id in self._versions and (is_proven or version.fingerprint == adopted.fingerprint):
                self._tokens.discard(version.id)  # the current one is left alone
