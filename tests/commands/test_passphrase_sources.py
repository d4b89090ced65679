"""The passphrase of sealed secrets without a terminal: from a file, a descriptor, a program; and each one's faults."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import tomli_w

from tests.commands.running import PASSPHRASE, ROOT, TIMEOUT, Person, without_terminal
from tests.terminals.waiting import wait_until
from tui.services.passphrase_command import LONGEST, PassphraseCommand, passphrase_from
from tui.timer.credential import CREDENTIAL
from tui.vault.errors import PassphraseCommandFailed, SecretsProblem, SecretsUnavailable, WrongPassphrase
from tui.vault.passphrase import PassphraseSource
from tui.wording.commands import command_text
from tui.wording.vault import vault_error

Done = subprocess.CompletedProcess[str]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A private file with the passphrase."""
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    path.chmod(0o600)
    return path


def by_file(file: Path, *arguments: str, stdin: str = "") -> Done:
    return without_terminal(*arguments, "--passphrase-file", str(file), stdin=stdin)


def by_descriptor(file: Path, *arguments: str, stdin: str = "") -> Done:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        return subprocess.run(
            [sys.executable, "-m", "tui", *arguments, "--passphrase-file", str(descriptor)],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
            pass_fds=[descriptor],
            cwd=ROOT,
            timeout=TIMEOUT,
        )
    finally:
        os.close(descriptor)


def by_command(file: Path, *arguments: str, stdin: str = "") -> Done:
    set_command(["cat", str(file)])
    return without_terminal(*arguments, stdin=stdin)


def set_command(command: Sequence[str]) -> None:
    config = Path(os.environ["IGAUTH_HOME"]) / "config.toml"
    rest = "".join(line for line in config.read_text().splitlines(True) if not line.startswith("passphrase_command"))
    (line,) = tomli_w.dumps({"passphrase_command": " "}).splitlines()
    config.write_text(line.replace('" "', str(list(command)).replace("'", '"')) + "\n" + rest)


ways = pytest.mark.parametrize("way", [by_file, by_descriptor, by_command])
Way = Callable[..., Done]


@ways
def test_sealed_secrets_are_used_without_a_terminal(sealed: Person, file: Path, tmp_path: Path, way: Way) -> None:
    token = way(file, "token", "user_due")
    assert (token.returncode, token.stdout.strip()) == (0, sealed.value("user_due")), token.stderr
    backup = way(file, "backup", str(tmp_path / "all.backup"), stdin="another passphrase")
    assert backup.returncode == 0, backup.stderr
    keep = way(file, "keep")
    assert (keep.returncode, "user_due" in keep.stdout) == (0, True), keep.stderr
    assert way(file, "status", "--check").returncode == 0
    assert PASSPHRASE not in token.stderr + backup.stdout + backup.stderr + keep.stdout + keep.stderr


@ways
def test_a_wrong_passphrase_names_its_source(sealed: Person, file: Path, way: Way) -> None:
    file.write_text("guessed")
    done = way(file, "token", "user_due")
    source = PassphraseSource.COMMAND if way is by_command else PassphraseSource.FILE
    assert (done.returncode, done.stdout) == (1, "")
    assert vault_error(WrongPassphrase(source)).what in done.stderr
    assert "guessed" not in done.stderr


def test_each_source_has_words_for_a_wrong_passphrase() -> None:
    assert len({vault_error(WrongPassphrase(source)).what for source in PassphraseSource}) == len(PassphraseSource)


def test_stdin_gives_it_where_nothing_else_reads_it(sealed: Person, tmp_path: Path) -> None:
    done = without_terminal("token", "user_due", "--passphrase-file", "-", stdin=PASSPHRASE + "\n")
    assert done.stdout.strip() == sealed.value("user_due"), done.stderr
    for name in ("-", "0", "/dev/stdin"):
        backup = without_terminal("backup", str(tmp_path / "b"), "--passphrase-file", name, stdin=PASSPHRASE)
        assert (backup.returncode, command_text("passphrase", "stdin", name=name) in backup.stderr) == (64, True)


def test_a_process_substitution_gives_it(sealed: Person) -> None:
    line = f"{sys.executable} -m tui token user_due --passphrase-file <(printf '%s\\n' \"$PHRASE\")"
    done = subprocess.run(
        ["bash", "-c", line],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        env={**os.environ, "PHRASE": PASSPHRASE},
        cwd=ROOT,
        timeout=TIMEOUT,
    )
    assert done.stdout.strip() == sealed.value("user_due"), done.stderr


def test_the_nearest_source_counts(sealed: Person, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("guessed")
    wrong.chmod(0o600)
    assert by_command(wrong, "token", "user_due").returncode == 1
    (tmp_path / CREDENTIAL).write_text(PASSPHRASE)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert without_terminal("token", "user_due", stdin="").returncode == 0  # before the command
    (tmp_path / CREDENTIAL).write_text("guessed")
    assert (
        vault_error(WrongPassphrase(PassphraseSource.UNIT)).what
        in without_terminal("token", "user_due", stdin="").stderr
    )
    assert by_file(file, "token", "user_due").returncode == 0  # before the unit's


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_open_to_others_is_refused(sealed: Person, file: Path, mode: int) -> None:
    file.chmod(mode)
    done = by_file(file, "token", "user_due")
    assert (done.returncode, done.stdout) == (64, "")
    assert f"chmod 600 {file}" in done.stderr
    assert by_descriptor(file, "token", "user_due").returncode == 0  # the one who opened it chose it


@pytest.mark.parametrize(("text", "code"), [("", "empty"), ("\n", "empty"), ("a\nb\n", "lines"), ("a\n\n", "lines")])
def test_other_than_one_line_is_refused(sealed: Person, file: Path, text: str, code: str) -> None:
    file.write_text(text)
    done = by_file(file, "keep")
    assert (done.returncode, command_text("passphrase", code, name=file) in done.stderr) == (64, True)


@pytest.mark.parametrize("name", ["99", "/nowhere/at/all", ".", "/dev/null"])
def test_what_gives_no_passphrase_is_a_usage_error(person: Person, name: str) -> None:
    done = without_terminal("status", "--passphrase-file", name, stdin="")
    assert (done.returncode, done.stdout, name in done.stderr) == (64, "", True)


def test_without_any_source_the_advice_names_them(sealed: Person) -> None:
    done = without_terminal("token", "user_due", stdin="")
    assert (done.returncode, done.stdout) == (1, "")
    assert vault_error(SecretsUnavailable(SecretsProblem.NO_PASSPHRASE)).hint in done.stderr


def test_the_command_runs_once_and_only_when_needed(sealed: Person, file: Path, tmp_path: Path) -> None:
    count = tmp_path / "count"
    set_command(["sh", "-c", f"echo . >> {count}; cat {file}"])
    assert without_terminal("status", stdin="").returncode == 1  # due
    assert not count.exists()
    done = without_terminal("refresh", "--all", stdin="")
    assert (done.returncode, count.read_text()) == (0, ".\n"), done.stderr


def test_a_failing_command_is_a_failure_of_the_run(sealed: Person, tmp_path: Path) -> None:
    set_command(["sh", "-c", "echo locked >&2; echo half; exit 3"])
    done = without_terminal("keep", stdin="")
    error = PassphraseCommandFailed(SecretsProblem.PASSPHRASE_COMMAND_FAILED, "sh", "3")
    assert (done.returncode, vault_error(error).what in done.stderr) == (3, True), done.stderr
    assert "locked\n" in done.stderr  # its own words pass through
    assert "half" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (["/nowhere/at/all"], SecretsProblem.PASSPHRASE_COMMAND_NOT_STARTED),
        (["printf", "a\0b"], SecretsProblem.PASSPHRASE_COMMAND_NOT_STARTED),
        (["false"], SecretsProblem.PASSPHRASE_COMMAND_FAILED),
        (["true"], SecretsProblem.PASSPHRASE_COMMAND_NOT_A_LINE),
        (["printf", "a\\nb\\n"], SecretsProblem.PASSPHRASE_COMMAND_NOT_A_LINE),
    ],
)
def test_how_a_command_fails_is_named(command: list[str], problem: SecretsProblem) -> None:
    with pytest.raises(PassphraseCommandFailed) as caught:
        passphrase_from(command)
    assert (caught.value.problem, caught.value.program) == (problem, command[0])


def test_an_endless_output_is_not_read_to_its_end() -> None:
    with pytest.raises(PassphraseCommandFailed) as caught:
        passphrase_from(["yes", "x" * LONGEST])
    assert caught.value.problem is SecretsProblem.PASSPHRASE_COMMAND_FAILED  # it was ended


def test_a_slow_command_ends_with_its_children(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    for limit in (0.5, 2, 8, 32):  # until it has had the time to begin
        with pytest.raises(PassphraseCommandFailed) as caught:
            passphrase_from(["sh", "-c", f"sleep 600 & echo $! $$ > {pids}; wait"], limit)
        assert caught.value.problem is SecretsProblem.PASSPHRASE_COMMAND_SLOW
        if pids.exists() and (begun := pids.read_text()).endswith("\n"):
            break
    for pid in map(int, begun.split()):
        wait_until(lambda pid=pid: not is_running(pid), f"{pid} still runs")  # type: ignore[misc]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_answer_of_a_command_serves_every_need(tmp_path: Path) -> None:
    count = tmp_path / "count"
    command = PassphraseCommand(["sh", "-c", f"echo . >> {count}; echo {PASSPHRASE}"])
    with ThreadPoolExecutor() as threads:
        answers = [answer.result().reveal() for answer in [threads.submit(command) for _ in range(5)]]
    assert (answers, count.read_text()) == ([PASSPHRASE] * 5, ".\n")


def test_an_empty_credential_leaves_the_passphrase_to_others(
    sealed: Person, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / CREDENTIAL).touch()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert by_command(file, "token", "user_due").stdout.strip() == sealed.value("user_due")


def test_a_failed_command_is_not_asked_by_every_token(tmp_path: Path) -> None:
    count = tmp_path / "count"
    command = PassphraseCommand(["sh", "-c", f"echo . >> {count}; exit 1"])
    for _ in range(3):
        with pytest.raises(PassphraseCommandFailed):
            command()
    assert count.read_text() == ".\n"
