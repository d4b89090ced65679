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

STORED, REFUSED = 0, 1
PRINTED, NO_SUCH_TOKEN, USAGE = 0, 1, 64


@click.command("import")
@click.argument("name", type=NAME)
@click.option("--profile", type=NAME, required=True, help="The profile whose app the token belongs to.")
def import_token(name: str, profile: str) -> int:
    """Take in one token from stdin, ask Facebook what it is, and store it as it is. It is never exchanged.

    Exit status 1, with nothing stored, where the text is flawed or no token to Facebook, the token is of another
    app, or the name is taken. An expired or refused token is stored too, and said.
    """
    services = open_command()
    owner = profile_named(services, profile)
    text = read_value(f"Token {name}")
    if not _is_token(text, owner):
        say(f"igauth: nothing was stored. Mend what is named above, then import {name} again.")
        return REFUSED
    say_where_secrets_go(services)
    return run_work(services, lambda: _import(services, name, owner, Secret(text)))


def _is_token(text: str, profile: "Profile") -> bool:
    """Say every flaw on stderr; tell whether the text may be stored."""
    from tui.credentials import describe, inspect, is_clean

    flaws = inspect("token", text, {"app_id": profile.app_id} if profile.app_id else {})
    for flaw in flaws:
        say(f"token: {flaw.severity}: {describe('token', flaw)}")
        say(f"  {flaw.cause} {flaw.effect}".rstrip())
    return is_clean(flaws)


async def _import(services: "Services", name: str, profile: "Profile", value: Secret) -> int:
    from tui.tokens.errors import AdoptionRefused, NameTaken

    try:
        token = await services.keeper.adopt(name, profile.name, value, "import")
    except (NameTaken, AdoptionRefused) as error:
        say(f"igauth: {error.message} Nothing was stored.")
        return REFUSED
    say(stored_words(services, token))
    return STORED


def _why_unknown(token: "Token") -> str:
    from tui.tokens.results import full_stop

    failure = token.failure
    if failure is None:
        return "Nobody asked yet."
    if failure.code is None:
        return full_stop(failure.message)
    from tui.facebook.remedies import remedy_for

    remedy = remedy_for(failure.code, failure.subcode, failure.message, failure.cause, "debug_token")
    return f"{full_stop(failure.message)} {remedy.what} {remedy.next}"


def stored_words(services: "Services", token: "Token") -> str:
    """Return what a token just stored is, in a sentence or two."""
    from tui.tokens.results import full_stop
    from tui.tokens.token import deadline, reason, state
    from tui.wording.times import stamp

    now = services.clock.now()
    its_state = state(token, now, services.window_of(token.profile))
    match its_state:
        case "unknown":
            return (
                f"Token {token.name} is stored as unknown: Facebook could not be asked. {_why_unknown(token)}"
                " Ask again with: igauth status --check"
            )
        case "expired" | "invalid":
            said = full_stop(token.failure.message) if token.failure else ""
            return (
                f"Token {token.name} is stored, but it is {its_state} ({reason(token, now)}). {said}".rstrip()
                + f" Only a new login helps: igauth login --profile {token.profile} --name {token.name}"
            )
        case _:
            return f"Token {token.name} is stored: {its_state}, until {stamp(deadline(token))}."


@click.command()
@click.argument("name", type=NAME)
@click.option("--show", is_flag=True, help="Print it on a terminal too.")
def token(name: str, show: bool) -> int:
    """Print one bare token on stdout, one line, for a pipe; on a terminal only with --show.

    Exit status 1 where there is no such token, or its value is gone.
    """
    from tui.tokens.errors import NoSuchToken, NoValue

    services = open_command(looks_only=True)
    if on_terminal() and not show:
        say(f"igauth: token {name} is not shown on a terminal; pipe it on, or say --show.")
        return USAGE
    try:
        known = services.vault.token(name)
        value = services.vault.value(name)
    except NoSuchToken:
        say(f"igauth: {no_such_token(services, name)}")
        return NO_SUCH_TOKEN
    except NoValue as error:
        say(f"igauth: {error.message}")
        return NO_SUCH_TOKEN
    put(value.reveal())
    _note(services, known, value)
    return PRINTED


def _note(services: "Services", token: "Token", value: Secret) -> None:
    """Put the export into the history; a home that cannot be written must not keep the token from its owner."""
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
        services.vault.record(event)
    except VaultError as error:
        say(f"igauth: printing it could not be noted in the history: {error}")
