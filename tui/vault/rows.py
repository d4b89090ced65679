"""A token as a row of its table and back. Lists are compact JSON, empty text where there is nothing in them."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from tui.facebook.pages import Page
from tui.facebook.permissions import GranularScope
from tui.tokens.token import Failure, Token
from tui.vault.database import Row

COLUMNS_OF_TOKENS = ", ".join(Token.__slots__)
_FACTS_OF_PAGES = tuple(name for name in Page.__slots__ if name != "token")
"""What is stored of a Page: its own token is not."""

SOONEST_FIRST = (
    "ORDER BY min(coalesce(expires_at, data_access_expires_at), coalesce(data_access_expires_at, expires_at))"
    " IS NULL, min(coalesce(expires_at, data_access_expires_at), coalesce(data_access_expires_at, expires_at)), name"
)


def to_token(row: Row) -> Token:
    """Return the token of a row with COLUMNS_OF_TOKENS."""
    scopes, granular, pages, failure = row[10], row[11], row[19], row[20]
    lists = (_scopes(scopes) if scopes else (), _granular(granular) if granular else ())
    ends = (_pages(pages) if pages else (), _failure(failure) if failure else None)
    return Token(*(row[:10] + lists + row[12:19] + ends))


def from_token(token: Token) -> tuple[str | int | None, ...]:
    """Return the values of COLUMNS_OF_TOKENS."""
    granular = [[entry.scope, *entry.target_ids] for entry in token.granular_scopes]
    pages = [{name: getattr(page, name) for name in _FACTS_OF_PAGES} for page in token.pages]
    lists = {
        "scopes": _json(list(token.scopes)),
        "granular_scopes": _json(granular),
        "pages": _json(pages),
        "failure": _json(token.failure) if token.failure else None,
    }
    return tuple(lists[name] if name in lists else getattr(token, name) for name in Token.__slots__)


def _json(entries: Sequence[object]) -> str:
    return json.dumps(entries, ensure_ascii=True, separators=(",", ":")) if entries else ""


# tokens of one app mostly share their lists: decode each text once


@lru_cache(maxsize=512)
def _scopes(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


@lru_cache(maxsize=512)
def _granular(text: str) -> tuple[GranularScope, ...]:
    return tuple(GranularScope(scope, tuple(ids)) for scope, *ids in json.loads(text))


@lru_cache(maxsize=512)
def _pages(text: str) -> tuple[Page, ...]:
    return tuple(map(_page, json.loads(text)))


def _page(stored: Any) -> Page:
    if isinstance(stored, list):  # as an earlier igauth wrote it
        page_id, name, instagram_id, instagram_username, *tasks = stored
        return Page(page_id, name, instagram_id, instagram_username, tuple(tasks))
    facts: dict[str, Any] = {**stored, "tasks": tuple(stored["tasks"])}
    try:
        return Page(**facts)
    except TypeError:  # a newer igauth knows more of it
        return Page(**{name: fact for name, fact in facts.items() if name in _FACTS_OF_PAGES})


def _failure(text: str) -> Failure:
    return Failure(*json.loads(text))
