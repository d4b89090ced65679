"""What goes in and out of a command: one value from stdin, data to stdout, everything else to stderr."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from tui.process import Refused
from tui.redact import Secret, redact

if TYPE_CHECKING:  # `status` reads nothing from a pipe
    from tui.credentials.flaws import Flaw
    from tui.credentials.piped import Piped

LONGEST = 1 << 20
"""Maximum number of bytes of one value; anything longer is not a credential."""


def read_value(prompt: str) -> str:
    """Return one value: from a pipe, without what belongs to the pipe, or from a hidden prompt on a terminal.

    Says which flaw was fixed by reading it. Raises UsageError if it is too long.
    """
    value = piped_value(prompt)
    if value.fixed is not None:
        say_fixed(value.fixed)
    return value.text


def piped_value(prompt: str) -> "Piped":
    """Return one value and the flaw that was fixed by reading it, which is for the caller to say.

    Bytes that are not UTF-8 become lone surrogates, which the rules report. Raises UsageError if it is too long.
    """
    from tui.credentials.piped import Piped, read_piped

    if not is_piped():
        import getpass

        try:
            return Piped(getpass.getpass(f"{prompt} (not shown): ", stream=sys.stderr))
        except EOFError:
            return Piped("")
    data = sys.stdin.buffer.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise click.UsageError(f"stdin has more than {LONGEST} bytes, which is too long for one value.")
    return read_piped(data)


def say_fixed(flaw: "Flaw") -> None:
    """Say what was fixed by reading stdin as what it is."""
    from tui.wording.flaws import flaw_lines  # only where there is something to say

    for line in flaw_lines("token", (flaw,), prefix="stdin: "):
        say(line)


def read_line(prompt: str, unchanged: str) -> str:
    """Return one value of one line: a second line is no part of a secret that is to be typed again.

    `unchanged`: what is as before where there are more lines. Raises Refused, UsageError.
    """
    text = read_value(prompt)
    if "\n" in text or "\r" in text:
        raise Refused(f"stdin has more than one line. Send the value alone, on one line. {unchanged}")
    return text


def read_new_passphrase(prompt: str, unchanged: str) -> Secret:
    """Return a new passphrase; on a terminal it is asked twice, because a typing error would lose what it seals.

    `unchanged`: what is as before where there is none, or where it is weak and --weak is not given. Raises Refused.
    """
    text = read_line(prompt, unchanged)
    if not text:
        wanted = f"{prompt[0].lower()}{prompt[1:]}"
        raise Refused(f"No passphrase. Send the {wanted} to stdin, or type it on a terminal. {unchanged}")
    refuse_weak(Secret(text), unchanged)
    if not is_piped() and read_value("Repeat the passphrase") != text:
        raise Refused(f"The two passphrases differ. {unchanged}")
    return Secret(text)


def refuse_weak(passphrase: Secret, unchanged: str) -> None:
    """Raise Refused where a new passphrase is easy to guess and --weak is not given."""
    from tui.commands.options import insists_on_weak
    from tui.vault.passphrase import FEWEST, weakness
    from tui.wording.commands import command_text

    if not insists_on_weak() and (why := weakness(passphrase)) is not None:
        said = command_text("passphrase", f"weak_{why}", fewest=FEWEST, length=len(passphrase.reveal()))
        raise Refused(f"{said} {unchanged}")


def is_piped() -> bool:
    """Tell whether stdin is no terminal, so that values come from a pipe or file."""
    return sys.stdin is None or not sys.stdin.isatty()


def confirm(question: str, yes: bool) -> bool:
    """Ask a yes or no question, unless `yes` answers it; a no is said to change nothing.

    Raises UsageError without a terminal.
    """
    if yes:
        return True
    if is_piped():
        raise click.UsageError("There is no terminal to ask on. Use --yes.")
    is_sure = click.confirm(question, err=True)
    if not is_sure:
        say("Nothing was changed.")
    return is_sure


def choose(question: str, choices: Sequence[str], option: str) -> int:
    """Return the place of the choice that is made by number, from 0. `option` makes it without a question.

    Raises UsageError without a terminal.
    """
    if is_piped():
        raise click.UsageError(f"{question} Use {option}: {', '.join(choices)}.")
    for number, choice in enumerate(choices, 1):
        say(f"{number}. {choice}")
    return int(click.prompt(question, type=click.IntRange(1, len(choices)), err=True)) - 1


def on_terminal() -> bool:
    """Tell whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def columns(otherwise: int) -> int:
    """Return the width of stdout in cells: COLUMNS, else the terminal's, else `otherwise`."""
    width = os.environ.get("COLUMNS", "")  # as shutil does, which takes a while to load
    if width.isascii() and width.isdigit() and int(width):
        return int(width)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or otherwise if sys.__stdout__ else otherwise
    except (OSError, ValueError):
        return otherwise


def say(text: str) -> None:
    """Write a message to stderr, without secrets; on a terminal its lines break between words."""
    text = redact(text)
    if sys.stderr is not None and sys.stderr.isatty():
        from tui.plain.wrapping import wrapped  # only for a person

        text = wrapped(text)
    click.echo(text, err=True)


def put(text: str) -> None:
    """Write a line of data to stdout."""
    click.echo(text)


def put_text(text: str) -> None:
    """Write a line for people to stdout, in ASCII if the locale is not UTF-8."""
    from tui.terminal.plain_text import in_ascii, is_utf8

    put(text if is_utf8(os.environ) else in_ascii(text))


def put_json(value: Mapping[str, object]) -> None:
    """Write one JSON object on one line, and flush it for a reader that waits for each line."""
    click.echo(json.dumps(value))
