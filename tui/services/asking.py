"""Asks Facebook about many tokens side by side, and groups what failed."""

from collections.abc import Sequence
from typing import NamedTuple

from tui.facebook.errors import FacebookError, means_app_limit
from tui.facebook.remedies import refusal_of
from tui.services.keeper import Keeper
from tui.tokens.errors import NoCredentials, StoreError
from tui.tokens.refusals import RefusedTokens, grouped


class NotAsked(NamedTuple):
    """Tokens that could not be asked about, for one and the same reason. They keep their last state."""

    names: tuple[str, ...]
    error: Exception


async def ask_all(keeper: Keeper, names: Sequence[str]) -> list[NotAsked | RefusedTokens]:
    """Inspect tokens, at most as many at once as the settings say; return why some could not be asked about."""
    failures: dict[object, tuple[Exception, list[str]]] = {}
    refused: dict[str, FacebookError] = {}

    def asked(name: str, error: Exception | None) -> None:
        if error is None:
            return
        if isinstance(error, FacebookError) and refusal_of(error):
            refused[name] = error
            return
        is_throttled = isinstance(error, FacebookError) and means_app_limit(error)
        # of one app the minutes to wait differ a little between tokens
        key = "throttled" if is_throttled else (type(error), _cause(error))
        failures.setdefault(key, (error, []))[1].append(name)

    await keeper.inspect_many(names, asked)
    not_asked = [NotAsked(tuple(sorted(affected)), error) for error, affected in failures.values()]
    return [*grouped((token, refused[token.name]) for token in await keeper.stored(refused)), *not_asked]


def _cause(error: Exception) -> str:
    """Return what went wrong without the name of the token, so that equal causes of many tokens are equal."""
    match error:
        case NoCredentials():
            return f"{error.profile} {error.cause}"
        case StoreError():
            return str(getattr(error, "cause", None) or getattr(error, "holder", None) or type(error).__name__)
        case _:
            return str(error)
