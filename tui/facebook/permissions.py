"""Scopes and permissions: which are missing or declined (graph-api.md sections 6 and 8), which cannot be requested."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Literal, NamedTuple

TokenKind = Literal["user", "page", "system_user", "app", "unknown"]
PermissionStatus = Literal["granted", "declined", "expired"]
_AUTOMATIC = frozenset({"public_profile", "email"})
_NAME = re.compile(r"[A-Za-z0-9_.]+")
_OF_INSTAGRAM_LOGIN = re.compile(
    r"instagram_business_.+|business_(?:basic|content_publish|manage_comments|manage_messages)"
)
"""Scopes of the Instagram API with Instagram Login, today's and those that ended in 2025 (graph-api.md section 14)."""
_PREFIX = re.compile(r"(?:instagram_)?(?:business_)+")


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


class ScopeProblem(StrEnum):
    """Why a scope cannot be requested in Facebook's login dialog, or why the login brings nothing."""

    NO_SCOPES = "no_scopes"
    NOT_ONE_SCOPE = "not_one_scope"  # blanks, commas, quotes: several in one, or something else
    OTHER_PRODUCT = "other_product"  # Instagram API with Instagram Login
    CAPITALS = "capitals"


class ScopeFlaw(NamedTuple):
    """One scope that is wrong, and what was meant, where that is clear."""

    problem: ScopeProblem
    scope: str = ""
    meant: str = ""


def scope_flaws(scopes: Sequence[str]) -> tuple[ScopeFlaw, ...]:
    """Return what is wrong with the scopes of a login without a `config_id`: one flaw for each that is wrong."""
    if not scopes:
        return (ScopeFlaw(ScopeProblem.NO_SCOPES),)
    flaws = ((_problem(scope), scope) for scope in scopes)
    return tuple(ScopeFlaw(problem, scope, _meant(scope)) for problem, scope in flaws if problem is not None)


def _problem(scope: str) -> ScopeProblem | None:
    if not _NAME.fullmatch(scope):
        return ScopeProblem.NOT_ONE_SCOPE
    if _OF_INSTAGRAM_LOGIN.fullmatch(scope.lower()):
        return ScopeProblem.OTHER_PRODUCT
    return ScopeProblem.CAPITALS if scope != scope.lower() else None


def _meant(scope: str) -> str:
    """Return the scopes that the same things have in Facebook Login."""
    names = (name.lower() for name in _NAME.findall(scope))
    return ", ".join(_PREFIX.sub("instagram_", name) if _OF_INSTAGRAM_LOGIN.fullmatch(name) else name for name in names)
