"""When a person is advised to install a timer."""

from tui.services.root import Services
from tui.tokens.policy import can_be_extended
from tui.tokens.token import Token


def first_token_lacks_timer(services: Services, token: Token) -> bool:
    """Tell whether a token just saved is the only one of its home, and one that no timer keeps valid.

    Blocks for the disk. Never in a throw-away home. Raises VaultError.
    """
    if services.throw_away or not can_be_extended(token, services.clock.now()):
        return False
    return services.timer.read() is None and [one.name for one in services.tokens()] == [token.name]
