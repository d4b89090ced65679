"""Which ways a copy takes, what it says, and how it is taken back; with tools that only pretend."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.redact import Secret
from tui.terminal.capabilities import Capabilities, TmuxSettings, detect
from tui.terminal.children import NOT_FOUND, Ran, run_child
from tui.terminal.clipboard import Problem, clear_if_ours, copy
from tui.terminal.kinds import MANNERS, Answers, Kind
from tui.terminal.routes import (
    LONGEST_IN_MOSH,
    LONGEST_IN_SCREEN,
    LONGEST_OSC,
    SCREEN_PIECE,
    Way,
    osc52,
    plan_copy,
    through_screen,
)
from tui.wording.copying import copy_text
from tui.wording.texts import phrase, phrases

TOKEN = "EAAB" + "x" * 200
SSH = {"SSH_CONNECTION": "192.0.2.7 50000 192.0.2.10 22"}
TMUX = {"TMUX": "/tmp/s,1,0", "TERM": "tmux-256color"}


@dataclass
class Tools:
    """A machine with a clipboard and a tmux, and a record of what was asked of them."""

    clipboard: bytes = b"something else"
    buffers: list[bytes] = field(default_factory=list)
    code: int = 0
    asked: list[list[str]] = field(default_factory=list)

    def __call__(self, argv: Sequence[str], feed: bytes | None) -> Ran:
        self.asked.append(list(argv))
        if self.code:
            return Ran(self.code)
        if argv[0] == "tmux":
            return self._tmux(argv, feed)
        if feed is None:
            return Ran(0, self.clipboard)
        self.clipboard = feed
        return Ran(0)

    def _tmux(self, argv: Sequence[str], feed: bytes | None) -> Ran:
        name = argv[argv.index("-b") + 1] if "-b" in argv else ""
        named = -1 if name in {"", "igauth-cleared"} else int(name.removeprefix("b"))
        match argv[1]:
            case "load-buffer":
                if feed and "-b" not in argv:
                    self.buffers.insert(0, feed)
            case "list-buffers":
                return Ran(0, "\n".join(f"b{place} {len(text)}" for place, text in enumerate(self.buffers)).encode())
            case "show-buffer":
                return Ran(0, self.buffers[named])
            case "delete-buffer" if named >= 0:
                self.buffers[named] = b""
        return Ran(0)


def seen(environ: Mapping[str, str], tmux: TmuxSettings | None = None) -> Capabilities:
    return detect({"LANG": "C.UTF-8", **environ}, lambda name: f"/usr/bin/{name}", tmux, platform="linux")


def ways(environ: Mapping[str, str], tmux: TmuxSettings | None = None, text: str = TOKEN) -> list[Way]:
    return [route.way for route in plan_copy(text, seen(environ, tmux))]


def test_the_ways_are_those_that_were_measured_to_arrive() -> None:
    ssh_tmux = SSH | TMUX
    assert ways(SSH | {"TERM": "xterm-256color"}) == [Way.OSC]
    assert ways(ssh_tmux, TmuxSettings("external", "off", "xterm-256color")) == [Way.TMUX_BUFFER]
    assert ways(ssh_tmux, TmuxSettings("on", "off", "xterm-256color")) == [Way.TMUX_BUFFER]
    assert ways(ssh_tmux, TmuxSettings("external", "on", "xterm-256color")) == [Way.TMUX_BUFFER, Way.TMUX]
    nested = TmuxSettings("on", "all", "tmux-256color")
    assert ways(ssh_tmux, nested) == [Way.TMUX_BUFFER, Way.TMUX, Way.TMUX_TWICE]
    assert ways(ssh_tmux, None) == [Way.OSC, Way.TMUX]
    assert ways(SSH | {"TERM": "tmux-256color"}) == [Way.OSC, Way.TMUX]
    assert ways({"STY": "1.x", "TERM": "screen.xterm"}) == [Way.SCREEN]
    assert ways(SSH | {"TERM": "screen.xterm-256color"}) == [Way.SCREEN]
    assert ways(SSH | {"TERM": "screen-256color"}) == [Way.SHORT_OSC, Way.SCREEN]
    assert ways(SSH | {"TERM": "screen-256color"}, text="x" * 2000) == [Way.SCREEN]
    assert ways({"DISPLAY": ":0", "TERM": "xterm"}) == [Way.LOCAL_TOOL, Way.LOCAL_TOOL, Way.OSC]


def test_tmux_wrapping_is_not_written_to_screen() -> None:
    for environ in ({"STY": "1.x", "TERM": "screen"}, {"TERM": "screen"}, {"TERM": "screen.xterm-256color"}):
        written: list[str] = []
        copy(TOKEN, written.append, seen(SSH | environ), Tools())
        assert written
        assert "tmux;" not in "".join(written)


@pytest.mark.parametrize("term", ["dumb", "linux", "vt100", ""])
def test_nothing_is_written_to_a_terminal_without_a_clipboard(term: str) -> None:
    written: list[str] = []
    copied = copy(TOKEN, written.append, seen(SSH | {"TERM": term}), Tools())
    assert (copied.outcome, written) == ("cannot", [])
    assert copied.problem is Problem.NO_CLIPBOARD
    named = {"linux": phrases("terminal", "no_copies")["linux"]}
    assert named.get(term, f"TERM={term or 'not set'}") in copy_text(copied, "p", "c")


def test_on_a_plain_terminal_one_sequence_carries_the_token() -> None:
    written: list[str] = []
    copied = copy(Secret(TOKEN), written.append, seen(SSH | {"TERM": "xterm-256color"}), Tools())
    assert written == [f"\x1b]52;c;{base64.b64encode(TOKEN.encode()).decode()}\x07"]
    assert copied.outcome == "sent"
    assert TOKEN not in copy_text(copied, "p", "c")
    assert "f7 shows" in copy_text(copied, "f7", "c")


def test_copied_is_said_only_when_it_was_read_back() -> None:
    here = seen({"DISPLAY": ":0", "TERM": "xterm"})
    tools = Tools()
    assert copy(TOKEN, lambda _: None, here, tools).outcome == "copied"
    assert tools.clipboard == TOKEN.encode()

    def forgetful(argv: Sequence[str], feed: bytes | None) -> Ran:
        return Ran(0, b"something else")

    assert copy(TOKEN, lambda _: None, here, forgetful).outcome == "sent"


def test_a_token_is_never_in_a_childs_arguments() -> None:
    tools = Tools()
    for environ, tmux in (({"DISPLAY": ":0", "TERM": "xterm"}, None), (SSH | TMUX, TmuxSettings("on", "on", "xterm"))):
        copied = copy(Secret(TOKEN), lambda _: None, seen(environ, tmux), tools)
        clear_if_ours(Secret(TOKEN), copied, lambda _: None, tools)
    assert tools.asked
    assert not any(TOKEN in argument for argv in tools.asked for argument in argv)


def test_copying_never_raises_whatever_breaks() -> None:
    def broken_write(_: str) -> None:
        raise OSError(5, "gone")

    def broken_runner(argv: Sequence[str], feed: bytes | None) -> Ran:
        raise RuntimeError(TOKEN)

    assert copy(TOKEN, broken_write, seen(SSH | {"TERM": "xterm"}), Tools()).outcome == "cannot"
    copied = copy(TOKEN, broken_write, seen({"DISPLAY": ":0", "TERM": "xterm"}), broken_runner)
    assert copied.outcome == "cannot"
    assert TOKEN not in copy_text(copied, "p", "c")
    assert copy("", broken_write, seen({}), Tools()).outcome == "cannot"
    clear_if_ours(Secret(TOKEN), copied, broken_write, broken_runner)


def test_a_tmux_whose_tool_fails_is_not_reported_as_sent_to() -> None:
    copied = copy(TOKEN, lambda _: None, seen(SSH | TMUX, TmuxSettings("on", "off", "xterm")), Tools(code=NOT_FOUND))
    assert copied.outcome == "cannot"


def test_a_tmux_whose_terminal_has_no_clipboard_says_so() -> None:
    tmux = TmuxSettings("on", "on", "linux", sends_clipboard=False)
    copied = copy(TOKEN, lambda _: None, seen(SSH | TMUX, tmux), Tools())
    assert [route.way for route in copied.routes] == [Way.TMUX_KEPT]
    assert phrases("terminal", "sent")["tmux_alone"] in copy_text(copied, "p", "c")


@pytest.mark.parametrize(
    ("tmux", "first", "second"),
    [
        (TmuxSettings("on", "on", "xterm"), [Way.TMUX_KEPT], [Way.TMUX_BUFFER, Way.TMUX]),
        (TmuxSettings("on", "on", "foot"), [Way.TMUX_BUFFER, Way.TMUX], [Way.TMUX_BUFFER, Way.TMUX]),
        (TmuxSettings("on", "on", "xterm", client_version="XTerm(379)"), [Way.TMUX_BUFFER, Way.TMUX], []),
        (TmuxSettings("on", "on", "linux"), [Way.TMUX_KEPT], [Way.TMUX_KEPT]),
        (TmuxSettings("on", "on", "xterm", programs=frozenset({"shellinaboxd"})), [Way.TMUX_KEPT], [Way.TMUX_KEPT]),
        (None, [], [Way.OSC, Way.TMUX]),
    ],
)
def test_a_terminal_around_tmux_that_may_paint_gets_no_secret(
    tmux: TmuxSettings | None, first: list[Way], second: list[Way]
) -> None:
    terminal = seen(SSH | TMUX, tmux)
    copied = copy(Secret(TOKEN), lambda _: None, terminal, Tools())
    assert [route.way for route in copied.routes] == first
    assert copied.waits_for_second is (first != (second or first))
    again = copy(Secret(TOKEN), lambda _: None, terminal, Tools(), is_second=True)
    assert [route.way for route in again.routes] == (second or first)
    assert not again.waits_for_second


def test_a_secret_kept_from_the_terminal_is_in_tmux_alone() -> None:
    tools = Tools()
    copied = copy(Secret(TOKEN), lambda _: None, seen(SSH | TMUX, TmuxSettings("on", "on", "xterm")), tools)
    assert ["tmux", "load-buffer", "-"] in tools.asked
    said = copy_text(replace(copied, clears_in=45), "p", "c")
    assert phrase("terminal", "sent", "held_back").format(copy_key="c") in said
    assert phrase("terminal", "clearing", "tmux").format(seconds=45) in said
    tools.asked.clear()
    clear_if_ours(Secret(TOKEN), copied, lambda _: None, tools)
    assert tools.buffers == [b""]
    assert not any("-w" in argv for argv in tools.asked)


@pytest.mark.parametrize(
    ("term", "answers"),
    [("xterm", Answers()), ("xterm", Answers("6", "0;136;0")), ("xterm-256color", Answers("65;1;9", "65;7006;1"))],
)
def test_a_terminal_that_takes_no_copy_gets_none(term: str, answers: Answers) -> None:
    written: list[str] = []
    environ = SSH | {"TERM": term, "LANG": "C.UTF-8"}
    terminal = detect(environ, lambda _: None, answers=answers)
    copied = copy(Secret(TOKEN), written.append, terminal, Tools())
    assert copied.problem is (Problem.NO_CLIPBOARD if answers.any else Problem.SILENT)
    assert written == []
    assert not copied.waits_for_second
    assert "clear" not in copy_text(copied, "p", "c")
    far = copy(Secret(TOKEN), written.append, replace(terminal, multiplexer="screen"), Tools())
    assert (far.outcome, written) == ("cannot", [])


def test_what_is_recorded_is_copied_only_by_a_second_press() -> None:
    for environ in (SSH | {"TERM": "xterm"}, SSH | TMUX, SSH | {"STY": "1.x", "TERM": "screen.xterm"}):
        terminal = seen(environ | {"ASCIINEMA_REC": "1"}, TmuxSettings("on", "on", "xterm"))
        tools, written = Tools(), list[str]()
        copied = copy(Secret(TOKEN), written.append, terminal, tools)
        assert copied.problem is Problem.RECORDED
        assert copied.waits_for_second
        assert (written, tools.asked) == ([], [])
        assert "asciinema" in copy_text(copied, "p", "c")
        assert copy(Secret(TOKEN), written.append, terminal, tools, is_second=True).outcome == "sent"
        assert copy("https://example.test/", written.append, terminal, tools).outcome == "sent"


def test_a_local_tool_is_used_under_a_recorder() -> None:
    here = seen({"DISPLAY": ":0", "TERM": "xterm", "ASCIINEMA_REC": "1"})
    written: list[str] = []
    assert copy(Secret(TOKEN), written.append, here, Tools()).outcome == "copied"
    failing = copy(Secret(TOKEN), written.append, here, Tools(code=NOT_FOUND))
    assert (failing.problem, written) == (Problem.RECORDED, [])


def test_mosh_takes_no_more_than_it_passes_on_whole() -> None:
    bare = detect(SSH | {"TERM": "xterm-256color"}, lambda _: None, programs=frozenset({"mosh-server"}))
    tmux = TmuxSettings("on", "on", "xterm", programs=frozenset({"mosh-server"}))
    for terminal in (bare, seen(SSH | TMUX, tmux)):
        assert copy("x" * LONGEST_IN_MOSH, lambda _: None, terminal, Tools()).outcome == "sent"
        refused = copy("x" * (LONGEST_IN_MOSH + 1), lambda _: None, terminal, Tools())
        assert (refused.problem, refused.longest) == (Problem.TOO_LONG, LONGEST_IN_MOSH)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_terminal_is_said_to_clear_what_it_can_have_taken(kind: Kind) -> None:
    terminal = replace(seen(SSH | {"TERM": "xterm"}), kind=kind)
    copied = copy(Secret(TOKEN), lambda _: None, terminal, Tools())
    said = copy_text(replace(copied, clears_in=45.0 if copied.routes else 0.0), "p", "c")
    assert ("tries to clear" in said) is MANNERS[kind].takes_copies


def test_a_text_that_is_too_long_is_refused_with_the_limit() -> None:
    screen = seen({"STY": "1.x", "TERM": "screen.xterm"})
    written: list[str] = []
    copied = copy("x" * (LONGEST_IN_SCREEN + 1), written.append, screen, Tools())
    assert (copied.outcome, written) == ("cannot", [])
    assert (copied.problem, copied.longest) == (Problem.TOO_LONG, LONGEST_IN_SCREEN)
    assert copy("x" * LONGEST_IN_SCREEN, written.append, screen, Tools()).outcome == "sent"
    assert copy("x" * (LONGEST_OSC + 1), written.append, seen(SSH | {"TERM": "xterm"}), Tools()).outcome == "cannot"


@given(st.text(max_size=3000))
def test_the_pieces_for_screen_are_short_and_complete(text: str) -> None:
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", through_screen(osc52(text)), re.DOTALL)
    assert "".join(pieces) == osc52(text)
    assert all(len(piece) + 4 <= SCREEN_PIECE for piece in pieces)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_whatever_is_copied_arrives_to_the_byte(text: str) -> None:
    coded = osc52(text).removeprefix("\x1b]52;c;").removesuffix("\x07")
    assert base64.b64decode(coded).decode() == text


def test_a_local_clipboard_is_cleared_only_while_it_is_ours() -> None:
    tools, here = Tools(), seen({"DISPLAY": ":0", "TERM": "xterm"})
    copied = copy(Secret(TOKEN), lambda _: None, here, tools)
    clear_if_ours(Secret(TOKEN), copied, lambda _: None, tools)
    assert tools.clipboard == b""
    copied = copy(Secret(TOKEN), lambda _: None, here, tools)
    tools.clipboard = b"the person's own later copy"
    clear_if_ours(Secret(TOKEN), copied, lambda _: None, tools)
    assert tools.clipboard == b"the person's own later copy"


def test_a_plain_terminal_is_sent_an_empty_clipboard() -> None:
    written: list[str] = []
    tools = Tools()
    copied = copy(Secret(TOKEN), written.append, seen(SSH | {"TERM": "xterm"}), tools)
    clear_if_ours(Secret(TOKEN), copied, written.append, tools)
    assert written[1:] == ["\x1b]52;c;\x07"]


def test_tmux_keeps_no_buffer_of_a_secret_and_others_stay() -> None:
    tools = Tools(buffers=[b"older, the person's"])
    copied = copy(Secret(TOKEN), lambda _: None, seen(SSH | TMUX, TmuxSettings("on", "off", "xterm")), tools)
    assert tools.buffers[0] == TOKEN.encode()
    clear_if_ours(Secret(TOKEN), copied, lambda _: None, tools)
    assert tools.buffers == [b"", b"older, the person's"]


def test_a_later_copy_in_tmux_is_left_alone() -> None:
    tools = Tools()
    written: list[str] = []
    copied = copy(Secret(TOKEN), written.append, seen(SSH | TMUX, TmuxSettings("on", "on", "xterm")), tools)
    tools.buffers.insert(0, b"later")
    before = len(written)
    clear_if_ours(Secret(TOKEN), copied, written.append, tools)
    assert tools.buffers == [b"later", b""]
    assert written[before:] == []


def test_a_child_that_hangs_or_is_missing_ends_in_a_code() -> None:
    assert run_child(["no-such-program-at-all"]).code == NOT_FOUND
    assert run_child(["cat"], b"text") == Ran(0)
    assert run_child(["printf", "text"]) == Ran(0, b"text")
    assert run_child(["sleep", "60"]).code == 124
