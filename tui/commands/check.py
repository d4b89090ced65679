"""`igauth check`: the flaws of a pasted value by the same rules as the Credentials screen, for pipes."""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from tui.commands.pipe import piped_value, put, put_json, say
from tui.credentials.flaws import FIELDS, SHOWN, Context, Field, Flaw
from tui.credentials.inspection import fix, inspect, is_clean
from tui.harmless import harmless
from tui.text_encoding import utf_16_text
from tui.wording.commands import command_text
from tui.wording.flaws import NO_FLAW, TITLES, flaw_lines, flaw_text, message

FLAWED = 1
_EXPECTED = 'expected one object a line: {"field", "value", "context"?}, field one of ' + " ".join(FIELDS)
_SCHEMA_1 = {
    "internationalised_host": ("internationalized_host",),
    "app_id_in_front": ("app_id_before",),
    "placeholder": ("placeholder_inside",),
    "spreadsheet_number": ("decimals",),
    "unusual_token": ("unusual_beginning", "unusual_characters"),
    "bad_scheme": ("misspelled_scheme", "other_scheme"),
    "bad_port": ("port_not_a_number", "port_out_of_range", "port_with_zeros", "port_of_other_scheme"),
    "percent_encoded": ("address_encoded", "ending_encoded"),
    "not_the_dialog": ("login_page",),
    "bad_client_id": ("client_id_with_blank", "client_id_not_digits"),
    "bad_redirect": ("redirect_uri_with_blank", "redirect_uri_not_an_address"),
    "differs": ("client_id_differs", "redirect_uri_differs", "other_login"),
}
"""Names that schema 1 of the JSON has for kinds, where they differ; some are common to several kinds."""
_KINDS = {kind: name for name, kinds in _SCHEMA_1.items() for kind in kinds}


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
        for line in _lines():
            put(answer_line(line))
        return 0
    if field is None:
        raise click.UsageError(f"--field is needed, one of: {', '.join(FIELDS)}.")
    return _check_one(field, as_json)


def _check_one(field: Field, as_json: bool) -> int:
    text, read_away = piped_value(f"Value of {TITLES[field]}")
    before = () if read_away is None else (read_away,)
    flaws = (*before, *inspect(field, text))
    if as_json:
        put_json({"schema": 1, **answer_of(field, text, {}, before)})
    elif not flaws:
        say(NO_FLAW)
    else:
        for line in flaw_lines(field, flaws):
            put(line)
        fixed = _fixed(field, text, {}, before)
        if fixed is not None and field in SHOWN and fixed == harmless(fixed):
            put(f"fixed: {fixed}")
        elif fixed is not None and not is_clean(flaws):
            say(command_text("check", "hidden"))
    return 0 if is_clean(flaws) else FLAWED


def _lines() -> Iterator[str | bytes]:
    """Yield each line of stdin as it comes; all of it is waited for where it is UTF-16."""
    if sys.stdin is None:
        return
    first = sys.stdin.buffer.readline()
    if first[:1] in (b"\xff", b"\xfe") or b"\0" in first[:4]:
        data = first + sys.stdin.buffer.read()
        text = utf_16_text(data)
        yield from data.split(b"\n") if text is None else text.splitlines()
        return
    yield from (first,) if first else ()
    yield from sys.stdin.buffer


def _fixed(field: Field, text: str, context: Context, before: Sequence[Flaw]) -> str | None:
    """Return the fixed text, None where nothing can be fixed; a flaw that was read away leaves the text fixed."""
    fixed = fix(field, text, context)
    return text if fixed is None and before and is_clean(inspect(field, text, context)) else fixed


def answer_of(field: Field, text: str, context: Context, before: Sequence[Flaw] = ()) -> dict[str, Any]:
    """Return the flaws of `text` and the fixed text, ready for `json.dumps`; offsets are code points.

    `before`: flaws that were fixed by reading the text.
    """
    fixed = _fixed(field, text, context, before)
    flaws = [_flaw_json(field, flaw) for flaw in (*before, *inspect(field, text, context))]
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
        asked = json.loads(line)
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
