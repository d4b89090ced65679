"""`igauth import`, `igauth token` and `igauth forget`: one value in, out, or wiped."""

import click

from tui.commands.deliver import deliver_saved
from tui.commands.failure import explain, say_failure
from tui.commands.flawed import without_flaws
from tui.commands.names import no_such_token, profile_named, token_named
from tui.commands.options import NAME, passphrase_option
from tui.commands.pipe import confirm, on_terminal, put, read_value, say
from tui.commands.running import open_command, run_work
from tui.commands.secret_store import choose_secret_store, store_option
from tui.process import USAGE, Refused
from tui.redact import Secret
from tui.services import Services
from tui.services.adoption import AdoptionRefused
from tui.services.duplicates import same_value
from tui.services.timer_advice import first_token_lacks_timer
from tui.settings import Profile
from tui.tokens.errors import NameTaken, NoSuchToken
from tui.tokens.states import is_unusable
from tui.tokens.token import Token, is_over_by_clock, reason, state
from tui.vault.choice import BackendName
from tui.vault.errors import VaultError
from tui.wording.automation import first_token_advice
from tui.wording.commands import command_text
from tui.wording.surfaces import CommandLine, sentences
from tui.wording.text import Action, Do
from tui.wording.token_details import saved_text
from tui.wording.token_words import reason_text

NOT_DONE = 1


@click.command("import")
@click.argument("name", type=NAME)
@click.option("--profile", type=NAME, required=True, help="Profile whose app the token belongs to.")
@store_option
@passphrase_option(stdin_is_free=False)
def import_token(name: str, profile: str, store: BackendName | None) -> int:
    """Read one token from stdin, ask Facebook what it is, and save it as it is. It is never exchanged.

    On a terminal a flaw that can be fixed is fixed when you agree.

    Exit status 1, with nothing saved: the text is flawed or not a token, the token is of another app, or the name is
    taken. An expired or refused token is saved, with a message, and so is one that Facebook could not be asked about.
    """
    services = open_command()
    owner = profile_named(services, profile)
    text = read_value(f"Token {name}")
    values = without_flaws({"token": text}, {"app_id": owner.app_id})
    if values is None:
        raise Refused(command_text("import", "flawed", name=name))
    choose_secret_store(services, store)
    return run_work(services, lambda: _import(services, name, owner, Secret(values["token"])))


async def _import(services: Services, name: str, profile: Profile, value: Secret) -> None:
    try:
        token = await services.keeper.adopt(name, profile.name, value, "import")
    except (NameTaken, AdoptionRefused) as error:
        raise Refused(command_text("import", "not_saved", reason=explain(error)[0])) from None
    say_saved(services, token)
    await deliver_saved(services, token.name)


def say_saved(services: Services, token: Token) -> None:
    """Print what a token just saved is, and with the first one that nothing extends it where that is so."""
    text = saved_text(
        token, services.clock.now(), services.settings.window_of(token.profile), same_value(services, token)
    )
    say(sentences(text, CommandLine()))
    if first_token_lacks_timer(services, token):
        say(sentences(first_token_advice(), CommandLine()))


@click.command()
@click.argument("name", type=NAME)
@click.option("--show", is_flag=True, help="Print it on a terminal too.")
@click.option("--any", "any_state", is_flag=True, help="Print it even if it has expired or Facebook refuses it.")
@passphrase_option()
def token(name: str, show: bool, any_state: bool) -> None:
    """Print one bare token on stdout, one line, for a pipe; on a terminal only with --show.

    Exit status 1, with nothing printed: there is no such token, its value is gone, or it is known to have expired or to
    be refused. Facebook is not asked: `igauth status --check` does that.
    """
    services = open_command(looks_only=True)
    if on_terminal() and not show:
        raise Refused(command_text("token", "on_terminal", name=name), USAGE)
    try:
        known = services.token_store.token(name)
        _require_usable(services, known, any_state)
        value = services.token_store.value(name)
    except NoSuchToken:
        raise Refused(no_such_token(services, name)) from None
    put(value.reveal())
    try:
        services.history.note(
            "export", "printed", token=name, profile=known.profile, new_fingerprint=value.fingerprint()
        )
    except VaultError as error:  # a home that cannot be written must not keep the token from its owner
        say_failure(error, command_text("token", "not_noted"))


def _require_usable(services: Services, token: Token, any_state: bool) -> None:
    """Refuse a token that is known not to work, for a script to tell; warn of one past its end. Raises Refused."""
    now = services.clock.now()
    its_state = state(token, now, services.settings.window_of(token.profile))
    if not any_state and is_unusable(its_state):
        why = reason_text(reason(token, now) or "refused")
        text = command_text("token", "unusable", name=token.name, state=its_state, why=why)
        raise Refused(f"{text} {CommandLine().step(Action(Do.LOG_IN, token.profile, token.name))}")
    if is_over_by_clock(token, now):
        say(command_text("token", "past_its_end", name=token.name))


@click.command()
@click.argument("name", type=NAME)
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(name: str, yes: bool) -> int:
    """Wipe a token and every value kept of it; its history stays, and Facebook knows the token until it ends.

    Exit status 1 where the answer was no.
    """
    services = open_command()
    token_named(services, name)
    if not confirm(command_text("forget", "question", name=name), yes):
        return NOT_DONE
    services.token_store.delete(name)
    say(command_text("forget", "done", name=name))
    return 0
