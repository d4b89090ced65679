"""Which secret store is chosen, and why not a better one: keyring, then encrypted database, then plain database."""

from enum import StrEnum
from typing import Literal, NamedTuple

BackendName = Literal["keyring", "sealed", "database"]
"""A secret store. `sealed` is the database, encrypted with a passphrase."""


class Reason(StrEnum):
    """Why secrets are not in a better store."""

    CHOSEN = "chosen"
    TEMPORARY_HOME = "temporary_home"
    KEYRING_OFF = "keyring_off"
    NO_KEYRING = "no_keyring"
    KEYRING_IN_PLAIN_FILE = "keyring_in_plain_file"
    KEYRING_SILENT = "keyring_silent"
    """It did not answer within `detail` seconds."""
    KEYRING_REFUSED = "keyring_refused"
    """`detail` is the kind of its error."""
    KEYRING_RETURNS_NOTHING = "keyring_returns_nothing"
    KEYRING_KEEPS_DELETED = "keyring_keeps_deleted"


class BackendChoice(NamedTuple):
    """The chosen secret store. `reason`: a `Reason`, empty for the best store, or what an earlier igauth wrote."""

    name: BackendName
    reason: str = ""
    detail: str = ""
