"""A paste that arrives as keys is not taken for keys that a person types."""

import pytest

from tui.terminal.fast_keys import LONGEST_CUT, LONGEST_GAP, QUIET, FastKeys, Stroke, Verdict, is_stroke

TOKEN = "EAABwzLixnjYBO0123456789abcdef"


class Played:
    """Judges strokes as the app does: those that have arrived by then, with time for what is open."""

    def __init__(self) -> None:
        self.now = 10.0
        self._keys = FastKeys()
        self._waiting: list[Stroke] = []
        self.keys = ""
        self.notices = 0

    def read(self, text: str, gap: float = 1.0) -> None:
        """Have `text` arrive at once, and then nothing for `gap` seconds."""
        self._waiting += [Stroke(character, self.now) for character in text]
        end = self.now + gap
        self._judge()
        while self.now < end:
            self.now = min(end, self.now + LONGEST_GAP / 3)
            if self.now < end:
                self._judge()

    def _judge(self) -> None:
        while self._waiting:
            judgment = self._keys.judge(self._waiting, self.now, is_open=True)
            if judgment.verdict is Verdict.OPEN:
                return
            gone, self._waiting = self._waiting[: judgment.strokes], self._waiting[judgment.strokes :]
            self.notices += judgment.begins
            if judgment.verdict is Verdict.KEY:
                self.keys += "".join(stroke.character for stroke in gone)


def played(*reads: str, gap: float) -> Played:
    found = Played()
    for text in reads:
        found.read(text, gap)
    found.read("", 3.0)
    return found


@pytest.mark.parametrize(
    "text", [TOKEN, "104482915371923", f"{TOKEN}\r", f"\n{TOKEN}", "three words\rtwo lines", "äöüß"]
)
def test_a_paste_in_one_read_is_no_key(text: str) -> None:
    found = played(text, gap=1)
    assert (found.keys, found.notices) == ("", 1)


@pytest.mark.parametrize("gap", [0.001, 0.01, 0.025])
def test_a_paste_that_arrives_one_by_one_is_no_key(gap: float) -> None:
    found = played(*TOKEN, gap=gap)
    assert (found.keys, found.notices) == ("", 1)


@pytest.mark.parametrize("gap", [0.05, 0.15, 0.6, 0.9, 3.0])
@pytest.mark.parametrize("size", [4, 7, 16])
def test_a_paste_cut_by_a_slow_line_is_no_key(size: int, gap: float) -> None:
    found = played(*(TOKEN[begin : begin + size] for begin in range(0, len(TOKEN), size)), gap=gap)
    assert (found.keys, found.notices) == ("", 1)


def test_the_last_character_of_a_paste_may_come_late() -> None:
    assert played(TOKEN, "\r", gap=QUIET - 0.1).keys == ""


@pytest.mark.parametrize("gap", [0.04, 0.08, 0.3])
def test_what_a_person_types_is_keys(gap: float) -> None:
    assert played(*"3jjrcq", gap=gap).keys == "3jjrcq"


@pytest.mark.parametrize("gap", [0.0, 0.01, 0.016, 0.03, 0.05])
def test_a_held_key_is_keys(gap: float) -> None:
    assert played(*"jjjjjjjjjj", *"kkkkkkkkkk", gap=gap).keys == "jjjjjjjjjjkkkkkkkkkk"


def test_two_keys_at_once_are_keys() -> None:
    assert played("3j", gap=0.2).keys == "3j"
    assert played("jjjjjjk", gap=0.2).keys == "jjjjjjk"
    assert played("3\r", gap=0.2).keys == "3\r"


def test_a_held_key_waits_only_the_first_time() -> None:
    keys = FastKeys()
    first, second = Stroke("j", 1.0), Stroke("j", 1.5)
    assert keys.judge([first], 1.0, is_open=True).verdict is Verdict.OPEN
    assert keys.judge([first], 1.0 + LONGEST_GAP, is_open=True).verdict is Verdict.KEY
    assert keys.judge([second], 1.5, is_open=True).verdict is Verdict.KEY


def test_a_key_before_one_that_types_nothing_does_not_wait() -> None:
    assert FastKeys().judge([Stroke("j", 1.0)], 1.0, is_open=False).verdict is Verdict.KEY


def test_a_tab_before_a_paste_is_a_key() -> None:
    assert played(f"\t{TOKEN}", gap=1).keys == "\t"


def test_a_second_paste_is_announced_again() -> None:
    assert played(TOKEN, TOKEN, gap=LONGEST_CUT + 1).notices == 2


def test_keys_after_a_paste_are_keys_again() -> None:
    assert played(TOKEN, "2", gap=QUIET + 0.1).keys == "2"


@pytest.mark.parametrize(
    ("character", "expected"), [("a", True), ("\r", True), ("\t", True), ("\x1b", False), (None, False)]
)
def test_only_characters_and_line_ends_may_be_pasted(character: str | None, expected: bool) -> None:
    assert is_stroke(character) is expected
