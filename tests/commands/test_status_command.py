"""`igauth status`: exit statuses, JSON and formats; it asks Facebook only with --check."""

import os
from pathlib import Path

import pytest

from tests.commands.running import UNREACHABLE, Done, Person, inside, outside
from tui.commands.status import FORMATS
from tui.services import open_services
from tui.tokens.automation import Run, RunFailure, RunProblem, TimerKind

UNUSABLE, UNKNOWN, DUE, VALID = 2, 3, 1, 0


def _status(*options: str) -> Done:
    return inside("status", *options)


def test_no_token_at_all_is_3_and_makes_no_database(own_home: Path) -> None:
    done = outside("status")
    assert done.status == UNKNOWN
    assert not (own_home / "igauth.db").exists()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("user_long",), VALID),
        (("user_long", "page_never", "user_never", "system_user"), VALID),
        (("user_long", "user_due"), DUE),
        (("user_long", "user_short"), DUE),
        (("user_long", "user_due", "user_expired"), UNUSABLE),
        (("user_long", "user_password_changed"), UNUSABLE),
    ],
)
def test_the_exit_status_is_the_worst_state(person: Person, names: tuple[str, ...], expected: int) -> None:
    person.import_tokens(*names)
    assert _status().status == expected
    assert _status("--json").status == expected
    assert _status("--check").status == expected


def test_unknown_ranks_between_due_and_unusable(person: Person) -> None:
    person.import_tokens("user_due")
    url = person.sandbox.graph_url
    person.point_at(UNREACHABLE)
    person.import_tokens("user_long")
    assert _status().status == UNKNOWN
    person.point_at(url)
    person.import_tokens("user_expired")
    assert _status().status == UNUSABLE
    assert _status("--profile", "acme").status == UNUSABLE


def test_a_failed_check_keeps_the_states_and_exits_3(person: Person) -> None:
    person.import_tokens("user_long", "user_due")
    before = _status("--json").json["tokens"]
    person.point_at(UNREACHABLE)
    done = _status("--check", "--json")
    assert done.status == UNKNOWN
    assert [row["state"] for row in done.json["tokens"]] == [row["state"] for row in before]
    assert [row["inspected_at"] for row in done.json["tokens"]] == [row["inspected_at"] for row in before]
    assert "could not ask about" in done.err
    person.point_at(person.sandbox.graph_url)
    person.import_tokens("user_expired")
    person.point_at(UNREACHABLE)
    assert _status("--check").status == UNUSABLE


def test_check_reports_a_change_since_the_last_check(person: Person) -> None:
    person.import_tokens("user_long")
    person.sandbox.revoke("user_long", "password_changed")
    assert _status().status == VALID
    done = _status("--check", "--json")
    assert done.status == UNUSABLE
    (row,) = done.json["tokens"]
    assert (row["state"], row["reason"]) == ("invalid", "190/460")


def test_without_check_facebook_is_not_asked(person: Person) -> None:
    person.import_tokens("user_long")
    calls = len(person.sandbox.calls())
    _status()
    assert len(person.sandbox.calls()) == calls


def test_json_is_in_order_of_deadline_with_times_in_utc(person: Person) -> None:
    person.import_tokens("user_never", "user_long", "user_due", "user_expired", "system_user")
    report = _status("--json").json
    assert report["schema"] == 1
    assert report["matillion"] == []
    rows = report["tokens"]
    deadlines = [row["deadline"] for row in rows]
    assert deadlines[-1] is None
    assert deadlines[:-1] == sorted(deadlines[:-1])
    by_name = {row["name"]: row for row in rows}
    assert by_name["user_expired"]["seconds_left"] == 0
    assert by_name["user_never"]["expires_at"] is None
    assert by_name["system_user"]["seconds_left"] is None
    assert by_name["user_long"]["deadline"].endswith("Z")
    assert by_name["user_long"]["pages"]
    assert {"profile", "name", "kind", "state", "reason", "expires_at", "data_access_expires_at", "deadline"} <= set(
        rows[0]
    )


def test_no_secret_is_in_any_format(person: Person) -> None:
    person.import_tokens("user_long", "user_due")
    secrets = [person.value("user_long"), person.value("user_due"), person.sandbox.world.app_secret]
    for form in FORMATS:
        shown = _status("--format", form).out
        assert shown
        assert not [secret for secret in secrets if secret in shown]


def test_nagios_is_one_line_with_the_level_of_the_status(person: Person) -> None:
    person.import_tokens("user_long", "user_due")
    done = _status("--format", "nagios")
    assert done.status == DUE
    assert done.out.startswith("IGAUTH WARNING - ")
    assert done.out.count("\n") == 1
    assert " | 'user_due'=" in done.out


def test_only_nagios_counts_a_timer_that_fails(person: Person) -> None:
    person.import_tokens("user_long")
    services = open_services(os.environ, "command")
    services.timer.note_installed(TimerKind.CRON)
    services.timer.note_run(Run(1, 2, 0, (RunFailure(RunProblem.STORE),)))
    assert _status("--format", "nagios").status == 1
    for form in FORMATS:
        done = _status("--format", form)
        assert done.status == (1 if form == "nagios" else VALID)
    assert "timer runs have failed since" in _status("--format", "nagios").out
    (line,) = [line for line in _status("--format", "prometheus").out.splitlines() if "_last_run_success{" in line]
    assert line.endswith(" 0")


def test_output_goes_to_the_file_and_stdout_stays_empty(person: Person, tmp_path: Path) -> None:
    person.import_tokens("user_long")
    target = tmp_path / "igauth.prom"
    target.write_text("old")
    done = _status("--format", "openmetrics", "--output", str(target))
    assert (done.status, done.out) == (VALID, "")
    assert 'name="user_long"' in target.read_text()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".igauth.prom")] == []


def test_an_output_path_that_fails_exits_64(person: Person, tmp_path: Path) -> None:
    done = _status("--output", str(tmp_path / "missing" / "file"))
    assert (done.status, done.out) == (64, "")


def test_a_table_without_a_terminal_has_no_color(person: Person) -> None:
    person.import_tokens("user_long")
    assert "\x1b" not in _status().out


def test_an_unknown_configuration_key_is_named_on_stderr(person: Person, own_home: Path) -> None:
    file = own_home / "config.toml"
    file.write_text('tint = "red"\n' + file.read_text())
    assert 'Unknown key "tint" in config.toml ignored.' in _status().err


def test_an_unreadable_vault_exits_3_with_advice(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "igauth.db").symlink_to(own_home / "elsewhere")
    (own_home / "elsewhere").write_text("x")
    done = _status()
    assert (done.status, done.out) == (UNKNOWN, "")
    assert "symbolic link" in done.err


def test_matillions_own_authorization_is_an_estimate(person: Person, own_home: Path) -> None:
    file = own_home / "config.toml"
    file.write_text(
        file.read_text()
        + '[profiles.acme.matillion]\nbase_url = ""\noauth_entry = "ig_prod"\nauthorised_at = 1700000000\n'
    )
    report = _status("--json")
    assert report.status == UNKNOWN
    (row,) = report.json["matillion"]
    assert (row["entry"], row["estimated"], row["seconds_left"]) == ("ig_prod", True, 0)


def test_a_profile_with_config_id_has_no_missing_scopes(person: Person, own_home: Path) -> None:
    person.import_tokens("user_long")
    file = own_home / "config.toml"
    text = file.read_text().replace("[profiles.acme]", '[profiles.acme]\nscopes = ["instagram_content_publish"]')
    file.write_text(text)
    assert _status("--json").json["tokens"][0]["missing_scopes"] == ["instagram_content_publish"]
    file.write_text(text.replace("[profiles.acme]", '[profiles.acme]\nconfig_id = "123456789"'))
    assert _status("--json").json["tokens"][0]["missing_scopes"] == []
    (line,) = [line for line in _status("--format", "openmetrics").out.splitlines() if "missing_scopes{" in line]
    assert line.endswith(" 0")


def test_the_table_has_words_and_the_json_has_codes(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    person.import_tokens("system_user")
    imported = inside("import", "user_data_access", "--profile", "acme", stdin=person.value("user_data_access"))
    table = _status("--format", "table").out
    for shown in (table, imported.err, _status("--format", "nagios").out.partition("|")[0]):
        assert "data_access" not in shown.replace("user_data_access", "")
    assert "system user" in table
    assert "data access ended" in table
    assert "(data access ended)" in imported.err
    rows = {row["name"]: row for row in _status("--json").json["tokens"]}
    assert rows["user_data_access"]["reason"] == "data_access"
    assert rows["system_user"]["kind"] == "system_user"
