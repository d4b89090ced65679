"""Ticks, notes and evidence, and what they come to."""

from hypothesis import given
from hypothesis import strategies as st

from tui.guide.checks import CHECKS, CheckName, Evidence, Result
from tui.guide.content import load_guide
from tui.guide.progress import (
    Progress,
    StepMark,
    count,
    merged,
    next_open,
    open_steps,
    statuses,
    step_status,
)

GUIDE = load_guide()
IDS = [step.id for step in GUIDE.walk()]
RESULTS: list[Result] = ["proven", "contradicted", "unknown"]


def found(check: CheckName, result: Result, seen: str = "seen", at: int = 5) -> dict[str, Evidence]:
    return {check: Evidence(check, result, seen, at)}


def test_a_tick_goes_on_and_off_and_leaves_the_note_alone() -> None:
    progress = Progress("p").noted("3", "  asked Jo \n").toggled("3", 100)
    assert progress.mark("3") == StepMark(100, "asked Jo")
    assert progress.toggled("3", 200).mark("3") == StepMark(None, "asked Jo")
    assert progress.toggled("3", 200).noted("3", "").marks == {}


def test_a_reset_takes_every_tick_and_no_note() -> None:
    progress = Progress("p").toggled("1", 1).toggled("2", 2).noted("2", "kept").without_ticks()
    assert progress.marks == {"2": StepMark(None, "kept")}


def test_what_is_proven_is_not_asked_and_what_is_contradicted_overrules_a_tick() -> None:
    step, ticked = GUIDE.step("10"), StepMark(9, "mine")
    assert step_status(step, StepMark(), {}) == "open"
    assert step_status(step, ticked, {}) == "ticked"
    assert step_status(step, StepMark(), found("app_credentials", "proven")) == "proven"
    assert step_status(step, ticked, found("app_credentials", "contradicted")) == "contradicted"
    assert step_status(step, ticked, found("app_credentials", "unknown")) == "ticked"
    assert ticked.note == "mine"


def test_a_step_is_proven_only_by_a_whole_group_of_checks() -> None:
    step = GUIDE.step("8")
    some = found("callback_rules", "proven") | found("login_done", "proven")
    assert step_status(step, StepMark(), some) == "open"
    assert step_status(step, StepMark(), some | found("callback_match", "proven")) == "proven"
    assert step_status(step, StepMark(), found("matillion_runs", "proven")) == "proven"


def test_a_contradicted_sub_step_shows_on_its_step() -> None:
    stand = statuses(GUIDE, Progress("p").toggled("12", 1), found("pages", "contradicted"))
    assert (stand["A4"], stand["12"], stand["P1"]) == ("contradicted", "contradicted", "contradicted")


def test_a_step_counts_as_ticked_once_all_its_sub_steps_are_done() -> None:
    progress = Progress("p")
    for step_id in ("M1", "M2", "M3", "M4"):
        progress = progress.toggled(step_id, 1)
    assert statuses(GUIDE, progress, {})["P2"] == "open"
    assert statuses(GUIDE, progress.toggled("M5", 1), {})["P2"] == "ticked"


def test_the_next_open_step_goes_into_sub_steps_and_round_the_end() -> None:
    progress = Progress("p").toggled("P1", 1).toggled("M1", 1)
    stand = statuses(GUIDE, progress, {})
    assert getattr(next_open(GUIDE, stand), "id", None) == "M2"
    assert getattr(next_open(GUIDE, stand, "M5"), "id", None) == "1"
    assert getattr(next_open(GUIDE, stand, "A5"), "id", None) == "M2"
    done = Progress("p")
    for step in GUIDE.steps:
        done = done.toggled(step.id, 1)
    assert next_open(GUIDE, statuses(GUIDE, done, {})) is None


@given(
    st.sets(st.sampled_from(IDS)),
    st.dictionaries(st.sampled_from(sorted(CHECKS)), st.sampled_from(RESULTS)),
    st.sampled_from(["", *IDS]),
)
def test_counts_add_up_and_the_next_step_is_always_one_that_needs_work(
    ticked: set[str], results: dict[CheckName, Result], after: str
) -> None:
    progress = Progress("p")
    for step_id in ticked:
        progress = progress.toggled(step_id, 1)
    evidence: dict[str, Evidence] = {name: Evidence(name, result, "", 1) for name, result in results.items()}
    stand = statuses(GUIDE, progress, evidence)
    counts = count(GUIDE, stand)
    assert list(stand) == IDS
    assert counts.total == 14 == counts.done + counts.contradicted + counts.open
    following = next_open(GUIDE, stand, after)
    assert (following is None) == (counts.done == counts.total)
    if following is not None:
        assert stand[following.id] in ("open", "contradicted")
        assert following in open_steps(GUIDE, stand)


def test_a_failure_to_ask_never_takes_the_place_of_what_was_seen() -> None:
    before = Evidence("pages", "proven", "2 Pages.", 10)
    offline = Evidence("pages", "unknown", "offline.", 20, could_ask=False)
    kept = merged(before, offline)
    assert (kept.result, kept.at) == ("proven", 10)
    assert kept.seen == "2 Pages. Asked again, unknown: offline."
    slow = Evidence("pages", "unknown", "too slow.", 30, could_ask=False)
    assert merged(kept, slow).seen == "2 Pages. Asked again, unknown: too slow."
    answered = Evidence("pages", "unknown", "Facebook says nothing of it now.", 30)
    assert merged(kept, answered) == answered
    assert merged(before, Evidence("pages", "contradicted", "none", 20)).result == "contradicted"
    assert merged(None, offline) == offline
