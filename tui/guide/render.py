"""The checklist to hand over: as plain values for JSON, as Markdown, and as lines for a terminal. No secrets.

Values to copy are named and never given: whoever receives this needs none of them.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tui.guide.checks import CHECKS, Evidence
from tui.guide.content import COPY_NAMES, Guide, Step
from tui.guide.progress import GLYPHS, Counts, Progress, Status, count, statuses
from tui.redact import redact

SCHEMA = 1
_MARK_UP = re.compile(r"[\\`*{}\[\]<>#|]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown would read as mark-up; an underscore inside a word, as in instagram_basic, is none."""


def as_json(guide: Guide, progress: Progress, evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    """Return the checklist as JSON-able values: snake_case, times as RFC 3339 UTC, sub-steps inside their step."""
    stand = statuses(guide, progress, evidence)
    counts = count(guide, stand)
    return {
        "schema": SCHEMA,
        "title": guide.title,
        "link": guide.link,
        "profile": progress.profile,
        "notes": list(guide.notes),
        "counts": {
            "total": counts.total,
            "done": counts.done,
            "proven": counts.proven,
            "ticked": counts.ticked,
            "contradicted": counts.contradicted,
            "open": counts.open,
        },
        "steps": [_step_json(step, progress, evidence, stand) for step in guide.steps],
    }


def as_markdown(guide: Guide, progress: Progress, evidence: Mapping[str, Evidence]) -> str:
    """Return the checklist as Markdown; ends with a line feed."""
    stand = statuses(guide, progress, evidence)
    lines = [f"# {_escaped(guide.title)}", ""]
    lines += [f"Profile: {_escaped(progress.profile or 'none yet')}. {summary(count(guide, stand))}", ""]
    lines += [*(f"> {_escaped(note)}" for note in guide.notes), "", f"The guide: <{guide.link}>", ""]
    for step in guide.steps:
        lines += _step_markdown(step, progress, evidence, stand, "##")
        for below in step.substeps:
            lines += _step_markdown(below, progress, evidence, stand, "###")
    return "\n".join(lines).rstrip() + "\n"


def as_lines(guide: Guide, progress: Progress, evidence: Mapping[str, Evidence]) -> list[str]:
    """Return the checklist as plain lines, one a step, with its note and what was seen below it."""
    stand = statuses(guide, progress, evidence)
    lines = _head(guide, progress, stand)
    for step in guide.walk():
        indent = "    " if step.parent else ""
        lines.append(f"{indent}{GLYPHS[stand[step.id]]} {step.id:>2}  {step.title} ({stand[step.id]})")
        note = progress.mark(step.id).note
        if note:
            lines.append(f"{indent}        note: {redact(' '.join(note.split()))}")
        if stand[step.id] != "open" or not step.parent:
            lines += [f"{indent}        {line}" for line in evidence_lines(step, evidence)]
    return lines


def as_text(guide: Guide, progress: Progress, evidence: Mapping[str, Evidence]) -> list[str]:
    """Return the whole guide as plain lines: what to do, everything named on the way, how each step stands."""
    stand = statuses(guide, progress, evidence)
    lines = [*_head(guide, progress, stand), *guide.notes, f"The guide: {guide.link}"]
    for step in guide.walk():
        indent = "    " if step.parent else ""
        mark = progress.mark(step.id)
        told = [f"{place}. {line}" for place, line in enumerate(step.what, 1)] + named_lines(step)
        told += [f"Ticked: {moment(mark.ticked_at)}"] if mark.ticked_at is not None else []
        told += [f"Your note: {redact(' '.join(mark.note.split()))}"] if mark.note else []
        told += [f"Seen: {line}" for line in evidence_lines(step, evidence)]
        lines += ["", f"{indent}{GLYPHS[stand[step.id]]} {step.id:>2}  {step.title} ({stand[step.id]})"]
        lines += [f"{indent}        {line}" for line in told]
    return lines


def named_lines(step: Step) -> list[str]:
    """Return everything a step names besides what to do, one line each, with a word in front that says what it is."""
    return [
        f"Where: {where_of(step)}",
        *(f"Field {one.name}{' (optional)' if one.optional else ''}: {one.what}" for one in step.fields),
        *(f"Choose {one.name}{f' ({one.of})' if one.of else ''}: {one.what}" for one in step.options),
        *([f"Press: {' · '.join(step.buttons)}"] if step.buttons else []),
        *(f"Copy {COPY_NAMES[one.value]}: {one.source} → {one.target}" for one in step.copies),
        *(f"Note: {text}" for text in step.notes),
        *(f"Warning: {text}" for text in step.warnings),
        *(
            f"Trouble: {f'“{one.message}” ' if one.message else ''}{one.means} Then: {one.way_out}"
            for one in step.problems
        ),
        *(f"Today: {one.text} ({one.date}; {one.source})" for one in step.today),
        *([f"Link: {step.link}"] if step.link else []),
    ]


def where_of(step: Step) -> str:
    """Return where a step happens: the way to click where it is one, else the pages by their names."""
    if step.path:
        return " > ".join((step.where, *step.path))
    return ": ".join(filter(None, (step.where, " · ".join(step.places))))


def _head(guide: Guide, progress: Progress, stand: Mapping[str, Status]) -> list[str]:
    return [guide.title, f"Profile: {progress.profile or 'none yet'}. {summary(count(guide, stand))}", ""]


def summary(counts: Counts) -> str:
    """Return how far it is, in one sentence."""
    parts = [f"{counts.done} of {counts.total} done"]
    parts += [f"{counts.proven} proven"] if counts.proven else []
    parts += [f"{counts.contradicted} contradicted"] if counts.contradicted else []
    return ", ".join(parts) + "."


def evidence_lines(step: Step, evidence: Mapping[str, Evidence]) -> list[str]:
    """Return one line a check of this step that was made: result, what it looked at, what was seen, when."""
    found = [evidence[name] for name in step.relevant_checks if name in evidence]
    return [f"{CHECKS[one.check]}: {one.result}: {redact(one.seen)} ({moment(one.at)})" for one in found]


def moment(at: int) -> str:
    """Return unix seconds as RFC 3339 UTC, to the second."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _step_json(
    step: Step, progress: Progress, evidence: Mapping[str, Evidence], stand: Mapping[str, Status]
) -> dict[str, Any]:
    mark = progress.mark(step.id)
    found = [evidence[name] for name in step.relevant_checks if name in evidence]
    return {
        "id": step.id,
        "title": step.title,
        "where": step.where,
        "status": stand[step.id],
        "ticked_at": None if mark.ticked_at is None else moment(mark.ticked_at),
        "note": redact(mark.note),
        "what": list(step.what),
        "places": list(step.places),
        "path": list(step.path),
        "fields": [{"name": one.name, "what": one.what, "optional": one.optional} for one in step.fields],
        "options": [{"name": one.name, "of": one.of, "what": one.what} for one in step.options],
        "buttons": list(step.buttons),
        "copies": [{"value": one.value, "from": one.source, "to": one.target} for one in step.copies],
        "notes": list(step.notes),
        "warnings": list(step.warnings),
        "problems": [{"message": one.message, "means": one.means, "way_out": one.way_out} for one in step.problems],
        "today": [{"text": one.text, "date": one.date, "source": one.source} for one in step.today],
        "link": step.link,
        "evidence": [
            {"check": one.check, "result": one.result, "seen": redact(one.seen), "at": moment(one.at)} for one in found
        ],
        "steps": [_step_json(below, progress, evidence, stand) for below in step.substeps],
    }


def _step_markdown(
    step: Step, progress: Progress, evidence: Mapping[str, Evidence], stand: Mapping[str, Status], heading: str
) -> list[str]:
    mark = progress.mark(step.id)
    status = stand[step.id]
    when = f" on {moment(mark.ticked_at)}" if mark.ticked_at is not None and status == "ticked" else ""
    lines = [f"{heading} {GLYPHS[status]} {step.id}. {_escaped(step.title)}", ""]
    lines += [f"*{_escaped(step.where)}; {status}{when}*", ""]
    lines += [f"{number}. {_escaped(line)}" for number, line in enumerate(step.what, 1)]
    lines += [""] if step.what else []
    lines += [f"- {_strong(line)}" for line in named_lines(step)]
    lines += [f"- Evidence: {_escaped(line)}" for line in evidence_lines(step, evidence)]
    lines += [f"- Note of your own: {_escaped(redact(' '.join(mark.note.split())))}"] if mark.note else []
    return lines if lines[-1] == "" else [*lines, ""]


def _strong(line: str) -> str:
    """Return a line with the word in front of its colon, and the name behind it, in bold."""
    word, colon, rest = line.partition(": ")
    if not colon:
        return _escaped(line)
    return f"**{_escaped(word)}:** {_escaped(rest)}"


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is: network texts and notes must not become links or mark-up."""
    text = _MARK_UP.sub(r"\\\g<0>", text)
    return f"\\{text}" if text.startswith(("+", "-")) else text
