"""How a command runs: it opens and closes the services, and a signal cancels its work."""

import os
import signal
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import TYPE_CHECKING

from tui.commands.passphrase import given_passphrase, passphrase_sources
from tui.commands.pipe import say
from tui.services import Services, open_services
from tui.tokens.history import Actor
from tui.vault.errors import ReadOnly

if TYPE_CHECKING:
    from tui.plain.unlocking import TerminalWait
    from tui.vault.errors import SecretsProblem
    from tui.vault.unlocking import HasAnswered

_ENDINGS = (signal.SIGTERM, signal.SIGHUP)


def open_command(*, looks_only: bool = False) -> Services:
    """Open the services of the home. Raises SettingsError.

    With `looks_only`, a home that cannot be written is opened too, with a notice.
    """
    actor: Actor = "timer" if os.environ.get("IGAUTH_ACTOR") == "timer" else "command"
    services = open_services(os.environ, actor)
    services.ask_passphrase = passphrase_sources(services, given_passphrase())
    services.looks_only = looks_only
    if actor == "command":
        services.wait_for_unlock = _wait_for_unlock
    if ignored := services.settings.ignored:
        from tui.wording.settings import ignored_keys
        from tui.wording.surfaces import CommandLine, sentences

        say(f"igauth: {sentences(ignored_keys(ignored), CommandLine())}")
    if looks_only:
        from tui.vault.files import cannot_be_written

        if cannot_be_written(database := services.home.database):
            _warn("not_writable", path=database)
    return services


def _wait_for_unlock(problem: "SecretsProblem", has_answered: "HasAnswered") -> None:
    from tui.plain.unlocking import TerminalWait  # only where the keyring is locked

    wait = TerminalWait(say)
    _waits.append(wait)
    wait(problem, has_answered)


_waits: "list[TerminalWait]" = []
"""What waits for the keyring, in the thread that needs it: an end of the work ends it."""


def say_notices(services: Services) -> None:
    """Say what the vault did on its own, or could not do, and that the clock is off.

    That the home cannot be written was said at the opening.
    """
    say_clock(services)
    if notices := [notice for notice in services.notices if not isinstance(notice.error, ReadOnly)]:
        from tui.wording.surfaces import CommandLine, sentences
        from tui.wording.vault import notice_text

        for notice in notices:
            say(f"igauth: {sentences(notice_text(notice), CommandLine())}")


def say_clock(services: Services) -> None:
    """Say that this machine's clock is off, where answers of Facebook's have shown it."""
    if services.clock.skew:
        from tui.wording.facebook import clock_words

        say(f"igauth: {clock_words(services.clock.skew)}")


def run_work(services: Services, work: Callable[[], Awaitable[int | None]]) -> int:
    """Run a command's work on an event loop and return its exit status; then close connections and store.

    SIGTERM and SIGHUP cancel the work, which finishes or abandons what it is storing; the status is then 128
    plus the signal's number. SIGINT raises KeyboardInterrupt.
    """
    import asyncio  # commands that only read the store do without

    ended_by: list[int] = []

    async def run_and_close() -> int:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def end(number: int, _frame: FrameType | None) -> None:
            ended_by.append(number)
            loop.call_soon_threadsafe(task.cancel)

        heeded = [number for number in _ENDINGS if signal.getsignal(number) is not signal.SIG_IGN]
        before = {number: signal.signal(number, end) for number in heeded}
        try:
            try:
                return await work() or 0
            finally:
                for wait in _waits:
                    wait.stop()
                _say_served_versions(services)
                await services.close()
        except asyncio.CancelledError:  # in the work, or while closing
            if not ended_by:
                raise
            return 128 + ended_by[0]
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    return asyncio.run(run_and_close())


def _say_served_versions(services: Services) -> None:
    """Print where Facebook answered with another API version: it replaces an expired one without an error."""
    for client in services.clients:
        served = client.served.version
        if served and served != client.version:
            _warn("other_version", served=served, asked=client.version)


def _warn(code: str, **facts: object) -> None:
    from tui.wording.commands import command_text  # only where something is wrong

    say(f"igauth: {command_text('running', code, **facts)}")
