"""`igauth candidates`: values that Facebook issued and that are not in use: listed, made a token, wiped."""

import click

from tui.clock import rfc3339
from tui.commands.failure import explain
from tui.commands.names import profile_named
from tui.commands.options import NAME, passphrase_option
from tui.commands.pipe import confirm, put_json, put_text, say
from tui.commands.running import open_command, run_work
from tui.commands.tokens import say_saved
from tui.process import USAGE, Refused
from tui.services import Services
from tui.tokens.store import Version
from tui.wording.commands import command_text
from tui.wording.token_details import candidate_line

NOT_DONE = 1


@click.group(invoke_without_command=True, subcommand_metavar="[COMMAND] [ARGS]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def candidates(context: click.Context, as_json: bool) -> None:
    """List values that Facebook issued and igauth stored, but that are not in use. No value is printed.

    They come from a login or an extension that could not be completed or gained nothing, or from a damaged database.
    Where a token needs a new login, refresh, keep and status --check try its candidates first, each once a day.
    """
    if context.invoked_subcommand is not None:
        return
    found = open_command(looks_only=True).token_store.candidates()
    if as_json:
        put_json({"schema": 1, "candidates": [_row(version) for version in found]})
        return
    for version in found:
        put_text(candidate_line(version))
    if not found:
        say(command_text("candidates", "none"))


@candidates.command()
@click.argument("candidate", metavar="ID")
@click.option("--name", type=NAME, help="Name of the token (default: the name it was issued for).")
@click.option("--profile", type=NAME, help="Profile whose app it belongs to (default: the one it was issued for).")
@passphrase_option()
def adopt(candidate: str, name: str | None, profile: str | None) -> int:
    """Ask Facebook what a candidate is, and save it under a name; a token of that name must not be better.

    ID is the first column of the list, or as much of it as tells the candidates apart.
    """
    services = open_command()
    version = _find(services, candidate)
    owner = profile_named(services, profile or version.profile or None).name
    return run_work(services, lambda: _adopt(services, version, name or version.token, owner))


@candidates.command()
@click.argument("candidate", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
def discard(candidate: str, yes: bool) -> int:
    """Wipe a candidate. Exit status 1 where the answer was no."""
    services = open_command()
    version = _find(services, candidate)
    if not confirm(command_text("candidates", "question", line=candidate_line(version)), yes):
        return NOT_DONE
    services.token_store.discard(version.id)
    services.history.note(
        "forget", "wiped", token=version.token, profile=version.profile, fingerprint=version.fingerprint
    )
    say(command_text("candidates", "wiped", id=version.id))
    return 0


async def _adopt(services: Services, version: Version, name: str, profile: str) -> None:
    import asyncio

    from tui.commands.deliver import deliver_saved
    from tui.services.adoption import AdoptionRefused
    from tui.tokens.errors import NameTaken

    value = await asyncio.to_thread(services.token_store.value_of, version.id)
    try:
        token = await services.keeper.adopt(name, profile, value, "import", replace=True)
    except (NameTaken, AdoptionRefused) as error:
        raise Refused(command_text("import", "not_saved", reason=explain(error)[0])) from None
    await asyncio.to_thread(services.token_store.discard, version.id)
    say_saved(services, token)
    await deliver_saved(services, token.name)


def _find(services: Services, candidate: str) -> Version:
    """Return the one candidate whose id begins like that. Raises Refused."""
    found = [version for version in services.token_store.candidates() if version.id.startswith(candidate)]
    if len(found) == 1:
        return found[0]
    raise Refused(command_text("candidates", "several" if found else "unknown", id=candidate), USAGE)


def _row(version: Version) -> dict[str, object]:
    return {
        "id": version.id,
        "name": version.token,
        "profile": version.profile or None,
        "origin": version.origin,
        "saved_at": rfc3339(version.at or None),
        "fingerprint": version.fingerprint or None,
    }
