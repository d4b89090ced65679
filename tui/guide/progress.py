"""The status of each step, from the person's ticks and the evidence. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from tui.guide.checks import CheckName
from tui.guide.content import Guide, Step
from tui.guide.evidence import Evidence

Status = Literal["open", "ticked", "proven", "contradicted"]


@dataclass(frozen=True, slots=True)
class StepMark:
    """The person's mark on a step: when it was ticked (unix seconds, UTC; None: not), and a note."""

    ticked_at: int | None = None
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to store."""
        return self.ticked_at is None and not self.note


@dataclass(frozen=True, slots=True)
class Progress:
    """The marks of one profile, by step id; steps without a mark are absent."""

    profile: str
    marks: Mapping[str, StepMark] = field(default_factory=dict)

    def mark(self, step_id: str) -> StepMark:
        """Return the mark of a step; an empty one where there is none."""
        return self.marks.get(step_id, StepMark())

    def toggled(self, step_id: str, at: int) -> "Progress":
        """Return the progress with the step ticked at `at` (unix seconds, UTC), or unticked where it was ticked."""
        mark = self.mark(step_id)
        return self._with(step_id, replace(mark, ticked_at=at if mark.ticked_at is None else None))

    def noted(self, step_id: str, note: str) -> "Progress":
        """Return the progress with this note on the step; an empty text removes the note."""
        return self._with(step_id, replace(self.mark(step_id), note=note.strip()))

    def without_ticks(self) -> "Progress":
        """Return the progress without ticks; notes stay."""
        kept = {step_id: replace(mark, ticked_at=None) for step_id, mark in self.marks.items() if mark.note}
        return replace(self, marks=kept)

    def _with(self, step_id: str, mark: StepMark) -> "Progress":
        marks = {known: old for known, old in self.marks.items() if known != step_id}
        if not mark.is_empty:
            marks[step_id] = mark
        return replace(self, marks=marks)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the fourteen prerequisites and steps have each status."""

    total: int
    proven: int
    ticked: int
    contradicted: int
    open: int

    @property
    def done(self) -> int:
        """Ticked or proven."""
        return self.proven + self.ticked


def step_status(step: Step, mark: StepMark, evidence: Mapping[CheckName, Evidence]) -> Status:
    """Return the status of one step by itself: evidence overrules a tick, in both directions."""
    results = {name: evidence[name].result for name in step.relevant_checks if name in evidence}
    if "contradicted" in (results.get(name) for name in step.checks):
        return "contradicted"
    if any(group and all(results.get(name) == "proven" for name in group) for group in step.proven_by):
        return "proven"
    return "ticked" if mark.ticked_at is not None else "open"


def statuses(guide: Guide, progress: Progress, evidence: Mapping[CheckName, Evidence]) -> dict[str, Status]:
    """Return the status of every step and sub-step, by id, in the guide's order.

    A step with sub-steps counts as ticked once all of them are done, and as contradicted while one of them is.
    """
    found: dict[str, Status] = {}
    for step in guide.steps:
        below = {item.id: step_status(item, progress.mark(item.id), evidence) for item in step.substeps}
        own = step_status(step, progress.mark(step.id), evidence)
        if "contradicted" in below.values():
            own = "contradicted"
        elif own == "open" and below and "open" not in below.values():
            own = "ticked"
        found[step.id] = own
        found |= below
    return found


def count(guide: Guide, by_id: Mapping[str, Status]) -> Counts:
    """Count the prerequisites and steps (not the sub-steps) by status."""
    of_steps = [by_id[step.id] for step in guide.steps]
    return Counts(len(of_steps), **{status: of_steps.count(status) for status in get_args(Status)})


def next_open(guide: Guide, by_id: Mapping[str, Status], after: str = "") -> Step | None:
    """Return the next step to work on after `after`, from the first again at the end; None where all are done.

    A contradicted step needs work too. Where a step has open sub-steps, the first of them is next;
    the sub-steps of a step that is done are not.
    """
    order: list[Step] = []
    for step in guide.steps:
        if by_id[step.id] in ("ticked", "proven"):
            continue
        below = [item for item in step.substeps if by_id[item.id] in ("open", "contradicted")]
        order += below or [step]
    if not order:
        return None
    position = {step.id: index for index, step in enumerate(guide.walk())}
    start = position.get(after, -1)
    return next((step for step in order if position[step.id] > start), order[0])


def open_steps(guide: Guide, by_id: Mapping[str, Status]) -> tuple[Step, ...]:
    """Return the steps and sub-steps that are open or contradicted, in order."""
    return tuple(step for step in guide.walk() if by_id[step.id] in ("open", "contradicted"))


def merged(before: Evidence | None, found: Evidence) -> Evidence:
    """Return the evidence to store: the new one, but a failure to ask only beside what was found before."""
    if before is None or found.finding.could_ask or before.result == "unknown":
        return found
    return replace(before, later_failure=found.finding)
