"""Types of arguments for click, and options that several commands have."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import click

from tui.names import is_name
from tui.wording.names import not_a_name

_DURATION = re.compile(r"(?P<count>[0-9]{1,9})(?P<unit>[dhms])")
_WEAK = "tui.commands.options.weak"
"""Key of --weak in the command's context."""
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def duration(text: str) -> int:
    """Return `14d`, `36h`, `90m` or `30s` as seconds. Raises BadParameter."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise click.BadParameter(f"{text!r} is not a duration: use a number and a unit (d, h, m or s), such as 60m.")
    return int(found["count"]) * _SECONDS[found["unit"]]


def name(text: str) -> str:
    """Return the name of a token or profile as it is. Raises BadParameter."""
    if not is_name(text):
        raise click.BadParameter(not_a_name(text))
    return text


DURATION = duration
NAME = name


def passphrase_option(*, stdin_is_free: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add --passphrase-file, which `open_command` heeds. `stdin_is_free`: the command reads nothing else from stdin."""
    stdin = ", or - for stdin" if stdin_is_free else ""
    return click.option(
        "--passphrase-file",
        metavar="FD|FILE",
        expose_value=False,
        callback=partial(_keep_passphrase, stdin_is_free=stdin_is_free),
        help=f"Read the passphrase of sealed secrets from this open descriptor or private file{stdin}.",
    )


def weak_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --weak, which `insists_on_weak` tells of."""
    return click.option(
        "--weak", is_flag=True, expose_value=False, callback=_keep_weak, help="Take a new passphrase that is weak."
    )(command)


def insists_on_weak() -> bool:
    """Tell whether --weak was given. Only in the thread that runs the command."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_WEAK))


def _keep_weak(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    context.meta[_WEAK] = value


def _keep_passphrase(context: click.Context, parameter: click.Parameter, value: str | None, **facts: bool) -> None:
    if value is not None:
        from tui.commands.passphrase import keep_given  # only where it is used

        keep_given(context, parameter, value, **facts)
