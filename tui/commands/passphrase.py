"""Where a command gets the passphrase of sealed secrets: its option, systemd's credential, a program, the terminal."""

import os
import stat
from pathlib import Path

import click

from tui.redact import Secret
from tui.regular_file import read_regular
from tui.services import Services
from tui.vault.passphrase import AskPassphrase, Passphrase, PassphraseSource

STDIN = 0
WAIT = 10
"""Seconds that a named pipe may stay without a writer."""
_GIVEN = "tui.commands.passphrase"
"""Key of the option's passphrase in the command's context."""


def keep_given(context: click.Context, parameter: click.Parameter, value: str | None, *, stdin_is_free: bool) -> None:
    """Read what --passphrase-file names, for `passphrase_sources`. Raises BadParameter."""
    if value is None or context.resilient_parsing:
        return
    try:
        context.meta[_GIVEN] = Passphrase(_read(value, stdin_is_free=stdin_is_free), PassphraseSource.FILE)
    except _Unusable as error:
        raise click.BadParameter(str(error), context, parameter) from None


def given_passphrase() -> Passphrase | None:
    """Return the passphrase of --passphrase-file, or None. Only in the thread that runs the command."""
    context = click.get_current_context(silent=True)
    return context.meta.get(_GIVEN) if context else None


def passphrase_sources(
    services: Services, given: Passphrase | None = None, *, limit: float | None = None
) -> AskPassphrase:
    """Return what gets the passphrase: `given`, a unit's credential, `passphrase_command`, else from the terminal.

    `limit`: seconds that the program may take, instead of its usual half a minute.
    """
    command = services.settings.passphrase_command
    if not command:
        return lambda: given or passphrase_of_unit() or _typed()
    from tui.services.passphrase_command import LIMIT, PassphraseCommand  # only where there is one

    run = PassphraseCommand(command, limit or LIMIT)
    return lambda: given or passphrase_of_unit() or Passphrase(run(), PassphraseSource.COMMAND)


def passphrase_of_unit() -> Passphrase | None:
    """Return the passphrase from a systemd unit's credentials (LoadCredentialEncrypted=), or None."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return None
    from tui.credentials.piped import read_piped
    from tui.services.passphrase_command import LONGEST
    from tui.timer.credential import CREDENTIAL

    try:
        data, _ = read_regular(Path(folder) / CREDENTIAL, LONGEST)
    except OSError:
        return None  # the unit has other credentials
    return Passphrase(Secret(read_piped(data).text), PassphraseSource.UNIT)


def _typed() -> Passphrase | None:
    """Ask on the terminal; None without one."""
    import getpass

    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))  # without a terminal getpass would read stdin
        return Passphrase(Secret(getpass.getpass("Passphrase of igauth's secrets (not shown): ")))
    except (EOFError, OSError):
        return None


class _Unusable(Exception):
    """The file or descriptor gives no passphrase; the message is for the person."""

    def __init__(self, code: str, name: str, **facts: object) -> None:
        from tui.wording.commands import command_text  # only where something is wrong

        super().__init__(command_text("passphrase", code, name=name, **facts))


def _read(name: str, *, stdin_is_free: bool) -> Secret:
    """Return the passphrase in an open descriptor (digits, or - for stdin) or a file. Raises _Unusable."""
    from tui.services.passphrase_command import LONGEST, NotOneLine, passphrase_in

    is_number = name == "-" or (name.isascii() and name.isdigit())
    descriptor = -1
    try:
        if is_number:
            descriptor = STDIN if name == "-" else int(name)
        else:
            descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK)
        _require_private(name, descriptor, is_file=not is_number, stdin_is_free=stdin_is_free)
        if not is_number:
            if stat.S_ISFIFO(os.fstat(descriptor).st_mode) and not name.startswith(("/dev/", "/proc/")):
                _wait_for_writer(name, descriptor)
            os.set_blocking(descriptor, True)
        data = _all_of(descriptor, LONGEST + 1)
    except (OSError, OverflowError, ValueError) as error:  # ValueError: a NUL in the name
        detail = getattr(error, "strerror", None) or str(error)
        raise _Unusable("descriptor" if is_number else "unreadable", name, detail=detail) from None
    finally:
        if not is_number and descriptor != -1:
            os.close(descriptor)
    try:
        return passphrase_in(data)
    except NotOneLine:
        raise _Unusable("empty" if not data.strip(b"\r\n") else "lines", name) from None


def _wait_for_writer(name: str, descriptor: int) -> None:
    """Wait until somebody writes to a named pipe. Raises _Unusable where nobody does."""
    import select

    waited_for = select.poll()
    waited_for.register(descriptor, select.POLLIN)
    if not waited_for.poll(WAIT * 1000):
        raise _Unusable("silent_pipe", name, seconds=WAIT)


def _require_private(name: str, descriptor: int, *, is_file: bool, stdin_is_free: bool) -> None:
    """See that it is a pipe or a file that nobody else can read. Raises _Unusable, OSError."""
    found = os.fstat(descriptor)
    is_regular = stat.S_ISREG(found.st_mode)
    if not stdin_is_free and os.path.samestat(found, os.fstat(STDIN)) and not (is_file and is_regular):
        raise _Unusable("stdin", name)
    if os.isatty(descriptor):
        raise _Unusable("terminal", name)
    if stat.S_ISFIFO(found.st_mode) or (stat.S_ISSOCK(found.st_mode) and not is_file):
        return
    if not is_regular:
        raise _Unusable("kind", name)
    if not is_file or not found.st_nlink:  # its opener chose it; without a name nobody else opens it
        return
    if found.st_uid not in (os.geteuid(), 0):
        raise _Unusable("owner", name, uid=found.st_uid)
    if found.st_mode & 0o077:
        raise _Unusable("open_to_others", name, mode=f"{stat.S_IMODE(found.st_mode):04o}")


def _all_of(descriptor: int, limit: int) -> bytes:
    data = b""
    while len(data) < limit and (piece := os.read(descriptor, limit - len(data))):
        data += piece
    return data
