"""The checklist to hand over: as values for JSON, as Markdown, and as lines for a terminal. Without secrets.

Values to copy are named and never shown: the receiver does not need them.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from tui.clock import rfc3339
from tui.guide.content import Guide, Step
from tui.guide.progress import GuideState
from tui.guide.sketches import Sketch, sketches_of
from tui.redact import redact
from tui.wording.evidence import evidence_text
from tui.wording.guide import ALL_DONE, GLYPHS, Block, Kind, StepView, step_text, summary
from tui.wording.surfaces import CommandLine, sentences

SCHEMA = 1
_MARKUP = re.compile(r"[\\`*{}\[\]<>#|]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown would read as markup; an underscore inside a word, as in instagram_basic, is none."""
_SURFACE = CommandLine()
_INTERNAL = ("parent", "short", "checks", "proven_by", "substeps")
"""Fields of a step that are not in the JSON."""


class Checklist:
    """The guide with one profile's progress and evidence."""

    def __init__(self, guide: Guide, state: GuideState) -> None:
        self._guide = guide
        self._state = state
        self._counts, self._next = state.counts, state.next_open()
        self._view = StepView(_SURFACE, state.profile, lambda at: rfc3339(at) or "")

    def json(self) -> dict[str, Any]:
        """Return values for JSON: snake_case, times as RFC 3339 UTC, sub-steps inside their step."""
        return {
            "schema": SCHEMA,
            "title": self._guide.title,
            "link": self._guide.link,
            "profile": self._state.profile,
            "notes": self._guide.notes,
            "counts": {**asdict(self._counts), "done": self._counts.done},
            "next": self._next.id if self._next is not None else None,
            "steps": [self._step_json(step) for step in self._guide.steps],
        }

    def markdown(self) -> str:
        """Return Markdown, without a last line feed."""
        lines = [f"# {_escaped(self._guide.title)}", "", f"{_escaped(self._profile_line())}", ""]
        lines += [*(f"> {_escaped(note)}" for note in self._guide.notes), "", f"The guide: <{self._guide.link}>", ""]
        for step in self._guide.walk():
            heading = "###" if step.parent else "##"
            lines += [f"{heading} {GLYPHS[self._state.statuses[step.id]]} {step.id}. {_escaped(step.title)}", ""]
            lines += [f"*{self._state.statuses[step.id]}*", ""]
            blocks = list(self._blocks(step))
            todo = [_escaped(block.text) for block in blocks if block.kind is Kind.DO]
            pages = [line for block in blocks if block.sketch for line in _drawn(block, block.sketch)]
            named = [_item(block) for block in blocks if block.kind is not Kind.DO and not block.sketch]
            lines += [*todo, "", *pages, *named, ""]
        return "\n".join(lines).rstrip()

    def brief(self) -> list[str]:
        """Return one line for each step, with its note and evidence below."""
        lines = self._head()
        for step in self._guide.walk():
            lines.append(self._line(step))
            shown = (
                {Kind.NOTED} if step.parent and self._state.statuses[step.id] == "open" else {Kind.NOTED, Kind.CHECK}
            )
            lines += [_indented(step, block.line) for block in self._blocks(step) if block.kind in shown]
        return lines

    def text(self) -> list[str]:
        """Return the whole guide: what to do, everything named there, and the status of each step."""
        lines = [*self._head(), *self._guide.notes, f"The guide: {self._guide.link}"]
        for step in self._guide.walk():
            lines += ["", self._line(step), *(_indented(step, block.line) for block in self._blocks(step))]
        return lines

    def _head(self) -> list[str]:
        return [self._guide.title, self._profile_line(), ""]

    def _profile_line(self) -> str:
        step = self._next
        todo = f"Next: {step.id}. {step.title}." if step is not None else sentences(ALL_DONE, _SURFACE)
        return f"Profile: {self._state.profile or 'none yet'}. {summary(self._counts)} {todo}"

    def _line(self, step: Step) -> str:
        status = self._state.statuses[step.id]
        return f"{'    ' if step.parent else ''}{GLYPHS[status]} {step.id:>2}  {step.title} ({status})"

    def _blocks(self, step: Step) -> Iterator[Block]:
        return self._view.blocks(step, self._state.mark(step.id), self._state.evidence)

    def _step_json(self, step: Step) -> dict[str, Any]:
        mark = self._state.mark(step.id)
        found = [self._state.evidence[name] for name in step.relevant_checks if name in self._state.evidence]
        values = {name: _resolved(value) for name, value in asdict(step).items() if name not in _INTERNAL}
        return {
            **values,
            "status": self._state.statuses[step.id],
            "ticked_at": rfc3339(mark.ticked_at),
            "note": redact(mark.note),
            "copies": [
                {"value": copy["value"], "from": copy["source"], "to": copy["target"]} for copy in values["copies"]
            ],
            "sketches": [asdict(sketch) for sketch in sketches_of(step.id)],
            "evidence": [
                {
                    "check": one.check,
                    "result": one.result,
                    "seen": evidence_text(one, _SURFACE, self._state.profile),
                    "at": rfc3339(one.at),
                }
                for one in found
            ],
            "steps": [self._step_json(below) for below in step.substeps],
        }


def _resolved(value: Any) -> Any:
    """Return a value of a step with igauth's own pages by name in every text."""
    if isinstance(value, dict):
        return {key: _resolved(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_resolved(each) for each in value]
    return step_text(value, _SURFACE) if isinstance(value, str) else value


def _indented(step: Step, line: str) -> str:
    return f"{'    ' if step.parent else ''}        {line}"


def _item(block: Block) -> str:
    """Return a block as a list item with its label in bold."""
    label, _, text = block.line.partition(": ")
    return f"- **{label}:** {_escaped(text)}"


def _drawn(block: Block, sketch: Sketch) -> list[str]:
    """Return a page in words, and below as it is drawn."""
    return [_item(block), "", *(f"      {line}" for line in sketch.lines), ""]


def _escaped(text: str) -> str:
    """Return text that Markdown shows unchanged: texts from the network and notes must not become markup."""
    text = _MARKUP.sub(r"\\\g<0>", text)
    return f"\\{text}" if text.startswith(("+", "-")) else text
