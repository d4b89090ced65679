"""Says about which tokens Facebook could not be asked, and why."""

from tui.commands.failure import explain
from tui.services.asking import NotAsked
from tui.wording.commands import command_text
from tui.wording.counts import listed


def not_asked_line(group: NotAsked) -> str:
    """Return one line for the tokens that could not be asked about for one reason."""
    return command_text("asking", "not_asked", names=listed(group.names, 5), why=explain(group.error)[0])
