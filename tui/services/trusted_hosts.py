"""Where this home's secrets may go: Meta, this machine, and the first other host they were stored for or sent to."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui.matillion.hosts import is_loopback

if TYPE_CHECKING:
    from tui.settings import MatillionTarget, Settings
    from tui.vault.meta import Meta

_OURS = "graph_host"
_MATILLION = "matillion_host"
_META = "facebook.com"


def note_host(meta: "Meta", settings: "Settings") -> None:
    """Remember the Graph host that secrets were stored for, unless one is known, or it is this machine.

    Touches the disk. Raises VaultError.
    """
    host = _host(settings.graph_url)
    if _ignored_host(settings):
        return  # this one stands in for another
    if not is_loopback(host) and meta.get(_OURS) is None:
        meta.set(_OURS, host)


def reserved_for(meta: "Meta", settings: "Settings") -> str:
    """Return the host that this home's secrets are for where the settings name another one; else an empty text.

    A changed address must not get them. Touches the disk. Raises VaultError.
    """
    if ignored := _ignored_host(settings):
        return ignored
    host, ours = _host(settings.graph_url), meta.get(_OURS)
    is_allowed = ours in (None, host) or is_loopback(host) or _is_meta(host) or host in settings.trusted_hosts
    return "" if is_allowed else ours or ""


def note_matillion_host(meta: "Meta", profile_name: str, target: "MatillionTarget") -> None:
    """Remember which instance a Matillion password was stored for. Touches the disk. Raises VaultError."""
    meta.set(f"{_MATILLION}/{profile_name}", _host(target.base_url))


def matillion_reserved_for(meta: "Meta", profile_name: str, target: "MatillionTarget") -> str:
    """Return the host that the password was stored for where the settings name another one; else an empty text.

    Touches the disk. Raises VaultError.
    """
    stored_for = meta.get(f"{_MATILLION}/{profile_name}")
    if stored_for is None or stored_for == _host(target.base_url):
        return ""
    return stored_for or "an address without a host"


def _ignored_host(settings: "Settings") -> str:
    """Return the host of a `graph_url` that is not obeyed; empty where there is none."""
    ignored = settings.ignored
    return _host(ignored.graph_url) if ignored is not None and "graph_url" in ignored.keys else ""


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".")


def _is_meta(host: str) -> bool:
    return host == _META or host.endswith(f".{_META}")
