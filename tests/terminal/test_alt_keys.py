"""Alt with a character is a key that types nothing, in whatever pieces it arrives."""

import pytest
from textual.events import Key
from textual.message import Message

from tui.actions import ACTIONS, shown_key, with_alt
from tui.terminal.input_events import KeysRead
from tui.terminal.key_parser import KeyParser

PRINTABLE = [chr(code) for code in range(0x21, 0x7F)]
WORD_MOVES = {"b": "ctrl+left", "f": "ctrl+right"}
"""What alt with an arrow sends on a Mac, and how readline moves by words."""


BEGINS_MORE = frozenset("[O]P_")
"""What follows an escape where a longer sequence begins: it waits for the rest."""


def keys_of(typed: str) -> list[Message]:
    """Return what `typed` is read as, once nothing follows for a second."""
    now = 0.0
    parser = KeyParser(clock=lambda: now)
    found = list(parser.feed(typed))
    now = 1.0
    found += parser.tick()
    return [key for message in found if isinstance(message, KeysRead) for key in message.keys]


@pytest.mark.parametrize("character", PRINTABLE)
def test_alt_with_a_character_types_nothing(character: str) -> None:
    keys = keys_of(f"\x1b{character}")
    assert keys or character in BEGINS_MORE
    for key in keys:
        assert isinstance(key, Key)
        assert key.character is None
        assert key.key == WORD_MOVES.get(character, key.key)
        assert key.key.startswith("alt+") or character in WORD_MOVES


@pytest.mark.parametrize(
    "letter", sorted({key for action in ACTIONS for key in action.keys.split(",") if with_alt(key)})
)
def test_alt_with_a_letter_of_an_action_is_what_is_bound(letter: str) -> None:
    if shown_key(letter) not in WORD_MOVES:
        (key,) = keys_of(f"\x1b{shown_key(letter)}")
        assert isinstance(key, Key)
        assert key.key == with_alt(letter)


@pytest.mark.parametrize("digit", "123")
def test_alt_with_a_digit_is_read_at_once(digit: str) -> None:
    (read,) = KeyParser().feed(f"\x1b{digit}")
    assert isinstance(read, KeysRead)
    (key,) = read.keys
    assert (key.key, key.character) == (f"alt+{digit}", None)


@pytest.mark.parametrize(
    ("sequence", "name"),
    [
        ("\x1b\x1b", "escape"),
        ("\x1b[91;7u", "escape"),
        ("\x1b[A", "up"),
        ("\x1bOP", "f1"),
        ("\x1b[15~", "f5"),
        ("\x1b[118;3u", "alt+v"),
    ],
)
def test_other_sequences_are_read_as_before(sequence: str, name: str) -> None:
    first, *_ = keys_of(sequence)
    assert isinstance(first, Key)
    assert first.key == name


def test_escape_twice_in_vterm_is_escape() -> None:
    (key,) = keys_of("\x1b[91;7u")
    assert isinstance(key, Key)
    assert key.key == "escape"
