"""Looks at the secret service of the desktop session (D-Bus) without asking for anything that opens a window."""

import os
from pathlib import Path

from tui.threads import in_thread
from tui.vault.choice import Reason

_SECONDS = 1.0
"""How long the service may take for one answer."""
_NAME, _PATH = "org.freedesktop.secrets", "/org/freedesktop/secrets"
_INTERFACE = "org.freedesktop.Secret"
_ABSENT = "org.freedesktop.DBus.Error.ServiceUnknown"


def look() -> Reason | None:
    """Return why the secret service cannot be used now; None where it can be, or where this is unknown.

    Takes up to two seconds where the bus or the service is silent.
    """
    try:
        return in_thread(_look, "keyring").result(2 * _SECONDS)
    except TimeoutError:
        return Reason.KEYRING_SILENT
    except Exception:  # of many kinds: something else than a bus, or a broken one
        return Reason.BUS_UNREACHABLE


def _look() -> Reason | None:
    try:
        from jeepney import DBusAddress, MessageType, Properties, new_method_call
        from jeepney.io.blocking import open_dbus_connection
    except ImportError:  # macOS, Windows
        return None
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return Reason.BUS_NOT_NAMED if user_bus().is_socket() else Reason.NO_SESSION_BUS
    try:
        bus = open_dbus_connection(auth_timeout=_SECONDS)
    except (OSError, ValueError, RuntimeError):  # RuntimeError: a transport that jeepney does not know, such as tcp
        return Reason.BUS_UNREACHABLE
    try:
        with bus:
            service = DBusAddress(_PATH, _NAME, f"{_INTERFACE}.Service")
            reply = bus.send_and_get_reply(new_method_call(service, "ReadAlias", "s", ("default",)), timeout=_SECONDS)
            if reply.header.message_type is MessageType.error:
                is_absent = _ABSENT in reply.header.fields.values()
                return Reason.NO_SECRET_SERVICE if is_absent else Reason.KEYRING_REFUSED
            (collection,) = reply.body
            if collection == "/":
                return Reason.KEYRING_NOT_SET_UP
            locked = Properties(DBusAddress(collection, _NAME, f"{_INTERFACE}.Collection")).get("Locked")
            reply = bus.send_and_get_reply(locked, timeout=_SECONDS)
            is_locked = reply.header.message_type is not MessageType.error and reply.body[0][1]
            return Reason.KEYRING_LOCKED if is_locked else None
    except TimeoutError:
        return Reason.KEYRING_SILENT
    except (OSError, ValueError):  # it went away meanwhile
        return Reason.KEYRING_REFUSED


def user_bus() -> Path:
    """Return where the bus of this user's session is, if it runs under systemd."""
    return Path(f"/run/user/{os.getuid()}/bus")
