"""`igauth check`: the flaws of a pasted value by the same rules as the Credentials screen, for pipes."""

import json
import sys
from typing import Any

import click

from tui.commands.pipe import put, put_json, read_value, say
from tui.credentials import FIELDS, Context, Field, Flaw, fix, inspect, is_clean
from tui.harmless import harmless
from tui.wording.flaws import NO_FLAW, TITLES, flaw_lines, flaw_text, message

_SHOWN: tuple[Field, ...] = ("app_id", "callback_url", "dialog_url")
"""Fields that are no secret and contain none: their fixed value may be shown."""
FLAWED = 1
_EXPECTED = 'expected one object a line: {"field", "value", "context"?}, field one of ' + " ".join(FIELDS)
_KINDS = {
    "internationalized_host": "internationalised_host",
    "app_id_before": "app_id_in_front",
    "placeholder_inside": "placeholder",
    "decimals": "spreadsheet_number",
    "unusual_beginning": "unusual_token",
    "unusual_characters": "unusual_token",
    "misspelled_scheme": "bad_scheme",
    "other_scheme": "bad_scheme",
    "port_not_a_number": "bad_port",
    "port_out_of_range": "bad_port",
    "port_with_zeros": "bad_port",
    "port_of_other_scheme": "bad_port",
    "address_encoded": "percent_encoded",
    "ending_encoded": "percent_encoded",
    "login_page": "not_the_dialog",
    "client_id_with_blank": "bad_client_id",
    "client_id_not_digits": "bad_client_id",
    "redirect_uri_with_blank": "bad_redirect",
    "redirect_uri_not_an_address": "bad_redirect",
    "client_id_differs": "differs",
    "redirect_uri_differs": "differs",
    "other_login": "differs",
}
"""Kinds that schema 1 of the JSON has under another or a common name."""


class _BadLineError(Exception):
    """A line that cannot be answered; the message is the reason and contains no value."""


@click.command()
@click.option("--field", type=click.Choice(FIELDS), help="What the value on stdin should be.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with the fixed value, instead of text.")
@click.option(
    "--json-lines", is_flag=True, help='Read one object a line, {"field", "value", "context"?}; print one a line.'
)
def check(field: Field | None, as_json: bool, json_lines: bool) -> int:
    """Show what is wrong with a value from stdin, where, and how to fix it. Nothing is stored or sent.

    The fixed value is printed too where it is no secret; a secret only with --json.
    Exit status 0 without an error or warning, else 1; with --json-lines 0 when every line was answered.
    """
    if json_lines:
        if field is not None or as_json:
            raise click.UsageError("--json-lines takes the field from each line: omit --field and --json.")
        _answer_lines()
        return 0
    if field is None:
        raise click.UsageError(f"--field is needed, one of: {', '.join(FIELDS)}.")
    return _check_one(field, as_json)


def _check_one(field: Field, as_json: bool) -> int:
    text = read_value(f"Value of {TITLES[field]}")
    flaws = inspect(field, text)
    if as_json:
        put_json({"schema": 1, **answer_of(field, text, {})})
    elif not flaws:
        say(NO_FLAW)
    else:
        for line in flaw_lines(field, flaws):
            put(line)
        fixed = fix(field, text)
        if fixed is not None and field in _SHOWN and fixed == harmless(fixed):
            put(f"fixed: {fixed}")
        elif fixed is not None:
            say("It can be fixed. Use --json to print the fixed value, which is not shown here because it is a secret.")
    return 0 if is_clean(flaws) else FLAWED


def answer_of(field: Field, text: str, context: Context) -> dict[str, Any]:
    """Return the flaws of `text` and the fixed text, ready for `json.dumps`; offsets are code points."""
    fixed = fix(field, text, context)
    flaws = [_flaw_json(field, flaw) for flaw in inspect(field, text, context)]
    return {"field": field, "flaws": flaws, "fixed": fixed, "mended": fixed}  # `mended`: the first name of `fixed`


def _flaw_json(field: Field, flaw: Flaw) -> dict[str, Any]:
    text = flaw_text(field, flaw)
    return {
        "kind": _KINDS.get(flaw.kind, flaw.kind),
        "severity": flaw.severity,
        "start": flaw.start,
        "end": flaw.end,
        "characters": [{"code_point": char.notation, "name": char.name} for char in flaw.characters],
        "message": message(field, flaw),
        "cause": text.why,
        "effect": text.hint,
    }


def _answer_lines() -> None:
    for line in sys.stdin.buffer if sys.stdin is not None else ():
        sys.stdout.write(answer_line(line) + "\n")
        sys.stdout.flush()  # a program that asks line by line waits for it


def answer_line(line: str | bytes) -> str:
    """Return one line of ASCII JSON for a line `{"field", "value", "context"?}`, `{"error": ...}` where it has none.

    Never raises for what a line contains.
    """
    try:
        return json.dumps(answer_of(*_request(line)))
    except _BadLineError as error:
        return json.dumps({"error": f"{error}; {_EXPECTED}"})


def _request(line: str | bytes) -> tuple[Field, str, Context]:
    try:
        asked = json.loads(line.decode("utf-8") if isinstance(line, bytes) else line)
    except (ValueError, RecursionError) as error:
        raise _BadLineError("not JSON") from error
    if not isinstance(asked, dict):
        raise _BadLineError("not an object")
    field, value, context = asked.get("field"), asked.get("value"), asked.get("context")
    if field not in FIELDS:
        raise _BadLineError("unknown or missing field")
    if not isinstance(value, str):
        raise _BadLineError("value is not a text")
    context = {} if context is None else context
    if not isinstance(context, dict) or not all(isinstance(other, str | None) for other in context.values()):
        raise _BadLineError("context is not an object of texts")
    return field, value, {name: other for name, other in context.items() if name in FIELDS and other is not None}
