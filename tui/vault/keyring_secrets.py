"""Secrets in the operating system's keyring: lazily loaded, never waited for without the person knowing."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, Protocol, TypeVar

from tui.redact import Secret
from tui.threads import in_thread
from tui.vault.choice import BackendChoice, BackendName, Reason
from tui.vault.errors import SecretsProblem, SecretsUnavailable, StoreUndecided
from tui.vault.secret_service import look
from tui.vault.unlocking import LONGEST, WaitForUnlock, nobody

SECONDS = 3.0
"""How long a keyring may take for one call (surroundings.md, Keyrings: some never answer)."""
PROMPT_AFTER = 1.0
"""After how many of them a look tells whether its window waits for the person."""
PAUSE = 30.0
"""Seconds for which a keyring that hung is not asked again."""
SERVICE = "igauth"

_SECRET_SERVICE = ("keyring.backends.SecretService", "keyring.backends.libsecret")
_NEEDS_WINDOW = (Reason.KEYRING_LOCKED, Reason.KEYRING_NOT_SET_UP)
_WAITED_FOR = {
    Reason.KEYRING_LOCKED: SecretsProblem.KEYRING_WAITS,
    Reason.KEYRING_NOT_SET_UP: SecretsProblem.KEYRING_WAITS,
    None: SecretsProblem.KEYRING_ASKS,
}
"""What the window of a keyring that has not answered waits for, by what a look at it says."""
_OUT_OF_REACH = (Reason.NO_SESSION_BUS, Reason.BUS_NOT_NAMED, Reason.BUS_UNREACHABLE, Reason.NO_SECRET_SERVICE)
_MAY_ANSWER = (
    SecretsProblem.KEYRING_LOCKED,
    SecretsProblem.KEYRING_WAITS,
    SecretsProblem.KEYRING_ASKS,
    SecretsProblem.KEYRING_SILENT,
)
"""There is a keyring, and it may take secrets once the person has unlocked or started it."""

T = TypeVar("T")


class Keyring(Protocol):
    """What is used of a back end of the keyring package."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return a password or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a password."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget a password."""


class KeyringSecrets:
    """Values in the keyring, under this home's own id so that several homes do not collide."""

    name: BackendName = "keyring"
    in_database = False

    def __init__(self, home_id: str, unlock: WaitForUnlock = nobody) -> None:
        self._home_id = home_id
        self._unlock = unlock
        self._load = load_keyring
        self._turn = threading.Lock()
        """One call at a time, so that one window opens."""
        self._failure: SecretsProblem | None = None
        self._failed_at = 0.0
        self._has_waited = False
        self._unanswered: Future[Any] = Future()
        """The call that was given up last."""

    def read(self, ref: str) -> Secret | None:
        """Return the value, or None."""
        value = self.ask(lambda keyring: keyring.get_password(SERVICE, self._entry(ref)))
        return None if value is None else Secret(value)

    def write(self, ref: str, secret: Secret, *, waits: bool = True) -> None:
        """Keep the value. Unless `waits`, the keyring has SECONDS for it: nobody is waited for to unlock it."""
        self.ask(lambda keyring: keyring.set_password(SERVICE, self._entry(ref), secret.reveal()), waits=waits)

    def erase(self, ref: str) -> None:
        """Forget the value; asking for what is not there is fine."""

        def forget(keyring: Keyring) -> None:
            if keyring.get_password(SERVICE, self._entry(ref)) is not None:
                keyring.delete_password(SERVICE, self._entry(ref))

        self.ask(forget)

    def _entry(self, ref: str) -> str:
        return f"{self._home_id}/{ref}"

    def ask(self, call: Callable[[Keyring], T], *, waits: bool = True) -> T:
        """Return what a call to the keyring returns. Raises SecretsUnavailable.

        `waits`: where its window is open, wait with the person, if there is one, until it is unlocked.
        """
        if not self._turn.acquire(timeout=-1 if waits else SECONDS):
            raise SecretsUnavailable(SecretsProblem.KEYRING_WAITS)
        try:
            self._require_hope(waits=waits)
            try:
                answer = self._answer(call, waits=waits)
            except SecretsUnavailable as error:
                self._failure, self._failed_at = error.problem, time.monotonic()
                raise
            self._failure, self._has_waited = None, False
            return answer
        finally:
            self._turn.release()

    def _require_hope(self, *, waits: bool) -> None:
        """Raise SecretsUnavailable where the keyring hung a moment ago and nothing has changed since."""
        if time.monotonic() - self._failed_at >= PAUSE:
            return
        if self._failure is SecretsProblem.KEYRING_SILENT:
            raise SecretsUnavailable(SecretsProblem.KEYRING_PAUSED)
        if waits and not self._has_waited:
            return
        if self._failure is SecretsProblem.KEYRING_WAITS and look() in _NEEDS_WINDOW:
            raise SecretsUnavailable(SecretsProblem.KEYRING_WAITS)
        if self._failure is SecretsProblem.KEYRING_ASKS and not self._unanswered.done():
            raise SecretsUnavailable(SecretsProblem.KEYRING_ASKS)

    def _answer(self, call: Callable[[Keyring], T], *, waits: bool) -> T:
        answer = in_thread(lambda: call(self._load()), "keyring")
        began = time.monotonic()

        def has_come(seconds: float) -> bool:
            return bool(wait([answer], max(0.0, seconds)).done)

        if not has_come(min(PROMPT_AFTER, SECONDS)):
            seen = look()
            if seen not in _NEEDS_WINDOW and not has_come(SECONDS - (time.monotonic() - began)):
                seen = look()  # it may have been slow to start
            if not has_come(0):
                problem = _WAITED_FOR.get(seen, SecretsProblem.KEYRING_SILENT)
                if waits and problem is not SecretsProblem.KEYRING_SILENT:
                    self._has_waited = True
                    usable = in_thread(lambda: _until_usable(answer, problem), "keyring")
                    self._unlock(problem, lambda seconds: bool(wait([usable], seconds).done))
                if not has_come(SECONDS - (time.monotonic() - began)):
                    if waits and problem is SecretsProblem.KEYRING_WAITS and look() is None:
                        return self._answer(call, waits=False)
                    self._unanswered = answer
                    raise SecretsUnavailable(problem, f"{SECONDS:g}")
        try:
            return answer.result()
        except SecretsUnavailable:  # there is none
            raise
        except Exception as error:
            raise _refusal(error) from None


def _until_usable(answer: Future[T], problem: SecretsProblem) -> None:
    """Return once a call is answered, or the keyring was unlocked elsewhere than in the window it waits for."""
    for _ in range(LONGEST):
        if wait([answer], 1.0).done or (problem is SecretsProblem.KEYRING_WAITS and look() is None):
            return


def _refusal(error: Exception) -> SecretsUnavailable:
    """Return what a keyring's error means; its text may hold anything, its kind says enough."""
    match type(error).__name__:
        case "KeyringLocked":
            return SecretsUnavailable(SecretsProblem.KEYRING_LOCKED)
        case "InitError" if look() is Reason.KEYRING_NOT_SET_UP:
            return SecretsUnavailable(SecretsProblem.KEYRING_NOT_SET_UP)
        case kind:
            return SecretsUnavailable(SecretsProblem.KEYRING_REFUSED, kind)


def keyring_problem() -> SecretsUnavailable | None:
    """Return why the keyring cannot be used now, None where nothing is known to be wrong. Opens no window."""
    try:
        keyring = in_thread(load_keyring, "keyring").result(SECONDS)
    except TimeoutError:
        return SecretsUnavailable(SecretsProblem.KEYRING_SILENT, f"{SECONDS:g}")
    except SecretsUnavailable as error:
        return error
    except Exception as error:
        return _refusal(error)
    seen = look() if type(keyring).__module__ in _SECRET_SERVICE else None
    if seen is None or seen in _OUT_OF_REACH:
        return None if seen is None else SecretsUnavailable(SecretsProblem.NO_KEYRING, seen)
    return SecretsUnavailable(SecretsProblem(seen.value), f"{SECONDS:g}")


def choose_backend(unlock: WaitForUnlock = nobody, *, opens_window: bool = True) -> BackendChoice:
    """Return the keyring where it really stores a random value, else the database and why. Takes up to SECONDS.

    `unlock` waits with the person where the keyring's window is open; without `opens_window` none is opened.
    Raises StoreUndecided where there is a keyring that is locked or silent: that is for the person to decide.
    """
    try:
        if not opens_window and (problem := keyring_problem()) is not None:
            raise problem
        reason = KeyringSecrets("", unlock if opens_window else nobody).ask(_round_trip)
    except SecretsUnavailable as error:
        if error.problem in _MAY_ANSWER:
            raise StoreUndecided(error.problem, error.detail) from None
        if error.problem is SecretsProblem.NO_KEYRING:
            return BackendChoice("database", error.detail)
        return BackendChoice("database", Reason(error.problem.value), error.detail)
    return BackendChoice("keyring") if reason is None else BackendChoice("database", reason)


def _round_trip(keyring: Keyring) -> Reason | None:
    name, value = f"probe/{os.urandom(8).hex()}", os.urandom(16).hex()
    keyring.set_password(SERVICE, name, value)
    try:
        returned = keyring.get_password(SERVICE, name)
    finally:
        keyring.delete_password(SERVICE, name)
    if returned != value:
        return Reason.KEYRING_RETURNS_NOTHING
    return None if keyring.get_password(SERVICE, name) is None else Reason.KEYRING_KEEPS_DELETED


def load_keyring() -> Keyring:
    """Load the keyring package and return the first back end that counts. Raises SecretsUnavailable."""
    import keyring  # slow, and may talk to D-Bus

    chosen: Any = keyring.get_keyring()
    ends = list(chosen.backends) if type(chosen).__module__ == "keyring.backends.chainer" else [chosen]
    problems = [problem_of(end) for end in ends]
    if None in problems:
        usable: Keyring = ends[problems.index(None)]
        return usable
    problem = next(filter(None, problems), Reason.NO_KEYRING)
    if problem is Reason.NO_KEYRING and (seen := look()) in _OUT_OF_REACH:
        problem = seen
    raise SecretsUnavailable(SecretsProblem.NO_KEYRING, problem)


def problem_of(end: object) -> Reason | None:
    """Return why a back end of the keyring package is no safe place, None where it is one."""
    module = type(end).__module__
    if module == "keyring.backends.null":
        return Reason.KEYRING_OFF
    if module == "keyring.backends.fail":
        return Reason.NO_KEYRING
    if module.startswith("keyrings.alt") or "Plaintext" in type(end).__name__:
        return Reason.KEYRING_IN_PLAIN_FILE
    return None
