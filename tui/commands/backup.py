"""`igauth backup` and `igauth restore`: a whole home in one sealed file, and back."""

from pathlib import Path

import click

from tui.commands.failure import say_failure
from tui.commands.options import passphrase_option, weak_option
from tui.commands.pipe import read_new_passphrase, read_value, say
from tui.commands.running import open_command
from tui.commands.secret_store import choose_secret_store, store_option
from tui.process import Refused
from tui.redact import Secret
from tui.regular_file import NotRegular, TooLarge, read_regular
from tui.vault.choice import BackendName
from tui.wording.commands import command_text
from tui.wording.counts import counted

LARGEST = 256 * 1024 * 1024
"""Bytes read of a backup; a home of ten thousand tokens takes a tenth of it."""


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@weak_option
@passphrase_option(stdin_is_free=False)
def backup(file: Path) -> None:
    """Write tokens, secrets, progress, history and configuration into FILE, sealed with a passphrase.

    The passphrase comes from stdin or a hidden prompt. A file that exists is never replaced.
    """
    from tui.services.backup import write_backup

    services = open_command()
    passphrase = read_new_passphrase("Passphrase for the backup", command_text("backup", "nothing_written"))
    if (not_noted := write_backup(services, file, passphrase)) is not None:
        say_failure(not_noted, command_text("backup", "not_noted"))
    say(command_text("backup", "written", file=file, tokens=counted(len(services.token_store.names()), "token")))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@store_option
@passphrase_option(stdin_is_free=False)
def restore(file: Path, store: BackendName | None) -> None:
    """Restore what `igauth backup` wrote into FILE, into an empty home.

    The passphrase comes from stdin or a hidden prompt. A restore that was interrupted is completed by the same command.
    """
    from tui.services.backup import has_other_configuration, open_backup, restore_backup

    services = open_command()
    parts = open_backup(_content(file), Secret(read_value("Passphrase of the backup")))
    if has_other_configuration(services, parts):
        raise Refused(command_text("backup", "not_empty", path=services.home.config_file))
    choose_secret_store(services, store)
    restored = restore_backup(services, parts)
    code = "restored_before" if restored.was_complete else "restored"
    say(command_text("backup", code, tokens=counted(restored.tokens, "token")))


def _content(file: Path) -> bytes:
    """Return the content of a file, or of the pipe of a shell's `<(...)`. Raises UsageError, OSError."""
    try:
        if not str(file).startswith("/dev/fd/"):
            return read_regular(file, LARGEST)[0]
        with file.open("rb") as pipe:
            if len(data := pipe.read(LARGEST + 1)) <= LARGEST:
                return data
    except NotRegular:
        raise click.UsageError(command_text("backup", "not_a_file", file=file)) from None
    except TooLarge:
        pass
    raise click.UsageError(command_text("backup", "too_large", file=file))
