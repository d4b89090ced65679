"""`igauth secrets`: where secrets are kept, and moving them elsewhere."""

from typing import TYPE_CHECKING

import click

from tui.commands.pipe import put, put_json, read_new_passphrase, say
from tui.commands.running import open_command, passphrase_of_unit

if TYPE_CHECKING:
    from tui.services import Services
    from tui.vault.backends import BackendName

DONE, REFUSED = 0, 1
PLACES = ("keyring", "sealed", "database")


@click.command()
@click.option(
    "--move-to",
    "--to",
    "move_to",
    type=click.Choice(PLACES),
    help="Move every secret there; where that fails, all stay put.",
)
@click.option("--change-passphrase", is_flag=True, help="Seal them under another passphrase; asks for both.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def secrets(move_to: "BackendName | None", change_passphrase: bool, as_json: bool) -> int:
    """Say where App Secrets, client tokens, passwords and token values are kept and what that means; or move them.

    The places: the operating system's keyring, the database sealed with a passphrase (from stdin or a hidden
    prompt), the database file.
    """
    if move_to is not None and change_passphrase:
        raise click.UsageError("--move-to and --change-passphrase go one after the other.")
    services = open_command()
    if change_passphrase:
        return _change_passphrase(services)
    if move_to == "sealed" and not services.vault.has_passphrase and not _ask_new_passphrase(services):
        say("igauth: the two passphrases differ, or there is none. Every secret stays where it was.")
        return REFUSED
    moved = services.vault.move_secrets(move_to) if move_to is not None else None
    if moved is not None:
        say(f"{moved} secrets are in the {move_to} now.")
    _print(services, as_json, moved)
    return DONE


def _ask_new_passphrase(services: "Services") -> bool:
    """Have the first passphrase ready: a unit's credentials bring it, else it is asked for, twice on a terminal."""
    passphrase = passphrase_of_unit() or read_new_passphrase("New passphrase for igauth's secrets")
    services.ask_passphrase = lambda: passphrase
    return bool(passphrase)


def _change_passphrase(services: "Services") -> int:
    """Seal the key of all secrets under a passphrase that is asked for now, once the old one has opened it."""
    choice = services.vault.backend
    if choice is None or choice.name != "sealed":
        where = f"the {choice.name}, which has none" if choice else "no place yet"
        say(f"igauth: Secrets are in {where}. A passphrase comes with: igauth secrets --move-to sealed")
        return REFUSED
    services.vault.open_secrets()
    passphrase = read_new_passphrase("New passphrase for igauth's secrets")
    if not passphrase:
        say("igauth: the two passphrases differ, or there is none. The old one still opens every secret.")
        return REFUSED
    services.vault.change_passphrase(passphrase)
    say("The new passphrase opens every secret now. A timer that brings the old one needs: igauth schedule install")
    return DONE


def _print(services: "Services", as_json: bool, moved: int | None) -> None:
    choice = services.vault.backend
    if as_json:
        put_json(
            {
                "schema": 1,
                "backend": choice.name if choice else None,
                "meaning": choice.meaning if choice else None,
                "why_not_better": (choice.why_not_better or None) if choice else None,
                "displaced": services.vault.displaced_sentence or None,
                "moved": moved,
            }
        )
    elif choice is None:
        put("No place is chosen yet: nothing secret was stored.")
    else:
        put(" ".join(filter(None, (f"{choice.name}:", choice.meaning, choice.why_not_better))))
        if displaced := services.vault.displaced_sentence:
            put(f"But {displaced} `igauth secrets --move-to {choice.name}` moves them there.")
