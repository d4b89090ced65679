"""Which terminal it is, by its name, its answers and what started igauth; what each does with a copy."""

from pathlib import Path

import pytest

from tests.terminal.test_capabilities import SSH, nothing
from tui.terminal.ancestors import ancestors
from tui.terminal.capabilities import TmuxSettings, detect
from tui.terminal.kinds import MANNERS, Answers, Kind, kind_of, recorder_of
from tui.terminal.terminfo import colors_of

TMUX = {"TMUX": "/tmp/s,1,0", "TERM": "tmux-256color"}


def test_every_kind_has_its_manners() -> None:
    assert set(MANNERS) == set(Kind)
    assert not any(manners.takes_copies and not manners.swallows for manners in MANNERS.values())


@pytest.mark.parametrize(
    ("term", "answers", "kind"),
    [
        ("xterm", Answers("6", "0;136;0"), Kind.PUTTY),
        ("xterm-256color", Answers("65;1;9", "65;7006;1"), Kind.VTE),
        ("xterm-256color", Answers("65;1;9", "65;8203;1"), Kind.UNKNOWN),
        ("xterm", Answers("62", "1;10;0"), Kind.MOSH),
        ("xterm-256color", Answers("1;2", "0;276;0"), Kind.WEB),
        ("foot", Answers(), Kind.FOOT),
        ("xterm-256color", Answers("62;4;22", "1;011301;0", "foot(1.13.1)"), Kind.FOOT),
        ("xterm-256color", Answers("62;", "1;4000;26", "kitty(0.26.5)"), Kind.KITTY),
        ("alacritty", Answers("6", "0;1700;1"), Kind.ALACRITTY),
        ("xterm", Answers("64;1;2", "41;379;0", "XTerm(379)"), Kind.UNKNOWN),
        ("xterm-256color", Answers("62;1;4", "1;115;0", "Konsole 22.12.3"), Kind.KONSOLE),
        ("xterm-256color", Answers("62;1;4", "1;115;0", "Konsole 24.12.0"), Kind.UNKNOWN),
        ("linux", Answers(), Kind.LINUX),
        ("eterm-color", Answers(), Kind.EMACS),
        ("putty-256color", Answers(), Kind.PUTTY),
        ("vt220", Answers(), Kind.DUMB),
    ],
)
def test_a_terminal_is_known_by_its_name_and_answers(term: str, answers: Answers, kind: Kind) -> None:
    assert kind_of(term, (), answers) is kind


def test_what_started_igauth_counts_first() -> None:
    assert kind_of("xterm", {"bash", "shellinaboxd"}) is Kind.SHELLINABOX
    assert kind_of("xterm-256color", {"bash", "mosh-server"}) is Kind.MOSH
    assert kind_of("xterm-256color", (), Answers("6"), emacs="vterm") is Kind.EMACS


@pytest.mark.parametrize("term", ["linux", "eterm-color", "dumb", "screen.linux", "screen.eterm-color"])
def test_known_terminals_that_paint_osc_get_none(term: str) -> None:
    assert not detect(SSH | {"TERM": term}, nothing).takes_osc


@pytest.mark.parametrize(
    ("term", "lacks"), [("linux", True), ("eterm-color", True), ("screen", True), ("xterm", False), ("foot", False)]
)
def test_a_terminal_without_a_second_screen_is_known(term: str, lacks: bool) -> None:
    assert detect({"TERM": term}, nothing).may_lack_second_screen is lacks


def test_in_a_multiplexer_emacs_is_not_assumed() -> None:
    emacs = {"INSIDE_EMACS": "28.2,term:0.96", "TERM": "eterm-color"}
    assert detect(emacs, nothing).kind is Kind.EMACS
    assert detect(emacs | TMUX, nothing, TmuxSettings(client_term="xterm-kitty")).kind is Kind.KITTY
    assert detect({"INSIDE_EMACS": "vterm", "TERM": "screen.foot", "STY": "1.x"}, nothing).kind is Kind.FOOT


def test_who_answers_nothing_is_silent_unless_it_is_known() -> None:
    assert not detect({"TERM": "xterm"}, nothing).is_silent
    assert detect({"TERM": "xterm"}, nothing, answers=Answers()).is_silent
    assert not detect({"TERM": "xterm"}, nothing, answers=Answers("6")).is_silent
    assert not detect({"TERM": "foot"}, nothing, answers=Answers()).is_silent
    assert not detect(TMUX, nothing, TmuxSettings("on"), answers=Answers()).is_silent


@pytest.mark.parametrize(
    ("client", "is_proven"),
    [
        (TmuxSettings("on", client_term="xterm-256color"), False),
        (TmuxSettings("on", client_term="xterm-256color", client_version="XTerm(379)"), True),
        (TmuxSettings("on", client_term="foot"), True),
        (TmuxSettings("on", client_term="linux"), False),
        (TmuxSettings("on", client_term="xterm", programs=frozenset({"shellinaboxd"})), False),
        (TmuxSettings("on", client_term="xterm", programs=frozenset({"mosh-server"})), False),
        (None, False),
    ],
)
def test_the_terminal_around_tmux_is_proven_by_its_answer(client: TmuxSettings | None, is_proven: bool) -> None:
    assert detect(TMUX, nothing, client).is_proven is is_proven


@pytest.mark.parametrize(
    ("environ", "programs", "recorder"),
    [
        ({"ASCIINEMA_REC": "1"}, frozenset(), "asciinema"),
        ({}, frozenset({"bash", "script"}), "script"),
        ({}, frozenset({"bash", "sshd"}), ""),
    ],
)
def test_a_recorder_is_known(environ: dict[str, str], programs: frozenset[str], recorder: str) -> None:
    assert recorder_of(environ, programs) == recorder


def test_ancestors_are_read_whatever_their_names(tmp_path: Path) -> None:
    for process, above, name in ((9, 7, "igauth"), (7, 4, "od) S 1 (d"), (4, 1, "sshd"), (1, 0, "init")):
        (tmp_path / str(process)).mkdir()
        (tmp_path / str(process) / "comm").write_text(f"{name}\n")
        (tmp_path / str(process) / "stat").write_text(f"{process} ({name}) S {above} 9 9 0 -1\n")
    assert ancestors(9, tmp_path) == {"od) S 1 (d", "sshd"}
    assert ancestors(9, tmp_path / "no proc here") == frozenset()


def entry(numbers: list[int], wide: bool = False) -> bytes:
    size = 4 if wide else 2
    head = [0o1036 if wide else 0o432, 5, 0, len(numbers), 0, 0]
    texts = b"".join(number.to_bytes(2, "little", signed=True) for number in head)
    return texts + b"name\0\0" + b"".join(number.to_bytes(size, "little", signed=True) for number in numbers)


@pytest.mark.parametrize("wide", [False, True])
def test_terminfo_is_asked_for_colors(wide: bool, tmp_path: Path) -> None:
    environ = {"TERMINFO": str(tmp_path)}
    for folder, term, colors in (("n", "new-terminal", 256), ("6f", "old", 8), ("g", "gray", -1)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / term).write_bytes(entry([0] * 13 + [colors], wide))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "broken").write_bytes(b"x")
    found = [colors_of(term, environ) for term in ("new-terminal", "old", "gray", "broken", "../new", "")]
    assert found == [256, 8, 0, 0, 0, 0]
    assert not detect(environ | {"TERM": "new-terminal"}, nothing).sixteen_colors
    assert detect(environ | {"TERM": "old"}, nothing).sixteen_colors
