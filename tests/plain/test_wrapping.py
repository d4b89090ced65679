"""What plain mode says breaks between words, at any width."""

from hypothesis import given
from hypothesis import strategies as st

from tui.plain.talk import wrapped

TEXTS = st.lists(st.text("ab-./:", min_size=1, max_size=30), min_size=1).map(" ".join)


@given(TEXTS, st.integers(20, 200))
def test_no_word_is_broken_and_none_is_lost(text: str, columns: int) -> None:
    lines = wrapped(text, columns).split("\n")
    assert " ".join(lines).split() == text.split()
    assert all(len(line) < columns or " " not in line for line in lines)


def test_lines_stay_lines_and_a_link_stays_whole() -> None:
    link = "https://example.com/" + "x" * 200
    assert wrapped(f"one\n\n{link}\ntwo", 40) == f"one\n\n{link}\ntwo"
