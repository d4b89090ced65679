"""What a terminal sends is read whole, wherever a line cuts it and however long the rest takes."""

import pytest
from textual import events
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from tui.terminal.input_events import EscapeWithdrawn, KeysRead, PasteCut, TerminalAnswered
from tui.terminal.input_pieces import LONGEST_SILENCE, PASTE_BEGINS, PASTE_ENDS, Answer, AnswerKind
from tui.terminal.key_parser import KeyParser

GAPS = (0.05, 0.15, 0.6, 3.0, 5.0)
SECRET = "0123456789abcdef0123456789abcdef"

ANSWERS = {
    "\x1b[?62;4;22c": Answer(AnswerKind.PRIMARY, "62;4;22"),
    "\x1b[>0;136;0c": Answer(AnswerKind.SECONDARY, "0;136;0"),
    "\x1bP!|7E565445\x1b\\": Answer(AnswerKind.TERTIARY, "7E565445"),
    "\x1bP>|XTerm(379)\x1b\\": Answer(AnswerKind.VERSION, "XTerm(379)"),
    "\x1b]11;rgb:ffff/ffff/ffff\x07": Answer(AnswerKind.TEXT, "11;rgb:ffff/ffff/ffff"),
    "\x1b]10;rgb:0000/0000/0000\x1b\\": Answer(AnswerKind.TEXT, "10;rgb:0000/0000/0000"),
    "\x1b[?2048;0$y": Answer(AnswerKind.MODE, "2048;0"),
    "\x1b[?31u": Answer(AnswerKind.KEYBOARD, "31"),
}
KEYS = {
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1bOP": "f1",
    "\x1b[15~": "f5",
    "\x1b[[A": "f1",
    "\x1b[3$": "shift+delete",
    "\x1b[1;5C": "ctrl+right",
    "\x1b[27u": "escape",
    "\x1b[97;;97u": "a",
}
REPORTS: dict[str, type[Message]] = {
    "\x1b[I": events.AppFocus,
    "\x1b[O": events.AppBlur,
    "\x1b[<0;10;5M": events.MouseDown,
    "\x1b[<35;10;5M": events.MouseMove,
    "\x1b[48;24;80;480;800t": events.Resize,
    "\x1b[?2026;2$y": TerminalSupportsSynchronizedOutput,
}
EVERYTHING = [*ANSWERS, *KEYS, *REPORTS]


class Line:
    """A line on which time passes only between pieces; Textual's reader looks every 0.1 s."""

    def __init__(self) -> None:
        self.now = 100.0
        self._parser = KeyParser(clock=lambda: self.now)
        self.read: list[Message] = []

    def send(self, text: str) -> None:
        """Have `text` arrive at once."""
        self.read += self._parser.feed(text)
        self.read += self._parser.tick()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, self.now + 0.1)
            self.read += self._parser.tick()

    @property
    def keys(self) -> list[events.Key]:
        """Keys that were read."""
        return [key for message in self.read if isinstance(message, KeysRead) for key in message.keys]

    @property
    def names(self) -> list[str]:
        """Keys that were read, without an escape that was withdrawn."""
        names = [key.key for key in self.keys]
        withdrawn = sum(isinstance(message, EscapeWithdrawn) for message in self.read)
        assert names[:withdrawn] == ["escape"] * withdrawn
        return names[withdrawn:]

    @property
    def pastes(self) -> list[str]:
        """Pastes that were read."""
        return [message.text for message in self.read if isinstance(message, events.Paste)]

    @property
    def answers(self) -> list[Answer]:
        """Answers of the terminal."""
        return [message.answer for message in self.read if isinstance(message, TerminalAnswered)]


def sent(*pieces: str, gap: float) -> Line:
    """Return a line on which `pieces` arrived with gaps between them, and then a letter that is typed."""
    line = Line()
    for piece in pieces:
        line.send(piece)
        line.wait(gap)
    line.send("x")
    line.wait(0.3)
    return line


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("cut", range(1, len(f"{PASTE_BEGINS}{SECRET}{PASTE_ENDS}")))
def test_a_paste_cut_anywhere_is_whole(cut: int, gap: float) -> None:
    whole = f"{PASTE_BEGINS}{SECRET}{PASTE_ENDS}"
    line = sent(whole[:cut], whole[cut:], gap=gap)
    assert line.pastes == [SECRET]
    assert line.names == ["x"]


@pytest.mark.parametrize("gap", GAPS)
def test_a_paste_that_arrives_byte_by_byte_is_whole(gap: float) -> None:
    line = sent(*f"{PASTE_BEGINS}{SECRET}{PASTE_ENDS}", gap=gap)
    assert line.pastes == [SECRET]
    assert line.names == ["x"]


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("sequence", EVERYTHING)
def test_nothing_that_is_sent_in_pieces_is_typed(sequence: str, gap: float) -> None:
    for pieces in [[sequence], list(sequence), *([sequence[:cut], sequence[cut:]] for cut in range(1, len(sequence)))]:
        line = sent(*pieces, gap=gap)
        assert line.names == [KEYS[sequence], "x"] if sequence in KEYS else ["x"], pieces
        assert line.answers == ([ANSWERS[sequence]] if sequence in ANSWERS else line.answers), pieces
        assert any(isinstance(message, REPORTS.get(sequence, Message)) for message in line.read), pieces


@pytest.mark.parametrize("sequence", EVERYTHING)
def test_what_follows_a_sequence_in_one_read_is_typed(sequence: str) -> None:
    line = sent(f"{sequence}bc{sequence}", gap=0.05)
    assert [key for key in line.names if key in ("b", "c", "x")] == ["b", "c", "x"]


def test_a_lone_escape_is_a_key_after_its_delay() -> None:
    line = Line()
    line.send("\x1b")
    assert line.names == []
    line.wait(0.2)
    assert line.names == ["escape"]


@pytest.mark.parametrize("typed", ["[", "[x", "O", "Ox", "]", "]x", "P", "Px", "q", "2", "x"])
def test_what_is_typed_after_escape_is_typed(typed: str) -> None:
    line = sent("\x1b", *typed, gap=0.3)
    assert line.names == [
        "escape",
        *({"[": "left_square_bracket", "]": "right_square_bracket"}.get(c, c) for c in typed),
        "x",
    ]


def test_two_escapes_are_two_keys() -> None:
    assert sent("\x1b\x1b", gap=0.3).names == ["escape", "escape", "x"]
    assert sent("\x1b", "\x1b", gap=0.3).names == ["escape", "escape", "x"]


@pytest.mark.parametrize("inside", ["\x1b", "\x1b[A", "\x1b[20", "\x1b[200~", "\x03", "\r\n", "é€"])
def test_a_paste_may_hold_anything_but_its_end(inside: str) -> None:
    assert sent(PASTE_BEGINS, f"a{inside}", f"b{PASTE_ENDS}", gap=0.6).pastes == [f"a{inside}b"]


def test_a_paste_that_never_ends_is_read_after_a_silence() -> None:
    line = Line()
    line.send(f"{PASTE_BEGINS}{SECRET[:20]}")
    line.wait(LONGEST_SILENCE - 0.5)
    line.send(SECRET[20:])
    line.wait(LONGEST_SILENCE - 0.5)
    assert line.read == []
    line.wait(1)
    paste, cut = line.read
    assert isinstance(paste, events.Paste)
    assert paste.text == SECRET
    assert isinstance(cut, PasteCut)
    line.send("x")
    assert line.names == ["x"]


def test_the_late_end_of_a_paste_types_nothing() -> None:
    line = sent(f"{PASTE_BEGINS}{SECRET}", gap=LONGEST_SILENCE + 1)
    line.send(PASTE_ENDS)
    assert line.names == ["x"]
    assert line.pastes == [SECRET]


@pytest.mark.parametrize("begun", ["[", "[2", "O", "]", "]1", "]11;rg", "P", "P>|XT", "_"])
def test_a_sequence_that_never_ends_is_dropped(begun: str) -> None:
    assert sent(f"\x1b{begun}", gap=LONGEST_SILENCE + 1).names == ["x"]


@pytest.mark.parametrize("begun", ["\x1b[2", "\x1b]11;rg", "\x1bP>|XT"])
def test_a_key_ends_a_sequence_that_was_cut(begun: str) -> None:
    assert sent(begun, "\x1b[15~", gap=0.3).names == ["f5", "x"]
    assert sent(begun, "\r", gap=0.3).names == ["enter", "x"]


@pytest.mark.parametrize("sequence", [f"\x1b[{'1;' * 20}m", f"\x1b[{'1;' * 60}m"])
def test_a_long_sequence_types_nothing(sequence: str) -> None:
    assert sent(*sequence, gap=0.01).names == ["x"]
    assert sent(sequence, gap=0.01).names == ["x"]


def test_an_answer_without_an_end_gives_the_keyboard_back() -> None:
    assert sent(*f"\x1b]11;{'y' * 2000}", gap=0.01).names[-1] == "x"


def test_one_read_is_one_group_of_keys() -> None:
    line = Line()
    line.send("abc")
    line.send("d")
    assert [[key.key for key in message.keys] for message in line.read if isinstance(message, KeysRead)] == [
        ["a", "b", "c"],
        ["d"],
    ]
