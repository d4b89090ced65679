"""What is said of keys that a person changed in `config.toml`: pure rules, and `igauth doctor` without the screen."""

from pathlib import Path

import pytest

from tests.commands.running import Person, inside, outside
from tui.screens.keymap import complaints


@pytest.mark.parametrize(
    ("action", "keys", "told"),
    [
        ("filter_state", "f99", "keys.filter_state: there is no key f99. Did you mean f9?"),
        ("filter_state", "contrl+x", "keys.filter_state: there is no key contrl+x"),
        ("leave", "esc", "keys.leave: there is no key esc. Did you mean escape?"),
        ("save", "", "keys.save: no key is named, so the usual one stays"),
        ("tick", "ctrl+q", "keys.tick: ctrl+q never arrives in many terminals"),
        ("inspct", "f11", "keys.inspct: there is no such action. Did you mean inspect?"),
        ("search", "?", "? means both search and help"),
        ("filter_state", "r", "r means both refresh_selected and filter_state"),
    ],
)
def test_a_key_that_cannot_be_is_named_with_what_was_probably_meant(action: str, keys: str, told: str) -> None:
    assert told in complaints({action: keys})


@pytest.mark.parametrize("keys", ["f11", "f11, ctrl+shift+f5", "W", "alt+x", "pageup", "backslash", "~", "shift+tab"])
def test_a_key_that_exists_and_is_free_is_not_complained_of(keys: str) -> None:
    assert complaints({"filter_state": keys}) == ()


def test_doctor_names_each_changed_key_that_cannot_be(person: Person, own_home: Path) -> None:
    set_keys(own_home, 'filter_state = "r"\nnonsense = "w"\nquit = "f99"\n')
    done = inside("doctor")
    for told in ("r means both refresh_selected and filter_state", "keys.nonsense: there is no such", "no key f99"):
        (line,) = [line for line in done.out.splitlines() if told in line]
        assert line.startswith("warning  keys ")
    assert "-> Change that line of [keys] in config.toml" in done.out
    assert done.status == 0


def test_doctor_says_that_changed_keys_are_sound(person: Person, own_home: Path) -> None:
    set_keys(own_home, 'filter_state = "f11"\n')
    assert {"check": "keys", "level": "ok"}.items() <= next(
        finding.items() for finding in inside("doctor", "--json").json["findings"] if finding["check"] == "keys"
    )


def test_a_plain_command_neither_minds_keys_nor_loads_what_knows_them(own_home: Path) -> None:
    own_home.mkdir()
    set_keys(own_home, 'filter_state = "r"\nnonsense = "\\u001b]0;x"\n')
    assert outside("status").status == 3
    from tests.test_import_hygiene import _COMMAND, modules

    assert "textual" not in modules(_COMMAND, "status")


def set_keys(own_home: Path, lines: str) -> None:
    with (own_home / "config.toml").open("a") as file:
        file.write(f"\n[keys]\n{lines}")
