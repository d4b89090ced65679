"""`igauth secrets`: where secrets are kept, and moving them elsewhere."""

import os

import click

from tui.commands.failure import say_failure
from tui.commands.options import passphrase_option, weak_option
from tui.commands.passphrase import given_passphrase, passphrase_of_unit, passphrase_sources
from tui.commands.pipe import is_piped, put, put_json, read_new_passphrase, read_value, refuse_weak, say
from tui.commands.running import open_command
from tui.process import Refused
from tui.redact import Secret
from tui.services import Services
from tui.vault.choice import BackendName
from tui.vault.errors import SecretsProblem, SecretsUnavailable
from tui.vault.passphrase import Passphrase
from tui.wording.commands import command_text
from tui.wording.counts import counted
from tui.wording.surfaces import CommandLine, sentences
from tui.wording.vault import STORES, displaced_line, store_line, store_meaning, why_not_better

PLACES = ("keyring", "sealed", "database")
_NEW = "New passphrase for igauth's secrets"


@click.command()
@click.option(
    "--move-to",
    "--to",
    "move_to",
    type=click.Choice(PLACES),
    help="Move every secret to this store; on failure all stay where they are.",
)
@click.option(
    "--change-passphrase",
    is_flag=True,
    help="Set another passphrase; asks for both (stdin: the old one, on the next line the new one).",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@weak_option
@passphrase_option(stdin_is_free=False)
def secrets(move_to: BackendName | None, change_passphrase: bool, as_json: bool) -> None:
    """Show the store of App Secrets, client tokens, passwords and token values; or move them to another.

    The stores: the operating system's keyring, the database encrypted with a passphrase (sealed), the plain database.
    The passphrase comes from stdin or a hidden prompt.
    """
    if move_to is not None and change_passphrase:
        raise click.UsageError("--move-to and --change-passphrase cannot be combined.")
    services = open_command(looks_only=move_to is None and not change_passphrase)
    if change_passphrase:
        _change_passphrase(services)
        return
    moved = None
    if move_to is not None:
        moved = _move(services, move_to)
        say(command_text("secrets", "moved", secrets=counted(moved, "secret"), store=STORES[move_to]))
    _print(services, as_json, moved)
    if moved is not None:
        _say_timer_faults(services)


def _move(services: Services, to: BackendName) -> int:
    """Move every secret and return how many. Raises Refused, VaultError."""
    if to == "sealed" and not services.secrets.has_passphrase:
        if given_passphrase():
            raise click.UsageError(command_text("secrets", "opens_only"))
        unchanged = command_text("secrets", "not_moved")
        first = passphrase_of_unit() or Passphrase(read_new_passphrase(_NEW, unchanged))
        services.ask_passphrase = lambda: first
    else:
        known = given_passphrase() or passphrase_of_unit()
        piped = read_value("") if is_piped() and known is None else ""
        _open_with(services, Passphrase(Secret(piped)) if piped else known)
    return services.secrets.move(to)


def _say_timer_faults(services: Services) -> None:
    """Say what keeps the installed timer from opening the secrets where they are now."""
    from tui.services.scheduling import Scheduling
    from tui.timer.errors import TimerError
    from tui.timer.installed import Fault
    from tui.wording.schedule import fault_text

    try:
        faults = Scheduling(services, os.environ).faults()
    except TimerError as error:
        say_failure(error)
        return
    for fault in faults:
        if fault.fault in (Fault.SEALED_WITH_CRON, Fault.CREDENTIAL_MISSING):
            say(f"igauth: {sentences(fault_text(fault), CommandLine())}")


def _open_with(services: Services, known: Passphrase | None) -> None:
    """Let the vault ask for what is known, else for what other sources have; they raise SecretsUnavailable."""
    others = passphrase_sources(services)

    def ask() -> Passphrase:
        if passphrase := known or others():
            return passphrase
        raise SecretsUnavailable(SecretsProblem.NO_PASSPHRASE_GIVEN)

    services.ask_passphrase = ask


def _change_passphrase(services: Services) -> None:
    """Set a passphrase that is asked for now; the old one is checked first."""
    choice = services.secrets.choice
    if choice is None or choice.name != "sealed":
        code = "no_passphrase" if choice else "not_chosen"
        raise Refused(command_text("secrets", code, store=choice and choice.name))
    old, new = _both_piped() if is_piped() else (None, None)
    _open_with(services, Passphrase(old) if old else given_passphrase())
    services.secrets.open()
    unchanged = command_text("secrets", "not_changed")
    if new:
        refuse_weak(new, unchanged)
    services.secrets.change_passphrase(new or read_new_passphrase(_NEW, unchanged))
    say(command_text("secrets", "changed"))


def _both_piped() -> tuple[Secret | None, Secret | None]:
    """Return the old and the new passphrase from stdin; a line alone is the new one. Raises Refused."""
    lines = [line.removesuffix("\r") for line in read_value("").split("\n")]
    if len(lines) > 2:
        raise Refused(command_text("secrets", "too_many_lines"))
    if not lines[-1]:
        return None, None
    return Secret(lines[0]) if len(lines) == 2 else None, Secret(lines[-1])


def _print(services: Services, as_json: bool, moved: int | None) -> None:
    choice, displaced = services.secrets.choice, displaced_line(services.secrets.displaced)
    if as_json:
        put_json(
            {
                "schema": 1,
                "backend": choice.name if choice else None,
                "meaning": store_meaning(choice) if choice else None,
                "why_not_better": why_not_better(choice) or None if choice else None,
                "displaced": displaced or None,
                "moved": moved,
            }
        )
    elif choice is None:
        put(command_text("secrets", "none"))
    else:
        put(store_line(choice))
        if displaced:
            put(command_text("secrets", "displaced", displaced=displaced, store=choice.name))
