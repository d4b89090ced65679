"""`igauth history`: what was done to which token, when and by whom."""

from typing import TYPE_CHECKING

import click

from tui.clock import rfc3339
from tui.commands.names import profile_named, token_named
from tui.commands.options import NAME
from tui.commands.pipe import put, put_json, put_text, say
from tui.commands.running import open_command

if TYPE_CHECKING:
    from tui.services import Services
    from tui.tokens.history import HistoryEvent
    from tui.vault.history_table import HistoryTable

WHOLE, ALTERED = 0, 1


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
def history(token: str | None, profile: str | None, limit: int, as_json: bool, verify: bool, link: str | None) -> int:
    """Print what happened, newest first: logins, extensions, failures, copies, deletions, moves, backups.

    No secret is in it.

    Each line is linked to the one before it. A program that can write the database could replace the whole history:
    only a link that you keep elsewhere shows that (--verify --link LINK).
    """
    services = open_command(looks_only=True)
    if link is not None and not verify:
        raise click.UsageError("--link goes with --verify.")
    if verify:
        return _verify(services.vault.history, link)
    _refuse_unknown(services, token, profile)
    events = services.vault.history.events(token, profile=profile, limit=limit)
    if as_json:
        put_json({"schema": 1, "events": [_row(event) for event in events]})
        return WHOLE
    for event in events:
        put_text(_line(event))
    if not events:
        say("The history is empty.")
    return WHOLE


def _refuse_unknown(services: "Services", token: str | None, profile: str | None) -> None:
    """Raise UsageError for a name that neither exists nor ever did: the history of what was deleted stays."""
    if token is not None and not services.vault.history.events(token, limit=1):
        token_named(services, token)
    if profile is not None and not services.vault.history.events(profile=profile, limit=1):
        profile_named(services, profile)


def _verify(history: "HistoryTable", link: str | None) -> int:
    altered = history.first_altered()
    if altered is not None:
        put_text(_line(altered))
        say("igauth: this line was changed, or the one before it was deleted. All older lines are unchanged.")
        return ALTERED
    if history.lacks_newest:
        say("igauth: the newest lines were deleted. All older lines are unchanged.")
        return ALTERED
    if link is not None and not history.holds(link.strip().lower()):
        say(
            "igauth: no line of this history has that link. A rename changes all links, and lines are deleted after 400"
            " days. If neither happened since, another program replaced the history."
        )
        return ALTERED
    if history.head:
        put(history.head)
    say("The history is unchanged.")
    return WHOLE


def _row(event: "HistoryEvent") -> dict[str, object]:
    return {
        "at": rfc3339(event.at),
        "actor": event.actor,
        "action": event.action,
        "token": event.token or None,
        "profile": event.profile or None,
        "result": event.result or None,
        "code": event.code,
        "subcode": event.subcode,
        "fbtrace_id": event.fbtrace_id or None,
        "old_fingerprint": event.old_fingerprint or None,
        "new_fingerprint": event.new_fingerprint or None,
        "text": event.text,
    }


def _line(event: "HistoryEvent") -> str:
    from tui.wording.history import event_text, numbers

    code = numbers(event.code, event.subcode)
    parts = (
        rfc3339(event.at) or "",
        f"{event.actor:<7}",
        event.action,
        event.token or "-",
        code,
        event_text(event),
    )
    return "  ".join(part for part in parts if part)
