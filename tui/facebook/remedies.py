"""What each error of Facebook's means and what to do about it: pure look-up in `remedies.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tui.facebook.errors import FacebookError


@dataclass(frozen=True, slots=True)
class Remedy:
    """One card. `who`: you, app admin, Page owner, network admin or Meta; `next_key`: a key of igauth's."""

    key: str
    title: str
    what: str
    why: str
    who: str
    next: str
    next_key: str


@dataclass(frozen=True, slots=True)
class _Card:
    remedy: Remedy
    codes: frozenset[int]
    subcodes: frozenset[int]
    where: frozenset[str]
    causes: frozenset[str]
    texts: tuple[str, ...]

    def fits(self, code: int | None, subcode: int | None, message: str, cause: str, where: str) -> bool:
        return (
            (not self.codes or code in self.codes)
            and (not self.subcodes or subcode in self.subcodes)
            and (not self.where or where in self.where)
            and (not self.causes or cause in self.causes)
            and (not self.texts or any(told in message for told in self.texts))
        )


def remedy_for(
    code: int | None, subcode: int | None, message: str = "", cause: str = "facebook", where: str = ""
) -> Remedy:
    """Return the card for an error; always one. `where` is the endpoint, `dialog` for the login dialog."""
    told = message.casefold()
    return next(card.remedy for card in _cards() if card.fits(code, subcode, told, cause, where))


def remedy_of(error: FacebookError) -> Remedy:
    """Return the card for a FacebookError."""
    return remedy_for(error.code, error.subcode, error.message, error.cause, error.where)


def all_remedies() -> tuple[Remedy, ...]:
    """Return every card, the special ones first."""
    return tuple(card.remedy for card in _cards())


@cache
def _cards() -> tuple[_Card, ...]:
    import tomllib  # only where an error is explained
    from importlib.resources import files

    table = tomllib.loads(files("tui.facebook").joinpath("remedies.toml").read_text("utf-8"))
    return tuple(_card(entry) for entry in table["card"])


def _card(entry: Mapping[str, Any]) -> _Card:
    first, last = entry.get("code_range", (0, -1))
    return _Card(
        remedy=Remedy(**{name: entry[name] for name in ("key", "title", "what", "why", "who", "next", "next_key")}),
        codes=frozenset(entry.get("codes", ())) | frozenset(range(first, last + 1)),
        subcodes=frozenset(entry.get("subcodes", ())),
        where=frozenset(entry.get("where", ())),
        causes=frozenset(entry.get("causes", ())),
        texts=tuple(told.casefold() for told in entry.get("texts", ())),
    )
