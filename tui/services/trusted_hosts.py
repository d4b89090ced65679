"""Where this home's secrets may go: Meta, this machine, the host the first one was stored for, and `trusted_hosts`."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui.matillion.hosts import is_loopback
from tui.vault.meta import GRAPH_HOST, MATILLION_HOST

if TYPE_CHECKING:
    from tui.settings import MatillionTarget, Settings
    from tui.vault.meta import Meta
    from tui.vault.vault import Vault

_META = "facebook.com"
_THIS_MACHINE = "127.0.0.1"


def note_host(vault: "Vault", settings: "Settings") -> None:
    """Remember the Graph host that the first secret is for; to be called before it is stored.

    A home that only knew this machine may turn to Meta. Touches the disk. Raises VaultError.
    """
    if _ignored_host(settings):
        return  # this one stands in for another
    host, ours = _host(settings.graph_url), _known(vault)
    is_first = ours is None or (is_loopback(ours) and _is_meta(host))
    if is_first and vault.meta.get(GRAPH_HOST) != host:
        vault.meta.set(GRAPH_HOST, host)


def reserved_for(vault: "Vault", settings: "Settings") -> str:
    """Return the host that this home's secrets are for where the settings name another one; else an empty text.

    A changed address must not get them. Touches the disk. Raises VaultError.
    """
    if ignored := _ignored_host(settings):
        return ignored
    host, ours = _host(settings.graph_url), _known(vault)
    is_allowed = ours in (None, host) or is_loopback(host) or _is_meta(host) or host in settings.trusted_hosts
    return "" if is_allowed else ours or ""


def note_matillion_host(meta: "Meta", profile_name: str, target: "MatillionTarget") -> None:
    """Remember which instance a Matillion password was stored for. Touches the disk. Raises VaultError."""
    meta.set(f"{MATILLION_HOST}{profile_name}", _host(target.base_url))


def matillion_reserved_for(meta: "Meta", profile_name: str, target: "MatillionTarget") -> str:
    """Return the host that the password was stored for where the settings name another one; else an empty text.

    Touches the disk. Raises VaultError.
    """
    stored_for = meta.get(f"{MATILLION_HOST}{profile_name}")
    if stored_for is None or stored_for == _host(target.base_url):
        return ""
    return stored_for or "an address without a host"


def _known(vault: "Vault") -> str | None:
    """Return the host that this home's secrets are for; None where it has none, so that any will do.

    Earlier versions noted each host but this machine.
    """
    return vault.meta.get(GRAPH_HOST) or _THIS_MACHINE if vault.secrets.is_any_stored() else None


def _ignored_host(settings: "Settings") -> str:
    """Return the host of a `graph_url` that is not obeyed; empty where there is none."""
    ignored = settings.ignored
    return _host(ignored.graph_url) if ignored is not None and "graph_url" in ignored.keys else ""


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".")


def _is_meta(host: str) -> bool:
    return host == _META or host.endswith(f".{_META}")
