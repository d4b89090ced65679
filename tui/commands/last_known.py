"""Prints the last known states where a command could not do its work: one failure never hides what is stored."""

from collections.abc import Sequence

from tui.commands.failure import say_failure
from tui.commands.pipe import columns, put
from tui.services import Services
from tui.tokens.status import entries
from tui.tokens.token import Token
from tui.vault.notices import NoticeCode


def only_look(services: Services) -> None:
    """Go on with a home that can only be read; that it cannot be written is reported by the caller.

    Raises VaultError where it cannot be read either.
    """
    services.looks_only = True
    services.notices[:] = [notice for notice in services.notices if notice.code is not NoticeCode.ONLY_READABLE]


def readable_tokens(services: Services) -> tuple[Token, ...]:
    """Return the tokens that can still be read, from a home that cannot be written too; says why where none can."""
    try:
        only_look(services)
        return services.tokens()
    except Exception as error:
        say_failure(error)
        return ()


def put_last_known(services: Services, tokens: Sequence[Token]) -> None:
    """Print the last known states of tokens."""
    from tui.wording.status_table import table

    settings, now = services.settings, services.clock.now()
    found = entries(tokens, int(now), settings.window_of, settings.expected_scopes)
    if found:
        put(table(found, now, columns(120)))
