"""`igauth refresh`: extend tokens, and say for each what came of it."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from tui.clock import rfc3339
from tui.commands.names import token_named
from tui.commands.options import DURATION, NAME
from tui.commands.pipe import put, put_json, say
from tui.commands.running import open_command, run_work, say_notices

if TYPE_CHECKING:
    from tui.services import Services
    from tui.tokens.keeper import RefreshResult
    from tui.tokens.token import Token

DONE, FAILED, COULD_NOT_ASK = 0, 1, 3
_FAILURES = frozenset({"login_needed", "app_credentials"})


@click.command()
@click.argument("names", nargs=-1, type=NAME, metavar="[NAME]...")
@click.option("--all", "everything", is_flag=True, help="Every token.")
@click.option("--within", type=DURATION, help="Of all tokens those whose deadline is nearer than this, such as 14d.")
@click.option("--due", is_flag=True, help="What `igauth due` names, by each profile's own window: what a timer runs.")
@click.option("--json", "as_json", is_flag=True, help="Results as one JSON object.")
def refresh(names: tuple[str, ...], everything: bool, within: int | None, due: bool, as_json: bool) -> int:
    """Inspect tokens, extend those that can be extended, and keep what is proven to be better.

    Exit status 0: all done. 1: some need a new login, or failed. 3: Facebook could not be asked.
    """
    if names and (everything or due or within is not None):
        raise click.UsageError("name tokens, or say --all, --within or --due, not both.")
    if due and (everything or within is not None):
        raise click.UsageError("--due goes by each profile's own window: leave --all and --within away.")
    if not names and not everything and not due and within is None:
        raise click.UsageError("which ones? Name tokens, or say --all (with --within 14d: only those near their end).")
    services = open_command()
    for name in names:
        token_named(services, name)  # before anything is done
    if due:
        from tui.commands.watch import due_now

        chosen = due_now(services)
    else:
        chosen = list(dict.fromkeys(names)) or wanted(services, within)
    if services.actor == "timer":
        services.timer.note_run()
    return run_work(services, lambda: _refresh(services, chosen, as_json))


async def _refresh(services: "Services", chosen: list[str], as_json: bool) -> int:
    import asyncio

    await asyncio.to_thread(_bring_home, services)
    in_turn = _InTurn(chosen, lambda result: _tell(result, as_json))
    try:
        results = await services.keeper.refresh_many(chosen, in_turn.hear)
    finally:
        in_turn.tell_the_rest()
    if as_json:
        put_json({"schema": 1, "results": [result_row(result) for result in results]})
    elif not results:
        say("Nothing to refresh.")
    from tui.commands.hooks import run_hooks

    await run_hooks(services, results)
    say_notices(services)
    return exit_status(results)


class _InTurn:
    """Tells results in the order asked for, each as soon as those before it are told: many are asked at once."""

    def __init__(self, names: "Iterable[str]", tell: "Callable[[RefreshResult], None]") -> None:
        self._waiting = list(names)
        self._done: dict[str, RefreshResult] = {}
        self._tell = tell

    def hear(self, result: "RefreshResult") -> None:
        """Take one result, and tell what has its turn now."""
        self._done[result.name] = result
        while self._waiting and self._waiting[0] in self._done:
            self._tell(self._done.pop(self._waiting.pop(0)))

    def tell_the_rest(self) -> None:
        """Tell what is done and waits for others that were broken off."""
        for name in [name for name in self._waiting if name in self._done]:
            self._tell(self._done.pop(name))


def _bring_home(services: "Services") -> None:
    """Move what a failing keyring had displaced back into it, where it answers again."""
    from tui.commands.failure import explain
    from tui.vault.errors import VaultError
    from tui.wording.vault import displaced_line

    if displaced := services.secrets.displaced:
        try:
            services.restore_displaced()
        except VaultError as error:
            say(f"igauth: {displaced_line(displaced)} {explain(error)[0]}")


def wanted(services: "Services", within: int | None) -> list[str]:
    """Return the names of all tokens, or of those near their deadline that a refresh may help now."""
    now = services.clock.now()
    return [token.name for token in services.tokens() if within is None or is_wanted(token, now, within)]


def is_wanted(token: "Token", now: float, within: int) -> bool:
    """Tell whether a token's deadline is nearer than `within` seconds, or unknown, and it is not too soon to try."""
    from tui.tokens.policy import Policy, earliest_attempt, plan
    from tui.tokens.token import deadline

    if token.inspected_at is None:
        return True
    end = deadline(token)
    if end is None or end - now > within:
        return False
    if plan(token, now, within) != "exchange":
        return True
    start = earliest_attempt(token, Policy(window=within))
    return start is None or start <= now


def exit_status(results: "Iterable[RefreshResult]") -> int:
    """Return 1 where some failed, else 3 where some could not be asked about, else 0."""
    words = {result.result for result in results}
    if words & _FAILURES:
        return FAILED
    return COULD_NOT_ASK if "could_not_ask" in words else DONE


def result_row(result: "RefreshResult") -> dict[str, object]:
    """Return one entry of `refresh --json`."""
    return {
        "profile": result.profile,
        "name": result.name,
        "result": result.result,
        "seconds_gained": result.seconds_gained,
        "expires_at": rfc3339(result.expires_at),
        "reason": result.reason,
    }


def _tell(result: "RefreshResult", as_json: bool) -> None:
    sentence = for_command(result)
    if as_json:
        say(sentence)
    else:
        put(sentence)


def for_command(result: "RefreshResult") -> str:
    """Return a result's sentence with commands in the place of keys."""
    return result.sentence.replace(
        "Log in with l.", f"Run: igauth login --profile {result.profile} --name {result.name}"
    ).replace("Check them on Credentials (2)", f"Check them: igauth add {result.profile} --verify")
