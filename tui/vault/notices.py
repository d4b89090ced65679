"""What the vault did on its own, or could not do, that the person should know."""

from dataclasses import dataclass

from tui.vault.choice import BackendName
from tui.vault.errors import VaultError
from tui.vault.recovery import Recovery


@dataclass(frozen=True, slots=True)
class TokensImported:
    """Tokens that could not be stored when Facebook issued them are candidates now."""

    count: int


@dataclass(frozen=True, slots=True)
class TokensWaiting:
    """Tokens that could not be stored when Facebook issued them still cannot be."""

    error: VaultError


@dataclass(frozen=True, slots=True)
class SecretDisplaced:
    """A new token is in the database, as the chosen secret store did not take it."""

    store: BackendName
    error: VaultError


@dataclass(frozen=True, slots=True)
class TracesLeft:
    """What was deleted may have left traces in the database file until the next deletion."""

    error: VaultError


@dataclass(frozen=True, slots=True)
class LeftoversKept:
    """The keyring still keeps `count` forgotten secrets."""

    count: int
    error: VaultError


Notice = Recovery | TokensImported | TokensWaiting | SecretDisplaced | TracesLeft | LeftoversKept
