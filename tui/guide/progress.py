"""How far one profile is in the guide: the person's marks, the evidence, and the status of each step. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple, get_args

from tui.guide.checks import CheckName
from tui.guide.content import Step, load_guide
from tui.guide.evidence import Code, Evidence

Status = Literal["open", "ticked", "proven", "contradicted"]


class StepMark(NamedTuple):
    """The person's mark on a step: when it was ticked (unix seconds, UTC; None: not), and a note."""

    ticked_at: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the fourteen prerequisites and steps have each status."""

    total: int
    proven: int
    ticked: int
    contradicted: int
    open: int
    not_needed: int = 0
    """Of the open ones, those that Facebook's answer shows to be needless."""

    @property
    def done(self) -> int:
        """Ticked or proven."""
        return self.proven + self.ticked


@dataclass(frozen=True)
class GuideState:
    """The guide for one profile: marks by step id (steps without one are absent), and what each check found last."""

    profile: str
    marks: Mapping[str, StepMark] = field(default_factory=dict)
    evidence: Mapping[CheckName, Evidence] = field(default_factory=dict)

    def mark(self, step_id: str) -> StepMark:
        """Return the mark of a step; an empty one where there is none."""
        return self.marks.get(step_id, StepMark())

    def toggled(self, step_id: str, at: int) -> "GuideState":
        """Return the state with the step ticked at `at` (unix seconds, UTC), or unticked where it was ticked."""
        mark = self.mark(step_id)
        return self._with(step_id, mark._replace(ticked_at=at if mark.ticked_at is None else None))

    def noted(self, step_id: str, note: str) -> "GuideState":
        """Return the state with this note on the step; an empty text removes the note."""
        return self._with(step_id, self.mark(step_id)._replace(note=note.strip()))

    def without_ticks(self) -> "GuideState":
        """Return the state without ticks; notes and evidence stay."""
        marks = {step_id: mark._replace(ticked_at=None) for step_id, mark in self.marks.items() if mark.note}
        return replace(self, marks=marks)

    def _with(self, step_id: str, mark: StepMark) -> "GuideState":
        marks = {**self.marks, step_id: mark}
        return replace(self, marks={known: one for known, one in marks.items() if one != StepMark()})

    @cached_property
    def statuses(self) -> Mapping[str, Status]:
        """The status of every step and sub-step, by id, in the guide's order.

        A step with sub-steps counts as ticked once all of them are done, and as contradicted while one of them is.
        """
        found: dict[str, Status] = {}
        for step in load_guide().steps:
            below = {item.id: step_status(item, self.mark(item.id), self.evidence) for item in step.substeps}
            own = step_status(step, self.mark(step.id), self.evidence)
            if "contradicted" in below.values():
                own = "contradicted"
            elif own == "open" and below and "open" not in below.values():
                own = "ticked"
            found |= {step.id: own, **below}
        return found

    @property
    def counts(self) -> Counts:
        """The prerequisites and steps (not the sub-steps) by status."""
        of_steps = [self.statuses[step.id] for step in load_guide().steps]
        needless = sum(step in self.open_steps and self._is_needless(step) for step in load_guide().steps)
        return Counts(
            len(of_steps), **{status: of_steps.count(status) for status in get_args(Status)}, not_needed=needless
        )

    @property
    def open_steps(self) -> tuple[Step, ...]:
        """The steps and sub-steps that are open or contradicted, in order."""
        return tuple(step for step in load_guide().walk() if self.statuses[step.id] in ("open", "contradicted"))

    def _is_needless(self, step: Step) -> bool:
        found = (self.evidence.get(name) for name in step.checks)
        return any(one is not None and one.finding.code is Code.ADS_NOT_NEEDED for one in found)

    def next_open(self, after: str = "") -> Step | None:
        """Return the next step to work on after `after`, from the first again at the end; None where all are done.

        A contradicted step needs work too. Where a step has open sub-steps, the first of them is next;
        the sub-steps of a step that is done are not, nor is one that Facebook's answer shows to be needless.
        """
        waiting = {step.id for step in self.open_steps if not self._is_needless(step)}
        order = [
            step
            for step in self.open_steps
            if step.id in waiting
            and (not step.parent or step.parent in waiting)
            and waiting.isdisjoint(below.id for below in step.substeps)
        ]
        ids = [step.id for step in load_guide().walk()]
        start = ids.index(after) if after in ids else -1
        return next((step for step in order if ids.index(step.id) > start), order[0] if order else None)


def step_status(step: Step, mark: StepMark, evidence: Mapping[CheckName, Evidence]) -> Status:
    """Return the status of one step by itself: evidence overrules a tick, in both directions."""
    results = {name: evidence[name].result for name in step.relevant_checks if name in evidence}
    if "contradicted" in (results.get(name) for name in step.checks):
        return "contradicted"
    if any(group and all(results.get(name) == "proven" for name in group) for group in step.proven_by):
        return "proven"
    return "ticked" if mark.ticked_at is not None else "open"


def merged(before: Evidence | None, found: Evidence) -> Evidence:
    """Return the evidence to store: the new one, but a failure to ask only beside what was found before."""
    if before is None or found.finding.could_ask or before.result == "unknown":
        return found
    return replace(before, later_failure=found.finding)
