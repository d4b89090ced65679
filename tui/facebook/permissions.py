"""Scopes and permissions, and which of these are missing or declined (graph-api.md sections 6 and 8)."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

TokenKind = Literal["user", "page", "system_user", "app", "unknown"]
PermissionStatus = Literal["granted", "declined", "expired"]
_AUTOMATIC = frozenset({"public_profile", "email"})


class GranularScope(NamedTuple):
    """One scope and the ids it was granted for; no ids: for everything (graph-api.md section 6)."""

    scope: str
    target_ids: tuple[str, ...] = ()


class Permission(NamedTuple):
    """One permission of a person for the app."""

    name: str
    status: PermissionStatus


def missing(granted: Iterable[Permission], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the wanted permissions that were not granted, in the order they were wanted."""
    have = {permission.name for permission in granted if permission.status == "granted"}
    return tuple(name for name in dict.fromkeys(wanted) if name not in have and name not in _AUTOMATIC)


def declined(permissions: Iterable[Permission]) -> tuple[str, ...]:
    """Return what the person declined or what expired: only a login with `rerequest` offers it again."""
    return tuple(permission.name for permission in permissions if permission.status != "granted")
