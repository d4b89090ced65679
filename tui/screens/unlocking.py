"""What the screen does about a keyring that is locked: it waits for the person, and asks where else secrets may go."""

import threading
import time
from contextlib import suppress
from typing import Any

from textual.app import App, ComposeResult
from textual.widgets import Static

from tui.screens.dialog import Question
from tui.screens.questions import Choose
from tui.session import Session
from tui.vault.errors import SecretsProblem, SecretsUnavailable, StoreUndecided
from tui.vault.unlocking import LONGEST, HasAnswered
from tui.wording.vault import undecided_text, unlock_text, vault_error


class UnlockKeyring(Question[None]):
    """Says that the keyring is to be unlocked, and counts down. Closes once it has answered or time is up."""

    def __init__(self, problem: SecretsProblem, has_answered: HasAnswered) -> None:
        super().__init__(unlock_text(problem), vault_error(SecretsUnavailable(problem)).what, unlock_text("keys"))
        self._has_answered = has_answered
        self._ends_at = time.monotonic() + LONGEST
        self.is_over = threading.Event()
        """Set when nobody waits any more."""

    def compose_answers(self) -> ComposeResult:
        """Return the line that counts down."""
        yield Static(unlock_text("left_on_screen", seconds=LONGEST), id="left", markup=False)

    def on_mount(self) -> None:
        """Follow the keyring and the time."""
        super().on_mount()
        self.set_interval(0.2, self._look)

    def on_unmount(self) -> None:
        """Let go the thread that waits."""
        self.is_over.set()

    def _look(self) -> None:
        left = self._ends_at - time.monotonic()
        if self._has_answered(0) or left <= 0:
            self.is_over.set()
            self.answer(None)
        else:
            self.query_one("#left", Static).update(unlock_text("left_on_screen", seconds=round(left)))


class ScreenWait:
    """Waits with a dialog until the keyring is unlocked, in the thread that needs a secret."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app

    def __call__(self, problem: SecretsProblem, has_answered: HasAnswered) -> None:
        """Wait until the keyring has answered, a minute has passed, or the person has left the dialog."""
        dialog = UnlockKeyring(problem, has_answered)
        with suppress(RuntimeError):  # the app has ended
            self._app.call_from_thread(self._app.push_screen, dialog)
            dialog.is_over.wait(LONGEST)


async def decide_secret_store(app: App[Any], session: Session) -> bool:
    """See that it is decided where secrets go; where the keyring is locked or silent, the person chooses.

    Return whether it is; the person may also leave. Raises VaultError.
    """
    while True:
        try:
            await session.find_secret_store()
        except StoreUndecided as error:
            question = f"{vault_error(error).what} {undecided_text('question')}:"
            choices = (undecided_text("again"), undecided_text("database"))
            answer = await app.push_screen_wait(Choose(question, choices))
            if answer is None:
                return False
            if answer:
                await session.store_secrets_in("database")
        else:
            return True
