"""Work on tokens that outlives a screen: inspections, test reads, what is busy, what is told about it."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from tui.clock import rfc3339
from tui.facebook.errors import FacebookError
from tui.redact import Secret
from tui.screens.messages import Copyable, WorkChanged
from tui.services.board import Board, Row
from tui.tokens.states import STATES
from tui.wording.times import countdown, stamp

if TYPE_CHECKING:
    from tui.app import IgauthApp
    from tui.facebook.models import InstagramReading
    from tui.tokens.results import RefreshResult

_ASKING = 30.0
"""Seconds that a copy waits for Facebook."""
_TOGETHER = 0.3
"""Seconds in which results of a refresh of many are gathered before the board is read again."""
_FINE = ("extended", "unchanged", "never_expires")
"""Results of a refresh after which nobody has to act."""


class TokenWork:
    """What is being done to tokens now; everything runs in workers of the app."""

    def __init__(self, app: "IgauthApp") -> None:
        self._app = app
        self.busy: frozenset[str] = frozenset()
        self.progress_text = ""
        self._reloads_soon = False

    # --- what is busy ------------------------------------------------------------------------------------------

    def begin(self, names: tuple[str, ...], doing: str) -> None:
        """Mark tokens as being worked on."""
        self.busy |= frozenset(names)
        self.progress_text = f"{doing} {len(names)} token{'s' if len(names) != 1 else ''}"
        self._tell()

    def say(self, text: str) -> None:
        """Show on the status line what is being done; an empty text ends it."""
        self.progress_text = text
        self._app.show_status()

    def finish(self, names: tuple[str, ...], progress: tuple[int, int] | None = None) -> None:
        """Mark tokens as done; `progress` is how many of how many."""
        self.busy -= frozenset(names)
        goes_on = progress is not None and progress[0] < progress[1]
        if goes_on and progress is not None:
            self.progress_text = f"{progress[0]} of {progress[1]} done (escape cancels)"
        elif not self.busy:
            self.progress_text = ""
        self._tell()
        if not goes_on:
            self._app.reload_board()
        elif not self._reloads_soon:  # many that come in together are read together
            self._reloads_soon = True
            self._app.set_timer(_TOGETHER, self._reload)

    def _reload(self) -> None:
        self._reloads_soon = False
        self._app.reload_board()

    def _tell(self) -> None:
        for screen in self._app.screen_stack:
            screen.post_message(WorkChanged(self.busy))
        self._app.show_status()

    def cancel(self) -> bool:
        """Stop refreshing or asking about what has not begun; False where nothing runs."""
        groups = ("refresh", "inspect")
        running = [worker for worker in self._app.workers if worker.group in groups and worker.is_running]
        for worker in running:
            worker.cancel()
        return bool(running)

    # --- refreshing --------------------------------------------------------------------------------------------

    def refresh(self, names: tuple[str, ...]) -> None:
        """Refresh tokens; one at a time each, the rest side by side."""
        idle = tuple(name for name in names if name not in self.busy)
        if idle:
            self._app.run_worker(self._refresh(idle), group="refresh", exit_on_error=False)
        elif names:
            self._app.notify("Facebook is being asked about it just now. Press again when that is done.", timeout=4)

    async def _refresh(self, names: tuple[str, ...]) -> None:
        self.begin(names, "refreshing")
        results: list[RefreshResult] = []

        def arrived(result: "RefreshResult") -> None:
            results.append(result)
            self.finish((result.name,), (len(results), len(names)))

        try:
            keeper = await asyncio.to_thread(lambda: self._app.services.keeper)
            await keeper.refresh_many(names, arrived)
        finally:
            self.finish(names)
            self._tell_results(tuple(results), len(names))

    def _tell_results(self, results: tuple["RefreshResult", ...], asked: int) -> None:
        if len(results) == 1 and asked == 1:
            result = results[0]
            fine = result.result in _FINE
            self._app.notify(
                result.sentence,
                title=result.name,
                severity="information" if fine else "warning",
                markup=False,
                timeout=8,
            )
            return
        counts: dict[str, int] = {}
        for result in results:
            word = result.result.replace("_", " ")
            counts[word] = counts.get(word, 0) + 1
        if asked > len(results):
            counts["left as they were"] = asked - len(results)
        text = ", ".join(f"{count} {word}" for word, count in counts.items())
        failed = next((result for result in results if result.result not in _FINE), None)
        text = f"{text}\n{failed.sentence}" if failed is not None else text
        self._app.notify(text or "nothing was refreshed", title="Refreshed", markup=False, timeout=8)

    # --- inspecting --------------------------------------------------------------------------------------------

    def inspect_stale(self) -> None:
        """Inspect in the background what was not inspected for as long as the settings say."""
        limit = self._app.clock.now() - self._app.services.settings.inspect_interval_minutes * 60
        stale = tuple(
            row.token.name
            for row in self._app.board.rows
            if row.token.inspected_at is None or row.token.inspected_at < limit
        )
        if stale:
            self.inspect(stale)

    def inspect(self, names: tuple[str, ...], *, tell: bool = False) -> None:
        """Ask Facebook what tokens are now; with `tell` say the outcome."""
        names = tuple(name for name in names if name not in self.busy)
        if names:
            self._app.run_worker(self._inspect(names, tell), group="inspect", exit_on_error=False)

    async def _inspect(self, names: tuple[str, ...], tell: bool) -> None:
        self.begin(names, "asking Facebook about")
        failures: list[str] = []
        asked = 0
        limit = asyncio.Semaphore(self._app.services.settings.max_concurrency)
        try:
            keeper = await asyncio.to_thread(lambda: self._app.services.keeper)

            async def one(name: str) -> None:
                nonlocal asked
                async with limit:
                    try:
                        await keeper.inspect(name)
                    except Exception as error:
                        failures.append(f"{name}: {error}")
                asked += 1
                if asked < len(names):
                    self.finish((name,), (asked, len(names)))

            await asyncio.gather(*(one(name) for name in names))
        finally:
            self.finish(names)
        if not tell:
            self._refresh_by_itself()
        if failures and tell:
            self._app.notify(failures[0], title="Could not ask", severity="warning", markup=False, timeout=8)
        elif tell:
            what = names[0] if len(names) == 1 else f"{len(names)} tokens"
            self._app.notify(f"{what}: asked just now.", timeout=3, markup=False)

    def _refresh_by_itself(self) -> None:
        """Refresh what is inside the window of a profile that says so, not more often than a day."""
        from tui.tokens.policy import Policy, due_names

        services = self._app.services
        now = self._app.clock.now()
        for profile in services.profiles:
            if profile.auto_refresh:
                tokens = [row.token for row in self._app.board.rows if row.token.profile == profile.name]
                names = due_names(tokens, now, Policy(window=services.window_of(profile.name)))
                self.refresh(tuple(names))

    def tell_worse(self, before: Board, after: Board) -> None:
        """Raise a notice for each token whose state got worse since the last board."""
        states = {row.token.name: row.state for row in before.rows}
        worse = [
            row
            for row in after.rows
            if row.token.name in states
            and STATES[row.state].severity > STATES[states[row.token.name]].severity
            and states[row.token.name] != "unknown"
        ]
        if not worse:
            return
        if self._app.services.settings.bell:
            self._app.bell()
        names = ", ".join(f"{row.token.name} is {row.state}" for row in worse[:3])
        more = f" and {len(worse) - 3} more" if len(worse) > 3 else ""
        self._app.notify(names + more, title="Got worse", severity="warning", markup=False, timeout=10)

    # --- reading -----------------------------------------------------------------------------------------------

    def test_read(self, name: str) -> None:
        """Read the Instagram account with a token, as the connector would, and say what came."""
        self._app.run_worker(self._test_read(name), group="read", exit_on_error=False)

    async def _test_read(self, name: str) -> None:
        from tui.services.reading import NothingToRead
        from tui.wording.facebook import facebook_text
        from tui.wording.reading import nothing_to_read, reading_text
        from tui.wording.surfaces import Screen, sentences
        from tui.wording.text import Action, Do

        self.begin((name,), "reading with")
        try:
            reading = await self._app.services.reading_desk.read(name)
            self._app.notify(reading_text(reading), title=f"Test read with {name}", markup=False, timeout=10)
        except (FacebookError, NothingToRead) as error:
            surface = Screen(self._app.services.settings.keymap)
            if isinstance(error, NothingToRead):
                text = nothing_to_read(error)
            else:
                text = facebook_text(error, Action(Do.TEST_READ))
            self._app.notify(
                sentences(text, surface), title="Read failed", severity="error", markup=False, timeout=12
            )
        except Exception as error:
            self._app.notify(str(error), title="Read failed", severity="error", markup=False, timeout=12)
        finally:
            self.finish((name,))

    # --- copying -----------------------------------------------------------------------------------------------

    def copies_of(self, row: Row) -> tuple[Copyable, ...]:
        """Return all that can be copied of a token."""
        token = row.token
        services = self._app.services
        now = self._app.clock.now()
        base = services.settings.graph_url
        version = services.settings.api_version
        curl = (
            f'curl -sS -H "Authorization: Bearer $IGAUTH_TOKEN" "{base}/{version}/me?fields=id,name"'
            f"   # first: export IGAUTH_TOKEN=$(igauth token {token.name})"
        )
        end = token.expires_at
        line = (
            f"| {token.name} | {row.state} | {'never' if end is None else stamp(end)} |"
            f" {countdown(None if end is None else end - now)} | asked {rfc3339(token.inspected_at) or 'never'} |"
        )
        loop = asyncio.get_running_loop()

        def page_token(page_id: str) -> Secret:
            asked = services.reading_desk.page_token(token.name, page_id)
            return asyncio.run_coroutine_threadsafe(asked, loop).result(_ASKING)

        return (
            Copyable(f"token {token.name}", lambda: services.vault.value(token.name)),
            Copyable.known(f"App ID {token.app_id}", token.app_id),
            Copyable.known("curl for a test read (takes the token from the environment)", curl),
            Copyable.known("status line in Markdown (no secret)", line),
            *(
                Copyable(f"Page token of {page.name} (asked for now)", partial(page_token, page.page_id))
                for page in (token.pages if token.kind != "page" else ())[:4]
            ),
        )
