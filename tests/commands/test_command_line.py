"""What holds for every command: exit statuses, streams, what is imported, what may be an option."""

import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.commands.running import ROOT, inside, outside
from tui.cli import COMMANDS, igauth

_HEAVY = ("asyncio", "textual", "rich", "httpx", "keyring", "starlette", "uvicorn", "segno", "truststore")


def _modules_after(*arguments: str) -> set[str]:
    """Run a command in a process of its own and return what it has imported by its end."""
    code = (
        "import sys\n"
        "from tui.cli import run\n"
        f"status = run({list(arguments)!r})\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stderr.split("\n"))


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("-h",)])
def test_help_and_version_import_only_the_command_line(arguments: tuple[str, ...]) -> None:
    ours = {name for name in _modules_after(*arguments) if name.split(".")[0] == "tui"}
    assert ours == {"tui", "tui.cli", "tui.process"}


@pytest.mark.parametrize(
    "arguments",
    [("status",), ("status", "--json"), ("status", "--format", "nagios"), ("due",), ("history",), ("secrets",)],
)
def test_status_imports_neither_screens_nor_network(arguments: tuple[str, ...]) -> None:
    loaded = {name.split(".")[0] for name in _modules_after(*arguments)}
    assert not loaded & set(_HEAVY)


@pytest.mark.parametrize(
    "arguments",
    [
        ("bogus",),
        ("status", "--bogus"),
        ("status", "extra"),
        ("status", "--format", "yaml"),
        ("status", "--json", "--format", "nagios"),
        ("status", "--profile", "nobody"),
        ("refresh",),
        ("refresh", "--within", "soon", "--all"),
        ("refresh", "some", "--all"),
        ("refresh", "a b"),
        ("token",),
        ("forget",),
        ("import", "name"),
        ("import", "name", "--profile", "nobody"),
        ("add",),
        ("add", "new"),
        ("add", "two words", "--app-id", "1"),
        ("add", "x" * 65, "--app-id", "1"),
        ("check",),
        ("check", "--field", "bogus"),
        ("check", "--field", "token", "--json-lines"),
        ("due", "--within", "14"),
        ("sandbox", "--port", "70000"),
        ("sandbox", "--world", "nowhere"),
        ("schedule", "bogus"),
        ("completion", "tcsh"),
        ("guide", "--json", "--markdown"),
        ("guide", "--profile", "nobody"),
        ("login", "--browser", "--paste"),
        ("demo",),
        (),
    ],
)
def test_a_usage_error_exits_64_with_a_message_on_stderr(arguments: tuple[str, ...]) -> None:
    done = inside(*arguments)
    assert (done.status, done.out) == (64, "")
    assert done.err.strip()


def test_a_usage_error_of_the_installed_command_exits_64() -> None:
    done = outside("status", "--bogus")
    assert (done.status, done.out) == (64, "")


def test_without_a_terminal_igauth_recommends_status() -> None:
    done = outside()
    assert done.status == 64
    assert "needs a terminal" in done.err
    assert "igauth status" in done.err
    assert done.out == ""


@pytest.mark.parametrize("arguments", [("status",), ("refresh", "--all"), ("token", "x"), ("history",)])
def test_an_invalid_configuration_exits_64_with_its_place(own_home: Path, arguments: tuple[str, ...]) -> None:
    own_home.mkdir()
    file = own_home / "config.toml"
    file.write_text("[profiles.acme\n")
    done = inside(*arguments)
    assert (done.status, done.out) == (64, "")
    assert "line 1, column" in done.err
    assert file.read_text() == "[profiles.acme\n"


@pytest.mark.parametrize("url", ["http://graph.example.com", "http://localhost:1", "ftp://x", "https://a/v1.0"])
def test_an_insecure_address_exits_64(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("IGAUTH_GRAPH_URL", url)
    done = inside("status")
    assert (done.status, done.out) == (64, "")
    assert "IGAUTH_GRAPH_URL" in done.err


def test_a_closed_pipe_ends_igauth_without_a_message() -> None:
    late = f"( sleep 0.3; {sys.executable} -m tui completion zsh; echo $? >&2 ) | true"
    done = subprocess.run(["bash", "-c", late], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stderr == "141\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(shell: str) -> None:
    done = inside("completion", shell)
    assert done.status == 0
    assert "_IGAUTH_COMPLETE" in done.out


def test_completion_knows_the_commands() -> None:
    environ = {"_IGAUTH_COMPLETE": "bash_complete", "COMP_WORDS": "igauth st", "COMP_CWORD": "1"}
    assert "status" in outside(environ=environ).out
    unknown = outside(environ={**environ, "COMP_WORDS": "igauth nope ", "COMP_CWORD": "2"})
    assert unknown.err == "", "a shell shows it in the middle of the line"


def _every_command() -> list[tuple[str, click.Command]]:
    context = click.Context(igauth)
    found: list[tuple[str, click.Command]] = [("igauth", igauth)]
    for name in COMMANDS:
        command = igauth.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {below}", command.commands[below]) for below in command.commands]
    return found


@pytest.mark.parametrize(("name", "command"), _every_command(), ids=[name for name, _ in _every_command()])
def test_no_option_takes_a_secret_and_each_has_a_help(name: str, command: click.Command) -> None:
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.is_flag:
            words = (parameter.name or "").split("_")
            secrets = {"secret", "password", "code", "value", "access_token", "passphrase", "url", "redirected"}
            names_secret = secrets & {*words}
            assert words[-1] == "file" or not names_secret, f"{name}: {parameter.name}"
            assert parameter.help, f"{name}: {parameter.name}"


def test_each_line_of_the_help_is_a_command() -> None:
    shown = inside("--help").out
    for name, command in _every_command()[1:]:
        assert name.split()[0] in shown
        assert command.name is not None


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_changes_no_exit_status(closed: str, own_home: Path) -> None:
    """The number of a closed stream must not become that of the database: what is printed would go into it."""
    command = shlex.join([sys.executable, "-m", "tui", "status", "--json"])
    done = subprocess.run(["sh", "-c", f"{command} {closed}"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 3, done.stderr
    assert "failed" not in done.stderr
    assert not list(own_home.glob("log/crash-*"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("completion",), "Choose from: bash, zsh, fish. See: igauth completion --help"),
        (
            ("schedule", "status"),
            "No such command 'status'. See: igauth schedule --help",
        ),
    ],
)
def test_a_usage_error_is_one_line(arguments: tuple[str, ...], message: str) -> None:
    done = inside(*arguments)
    assert (done.status, done.out) == (64, "")
    assert message in done.err
    assert len(done.err.splitlines()) == 1


def test_status_without_a_profile_recommends_add() -> None:
    done = inside("status")
    assert done.status == 3
    assert "igauth add NAME --app-id ID" in done.out
    assert "igauth demo" in done.out
