"""Types of arguments for click: durations and names."""

import re

import click

from tui.settings.reading import is_profile_name

_DURATION = re.compile(r"(?P<count>[0-9]{1,9})(?P<unit>[dhms])")
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def duration(text: str) -> int:
    """Return `14d`, `36h`, `90m` or `30s` as seconds. Raises BadParameter."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise click.BadParameter(f"{text!r} is not a duration: use a number and a unit (d, h, m or s), such as 60m.")
    return int(found["count"]) * _SECONDS[found["unit"]]


def name(text: str) -> str:
    """Return the name of a token or profile as it is. Raises BadParameter."""
    if not is_profile_name(text):
        raise click.BadParameter("A name has 1 to 64 letters, digits, dots, dashes or underscores.")
    return text


DURATION = duration
NAME = name
