"""Killed, failing or full at a write, sync or rename: no token that Facebook issued is lost.

Every point is tried by `python -m tests.vault.cut_points`, or here with IGAUTH_CUT_POINTS=all; else a sample.
"""

import os

import pytest

from tests.vault import cut_points
from tests.vault.cut_points import SCENARIOS, Cut, every_cut, try_all, try_cut

_SAMPLE = 14


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_issued_token_is_lost_wherever_the_process_is_cut(scenario: str) -> None:
    cuts = every_cut(scenario)
    assert len(cuts) > 20
    step = 1 if os.environ.get("IGAUTH_CUT_POINTS") == "all" else max(1, len(cuts) // _SAMPLE)
    outcomes = try_all(cuts[step // 2 :: step])
    lost = [outcome for outcome in outcomes if outcome.complaint]
    print(f"{scenario}: cut points tried {len(outcomes)}, tokens lost {len(lost)}")
    assert lost == []


def test_where_tracing_is_refused_the_process_cuts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cut_points, "can_trace", lambda: False)
    early, late = (
        try_cut(Cut("extension", "statement", "SQL statement", 20)),
        try_cut(Cut("extension", "statement", "SQL statement", 400)),
    )
    assert early.complaint == late.complaint == ""
    assert not any(line.startswith("current") for line in early.said), "it was not cut"
    assert any(line.startswith("current") for line in late.said)


def test_the_looker_sees_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cut_points, "NEW", "EAAanother-value-that-was-never-stored")
    outcome = try_cut(Cut("extension", "limit", "file size", 10_000_000))
    assert "lost" in outcome.complaint
