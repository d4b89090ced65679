"""Values with flaws on the command line: every flaw is said, and fixed where a person on a terminal agrees."""

from collections.abc import Mapping

import click

from tui.commands.pipe import is_piped, say
from tui.credentials.flaws import Context, Field, Flaw
from tui.credentials.inspection import fix, inspect, is_clean
from tui.wording.flaws import FIX_QUESTION, fix_preview, flaw_lines, titled


def without_flaws(values: Mapping[Field, str], known: Context, *, asks: bool = True) -> dict[Field, str] | None:
    """Print every flaw of the values on stderr, and return them as they may be saved; None where they may not.

    Where each of them can be fixed and a terminal answers, it asks for each, and shows what comes of it, unless not
    `asks`. `known` holds the stored values of other fields.
    """
    flaws = {field: inspect(field, text, _others(field, values, known)) for field, text in values.items()}
    for field, found in flaws.items():
        for line in flaw_lines(field, found, prefix=f"{titled(field)}: "):
            say(line)
    fixed = _fixed(values, flaws, known)
    if fixed is None or (fixed != values and not asks):
        return None
    for field, text in fixed.items():
        if text != values[field] and not agrees_to_fix(fix_preview(field, values[field], text)):
            return None
    return fixed


def _fixed(
    values: Mapping[Field, str], flaws: Mapping[Field, tuple[Flaw, ...]], known: Context
) -> dict[Field, str] | None:
    """Return the values with those that have errors or warnings fixed, None where only the person can fix one."""
    fixed = dict(values)
    for field, found in flaws.items():
        if not is_clean(found):
            text = fix(field, fixed[field], _others(field, fixed, known))
            if text is None:
                return None
            fixed[field] = text
    return fixed


def _others(field: Field, values: Mapping[Field, str], known: Context) -> dict[Field, str]:
    return {other: text for other, text in {**known, **values}.items() if other != field and text}


def agrees_to_fix(preview: str) -> bool:
    """Ask whether a value should be fixed, and show what comes of it; no, where no terminal answers."""
    if is_piped():
        return False
    say(preview)
    return click.confirm(FIX_QUESTION, default=True, err=True)
