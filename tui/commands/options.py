"""Types of arguments for click: durations and names."""

import re

import click

_DURATION = re.compile(r"(?P<count>[0-9]{1,9})(?P<unit>[dhms])")
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


def duration(text: str) -> int:
    """Return `14d`, `36h`, `90m` or `30s` as seconds. Raises BadParameter."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise click.BadParameter(f"{text!r} is not a duration. Use 14d, 36h, 90m or 30s.")
    return int(found["count"]) * _SECONDS[found["unit"]]


def name(text: str) -> str:
    """Return the name of a token or profile as it is. Raises BadParameter."""
    if not _NAME.fullmatch(text):
        raise click.BadParameter("A name has 1 to 64 letters, digits, dots, dashes or underscores.")
    return text


DURATION = duration
NAME = name
