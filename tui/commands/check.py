"""`igauth check`: the flaws of a pasted value by the same rules as the Credentials screen, for pipes."""

import sys
from typing import TYPE_CHECKING

import click

from tui.commands.pipe import put, put_json, read_value, say
from tui.harmless import harmless

if TYPE_CHECKING:
    from tui.credentials import Field

CLEAN, FLAWED = 0, 1
_FIELDS = ("app_id", "app_secret", "client_token", "token", "callback_url", "pasted_redirect", "dialog_url")
_SHOWN: "tuple[Field, ...]" = ("app_id", "callback_url", "dialog_url")
"""Fields that are no secret and hold none: their mended value may stand on a screen."""


@click.command()
@click.option("--field", type=click.Choice(_FIELDS), help="What the value on stdin is meant to be.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text; it holds the mended value.")
@click.option(
    "--json-lines", is_flag=True, help='One object a line in, {"field", "value", "context"?}; one a line out.'
)
def check(field: "Field | None", as_json: bool, json_lines: bool) -> int:
    """Say what is wrong with a value from stdin, where, and how it is mended. Nothing is stored or sent.

    A value that is no secret is printed mended too; of a secret only --json prints it.
    Exit status 0 without a blocking or suspicious flaw, else 1; with --json-lines 0 once every line was answered.
    """
    if json_lines:
        if field is not None or as_json:
            raise click.UsageError("--json-lines takes the field from each line: leave --field and --json away.")
        return _answer_lines()
    if field is None:
        raise click.UsageError(f"--field is needed, one of: {', '.join(_FIELDS)}.")
    return _check_one(field, as_json)


def _check_one(field: "Field", as_json: bool) -> int:
    from tui import credentials

    text = read_value(f"Value of {credentials.TITLES[field]}")
    flaws = credentials.inspect(field, text)
    if as_json:
        put_json({"schema": 1, **credentials.as_json(field, text)})
        return CLEAN if credentials.is_clean(flaws) else FLAWED
    for flaw in flaws:
        put(f"{flaw.severity}: {credentials.describe(field, flaw)}")
        put(f"  {flaw.cause} {flaw.effect}".rstrip())
    if not flaws:
        say("Nothing is wrong with it.")
    elif (mended := credentials.mend(field, text)) is not None:
        if field in _SHOWN and mended == harmless(mended):
            put(f"mended: {mended}")
        else:
            say("It can be mended: --json prints the mended value, which is not shown here since it is a secret.")
    return CLEAN if credentials.is_clean(flaws) else FLAWED


def _answer_lines() -> int:
    from tui.credentials import check_lines

    if sys.stdin is None:
        return CLEAN
    for answer in check_lines(sys.stdin.buffer):
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()  # whoever asks line by line waits for it
    return CLEAN
