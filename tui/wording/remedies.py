"""The words for each remedy, from `remedies.toml`; read only when an error is explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tui.wording.surfaces import Surface
from tui.wording.text import Action, Do, Who

if TYPE_CHECKING:
    from tui.facebook.remedies import RemedyCode


@dataclass(frozen=True, slots=True)
class Remedy:
    """One remedy in words. `hint`: what to do outside igauth; `do`: the action in igauth, or `retry`; "" for none."""

    title: str
    what: str
    why: str
    who: Who = Who.YOU
    hint: str = ""
    do: str = ""

    def action(self, retry: Action | None = None) -> Action | None:
        """Return the action in igauth; `retry` is the one that failed, and names profile and token."""
        if self.do in ("", "retry"):
            return retry if self.do else None
        return Action(Do(self.do), retry.profile, retry.token) if retry else Action(Do(self.do))

    def advice(self, surface: Surface, retry: Action | None = None) -> str:
        """Return what to do, and in brackets who must, where that is not the reader."""
        action = self.action(retry)
        steps = " ".join(filter(None, (self.hint, surface.step(action) if action else "")))
        return steps if self.who is Who.YOU else f"{steps} ({self.who})"


def remedy_words(code: "RemedyCode") -> Remedy:
    """Return the words for a remedy."""
    return _table()[code]


@cache
def _table() -> Mapping[str, Remedy]:
    import tomllib  # only where an error is explained
    from importlib.resources import files

    table = tomllib.loads(files("tui.wording").joinpath("remedies.toml").read_text("utf-8"))
    return {code: Remedy(**{**entry, "who": Who(entry.get("who", Who.YOU))}) for code, entry in table.items()}
