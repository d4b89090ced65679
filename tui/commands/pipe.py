"""What goes in and out of a command: one value from stdin, data to stdout, everything else to stderr."""

import json
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tui.redact import Secret

LONGEST = 1 << 20
"""Bytes taken of one value; whatever is longer is no credential."""


def read_value(prompt: str) -> str:
    """Return one value: from a pipe, without its one final LF or CRLF, or from a hidden prompt on a terminal.

    Bytes that are not UTF-8 arrive as lone surrogates, for the rules to point at. Raises UsageError where the
    input is far too long to be a value.
    """
    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        import getpass

        try:
            return getpass.getpass(f"{prompt} (not shown): ", stream=sys.stderr)
        except EOFError:
            return ""
    data = sys.stdin.buffer.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise click.UsageError(f"More than {LONGEST} bytes came in on stdin: that is not one value.")
    return without_line_end(data).decode("utf-8", "surrogateescape")


class NoPassphrase(Exception):
    """A new passphrase was not given; the message says why."""


def read_new_passphrase(prompt: str) -> "Secret":
    """Return a passphrase that is set now, asked twice on a terminal: a slip of the finger would lose what it seals.

    Raises NoPassphrase where there is none, or the two differ.
    """
    from tui.redact import Secret

    text = read_value(prompt)
    if not text:
        raise NoPassphrase("There is no passphrase: give one on stdin, or type it on a terminal.")
    if not is_piped() and read_value("The same again") != text:
        raise NoPassphrase("The two passphrases differ.")
    return Secret(text)


def is_piped() -> bool:
    """Tell whether stdin is no terminal: values come from a pipe or file, if any come at all."""
    return sys.stdin is None or not sys.stdin.isatty()


def counted(count: int, what: str) -> str:
    """Return a number with its noun, which takes a plain s where there is not exactly one."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def agreed(question: str, yes: bool) -> bool:
    """Ask a question that is answered by yes or no; `yes` answers it beforehand. Raises UsageError off a terminal."""
    if yes:
        return True
    if is_piped():
        raise click.UsageError("nobody can be asked here: say --yes.")
    return click.confirm(question, err=True)


def without_line_end(data: bytes) -> bytes:
    """Return `data` without the one final LF or CRLF that belongs to the pipe."""
    if data.endswith(b"\r\n"):
        return data[:-2]
    return data[:-1] if data.endswith(b"\n") else data


def on_terminal() -> bool:
    """Tell whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def columns(otherwise: int) -> int:
    """Return how many cells a line of stdout has: by COLUMNS, else by the terminal, else `otherwise`."""
    told = os.environ.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or otherwise if sys.__stdout__ else otherwise
    except (OSError, ValueError):
        return otherwise


def say(text: str) -> None:
    """Write a line for the person: to stderr, with anything shaped like a secret taken out."""
    from tui.redact import redact

    click.echo(redact(text), err=True)


def put(text: str) -> None:
    """Write a line of data: to stdout."""
    click.echo(text)


def put_text(text: str) -> None:
    """Write a line for people to stdout: in plain ASCII where the locale is not UTF-8."""
    from tui.terminal.plain_text import in_ascii, is_utf8

    put(text if is_utf8(os.environ) else in_ascii(text))


def put_json(value: Mapping[str, object]) -> None:
    """Write one JSON object on one line, at once: whoever reads a pipe line by line has it now."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()
