"""The clipboard as the Textual app uses it: off the event loop, one copy at a time, cleared after a while."""

import asyncio
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tui.redact import Secret, redact
from tui.terminal.capabilities import Which, detect_all
from tui.terminal.children import Runner, run_child
from tui.terminal.clipboard import Copied, Leaving, Left, OnQuit, Outcome, Problem, clear_if_ours, copy, failed
from tui.terminal.kinds import MANNERS, Answers
from tui.terminal.queries import TerminalQueries
from tui.terminal.routes import Way
from tui.terminal.textual_internals import repaint, write_raw

if TYPE_CHECKING:
    from textual.app import App

_IN_MOSH = 0.7
"""Seconds after which mosh has sent on what it was given before: it sends no copy that equals the one before."""


@dataclass(frozen=True, slots=True, eq=False)
class _Pending:
    """One copy that has to be cleared; two copies of one value are two."""

    value: Secret
    copied: Copied
    clears_at: float
    """In seconds of the machine's own clock (time.monotonic)."""


class TerminalClipboard:
    """Makes every copy of the program; a `Secret` is cleared after `clear_after` seconds.

    `clear_after` 0 never clears; `on_quit`: when a secret is cleared that is in the clipboard at the end. What was
    copied is kept here only until it is cleared, as a `Secret`. `queries` knows what the terminal is.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        clear_after: float = 45.0,
        on_quit: OnQuit = OnQuit.LATER,
        queries: TerminalQueries | None = None,
        runner: Runner = run_child,
        which: Which = shutil.which,
    ) -> None:
        self.clear_after = clear_after
        self.on_quit = on_quit
        self._environ = environ
        self._queries = queries
        self._runner = runner
        self._which = which
        self._pending: _Pending | None = None
        self._announced: Secret | None = None
        """What goes further when it is copied once more."""
        self._is_confirmed = False
        """Whether the person has sent something to a terminal that may paint it: it is not asked again."""
        self._clears_with_focus: Copied | None = None
        """A copy that was cleared while the window was not in use, which not every terminal obeys."""
        self._turn = asyncio.Lock()

    async def leave(self, app: "App[Any]") -> Left | None:
        """Decide about a secret that is still in the clipboard though the program ends now; None where there is none.

        Takes as long as a process takes to be started, or the tools of the clipboard.
        """
        pending, self._pending = self._pending, None
        if pending is None:
            return None
        if self.on_quit is OnQuit.NEVER:
            return Left(Leaving.STAYS)
        from tui.terminal.clear_later import ends_with_igauth, stay_behind  # only where something was copied

        needs_line = any(route.needs_line for route in pending.copied.routes)
        if self.on_quit is OnQuit.NOW or (needs_line and (app.is_web or ends_with_igauth())):
            await self._take_back(app, pending)
            if pending.copied.is_blind:
                return Left(Leaving.ASKED)
            return Left(Leaving.TMUX_CLEARED if pending.copied.is_in_tmux_alone else Leaving.CLEARED)
        seconds = max(0.0, pending.clears_at - time.monotonic())
        if not await asyncio.to_thread(stay_behind, pending.value, pending.copied, seconds):
            return Left(Leaving.STAYS)
        if needs_line:
            return Left(Leaving.LOGGED_IN, seconds)
        if pending.copied.is_in_tmux_alone:
            return Left(Leaving.TMUX_LATER, seconds)
        return Left(Leaving.ATTACHED if pending.copied.is_blind else Leaving.LATER, seconds)

    async def copy(self, app: "App[Any]", value: Secret | str) -> Copied:
        """Copy `value`, and arrange for a secret to be cleared. Never raises."""
        if isinstance(value, str) and redact(value) != value:
            value = Secret(value)  # selected on the screen, where it was revealed
        async with self._turn:
            answers = await self._queries.answers() if self._queries is not None else None
            copied = await self._send(app, value, answers)
            self._announced = value if copied.waits_for_second and isinstance(value, Secret) else None
            if copied.outcome is Outcome.CANNOT:
                return copied
            self._clears_with_focus = None
            await self._forget_former(value)
            if not isinstance(value, Secret) or self.clear_after <= 0:
                return copied
            pending = self._pending = _Pending(value, copied, time.monotonic() + self.clear_after)

            def clear() -> None:
                app.run_worker(self._clear(app, pending), group="clipboard", exit_on_error=False)

            app.set_timer(self.clear_after, clear)
            return replace(copied, clears_in=self.clear_after)

    async def _send(self, app: "App[Any]", value: Secret | str, answers: Answers | None) -> Copied:
        written: list[str] = []
        seen = await asyncio.to_thread(detect_all, self._environ, self._which, self._runner, answers)
        is_repeated = isinstance(value, Secret) and value == self._announced
        self._is_confirmed |= is_repeated and not seen.recorder
        is_second = is_repeated or (self._is_confirmed and not seen.recorder)
        copied = await asyncio.to_thread(copy, value, written.append, seen, self._runner, is_second=is_second)
        if seen.is_mosh and written and write_raw(app, _emptying(copied)):
            await asyncio.sleep(_IN_MOSH)
        copied = _delivered(copied, written, app)
        if copied.outcome is Outcome.SENT and not seen.is_proven:
            await self._paint_whole(app, copied)
        return copied

    async def _paint_whole(self, app: "App[Any]", copied: Copied) -> None:
        """Paint over what the terminal may have painted of the sequence."""
        repaint(app)
        if any(route.way is Way.TMUX_BUFFER for route in copied.routes):
            await asyncio.to_thread(self._runner, ["tmux", "refresh-client"], None)

    async def _clear(self, app: "App[Any]", pending: "_Pending") -> None:
        """Take a secret back out of the clipboard if it is still the last copy and still there."""
        async with self._turn:
            if self._pending is not pending:
                return
            self._pending = None
            await self._take_back(app, pending)
            terminal = pending.copied.terminal
            if terminal is not None and MANNERS[terminal.kind].needs_focus and not app.app_focus:
                self._clears_with_focus = pending.copied

    async def _take_back(self, app: "App[Any]", pending: "_Pending") -> None:
        written: list[str] = []
        await asyncio.to_thread(clear_if_ours, pending.value, pending.copied, written.append, self._runner)
        write_raw(app, "".join(written))

    def clear_with_focus(self, app: "App[Any]") -> None:
        """Clear once more now that the window is in use, where it was not when a secret was cleared."""
        copied, self._clears_with_focus = self._clears_with_focus, None
        if copied is not None:
            write_raw(app, _emptying(copied))

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


def _emptying(copied: Copied) -> str:
    return "".join(route.sequence("") for route in copied.routes)


def _delivered(copied: Copied, written: list[str], app: "App[Any]") -> Copied:
    if not written or write_raw(app, "".join(written)):
        return copied
    if any(route.way is Way.TMUX_BUFFER for route in copied.routes):
        return copied
    return failed(Problem.SUSPENDED)
