"""Every way a full-screen run can end: signals, a dropped line, a stopped terminal; and not starting without one.

By itself, Textual ends at once on SIGTERM and SIGHUP and leaves the terminal in its full-screen state
(terminal.md section 5). Here the work is finished or abandoned, the terminal restored, and the exit code true.
"""

import asyncio
import contextlib
import contextvars
import os
import select
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Collection
from types import FrameType
from typing import TYPE_CHECKING, Any

from tui.terminal.textual_internals import QuickApp, close_with, end_after, handle_stopping, terminal_attributes

if TYPE_CHECKING:
    from textual.app import App


EXIT_CODES = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGQUIT: 131, signal.SIGTERM: 143}

GRACE = 3.0
"""Seconds that what is being stored may still take."""

RESTORE = (
    "\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[0m"
)
"""Undoes all that Textual switches on, in the order it does it itself."""

Finish = Callable[[], Awaitable[None]]


def install(app: "App[Any]", finish: Finish, grace: float = GRACE) -> None:
    """Make `app` end and come back well; call it once, from `on_mount`, in the main thread.

    SIGTERM, SIGHUP, SIGINT, SIGQUIT and a terminal that goes away: `finish` is awaited for at most `grace` seconds,
    then the app exits with 143, 129, 130 or 131 and the terminal as it was. If the app does not get there (it may be
    stuck writing to a terminal that reads no more), the process restores what it can and ends by itself.
    """
    if app.is_headless or threading.current_thread() is not threading.main_thread():
        return
    ending = _Ending(app, finish, grace)
    for number in EXIT_CODES:
        asyncio.get_running_loop().remove_signal_handler(number)  # Textual's in a browser, which ends with 0
        signal.signal(number, ending.on_signal)
    threading.Thread(target=ending.watch, name="igauth-ending", daemon=True).start()
    handle_stopping(app)


async def stop_workers(app: "App[Any]", groups: Collection[str]) -> None:
    """Stop the workers of these groups, and wait GRACE seconds for them; longer only for a token that may be issued."""
    under_way = [worker for worker in app.workers if not worker.is_finished and worker.group in groups]
    for worker in under_way:
        worker.cancel()  # the keeper stops at its next safe point: nothing issued is left unstored
    with contextlib.suppress(TimeoutError):  # abandoned: the old token is as it was
        async with asyncio.timeout(GRACE):
            await asyncio.gather(*(worker.wait() for worker in under_way), return_exceptions=True)


class _Ending:
    """One run's end: whichever cause comes first decides the exit code; a second signal ends at once."""

    def __init__(self, app: "App[Any]", finish: Finish, grace: float) -> None:
        self._app = app
        self._finish = finish
        self._grace = grace
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self._code: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)

    def on_signal(self, number: int, _frame: FrameType | None) -> None:
        """Run by Python itself, so it works even while the event loop is stuck in a write."""
        if self._loop.is_closed():
            raise SystemExit(EXIT_CODES[signal.Signals(number)])
        if self._code is not None:
            if number != signal.SIGHUP:  # a dropped line tells it twice: by the signal and by the terminal
                self._abandon()
            return
        self._end_with(EXIT_CODES[signal.Signals(number)])

    def _end_with(self, code: int) -> None:
        self._code = code
        with contextlib.suppress(OSError):
            os.write(self._wake, b"!")  # not a lock: this may run inside a signal handler
        with contextlib.suppress(RuntimeError):
            # a signal comes in the midst of anything: started from within a worker, the ending would count as its work
            self._loop.call_soon_threadsafe(self._start_ending, context=self._context)

    def _start_ending(self) -> None:
        self._task = self._loop.create_task(self._end())

    async def _end(self) -> None:
        with contextlib.suppress(Exception):
            async with asyncio.timeout(self._grace):
                await self._finish()
        self._app.exit(return_code=self._code or 0)

    def watch(self) -> None:
        """Watch, in a thread of its own, for the terminal going away and for an ending that does not end."""
        gone = select.poll()
        gone.register(self._woken, select.POLLIN)
        gone.register(0, 0)  # the terminal, or the pipe from a server: hang-up and error are reported unasked
        gone.poll()
        if self._code is None:
            self._end_with(EXIT_CODES[signal.SIGHUP])
        time.sleep(self._grace * 2 + 1)
        self._abandon()

    def _abandon(self) -> None:
        """End here and now. Whatever is on disk is whole: the vault commits or it does not."""
        restore_terminal(self._app)
        os._exit(self._code or 1)


def restore_terminal(app: "App[Any]") -> None:
    """Put the terminal back without the app's help, never waiting for it. Never raises."""
    import sys
    import termios

    undoing = app.undoing if isinstance(app, QuickApp) else ""
    output = sys.__stderr__.fileno() if sys.__stderr__ else 2
    with contextlib.suppress(termios.error, OSError):
        termios.tcflush(output, termios.TCOFLUSH)  # what a stopped terminal has not read would keep us out
    with contextlib.suppress(OSError, ValueError):
        if select.select([], [output], [], 0.2)[1]:
            os.write(output, (undoing + RESTORE).encode("ascii"))
    before = terminal_attributes(app)
    if before is not None:
        with contextlib.suppress(termios.error, OSError):
            termios.tcsetattr(0, termios.TCSANOW, before)


def handle_exception(app: "App[Any]", error: BaseException, last_words: Callable[[BaseException], str]) -> None:
    """End `app` with exit code 1 after `error`: Textual's own handler would show local variables.

    `last_words` returns what is said of it; only of the first of several errors.
    """
    error = _origin(error)
    is_first = end_after(app, error)
    with contextlib.suppress(Exception):
        text = last_words(error)
        close_with(app, text if is_first else "")


def _origin(error: BaseException) -> BaseException:
    """Textual wraps what a worker raised, without its traceback."""
    inner = getattr(error, "error", None)
    return inner if type(error).__name__ == "WorkerFailed" and isinstance(inner, BaseException) else error
