"""One step of the guide as plain lines. Pure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.guide.checks import CHECKS
from tui.guide.content import Step
from tui.wording.times import ago, stamp

if TYPE_CHECKING:
    from tui.services.guidance import GuideState


def step_lines(step: Step, state: "GuideState", now: float) -> list[str]:
    """Return everything the guide has on a step, how it stands, and what was seen. `now` in unix seconds, UTC."""
    lines = [f"Step {step.id}, {step.title}: {state.stand[step.id]}."]
    lines.append(f"Where: {' > '.join((step.where, *step.places))}")
    lines += [f"{number}. {text}" for number, text in enumerate(step.what, 1)]
    lines += [*_evidence(step, state, now), *_forms(step), *_told(step, state)]
    if step.substeps:
        lines.append(f"More: {step.substeps[0].id} to {step.substeps[-1].id} say it in detail.")
    return lines


def _evidence(step: Step, state: "GuideState", now: float) -> Iterator[str]:
    for name in step.relevant_checks:
        found = state.evidence.get(name)
        if found is None:
            yield f"Proof: {CHECKS[name]}: not looked at yet (v looks)."
        else:
            yield f"Proof: {CHECKS[name]}: {found.result}, {ago(now - found.at)}. {found.seen}"


def _forms(step: Step) -> Iterator[str]:
    for field in step.fields:
        yield f"Field {field.name}{' (optional)' if field.optional else ''}: {field.what}"
    for option in step.options:
        yield f"Choose {option.name}{f' ({option.of})' if option.of else ''}: {option.what}"
    if step.buttons:
        yield f"Press: {', '.join(step.buttons)}"
    for copy in step.copies:
        yield f"Copy the {copy.value.replace('_', ' ')} (c prints it): from {copy.source} to {copy.target}"


def _told(step: Step, state: "GuideState") -> Iterator[str]:
    mark = state.progress.mark(step.id)
    yield from (f"Note: {text}" for text in step.notes)
    yield from (f"Mind: {text}" for text in step.warnings)
    if mark.ticked_at is not None:
        yield f"Ticked by you: {stamp(mark.ticked_at)}"
    if mark.note:
        yield f"Your note: {mark.note}"
    for problem in step.problems:
        words = f'"{problem.message}" ' if problem.message else ""
        yield f"If: {words}{problem.means} Then: {problem.way_out}"
    yield from (f"Today: {note.text} ({note.date}; {note.source})" for note in step.today)
    if step.link:
        yield f"Link: {step.link}"
