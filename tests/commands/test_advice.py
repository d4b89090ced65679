"""Every command that igauth recommends is one that its own parser takes, and that runs where it is recommended."""

import re
import shlex
from pathlib import Path

import click
import pytest

from tests.commands.running import ROOT, Person, inside
from tui.cli import COMMANDS, igauth
from tui.wording.surfaces import CommandLine
from tui.wording.text import Action, Do

_OPENS = {"login", "igauth", "schedule"}
"""Commands that wait for a person, or change the machine's own timers."""
_WRITTEN = re.compile(r"\bigauth((?: --?[a-z][-a-z]*| [a-z]+(?![a-z:.]))+)")


def advised(do: Do, profile: str = "", token: str = "") -> list[str]:
    """The words of the command for an action, after `igauth`."""
    _, _, command = CommandLine().step(Action(do, profile, token)).rpartition(": igauth")
    return shlex.split(command)


def parse(words: list[str]) -> None:
    """Parse a command as it is parsed when it runs. Raises UsageError."""
    context = igauth.make_context("igauth", words)
    below = [*context._protected_args, *context.args]
    if below:
        name, command, rest = igauth.resolve_command(context, below)
        assert command is not None
        command.make_context(name, rest, parent=context)


@pytest.mark.parametrize(("profile", "token"), [("acme", "acme-uk"), ("acme", ""), ("", "acme-uk"), ("", "")])
@pytest.mark.parametrize("do", Do)
def test_every_advice_is_a_command_that_parses(do: Do, profile: str, token: str) -> None:
    parse(advised(do, profile, token))


@pytest.mark.parametrize("do", [do for do in Do if (advised(do) or ["igauth"])[0] not in _OPENS])
def test_every_advice_runs_where_it_is_given(do: Do, person: Person) -> None:
    person.import_tokens("user_long")
    words = advised(do, "acme", "user_long")
    values = {"ID": person.sandbox.world.app_id, "https://HOST": person.sandbox.matillion_url}
    done = inside(*(values.get(word, word) for word in words), *(["--yes"] if words[0] == "forget" else []))
    assert done.status != 64, done.err


def test_advice_for_a_refused_new_profile_adds_it(person: Person) -> None:
    done = person.add("second", "--verify", secret="0" * 32)
    (advice,) = re.findall(r": igauth (add .*)", done.err)
    words = [person.sandbox.world.app_id if word == "ID" else word for word in shlex.split(advice)]
    assert inside(*words, stdin=person.sandbox.world.app_secret).status == 0
    assert inside("add", "second", "--verify").status == 0


@pytest.mark.parametrize(
    ("refused", "advice"),
    [
        (("login", "--device"), "add acme --client-token"),
        (("matillion",), "matillion --profile acme --instance https://HOST"),
    ],
)
def test_nothing_sticks_to_an_advised_command(person: Person, refused: tuple[str, ...], advice: str) -> None:
    assert inside(*refused).err.rstrip().endswith(f": igauth {advice}")


def test_without_a_profile_the_advice_is_how_to_add_one(own_home: Path) -> None:
    for command in ("login", "matillion"):
        assert inside(command).err.rstrip().endswith(": igauth add NAME --app-id ID")


def test_every_command_in_a_text_exists_with_its_options() -> None:
    context = click.Context(igauth)
    for file in (
        *(ROOT / "tui/wording").glob("*"),
        *(ROOT / "tui/commands").glob("*.py"),
        ROOT / "tui/guide/guide.toml",
    ):
        for written in _WRITTEN.findall(_text(file)):
            name, *words = written.split()
            if name not in COMMANDS:  # "igauth leaves the rest"
                assert not any(word.startswith("--") for word in words), f"{file.name}: igauth{written}"
                continue
            command = igauth.get_command(context, name)
            assert command is not None
            if isinstance(command, click.Group) and words:
                command = command.get_command(context, words.pop(0))
                assert command is not None, f"{file.name}: igauth{written}"
            options = {option for parameter in command.params for option in parameter.opts}
            assert {word for word in words if word.startswith("-")} <= options | {"--help"}, f"{file.name}: {written}"


def _text(file: Path) -> str:
    """The texts of a file, with those that are continued on the next line in one piece."""
    return re.sub(r'"\n\s*f?"', "", file.read_text("utf-8")) if file.suffix in (".py", ".toml") else ""
