"""`--log FILE` and `--verbose`: what igauth did, without secrets, and nothing unless asked for."""

import logging
import os
import stat
from pathlib import Path

import pytest

from tests.commands.running import Person, inside, outside
from tests.promises.canaries import Canaries, nothing
from tests.test_import_hygiene import _COMMAND, modules
from tui.log import log, start_log, stop_log
from tui.redact import Secret


def test_the_log_has_requests_vault_and_results(person: Person, tmp_path: Path) -> None:
    person.import_tokens("user_due")
    file = tmp_path / "igauth.log"
    done = outside("--log", str(file), "refresh", "user_due")
    assert done.status == 0, done.err
    text = file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    host = person.sandbox.graph_url.removeprefix("http://")
    assert f"GET {host}/v26.0/debug_token: 200 in " in text
    assert "igauth.db (journal " in text
    assert "refresh user_due: extended (done)" in text
    assert "?" not in text
    world = person.sandbox.world
    canaries = Canaries({"App Secret": world.app_secret, "token": person.value("user_due")})
    nothing(canaries.found_in(file.read_bytes() + done.err.encode(), "log"))


def test_verbose_writes_the_log_to_stderr(person: Person) -> None:
    done = inside("--verbose", "status")
    assert "opened " in done.err
    assert "opened " not in inside("status").err


def test_a_failed_request_is_logged_with_its_fault(person: Person, tmp_path: Path) -> None:
    person.point_at("http://127.0.0.1:9")
    file = tmp_path / "igauth.log"
    inside("--log", str(file), "add", "acme", "--verify")
    assert "127.0.0.1:9/" in file.read_text()
    assert "connection refused in " in file.read_text()


def test_schedule_actions_are_logged(person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "bin" / "crontab"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\ncat >/dev/null\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    file = tmp_path / "igauth.log"
    assert inside("--log", str(file), "schedule", "install", "--with", "cron", "--yes").status == 0
    assert "schedule install with cron" in file.read_text()


def test_a_log_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    done = inside("--log", str(tmp_path / "missing" / "igauth.log"), "status")
    assert (done.status, done.out) == (64, "")
    assert "cannot be written" in done.err


def test_the_full_screen_view_cannot_be_verbose() -> None:
    assert inside("--verbose").status == 64


def test_every_line_is_redacted_and_harmless(tmp_path: Path) -> None:
    file = tmp_path / "igauth.log"
    start_log(str(file), verbose=False)
    try:
        secret = Secret("a-long-enough-secret")
        log("%s and %s", secret.reveal(), "EAAB0123456789abcdefghij")
        log("\x1b]0;title\x07 access_token=abcdefgh")
    finally:
        stop_log()
    log("after the end")
    text = file.read_text()
    assert secret.reveal() not in text
    assert "EAAB" not in text
    assert "abcdefgh" not in text
    assert "\x1b" not in text
    assert "after" not in text
    assert logging.getLogger("igauth").handlers == []


def test_no_log_does_not_load_logging() -> None:
    assert "logging" not in modules(_COMMAND, "status")
