"""What the app and every screen with work of its own do when that work raised: an error takes its place."""

import asyncio
from typing import ClassVar

from textual.worker import Worker, WorkerState

from tui.terminal.textual_internals import Handling


class ShowsFailures(Handling):
    """Calls `show_failure` for each of its workers that raised, whatever that was, and where a key came to nothing."""

    UNSEEN: ClassVar[frozenset[str]] = frozenset()
    """Groups of workers that nobody has asked for."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show why work came to nothing; also work that was canceled by something else than its worker."""
        worker, error = event.worker, event.worker.error
        if error is None or worker.exit_on_error or worker.group in self.UNSEEN:
            return  # one that ends the program is reported there
        is_lost = event.state is WorkerState.CANCELLED and not worker.is_cancelled
        if event.state is WorkerState.ERROR or (is_lost and isinstance(error, asyncio.CancelledError)):
            self.show_failure(error, worker.group)

    def goes_on_after(self, error: Exception) -> bool:
        """Go on after what the surroundings did; a fault of igauth's own ends the program."""
        from tui.wording.failures import failure_text

        if failure_text(error) is None:
            return False
        self.show_failure(error, "")
        return True

    def show_failure(self, error: BaseException, work: str) -> None:
        """Show in place of the work why it came to nothing; `work` is the worker's group, empty for a key."""
        raise NotImplementedError
