"""What the vault did on its own, or could not do, that the person should know."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from tui.vault.errors import VaultError


class NoticeCode(StrEnum):
    """What happened."""

    RECOVERED = "recovered"
    """The database was damaged: it is in `set_aside`, and of each table so many rows were taken over."""
    TOKENS_IMPORTED = "tokens_imported"
    """`tokens` that could not be stored when Facebook issued them are candidates now."""
    SAVED_UNREADABLE = "saved_unreadable"
    """Part of the file `path`, for tokens that could not be stored when Facebook issued them, cannot be read."""
    TOKENS_WAITING = "tokens_waiting"
    """Tokens that could not be stored when Facebook issued them still cannot be."""
    SECRET_DISPLACED = "secret_displaced"  # noqa: S105 - a code
    """A new token is in the database, as the chosen secret store, `store`, did not take it."""
    TRACES_LEFT = "traces_left"
    """What was deleted may have left traces in the database file until the next deletion."""
    ONLY_READABLE = "only_readable"
    """Nothing can be stored: what is shown was read from a database that was opened to be read only."""
    TOKEN_UNREADABLE = "token_unreadable"  # noqa: S105 - a code
    """The row of the token `name` cannot be read, or only in part; `?` where not even its name can be."""
    LEFTOVERS_KEPT = "leftovers_kept"
    """The keyring still keeps so many forgotten `secrets`."""


class Notice(NamedTuple):
    """One thing that happened, with its facts, and the error that was met."""

    code: NoticeCode
    facts: Mapping[str, object]
    error: VaultError | None = None
