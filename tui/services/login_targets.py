"""Which token a login is for: the selected one, the profile's own one, or a new one."""

from collections.abc import Collection
from dataclasses import dataclass

from tui.names import free_name
from tui.tokens.token import Token

_BY_LOGIN = frozenset({"user", "unknown"})
"""Kinds of token that a login brings."""


@dataclass(frozen=True, slots=True)
class LoginTarget:
    """The token that a login is for. `renews`: it is stored already, and keeps its name."""

    profile: str
    token: str
    renews: bool = False


@dataclass(eq=False)
class NotByLogin(Exception):
    """A login brings a user token; this one is of another kind."""

    token: Token


def target_of(token: Token) -> LoginTarget:
    """Return the target of a login for a stored token, in its own profile. Raises NotByLogin."""
    if token.kind not in _BY_LOGIN:
        raise NotByLogin(token)
    return LoginTarget(token.profile, token.name, renews=True)


def targets_of(tokens: Collection[Token], profile: str) -> tuple[LoginTarget, ...]:
    """Return what a login for a profile may be for: one target where that is clear, else all to choose from.

    It is clear where the profile has no token yet, one only, or one of its own name. A new token is the last choice.
    """
    own = [target_of(token) for token in tokens if token.profile == profile and token.kind in _BY_LOGIN]
    clear = own if len(own) == 1 else [target for target in own if target.token == profile]
    return tuple(clear) or (*sorted(own, key=lambda target: target.token), new_target(tokens, profile))


def new_target(tokens: Collection[Token], profile: str) -> LoginTarget:
    """Return the target of a login for a new token, under a free name made of the profile's."""
    return LoginTarget(profile, free_name(profile, {token.name for token in tokens}))
