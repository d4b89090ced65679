"""The checks of a profile: what they examine, from settings and vault, and the clients they use."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.clock import Clock
from tui.guide.checker import CheckInputs, Checks
from tui.services.app_ids import MissingCredentials
from tui.services.stored_evidence import stored_address
from tui.settings import Profile
from tui.tokens.life import missing_scopes
from tui.tokens.states import is_unusable
from tui.tokens.token import Token, deadline, state

if TYPE_CHECKING:
    from tui.facebook.client import GraphClient
    from tui.facebook.models import AppCredentials
    from tui.matillion.client import MatillionClient
    from tui.vault.vault import Vault


def checks_of(
    profile: Profile,
    vault: "Vault",
    clock: Clock,
    credentials: "Callable[[str], AppCredentials]",
    graph: "GraphClient",
    matillion: "Callable[[str], MatillionClient]",
) -> Checks:
    """Return the checks of a profile. Touches the disk. Raises VaultError."""
    try:
        app = credentials(profile.name)
    except MissingCredentials:
        app = None
    token = best_token(vault.tokens.tokens(), profile, clock.now())
    value = vault.tokens.value(token.name) if token is not None else None
    name = token.name if token is not None else ""
    inputs = CheckInputs(profile, app, value, stored_address(vault.meta, profile.name), name)
    return Checks(inputs, graph, matillion(profile.name) if profile.matillion.base_url else None, clock)


def best_token(tokens: tuple[Token, ...], profile: Profile, now: float) -> Token | None:
    """Return the profile's best token for reading: the usable one that lacks least, then the one that expires last."""
    kinds = ("user", "system_user", "unknown")
    its_own = (token for token in tokens if token.profile == profile.name and token.kind in kinds)
    usable = (token for token in its_own if not is_unusable(state(token, now)))
    expected = () if profile.config_id else profile.scopes

    def worth(token: Token) -> tuple[int, float]:
        return -len(missing_scopes(token, expected)), deadline(token) or float("inf")

    return max(usable, key=worth, default=None)
