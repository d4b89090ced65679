"""What is said about the guide: one step as blocks with labels, how far the person is, names of the values to copy."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tui.guide.checks import CheckName
from tui.guide.content import Copy, CopyValue, Step, load_guide
from tui.guide.evidence import Evidence, Result
from tui.guide.progress import Counts, Status, StepMark
from tui.guide.sketches import Sketch, sketches_of
from tui.redact import redact
from tui.wording.evidence import RESULTS, check_name, evidence_text
from tui.wording.surfaces import Screen, Surface, sentences
from tui.wording.text import Action, Do, Text

GLYPHS: Mapping[Status, str] = {"open": "[ ]", "ticked": "[x]", "proven": "[✓]", "contradicted": "[!]"}
"""How a status is drawn."""
VALUE_NAMES: Mapping[CopyValue, str] = {
    "callback_url": "callback URL",
    "app_id": "App ID",
    "app_secret": "App Secret",
    "app_name": "Display name",
    "entry_name": "entry name",
    "dialog_address": "login page address",
}
NAME_QUESTIONS: Mapping[str, tuple[str, CopyValue]] = {
    "4": ("Display name chosen in step 4", "app_name"),
    "M4": ("Name of the OAuth entry", "entry_name"),
    "A1": ("Name of the OAuth entry", "entry_name"),
}
"""Steps whose note has a name beside it that checks need."""


NO_PROFILE_TO_CHECK = Text("can be checked once App ID and App Secret are entered (step 10).")
NOT_CHECKABLE = Text("igauth cannot check this step.", next=Action(Do.TICK_STEP))
ALL_DONE = Text(
    "No step is left to do.", "Watch the tokens and Matillion's own authorization.", next=Action(Do.OPEN_TOKENS)
)
RESET_QUESTION = "Untick every step?"
RESET_EXPLANATION = "Your ticks are removed. Notes and evidence stay."

_RESULT_ORDER: tuple[Result, ...] = ("contradicted", "proven", "unknown")


class Kind(StrEnum):
    """What a block of a step is. The value is its label."""

    WHERE = "where"
    ABOUT = "about"
    DO = "do"
    PAGE = "page"
    CHECK = "check"
    FIELD = "field"
    CHOOSE = "choose"
    COPY = "copy"
    NOTE = "note"
    WARNING = "warning"
    TICKED = "ticked"
    NOTED = "noted"
    PROBLEM = "in case"
    TODAY = "today"
    LINK = "link"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a step with its label; what to do needs none. `result` is that of a check.

    `sketch` draws what the text says of a page.
    """

    kind: Kind
    text: str
    result: Result | None = None
    sketch: Sketch | None = None

    @property
    def line(self) -> str:
        """The block as one plain line."""
        text = " ".join(self.text.split())
        return text if self.kind is Kind.DO else f"{self.kind.capitalize()}: {text}"


@dataclass(frozen=True, slots=True)
class StepView:
    """How blocks are phrased for one reader: the surface, the current profile, how times are written.

    `value_status` returns what is known about a value to copy, `link_hint` what can be done with a link.
    `shows_unchecked`: checks that were not run are named too.
    """

    surface: Surface
    profile: str
    when: Callable[[int], str]
    value_status: Callable[[Copy], str] = lambda _copy: ""
    link_hint: str = ""
    shows_unchecked: bool = False

    def blocks(self, step: Step, mark: StepMark, evidence: Mapping[CheckName, Evidence]) -> Iterator[Block]:
        """Give everything there is about a step, the most important first."""
        yield Block(Kind.WHERE, where(step))
        yield Block(Kind.DO, step_text(" ".join(step.what), self.surface))
        yield from self._checks(step, evidence)
        unchecked = [check_name(name) for name in step.relevant_checks if name not in evidence]
        if unchecked and self.shows_unchecked:
            check = Text("not checked yet.", next=Action(Do.CHECK_STEP)) if self.profile else NO_PROFILE_TO_CHECK
            yield Block(Kind.CHECK, f"{', '.join(unchecked)}: {sentences(check, self.surface)}")
        if mark.ticked_at is not None:
            yield Block(Kind.TICKED, f"by you, {self.when(mark.ticked_at)}")
        if mark.note:
            yield Block(Kind.NOTED, redact(mark.note))
        for copy in step.copies:
            name = VALUE_NAMES[copy.value]
            source = copy.source if name in copy.source else f"{name}: {copy.source}"
            text = step_text(f"{source} → {copy.target}", self.surface)
            yield Block(Kind.COPY, f"{text}\n{self.value_status(copy)}".rstrip())
        for field in step.fields:
            yield Block(Kind.FIELD, f"{field.name}{' (optional)' if field.optional else ''}: {field.what}")
        for option in step.options:
            yield Block(Kind.CHOOSE, f"{option.name}{f' ({option.of})' if option.of else ''}: {option.what}")
        for sketch in sorted(sketches_of(step.id), key=lambda sketch: not sketch.date):  # what a person sees today
            yield Block(Kind.PAGE, f"{sketch_title(sketch)}. {sketch.words}", sketch=sketch)
        for text in step.warnings:
            yield Block(Kind.WARNING, text)
        for text in step.notes:
            yield Block(Kind.NOTE, text)
        for problem in step.problems:
            quote = f"“{problem.message}” " if problem.message else ""
            yield Block(Kind.PROBLEM, f"{quote}{problem.means}\n{step_text(problem.way_out, self.surface)}")
        for change in step.today:
            yield Block(Kind.TODAY, f"{change.text} ({change.date}; {change.source})")
        if step.link:
            yield Block(Kind.LINK, f"{step.link}\n{self.link_hint}".rstrip())
        if step.substeps:
            yield Block(
                Kind.MORE, f"{_parts(step)} explain this step in detail. It counts as done when all of them are."
            )
        if step.parent:
            whole = load_guide().step(step.parent)
            yield Block(Kind.MORE, f"{step.id} is part of {whole.id}, which counts as done when {_parts(whole)} are.")

    def _checks(self, step: Step, evidence: Mapping[CheckName, Evidence]) -> Iterator[Block]:
        """Give the evidence, what contradicts first; checks with the same text share a block."""
        found = [evidence[name] for name in step.relevant_checks if name in evidence]
        alike: dict[tuple[Result, str], list[Evidence]] = {}
        for one in sorted(found, key=lambda one: _RESULT_ORDER.index(one.result)):
            alike.setdefault((one.result, evidence_text(one, self.surface, self.profile)), []).append(one)
        for (result, text), group in alike.items():
            names = ", ".join(check_name(one.check) for one in group)
            when = self.when(min(one.at for one in group))
            yield Block(Kind.CHECK, f"{names}: {RESULTS[result]}. {text} ({when})", result=result)


def _parts(step: Step) -> str:
    first, *_, last = (below.id for below in step.substeps)
    return f"{first} {'and' if len(step.substeps) == 2 else 'to'} {last}"


def sketch_title(sketch: Sketch) -> str:
    """Return which page a sketch shows, and whether as in the guide or as it is today."""
    if not sketch.date:
        return f"{sketch.title}, as in the guide"
    return f"{sketch.title}, as many accounts see it today ({sketch.date})"


def step_text(text: str, surface: Surface) -> str:
    """Return a text of the guide with igauth's own pages as they are reached on this surface."""
    key = surface.key("show_credentials") if isinstance(surface, Screen) else ""
    return text.replace("{credentials}", f"Credentials ({key})" if key else "Credentials")


def where(step: Step) -> str:
    """Return where a step happens: what to click one after the other, else the names of the pages."""
    if step.path:
        return " > ".join((step.where, *step.path))
    places = " · ".join(place for place in step.places if place not in step.where)
    return ": ".join(filter(None, (step.where, places)))


def numbered(step: Step) -> str:
    """Return the name of a step, as in `Step 8` or `M2`."""
    return f"Step {step.id}" if step.id.isdigit() else step.id


def summary(counts: Counts) -> str:
    """Return how many steps are done, in one sentence."""
    parts = [f"{counts.done} of {counts.total} done"]
    parts += [f"{counts.proven} proven"] if counts.proven else []
    parts += [f"{counts.contradicted} contradicted"] if counts.contradicted else []
    parts += [f"{counts.not_needed} not needed"] if counts.not_needed else []
    return ", ".join(parts) + "."


def next_step(upcoming: Step | None, surface: Screen) -> str:
    """Return which step is next."""
    if upcoming is None:
        return f"nothing left to do. Watch the tokens and Matillion's row: {surface.key('show_tokens')}"
    return f"next {upcoming.id} {upcoming.short or upcoming.title}"


def welcome(surface: Screen, width: int, height: int) -> str:
    """Return what igauth is and which keys to press: three lines, or one where the window is low."""
    key = surface.key
    go_on, tick, verify, keys = (key(action) for action in ("next_step", "tick", "verify", "help"))
    credentials, log_in, tokens = (key(action) for action in ("show_credentials", "log_in", "show_tokens"))
    if height < 20:
        return f"{go_on} goes on, {tick} ticks, {keys} keys"
    if width < 80:
        return (
            "Matillion's Instagram guide, in steps.\n"
            f"{go_on} goes on, {tick} ticks, {verify} checks.\n"
            f"{credentials} App ID, {log_in} log in, {tokens} tokens, {keys} keys."
        )
    return (
        "igauth guides you through the authorization; a timer can keep the token valid.\n"
        f"{go_on} goes on, {tick} ticks a step, {verify} checks it, {keys} shows all keys.\n"
        f"{credentials} takes App ID and App Secret, {log_in} logs in to Facebook, {tokens} shows your tokens."
    )


def value_status(copy: Copy, value: str, surface: Screen, *, has_profile: bool) -> str:
    """Return what is known about a value to copy, without a secret: the value itself, or what to do about it."""
    is_name = copy.value in ("app_name", "entry_name")
    copies = f"{surface.key('copy_value')} copies it"
    if copy.value == "dialog_address":
        return f"({surface.key('check_address')} checks it)"
    if not has_profile and not is_name:
        return f"(no profile yet: enter it on Credentials, {surface.key('show_credentials')})"
    if copy.value == "app_secret":
        return f"(masked; {copies})"
    if not value:
        return f"({surface.key('step_note')} notes it)" if is_name else "(not known yet)"
    return f"{value}   ({copies})"


def plain_value_status(copy: Copy, *, is_known: bool) -> str:
    """Return what plain mode can do with a value to copy."""
    if copy.value == "dialog_address":
        return "(a checks it)"
    return "(c prints it)" if is_known else "(not known yet)"


def link_hint(surface: Screen) -> str:
    """Return what can be done with the link of a step."""
    key = surface.key
    return f"{key('open_link')} opens it, {key('choose_copy')} copies it, {key('qr_code')} draws it"
