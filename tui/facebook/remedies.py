"""Which remedy an error of Facebook's has: pure look-up in `remedies.toml`. The words are in `tui.wording.facebook`."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, NewType, Protocol

RemedyCode = NewType("RemedyCode", str)
"""Names one remedy in both tables, such as `expired` or `wrong-secret`."""


class Subject(StrEnum):
    """Whom a refusal concerns beyond one token."""

    APP = "app"
    PERSON = "person"


class Refusal(NamedTuple):
    """A refusal that concerns every token of an app or of a person, until somebody acts at Meta.

    A new login does not lift it, and it says nothing of the token: its state stays as it was.
    """

    remedy: RemedyCode
    subject: Subject


class Answer(Protocol):
    """An error as it was raised, or as it is kept beside a token."""

    @property
    def code(self) -> int | None: ...
    @property
    def subcode(self) -> int | None: ...
    @property
    def message(self) -> str: ...
    @property
    def cause(self) -> str: ...
    @property
    def where(self) -> str: ...


def remedy_for(
    code: int | None,
    subcode: int | None,
    message: str = "",
    cause: str = "facebook",
    where: str = "",
    fault: str = "",
) -> RemedyCode:
    """Return the remedy for an error; always one.

    `where` is the endpoint, `dialog` for the login dialog; `fault` the name of a Fault, empty where it is not known.
    """
    return RemedyCode(_rule(code, subcode, message, cause, where, fault)["remedy"])


def refusal_of(error: Answer) -> Refusal | None:
    """Return the refusal of a whole app or person that an error is; None for any other error."""
    if error.code is None or error.cause != "facebook":
        return None
    rule = _rule(error.code, error.subcode, error.message, error.cause, error.where)
    return Refusal(RemedyCode(rule["remedy"]), Subject(rule["subject"])) if "subject" in rule else None


def _rule(
    code: int | None, subcode: int | None, message: str, cause: str, where: str, fault: str = ""
) -> Mapping[str, Any]:
    text = message.casefold()
    facts = {"codes": code, "subcodes": subcode, "where": where, "causes": cause, "faults": fault}
    return next(
        rule
        for rule in _rules()
        if all(fact in rule[name] for name, fact in facts.items() if name in rule)
        and any(part in text for part in rule.get("texts", ("",)))
    )


@cache
def _rules() -> tuple[Mapping[str, Any], ...]:
    import tomllib  # only where an error is explained
    from importlib.resources import files

    rules = tomllib.loads(files("tui.facebook").joinpath("remedies.toml").read_text("utf-8"))["rule"]
    return tuple(rule | ({"codes": range(*rule["code_range"])} if "code_range" in rule else {}) for rule in rules)
