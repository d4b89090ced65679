"""The status of steps from ticks, notes and evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.guide.checks import CHECKS, CheckName
from tui.guide.content import load_guide
from tui.guide.evidence import Code, Evidence, Facts, Finding, Result
from tui.guide.judging import judge_sent_app_id, judge_sent_callback
from tui.guide.progress import GuideState, StepMark, merged, step_status
from tui.matillion.address import DialogAddress
from tui.wording.guide import summary

GUIDE = load_guide()
IDS = [step.id for step in GUIDE.walk()]
RESULTS: list[Result] = ["proven", "contradicted", "unknown"]


def found(check: CheckName, result: Result, at: int = 5) -> dict[CheckName, Evidence]:
    return {check: Evidence(check, Finding(result, Code.PAGES_LISTED), at)}


def test_ticking_and_unticking_keeps_the_note() -> None:
    progress = GuideState("p").noted("3", "  asked Jo \n").toggled("3", 100)
    assert progress.mark("3") == StepMark(100, "asked Jo")
    assert progress.toggled("3", 200).mark("3") == StepMark(None, "asked Jo")
    assert progress.toggled("3", 200).noted("3", "").marks == {}


def test_a_reset_removes_ticks_and_keeps_notes() -> None:
    progress = GuideState("p").toggled("1", 1).toggled("2", 2).noted("2", "kept").without_ticks()
    assert progress.marks == {"2": StepMark(None, "kept")}


def test_evidence_overrules_a_tick_in_both_directions() -> None:
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


def test_a_contradicted_sub_step_contradicts_its_step() -> None:
    by_id = GuideState("p", evidence=found("pages", "contradicted")).toggled("12", 1).statuses
    assert (by_id["A4"], by_id["12"], by_id["P1"]) == ("contradicted", "contradicted", "contradicted")


def test_a_step_is_ticked_once_all_its_sub_steps_are() -> None:
    progress = GuideState("p")
    for step_id in ("M1", "M2", "M3", "M4"):
        progress = progress.toggled(step_id, 1)
    assert progress.statuses["P2"] == "open"
    assert progress.toggled("M5", 1).statuses["P2"] == "ticked"


def test_the_next_open_step_may_be_a_sub_step_or_wrap_around() -> None:
    progress = GuideState("p").toggled("P1", 1).toggled("M1", 1)
    assert getattr(progress.next_open(), "id", None) == "M2"
    assert getattr(progress.next_open("M5"), "id", None) == "1"
    assert getattr(progress.next_open("A5"), "id", None) == "M2"
    done = GuideState("p")
    for step in GUIDE.steps:
        done = done.toggled(step.id, 1)
    assert done.next_open() is None


@given(
    st.sets(st.sampled_from(IDS)),
    st.dictionaries(st.sampled_from(sorted(CHECKS)), st.sampled_from(RESULTS)),
    st.sampled_from(["", *IDS]),
)
def test_counts_add_up_and_the_next_step_needs_work(
    ticked: set[str], results: dict[CheckName, Result], after: str
) -> None:
    evidence: dict[CheckName, Evidence] = {}
    for name, result in results.items():
        evidence |= found(name, result)
    state = GuideState("p", {step_id: StepMark(1) for step_id in ticked}, evidence)
    by_id, counts = state.statuses, state.counts
    assert list(by_id) == IDS
    assert counts.total == 14 == counts.done + counts.contradicted + counts.open
    following = state.next_open(after)
    assert (following is None) == (counts.done == counts.total)
    if following is not None:
        assert by_id[following.id] in ("open", "contradicted")
        assert following in state.open_steps


def test_a_failure_to_ask_is_added_to_earlier_evidence() -> None:
    before = found("pages", "proven", 10)["pages"]
    offline = Evidence("pages", Finding("unknown", Code.OFFLINE), 20)
    kept = merged(before, offline)
    assert (kept.result, kept.at, kept.later_failure) == ("proven", 10, offline.finding)
    slow = Evidence("pages", Finding("unknown", Code.NO_ANSWER, Facts(seconds=5)), 30)
    assert merged(kept, slow).later_failure == slow.finding
    answered = Evidence("pages", Finding("unknown", Code.ACCOUNT_NOT_VISIBLE), 30)
    assert merged(kept, answered) == answered
    contradicted = Evidence("pages", Finding("contradicted", Code.NO_PAGE), 20)
    assert merged(before, contradicted) == contradicted
    assert merged(None, offline) == offline


# --- what one answer proves ----------------------------------------------------------------------------------------

BY_TOKEN = {"1", "2", "3", "4", "5", "6", "7", "10"}
BY_ENTRY = {"M1", "M3", "M4"}
BY_RUN = {"P2", "M1", "M3", "M4", "8", "11", "12", "A1", "A2", "A3", "A4", "A5"}


@pytest.mark.parametrize(
    ("check", "steps"),
    [
        ("login_done", BY_TOKEN),
        ("app_credentials", {"2", "3", "4", "10"}),
        ("app_name", {"2", "3", "4"}),
        ("matillion_entry", BY_ENTRY),
        ("matillion_runs", BY_RUN),
        ("app_id_match", {"A1", "A2", "A3"}),
    ],
)
def test_what_one_answer_proves(check: CheckName, steps: set[str]) -> None:
    statuses = GuideState("p", evidence=found(check, "proven")).statuses
    assert {step for step, status in statuses.items() if status == "proven"} == steps


def test_nothing_proves_that_an_entry_is_not_configured() -> None:
    evidence: dict[CheckName, Evidence] = {}
    for check in CHECKS:
        evidence |= found(check, "proven")
    statuses = GuideState("p", evidence=evidence).statuses
    assert {step for step, status in statuses.items() if status != "proven"} == {"M5"}
    assert GuideState("p", evidence=evidence).next_open() is None


def test_another_callback_contradicts_the_step_that_enters_it() -> None:
    address = DialogAddress("305684958", "https://m.example/cb", (), "v23.0", "", 0)
    slash = Evidence("callback_match", judge_sent_callback(address, "https://m.example/cb/"), 1)
    same = Evidence("app_id_match", judge_sent_app_id(address, "305684958"), 1)
    statuses = GuideState("p", evidence={"callback_match": slash, "app_id_match": same}).statuses
    assert (statuses["8"], statuses["A2"], statuses["A3"], statuses["12"]) == (
        *("contradicted", "proven"),
        *("proven", "open"),
    )
    other = Evidence("app_id_match", judge_sent_app_id(address, "305684959"), 1)
    assert GuideState("p", evidence={"app_id_match": other}).statuses["A2"] == "contradicted"


def test_a_step_that_nobody_needs_is_not_the_next() -> None:
    progress = GuideState("p", evidence=found("login_done", "proven"))
    assert getattr(progress.next_open("8"), "id", None) == "9"
    needless = Evidence("ads_permission", Finding("unknown", Code.ADS_NOT_NEEDED, Facts()), 1)
    progress = GuideState("p", evidence={**progress.evidence, "ads_permission": needless})
    assert getattr(progress.next_open("8"), "id", None) == "A1"
    assert progress.counts.not_needed == 1
    assert "1 not needed" in summary(progress.counts)
