"""A crash tells its path and nothing secret, restores the terminal, and cannot itself fail."""

import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.conftest import TOKEN, host_command
from tests.terminals import PseudoTerminal
from tui.redact import HIDDEN, Secret
from tui.terminal.crash import KEPT_REPORTS, message, report, write_report

SECRET = "s3cret-value-of-a-test-that-has-no-known-shape"


def failure(text: str = "it broke") -> BaseException:
    access_token = SECRET
    try:
        raise RuntimeError(text) from ValueError(f"because of {access_token}")
    except RuntimeError as error:
        return error


@pytest.mark.parametrize("key", ["x", "w"], ids=["in a handler", "in a worker"])
def test_a_crash_shows_no_secret_and_names_its_report(key: str, plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports), plain_env, columns=200) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send(key)
        assert terminal.wait_exit() == 1
        (path,) = reports.glob("crash-*.txt")
        assert terminal.left_on == set()
        assert terminal.modes_now == terminal.modes_before
        assert str(path) in terminal.text
        assert "RuntimeError" in terminal.text
        assert "Traceback" not in terminal.text
        assert TOKEN.encode() not in terminal.raw
    text = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert TOKEN not in text
    assert "\x1b" not in text
    assert "host_app.py" in text
    assert "RuntimeError" in text
    assert "TERM=xterm-256color" in text
    assert "textual: 8.2.8" in text
    assert "over ssh: no" in text


def test_the_report_has_no_secret_no_locals_and_no_escape() -> None:
    Secret(SECRET)
    text = report(failure(f"{SECRET} \x1b[2J\u202e client_secret=0123456789abcdef0123456789abcdef"), {}, "now")
    assert SECRET not in text
    assert HIDDEN in text
    assert "0123456789abcdef" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "ValueError" in text


def test_a_local_variable_is_never_in_the_report() -> None:
    def fail() -> None:
        looks_harmless = "".join(["neither known ", "nor shaped like one"])
        raise RuntimeError(f"{len(looks_harmless)} characters")

    with pytest.raises(RuntimeError) as caught:
        fail()
    text = report(caught.value, {}, "now")
    assert "33 characters" in text
    assert "neither known nor shaped like one" not in text


def test_the_environment_is_not_in_the_report() -> None:
    text = report(failure(), {"TERM": "xterm", "MY_PASSWORD": "hunter2hunter2", "SSH_CONNECTION": "1 2 3 4"}, "now")
    assert "hunter2" not in text
    assert "over ssh: yes" in text


def test_ten_reports_are_kept_the_newest(tmp_path: Path) -> None:
    for second in range(KEPT_REPORTS + 5):
        path = write_report(failure(), tmp_path, now=1_700_000_000 + second)
        assert path is not None
        os.utime(path, (second, second))
    kept = sorted(path.name for path in tmp_path.glob("crash-*.txt"))
    assert len(kept) == KEPT_REPORTS
    assert kept[-1].startswith("crash-20231114T221334Z-")


def test_two_crashes_in_one_second_are_two_reports(tmp_path: Path) -> None:
    first, second = (write_report(failure(), tmp_path, now=1_700_000_000) for _ in range(2))
    assert first != second
    assert first is not None
    assert second is not None
    assert first.exists()
    assert second.exists()


def test_only_its_owner_can_read_the_log_folder(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = write_report(failure(), tmp_path / "log")
    finally:
        os.umask(before)
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


class _Unspeakable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


def _in_a_file(folder: Path) -> Path:
    path = folder / "file"
    path.write_text("")
    return path


@pytest.mark.parametrize("place", [_in_a_file, lambda folder: Path("/proc/nowhere")], ids=["a file", "forbidden"])
def test_an_unwritable_folder_is_reported_and_never_raised(place: Callable[[Path], Path], tmp_path: Path) -> None:
    error = failure()
    path = write_report(error, place(tmp_path))
    assert path is None
    assert "could not be written" in message(error, path)
    assert "that file" not in message(error, path), "there is none"


def test_an_error_that_cannot_be_written_out_is_reported(tmp_path: Path) -> None:
    path = write_report(_Unspeakable(), tmp_path)
    assert path is not None
    assert "_Unspeakable" in path.read_text()
    assert "_Unspeakable" in message(_Unspeakable(), path)


def test_a_symlink_in_the_place_of_a_report_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile._get_candidate_names", lambda: iter(["taken", "free"]))
    target = tmp_path / "target"
    target.write_text("untouched")
    (tmp_path / "crash-20231114T221320Z-taken.txt").symlink_to(target)
    path = write_report(failure(), tmp_path, now=1_700_000_000)
    assert path is not None
    assert path.name == "crash-20231114T221320Z-free.txt"
    assert target.read_text() == "untouched"


def test_a_crash_with_an_unwritable_folder_still_ends_well(plain_env: dict[str, str], reports: Path) -> None:
    reports.rmdir()
    reports.write_text("a file where the folder should be")
    with PseudoTerminal(host_command(reports), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.send("x")
        assert terminal.wait_exit() == 1
        assert "could not be written" in terminal.text
        assert terminal.left_on == set()


def test_a_crash_while_ending_keeps_the_terminal_clean(plain_env: dict[str, str], reports: Path) -> None:
    with PseudoTerminal(host_command(reports, 0, 0.5), plain_env) as terminal:
        terminal.wait_for("HOST READY")
        terminal.signal(signal.SIGTERM)
        terminal.send("x")
        assert terminal.wait_exit() in {1, 143}
        assert terminal.left_on == set()
        assert TOKEN.encode() not in terminal.raw
