"""`igauth add`: a profile from the command line, saved only if its values are valid and not refused."""

from pathlib import Path

from tests.commands.running import UNREACHABLE, Person, inside, outside
from tui.sandbox import RunningSandbox
from tui.vault.choice import BackendChoice
from tui.wording.vault import store_meaning

CALLBACK = "https://matillion.example.com/oauth/callback"


def _profile_text(home: Path) -> str:
    file = home / "config.toml"
    return file.read_text() if file.exists() else ""


def test_a_profile_is_saved_without_its_secret_in_the_file(sandbox: RunningSandbox, own_home: Path) -> None:
    world = sandbox.world
    done = inside("add", "acme", "--app-id", world.app_id, "--callback", CALLBACK, stdin=f"{world.app_secret}\n")
    assert done.status == 0
    assert done.out == ""
    assert store_meaning(BackendChoice("database")) in done.err
    text = _profile_text(own_home)
    assert world.app_id in text
    assert CALLBACK in text
    assert world.app_secret not in text + done.err


def test_flawed_values_are_reported_and_not_saved(sandbox: RunningSandbox, own_home: Path) -> None:
    world = sandbox.world
    done = inside(
        "add", "acme", "--app-id", f"{world.app_id}\u00a0", "--callback", "http://x y", stdin=world.app_secret + " "
    )
    assert (done.status, done.out) == (1, "")
    assert "trailing space, SPACE U+0020 after character 32" in done.err
    assert "NO-BREAK SPACE U+00A0 after character 16" in done.err
    assert "Callback URL: error:" in done.err
    assert world.app_secret not in done.err
    assert _profile_text(own_home) == ""


def test_a_new_profile_needs_an_app_secret(sandbox: RunningSandbox) -> None:
    assert inside("add", "acme", "--app-id", sandbox.world.app_id).status == 1


def test_empty_input_keeps_the_stored_secret(person: Person, own_home: Path) -> None:
    done = inside("add", "acme", "--callback", CALLBACK)
    assert done.status == 0, done.err
    assert CALLBACK in _profile_text(own_home)
    assert inside("add", "acme", "--verify").out == f"{person.sandbox.world.app_name}\n"


def test_another_app_id_needs_its_own_secret(person: Person, own_home: Path) -> None:
    before = _profile_text(own_home)
    assert inside("add", "acme", "--app-id", "1234567890123456").status == 1
    assert _profile_text(own_home) == before


def test_verify_prints_the_apps_own_name(person: Person) -> None:
    done = person.add("second", "--verify")
    assert (done.status, done.out) == (0, f"{person.sandbox.world.app_name}\n")


def test_values_that_facebook_refuses_are_not_saved(person: Person, own_home: Path) -> None:
    done = person.add("second", "--verify", secret="0" * 32)
    assert (done.status, done.out) == (1, "")
    assert "Error validating client secret." in done.err
    assert "second" not in _profile_text(own_home)


def test_an_unreachable_facebook_does_not_prevent_saving(person: Person, own_home: Path) -> None:
    person.point_at(UNREACHABLE)
    done = person.add("second", "--verify")
    assert (done.status, done.out) == (3, "")
    assert "refused the connection" in done.err
    assert "second" in _profile_text(own_home)


def test_the_secret_is_only_in_the_vault(sandbox: RunningSandbox, own_home: Path) -> None:
    secret = sandbox.world.app_secret
    environ = {"IGAUTH_GRAPH_URL": sandbox.graph_url}
    done = outside("add", "acme", "--app-id", sandbox.world.app_id, "--verify", stdin=secret.encode(), environ=environ)
    assert done.status == 0
    assert secret not in done.out + done.err
    holders = {path.name for path in own_home.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()}
    assert holders <= {"igauth.db", "igauth.db-wal"}


def test_add_ends_with_the_next_command(person: Person) -> None:
    unverified = person.add("second").err.splitlines()[-1]
    assert unverified.startswith("Next: ")
    assert "igauth add second --verify" in unverified
    assert unverified.endswith("igauth login --profile second")
    assert person.add("second", "--verify").err.splitlines()[-1] == "Next: igauth login --profile second"
    person.import_tokens("user_long")
    assert person.add("acme", "--verify").err.splitlines()[-1] == "Next: igauth status --check"


def test_a_client_token_from_stdin_allows_the_device_login(person: Person, own_home: Path) -> None:
    refused = inside("login", "--device")
    assert "igauth add acme --client-token" in refused.err
    done = inside("add", "acme", "--client-token", stdin=f"{person.sandbox.world.client_token}\n")
    assert (done.status, done.out) == (0, ""), done.err
    assert "igauth login --profile acme --device" in done.err
    assert person.sandbox.world.client_token not in done.err + _profile_text(own_home)
    assert inside("add", "acme", "--verify").status == 0, "the App Secret stayed as it was"
    from tui.services import open_services

    services = open_services({"IGAUTH_HOME": str(own_home)}, "command")
    kept = services.profile_store.client_token("acme")
    assert kept is not None
    assert kept.reveal() == person.sandbox.world.client_token


def test_a_flawed_or_missing_client_token_is_refused(person: Person) -> None:
    for text in ("", " 0123456789abcdef0123456789abcdef"):
        done = inside("add", "acme", "--client-token", stdin=text)
        assert (done.status, done.out) == (1, "")
        assert "was not saved" in done.err
    assert inside("add", "nobody", "--client-token", stdin="x").status == 64
    assert inside("add", "acme", "--client-token", "--verify", stdin="x").status == 64
