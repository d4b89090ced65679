"""The guide's steps as frozen values, read from `guide.toml`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from tui.guide.checks import CheckName

CopyValue = Literal["callback_url", "app_id", "app_secret", "app_name", "entry_name", "dialog_address"]
"""Values that a person copies from one place to another."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form, by its name there."""

    name: str
    what: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A choice by its name; `of` is the list or page that contains it."""

    name: str
    what: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A value carried from one place to another."""

    value: CopyValue
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What commonly goes wrong. `message` is what Facebook shows; empty where it shows nothing."""

    means: str
    way_out: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """What Meta's console shows differently now, since when that is known (`2026-07`), and the source."""

    text: str
    date: str
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `id` is `P1`, `P2`, `1` to `12`, or `M1` to `M5` and `A1` to `A5` below a `parent`.

    `places` are pages and dialogs by their names, `path` is what to click in turn to get there. `short` is the
    title where there is little room. `checks` examine this step; it is proven when all checks of one group of
    `proven_by` are.
    """

    id: str
    title: str
    where: str
    what: tuple[str, ...]
    parent: str = ""
    short: str = ""
    places: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    options: tuple[Option, ...] = ()
    buttons: tuple[str, ...] = ()
    copies: tuple[Copy, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    today: tuple[Today, ...] = ()
    checks: tuple[CheckName, ...] = ()
    proven_by: tuple[tuple[CheckName, ...], ...] = ()
    link: str = ""
    substeps: tuple["Step", ...] = ()

    @property
    def relevant_checks(self) -> tuple[CheckName, ...]:
        """Every check that concerns this step."""
        return tuple(dict.fromkeys((*self.checks, *(name for group in self.proven_by for name in group))))

    @property
    def searchable(self) -> str:
        """All text of the step in lower case, for a search."""
        lists = (self.what, self.places, self.path, self.buttons, self.notes, self.warnings)
        words = [self.id, self.title, self.where, *chain.from_iterable(lists)]
        words += [f"{field.name} {field.what}" for field in self.fields]
        words += [f"{option.name} {option.what}" for option in self.options]
        words += [f"{problem.message} {problem.means} {problem.way_out}" for problem in self.problems]
        words += [note.text for note in self.today]
        return "\n".join(words).casefold()


@dataclass(frozen=True, slots=True)
class Guide:
    """The whole guide; `steps` are the two prerequisites and steps 1 to 12, sub-steps inside them."""

    title: str
    link: str
    notes: tuple[str, ...]
    steps: tuple[Step, ...]

    def walk(self) -> Iterator[Step]:
        """Yield every step and sub-step in order, sub-steps after their step."""
        for step in self.steps:
            yield step
            yield from step.substeps

    def step(self, step_id: str) -> Step:
        """Return the step of that id. Raises KeyError."""
        for step in self.walk():
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def search(self, text: str) -> tuple[Step, ...]:
        """Return the steps in which all words of `text` occur, in order; all of them for an empty text."""
        words = text.casefold().split()
        return tuple(step for step in self.walk() if all(word in step.searchable for word in words))


@cache
def load_guide() -> Guide:
    """Return the guide that ships with igauth; read once."""
    import tomllib  # only when the guide is opened

    data = tomllib.loads(Path(__file__).with_name("guide.toml").read_text(encoding="utf-8"))
    steps = [_step(row) for row in data["step"]]
    nested = (
        replace(step, substeps=tuple(below for below in steps if below.parent == step.id))
        for step in steps
        if not step.parent
    )
    return Guide(data["title"], data["link"], tuple(data["notes"]), tuple(nested))


_PARTS: Mapping[str, Callable[..., object]] = {
    "fields": Field,
    "options": Option,
    "copies": Copy,
    "problems": Problem,
    "today": Today,
}


def _step(row: Mapping[str, Any]) -> Step:
    """Return a step from its table, whose keys are the step's fields."""
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    for key, make in _PARTS.items():
        values[key] = tuple(make(**part) for part in row.get(key, ()))
    checks = values.get("checks", ())
    values["proven_by"] = tuple(map(tuple, row.get("proven_by", [checks] if checks else [])))
    return Step(**values)
