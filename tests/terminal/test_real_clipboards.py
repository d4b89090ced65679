"""What really reaches the person's clipboard through real terminals, and that the notice matched."""

import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.conftest import ROOT, TOKEN, host_command
from tests.terminals import LoopbackSshd, PseudoTerminal, TmuxServer, wait_until

OPEN_XTERM = "XTerm*disallowedWindowOps: 20,21,SetXprop"
"""An xterm that lets programs set the selection, as many distributions configure it; Debian's does not."""


def test_plain_terminal_gets_exactly_one_sequence(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("c")
        terminal.wait_for("NOTICE sent: Sent to your terminal, which may ignore it.")
        assert terminal.clipboard_writes() == [("c", TOKEN)]
        assert terminal.raw.count(b"\x1b]52") == 1
        assert b"\x1bP" not in terminal.raw


def test_a_secret_is_cleared_after_its_time_and_a_link_is_not(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports, clear_after=0.3), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("c")
        terminal.wait_for(lambda: terminal.clipboard_writes() == [("c", TOKEN), ("c", "")])
        assert "tries to clear it in 0.3 s" in terminal.text
        terminal.send("c")
        terminal.wait_for(lambda: len(terminal.clipboard_writes()) == 3)
        terminal.send("l")
        terminal.wait_for(lambda: ("c", "https://example.test/link") in terminal.clipboard_writes())
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert terminal.clipboard_writes()[-1] == ("c", "https://example.test/link")


@pytest.mark.parametrize(
    ("config", "arrives"),
    [
        ("set -s set-clipboard external\nset -g allow-passthrough off", [("", TOKEN)]),
        ("set -s set-clipboard on\nset -g allow-passthrough off", [("", TOKEN)]),
        ("set -s set-clipboard off\nset -g allow-passthrough off", [("", TOKEN)]),
        ("set -s set-clipboard external\nset -g allow-passthrough on", [("", TOKEN), ("c", TOKEN)]),
        ("set -s set-clipboard on\nset -g allow-passthrough on", [("", TOKEN), ("c", TOKEN)]),
    ],
    ids=["external", "on", "off", "passthrough", "both"],
)
def test_through_tmux_it_reaches_the_terminal_with_all_settings(
    config: str, arrives: list[tuple[str, str]], plain_env: dict[str, str], reports: Path, tmp_path: Path
) -> None:
    with TmuxServer(tmp_path / "t", host_command(reports), plain_env, config=config) as tmux:
        tmux.wait_for("HOST READY")
        tmux.tell_version()
        tmux.send_keys("c")
        tmux.wait_for("NOTICE sent: Copied to tmux")
        wait_until(lambda: len(tmux.outer.clipboard_writes()) >= len(arrives), "the clipboard")
        assert sorted(tmux.outer.clipboard_writes()) == sorted(arrives)
        assert tmux.buffers() == [TOKEN]
        assert "tmux;" not in tmux.outer.text


def test_tmux_forgets_the_secret_after_its_time(plain_env: dict[str, str], reports: Path, tmp_path: Path) -> None:
    with TmuxServer(tmp_path / "t", host_command(reports, clear_after=0.3), plain_env) as tmux:
        tmux.wait_for("HOST READY")
        tmux.tell_version()
        tmux.send_keys("c")
        wait_until(lambda: tmux.outer.clipboard_writes()[-1:] == [("", " ")], "the clipboard to be blanked")
        wait_until(lambda: tmux.buffers() == [], "tmux to forget")
        assert tmux.outer.clipboard_writes()[0] == ("", TOKEN)


def test_a_secret_is_cleared_after_igauth_has_ended(plain_env: dict[str, str], reports: Path, tmp_path: Path) -> None:
    shell = ["sh", "-c", f"{shlex.join(host_command(reports, clear_after=2))}; echo ENDED; exec sleep 1000"]
    with TmuxServer(tmp_path / "t", shell, plain_env) as tmux:
        tmux.wait_for("HOST READY")
        tmux.tell_version()
        tmux.send_keys("c")
        tmux.wait_for("NOTICE sent")
        tmux.send_keys("q")
        tmux.wait_for("ENDED")
        assert tmux.buffers() == [TOKEN]  # it can still be pasted
        wait_until(lambda: tmux.buffers() == [], "tmux to forget")
        wait_until(lambda: tmux.outer.clipboard_writes()[-1:] == [("", " ")], "the clipboard to be blanked")


def test_a_bare_terminal_is_cleared_after_igauth_has_ended(plain_env: dict[str, str], reports: Path) -> None:
    shell = ["sh", "-c", f"{shlex.join(host_command(reports, clear_after=1))}; echo ENDED; exec sleep 1000"]
    with PseudoTerminal(shell, plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("c")
        terminal.wait_for("NOTICE sent")
        terminal.send("q")
        terminal.wait_for("ENDED")
        terminal.wait_for(lambda: terminal.clipboard_writes() == [("c", TOKEN), ("c", "")])


def test_a_local_tmux_around_ssh_that_passes_through_is_reached(
    plain_env: dict[str, str], reports: Path, tmp_path: Path
) -> None:
    remote = ["env", f"PYTHONPATH={ROOT}", "LANG=C.UTF-8", *host_command(reports)]
    with LoopbackSshd(tmp_path / "sshd") as server:
        config = 'set -g allow-passthrough on\nset -g default-terminal "tmux-256color"'
        with TmuxServer(tmp_path / "t", server.client(remote), plain_env, config=config) as tmux:
            tmux.wait_for("HOST READY")
            tmux.send_keys("c")
            tmux.wait_for("NOTICE sent: Sent to your terminal; the tmux around it often ignores that.")
            wait_until(lambda: ("c", TOKEN) in tmux.outer.clipboard_writes(), "the clipboard")


@pytest.mark.parametrize("length", [200, 1_000, 80_000])
def test_a_copy_through_screen_arrives_and_paints_nothing(
    length: int, plain_env: dict[str, str], reports: Path
) -> None:
    long_token = "EAAB" + "0" * length
    with PseudoTerminal(_in_screen(host_command(reports, token=long_token), reports), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("c")
        terminal.wait_for("NOTICE sent: Sent through screen to your terminal")
        terminal.wait_for(lambda: terminal.clipboard_writes() == [("c", long_token)])
        notice = "Sent through screen to your terminal, which may ignore it. p shows the value."
        terminal.wait_for(lambda: " ".join(terminal.text.split()) == f"HOST READY NOTICE sent: {notice}")
        terminal.send("q")


@pytest.mark.parametrize("length", [200, 2_000])
def test_a_copy_reaches_a_screen_on_the_own_machine(length: int, plain_env: dict[str, str], reports: Path) -> None:
    """As behind SSH: STY does not come along, and an older screen gives its TERM as tmux once did."""
    token = "EAAB" + "0" * length
    far = ["env", "-u", "STY", "TERM=screen-256color", *host_command(reports, token=token)]
    with PseudoTerminal(_in_screen(far, reports), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("c")
        terminal.wait_for(lambda: terminal.clipboard_writes() == [("c", token)])
        notice = "Sent through screen to your terminal, which may ignore it. p shows the value."
        terminal.wait_for(lambda: " ".join(terminal.text.split()) == f"HOST READY NOTICE sent: {notice}")
        terminal.send("q")


@pytest.fixture
def display(plain_env: dict[str, str]) -> Iterator[str]:
    for program in ("Xvfb", "xterm", "xclip"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "1024x768x24"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert server.stdout is not None
    number = server.stdout.readline().decode().strip()
    if not number:
        pytest.skip("Xvfb does not start here")
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.mark.parametrize(
    ("resource", "inside", "clipboard", "primary"),
    [
        ("", "", "sentinel", "sentinel"),
        (OPEN_XTERM, "", TOKEN, "sentinel"),
        (OPEN_XTERM, "tmux", "sentinel", TOKEN),
        (OPEN_XTERM, "tmux passthrough", TOKEN, TOKEN),
        (OPEN_XTERM, "screen", TOKEN, "sentinel"),
    ],
    ids=["as-debian-ships-it", "open", "tmux", "tmux-passthrough", "screen"],
)
def test_in_xterm_the_clipboard_holds_what_the_notice_allows_for(
    resource: str,
    inside: str,
    clipboard: str,
    primary: str,
    display: str,
    plain_env: dict[str, str],
    reports: Path,
    tmp_path: Path,
) -> None:
    """The app gets no DISPLAY, as over SSH: what arrives came through the terminal."""
    for selection in ("clipboard", "primary"):
        _fill_selection(display, selection)
    program = ["env", "-u", "DISPLAY", "HOST_COPIES_AT_ONCE=1", *_inside(inside, host_command(reports), tmp_path)]
    screen_log = tmp_path / "xterm.log"
    xterm = subprocess.Popen(
        ["xterm", "-xrm", resource or "XTerm*dummy: 1", "-l", "-lf", str(screen_log), "-e", *program],
        env=plain_env | {"DISPLAY": display},
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: screen_log.exists() and b"NOTICE sent: " in screen_log.read_bytes(), "the notice")
        wait_until(
            lambda: (_selection(display, "clipboard"), _selection(display, "primary")) == (clipboard, primary),
            lambda: f"{_selection(display, 'clipboard')!r}, {_selection(display, 'primary')!r}",
        )
    finally:
        xterm.kill()
        xterm.wait()
        subprocess.run(["tmux", "-S", str(tmp_path / "x.sock"), "kill-server"], capture_output=True, check=False)


def _inside(which: str, command: list[str], folder: Path) -> list[str]:
    if not which:
        return command
    if which == "screen":
        return _in_screen(command, folder)
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    config = folder / "x.conf"
    config.write_text("set -g allow-passthrough on\n" if "passthrough" in which else "")
    return ["tmux", "-S", str(folder / "x.sock"), "-f", str(config), "new-session", *command]


def _in_screen(command: list[str], folder: Path) -> list[str]:
    if shutil.which("screen") is None:
        pytest.skip("screen is not installed")
    settings = folder / "screenrc"
    settings.write_text("autodetach off\n")  # else it would outlive its terminal, and the test
    return ["screen", "-U", "-c", str(settings), *command]


def _fill_selection(display: str, selection: str) -> None:
    subprocess.run(
        ["xclip", "-display", display, "-selection", selection],
        input=b"sentinel",
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _selection(display: str, selection: str) -> str:
    done = subprocess.run(
        ["xclip", "-display", display, "-selection", selection, "-o"], capture_output=True, text=True, check=False
    )
    return done.stdout
