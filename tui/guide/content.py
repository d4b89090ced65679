"""The guide's steps as frozen values, read from `guide.toml` and validated when loaded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, NoReturn

from tui.guide.checks import CheckName, is_check

CopyValue = Literal["callback_url", "app_id", "app_secret", "app_name", "entry_name", "dialog_address"]
"""Names of the values that travel between places; whoever holds the profile knows the values."""
COPY_VALUES: tuple[CopyValue, ...] = (
    "callback_url",
    "app_id",
    "app_secret",
    "app_name",
    "entry_name",
    "dialog_address",
)
COPY_NAMES: Mapping[CopyValue, str] = {
    "callback_url": "the callback URL",
    "app_id": "the App ID",
    "app_secret": "the App Secret",
    "app_name": "the Display name",
    "entry_name": "the entry's name",
    "dialog_address": "the page's address",
}
"""Those values as people call them."""
ORDER = ("P1", "P2", *(str(number) for number in range(1, 13)))
"""The guide's own order and numbering: two prerequisites, steps 1 to 12."""
SUBSTEPS: Mapping[str, tuple[str, ...]] = {
    "P2": ("M1", "M2", "M3", "M4", "M5"),
    "11": ("A1", "A2"),
    "12": ("A3", "A4", "A5"),
}


class GuideError(Exception):
    """`guide.toml` is not what it must be; the message names the step and what is wrong."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form, by the name it has there."""

    name: str
    what: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A choice to take, by its name; `of` is the list or page it is chosen from."""

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
    """What commonly goes wrong. `message` is printed by Facebook in these words; empty where it prints none."""

    means: str
    way_out: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """What Meta's console shows differently now, since when that is known (`2026-07`), and from where."""

    text: str
    date: str
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `id` is `P1`, `P2`, `1` to `12`, or `M1` to `M5` and `A1` to `A5` below a `parent`.

    `places` are pages and dialogs by their names, `path` is what to click one after the other to get there.
    `short` is the title where there is little room. `checks` are looked at for this step; the step is proven when
    all checks of one group of `proven_by` are.
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
    def number(self) -> str:
        """The number as the guide has it."""
        return self.id

    @property
    def relevant_checks(self) -> tuple[CheckName, ...]:
        """Every check that says something of this step: those looked at and those that prove it."""
        return tuple(dict.fromkeys((*self.checks, *(name for group in self.proven_by for name in group))))

    @property
    def searchable(self) -> str:
        """All words of the step in lower case, for a search."""
        words = [
            self.id,
            self.title,
            self.where,
            *self.what,
            *self.places,
            *self.path,
            *self.buttons,
            *self.notes,
            *self.warnings,
        ]
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
        """Give every step and sub-step in the order in which they are done: sub-steps after their step."""
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
    """Return the guide that ships with igauth; read once. Raises GuideError where the file is damaged."""
    return read_guide(Path(__file__).with_name("guide.toml").read_text(encoding="utf-8"))


def read_guide(text: str) -> Guide:
    """Return the guide written in `text` (TOML). Raises GuideError."""
    import tomllib  # only when the guide is really opened

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GuideError(f"guide.toml: {error}") from None
    _only(data, ("title", "link", "notes", "step"), "the guide")
    rows = data.get("step")
    if not isinstance(rows, list):
        _refuse("the guide", "no step in it")
    return Guide(
        title=_text(data, "title", "the guide"),
        link=_text(data, "link", "the guide"),
        notes=_texts(data, "notes", "the guide"),
        steps=_nested([_step(row) for row in rows]),
    )


def _nested(flat: list[Step]) -> tuple[Step, ...]:
    """Hang sub-steps into their steps; raise GuideError where numbering or order is not the guide's."""
    steps = [
        replace(step, substeps=tuple(below for below in flat if below.parent == step.id))
        for step in flat
        if not step.parent
    ]
    if tuple(step.id for step in steps) != ORDER:
        _refuse("the guide", f"the steps must be {', '.join(ORDER)} in this order")
    for step in steps:
        if tuple(below.id for below in step.substeps) != SUBSTEPS.get(step.id, ()):
            _refuse(step.id, f"its sub-steps must be {', '.join(SUBSTEPS.get(step.id, ('none',)))}")
    if len(flat) != len(steps) + sum(len(step.substeps) for step in steps):
        _refuse("the guide", "a sub-step names a parent that does not exist")
    return tuple(steps)


_STEP_KEYS = (
    "id", "parent", "title", "short", "where", "what", "places", "path", "fields", "options", "buttons", "copies",
    "notes", "warnings", "problems", "today", "checks", "proven_by", "link",
)  # fmt: skip


def _step(row: object) -> Step:
    if not isinstance(row, dict):
        _refuse("the guide", "a step must be a table")
    where = f"step {row.get('id', '?')}"
    _only(row, _STEP_KEYS, where)
    checks = _checks(row.get("checks", []), where)
    groups = row.get("proven_by", [checks] if checks else [])
    if not isinstance(groups, list):
        _refuse(where, "proven_by must be a list of lists")
    return Step(
        id=_text(row, "id", where),
        parent=_text(row, "parent", where, ""),
        title=_text(row, "title", where),
        where=_text(row, "where", where),
        what=_texts(row, "what", where, needed=True),
        short=_text(row, "short", where, ""),
        places=_texts(row, "places", where),
        path=_texts(row, "path", where),
        fields=tuple(_field(item, where) for item in _tables(row, "fields", where)),
        options=tuple(
            Option(_text(item, "name", where), _text(item, "what", where), _text(item, "of", where, ""))
            for item in _tables(row, "options", where)
        ),
        buttons=_texts(row, "buttons", where),
        copies=tuple(_copy(item, where) for item in _tables(row, "copies", where)),
        notes=_texts(row, "notes", where),
        warnings=_texts(row, "warnings", where),
        problems=tuple(
            Problem(_text(item, "means", where), _text(item, "way_out", where), _text(item, "message", where, ""))
            for item in _tables(row, "problems", where)
        ),
        today=tuple(
            Today(_text(item, "text", where), _text(item, "date", where), _text(item, "source", where))
            for item in _tables(row, "today", where)
        ),
        checks=checks,
        proven_by=tuple(_checks(group, where) for group in groups),
        link=_link(_text(row, "link", where, ""), where),
    )


def _field(item: Mapping[str, object], where: str) -> Field:
    optional = item.get("optional", False)
    if not isinstance(optional, bool):
        _refuse(where, "optional must be true or false")
    return Field(_text(item, "name", where), _text(item, "what", where), optional)


def _copy(item: Mapping[str, object], where: str) -> Copy:
    named = _text(item, "value", where)
    value = next((known for known in COPY_VALUES if known == named), None)
    if value is None:
        _refuse(where, f"there is no value {named!r} to copy")
    return Copy(value, _text(item, "from", where), _text(item, "to", where))


def _checks(names: object, where: str) -> tuple[CheckName, ...]:
    if not isinstance(names, list | tuple):
        _refuse(where, "checks must be a list")
    found: list[CheckName] = []
    for name in names:
        if not isinstance(name, str) or not is_check(name):
            _refuse(where, f"there is no check {name!r}")
        found.append(name)
    return tuple(found)


def _link(link: str, where: str) -> str:
    if link and not link.startswith("https://"):
        _refuse(where, "a link must be https")
    return link


def _text(table: Mapping[str, object], key: str, where: str, default: str | None = None) -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or (default is None and not value):
        _refuse(where, f"{key} must be a text")
    return value


def _texts(table: Mapping[str, object], key: str, where: str, *, needed: bool = False) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value) or (needed and not value):
        _refuse(where, f"{key} must be a list of texts")
    return tuple(value)


def _tables(table: Mapping[str, object], key: str, where: str) -> tuple[Mapping[str, object], ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        _refuse(where, f"{key} must be a list of tables")
    return tuple(value)


def _only(table: Mapping[str, object], known: tuple[str, ...], where: str) -> None:
    unknown = [key for key in table if key not in known]
    if unknown:
        _refuse(where, f"unknown key {unknown[0]}")


def _refuse(where: str, why: str) -> NoReturn:
    raise GuideError(f"guide.toml, {where}: {why}")
