"""The clipboard as the Textual app uses it: off the event loop, one copy at a time, cleared after a while."""

import asyncio
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tui.redact import Secret
from tui.terminal.capabilities import Which, detect_all
from tui.terminal.children import Runner, run_child
from tui.terminal.clipboard import Copied, Outcome, Problem, clear_if_ours, copy, failed
from tui.terminal.routes import Way
from tui.terminal.textual_internals import write_raw

if TYPE_CHECKING:
    from textual.app import App


@dataclass(frozen=True, slots=True, eq=False)
class _Pending:
    """One copy that has to be cleared; two copies of one value are two."""

    value: Secret
    copied: Copied
    clears_at: float
    """In seconds of the machine's own clock (time.monotonic)."""


class TerminalClipboard:
    """Makes every copy of the program; a `Secret` is cleared after `clear_after` seconds.

    `clear_after` 0 never clears. What was copied is kept here only until it is cleared, as a `Secret`.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        clear_after: float = 45.0,
        runner: Runner = run_child,
        which: Which = shutil.which,
    ) -> None:
        self.clear_after = clear_after
        self._environ = environ
        self._runner = runner
        self._which = which
        self._pending: _Pending | None = None
        self._turn = asyncio.Lock()

    def leave(self) -> float | None:
        """Have what is still in the clipboard cleared in its time though the program ends now.

        Returns the seconds until then; None where nothing is in it, or no process could be started. Blocks for as
        long as a process takes to be started.
        """
        pending, self._pending = self._pending, None
        if pending is None:
            return None
        from tui.terminal.clear_later import stay_behind  # only where something was copied

        seconds = max(0.0, pending.clears_at - time.monotonic())
        return seconds if stay_behind(pending.value, pending.copied, seconds) else None

    async def copy(self, app: "App[Any]", value: Secret | str) -> Copied:
        """Copy `value`, and arrange for a secret to be cleared. Never raises."""
        async with self._turn:
            written: list[str] = []
            seen = await asyncio.to_thread(detect_all, self._environ, self._which, self._runner)
            copied = await asyncio.to_thread(copy, value, written.append, seen, self._runner)
            copied = _delivered(copied, written, app)
            if copied.outcome is Outcome.CANNOT:
                return copied
            await self._forget_former(value)
            if not isinstance(value, Secret) or self.clear_after <= 0:
                return copied
            pending = self._pending = _Pending(value, copied, time.monotonic() + self.clear_after)

            def clear() -> None:
                app.run_worker(self._clear(app, pending), group="clipboard", exit_on_error=False)

            app.set_timer(self.clear_after, clear)
            return replace(copied, clears_in=self.clear_after)

    async def _clear(self, app: "App[Any]", pending: "_Pending") -> None:
        """Take a secret back out of the clipboard if it is still the last copy and still there."""
        async with self._turn:
            if self._pending is not pending:
                return
            self._pending = None
            written: list[str] = []
            await asyncio.to_thread(clear_if_ours, pending.value, pending.copied, written.append, self._runner)
            write_raw(app, "".join(written))

    async def _forget_former(self, now: Secret | str) -> None:
        """A later copy has replaced the clipboard; only tmux still keeps the earlier secret, in a buffer."""
        if self._pending is None:
            return
        former = self._pending
        self._pending = None
        if former.value != now:
            await asyncio.to_thread(
                clear_if_ours, former.value, former.copied, lambda _: None, self._runner, outward=False
            )


def _delivered(copied: Copied, written: list[str], app: "App[Any]") -> Copied:
    if not written or write_raw(app, "".join(written)):
        return copied
    if any(route.way is Way.TMUX_BUFFER for route in copied.routes):
        return copied
    return failed(Problem.SUSPENDED)
