"""Which remedy an error of Facebook's has: pure look-up in `remedies.toml`. The words are in `tui.wording.facebook`."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NewType

RemedyCode = NewType("RemedyCode", str)
"""Names one remedy in both tables, such as `expired` or `wrong-secret`."""


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
    text = message.casefold()
    facts = {"codes": code, "subcodes": subcode, "where": where, "causes": cause, "faults": fault}
    return next(
        RemedyCode(rule["remedy"])
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
