"""A token as a row of its table and back. Lists are compact JSON, empty text where there is nothing in them."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, get_args

from tui.facebook.pages import Page
from tui.facebook.permissions import GranularScope
from tui.tokens.token import Failure, Token, Verdict
from tui.vault.database import Row

COLUMNS_OF_TOKENS = ", ".join(Token.__slots__)
_FACTS_OF_PAGES = tuple(name for name in Page.__slots__ if name != "token")
"""What is stored of a Page: its own token is not."""

SOONEST_FIRST = (
    "ORDER BY min(coalesce(expires_at, data_access_expires_at), coalesce(data_access_expires_at, expires_at))"
    " IS NULL, min(coalesce(expires_at, data_access_expires_at), coalesce(data_access_expires_at, expires_at)), name"
)


_TIMES = ("obtained_at", "issued_at", "expires_at", "data_access_expires_at", "inspected_at", "extended_at", "tried_at")
_VERDICTS = frozenset(get_args(Verdict))
_VERDICT, _GRANULAR, _PAGES, _FAILURE = map(Token.__slots__.index, ("verdict", "granular_scopes", "pages", "failure"))
_fitting: set[tuple[type, ...]] = set()
"""Types of the columns of rows that fit: each combination is looked at once."""


class Unreadable(Exception):
    """A column of a row has another type or content than igauth ever writes there."""


def to_token(row: Row) -> Token:
    """Return the token of a row with COLUMNS_OF_TOKENS. Raises Unreadable: SQLite stores any type in any column."""
    try:
        if (types := tuple(map(type, row))) not in _fitting:
            _require_fitting(types)
        scopes, granular, pages, failure = row[10], row[11], row[19], row[20]
        lists = (_scopes(scopes) if scopes else (), _granular(granular) if granular else ())
        ends = (_pages(pages) if pages else (), _failure(failure) if failure else None)
        if row[_VERDICT] not in _VERDICTS:
            raise Unreadable
        return Token(*(row[:10] + lists + row[12:19] + ends))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable from error


def _require_fitting(types: tuple[type, ...]) -> None:
    for name, kind in zip(Token.__slots__, types, strict=True):
        is_optional = name == "failure" or (name in _TIMES and name != "obtained_at")
        if kind is not (int if name in _TIMES else str) and not (is_optional and kind is type(None)):
            raise Unreadable(name)
    _fitting.add(types)


def readable_part(row: Row) -> Token | None:
    """Return what is left of a token whose row to_token refuses; None where even the name cannot be read.

    Without its Pages, granular scopes and failure; where that is not enough, as a token that was never asked about.
    """
    whole = list(row)
    whole[_GRANULAR] = whole[_PAGES] = ""
    whole[_FAILURE] = None
    try:
        return to_token(tuple(whole))
    except Unreadable:
        texts = {key: text for key, text in zip(Token.__slots__, row, strict=True) if isinstance(text, str) and text}
    if "name" not in texts:
        return None
    profile, app_id, origin, mark = (texts.get(key, "") for key in ("profile", "app_id", "origin", "fingerprint"))
    return Token(texts["name"], profile, app_id, origin=origin, fingerprint=mark)


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
    return _texts(json.loads(text))


@lru_cache(maxsize=512)
def _granular(text: str) -> tuple[GranularScope, ...]:
    return tuple(GranularScope(scope, _texts(ids)) for scope, *ids in map(_texts, _list(json.loads(text))))


@lru_cache(maxsize=512)
def _pages(text: str) -> tuple[Page, ...]:
    return tuple(map(_page, _list(json.loads(text))))


def _list(stored: Any) -> list[Any]:
    if not isinstance(stored, list):
        raise Unreadable
    return stored


def _texts(stored: Any) -> tuple[str, ...]:
    texts = tuple(_list(stored))
    if not all(isinstance(text, str) for text in texts):
        raise Unreadable
    return texts


def _page(stored: Any) -> Page:
    if isinstance(stored, list):  # as an earlier igauth wrote it
        page_id, name, instagram_id, instagram_username, *tasks = _texts(stored)
        return Page(page_id, name, instagram_id, instagram_username, tuple(tasks))
    facts: dict[str, Any] = {**stored, "tasks": _texts(stored["tasks"])}
    _texts([fact for name, fact in facts.items() if name in _FACTS_OF_PAGES and name != "tasks"])
    try:
        return Page(**facts)
    except TypeError:  # a newer igauth knows more of it
        return Page(**{name: fact for name, fact in facts.items() if name in _FACTS_OF_PAGES})


def _failure(text: str) -> Failure:
    failure = Failure(*json.loads(text))
    numbers, texts = (failure.at, failure.code or 0, failure.subcode or 0), (failure.message, failure.fbtrace_id)
    if not all(isinstance(number, int) for number in numbers) or not all(isinstance(text, str) for text in texts):
        raise Unreadable
    return failure
