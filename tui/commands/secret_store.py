"""Where secrets go, decided before the first one is written: by an option, by what the keyring says, or by a yes."""

from collections.abc import Callable
from typing import Any

import click

from tui.commands.options import weak_option
from tui.commands.passphrase import given_passphrase, passphrase_of_unit
from tui.commands.pipe import is_piped, read_new_passphrase, refuse_weak, say
from tui.process import Refused
from tui.services import Services
from tui.vault.choice import BackendChoice, BackendName
from tui.vault.errors import StoreUndecided
from tui.vault.passphrase import Passphrase
from tui.wording.commands import command_text

STORES: tuple[BackendName, ...] = ("keyring", "sealed", "database")
_NEW = "New passphrase for igauth's secrets"


def store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --store and --weak, for `choose_secret_store`."""
    return click.option(
        "--store",
        type=click.Choice(STORES),
        help="Where secrets are stored, before the first one is (default: the keyring, where there is one).",
    )(weak_option(command))


def choose_secret_store(services: Services, store: BackendName | None = None) -> None:
    """Choose the secret store before the first secret is written, and print which one and why.

    Nothing is written to a lesser store because the keyring is locked: that takes `store` or a yes on the terminal.
    Raises Refused, SecretsUnavailable, UsageError.
    """
    choice = services.secrets.choice
    if choice is None:
        from tui.wording.vault import store_line

        say(store_line(_chosen(services, store)))
    elif store not in (None, choice.name):
        raise click.UsageError(command_text("store", "chosen", store=choice.name, wanted=store))
    elif choice.name == "sealed" and not services.secrets.has_passphrase:  # chosen, and then cut off
        prepare_passphrase(services)


def _chosen(services: Services, store: BackendName | None) -> BackendChoice:
    if store == "sealed":
        prepare_passphrase(services)
    try:
        return services.secrets.choose() if store is None else services.secrets.choose_store(store)
    except StoreUndecided as error:
        from tui.wording.vault import vault_error

        text = vault_error(error, ways=command_text("store", "ways"))
        if store is not None or is_piped():
            raise Refused(f"{text.what} {text.hint}") from None
        say(f"igauth: {text.what}")
        if not click.confirm(command_text("store", "question"), err=True):
            raise Refused(f"{command_text('store', 'nothing')} {text.hint}") from None
        return services.secrets.choose_store("database")


def prepare_passphrase(services: Services) -> None:
    """See that the passphrase that will seal secrets is at hand; a new one is asked for twice."""
    known = given_passphrase() or passphrase_of_unit()
    if known is None and services.settings.passphrase_command:
        return  # it is run when it is needed
    if known is not None:
        refuse_weak(known.secret, command_text("store", "nothing"))
    first = known or Passphrase(read_new_passphrase(_NEW, command_text("store", "nothing")))
    services.ask_passphrase = lambda: first
