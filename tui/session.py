"""What every screen works with: services, clock, current profile, board of tokens. It knows no Textual."""

import asyncio
import os
from functools import cached_property
from typing import TYPE_CHECKING

from tui.services import Services
from tui.services.board import Board, make_board
from tui.services.token_work import Progress, TokenWork
from tui.settings import Profile
from tui.terminal.capabilities import Capabilities
from tui.widgets.glyphs import ASCII, UNICODE
from tui.wording.surfaces import Screen

if TYPE_CHECKING:  # what the first paint does not need
    from tui.matillion.estimate import Estimate
    from tui.services.automation import Automation
    from tui.terminal.app_clipboard import TerminalClipboard
    from tui.vault.backends import BackendChoice


class Session:
    """One person at one terminal. The app changes it; screens read it, and send messages to have it changed."""

    def __init__(self, services: Services, capabilities: Capabilities, *, is_sandbox: bool = False) -> None:
        self.services = services
        self.clock = services.clock
        self.capabilities = capabilities
        self.glyphs = ASCII if capabilities.ascii_only else UNICODE
        self.is_sandbox = is_sandbox
        profile = services.default_profile
        self.profile_name = profile.name if profile is not None else ""
        self.board: Board = make_board(services.tokens(), self.clock.now(), services.window_of)
        self.estimates: tuple[tuple[str, Estimate], ...] = ()
        """Profile and estimate for each Matillion entry whose authorization was recorded."""
        self.automation: Automation | None = None
        self.secret_store: BackendChoice | None = None
        """Where secrets are kept; None until the vault was asked."""
        self.progress: Progress | None = None
        """What is being done now, for the status line."""
        self.token_work = TokenWork(
            lambda: services.keeper, lambda: services.reading_desk, lambda: services.settings, self.clock
        )

    @cached_property
    def clipboard(self) -> "TerminalClipboard":
        """Copies to the person's clipboard; made by the first copy."""
        from tui.terminal.app_clipboard import TerminalClipboard

        return TerminalClipboard(os.environ, clear_after=self.services.settings.clipboard_clear_seconds)

    @property
    def surface(self) -> Screen:
        """How texts name the keys of this screen."""
        return Screen(self.services.settings.keymap)

    @property
    def profile(self) -> Profile | None:
        """The current profile, None before there is one."""
        return self.services.profile(self.profile_name)

    def window_of(self, profile_name: str) -> int:
        """Return the refresh window of a profile, in seconds."""
        return self.services.window_of(profile_name)

    def expected_scopes(self, profile_name: str) -> tuple[str, ...]:
        """Return the scopes a profile's tokens should have."""
        return self.services.settings.expected_scopes(profile_name)

    async def reload(self) -> Board:
        """Read tokens, estimates and timer again, and return the board as it was before."""
        from tui.services.automation import read_automation

        tokens = await asyncio.to_thread(self.services.tokens)
        self.estimates = await asyncio.to_thread(self._read_estimates)
        self.automation = await asyncio.to_thread(read_automation, self.services.vault)
        before, self.board = self.board, make_board(tokens, self.clock.now(), self.window_of)
        return before

    def _read_estimates(self) -> "tuple[tuple[str, Estimate], ...]":
        if not any(profile.matillion for profile in self.services.profiles):
            return ()
        from tui.services.estimates import estimates

        return estimates(self.services)
