"""One step of the guide as text: where, what to do, fields, options, values to copy, warnings, evidence."""

from collections.abc import Callable, Mapping, Sequence

from textual.content import Content
from textual.style import Style

from tui.guide.checks import CHECKS, Evidence
from tui.guide.content import Copy, Step
from tui.guide.progress import StepMark
from tui.guide.render import where_of
from tui.widgets.glyphs import Glyphs
from tui.widgets.wrapped import wrapped
from tui.wording.times import ago, stamp

INDENT = 7
"""Cells that the labels take."""
_FIRST = {"contradicted": 0, "proven": 1, "unknown": 2}


class StepPage:
    """Draws steps with the styles it is given; holds nothing of the state."""

    def __init__(self, style_of: Callable[[str], Style], width: int, glyphs: Glyphs) -> None:
        self._style_of = style_of
        self._width = width
        self._glyphs = glyphs

    def draw(
        self,
        step: Step,
        mark: StepMark,
        evidence: Mapping[str, Evidence],
        known: Callable[[Copy], str],
        now: float,
        about: Sequence[str] = (),
    ) -> Content:
        """Return the page of one step; `known` tells how a value to copy stands, without a secret in it.

        `about` are lines on the whole guide, which its first page carries.
        """
        parts = [self._title(step)]
        parts += [self._item("about", text) for text in about]
        parts += [
            Content(f"{place:>2}. " + wrapped(self._glyphs.text(text), self._width, 4))
            for place, text in enumerate(step.what, 1)
        ]
        parts += self._evidence(step, evidence, now)
        parts += [
            self._item("field", f"{field.name}{' (optional)' if field.optional else ''}: {field.what}")
            for field in step.fields
        ]
        parts += [
            self._item("choose", f"{option.name}{f' ({option.of})' if option.of else ''}: {option.what}")
            for option in step.options
        ]
        if step.buttons:
            parts.append(self._item("press", " · ".join(step.buttons)))
        parts += [self._copy(copy, known(copy)) for copy in step.copies]
        parts += [self._item("note", text) for text in step.notes]
        parts += [self._item("mind", text, "step-page--warning") for text in step.warnings]
        if mark.ticked_at is not None:
            parts.append(self._item("ticked", f"by you, {stamp(mark.ticked_at)}"))
        if mark.note:
            parts.append(self._item("yours", mark.note))
        for problem in step.problems:
            words = f"“{problem.message}” " if problem.message else ""
            parts.append(self._item("if", f"{words}{problem.means}"))
            parts.append(self._item("", problem.way_out))
        parts += [self._item("today", f"{note.text} ({note.date}; {note.source})") for note in step.today]
        if step.link:
            parts.append(self._item("link", f"{step.link}\no opens it, C copies it, g draws it"))
        if step.substeps:
            ids = f"{step.substeps[0].id} to {step.substeps[-1].id}"
            parts.append(self._item("more", f"{ids} below this step say it in detail."))
        return Content("\n").join(parts)

    def _title(self, step: Step) -> Content:
        where = where_of(step)
        return Content("\n").join(
            [
                Content.styled(
                    wrapped(f"{_numbered(step)}  {step.title}", self._width, 0), self._style_of("step-page--title")
                ),
                Content.styled(wrapped(where, self._width, 0), self._style_of("step-page--label")),
            ]
        )

    def _item(self, label: str, text: str, component: str = "") -> Content:
        text = wrapped(self._glyphs.text(text), self._width, INDENT)
        shown = Content.styled(text, self._style_of(component)) if component else Content(text)
        return Content.styled(f"{label:<{INDENT}}", self._style_of("step-page--label")) + shown

    def _copy(self, copy: Copy, known: str) -> Content:
        return self._item("copy", f"{copy.source} → {copy.target}\n{known}", "step-page--value")

    def _evidence(self, step: Step, evidence: Mapping[str, Evidence], now: float) -> list[Content]:
        """Return what was seen, what contradicts first, checks that saw the same in one; then what v would look at."""
        found = [evidence[name] for name in step.relevant_checks if name in evidence]
        alike: dict[tuple[str, str], list[Evidence]] = {}
        for one in sorted(found, key=lambda one: _FIRST[one.result]):
            alike.setdefault((one.result, one.seen), []).append(one)
        lines = []
        for (result, seen), group in alike.items():
            names = ", ".join(CHECKS[one.check] for one in group)
            text = f"{names}: {result}: {seen} ({ago(now - min(one.at for one in group))})"
            lines.append(self._item("proof", text, f"step-page--{result}"))
        missing = [CHECKS[name] for name in step.relevant_checks if name not in evidence]
        if missing:
            lines.append(self._item("proof", f"not looked at yet (v looks): {', '.join(missing)}"))
        return lines


def _numbered(step: Step) -> str:
    return f"Step {step.id}" if step.id.isdigit() else step.id
