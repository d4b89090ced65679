"""A small Textual app for the real-terminal tests: copies, shows plain, crashes, ends. Not a test itself.

`python -m tests.terminal.host_app VALUE LOG_FOLDER [CLEAR_AFTER] [FINISH_SECONDS]`
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.widgets import Static

from tui.commands.screen import has_terminal
from tui.process import keep_memory_private
from tui.redact import Secret
from tui.terminal import crash, endings, plain_view
from tui.terminal.app_clipboard import TerminalClipboard
from tui.wording.copying import copy_text


class HostApp(App[None]):
    """One line of notice and a few keys."""

    BINDINGS: ClassVar = [
        ("c", "copy", "copy"),
        ("l", "copy_link", "copy a plain text"),
        ("p", "plain", "plain view"),
        ("x", "crash", "crash"),
        ("w", "crash_in_worker", "crash in a worker"),
        ("z", "suspend_process", "suspend"),
        ("f", "flood", "paint without end"),
        ("t", "terminate_in_worker", "end by a signal inside a worker that stores"),
        ("q", "quit", "quit"),
    ]

    def __init__(self, value: Secret, log_folder: Path, clear_after: float, finish_seconds: float) -> None:
        super().__init__()
        self.value = value
        self.log_folder = log_folder
        self.finish_seconds = finish_seconds
        self.copier = TerminalClipboard(os.environ, clear_after=clear_after)

    def compose(self) -> ComposeResult:
        yield Static("HOST READY", id="ready")
        yield Static("", id="notice")

    def on_mount(self) -> None:
        endings.install(self, self._finish, grace=1.0)
        if os.environ.get("HOST_COPIES_AT_ONCE"):
            self.call_after_refresh(self.action_copy)

    async def _finish(self) -> None:
        (self.log_folder / "began").write_text("")
        await asyncio.sleep(self.finish_seconds)
        storing = [worker for worker in self.workers if worker.group == "storing"]
        await asyncio.gather(*(worker.wait() for worker in storing), return_exceptions=True)
        (self.log_folder / "finished").write_text("")

    async def on_unmount(self) -> None:
        await self.copier.leave(self)
        if self.log_folder.is_dir():
            (self.log_folder / "unmounted").write_text("")

    def _handle_exception(self, error: Exception) -> None:
        endings.handle_exception(self, error, self._last_words)

    def _last_words(self, error: BaseException) -> str:
        return crash.message(error, crash.write_report(error, self.log_folder))

    def action_copy(self) -> None:
        self.run_worker(self._copy(self.value))

    def action_copy_link(self) -> None:
        self.run_worker(self._copy("https://example.test/link"))

    async def _copy(self, value: Secret | str) -> None:
        copied = await self.copier.copy(self, value)
        self.query_one("#notice", Static).update(f"NOTICE {copied.outcome}: {copy_text(copied, 'p', 'c')}")

    def action_plain(self) -> None:
        self.run_worker(plain_view.show_plain(self, self.value), group="plain view")

    def action_crash(self) -> None:
        access_token = self.value.reveal()
        raise RuntimeError(f"failed with access_token={access_token}\x1b[31m")

    def action_crash_in_worker(self) -> None:
        self.run_worker(self._fail())

    async def _fail(self) -> None:
        access_token = self.value.reveal()
        raise RuntimeError(f"worker failed with {access_token}")

    def action_terminate_in_worker(self) -> None:
        self.run_worker(self._store(), group="storing")

    async def _store(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)  # handled right here, while this worker is what runs
        await asyncio.sleep(0.2)
        (self.log_folder / "stored").write_text("")

    def action_flood(self) -> None:
        self.set_interval(0.01, self._paint)

    def _paint(self) -> None:
        self.query_one("#notice", Static).update(os.urandom(2000).hex())


def main() -> None:
    """Start the app as igauth does: hardened, refused without a terminal, its exit code handed on."""
    value, folder, *rest = sys.argv[1:]
    numbers = [*map(float, rest), *(0.0, 0.0)]
    if not has_terminal():
        raise SystemExit(64)
    keep_memory_private()
    app = HostApp(Secret(value), Path(folder), numbers[0], numbers[1])
    app.run()
    raise SystemExit(app.return_code or 0)


if __name__ == "__main__":
    main()
