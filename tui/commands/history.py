"""`igauth history`: what was done to which token, when and by whom."""

from dataclasses import asdict

import click

from tui.clock import rfc3339
from tui.commands.names import profile_named, token_named
from tui.commands.options import NAME
from tui.commands.pipe import put, put_json, put_text, say
from tui.commands.running import open_command
from tui.process import Refused
from tui.services import Services
from tui.tokens.history import HistoryEvent
from tui.vault.history_table import HistoryTable
from tui.wording.commands import command_text
from tui.wording.history import event_line


@click.command()
@click.option("--token", "token", type=NAME, help="Only this token.")
@click.option("--profile", type=NAME, help="Only this profile.")
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000), default=100, show_default=True, help="Maximum number of lines."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option(
    "--verify",
    is_flag=True,
    help="Check that no line was changed or deleted since it was written, and print the newest line's link.",
)
@click.option(
    "--link",
    metavar="LINK",
    help="With --verify: a link that was printed earlier; its line must still exist.",
)
def history(token: str | None, profile: str | None, limit: int, as_json: bool, verify: bool, link: str | None) -> None:
    """Print what happened, newest first: logins, extensions, failures, copies, deletions, moves, backups.

    No secret is in it.

    Each line is linked to the one before it. A program that can write the database could replace the whole history:
    only a link that you keep elsewhere shows that (--verify --link LINK).
    """
    services = open_command(looks_only=True)
    if link is not None and not verify:
        raise click.UsageError("--link goes with --verify.")
    if verify:
        _verify(services.history, link)
        return
    _refuse_unknown(services, token, profile)
    events = services.history.events(token, profile=profile, limit=limit)
    if as_json:
        put_json({"schema": 1, "events": [_row(event) for event in events]})
        return
    for event in events:
        put_text(event_line(event, rfc3339(event.at) or "", event.token or "-"))
    if not events:
        say(command_text("history", "empty"))


def _refuse_unknown(services: Services, token: str | None, profile: str | None) -> None:
    """Raise UsageError for a name that neither exists nor ever did: the history of what was deleted stays."""
    if token is not None and not services.history.events(token, limit=1):
        token_named(services, token)
    if profile is not None and not services.history.events(profile=profile, limit=1):
        profile_named(services, profile)


def _verify(history: HistoryTable, link: str | None) -> None:
    altered = history.first_altered()
    if altered is not None:
        put_text(event_line(altered, rfc3339(altered.at) or "", altered.token or "-"))
        raise Refused(command_text("history", "altered"))
    if history.lacks_newest:
        raise Refused(command_text("history", "lacks_newest"))
    if link is not None and not history.holds(link.strip().lower()):
        raise Refused(command_text("history", "no_such_link"))
    if history.head:
        put(history.head)
    say(command_text("history", "unchanged"))


def _row(event: HistoryEvent) -> dict[str, object]:
    facts = {name: None if value == "" else value for name, value in asdict(event).items()}
    return {**facts, "at": rfc3339(event.at), "text": event.text}
