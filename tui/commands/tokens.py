"""`igauth import` and `igauth token`: one value in, one value out."""

from typing import TYPE_CHECKING

import click

from tui.commands.names import no_such_token, profile_named
from tui.commands.options import NAME
from tui.commands.pipe import on_terminal, put, read_value, say
from tui.commands.running import open_command, run_work, say_where_secrets_go
from tui.redact import Secret

if TYPE_CHECKING:
    from tui.services import Services
    from tui.settings import Profile
    from tui.tokens.token import Token

SAVED, REFUSED = 0, 1
PRINTED, NO_SUCH_TOKEN, USAGE = 0, 1, 64


@click.command("import")
@click.argument("name", type=NAME)
@click.option("--profile", type=NAME, required=True, help="Profile whose app the token belongs to.")
def import_token(name: str, profile: str) -> int:
    """Read one token from stdin, ask Facebook what it is, and save it as it is. It is never exchanged.

    Exit status 1, with nothing saved: the text is flawed or not a token, the token is of another app, or the name is
    taken. An expired or refused token is saved, with a message.
    """
    services = open_command()
    owner = profile_named(services, profile)
    text = read_value(f"Token {name}")
    if not _is_token(text, owner):
        say(f"igauth: nothing was saved. Fix what is named above, then import {name} again.")
        return REFUSED
    say_where_secrets_go(services)
    return run_work(services, lambda: _import(services, name, owner, Secret(text)))


def _is_token(text: str, profile: "Profile") -> bool:
    """Print every flaw to stderr; tell whether the text may be saved."""
    from tui.credentials import inspect, is_clean
    from tui.wording.flaws import flaw_lines

    flaws = inspect("token", text, {"app_id": profile.app_id} if profile.app_id else {})
    for line in flaw_lines("token", flaws, prefix="Access token: "):
        say(line)
    return is_clean(flaws)


async def _import(services: "Services", name: str, profile: "Profile", value: Secret) -> int:
    from tui.commands.failure import explain
    from tui.tokens.errors import AdoptionRefused, NameTaken

    try:
        token = await services.keeper.adopt(name, profile.name, value, "import")
    except (NameTaken, AdoptionRefused) as error:
        say(f"igauth: nothing was saved. {explain(error)[0]}")
        return REFUSED
    say_saved(services, token)
    return SAVED


def say_saved(services: "Services", token: "Token") -> None:
    """Print what a token just saved is."""
    from tui.wording.surfaces import CommandLine, sentences
    from tui.wording.tokens import saved_text

    text = saved_text(token, services.clock.now(), services.window_of(token.profile))
    say(sentences(text, CommandLine()))


@click.command()
@click.argument("name", type=NAME)
@click.option("--show", is_flag=True, help="Print it on a terminal too.")
def token(name: str, show: bool) -> int:
    """Print one bare token on stdout, one line, for a pipe; on a terminal only with --show.

    Exit status 1 where there is no such token, or its value is gone.
    """
    from tui.commands.failure import explain
    from tui.tokens.errors import NoSuchToken, NoValue

    services = open_command(looks_only=True)
    if on_terminal() and not show:
        say(f"igauth: token {name} is not shown on a terminal. Pipe it to another command, or use --show.")
        return USAGE
    try:
        known = services.vault.tokens.token(name)
        value = services.vault.tokens.value(name)
    except NoSuchToken:
        say(f"igauth: {no_such_token(services, name)}")
        return NO_SUCH_TOKEN
    except NoValue as error:
        say(f"igauth: {explain(error)[0]}")
        return NO_SUCH_TOKEN
    put(value.reveal())
    _record(services, known, value)
    return PRINTED


def _record(services: "Services", token: "Token", value: Secret) -> None:
    """Record the export in the history; a home that cannot be written must not keep the token from its owner."""
    from tui.commands.failure import explain
    from tui.tokens.history import HistoryEvent
    from tui.vault.errors import VaultError

    event = HistoryEvent(
        at=int(services.clock.now()),
        actor=services.actor,
        action="export",
        token=token.name,
        profile=token.profile,
        result="printed",
        new_fingerprint=value.fingerprint(),
    )
    try:
        services.vault.history.record(event)
    except VaultError as error:
        say(f"igauth: the export could not be recorded in the history: {explain(error)[0]}")
