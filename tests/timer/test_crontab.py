"""The crontab line: what each cron and shell makes of it, and that a crontab is as it was after install and remove."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, reject
from hypothesis import strategies as st

from tui.settings import Home
from tui.timer import crontab
from tui.timer.errors import TimerError, TimerProblem
from tui.timer.plan import Plan, home_id

PLAN = Plan(("/opt/igauth",), Path("/srv/h/timer.env"), {}, 7, home_id="0a1b2c3d", account_home="/home/me")
SHELLS = [shell for shell in ("sh", "bash", "dash", "zsh", "fish", "busybox") if shutil.which(shell)]
NAMES = st.binary(min_size=1, max_size=12).filter(lambda name: min(name) >= 32 and not set(name) & {47, 127})


def as_debian_cron_runs(line: bytes) -> bytes:
    """The command as Debian's cron gives it to the shell: of two backslashes it makes one."""
    return _unescaped(line, b"%\\")


def as_cronie_runs(line: bytes) -> bytes:
    """The command as cronie and systemd-cron give it to the shell."""
    return _unescaped(line, b"%")


def _unescaped(line: bytes, special: bytes) -> bytes:
    command, escaped = bytearray(), False
    for byte in line.split(b" ", 5)[5]:
        if escaped:
            if byte in special:
                command.pop()
            escaped = False
        elif byte == ord("%"):
            break
        else:
            escaped = byte == ord("\\")
        command.append(byte)
    return bytes(command)


def as_busybox_runs(line: bytes) -> bytes:
    """The command as busybox's crond gives it to the shell."""
    return line.split(b" ", 5)[5]


def test_the_line_is_one_command_without_any_variable() -> None:
    assert crontab.cron_line(PLAN) == (
        b"7 3 * * * /opt/igauth keep --environment /srv/h/timer.env >/dev/null # igauth schedule 0a1b2c3d"
    )
    assert crontab.cron_line(replace(PLAN, home_id="")).endswith(b">/dev/null # igauth schedule")


CRONS = (as_debian_cron_runs, as_cronie_runs, as_busybox_runs)


@pytest.mark.parametrize("cron", CRONS)
@given(name=NAMES)
@example(name=b"100%% $HOME 'it''s' \"x\" `id` \\n")
@example(name=b"\xe9\xff ~ ! * [a] {b,c} ;&|<>")
def test_any_path_survives_each_cron_and_the_shell(cron: object, name: bytes) -> None:
    plan = replace(
        PLAN, program=("printf", "%s|"), environment_file=Path("/srv", os.fsdecode(b"_" + name), "timer.env")
    )
    try:
        line = crontab.cron_line(plan)
    except TimerError:
        reject()  # a test of its own names these backslashes
    command = cron(line).replace(b">/dev/null", b"")  # type: ignore[operator]
    done = subprocess.run([b"sh", b"-c", command], capture_output=True, check=True)
    assert done.stdout == b"keep|--environment|/srv/_" + name + b"/timer.env|"


@pytest.mark.parametrize("shell", SHELLS)
def test_hard_paths_survive_every_shell(shell: str) -> None:
    name = "100% $HOME 'it' \"x\" `id` a\\b\\n #c ~ ! é"
    plan = replace(PLAN, program=("printf", "%s|"), environment_file=Path("/srv", name))
    for cron in CRONS:
        command = cron(crontab.cron_line(plan)).replace(b">/dev/null", b"")
        words = [b"busybox", b"sh"] if shell == "busybox" else [shell.encode()]
        done = subprocess.run([*words, b"-c", command], capture_output=True, check=True)
        assert done.stdout.decode() == f"keep|--environment|/srv/{name}|"


@pytest.mark.parametrize("name", ["a\\\\b", "a\\%b", "a\\'b", "a\\"])
def test_a_backslash_that_crons_read_differently_is_refused(name: str) -> None:
    with pytest.raises(TimerError) as caught:
        crontab.cron_line(replace(PLAN, environment_file=Path("/srv", name)))
    assert caught.value.problem is TimerProblem.PATH_UNUSABLE


def test_a_home_of_150_characters_has_a_line_under_300() -> None:
    folder = f"/home/{'m' * 60}/{'a' * 83}"
    assert len(folder) == 150
    plan = replace(
        PLAN,
        program=(f"/home/{'m' * 60}/.local/share/pipx/venvs/igauth-with-extras/bin/igauth",),
        environment_file=Path(folder, "timer.env"),
        account_home=f"/home/{'m' * 60}",
    )
    line = crontab.cron_line(plan)
    assert len(line) < 300
    assert b" ~/" in line
    assert crontab.words_of(line, plan.account_home)[:4] == [*plan.words]
    assert len(crontab.cron_line(replace(plan, account_home="", program=("/usr/bin/igauth",)))) < 300


def test_a_line_that_no_cron_takes_is_refused() -> None:
    path = Path("/srv", *(["x" * 200] * 5))
    with pytest.raises(TimerError) as caught:
        crontab.cron_line(replace(PLAN, environment_file=path))
    assert caught.value.problem is TimerProblem.LINE_TOO_LONG
    with pytest.raises(TimerError) as caught:
        crontab.cron_line(replace(PLAN, environment_file=Path("/srv/a\nb")))
    assert caught.value.problem is TimerProblem.PATH_UNUSABLE


OTHERS = st.one_of(
    st.binary(max_size=80),
    st.lists(
        st.sampled_from(
            [
                b"MAILTO=me\n",
                b"5 4 * * * true\r\n",
                b"\x0c\n",
                b"# caf\xe9 \xc2\x85 x\n",
                b"# igauth schedule\n",
                b"1 2 * * * x # igauth schedule ffffffff\n",
                b"1 2 * * * x keep --environment y # igauth schedule\n",
                b"\n",
                b"no line end",
            ]
        )
    ).map(b"".join),
)


@given(OTHERS)
def test_any_crontab_is_unchanged_by_install_and_remove(others: bytes) -> None:
    once = crontab.with_line(others, PLAN)
    assert once.startswith(others)
    assert once.endswith(b"\n")
    assert once.count(crontab.mark_of(PLAN)) == 1
    assert crontab.with_line(once, PLAN) == once
    assert crontab.line_in(once, PLAN) == crontab.cron_line(PLAN)
    assert crontab.without_line(once, PLAN) == others


@given(OTHERS, OTHERS)
def test_lines_that_came_after_ours_stay(before: bytes, after: bytes) -> None:
    once = crontab.with_line(before, PLAN)
    moved = replace(PLAN, program=("/elsewhere/igauth",))
    assert crontab.with_line(once + after, moved).endswith(after)
    line_end = b"\n" if before and not before.endswith(b"\n") and after else b""
    assert crontab.without_line(crontab.with_line(once + after, moved), moved) == before + line_end + after


def test_a_line_that_was_commented_out_is_not_ours() -> None:
    line = b"#" + crontab.cron_line(PLAN) + b"\n"
    assert crontab.line_in(line, PLAN) is None
    assert crontab.without_line(line, PLAN) == line


def test_a_line_with_another_time_runs_what_is_planned() -> None:
    line = crontab.cron_line(PLAN)
    for time in (b"1 22 * * *", b"*/5\t* 1,15  * mon-fri", b"@daily"):
        changed = line.replace(b"7 3 * * *", time)
        assert crontab.runs_as_planned(changed, PLAN)
        assert crontab.words_of(changed, "/home/me")[:4] == list(PLAN.words)
    assert not crontab.runs_as_planned(line.replace(b"keep", b"keep --loop"), PLAN)


OLD = (
    b"7 3 * * * IGAUTH_ACTOR=timer %s/opt/igauth due --unchecked 20h >/dev/null && "
    b"{ /opt/igauth status --check >/dev/null 2>&1; /opt/igauth refresh --due >/dev/null; } # igauth schedule\n"
)


@pytest.mark.parametrize(
    ("named", "plan", "is_ours"),
    [
        (b"IGAUTH_HOME=/srv/h ", PLAN, True),
        (b"IGAUTH_HOME=/srv/other ", PLAN, False),
        (b"", PLAN, False),
        (b"", replace(PLAN, home_id=""), True),
        (b"IGAUTH_HOME=/srv/other ", replace(PLAN, home_id=""), False),
        (b"IGAUTH_HOME='/srv/1 \\% x' ", replace(PLAN, environment_file=Path("/srv/1 % x/timer.env")), True),
    ],
)
def test_the_line_of_older_versions_is_known_by_its_home(named: bytes, plan: Plan, is_ours: bool) -> None:
    old = OLD.replace(b"%s", named)
    assert (crontab.line_in(old, plan) is not None) is is_ours
    assert crontab.without_line(old, plan) == (b"" if is_ours else old)
    assert crontab.with_line(old, plan).count(b"\n") == (1 if is_ours else 2)
    assert crontab.words_of(old.strip(), "/home/me")[0] == "/opt/igauth"


def test_only_the_home_without_variables_has_no_word_of_its_own() -> None:
    def of(folder: str) -> str:
        return home_id(Home(Path(folder), Path(folder), Path(folder)), "/home/me")

    assert of("/home/me/.local/share/igauth") == ""
    assert len(of("/srv/h")) == 8
    assert of("/srv/h") == of("/srv/h") != of("/srv/i")
