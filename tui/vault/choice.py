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
    NO_SESSION_BUS = "no_session_bus"
    """DBUS_SESSION_BUS_ADDRESS is not set: ssh, cron, sudo, a container."""
    BUS_NOT_NAMED = "bus_not_named"
    """The same, though a session of this user runs."""
    BUS_UNREACHABLE = "bus_unreachable"
    """DBUS_SESSION_BUS_ADDRESS leads to no session that accepts this user."""
    NO_SECRET_SERVICE = "no_secret_service"  # noqa: S105 - a code
    """The session's bus has no secret service, and starts none."""
    KEYRING_IN_PLAIN_FILE = "keyring_in_plain_file"
    KEYRING_NOT_SET_UP = "keyring_not_set_up"
    """It has nothing to store secrets in yet, and no window in which to create it."""
    KEYRING_LOCKED = "keyring_locked"
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
