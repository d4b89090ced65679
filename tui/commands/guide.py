"""`igauth guide`: the checklist with its status, without secrets, to hand over to a colleague."""

import json

import click

from tui.commands.failure import say_failure
from tui.commands.last_known import only_look
from tui.commands.names import profile_named
from tui.commands.options import NAME, passphrase_option
from tui.commands.pipe import columns, on_terminal, put, put_text
from tui.commands.running import open_command, run_work
from tui.guide.progress import GuideState
from tui.services import Services
from tui.vault.errors import VaultError
from tui.wording.checklist import Checklist

COULD_NOT_CHECK = 3


@click.command()
@click.option("--profile", type=NAME, help="Profile to use (default: the default profile).")
@click.option("--check", is_flag=True, help="Run all checks first; nothing is changed.")
@click.option("--brief", is_flag=True, help="Only the status of each step, its note and evidence.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--markdown", is_flag=True, help="Print Markdown, for a page or a mail.")
@passphrase_option()
def guide(profile: str | None, check: bool, brief: bool, as_json: bool, markdown: bool) -> int:
    """Print the guide's steps with status and evidence. No secret is in it.

    With --check the exit status is 3 where Facebook or Matillion could not be asked.

    \b
    --json is one object, "schema": 1: title, link, profile, notes, counts
    {total, done, proven, ticked, contradicted, open, not_needed}, next (the
    id of the next step, null where none is left) and steps. A step has
    id, title, where, status (open, ticked, proven, contradicted), ticked_at,
    note, what, places, path, fields [{name, what, optional}], options
    [{name, of, what}], buttons, copies [{value, from, to}], notes, warnings,
    problems [{message, means, way_out}], today [{text, date, source}], link,
    sketches [{title, words, lines, date, source}] of pages (without a date
    as in the guide, with one as Meta shows it today),
    evidence [{check, result (proven, contradicted, unknown), seen, at}] and
    steps (the sub-steps M1 to M5, A1 to A5). Times are RFC 3339 UTC.
    """
    if as_json + markdown + brief > 1:
        raise click.UsageError("--brief, --json and --markdown cannot be combined.")
    services = open_command(looks_only=not check)
    default = services.default_profile if profile is None else profile_named(services, profile)
    name = default.name if default else ""
    form = "json" if as_json else "markdown" if markdown else "brief" if brief else "text"
    if check and name:
        return run_work(services, lambda: _check_and_print(services, name, form))
    _print(services, services.guide.state(name), form)
    return 0


async def _check_and_print(services: Services, name: str, form: str) -> int:
    """Run all checks and print the guide; where they cannot be run, as it was."""
    from tui.guide.checks import CHECKS

    try:
        service = services.guide
        state = await service.check(service.state(name), CHECKS, lambda _state: None)
    except VaultError as error:
        only_look(services)
        say_failure(error)
        _print(services, services.guide.state(name), form)
        return COULD_NOT_CHECK
    _print(services, state, form)
    latest = [one.later_failure or one.finding for one in state.evidence.values()]
    return COULD_NOT_CHECK if any(finding.had_no_answer for finding in latest) else 0


def _wrapped(line: str) -> str:
    """Wrap a line for a terminal with a hanging indent; a pipe gets it unwrapped."""
    if not on_terminal():
        return line
    import textwrap

    indent = " " * (len(line) - len(line.lstrip()) + 2)
    width = max(40, min(100, columns(80) - 1))
    return textwrap.fill(line, width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)


def _print(services: Services, state: GuideState, form: str) -> None:
    checklist = Checklist(services.guide.guide, state)
    match form:
        case "json":
            put(json.dumps(checklist.json()))
        case "markdown":
            put(checklist.markdown())
        case "brief":
            for line in checklist.brief():
                put_text(line)
        case _:
            for line in checklist.text():
                put_text(_wrapped(line))
