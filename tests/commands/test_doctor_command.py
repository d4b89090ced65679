"""`igauth doctor`: what is checked, and with which exit status."""

import json
import stat
from pathlib import Path

import pytest

from tests.commands.running import UNREACHABLE, Person, inside, outside
from tui.vault.errors import FileProblem
from tui.vault.permissions import FileReport
from tui.wording.vault import file_report


def test_doctor_exits_0_without_problems(person: Person) -> None:
    done = inside("doctor", "--json")
    assert done.status == 0, done.out
    findings = done.json["findings"]
    assert done.json["schema"] == 1
    checks = {finding["check"] for finding in findings}
    assert {"paths", "permissions", "vault", "secrets", "network", "clock", "trust", "terminal"} <= checks
    assert person.sandbox.world.app_secret not in done.out


def test_doctor_names_each_host_and_each_count_once(person: Person) -> None:
    person.import_tokens("user_long")
    done = inside("doctor")
    assert f"Not Meta's own hosts: {person.sandbox.graph_url}\n" in done.out
    assert "Integrity: OK, 1 token, journal" in done.out


@pytest.mark.parametrize(
    ("text", "message"), [("[profiles.acme\n", "line 1, column"), ('bell = "yes"\n', "bell must be true or false")]
)
def test_doctor_reports_a_bad_configuration_and_checks_the_rest(
    person: Person, own_home: Path, text: str, message: str
) -> None:
    (own_home / "config.toml").write_text(text)
    done = inside("doctor", "--json")
    assert done.status == 1
    (failure,) = [finding for finding in done.json["findings"] if finding["level"] == "failure"]
    assert failure["check"] == "configuration"
    assert message in failure["text"]
    assert failure["cure"]
    checks = {finding["check"] for finding in done.json["findings"]}
    assert {"paths", "permissions", "vault", "secrets", "network", "trust", "terminal"} <= checks
    assert inside("doctor").status == 1
    assert (own_home / "config.toml").read_text() == text


def test_doctor_reports_an_unusable_home_and_checks_the_rest(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("IGAUTH_HOME", str(tmp_path / "file" / "home"))
    done = inside("doctor", "--json")
    assert done.status == 1
    failures = [finding for finding in done.json["findings"] if finding["level"] == "failure"]
    assert {failure["check"] for failure in failures} <= {"paths", "configuration"}
    assert "is not a folder" in failures[0]["text"]
    assert {"network", "trust", "terminal"} <= {finding["check"] for finding in done.json["findings"]}


def test_doctor_reports_a_flawed_app_id_only_as_flawed(person: Person, own_home: Path) -> None:
    file = own_home / "config.toml"
    file.write_text(file.read_text().replace(f'"{person.sandbox.world.app_id}"', "12"))
    rows = [row for row in inside("doctor", "--json").json["findings"] if row["check"] == "profiles"]
    assert [row["level"] for row in rows] == ["warning"]


def test_doctor_exits_1_for_an_unreachable_host(person: Person) -> None:
    person.point_at(UNREACHABLE)
    done = inside("doctor", "--json")
    assert done.status == 1
    (failure,) = [finding for finding in done.json["findings"] if finding["level"] == "failure"]
    assert failure["check"] == "network"
    assert failure["cure"]


def test_doctor_fixes_files_open_to_others(person: Person, own_home: Path) -> None:
    database = own_home / "igauth.db"
    database.chmod(0o644)
    own_home.chmod(0o755)
    done = inside("doctor")
    assert done.status == 1
    assert file_report(FileReport(database, 0o644, FileProblem.OPEN_TO_OTHERS)).what in done.out
    assert stat.S_IMODE(database.stat().st_mode) == 0o644
    assert inside("doctor", "--fix").status == 0
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert stat.S_IMODE(own_home.stat().st_mode) == 0o700


def test_doctor_warns_of_a_wrong_clock(person: Person) -> None:
    person.sandbox.clock.advance(3600)
    done = inside("doctor", "--json")
    (clock,) = [finding for finding in done.json["findings"] if finding["check"] == "clock"]
    assert clock["level"] == "warning"
    assert "behind the server's" in clock["text"]
    assert done.status == 0


@pytest.mark.parametrize(
    ("keyring", "cure"),
    [
        ("keyring.backends.null.Keyring", "Encrypt them with a passphrase: igauth secrets --move-to sealed"),
        ("tests.commands.file_keyring.Keyring", "Use the keyring: igauth secrets --move-to keyring"),
    ],
)
def test_doctor_names_a_better_secret_store(person: Person, tmp_path: Path, keyring: str, cure: str) -> None:
    assert inside("secrets", "--json").json["backend"] == "database"
    environ = {"PYTHON_KEYRING_BACKEND": keyring, "KEYRING_FILE": str(tmp_path / "keyring.json")}
    findings = json.loads(outside("doctor", "--json", environ=environ).out)["findings"]
    (found,) = [finding for finding in findings if finding["check"] == "secrets" and finding["level"] == "warning"]
    assert (found["level"], found["cure"]) == ("warning", cure)
    place = cure.rpartition(" ")[2]
    assert outside("secrets", "--move-to", place, stdin=b"correct horse\n", environ=environ).status == 0
    findings = json.loads(outside("doctor", "--json", environ=environ).out)["findings"]
    assert ("ok", None) in [(row["level"], row["cure"]) for row in findings if row["check"] == "secrets"]
