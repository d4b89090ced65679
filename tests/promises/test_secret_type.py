"""A Secret shows its value by one call only, and no command line has a place to put one."""

import copy
import dataclasses
import io
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable, Iterator

import click
import pytest
from rich.console import Console
from rich.pretty import pretty_repr
from rich.traceback import Traceback

from tests.commands.running import inside
from tui.cli import COMMANDS, igauth
from tui.commands.options import DURATION, NAME
from tui.facebook.models import AppCredentials
from tui.process import USAGE
from tui.redact import HIDDEN, Secret, redact

CANARY = "EAAKcanary0Secret7Value9Never4Shown2Anywhere8ZDZD"


@dataclasses.dataclass(frozen=True, slots=True)
class _Holder:
    name: str
    secret: Secret


def _logged(secret: Secret) -> str:
    stream = io.StringIO()
    log = logging.Logger("promise", logging.DEBUG)
    log.addHandler(logging.StreamHandler(stream))
    log.debug("%s %r", secret, secret)
    log.debug("%(secret)s", {"secret": secret})
    log.debug("in a list %s", [secret, {"key": secret}])
    return stream.getvalue()


def _raised(secret: Secret) -> ValueError:
    def inner(value: Secret) -> None:
        held = [value]
        raise ValueError(f"cannot use {value} of {held}")

    try:
        inner(secret)
    except ValueError as error:
        return error
    raise AssertionError


def _rich_traceback(secret: Secret) -> str:
    error = _raised(secret)
    console = Console(file=io.StringIO(), width=200)
    console.print(Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _traceback(secret: Secret) -> str:
    found = traceback.TracebackException.from_exception(_raised(secret), capture_locals=True)
    return "".join(found.format())


WAYS: dict[str, Callable[[Secret], object]] = {
    "repr": repr,
    "str": str,
    "ascii": ascii,
    "format": format,
    "format with a width": lambda secret: format(secret, ">80"),
    "f-string": lambda secret: f"{secret} {secret!r} {secret!s} {secret!a} {secret:.3} {secret:<60}",
    "percent": lambda secret: "%s %r" % (secret, secret),  # noqa: UP031
    "str.format": lambda secret: "{} {!r}".format(secret, secret),  # noqa: UP032
    "in a container": lambda secret: f"{[secret]} {(secret,)} { {'key': secret} } { {secret} }",
    "pprint": pprint.pformat,
    "rich": pretty_repr,
    "json with default=str": lambda secret: json.dumps({"secret": secret}, default=str),
    "json with default=vars": lambda secret: json.dumps({"secret": secret}, default=dir),
    "pickle": lambda secret: b"".join(pickle.dumps(secret, protocol) for protocol in range(6)),
    "pickle and back": lambda secret: pickle.loads(pickle.dumps(secret)).reveal(),
    "copy": lambda secret: copy.copy(secret).reveal(),
    "deep copy": lambda secret: copy.deepcopy([secret])[0].reveal(),
    "state": lambda secret: secret.__getstate__(),
    "a dataclass": lambda secret: _Holder("app", secret),
    "a dataclass as a dict": lambda secret: dataclasses.asdict(_Holder("app", secret)),
    "app credentials": lambda secret: AppCredentials("730214558891234", secret),
    "a log record": _logged,
    "an exception's arguments": lambda secret: _raised(secret).args,
    "a traceback with locals": _traceback,
    "Rich's traceback with locals": _rich_traceback,
    "masked": lambda secret: secret.masked(),
    "fingerprint": lambda secret: secret.fingerprint(),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_but_reveal_gives_the_value(way: str) -> None:
    shown = WAYS[way](Secret(CANARY))
    text = shown if isinstance(shown, str) else repr(shown)
    assert CANARY not in text
    assert CANARY[4:-4] not in text
    assert CANARY[:12] not in text


def test_reveal_is_the_one_way() -> None:
    assert Secret(CANARY).reveal() == CANARY
    assert not hasattr(Secret(CANARY), "__dict__")
    public = {name for name in dir(Secret) if not name.startswith("_")}
    assert public == {"reveal", "masked", "fingerprint"}


def test_json_refuses_a_secret() -> None:
    with pytest.raises(TypeError) as refused:
        json.dumps({"secret": Secret(CANARY)})
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize("length", range(40))
def test_masked_shows_at_most_four_characters(length: int) -> None:
    value = "0123456789abcdefghijklmnopqrstuvwxyzABCD"[:length]
    shown = Secret(value).masked().replace(f"({length} characters)", "")
    seen = [part for part in range(len(value)) if value[part : part + 5] and value[part : part + 5] in shown]
    assert all(len(value[part : part + 5]) < 5 for part in seen)
    if 0 < length < 16:
        assert not any(letter in shown for letter in value)


def test_what_a_secret_held_is_taken_out_of_any_text_later() -> None:
    value = "no shape of its own, but held once"
    Secret(value)
    assert redact(f"before {value} after") == f"before {HIDDEN} after"


# --- the command line --------------------------------------------------------------------------------------------


def _commands() -> Iterator[tuple[str, click.Command]]:
    yield "igauth", igauth
    context = click.Context(igauth)
    for name in COMMANDS:
        command = igauth.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {sub}", child) for sub, child in command.commands.items())


PARAMETERS = [(name, parameter) for name, command in _commands() for parameter in command.params]

PLAIN_TEXT = {
    ("igauth", "log_file"): "a file to write",
    ("candidates adopt", "candidate"): "the id of a stored value",
    ("candidates discard", "candidate"): "the id of a stored value",
    ("add", "app_id"): "an App ID is public",
    ("add", "callback"): "an address that anybody sees",
    ("add", "redirect"): "an address that anybody sees",
    ("add", "config_id"): "the number of a configuration, which is in every login link",
    ("add", "scopes"): "names of permissions",
    ("add", "api_version"): "a version",
    ("demo", "world"): "a world's name or file",
    ("sandbox", "world"): "a world's name or file",
    ("status", "output"): "a file to write",
    ("login", "hand_over"): "a file to write",
    ("keep", "environment"): "a file of variables",
    ("backup", "file"): "a file to write",
    ("history", "link"): "the fingerprint of a line of the history",
    ("restore", "file"): "a file to read",
    ("matillion", "instance"): "an instance's address",
    ("matillion", "user"): "a user's name",
    ("matillion", "oauth_entry"): "the name of an OAuth entry",
    ("matillion", "ca_file"): "a file to read",
    ("matillion", "fingerprint"): "a certificate's fingerprint, which the server shows to anybody",
    ("matillion", "group"): "a group's name",
    ("matillion", "project"): "a project's name",
}
"""Every parameter that takes any text, and why that is no secret. A new one has to be argued for here."""

_SECRET_WORDS = ("secret", "token", "password", "passphrase", "code", "state", "value", "key", "credential")


def _takes_any_text(parameter: click.Parameter) -> bool:
    if getattr(parameter, "is_flag", False):
        return False
    kind = parameter.type
    if isinstance(kind, click.Choice | click.types.IntParamType | click.types.BoolParamType):
        return False
    return getattr(kind, "func", None) not in (DURATION, NAME)


def test_every_parameter_was_walked() -> None:
    assert len({name for name, _ in PARAMETERS}) >= len(COMMANDS) - 2
    assert len(PARAMETERS) > 40


@pytest.mark.parametrize(("command", "parameter"), PARAMETERS, ids=lambda found: getattr(found, "name", found))
def test_no_parameter_takes_a_secret(command: str, parameter: click.Parameter) -> None:
    assert parameter.name is not None
    if parameter.name == "passphrase_file":
        return  # the number of a descriptor or the name of a file, on every command that may need it
    if _takes_any_text(parameter):
        assert (command, parameter.name) in PLAIN_TEXT
        words = parameter.name.replace("-", "_").split("_")
        assert not set(words) & set(_SECRET_WORDS)
    assert not parameter.envvar, "a secret must not come from the environment either"


@pytest.mark.parametrize(("command", "parameter"), PARAMETERS, ids=lambda found: getattr(found, "name", found))
def test_a_token_given_to_an_option_by_mistake_is_not_repeated(command: str, parameter: click.Parameter) -> None:
    if _takes_any_text(parameter) or command == "igauth":
        pytest.skip("takes any text that is no secret")
    given = [CANARY] if isinstance(parameter, click.Argument) else [f"{parameter.opts[-1]}={CANARY}"]
    done = inside(*command.split(), *given)
    assert done.status == 0 or done.err
    assert CANARY not in done.out + done.err


def test_too_many_arguments_are_refused_without_repeating_them() -> None:
    for arguments in (("import", "mine", "--profile", "acme", CANARY), ("token", "mine", CANARY), (CANARY,)):
        done = inside(*arguments)
        assert done.status == USAGE
        assert CANARY not in done.out + done.err
