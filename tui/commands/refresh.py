"""`igauth refresh`: extends tokens and reports what came of each."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

import click

from tui.clock import rfc3339
from tui.commands.asking import refused_line
from tui.commands.deliver import deliver_saved
from tui.commands.failure import say_failure
from tui.commands.last_known import put_last_known, readable_tokens
from tui.commands.names import token_named
from tui.commands.options import DURATION, NAME, passphrase_option
from tui.commands.pipe import put, put_json, say
from tui.commands.running import open_command, run_work, say_notices
from tui.services import Services
from tui.services.hook_record import HookFailed
from tui.services.hooks import run_hooks
from tui.services.keeping import outcome_of
from tui.tokens.delivery import Delivery
from tui.tokens.policy import due_names, is_due, plan
from tui.tokens.refusals import refused_results
from tui.tokens.results import Reason, RefreshCode, RefreshResult
from tui.tokens.token import Token, deadline
from tui.vault.errors import VaultError
from tui.wording.commands import command_text
from tui.wording.hooks import hook_failure
from tui.wording.refresh import bug_in, refresh_line, rest_not_asked
from tui.wording.surfaces import CommandLine, sentences
from tui.wording.vault import displaced_line

DONE, FAILED, COULD_NOT_ASK = 0, 1, 3


@click.command()
@click.argument("names", nargs=-1, type=NAME, metavar="[NAME]...")
@click.option("--all", "everything", is_flag=True, help="Refresh every token.")
@click.option("--within", type=DURATION, help="Refresh the tokens whose deadline is nearer than this, such as 14d.")
@click.option("--due", is_flag=True, help="Refresh the tokens that `igauth due` lists, as a timer does.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as one JSON object.")
@passphrase_option()
def refresh(names: tuple[str, ...], everything: bool, within: int | None, due: bool, as_json: bool) -> int:
    """Inspect tokens, extend those that can be extended, and keep what is proven to be better.

    Exit status 0: all done. 1: some need a new login, or failed, or were not delivered. 3: Facebook could not be asked.
    """
    if [bool(names), due, everything or within is not None].count(True) != 1:
        raise click.UsageError(command_text("refresh", "which"))
    services = open_command()
    try:
        for name in names:
            token_named(services, name)  # before anything is done
        selected = list(dict.fromkeys(names)) or _selected(services, services.tokens(), within, due)
    except VaultError as error:
        say_failure(error)
        tokens = readable_tokens(services)
        meant = list(names) or _selected(services, tokens, within, due)
        return _put_last_known(services, [token for token in tokens if token.name in meant], as_json)
    return run_work(services, lambda: _refresh(services, selected, as_json))


def _put_last_known(services: Services, tokens: Sequence[Token], as_json: bool) -> int:
    """Print the last known states of tokens that Facebook was not asked about."""
    if as_json:
        results = [RefreshResult(token, RefreshCode.COULD_NOT_ASK, Reason.STORE) for token in tokens]
        put_json({"schema": 1, "results": [_row(result) for result in results]})
    else:
        put_last_known(services, tokens)
    return COULD_NOT_ASK


def _selected(services: Services, tokens: Sequence[Token], within: int | None, due: bool) -> list[str]:
    """Return the names of all tokens, or of those that a refresh may help now."""
    now = services.clock.now()
    if due:
        return due_names(tokens, now, services.settings.window_of)
    return [token.name for token in tokens if within is None or is_within(token, now, within)]


def is_within(token: Token, now: float, within: int) -> bool:
    """Tell whether a token's deadline is nearer than `within` seconds, or unknown, and it is not too soon to try."""
    end = deadline(token)
    is_near = end is not None and end - now <= within
    return is_due(token, now, within) or (is_near and plan(token, now, within) != "exchange")


async def _refresh(services: Services, names: list[str], as_json: bool) -> int:
    write = say if as_json else put

    def report(result: RefreshResult) -> None:
        if result.result is not RefreshCode.REFUSED:  # once for all tokens of the app, below
            write(refresh_line(result, services.clock.now(), CommandLine()))

    began = services.clock.now()
    await asyncio.to_thread(_restore_displaced, services)
    in_order = InOrder(names, report)
    try:
        results = await services.keeper.refresh_many(names, in_order.add)
    except VaultError as error:
        say_failure(error)
        return _put_last_known(services, [token for token in readable_tokens(services) if token.name in names], as_json)
    finally:
        in_order.flush()
    for refused in refused_results(results):
        write(refused_line(refused))
    if not_asked := rest_not_asked(results):
        say(f"igauth: {not_asked}")
    if (bug := bug_in(result.cause for result in results)) is not None:
        say_failure(bug)
    if as_json:
        put_json({"schema": 1, "results": [_row(result) for result in results]})
    elif not results:
        say("Nothing to refresh.")
    undelivered: Sequence[Delivery] = ()
    is_stored = True
    try:
        undelivered = await deliver_saved(services, *(result.name for result in results))
        late = await run_hooks(services, results, _say_hook_failed)
        if services.actor == "timer":
            services.timer.note_run(outcome_of(began, services.clock.now(), results, undelivered, late))
    except VaultError as error:
        say_failure(error)
        is_stored = False
    say_notices(services)
    return FAILED if undelivered else _exit_status(results) or (DONE if is_stored else COULD_NOT_ASK)


def _say_hook_failed(failed: HookFailed) -> None:
    say(f"igauth: {sentences(hook_failure(failed), CommandLine())}")


class InOrder:
    """Reports results in the order asked for, each as soon as those before it are there: many run at once."""

    def __init__(self, names: Iterable[str], report: Callable[[RefreshResult], None]) -> None:
        self._waiting = list(names)
        self._results: dict[str, RefreshResult] = {}
        self._report = report

    def add(self, result: RefreshResult) -> None:
        """Add one result and report what is next in order."""
        self._results[result.name] = result
        while self._waiting and self._waiting[0] in self._results:
            self._report(self._results.pop(self._waiting.pop(0)))

    def flush(self) -> None:
        """Report the results that wait for others which were interrupted."""
        for name in self._waiting:
            if name in self._results:
                self._report(self._results.pop(name))


def _restore_displaced(services: Services) -> None:
    """Move secrets that a failing keyring had displaced back into it, where it answers again."""
    displaced = 0
    try:
        if displaced := services.secrets.displaced:
            services.restore_displaced()
    except VaultError as error:
        say_failure(error, f"{displaced_line(displaced)} " if displaced else "")


def _exit_status(results: Iterable[RefreshResult]) -> int:
    """Return 1 where some failed, else 3 where some could not be asked about, else 0."""
    codes = {result.result for result in results if not result.result.is_done}
    if codes - {RefreshCode.COULD_NOT_ASK}:
        return FAILED
    return COULD_NOT_ASK if codes else DONE


def _row(result: RefreshResult) -> dict[str, object]:
    return {
        "profile": result.token.profile,
        "name": result.name,
        "result": result.result,
        "seconds_gained": result.seconds_gained,
        "expires_at": rfc3339(result.token.expires_at),
        "reason": result.reason,
    }
