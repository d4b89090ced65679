"""Secrets in the operating system's keyring: lazily loaded, never waited for longer than a moment."""

import os
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from tui.redact import Secret
from tui.vault.choice import BackendChoice, BackendName, Reason
from tui.vault.errors import SecretsProblem, SecretsUnavailable

SECONDS = 3.0
"""How long a keyring may take for one call (surroundings.md, Keyrings: some never answer)."""
PAUSE = 30.0
"""Seconds for which a keyring that hung is not asked again."""
SERVICE = "igauth"

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

    def __init__(self, home_id: str) -> None:
        self._home_id = home_id
        self._load = load_keyring
        self._hung_at: float | None = None

    def read(self, ref: str) -> Secret | None:
        """Return the value, or None."""
        value = self.ask(lambda keyring: keyring.get_password(SERVICE, self._entry(ref)))
        return None if value is None else Secret(value)

    def write(self, ref: str, secret: Secret) -> None:
        """Keep the value."""
        self.ask(lambda keyring: keyring.set_password(SERVICE, self._entry(ref), secret.reveal()))

    def erase(self, ref: str) -> None:
        """Forget the value; asking for what is not there is fine."""

        def forget(keyring: Keyring) -> None:
            if keyring.get_password(SERVICE, self._entry(ref)) is not None:
                keyring.delete_password(SERVICE, self._entry(ref))

        self.ask(forget)

    def _entry(self, ref: str) -> str:
        return f"{self._home_id}/{ref}"

    def ask(self, call: Callable[[Keyring], T]) -> T:
        """Return what a call to the keyring returns. Raises SecretsUnavailable."""
        if self._hung_at is not None and time.monotonic() - self._hung_at < PAUSE:
            raise SecretsUnavailable(SecretsProblem.KEYRING_PAUSED)
        try:
            answer = within(SECONDS, lambda: call(self._load()))
        except TimeoutError:
            self._hung_at = time.monotonic()
            raise SecretsUnavailable(SecretsProblem.KEYRING_SILENT, f"{SECONDS:g}") from None
        except SecretsUnavailable:  # there is none
            raise
        except Exception as error:
            # its text may hold anything; its kind says enough
            raise SecretsUnavailable(SecretsProblem.KEYRING_REFUSED, type(error).__name__) from None
        self._hung_at = None
        return answer


def choose_backend() -> BackendChoice:
    """Return the keyring where it really stores a random value, else the database and why. Takes up to SECONDS."""
    try:
        reason = KeyringSecrets("").ask(_round_trip)
    except SecretsUnavailable as error:
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
    raise SecretsUnavailable(SecretsProblem.NO_KEYRING, next(filter(None, problems), Reason.NO_KEYRING))


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


def within(seconds: float, call: Callable[[], T]) -> T:
    """Return what the call returns or raise what it raises; after `seconds` leave it alone and raise TimeoutError."""
    from concurrent.futures import Future

    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="keyring", daemon=True).start()  # a hanging one must not hold up the end
    return future.result(seconds)
