"""Secrets in the operating system's keyring: lazily loaded, never waited for longer than a moment."""

import os
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from tui.redact import Secret
from tui.vault.backends import BackendName
from tui.vault.errors import SecretsUnavailable

SECONDS = 3.0
"""How long a keyring may take for one call (field.md section 3.2: many hang where there is no desktop)."""
PAUSE = 30.0
"""Seconds for which a keyring that hung is not asked again."""
SERVICE = "igauth"

_NEXT_STEP = "Unlock or start the keyring and try again, or move the secrets with `igauth secrets --move-to database`."

T = TypeVar("T")


class Keyring(Protocol):
    """What is used of a back end of the keyring package."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return a password or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a password."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget a password."""


Loader = Callable[[], Keyring]


class NoKeyring(Exception):
    """There is no keyring that counts; the message says why."""


class KeyringSecrets:
    """Values in the keyring, under this home's own id so that several homes do not collide."""

    name: BackendName = "keyring"
    in_database = False

    def __init__(self, home_id: str, load: "Loader | None" = None, seconds: float = SECONDS) -> None:
        self._home_id = home_id
        self._load = load or load_keyring
        self._seconds = seconds
        self._hung_at: float | None = None

    def read(self, ref: str) -> Secret | None:
        """Return the value, or None."""
        value = self._ask(lambda keyring: keyring.get_password(SERVICE, self._entry(ref)))
        return None if value is None else Secret(value)

    def write(self, ref: str, secret: Secret) -> None:
        """Keep the value."""
        self._ask(lambda keyring: keyring.set_password(SERVICE, self._entry(ref), secret.reveal()))

    def erase(self, ref: str) -> None:
        """Forget the value; asking for what is not there is fine."""

        def forget(keyring: Keyring) -> None:
            if keyring.get_password(SERVICE, self._entry(ref)) is not None:
                keyring.delete_password(SERVICE, self._entry(ref))

        self._ask(forget)

    def _entry(self, ref: str) -> str:
        return f"{self._home_id}/{ref}"

    def _ask(self, call: Callable[[Keyring], T]) -> T:
        if self._hung_at is not None and time.monotonic() - self._hung_at < PAUSE:
            raise SecretsUnavailable("The keyring did not answer a moment ago.", _NEXT_STEP)
        try:
            answer = within(self._seconds, lambda: call(self._load()))
        except TimeoutError:
            self._hung_at = time.monotonic()
            raise SecretsUnavailable(f"The keyring did not answer within {self._seconds:g} s.", _NEXT_STEP) from None
        except NoKeyring as error:
            raise SecretsUnavailable(f"The keyring cannot be used: {error}", _NEXT_STEP) from None
        except Exception as error:
            # its text may hold anything; its kind says enough
            raise SecretsUnavailable(f"The keyring refused ({type(error).__name__}).", _NEXT_STEP) from None
        self._hung_at = None
        return answer


def probe_keyring(seconds: float = SECONDS, load: "Loader | None" = None) -> tuple[bool, str]:
    """Tell whether a real keyring keeps a random value, and if not, why: a sentence. Takes at most `seconds`."""
    name, value = f"probe/{os.urandom(8).hex()}", os.urandom(16).hex()

    def round_trip() -> str:
        keyring = (load or load_keyring)()
        keyring.set_password(SERVICE, name, value)
        try:
            found = keyring.get_password(SERVICE, name)
        finally:
            keyring.delete_password(SERVICE, name)
        if found != value:
            return "it did not give back what was put in."
        return "" if keyring.get_password(SERVICE, name) is None else "it did not forget what was deleted."

    try:
        why_not = within(seconds, round_trip)
    except TimeoutError:
        why_not = f"it did not answer within {seconds:g} s."
    except NoKeyring as error:
        why_not = str(error)
    except Exception as error:
        why_not = f"it refused ({type(error).__name__})."
    return not why_not, why_not


def load_keyring() -> Keyring:
    """Load the keyring package and return the first back end that counts. Raises NoKeyring."""
    import keyring  # slow, and may talk to D-Bus

    chosen: Any = keyring.get_keyring()
    ends = list(chosen.backends) if type(chosen).__module__ == "keyring.backends.chainer" else [chosen]
    for end in ends:
        if not why_it_does_not_count(end):
            found: Keyring = end
            return found
    raise NoKeyring(why_it_does_not_count(ends[0]) if ends else "there is none on this machine.")


def why_it_does_not_count(end: object) -> str:
    """Return why a back end of the keyring package is no safe place, empty where it is one."""
    module = type(end).__module__
    if module == "keyring.backends.null":
        return "it is switched off."
    if module == "keyring.backends.fail":
        return "there is none on this machine."
    if module.startswith("keyrings.alt") or "Plaintext" in type(end).__name__:
        return "the only one found keeps its content in a plain file."
    return ""


def within(seconds: float, call: Callable[[], T]) -> T:
    """Return what the call returns or raise what it raises; after `seconds` leave it alone and raise TimeoutError."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="keyring", daemon=True)  # a hanging one must not hold up the end
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if results:
        return results[0]
    raise TimeoutError
