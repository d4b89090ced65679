"""Which permissions are missing or declined (graph-api.md section 8)."""

from collections.abc import Iterable

from tui.facebook.models import Permission

_AUTOMATIC = frozenset({"public_profile", "email"})


def missing(granted: Iterable[Permission], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the wanted permissions that were not granted, in the order they were wanted."""
    have = {permission.name for permission in granted if permission.status == "granted"}
    return tuple(name for name in dict.fromkeys(wanted) if name not in have and name not in _AUTOMATIC)


def declined(permissions: Iterable[Permission]) -> tuple[str, ...]:
    """Return what the person declined or what expired: only a login with `rerequest` offers it again."""
    return tuple(permission.name for permission in permissions if permission.status != "granted")
