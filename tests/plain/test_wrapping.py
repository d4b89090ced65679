"""What plain mode says breaks between words, at any width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.cli import COMMANDS
from tui.plain.wrapping import wrapped

TEXTS = st.lists(st.text("ab-./:", min_size=1, max_size=30), min_size=1).map(" ".join)


@given(TEXTS, st.integers(20, 200))
def test_no_word_is_broken_and_none_is_lost(text: str, columns: int) -> None:
    lines = wrapped(text, columns).split("\n")
    assert " ".join(lines).split() == text.split()
    assert all(len(line) < columns or " " not in line for line in lines)


def test_lines_stay_lines_and_a_link_stays_whole() -> None:
    link = "https://example.com/" + "x" * 200
    assert wrapped(f"one\n\n{link}\ntwo", 40) == f"one\n\n{link}\ntwo"


@pytest.mark.parametrize("columns", [40, 79])
def test_a_command_is_never_broken(columns: int) -> None:
    command = "igauth schedule install --with cron --time 03:15"
    text = f"The timer is gone, and nothing extends the tokens. Install it again: {command}. Then look at it."
    lines = wrapped(text, columns).split("\n")
    assert f"{command}." in lines
    assert " ".join(lines) == text


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_of_igauth_is_known(name: str) -> None:
    command = f"igauth {name} --profile acme"
    assert wrapped(f"Do it all again: {command}", len(command) + 1).endswith(f"\n{command}")


def test_a_sentence_about_igauth_is_no_command() -> None:
    lines = wrapped("Nothing to do: igauth waits. " + "igauth tries again automatically. " * 3, 40).split("\n")
    assert all(len(line) < 40 for line in lines)


@given(st.lists(st.text("東京都a", min_size=1, max_size=9), min_size=1).map(" ".join), st.integers(20, 80))
def test_wide_characters_take_two_cells(text: str, columns: int) -> None:
    assert all(cell_len(line) < columns for line in wrapped(text, columns).split("\n"))


def test_a_list_keeps_its_indentation() -> None:
    assert wrapped("   " + "word " * 20, 40).startswith("   word")
