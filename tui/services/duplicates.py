"""Tokens that are stored twice: one value under two names."""

from tui.services.root import Services
from tui.tokens.token import Token


def same_value(services: Services, token: Token) -> tuple[str, ...]:
    """Return the names of other tokens with the same value, sorted. Blocks for the disk. Raises VaultError."""
    others = (one for one in services.tokens() if one.name != token.name and one.fingerprint)
    return tuple(sorted(one.name for one in others if one.fingerprint == token.fingerprint))
