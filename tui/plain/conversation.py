"""What every plain screen works with: the session, and a way to ask and say."""

from collections.abc import Callable, Sequence

from tui.plain.line import Line
from tui.plain.talk import Action, Talk
from tui.services import Services
from tui.session import Session


class Conversation(Session):
    """A session whose person answers prompts."""

    def __init__(self, services: Services, line: Line, everywhere: Callable[[], Sequence[Action]]) -> None:
        super().__init__(services)
        self.talk = Talk(line, everywhere)
        self._has_named_store = False

    @property
    def now(self) -> float:
        """Unix seconds, UTC."""
        return self.clock.now()

    async def name_secret_store(self) -> None:
        """Before the first secret is written: choose its store, and say which one and why not a better one."""
        if self._has_named_store:
            return
        self._has_named_store = True
        from tui.wording.vault import store_line

        choice = await self.find_secret_store()
        self.talk.say(store_line(choice))
