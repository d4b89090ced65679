"""Reads the texts of a subject from its TOML file; only when one is shown."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from tui.wording.text import Action, Do, Text, Who


@cache
def _file(subject: str) -> dict[str, Any]:
    import tomllib  # only where a text is shown
    from importlib.resources import files

    return tomllib.loads(files("tui.wording").joinpath(f"{subject}.toml").read_text("utf-8"))


def text_of(subject: str, code: str, facts: Mapping[str, object], group: str = "", retry: Action | None = None) -> Text:
    """Return the text for a code, with facts in place of the names in braces. Raises KeyError.

    `retry`: the action that failed; it names profile and token of the next one, or is it where that is `retry`.
    """
    entry = _file(subject)[group][code] if group else _file(subject)[code]
    return Text(
        entry["what"].format_map(facts).strip(),
        entry.get("why", "").format_map(facts).strip(),
        Who(entry["who"]) if "who" in entry else None,
        _next(entry.get("do", ""), retry),
        entry.get("hint", "").format_map(facts).strip(),
    )


def _next(do: str, retry: Action | None) -> Action | None:
    if do in ("", "retry"):
        return retry if do else None
    return replace(retry, do=Do[do.upper()]) if retry else Action(Do[do.upper()])


def phrase(subject: str, group: str, code: str) -> str:
    """Return a phrase or sentence without facts in it. Raises KeyError."""
    return phrases(subject, group)[code]


def phrases(subject: str, *groups: str) -> Mapping[str, str]:
    """Return every phrase of a group, or of a group in a group, by its code. Raises KeyError."""
    found: Mapping[str, Any] = _file(subject)
    for group in groups:
        found = found[group]
    return found
