"""The small plot of a token's refreshes."""

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.timeline import DAYS, timeline

NOW = 1_790_000_000.0
DAY = 86_400


def test_a_refresh_stands_where_it_happened() -> None:
    assert timeline([int(NOW - DAYS * DAY / 2)], NOW, 10) == "·····●····"
    assert timeline([int(NOW)], NOW, 10) == "·········●"


def test_what_is_older_or_still_to_come_is_not_drawn() -> None:
    assert timeline([int(NOW - 91 * DAY), int(NOW + 5)], NOW, 8) == "········"


@given(st.lists(st.integers(0, 2**40), max_size=30), st.integers(1, 200))
def test_the_plot_is_always_as_wide_as_asked(moments: list[int], width: int) -> None:
    assert len(timeline(moments, NOW, width)) == width
