"""The history's chain names an altered line."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tui.tokens.chain import KEPT, START, first_broken, link
from tui.tokens.history import HistoryEvent
from tui.tokens.token import DAY

any_event = st.builds(
    HistoryEvent,
    at=st.integers(0, 2**40),
    actor=st.sampled_from(("tui", "command", "timer")),
    action=st.text(max_size=8),
    token=st.text(max_size=8),
    code=st.none() | st.integers(0, 999),
    text=st.text(max_size=20),
)


def chained(events: list[HistoryEvent]) -> list[tuple[HistoryEvent, str]]:
    lines, previous = [], START
    for event in events:
        previous = link(previous, event)
        lines.append((event, previous))
    return lines


@given(st.lists(any_event, max_size=10))
def test_an_untouched_history_holds(events: list[HistoryEvent]) -> None:
    assert first_broken(chained(events)) is None


@given(st.lists(any_event, min_size=1, max_size=10), st.data())
def test_an_altered_line_is_named(events: list[HistoryEvent], data: st.DataObject) -> None:
    lines = chained(events)
    index = data.draw(st.integers(0, len(lines) - 1))
    event, its_link = lines[index]
    lines[index] = (replace(event, at=event.at + 1), its_link)
    assert first_broken(lines) == index


@given(st.lists(any_event, min_size=2, max_size=10), st.data())
def test_a_line_taken_out_is_named_by_the_one_after_it(events: list[HistoryEvent], data: st.DataObject) -> None:
    lines = chained(events)
    index = data.draw(st.integers(0, len(lines) - 2))
    del lines[index]
    assert first_broken(lines) == index


@given(st.lists(any_event, min_size=2, max_size=10))
def test_pruning_the_oldest_lines_keeps_the_chain_valid(events: list[HistoryEvent]) -> None:
    lines = chained(events)
    assert first_broken(lines[1:], start=lines[0][1]) is None


def test_fields_cannot_be_shifted_into_each_other() -> None:
    one = HistoryEvent(1, "tui", "a", token="bc")
    other = HistoryEvent(1, "tui", "ab", token="c")
    assert link(START, one) != link(START, other)


def test_lines_stay_for_more_than_a_year() -> None:
    assert KEPT == 400 * DAY
