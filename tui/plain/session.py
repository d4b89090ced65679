"""The plain session: where one is, the menu of the screens, and what can be asked for everywhere."""

import asyncio
import contextlib
import os
import sys
from typing import TYPE_CHECKING

from tui.plain.line import Line
from tui.plain.talk import Action, Menu, Quit, Talk
from tui.settings import META_GRAPH_URL
from tui.terminal.plain_text import is_utf8
from tui.wording.times import ago, countdown, stamp

if TYPE_CHECKING:
    from tui.services.root import Services
    from tui.settings import Profile
    from tui.vault.backends import BackendChoice

WELCOME = (
    "igauth, plain: sets up and keeps alive the Facebook login behind Matillion's Instagram Extract connector.\n"
    "Each question takes a number, a letter or a word, then enter. ? lists the choices, an empty line says it again.\n"
    "b goes back, q quits. Nothing is lost by either: whatever is said to be stored is stored."
)


class Session:
    """What every plain screen needs: the services, the conversation, the profile in front."""

    def __init__(self, services: "Services", line: Line) -> None:
        self.services = services
        self.talk = Talk(line, self._everywhere)
        first = services.default_profile
        self.profile_name = first.name if first is not None else ""
        self._was_told_where = False

    @property
    def profile(self) -> "Profile | None":
        """The profile in front, None before there is one."""
        return self.services.profile(self.profile_name)

    @property
    def now(self) -> float:
        """Unix seconds, UTC."""
        return self.services.clock.now()

    def _everywhere(self) -> tuple[Action, ...]:
        return (Action("s", "status", "profile, version, where secrets are kept, the soonest deadline", self._status),)

    # --- the main menu -----------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Talk until the person quits."""
        self.talk.say(WELCOME)
        for notice in self.services.settings.notices:
            self.talk.say(f"Notice: {notice}")
        with contextlib.suppress(Quit):
            await self.talk.run(
                Menu(
                    "igauth",
                    self._screens,
                    (
                        Action("1", "guide", "the guide, step by step", self._guide),
                        Action("2", "credentials", "App ID, App Secret, callback URL, client token", self._credentials),
                        Action("3", "tokens", "every token and how long it lives", self._tokens),
                        Action("l", "login", "log in to Facebook for a token", self.log_in),
                    ),
                )
            )
        self.talk.say("Goodbye.")

    async def _screens(self) -> None:
        self.talk.say("1. Guide\n2. Credentials\n3. Tokens\nl. Log in")
        await self._status()

    async def _guide(self) -> None:
        from tui.plain.guide import GuideTalk

        await GuideTalk(self).run()

    async def _credentials(self) -> None:
        from tui.plain.credentials import CredentialsTalk

        await CredentialsTalk(self).run()

    async def _tokens(self) -> None:
        from tui.plain.tokens import TokensTalk

        await TokensTalk(self).run()

    async def log_in(self, token_name: str = "", profile_name: str = "") -> None:
        """Open the login, for a token that exists or a new one."""
        from tui.plain.login import LoginTalk

        if self.profile is None:
            self.talk.say("There is no profile yet. Enter App ID and App Secret first: 2 in the main menu.")
            return
        await LoginTalk(self, profile_name or self.profile_name, token_name).run()

    # --- status ------------------------------------------------------------------------------------------------

    async def _status(self) -> None:
        from tui.services.board import make_board

        services = self.services
        tokens = await asyncio.to_thread(services.tokens)
        board = make_board(tokens, self.now, services.window_of)
        profile = self.profile
        version = (profile.api_version if profile else "") or services.settings.api_version
        host = services.settings.graph_url.split("://", 1)[-1]
        parts = [f"Profile {self.profile_name or 'none yet'}", f"Graph API {version}"]
        parts += [f"at {host}"] if services.settings.graph_url != META_GRAPH_URL else []
        parts += [f"secrets in the {services.vault.backend.name}"] if services.vault.backend is not None else []
        parts += [f"{len(board.living)} living" if board.rows else "no token yet"]
        if board.soonest is not None:
            parts.append(f"soonest deadline in {countdown(board.soonest - self.now)}, {stamp(board.soonest)}")
        parts += [f"{len(board.dead)} dead"] if board.dead else []
        parts += [f"last check {ago(self.now - board.checked_at)}"] if board.checked_at is not None else []
        self.talk.say(", ".join(parts) + ".")
        for notice in services.vault.notices:
            self.talk.say(notice)

    # --- what several screens do -------------------------------------------------------------------------------

    async def tell_where_secrets_go(self) -> None:
        """Before the first secret is written: choose its place, and say which one and why not a better one."""
        vault = self.services.vault
        if self._was_told_where:
            return
        self._was_told_where = True
        known: BackendChoice | None = vault.backend
        choice = known if known is not None else await asyncio.to_thread(vault.choose_backend)
        self.talk.say(f"Secrets are kept in the {choice.name}. {choice.meaning} {choice.why_not_better}".rstrip())


async def talk_plainly(services: "Services") -> int:
    """Run a plain session on this terminal and return its exit status."""
    line = Line(sys.stdin.fileno(), sys.stdout, is_ascii=not is_utf8(os.environ))
    with line.taken():
        await Session(services, line).run()
    return 0
