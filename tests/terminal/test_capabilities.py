"""What is seen of the terminal from the environment and from tmux's answers."""

from collections.abc import Mapping, Sequence

import pytest

from tui.terminal.capabilities import TmuxSettings, ask_tmux, detect
from tui.terminal.children import NOT_FOUND, Ran
from tui.wording.terminal import findings

SSH = {"SSH_CONNECTION": "192.0.2.7 50000 192.0.2.10 22"}


def everything(name: str) -> str | None:
    return f"/usr/bin/{name}"


def nothing(_: str) -> str | None:
    return None


@pytest.mark.parametrize(
    ("environ", "multiplexer", "around"),
    [
        ({"TERM": "xterm-256color"}, "none", "none"),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/s,1,0"}, "tmux", "none"),
        ({"TERM": "screen", "TMUX": "/tmp/s,1,0"}, "tmux", "none"),
        ({"TERM": "screen.xterm-256color", "STY": "1.pts"}, "screen", "none"),
        ({"TERM": "screen.tmux-256color", "STY": "1.pts", "TMUX": "/tmp/s,1,0"}, "screen", "none"),
        ({"TERM": "tmux-256color", "STY": "1.pts", "TMUX": "/tmp/s,1,0"}, "tmux", "none"),
        (SSH | {"TERM": "tmux-256color"}, "none", "tmux"),
        (SSH | {"TERM": "screen.xterm-256color"}, "none", "screen"),
        (SSH | {"TERM": "screen-256color"}, "none", "tmux or screen"),
    ],
)
def test_nesting_is_recognized_by_what_each_multiplexer_sets(
    environ: Mapping[str, str], multiplexer: str, around: str
) -> None:
    seen = detect(environ, nothing, platform="linux")
    assert (seen.multiplexer, seen.around) == (multiplexer, around)


@pytest.mark.parametrize(
    ("environ", "utf8"),
    [
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LANG": "C.utf8"}, True),
        ({"LANG": "de_DE.UTF-8@euro"}, True),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),  # the person said C; Python added the other
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8", "LC_ALL": "C.UTF-8"}, True),
        ({"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, True),
        ({"LANG": "en_US.ISO-8859-1"}, False),
        ({"LC_ALL": "", "LANG": "C.UTF-8"}, True),
        ({}, False),
    ],
)
def test_glyphs_are_ascii_unless_the_locale_in_force_is_utf8(environ: Mapping[str, str], utf8: bool) -> None:
    assert detect(environ, nothing).ascii_only is not utf8


def test_no_color_counts_even_when_it_is_empty() -> None:
    assert detect({"NO_COLOR": ""}, nothing).no_color
    assert not detect({}, nothing).no_color


@pytest.mark.parametrize(("term", "dumb"), [("dumb", True), ("", True), ("xterm", False)])
def test_a_dumb_terminal_is_seen(term: str, dumb: bool) -> None:
    assert detect({"TERM": term}, nothing).dumb is dumb


def test_over_ssh_the_servers_clipboard_and_browser_are_unused() -> None:
    here = detect({"DISPLAY": ":0"}, everything, platform="linux")
    far = detect(SSH | {"DISPLAY": ":0"}, everything, platform="linux")
    assert [tool.name for tool in here.tools] == ["xclip", "xsel"]
    assert here.browser
    assert far.tools == ()
    assert far.browser is None


@pytest.mark.parametrize(
    ("environ", "platform", "first"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "linux", "wl-copy"),
        ({"DISPLAY": ":0"}, "linux", "xclip"),
        ({}, "darwin", "pbcopy"),
        ({"WSL_DISTRO_NAME": "Debian"}, "linux", "clip.exe"),
    ],
)
def test_the_local_tool_fits_the_desktop(environ: Mapping[str, str], platform: str, first: str) -> None:
    assert detect(environ, everything, platform=platform).tools[0].name == first


def test_a_tool_that_is_not_installed_is_not_offered() -> None:
    seen = detect({"DISPLAY": ":0"}, lambda name: "/usr/bin/xsel" if name == "xsel" else None, platform="linux")
    assert [tool.name for tool in seen.tools] == ["xsel"]


def test_tmux_knows_better_than_the_pane_whether_this_is_ssh() -> None:
    pane = SSH | {"TMUX": "/tmp/s,1,0", "TERM": "tmux-256color", "DISPLAY": ":0"}
    assert detect(pane, everything).ssh
    assert not detect(pane, everything, TmuxSettings(ssh=False)).ssh
    local = {"TMUX": "/tmp/s,1,0", "TERM": "tmux-256color", "DISPLAY": ":0"}
    assert detect(local, everything, TmuxSettings(ssh=True)).tools == ()


INFO = b"""Terminal 0: xterm-256color for /dev/pts/2, flags=0x20:
 192: Ms: (string) \\033]52;%p1%s;%p2%s\\a
Terminal 1: linux for /dev/tty3, flags=0x20:
 192: Ms: [missing]
"""


@pytest.mark.parametrize(("line", "sends"), [("/dev/pts/2", True), ("/dev/tty3", False), ("/dev/pts/9", None)])
def test_tmuxs_answers_are_read(line: str, sends: bool | None) -> None:
    answers = {
        "set-clipboard": b"external\n",
        "allow-passthrough": b"all\n",
        "SSH_CONNECTION": b"SSH_CONNECTION=1 2 3 4\n",
        "info": INFO,
    }

    def runner(argv: Sequence[str], feed: bytes | None) -> Ran:
        return Ran(0, answers.get(argv[-1], f"tmux-256color\t{line}\t1\ttmux 3.3a".encode()))

    asked = ask_tmux({"TMUX": "/tmp/s,1,0", "TMUX_PANE": "%3"}, runner)
    said = TmuxSettings("external", "all", "tmux-256color", ssh=True, sends_clipboard=sends, client_version="tmux 3.3a")
    assert asked == said
    assert asked.passes_through
    assert asked.inside_another


def test_a_tmux_that_does_not_answer_is_not_known() -> None:
    assert ask_tmux({"TMUX": "/tmp/s,1,0"}, lambda argv, feed: Ran(NOT_FOUND)) is None
    assert ask_tmux({}, lambda argv, feed: Ran(0, b"on")) is None


def test_the_doctor_names_a_cure_for_each_lack() -> None:
    poor = detect({"TERM": "dumb", "LANG": "C"}, nothing, platform="linux")
    lacking = [finding for finding in findings(poor, "p") if finding.level == "warning"]
    assert [finding.text.split(":")[0] for finding in lacking] == ["terminal", "locale", "clipboard"]
    assert all(finding.cure for finding in lacking)
    rich = detect({"TERM": "xterm", "LANG": "C.UTF-8", "DISPLAY": ":0"}, everything, platform="linux")
    assert {finding.level for finding in findings(rich, "p")} == {"ok"}


def test_the_doctor_says_what_becomes_of_a_copy() -> None:
    def codes(environ: dict[str, str], tmux: TmuxSettings | None = None, *programs: str) -> list[str]:
        seen = detect(SSH | environ, nothing, tmux, platform="linux", programs=frozenset(programs))
        return [finding.code for finding in findings(seen, "p")][3:-1]

    tmux = {"TMUX": "/tmp/s,1,0"}
    assert codes({"TERM": "xterm"}) == ["osc"]
    assert codes({"TERM": "xterm"}, None, "mosh-server") == ["mosh"]
    assert codes({"TERM": "linux"}) == ["no_clipboard"]
    assert codes({"TERM": "xterm"}, None, "script") == ["osc", "recorder"]
    assert codes(tmux, TmuxSettings("on", client_term="xterm", sends_clipboard=False)) == ["tmux_alone"]
    assert codes(tmux, TmuxSettings("on", client_term="linux")) == ["tmux_alone"]


def test_a_hostile_term_cannot_write_to_the_doctors_terminal() -> None:
    seen = detect({"TERM": "x\x1b]52;c;aGk=\x07\n"}, nothing)
    assert all("\x1b" not in finding.text and "\n" not in finding.text for finding in findings(seen, "p"))
