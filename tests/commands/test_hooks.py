"""Hooks: facts in the environment, never a token, and each event once."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands.running import UNREACHABLE, Person, inside
from tui.services import open_services
from tui.tokens.automation import RunFailure, RunProblem, TimerKind
from tui.tokens.token import DAY


def _with_hook(home: Path, event: str, command: list[str]) -> None:
    file = home / "config.toml"
    file.write_text(f"{file.read_text()}\n[hooks]\n{event} = {command!r}\n".replace("'", '"'))


def test_a_hook_gets_facts_and_never_the_token(person: Person, own_home: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    person.import_tokens("user_due")
    _with_hook(own_home, "extended", ["sh", "-c", f"env > {seen}"])
    assert inside("refresh", "user_due").status == 0
    text = seen.read_text()
    assert "IGAUTH_EVENT=extended" in text
    assert "IGAUTH_TOKEN_NAME=user_due" in text
    assert person.value("user_due") not in text
    assert inside("token", "user_due").out.strip() not in text


def test_a_hook_that_fails_or_is_missing_is_reported(person: Person, own_home: Path) -> None:
    person.import_tokens("user_expired")
    _with_hook(own_home, "expired", ["false"])
    done = inside("refresh", "user_expired", "--json")
    assert done.status == 1
    assert "Hook expired ended with status 1" in done.err
    assert done.json["results"]


def test_the_hook_runs_once_for_each_token_that_expired(person: Person, own_home: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    person.import_tokens("user_long", "user_data_access")
    _with_hook(own_home, "expired", ["sh", "-c", f"echo $IGAUTH_TOKEN_NAME $IGAUTH_STATE $IGAUTH_REASON >> {seen}"])
    inside("refresh", "--due")
    assert seen.read_text() == "user_data_access invalid data_access\n"
    person.sandbox.revoke("user_long", "password_changed")
    for _ in range(2):
        inside("status", "--check")
        inside("refresh", "--due")
    assert seen.read_text() == "user_data_access invalid data_access\nuser_long invalid 190/460\n"


def test_a_failed_hook_is_seen_by_keep_and_doctor(person: Person, own_home: Path, tmp_path: Path) -> None:
    person.import_tokens("user_data_access")
    _with_hook(own_home, "expired", [str(tmp_path / "notify")])
    done = inside("keep")
    assert (done.status, f"could not be started: {tmp_path / 'notify'}: No such file" in done.err) == (1, True)
    assert "hooks.expired in config.toml" in done.err
    done = inside("keep")
    assert (done.status, "could not be started" in done.err) == (1, True), "tried again tomorrow; till then it says why"
    doctor = inside("doctor", "--json")
    found = [
        one for one in doctor.json["findings"] if one["check"] == "hooks"
    ]  # that it failed, and that it is not there
    assert (doctor.status, {one["level"] for one in found}, len(found)) == (1, {"failure"}, 2)
    assert any("user_data_access" in one["text"] for one in found)


def test_a_hook_that_fails_for_two_tokens_is_named_once(person: Person, own_home: Path) -> None:
    person.import_tokens("user_data_access", "user_expired")
    _with_hook(own_home, "expired", ["false"])
    assert inside("keep").err.count("Hook expired ended with status 1") == 1


def test_a_run_fails_while_a_hook_waits_for_its_next_try(person: Person, own_home: Path) -> None:
    person.import_tokens("user_data_access")
    _with_hook(own_home, "expired", ["false"])
    services = open_services(os.environ, "command")
    services.timer.note_installed(TimerKind.CRON)
    services.vault.close()
    for command in (["keep"], ["keep"], ["refresh", "--due"]):
        inside(*command)
        services = open_services(os.environ, "command")
        timer = services.timer.read()
        services.vault.close()
    assert timer is not None
    assert timer.run is not None
    assert RunFailure(RunProblem.HOOK, ("expired",), "1") in timer.run.failures


def test_a_person_who_corrected_a_hook_need_not_wait(
    person: Person, own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = tmp_path / "notify"
    person.import_tokens("user_long", "user_due")
    _with_hook(own_home, "extended", [str(hook)])
    for _ in range(2):
        done = inside("keep")
        assert (done.status, "Hook extended could not be started" in done.err) == (1, True)
    hook.write_text("#!/bin/sh\n")
    hook.chmod(0o755)
    assert inside("keep").status == 1, "a timer waits for tomorrow"
    monkeypatch.setattr("os.isatty", lambda descriptor: True)
    monkeypatch.setenv("IGAUTH_ACTOR", "command")
    assert inside("keep").status == 0
    assert inside("doctor", "--json").status == 0


def test_a_hook_hears_that_facebook_was_silent_for_days(person: Person, own_home: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    person.import_tokens("user_long")
    _with_hook(own_home, "unreachable", ["sh", "-c", f"echo $IGAUTH_UNREACHABLE_SINCE $IGAUTH_REASON >> {seen}"])
    services = open_services(os.environ, "command")
    token = services.token_store.token("user_long")
    services.token_store.update_token(replace(token, inspected_at=int(services.clock.now()) - 3 * DAY))
    services.vault.close()
    person.point_at(UNREACHABLE)
    for _ in range(2):
        assert inside("keep").status == 3
    (line,) = seen.read_text().splitlines()
    since, cause = line.split()
    assert (since[-1], cause) == ("Z", "unreachable")
