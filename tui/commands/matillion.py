"""`igauth matillion`: stores a profile's Matillion settings and tests the connection."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import click

from tui.commands.failure import words_of
from tui.commands.names import profile_named
from tui.commands.options import NAME, passphrase_option
from tui.commands.pipe import put_text, read_line, say
from tui.commands.running import open_command, run_work
from tui.commands.secret_store import choose_secret_store, store_option
from tui.matillion.errors import MatillionError
from tui.matillion.hosts import checked_address
from tui.process import Refused
from tui.redact import Secret
from tui.services import Services
from tui.settings import MatillionTarget
from tui.vault.choice import BackendName
from tui.wording.commands import command_text
from tui.wording.matillion import connection
from tui.wording.surfaces import CommandLine
from tui.wording.text import Action, Do

REFUSED, COULD_NOT_ASK = 1, 3


@click.command()
@click.option("--profile", type=NAME, help="Profile to use (default: the default profile).")
@click.option("--instance", help="Address of the instance, such as https://matillion.example.com.")
@click.option("--user", help="A user with the API role; a user in the Reader group is enough.")
@click.option("--entry", "oauth_entry", help="Name of the OAuth entry in Manage OAuth.")
@click.option("--ca-file", help="PEM file of your own certificate authority (empty: none).")
@click.option("--fingerprint", help="SHA-256 fingerprint of a self-signed certificate (empty: none).")
@click.option("--group", help="Matillion group of the jobs; with --project igauth checks their last runs.")
@click.option("--project", help="Matillion project of the jobs.")
@click.option("--ask-password", "with_password", is_flag=True, help="Read the password from stdin or a hidden prompt.")
@store_option
@passphrase_option(stdin_is_free=False)
def matillion(profile: str | None, with_password: bool, store: BackendName | None, **given: str | None) -> int:
    """Save a profile's Matillion settings and test the connection; without options only test it.

    igauth only reads from Matillion, and sends no password over http except to this machine. Exit status 0: it
    answers and lists the entry; 1: it refuses, or does not list the entry; 3: it could not be asked.
    """
    services = open_command()
    known = profile_named(services, profile)
    given["base_url"] = given.pop("instance")
    changes = {key: value.strip() for key, value in given.items() if value is not None}
    target = replace(known.matillion, **changes)  # type: ignore[arg-type]  # every option is a text of the target's
    again = Action(Do.SET_MATILLION, known.name)
    try:
        password = _password(services, target, store) if with_password else None
        if not target.base_url:
            if changes or with_password:
                _save(services, known.name, target, password)
            raise Refused(command_text("matillion", "no_address", name=known.name, step=CommandLine().step(again)))
        save = partial(_save, services, known.name, target, password) if changes or with_password else None
        return run_work(services, lambda: _test(services, known.name, target, password, save))
    except MatillionError as error:
        status = COULD_NOT_ASK if error.failure.could_not_ask else REFUSED
        raise Refused(words_of(error, retry=again) or "", status) from None


def _password(services: Services, target: MatillionTarget, store: BackendName | None) -> Secret:
    if target.base_url:
        checked_address(target.base_url)  # before a password is asked for
    choose_secret_store(services, store)
    unchanged = command_text("matillion", "not_saved")
    return Secret(read_line(f"Password of {target.user or 'Matillion'}", unchanged))


def _save(services: Services, name: str, target: MatillionTarget, password: Secret | None) -> None:
    services.matillion.save(name, target, password)
    say(command_text("matillion", "saved", name=name))


async def _test(
    services: Services, name: str, target: MatillionTarget, password: Secret | None, save: Callable[[], None] | None
) -> int:
    if password and save is not None:
        await _check_password(services, name, target, password)
    if save is not None:
        await asyncio.to_thread(save)
    reached = await services.matillion.test(name)
    put_text(connection(reached))
    return 0 if reached.lists_entry else REFUSED


async def _check_password(services: Services, name: str, target: MatillionTarget, password: Secret) -> None:
    """Test a password before it takes the place of the stored one. Raises Refused."""
    try:
        await services.matillion.check_password(name, target, password)
    except MatillionError as error:
        why = words_of(error, retry=Action(Do.SET_MATILLION, name)) or ""
        raise Refused(f"{command_text('matillion', 'not_saved')} {why}") from None
