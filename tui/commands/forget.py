"""`igauth forget`: wipe one token."""

import click

from tui.commands.names import token_named
from tui.commands.options import NAME
from tui.commands.pipe import confirm, say
from tui.commands.running import open_command
from tui.wording.commands import command_text

NOT_FORGOTTEN = 1


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
        return NOT_FORGOTTEN
    services.token_store.delete(name)
    say(command_text("forget", "done", name=name))
    return 0
