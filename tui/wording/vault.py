"""Words for what is stored: errors and notices of the vault, the secret store, and the modes of files."""

from pathlib import Path
from typing import assert_never

from tui.vault.choice import BackendChoice, BackendName, Reason
from tui.vault.errors import (
    BackupProblem,
    BackupRefused,
    Damaged,
    DamagedInUse,
    FileProblem,
    Full,
    InputOutputFailed,
    Locked,
    NotOurs,
    ReadOnly,
    SecretsProblem,
    SecretsUnavailable,
    TooNew,
    VaultError,
)
from tui.vault.notices import LeftoversKept, Notice, SecretDisplaced, TokensImported, TokensWaiting, TracesLeft
from tui.vault.permissions import FileReport
from tui.vault.recovery import Recovery
from tui.wording.text import Text

_OTHER_HOME = "or set IGAUTH_HOME to another folder."
_UNLOCK = "Unlock or start the keyring and try again, or move the secrets: igauth secrets --move-to database"
_SEALED = "The secrets are encrypted with a passphrase"


def vault_error(error: VaultError) -> Text:
    """Return what happened and what to do."""
    text = _vault_error(error)
    if error.saved_in is None:
        return text
    saved = f"The new token is not lost: it is saved in {error.saved_in} and imported at the next start."
    return Text(text.what, saved, hint=text.hint)


def _vault_error(error: VaultError) -> Text:
    path, detail = error.path, f": {error.detail}" if error.detail else ""
    match error:
        case SecretsUnavailable():
            return _secrets_unavailable(error)
        case BackupRefused():
            return _backup_refused(error)
        case NotOurs():
            return Text(
                f"{path} is not used: it {_FILE_PROBLEMS[error.problem]}.", hint=_file_hint(error.problem, error.path)
            )
        case ReadOnly():
            what = f"{path} cannot be written{detail}. Nothing was changed."
            return Text(what, hint=f"Check owner, mode and mount of that folder, {_OTHER_HOME}")
        case InputOutputFailed():
            what = f"{path}: the file system refused to read or write. Nothing was changed."
            return Text(what, hint="Check that file system: it may be full, over quota or failing.")
        case Full():
            what = f"{path} could not be written: no space left. Nothing was changed."
            return Text(what, hint="Free some space, or raise the quota or file size limit. Then try again.")
        case Locked():
            what = f"{path} is locked by another process. Nothing was changed."
            return Text(what, hint="Close the other igauth, or the tool that has the file open. Then try again.")
        case TooNew():
            what = f"{path} was written by a newer igauth (schema {error.version}; this one knows {error.known})."
            return Text(f"{what} Nothing was changed.", hint=f"Update igauth, {_OTHER_HOME}")
        case DamagedInUse():
            return Text(f"{path} is damaged.", hint="Close every other igauth that has it open, then start again.")
        case Damaged():
            return Text(f"{path} is damaged.", hint="Start igauth again to recover what can be read.")
        case _:
            return Text(f"{path} cannot be used{detail}.", hint=f"Check that folder and its owner, {_OTHER_HOME}")


def _secrets_unavailable(error: SecretsUnavailable) -> Text:
    match error.problem:
        case SecretsProblem.KEYRING_SILENT:
            return Text(f"The keyring did not answer within {error.detail} s.", hint=_UNLOCK)
        case SecretsProblem.KEYRING_PAUSED:
            return Text("The keyring did not answer a moment ago.", hint=_UNLOCK)
        case SecretsProblem.KEYRING_REFUSED:
            return Text(f"The keyring refused ({error.detail}).", hint=_UNLOCK)
        case SecretsProblem.NO_KEYRING:
            return Text(f"The keyring cannot be used: {_REASONS[Reason(error.detail)]}.", hint=_UNLOCK)
        case SecretsProblem.NOT_RETURNED:
            what = f"The {error.detail} did not return what was written. Every secret is where it was."
            return Text(what, hint="Choose another secret store, or correct that one and try again.")
        case SecretsProblem.NO_PASSPHRASE:
            hint = "Run the command on a terminal, or move the secrets: igauth secrets --move-to database"
            return Text(f"{_SEALED}, and there is no terminal to ask for it.", hint=hint)
        case SecretsProblem.NO_PASSPHRASE_GIVEN:
            hint = (
                "Give it on stdin (for --change-passphrase the old one on the first line, the new one on the second),"
                " or run this on a terminal."
            )
            return Text(f"{_SEALED}, and none was given.", hint=hint)
        case SecretsProblem.WRONG_PASSPHRASE:
            return Text("The passphrase is wrong.", hint="Enter it again.")
        case SecretsProblem.TEMPORARY_HOME:
            return Text("This home is removed on exit, so its secrets stay in its database.")
        case _:
            assert_never(error.problem)


def _backup_refused(error: BackupRefused) -> Text:
    match error.problem:
        case BackupProblem.NO_PASSPHRASE:
            return Text("A backup is not written without a passphrase.", hint="Enter one of several words.")
        case BackupProblem.NOT_A_BACKUP:
            return Text("This file is not a backup of igauth.", hint="Choose a file that igauth backup wrote.")
        case BackupProblem.DAMAGED:
            return Text("This backup is incomplete or damaged.", hint="Use another copy of it.")
        case BackupProblem.NO_VAULT:
            return Text("This backup contains no tokens and secrets.", hint="Use another copy of it.")
        case BackupProblem.TOO_NEW:
            return Text("This backup was written by a newer igauth.", hint="Update igauth, then restore.")
        case BackupProblem.HOME_IN_USE:
            return Text("This home already has tokens.", hint="Set IGAUTH_HOME to an empty folder, then restore.")
        case BackupProblem.FILE_EXISTS:
            return Text(f"{error.path} already exists.", hint="Choose another file name.")
        case BackupProblem.NOT_WRITABLE:
            hint = "Choose a file in an existing folder that you can write to."
            return Text(f"{error.path} cannot be written{f': {error.detail}' if error.detail else ''}.", hint=hint)
        case _:
            assert_never(error.problem)


def notice_text(notice: Notice) -> Text:
    """Return what the vault did on its own, or could not do."""
    match notice:
        case Recovery():
            rows = notice.taken
            what = (
                f"The database was damaged. It was moved to {notice.set_aside}; {rows.get('tokens', 0)} tokens,"
                f" {rows.get('secret_values', 0)} secrets and {rows.get('history', 0)} lines of history were recovered."
            )
            hint = "Before you delete that file, check that no token is missing. A missing one needs a new login."
            return Text(what, hint=hint)
        case TokensImported():
            return Text(f"Imported as candidates: {notice.count} tokens that could not be stored when issued.")
        case TokensWaiting():
            return _because("A token that Facebook issued still waits to be stored.", notice.error)
        case SecretDisplaced():
            back = "when the keyring answers" if notice.store == "keyring" else "once the passphrase is given"
            what = f"{vault_error(notice.error).what} So that it is not lost, the new token was stored in the database."
            return Text(what, hint=f"It moves back {back}.")
        case TracesLeft():
            return _because("Deleted values may leave traces in the file until the next deletion.", notice.error)
        case LeftoversKept():
            return _because(f"The keyring still keeps {notice.count} deleted secrets.", notice.error)
        case _:
            assert_never(notice)


def _because(what: str, error: VaultError) -> Text:
    why = vault_error(error)
    return Text(what, why.what, hint=why.hint)


STORES: dict[str, str] = {"keyring": "keyring", "sealed": "encrypted database", "database": "database"}
"""The secret stores as they are named in a sentence."""

_MEANINGS: dict[BackendName, str] = {
    "keyring": "Secrets are stored in the operating system's keyring. The files of this home contain none.",
    "sealed": "Secrets are stored in the database, encrypted. Only the passphrase decrypts them.",
    "database": "Secrets are stored unencrypted. Anyone who can read your files can read them.",
}

_REASONS: dict[Reason, str] = {
    Reason.KEYRING_OFF: "it is switched off",
    Reason.NO_KEYRING: "there is none on this machine",
    Reason.KEYRING_IN_PLAIN_FILE: "the only one found stores its content in a plain file",
    Reason.KEYRING_SILENT: "it did not answer in time",
    Reason.KEYRING_REFUSED: "it refused",
    Reason.KEYRING_RETURNS_NOTHING: "it did not return what was written",
    Reason.KEYRING_KEEPS_DELETED: "it keeps what was deleted",
}


def store_meaning(choice: BackendChoice) -> str:
    """Return what the choice of a secret store means for the person."""
    return _MEANINGS[choice.name]


def why_not_better(choice: BackendChoice) -> str:
    """Return why secrets are not in a better store; empty for the best one."""
    if choice.reason not in set(Reason):
        return choice.reason  # a sentence that an earlier igauth stored
    match reason := Reason(choice.reason):
        case Reason.CHOSEN:
            return "You chose this secret store."
        case Reason.TEMPORARY_HOME:
            return "This home is removed on exit, so the keyring is not used."
        case _:
            return f"The keyring is not used: {_REASONS[reason]}{f' ({choice.detail})' if choice.detail else ''}."


def store_line(choice: BackendChoice) -> str:
    """Return which secret store is used, what that means, and why not a better one."""
    return f"Secret store: {choice.name}. {store_meaning(choice)} {why_not_better(choice)}".rstrip()


def displaced_line(count: int) -> str:
    """Return how many secrets are not in the chosen store; empty where all are."""
    what = "1 secret is" if count == 1 else f"{count} secrets are"
    return f"{what} in the database for now, because the chosen secret store did not take it." if count else ""


_FILE_PROBLEMS: dict[FileProblem, str] = {
    FileProblem.NOT_A_FOLDER: "is not a folder",
    FileProblem.NOT_A_FILE: "is not a regular file",
    FileProblem.SYMBOLIC_LINK: "is a symbolic link",
    FileProblem.OTHER_OWNER: "belongs to another user",
    FileProblem.OTHER_PROGRAM: "is the database of another program",
    FileProblem.OPEN_TO_OTHERS: "can be read or changed by other users of this machine",
    FileProblem.HARD_LINK: "has a second name (a hard link)",
    FileProblem.NOT_READABLE: "cannot be examined",
}


def _file_hint(problem: FileProblem, path: Path | None) -> str:
    match problem:
        case FileProblem.NOT_A_FOLDER | FileProblem.NOT_A_FILE:
            return "Move it away."
        case FileProblem.SYMBOLIC_LINK:
            return f"Put the file itself there, or remove the link: rm {path}"
        case FileProblem.OTHER_OWNER:
            return f"Use your own account (not sudo), or take the file over: sudo chown $USER {path}"
        case FileProblem.OTHER_PROGRAM:
            return f"Move it away, {_OTHER_HOME}"
        case FileProblem.OPEN_TO_OTHERS:
            return f"igauth doctor --fix, or: chmod go= {path}"
        case FileProblem.HARD_LINK:
            return f"Find it: find / -xdev -samefile {path}"
        case FileProblem.NOT_READABLE:
            return "Check the folder it is in."
        case _:
            assert_never(problem)


def file_report(report: FileReport) -> Text:
    """Return what is wrong with a file of the home and what to do; `report` has a problem."""
    assert report.problem is not None
    detail = f": {report.detail}" if report.detail else ""
    what = f"{report.path} {_FILE_PROBLEMS[report.problem]}{detail} ({report.mode:04o})"
    return Text(what, hint=_file_hint(report.problem, report.path))
