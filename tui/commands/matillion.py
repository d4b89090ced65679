"""`igauth matillion`: where Matillion ETL is, and whether it answers; the password comes from stdin or a prompt."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from tui.commands.names import profile_named
from tui.commands.options import NAME
from tui.commands.pipe import put_text, read_value, say
from tui.commands.running import open_command, run_work, say_where_secrets_go
from tui.redact import Secret
from tui.settings import MatillionTarget

if TYPE_CHECKING:
    from tui.services import Services

ANSWERS, REFUSED, COULD_NOT_ASK = 0, 1, 3


@click.command()
@click.option("--profile", type=NAME, help="Of which profile; the default one unless said otherwise.")
@click.option("--instance", help="The instance's own address, such as https://matillion.example.com.")
@click.option("--user", help="A user with the API role; one of its own in the Reader group is enough.")
@click.option("--entry", "oauth_entry", help="Name of the OAuth entry in Manage OAuth.")
@click.option("--ca-file", help="PEM file of a certificate authority of your own; empty for none.")
@click.option("--fingerprint", help="SHA-256 fingerprint of a self-signed certificate; empty for none.")
@click.option("--group", help="Matillion group of the jobs; with --project the last runs are looked at.")
@click.option("--project", help="Matillion project of the jobs.")
@click.option("--ask-password", "with_password", is_flag=True, help="Read the password from stdin or a hidden prompt.")
def matillion(profile: str | None, with_password: bool, **given: str | None) -> int:
    """Say where Matillion ETL is, and test the connection; without options only test it.

    Nothing is ever changed in Matillion, and no password is sent over http unless to this machine. Exit status
    0: it answers and lists the entry; 1: it refuses, or does not list the entry; 3: it could not be asked.
    """
    services = open_command()
    name = profile_named(services, profile).name
    given["base_url"] = given.pop("instance")
    changes = {key: value.strip() for key, value in given.items() if value is not None}
    if changes or with_password:
        _save(services, name, changes, with_password=with_password)
    target = _target(services, name)
    if not target.base_url:
        say(f"igauth: profile {name} has no Matillion address. Give one: igauth matillion --instance https://HOST")
        return REFUSED
    return run_work(services, lambda: _test(services, name))


def _target(services: "Services", name: str) -> MatillionTarget:
    profile = services.profile(name)
    return (profile.matillion if profile is not None else None) or MatillionTarget("")


def _save(services: "Services", name: str, changes: dict[str, str], *, with_password: bool) -> None:
    before = _target(services, name)
    target = replace(before, **changes)  # type: ignore[arg-type]  # every option is a text of the target's
    password = None
    if with_password:
        say_where_secrets_go(services)
        password = Secret(read_value(f"Password of {target.user or 'Matillion'}"))
    services.matillion_desk.save(name, target, password)
    say(f"Matillion's settings of profile {name} are saved.")


async def _test(services: "Services", name: str) -> int:
    from tui.matillion.errors import MatillionError

    try:
        reached = await services.matillion_desk.test(name)
    except MatillionError as error:
        say(f"igauth: {error.what} {error.why}\n  Next ({error.who}): {error.next_step}")
        return COULD_NOT_ASK if error.could_not_ask else REFUSED
    put_text(reached.seen)
    return ANSWERS if reached.lists_entry else REFUSED
