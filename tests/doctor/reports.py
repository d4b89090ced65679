"""Reads what `igauth doctor` found."""

from collections.abc import Iterable
from typing import Any

from tests.commands.running import Done
from tui.services.doctor.findings import Finding


def rows(done: Done, check: str) -> list[tuple[str, str]]:
    """Level and code of each finding of a check, in the order of the report."""
    return [(row["level"], row["code"]) for row in done.json["findings"] if row["check"] == check]


def row(done: Done, code: str) -> dict[str, Any]:
    """The one finding with a code."""
    (found,) = [row for row in done.json["findings"] if row["code"] == code]
    return dict(found)


def codes(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """Level and code of each finding."""
    return [(finding.level, finding.word) for finding in findings]
