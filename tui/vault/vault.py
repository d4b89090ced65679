"""The vault: what the rest of igauth sees of all that is kept. Blocks for the disk: use it off the event loop."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tui.redact import Secret
from tui.tokens.history import Actor, HistoryEvent
from tui.tokens.store import Version
from tui.tokens.token import Token
from tui.vault.backends import BackendChoice, BackendName, DatabaseSecrets, SecretBackend, choose_backend
from tui.vault.database import Database, open_read_only
from tui.vault.errors import SecretsUnavailable, VaultError
from tui.vault.files import cannot_be_written
from tui.vault.locks import RefreshLocks
from tui.vault.mounts import network_file_system
from tui.vault.notes import Notes, PastInspection
from tui.vault.recovery import Recovery, open_or_recover
from tui.vault.story import Story
from tui.vault.strongbox import Strongbox
from tui.vault.tokens_table import TokenLine, TokensTable, check_name

if TYPE_CHECKING:
    from tui.vault.keyring_secrets import Keyring

SecretKind = Literal["app_secret", "app_secret_before", "client_token", "matillion_password"]
_TO: dict[BackendName, str] = {
    "keyring": "to the keyring",
    "sealed": "into the database, sealed",
    "database": "into the database file",
}
KINDS: tuple[SecretKind, ...] = ("app_secret", "app_secret_before", "client_token", "matillion_password")


class Vault:
    """Tokens, secrets, progress and story of one home; implements tokens.store.TokenStore.

    Threads may share it, processes may open it side by side. Methods raise VaultError where disk, file or keyring
    refuse, and StoreError where the request does not fit what is stored.
    """

    def __init__(
        self,
        database: Database,
        strongbox: Strongbox,
        *,
        clock: Callable[[], float],
        actor: Actor = "command",
        recovery: Recovery | None = None,
    ) -> None:
        self._database = database
        self._strongbox = strongbox
        self._tokens = TokensTable(database, strongbox)
        self._notes = Notes(database)
        self._story = Story(database)
        self._clock = clock
        self._actor: Actor = actor
        self._locks = RefreshLocks(database.path.with_name("locks"), actor)
        self.recovery = recovery
        """What was saved when opening found the database damaged; None: it was whole."""
        self._said: list[str] = []
        self._data_version: int | None = None
        self._take_in()

    def _take_in(self) -> None:
        try:
            taken = self._tokens.take_in()
        except VaultError as error:
            self._said.append(f"A token that Facebook issued still waits to be taken into the database: {error}")
            return
        if taken:
            self._said.append(
                f"{taken} tokens that the database could not take when Facebook issued them were taken in now, as"
                " candidates."
            )

    def changed_by_others(self) -> bool:
        """Tell whether another process or connection stored something since this was last asked.

        Yes the first time: what came between the opening and then is not known, and opening is not to wait for it.
        """
        version = self._database.data_version()
        was, self._data_version = self._data_version, version
        return version != was

    # --- the home -----------------------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """The database file."""
        return self._database.path

    @property
    def journal(self) -> str:
        """`wal`, or `delete` on a network file system."""
        return self._database.journal

    @property
    def notices(self) -> tuple[str, ...]:
        """What the person ought to be told: a recovery, a keyring that failed."""
        return (*([self.recovery.sentence] if self.recovery else []), *self._said, *self._strongbox.notices)

    def close(self) -> None:
        """Close the database; a second time does nothing."""
        self._database.close()

    def is_whole(self) -> bool:
        """Read the whole database file and tell whether it is sound."""
        return self._database.is_whole()

    # --- where secrets lie --------------------------------------------------------------------------------------

    @property
    def backend(self) -> BackendChoice | None:
        """The place chosen for secrets; None: not chosen yet. Asks no keyring."""
        return self._strongbox.choice

    def choose_backend(self) -> BackendChoice:
        """Return the place for secrets, choosing it (up to 3 s) where that is still open: to be told beforehand."""
        return self._strongbox.choose()

    @property
    def displaced_sentence(self) -> str:
        """What to say of secrets that are not in the chosen place; empty where all are."""
        count = self._strongbox.displaced
        what = f"{count} secret is" if count == 1 else f"{count} secrets are"
        return f"{what} in the database file meanwhile: the chosen place did not take it." if count else ""

    @property
    def has_passphrase(self) -> bool:
        """Whether a passphrase was set: sealing again needs the same one."""
        from tui.vault.sealed import KEY_ENTRY  # loads OpenSSL

        return self._notes.meta(KEY_ENTRY) is not None

    def open_secrets(self) -> None:
        """See that the chosen place opens. Raises SecretsUnavailable, WrongPassphrase."""
        self._strongbox.open()

    def change_passphrase(self, new: Secret) -> None:
        """Seal the key of the secrets under another passphrase. Raises WrongPassphrase, SecretsUnavailable."""
        self._strongbox.change_passphrase(new)
        self._note("secrets", "new_passphrase", "another passphrase opens them")

    def move_secrets(self, to: BackendName) -> int:
        """Move every secret to another place and return how many; on VaultError every one is where it was."""
        moved = self._strongbox.move(to)
        self._note("secrets", "moved", f"{moved} {_TO[to]}")
        return moved

    def settle(self) -> int:
        """Bring home secrets that a failing keyring had displaced, and forget there what was to be forgotten."""
        self._take_in()
        moved = self._strongbox.come_home()
        self._strongbox.sweep()
        return moved

    def export(self) -> bytes:
        """Return everything, secrets too, plain: for backup.pack alone. Raises VaultError."""
        from tui.vault.backup import export

        return export(self._database, self._strongbox)

    def take_back(self, content: bytes) -> int:
        """Put what `export` gave into this empty vault; return the number of tokens. Raises BackupRefused."""
        from tui.vault.backup import take_back

        count = take_back(content, self._database, self._strongbox)
        self._note("restore", "done", f"tokens: {count}, with their history before this line")
        return count

    def note_backup(self, file: Path) -> None:
        """Add to the story that everything was written into `file`, sealed. Raises VaultError."""
        self._note("backup", "written", str(file))

    # --- secrets of a profile -----------------------------------------------------------------------------------

    def secret(self, kind: SecretKind, profile: str) -> Secret | None:
        """Return a secret of a profile, or None."""
        return self._strongbox.get(_ref(kind, profile))

    def set_secret(self, kind: SecretKind, profile: str, secret: Secret) -> None:
        """Keep a secret of a profile in place of the former one."""
        self._strongbox.put(_ref(kind, profile), secret)

    def forget_secret(self, kind: SecretKind, profile: str) -> None:
        """Wipe a secret of a profile."""
        self._strongbox.tidy(self._strongbox.forget([_ref(kind, profile)]))

    def rename_profile(self, name: str, new_name: str) -> None:
        """Let secrets, tokens, progress and story of a profile belong to its new name."""
        found = {kind: self.secret(kind, name) for kind in KINDS}
        for kind, secret in found.items():
            if secret is not None:
                self.set_secret(kind, new_name, secret)
        self._notes.rename_profile(name, new_name)
        for kind, secret in found.items():
            if secret is not None:
                self.forget_secret(kind, name)

    def forget_profile(self, name: str) -> None:
        """Wipe secrets, progress and evidence of a profile; its tokens stay until they are deleted."""
        for kind in KINDS:
            self.forget_secret(kind, name)
        self._notes.forget_profile(name)

    # --- tokens: see TokenStore ---------------------------------------------------------------------------------

    def names(self) -> tuple[str, ...]:
        """Return the names of all tokens, sorted."""
        return self._tokens.names()

    def tokens(self) -> tuple[Token, ...]:
        """Return every token, soonest deadline first, none last, then by name."""
        return self._tokens.tokens()

    def brief_tokens(self) -> tuple[Token, ...]:
        """Return every token in the order of `tokens`, without granular scopes and Pages: at half of its cost."""
        return self._tokens.brief_tokens()

    def outline(self) -> tuple[TokenLine, ...]:
        """Return a line for every token in the order of `tokens`, at a third of its cost: for long lists."""
        return self._tokens.outline()

    def token(self, name: str) -> Token:
        """Return one token. Raises NoSuchToken."""
        return self._tokens.token(name)

    def value(self, name: str) -> Secret:
        """Return the current value of a token. Raises NoSuchToken, NoValue."""
        return self._tokens.value(name)

    def value_of(self, version: str) -> Secret:
        """Return the value of any version, candidates too. Raises NoValue."""
        return self._tokens.value_of(version)

    def add_issued(self, name: str, profile: str, value: Secret, *, at: int, origin: str) -> str:
        """Keep a value that Facebook just issued, as a candidate; on disk when this returns its version id."""
        return self._tokens.add_issued(name, profile, value, at=at, origin=origin)

    def add_token(self, token: Token, version: str) -> None:
        """Store a new token whose current value is `version`. Raises NameTaken, NoValue."""
        self._tokens.add_token(token, version)

    def update_token(self, token: Token) -> None:
        """Store what is known of a token now; its value stays. Raises NoSuchToken."""
        self._tokens.update_token(token)

    def make_current(self, name: str, version: str, token: Token) -> None:
        """In one step make `version` the current value and store `token`. Raises NoSuchToken, NoValue."""
        self._tokens.make_current(name, version, token)

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return the versions of a token, newest first."""
        return self._tokens.versions(name)

    def candidates(self) -> tuple[Version, ...]:
        """Return every version that was issued and never proven, newest first."""
        return self._tokens.candidates()

    def discard(self, version: str) -> None:
        """Wipe one candidate or previous version; the current one is left alone."""
        self._tokens.discard(version)

    def rename(self, name: str, new_name: str) -> None:
        """Give a token another name. Raises NoSuchToken, NameTaken, BadName."""
        self._tokens.rename(name, new_name)

    def delete(self, name: str) -> None:
        """Wipe a token with all its values; its story stays. Raises NoSuchToken."""
        known = self._tokens.token(name)
        forgotten = HistoryEvent(
            int(self._clock()),
            self._actor,
            "forget",
            name,
            known.profile,
            "wiped",
            old_fingerprint=known.fingerprint,
        )
        self._tokens.delete(name, lambda: self._story.record(forgotten))

    def refresh_lock(self, name: str, *, wait: float = 60.0) -> AbstractContextManager[None]:
        """Hold the right to refresh a token; blocks the thread, raises BeingRefreshed after `wait` seconds."""
        check_name(name)
        return self._locks.hold(name, wait)

    # --- story, progress, evidence ------------------------------------------------------------------------------

    def record(self, event: HistoryEvent) -> None:
        """Add one line to the story."""
        self._story.record(event)

    def _note(self, action: str, result: str, text: str) -> None:
        self._story.record(HistoryEvent(int(self._clock()), self._actor, action, result=result, text=text))

    def history(
        self, token: str | None = None, *, profile: str | None = None, limit: int = 100
    ) -> tuple[HistoryEvent, ...]:
        """Return the story, newest first: of one token, of one profile, or of all."""
        return self._story.history(token, profile, limit)

    def refreshes(self) -> dict[str, int]:
        """Return how many exchanges there ever were, by result as the story names it."""
        return self._story.refreshes()

    def first_altered_line(self) -> HistoryEvent | None:
        """Return the oldest line of the story that is not as it was written; None where all are."""
        return self._story.first_altered()

    @property
    def lacks_newest_lines(self) -> bool:
        """Whether newest lines of the story were taken away."""
        return self._story.lacks_newest

    @property
    def story_head(self) -> str:
        """The link of the story's newest line (64 hex digits), to be kept elsewhere; empty: no line yet."""
        return self._story.head

    def story_holds(self, link: str) -> bool:
        """Tell whether the line with this link, noted earlier, is still in the story."""
        return self._story.holds(link)

    def inspections(self, token: str, *, limit: int = 100) -> tuple[PastInspection, ...]:
        """Return what Facebook said of a token, newest first."""
        return self._notes.inspections(token, limit)

    def progress(self, profile: str) -> dict[str, tuple[int | None, str]]:
        """Return for each marked step when it was ticked by hand (None: not), and the person's note."""
        return self._notes.progress(profile)

    def save_progress(self, profile: str, marks: Mapping[str, tuple[int | None, str]]) -> None:
        """Replace all marks of a profile."""
        self._notes.save_progress(profile, marks)

    def evidence(self, profile: str) -> tuple[tuple[str, str, str, int], ...]:
        """Return check, result, what was seen and when (unix seconds, UTC), of every check's last run."""
        return self._notes.evidence(profile)

    def save_evidence(self, profile: str, found: Iterable[tuple[str, str, str, int]]) -> None:
        """Store what checks found; findings of other checks stay."""
        self._notes.save_evidence(profile, found)

    def meta(self, key: str) -> str | None:
        """Return a small fact about the home."""
        return self._notes.meta(key)

    def set_meta(self, key: str, value: str | None) -> None:
        """Store a small fact about the home; None removes it."""
        self._notes.set_meta(key, value)


Passphrase = Callable[[], Secret | None]


def open_vault(
    path: Path,
    *,
    now: float,
    clock: Callable[[], float] | None = None,
    actor: Actor = "command",
    throw_away: bool = False,
    passphrase: Passphrase | None = None,
    choose: Callable[[], BackendChoice] | None = None,
    load_keyring: Callable[[], "Keyring"] | None = None,
    file_system: Callable[[Path], str] = network_file_system,
    looks_only: bool = False,
) -> Vault:
    """Open the vault, made where there is none; a damaged one is set aside and what can be read is taken over.

    `now` (unix seconds, UTC) dates what is set aside, `clock` (else `now`) the lines of the story that the vault writes
    itself; `actor` tells the story who acts, and others who holds a lock; a `throw_away` home leaves the keyring alone;
    `passphrase` asks for the one that seals; `choose`, `load_keyring` and `file_system` stand in for the real ladder,
    keyring and mount table; with `looks_only` a vault that cannot be written is opened all the same, to be read. No
    keyring is touched here. Raises VaultError.
    """
    recovery = None
    if looks_only and cannot_be_written(path):
        database = open_read_only(path)
    else:
        database, recovery = open_or_recover(path, now, file_system)
    notes = Notes(database)

    def keyring() -> SecretBackend:
        from tui.vault.keyring_secrets import KeyringSecrets

        return KeyringSecrets(notes.home_id(), load_keyring)

    def sealed() -> SecretBackend:
        from tui.vault.sealed import SealedSecrets

        return SealedSecrets(database, passphrase or _nobody)

    def ladder() -> BackendChoice:
        return choose_backend(throw_away=throw_away, has_passphrase=passphrase is not None)

    places: dict[BackendName, Callable[[], SecretBackend]] = {
        "database": lambda: DatabaseSecrets(database),
        "sealed": sealed,
        "keyring": _no_keyring if throw_away else keyring,
    }
    strongbox = Strongbox(database, places, choose or ladder)
    return Vault(database, strongbox, clock=clock or (lambda: now), actor=actor, recovery=recovery)


def _nobody() -> Secret | None:
    return None


def _no_keyring() -> SecretBackend:
    raise SecretsUnavailable("This home is thrown away on exit; its secrets stay in its database.", "Use a real home.")


def _ref(kind: SecretKind, profile: str) -> str:
    return f"{kind}/{profile}"
