"""`igauth secrets`: where secrets are kept, and moving them elsewhere."""

from typing import TYPE_CHECKING

import click

from tui.commands.pipe import NoPassphrase, counted, is_piped, put, put_json, read_new_passphrase, read_value, say
from tui.commands.running import ask_passphrase, open_command, passphrase_of_unit

if TYPE_CHECKING:
    from tui.redact import Secret
    from tui.services import Services
    from tui.vault.backends import BackendName

DONE, REFUSED = 0, 1
PLACES = ("keyring", "sealed", "database")
_WHERE = {"keyring": "in the keyring", "sealed": "sealed in the database", "database": "in the database file"}
_NEW = "New passphrase for igauth's secrets"


@click.command()
@click.option(
    "--move-to",
    "--to",
    "move_to",
    type=click.Choice(PLACES),
    help="Move every secret there; where that fails, all stay put.",
)
@click.option(
    "--change-passphrase",
    is_flag=True,
    help="Seal them under another passphrase; asks for both (stdin: the old one, on the next line the new one).",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def secrets(move_to: "BackendName | None", change_passphrase: bool, as_json: bool) -> int:
    """Say where App Secrets, client tokens, passwords and token values are kept and what that means; or move them.

    The places: the operating system's keyring, the database sealed with a passphrase, the database file. The
    passphrase that seals them, or opens what is sealed, comes from stdin or a hidden prompt.
    """
    if move_to is not None and change_passphrase:
        raise click.UsageError("--move-to and --change-passphrase go one after the other.")
    services = open_command(looks_only=move_to is None and not change_passphrase)
    if change_passphrase:
        return _change_passphrase(services)
    try:
        moved = _move(services, move_to) if move_to is not None else None
    except NoPassphrase as error:
        say(f"igauth: {error} Every secret stays where it was.")
        return REFUSED
    if moved is not None and move_to is not None:
        say(f"{counted(moved, 'secret')} {'is' if moved == 1 else 'are'} {_WHERE[move_to]} now.")
    _print(services, as_json, moved)
    return DONE


def _move(services: "Services", to: "BackendName") -> int:
    """Move every secret and return how many. Raises NoPassphrase, VaultError."""
    if to == "sealed" and not services.secrets.has_passphrase:
        first = passphrase_of_unit() or read_new_passphrase(_NEW)
        services.ask_passphrase = lambda: first
    else:
        services.ask_passphrase = _opening_passphrase
    return services.secrets.move(to)


def _opening_passphrase() -> "Secret":
    """Return what opens the sealed secrets: of a unit, from a pipe, else asked for. Raises SecretsUnavailable."""
    from tui.redact import Secret

    brought = passphrase_of_unit()
    if brought is None and is_piped() and (text := read_value("")):
        brought = Secret(text)
    return brought or _asked()


def _asked() -> "Secret":
    """Ask for the passphrase on the terminal. Raises SecretsUnavailable where nobody can be asked."""
    from tui.vault.errors import SecretsUnavailable

    passphrase = ask_passphrase()
    if not passphrase:
        raise SecretsUnavailable(
            "The secrets are sealed and no passphrase came.",
            "Give it on stdin (for --change-passphrase the old one on the first line, the new one on the second), or"
            " run this on a terminal.",
        )
    return passphrase


def _change_passphrase(services: "Services") -> int:
    """Seal the key of all secrets under a passphrase that is asked for now, once the old one has opened it."""
    choice = services.secrets.choice
    if choice is None or choice.name != "sealed":
        where = f"the {choice.name}, which has none" if choice else "no place yet"
        say(f"igauth: Secrets are in {where}. A passphrase comes with: igauth secrets --move-to sealed")
        return REFUSED
    try:
        old, new = _both_piped() if is_piped() else (None, None)
        services.ask_passphrase = lambda: old or _asked()
        services.secrets.open()
        services.secrets.change_passphrase(new or read_new_passphrase(_NEW))
    except NoPassphrase as error:
        say(f"igauth: {error} The old one still opens every secret.")
        return REFUSED
    say("The new passphrase opens every secret now. A timer that brings the old one needs: igauth schedule install")
    return DONE


def _both_piped() -> "tuple[Secret | None, Secret | None]":
    """Return the old and the new passphrase from stdin; a line alone is the new one. Raises NoPassphrase."""
    from tui.redact import Secret

    lines = [line.removesuffix("\r") for line in read_value("").split("\n")]
    if len(lines) > 2:
        raise NoPassphrase("More than two lines came in on stdin: the old passphrase, then the new one, are wanted.")
    if not lines[-1]:
        return None, None
    return Secret(lines[0]) if len(lines) == 2 else None, Secret(lines[-1])


def _print(services: "Services", as_json: bool, moved: int | None) -> None:
    choice = services.secrets.choice
    if as_json:
        put_json(
            {
                "schema": 1,
                "backend": choice.name if choice else None,
                "meaning": choice.meaning if choice else None,
                "why_not_better": (choice.why_not_better or None) if choice else None,
                "displaced": services.secrets.displaced_sentence or None,
                "moved": moved,
            }
        )
    elif choice is None:
        put("No place is chosen yet: nothing secret was stored.")
    else:
        put(" ".join(filter(None, (f"{choice.name}:", choice.meaning, choice.why_not_better))))
        if displaced := services.secrets.displaced_sentence:
            put(f"But {displaced} `igauth secrets --move-to {choice.name}` moves them there.")
