"""Keys that tmux, byobu, Emacs or a browser takes are known, and each function has one that none of them takes."""

import os
from collections.abc import Sequence
from pathlib import Path
from shutil import which

import pytest

from tests.terminals import TmuxServer
from tui.actions import ACTIONS, first_key, key_for, offered_keymap
from tui.terminal.children import Ran, run_child
from tui.terminal.in_browser import WEB_DRIVER
from tui.terminal.taken_keys import KEYS, Taken, Taker, keys_of_tmux, taken_keys
from tui.wording.terminal import taken_keys_finding

NEEDED = ("save", "verify", "fix_one", "fix_all", "fix_flaw", "fix_flaws", "help", "leave", "command_palette")
SCREENS = ("show_guide", "show_credentials", "show_tokens")

LISTED = r"""C-b
bind-key    -T root MouseDown1Pane       select-pane -t = \; send-keys -M
bind-key    -T root F5                   source-file x \; send-keys F6
bind-key -r -T root M-V                  next-window
bind-key    -T root C-S-F2               new-session
bind-key    -T root M-?                  list-keys
bind-key    -T root C-y                  copy-mode
bind-key    -T root M-PPage              copy-mode
bind-key    -T root WheelUpPane          copy-mode -e
"""


def nobody(_argv: Sequence[str], _feed: bytes | None) -> Ran:
    raise AssertionError("nothing is to be asked here")


@pytest.mark.parametrize("taker", list(KEYS))
@pytest.mark.parametrize("action", [*NEEDED, *SCREENS])
def test_each_function_has_a_key_that_arrives(action: str, taker: Taker) -> None:
    offered = offered_keymap({}, KEYS[taker])
    entry = next(entry for entry in ACTIONS if entry.id == action)
    key = first_key(entry, True, offered)
    assert key
    assert key not in KEYS[taker]


@pytest.mark.parametrize("action", [*NEEDED, *SCREENS])
def test_one_key_arrives_whatever_is_around(action: str) -> None:
    taken = frozenset().union(*KEYS.values())
    entry = next(entry for entry in ACTIONS if entry.id == action)
    assert first_key(entry, True, offered_keymap({}, taken)) not in taken


def test_keys_that_arrive_stay_what_they_are() -> None:
    assert offered_keymap({"quit": "f12"}, ()) == {"quit": "f12"}
    offered = offered_keymap({"verify": "w,f5"}, {"f5"})
    assert key_for("verify", True, offered) == "alt+w"
    assert key_for("verify", False, offered) == "w"
    assert key_for("save", True, offered) == "f4"


def test_the_keys_of_tmux_are_read() -> None:
    keys = {"ctrl+b", "f5", "alt+shift+v", "ctrl+shift+f2", "alt+question_mark", "ctrl+y", "alt+pageup"}
    assert keys_of_tmux(LISTED) == keys


@pytest.mark.parametrize(
    ("environ", "takers"),
    [
        ({}, ()),
        ({"INSIDE_EMACS": "vterm"}, (Taker.VTERM,)),
        ({"INSIDE_EMACS": "28.2,term:0.96", "TERM": "eterm-color"}, (Taker.ANSI_TERM,)),
        ({"TERM": "eterm-color"}, (Taker.ANSI_TERM,)),
        ({"INSIDE_EMACS": "28.2,comint"}, ()),
        ({"TEXTUAL_DRIVER": WEB_DRIVER}, (Taker.BROWSER,)),
        ({"BYOBU_BACKEND": "screen"}, (Taker.BYOBU,)),
    ],
)
def test_what_is_around_is_known(environ: dict[str, str], takers: tuple[Taker, ...]) -> None:
    found = taken_keys(environ, nobody, ())
    assert tuple(one.taker for one in found) == takers
    assert all(one.keys == KEYS[one.taker] for one in found)


def test_cockpit_is_known_by_the_process_that_started_the_shell() -> None:
    found = taken_keys({}, nobody, ("bash", "cockpit-bridge", "sshd"))
    assert found == (Taken(Taker.BROWSER, KEYS[Taker.BROWSER]),)


def test_a_silent_tmux_takes_nothing_that_is_known() -> None:
    assert taken_keys({"TMUX": "x"}, lambda *_: Ran(1), ()) == ()
    silent = taken_keys({"TMUX": "x", "BYOBU_BACKEND": "tmux"}, lambda *_: Ran(1), ())
    assert silent == (Taken(Taker.BYOBU, KEYS[Taker.BYOBU]),)


@pytest.mark.skipif(which("tmux") is None, reason="tmux is not installed")
def test_a_real_tmux_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = "set -g prefix F12\nbind -n F5 next-window\nbind -n M-v split-window\nbind -n C-y copy-mode"
    with TmuxServer(tmp_path, ["cat"], os.environ, config=config) as tmux:
        monkeypatch.setenv("TMUX", f"{tmux.socket},1,0")
        (found,) = taken_keys(os.environ, run_child, ())
    assert found == Taken(Taker.TMUX, frozenset({"f12", "f5", "alt+v", "ctrl+y"}))


def test_doctor_names_what_is_taken_and_what_does_the_same() -> None:
    finding = taken_keys_finding(Taken(Taker.TMUX, frozenset({"f5", "ctrl+y", "f19"})), {})
    assert finding is not None
    assert finding.level == "warning"
    assert finding.text.startswith("tmux takes ^y, f5,")
    assert "alt+v (verify)" in finding.cure
    assert "alt+c (copy)" in finding.cure
    assert "f19" not in finding.text


def test_doctor_names_the_palette_where_both_keys_are_taken() -> None:
    finding = taken_keys_finding(Taken(Taker.TMUX, frozenset({"f5", "alt+v"})), {})
    assert finding is not None
    assert f"{key_for('command_palette', True, {})} (verify)" in finding.cure


def test_doctor_says_nothing_of_keys_that_igauth_does_not_use() -> None:
    assert taken_keys_finding(Taken(Taker.TMUX, frozenset({"ctrl+b", "f19", "alt+left"})), {}) is None
