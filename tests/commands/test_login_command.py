"""`igauth login`: every login method on a plain line, against the sandbox."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.commands.running import ROOT, UNREACHABLE, Person, inside, start
from tests.terminals.pseudo import PseudoTerminal
from tui.redact import Secret
from tui.services import open_services
from tui.wording.login import RENEWS_VALID


class _Line:
    """`igauth login` as a process that waits; stdin is a pipe."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tui", "login", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self.process.stdout is not None
        self.link = self.process.stdout.readline().strip()
        fields = parse_qs(urlsplit(self.link).query)
        self.redirect = fields["redirect_uri"][0]
        self.state = fields["state"][0]

    def answer(self, person: Person) -> str:
        """The address a browser would end at."""
        code = person.sandbox.issue_code(redirect_uri=self.redirect)
        return f"{self.redirect}?code={code}&state={self.state}#_=_"

    def end(self, text: str = "") -> tuple[int, str, str]:
        out, err = self.process.communicate(text, timeout=40)
        return self.process.returncode, out, err


@pytest.fixture
def free_port(own_home: Path, person: Person) -> int:
    """Parallel tests must not meet on the default port."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    file = own_home / "config.toml"
    file.write_text(f"login_port = {port}\n{file.read_text()}")
    return port


@pytest.mark.usefixtures("free_port")
def test_a_pasted_address_stores_a_long_lived_token(person: Person) -> None:
    line = _Line("--paste", "--name", "mine")
    address = line.answer(person)
    status, out, err = line.end(address + "\n")
    assert status == 0, err
    assert out == ""
    (row,) = inside("status", "--json").json["tokens"]
    assert (row["name"], row["state"], row["origin"]) == ("mine", "valid", "login")
    assert row["seconds_left"] > 50 * 86_400
    code = parse_qs(urlsplit(address).query)["code"][0]
    assert code not in err
    assert inside("token", "mine").out.strip() not in err


@pytest.mark.usefixtures("free_port")
def test_a_wrapped_paste_is_read_as_one(person: Person) -> None:
    line = _Line("--paste")
    address = line.answer(person)
    assert line.process.stdin is not None
    for at in range(0, len(address), 60):  # each piece arrives by itself, as over a slow line
        line.process.stdin.write(address[at : at + 60] + "\n")
        line.process.stdin.flush()
    status, _, err = line.end()
    assert status == 0, err


@pytest.mark.usefixtures("free_port")
def test_another_attempts_address_is_refused_the_next_accepted(person: Person) -> None:
    line = _Line("--paste")
    assert line.process.stdin is not None
    assert line.process.stderr is not None
    line.process.stdin.write(line.answer(person).replace(line.state, "x" * len(line.state)) + "\n")
    line.process.stdin.flush()
    line_read = ""
    while "another login" not in line_read:
        line_read = line.process.stderr.readline()
        assert line_read
    status, _, err = line.end(line.answer(person) + "\n")
    assert status == 0, err


@pytest.mark.usefixtures("free_port")
def test_nothing_pasted_is_refused_and_stores_nothing(person: Person) -> None:
    status, _, _ = _Line("--paste").end("")
    assert status == 1
    assert inside("status", "--json").json["tokens"] == []


@pytest.mark.usefixtures("free_port")
def test_a_login_that_cannot_ask_exits_3(person: Person) -> None:
    person.point_at(UNREACHABLE)
    line = _Line("--paste")
    status, out, err = line.end(line.answer(person))
    assert (status, out) == (3, ""), err
    assert inside("add", "acme", "--client-token", stdin="c" * 32).status == 0
    assert inside("login", "--device").status == 3


def test_a_browser_here_ends_the_login_by_itself(person: Person, free_port: int) -> None:
    line = _Line("--browser")
    assert line.redirect == f"http://localhost:{free_port}/"
    with urllib.request.urlopen(line.answer(person).partition("#")[0], timeout=20) as page:
        assert page.status == 200
    status, _, err = line.end()
    assert status == 0, err
    assert inside("status").status == 0


def test_forged_requests_are_counted_and_never_end_it(person: Person, free_port: int) -> None:
    line = _Line("--browser")
    for _ in range(3):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://localhost:{free_port}/?code=x&state=forged", timeout=20)
    urllib.request.urlopen(line.answer(person).partition("#")[0], timeout=20).close()
    status, _, err = line.end()
    assert status == 0, err
    assert "Ignored 3 requests that" in err


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_it_and_frees_the_port(free_port: int, number: signal.Signals, status: int) -> None:
    import socket

    line = _Line()
    line.process.send_signal(number)
    assert line.end()[0] == status
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", free_port))


@pytest.mark.usefixtures("free_port")
def test_a_login_renews_the_token_of_its_name(person: Person) -> None:
    person.import_tokens("user_due")
    line = _Line("--paste", "--name", "user_due")
    code = person.sandbox.issue_code(_person_of(person, "user_due"), redirect_uri=line.redirect)
    status, _, err = line.end(f"{line.redirect}?code={code}&state={line.state}\n")
    assert status == 0, err
    (row,) = inside("status", "--json").json["tokens"]
    assert (row["name"], row["state"]) == ("user_due", "valid")


def _person_of(person: Person, token: str) -> str:
    return next(row.person for row in person.sandbox.state.spec.tokens if row.name == token)


def test_device_login_without_a_client_token_explains_it(person: Person) -> None:
    done = inside("login", "--device")
    assert (done.status, done.out) == (64, "")
    assert "client token" in done.err


def test_without_an_app_secret_no_link_is_printed(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "config.toml").write_text('[profiles.bare]\napp_id = "1234567890123456"\n')
    done = inside("login")
    assert (done.status, done.out) == (1, "")
    assert "has no App Secret" in done.err


@pytest.mark.usefixtures("free_port")
def test_a_terminal_paste_of_over_4096_bytes_arrives_whole(person: Person) -> None:
    argv = [sys.executable, "-m", "tui", "login", "--paste"]
    with PseudoTerminal(argv, os.environ, cwd=ROOT, columns=200, rows=50) as terminal:
        terminal.wait_for("press enter")
        text = re.sub(r"\s+", "", terminal.raw.decode())
        link = re.search(r"(http://127\.0\.0\.1:\d+/v[\d.]+/dialog/oauth\?.*?)(?=Needs)", text)
        assert link is not None
        fields = parse_qs(urlsplit(link.group(1)).query)
        code = person.sandbox.issue_code(redirect_uri=fields["redirect_uri"][0])
        address = f"{fields['redirect_uri'][0]}?pad={'p' * 5000}&code={code}&state={fields['state'][0]}"
        terminal.send(address + "\n")
        assert terminal.wait_exit() == 0, terminal.text
        assert terminal.modes_now == terminal.modes_before
    assert json.loads(inside("status", "--json").out)["tokens"]


def test_another_profiles_token_is_not_overwritten(person: Person) -> None:
    person.import_tokens("user_long")
    assert person.add("second").status == 0
    process = start("login", "--paste", "--profile", "second", "--name", "user_long")
    _, err = process.communicate(timeout=40)
    assert process.returncode == 1
    assert "user_long already" in err
    assert "in profile acme" in err
    assert "New token" not in err


@pytest.mark.usefixtures("free_port")
def test_after_a_login_nothing_unproven_is_left_in_the_vault(person: Person, own_home: Path) -> None:
    line = _Line("--paste")
    status, _, err = line.end(line.answer(person) + "\n")
    assert status == 0, err
    vault = open_services({"IGAUTH_HOME": str(own_home)}, "command").vault
    assert [version.status for version in vault.tokens.versions("acme")] == ["current"]
    assert vault.tokens.candidates() == ()
    vault.close()


@pytest.mark.usefixtures("free_port")
def test_a_device_code_logs_in_without_anything_pasted(person: Person, own_home: Path) -> None:
    world = person.sandbox.world
    app = person.sandbox.state.apps_by_key[world.spec.primary_app]
    if not app.device_login:
        pytest.skip("the default world's app has device login switched off")
    vault = open_services({"IGAUTH_HOME": str(own_home)}, "command").vault
    vault.profile_secrets.set("client_token", "acme", Secret(world.client_token))
    vault.close()
    process = start("login", "--device")
    assert process.stderr is not None
    shown = ""
    while "enter the code" not in shown:
        shown = process.stderr.readline()
        assert shown, "no code was shown"
    person.sandbox.approve_device(shown.rsplit(" ", 1)[1].strip(), _person_of(person, "user_long"))
    out, err = process.communicate(timeout=40)
    assert (process.returncode, out) == (0, ""), err


@pytest.mark.usefixtures("free_port")
def test_a_declined_device_code_ends_a_device_only_login(person: Person, own_home: Path) -> None:
    world = person.sandbox.world
    vault = open_services({"IGAUTH_HOME": str(own_home)}, "command").vault
    vault.profile_secrets.set("client_token", "acme", Secret(world.client_token))
    vault.close()
    process = start("login", "--device")
    assert process.stderr is not None
    shown = ""
    while "enter the code" not in shown:
        shown = process.stderr.readline()
        assert shown, "no code was shown"
    person.sandbox.decline_device(shown.rsplit(" ", 1)[1].strip())
    out, err = process.communicate(timeout=40)
    assert (process.returncode, out) == (1, "")
    assert "Log in again: igauth login" in err
    assert inside("status", "--json").json["tokens"] == []


@pytest.mark.usefixtures("free_port")
def test_the_text_for_a_colleague_goes_to_a_new_file_of_ones_own(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "for-ann.txt"
    line = _Line("--hand-over", str(file))
    status, _, err = line.end(line.answer(person) + "\n")
    assert status == 0, err
    text = file.read_text()
    assert line.link in text.splitlines()
    assert person.sandbox.world.app_secret not in text
    assert file.stat().st_mode & 0o777 == 0o600
    assert "has expired" in err
    again = inside("login", "--paste", "--hand-over", str(file))
    assert (again.status, again.out) == (1, ""), "refused before any link"
    assert "was not written: File exists." in again.err
    assert file.read_text() == text
    nowhere = inside("login", "--paste", "--hand-over", str(tmp_path / "no" / "file"))
    assert (nowhere.status, nowhere.out) == (1, "")


@pytest.mark.usefixtures("free_port")
def test_pkce_is_in_the_link_and_its_verifier_in_the_exchange(person: Person) -> None:
    line = _Line("--paste")
    fields = parse_qs(urlsplit(line.link).query)
    assert fields["code_challenge_method"] == ["S256"]
    code = person.sandbox.issue_code(redirect_uri=line.redirect)
    line.end(f"{line.redirect}?code={code}&state={line.state}\n")
    (call,) = [call for call in person.sandbox.calls("access_token") if "code" in call.parameters]
    assert "code_verifier" in call.parameters


def test_the_app_secret_is_asked_for_without_being_shown(person: Person) -> None:
    world = person.sandbox.world
    argv = [sys.executable, "-m", "tui", "add", "typed", "--app-id", world.app_id, "--verify"]
    with PseudoTerminal(argv, os.environ, cwd=ROOT) as terminal:
        terminal.wait_for("(not shown):")
        terminal.send(f"{world.app_secret}\n")
        assert terminal.wait_exit() == 0, terminal.text
        assert world.app_secret not in terminal.raw.decode()
        assert world.app_name in terminal.text


@pytest.mark.usefixtures("free_port")
def test_a_login_of_an_expired_token_stores_it_and_exits_1(person: Person) -> None:
    line = _Line("--paste", "--name", "mine")
    address = f"{line.redirect}#access_token={person.value('user_expired')}&state={line.state}"
    status, _, err = line.end(address)
    assert status == 1, err
    (row,) = inside("status", "--json").json["tokens"]
    assert (row["name"], row["state"]) == ("mine", "expired")


def test_two_profiles_and_none_named_exit_64(person: Person) -> None:
    assert person.add("second").status == 0
    done = inside("login", "--paste", stdin="")
    assert (done.status, done.out) == (64, "")
    assert "--profile: acme, second" in done.err


def test_several_tokens_and_none_named_exit_64(person: Person) -> None:
    person.import_tokens("user_long", "user_due")
    done = inside("login", "--paste", stdin="")
    assert (done.status, done.out) == (64, "")
    assert "--name: user_due, user_long" in done.err


@pytest.mark.usefixtures("free_port")
def test_two_profiles_are_asked_about_on_a_terminal(person: Person) -> None:
    assert person.add("second").status == 0
    with PseudoTerminal([sys.executable, "-m", "tui", "login", "--paste"], os.environ, cwd=ROOT) as terminal:
        terminal.wait_for("which profile")
        terminal.send("2\n")
        terminal.wait_for("New token second (profile second, App ID ")
        terminal.send("\x03")
        assert terminal.wait_exit() == 130


@pytest.mark.usefixtures("free_port")
def test_a_stored_name_is_renewed_in_its_own_profile(person: Person) -> None:
    assert person.add("second").status == 0
    done = inside("import", "two", "--profile", "second", stdin=person.value("user_long"))
    assert done.status == 0, done.err
    _, out, err = _Line("--paste", "--name", "two").end("")
    assert "Renew token two (profile second, App ID " in err + out
    assert RENEWS_VALID in err


def test_a_page_token_is_not_renewed_by_a_login(person: Person) -> None:
    person.import_tokens("page_never")
    done = inside("login", "--paste", "--name", "page_never", stdin="")
    assert (done.status, done.out) == (1, "")
    assert "page_never" in done.err


@pytest.mark.usefixtures("free_port")
def test_another_persons_login_is_kept_under_a_made_up_name(person: Person) -> None:
    person.import_tokens("user_long")
    line = _Line("--paste", "--name", "user_long")
    code = person.sandbox.issue_code(redirect_uri=line.redirect, person="marco")
    status, _, err = line.end(f"{line.redirect}?code={code}&state={line.state}")
    assert status == 0, err
    names = [row["name"] for row in inside("status", "--json").json["tokens"]]
    assert "user_long" in names
    assert any(name.startswith("login-") for name in names)
    assert inside("token", "user_long").out.strip() == person.value("user_long")


@pytest.mark.parametrize("edit", ["profile removed", "App ID changed", "broken"])
@pytest.mark.usefixtures("free_port")
def test_an_edited_configuration_loses_no_token(person: Person, own_home: Path, edit: str) -> None:
    line = _Line("--paste", "--name", "mine")
    file = own_home / "config.toml"
    before = file.read_text()
    app_id = person.sandbox.world.app_id
    edited = {
        "profile removed": before.partition("[profiles")[0],
        "App ID changed": before.replace(app_id, "1" * len(app_id)),
        "broken": f"[[[\n{before}",
    }
    file.write_text(edited[edit])
    status, _, err = line.end(line.answer(person))
    assert status in (0, 1, 3), err
    assert "Traceback" not in err
    file.write_text(before)
    assert inside("token", "mine", "--any").out.startswith("EAA"), err


@pytest.mark.usefixtures("free_port")
def test_why_a_token_does_not_work_is_said_once(person: Person) -> None:
    status, _, err = _Line("--paste", "--name", "old").end(person.value("user_expired"))
    assert status == 1
    assert err.count('190/463): "') == 1


@pytest.mark.usefixtures("free_port")
def test_what_a_pasted_token_lacks_is_named(person: Person) -> None:
    """The person granted it to the app later: the token has what was granted when it was issued."""
    status, _, err = _Line("--paste", "--name", "less").end(person.value("user_missing_scope"))
    assert status == 0, err
    (row,) = inside("status", "--json").json["tokens"]
    assert row["missing_scopes"]
    assert all(f"Not granted: {scope}" in err for scope in row["missing_scopes"])
    assert "All permissions granted" not in err
