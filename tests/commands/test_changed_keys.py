"""What is reported of keys that a person changed in `config.toml`, by the rules and by `igauth doctor`."""

from pathlib import Path

import pytest

from tests.commands.running import Person, inside, outside
from tui.screens.keymap import keymap_problems
from tui.settings.errors import KeyFault, KeymapProblem
from tui.wording.settings import keymap_problem


@pytest.mark.parametrize(
    ("action", "keys", "problem"),
    [
        ("filter_state", "f99", KeymapProblem(KeyFault.UNKNOWN_KEY, "filter_state", "f99", "f9")),
        ("filter_state", "contrl+x", KeymapProblem(KeyFault.UNKNOWN_KEY, "filter_state", "contrl+x")),
        ("leave", "esc", KeymapProblem(KeyFault.UNKNOWN_KEY, "leave", "esc", "escape")),
        ("save", "", KeymapProblem(KeyFault.NO_KEY, "save")),
        ("tick", "ctrl+q", KeymapProblem(KeyFault.RESERVED, "tick", "ctrl+q")),
        ("inspct", "f11", KeymapProblem(KeyFault.UNKNOWN_ACTION, "inspct", other="inspect")),
        ("search", "?", KeymapProblem(KeyFault.CONFLICT, "help", "question_mark", "search")),
        ("filter_state", "r", KeymapProblem(KeyFault.CONFLICT, "filter_state", "r", "refresh_selected")),
    ],
)
def test_a_key_that_cannot_work_is_a_problem(action: str, keys: str, problem: KeymapProblem) -> None:
    assert problem in keymap_problems({action: keys})
    assert keymap_problem(problem).endswith((".", "?"))


@pytest.mark.parametrize("keys", ["f11", "f11, ctrl+shift+f5", "W", "alt+x", "pageup", "backslash", "~", "shift+tab"])
def test_a_free_key_is_no_problem(keys: str) -> None:
    assert keymap_problems({"filter_state": keys}) == ()


def test_doctor_reports_each_changed_key_that_cannot_work(person: Person, own_home: Path) -> None:
    set_keys(own_home, 'filter_state = "r"\nnonsense = "w"\nquit = "f99"\n')
    done = inside("doctor")
    for problem in keymap_problems({"filter_state": "r", "nonsense": "w", "quit": "f99"}):
        (line,) = [line for line in done.out.splitlines() if keymap_problem(problem) in line]
        assert line.startswith("warning  keys ")
    assert "-> Change that line of [keys] in config.toml" in done.out
    assert done.status == 0


def test_doctor_reports_usable_changed_keys(person: Person, own_home: Path) -> None:
    set_keys(own_home, 'filter_state = "f11"\n')
    assert {"check": "keys", "level": "ok"}.items() <= next(
        finding.items() for finding in inside("doctor", "--json").json["findings"] if finding["check"] == "keys"
    )


def test_status_does_not_check_changed_keys(own_home: Path) -> None:
    own_home.mkdir()
    set_keys(own_home, 'filter_state = "r"\nnonsense = "\\u001b]0;x"\n')
    assert outside("status").status == 3
    from tests.test_import_hygiene import _COMMAND, modules

    assert "textual" not in modules(_COMMAND, "status")


def set_keys(own_home: Path, lines: str) -> None:
    with (own_home / "config.toml").open("a") as file:
        file.write(f"\n[keys]\n{lines}")


def test_doctor_names_the_key_that_is_bound(person: Person, own_home: Path) -> None:
    set_keys(own_home, 'plain_view = "f99"\n')
    out = outside("doctor", environ={"TERM": "linux"}).out
    assert "f99 is not a key" in out
    assert "in the full-screen view p shows" in out
    assert "f99" not in out.replace("f99 is not a key", "")
