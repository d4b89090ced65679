"""`igauth backup` and `igauth restore`: a whole home in one sealed file, and back."""

from pathlib import Path

import click

from tui.commands.pipe import NoPassphrase, counted, read_new_passphrase, read_value, say
from tui.commands.running import open_command, say_where_secrets_go
from tui.redact import Secret

DONE, REFUSED = 0, 1
LARGEST = 256 * 1024 * 1024
"""Bytes read of a backup; a home of ten thousand tokens takes a tenth of it."""

_CONFIG, _VAULT = "config.toml", "vault"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> int:
    """Write tokens, secrets, progress, history and configuration into FILE, sealed with a passphrase.

    The passphrase comes from stdin or a hidden prompt. A file that exists is never replaced.
    """
    from tui.vault.backup import BackupRefused, pack, write_new
    from tui.vault.errors import ReadOnly, Unreachable, VaultError

    services = open_command()
    try:
        passphrase = read_new_passphrase("Passphrase for the backup")
    except NoPassphrase as error:
        say(f"igauth: {error} Nothing was written.")
        return REFUSED
    parts = {_VAULT: services.vault.export()}
    if services.home.config_file.exists():
        parts[_CONFIG] = services.home.config_file.read_bytes()
    try:
        write_new(file, pack(parts, passphrase))
    except (ReadOnly, Unreachable) as error:  # their advice is about the home, and this path was typed
        raise BackupRefused(error.message, "Name a file in a folder that exists and takes your writing.") from None
    try:
        services.vault.note_backup(file.absolute())
    except VaultError as error:  # the backup itself is done
        say(f"igauth: it could not be noted in the history: {error}")
    held = counted(len(services.vault.names()), "token")
    say(f"{file} holds {held}. Without the passphrase nobody can read it, you neither.")
    return DONE


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> int:
    """Bring back what `igauth backup` wrote into FILE; only into a home that holds nothing yet.

    The passphrase comes from stdin or a hidden prompt.
    """
    from tui.vault.backup import BackupRefused, unpack, write_new

    services = open_command()
    if services.home.config_file.exists():
        say(
            f"igauth: this home has a configuration already ({services.home.config_file})."
            " Set IGAUTH_HOME to an empty folder, then restore. Nothing was changed."
        )
        return REFUSED
    if file.stat().st_size > LARGEST:
        raise click.UsageError(f"{file} is far too large to be a backup.")
    parts = unpack(file.read_bytes(), Secret(read_value("Passphrase of the backup")))
    if _VAULT not in parts:
        raise BackupRefused("This backup holds no vault.", "Use another copy of it.")
    say_where_secrets_go(services)
    count = services.vault.take_back(parts[_VAULT])
    if _CONFIG in parts:
        services.home.config_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_new(services.home.config_file, parts[_CONFIG])
    say(f"{counted(count, 'token')} {'is' if count == 1 else 'are'} back. Look at them: igauth status --check")
    return DONE
