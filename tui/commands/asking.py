"""Says about which tokens Facebook could not be asked, and why."""

from tui.commands.failure import explain
from tui.redact import redact
from tui.services.asking import NotAsked
from tui.tokens.refusals import RefusedTokens
from tui.wording.commands import command_text
from tui.wording.counts import listed
from tui.wording.refusals import refused_text
from tui.wording.surfaces import CommandLine, sentences


def not_asked_line(group: NotAsked | RefusedTokens) -> str:
    """Return one line for the tokens that could not be asked about for one reason, or that are refused."""
    if isinstance(group, RefusedTokens):
        return refused_line(group)
    return command_text("asking", "not_asked", names=listed(group.names, 5), why=explain(group.error)[0])


def refused_line(refused: RefusedTokens) -> str:
    """Return one line for an app or a person that is refused."""
    return redact(sentences(refused_text(refused), CommandLine()))
