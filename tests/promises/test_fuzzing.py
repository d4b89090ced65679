"""Every parser of outside data, fed with anything: a value or our own error; the number of cases is printed."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.thoroughness import examples
from tui.credentials.flaws import FIELDS
from tui.credentials.inspection import fix, inspect, is_clean
from tui.facebook import answers
from tui.facebook.dialog import start_login
from tui.facebook.errors import FacebookError
from tui.facebook.models import Endpoints
from tui.facebook.pasted import AnswerRefused, read_answer
from tui.facebook.transport import Answer
from tui.facebook.wire import decode
from tui.harmless import harmless
from tui.matillion.address import AddressRefused, read_dialog_address
from tui.settings import Home, Settings, SettingsError
from tui.settings.reading import load_settings
from tui.wording.flaws import message
from tui.wording.login import refusal_text
from tui.wording.settings import unknown_key
from tui.wording.surfaces import CommandLine

CASES: Counter[str] = Counter()
MANY = settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
REQUEST = start_login(
    Endpoints("https://graph.facebook.com", "https://www.facebook.com"),
    "v26.0",
    "1234567890123456",
    "http://localhost:8765/",
    ("instagram_basic",),
    now=1_790_942_400,
)

_PIECES = st.sampled_from(
    [
        "code=",
        "state=",
        REQUEST.state.reveal(),
        "access_token=",
        "#",
        "?",
        "&",
        "%",
        "%00",
        "%zz",
        "://",
        "http",
        "https://",
        "localhost",
        "[::1]",
        ":99999",
        "@",
        "\n",
        "\r\n",
        " ",
        "\u00a0",
        "\x1b[31m",
        "\u202e",
        "\ud800",
        "error=",
        "EAA" + "x" * 40,
        "redirect_uri=",
        "client_id=",
        "/dialog/oauth",
        "facebook.com",
        "\0",
        "=",
        "\\",
        "[",
        "]",
        "xn--",
        "%F0%9F",
    ]
)
TEXTS = st.text(max_size=200) | st.lists(_PIECES | st.text(max_size=8), max_size=14).map("".join)

_KEYS = st.sampled_from(
    [
        "api_version",
        "window_days",
        "theme",
        "graph_url",
        "dialog_url",
        "max_concurrency",
        "profiles",
        "keys",
        "hooks",
        "acme",
        "app_id",
        "callback_url",
        "scopes",
        "matillion",
        "base_url",
        "authorised_at",
        "login_port",
        "default_profile",
        "bell",
        "extended",
        "inspect_interval_minutes",
        "clipboard_clear_seconds",
        "mouse",
        "[red]",
        "a.b",
        "\u202e",
        "",
    ]
)
_VALUES = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(max_size=20).filter(lambda text: not _lone(text))
    | st.datetimes()
    | st.sampled_from(["http://localhost.evil", "https://a@b", "https://[", "http://127.0.0.1:99999", "v26.0"])
)
TABLES = st.recursive(
    st.dictionaries(_KEYS, _VALUES, max_size=5),
    lambda inner: st.dictionaries(_KEYS, _VALUES | inner | st.lists(_VALUES | inner, max_size=3), max_size=6),
    max_leaves=12,
)


def _lone(text: str) -> bool:
    return any(0xD800 <= ord(letter) <= 0xDFFF for letter in text)


@pytest.fixture(scope="module", autouse=True)
def counted() -> Iterator[None]:
    """Print how many cases were tried of each kind."""
    yield
    print(f"\nfuzzing: {dict(CASES)}, {sum(CASES.values())} cases")


def _shown(message: str) -> None:
    """A message is there, can drive no terminal, and repeats no token."""
    assert message
    assert all(line == harmless(line) for line in message.split("\n"))
    assert "EAAxxxxxxxxxxxxxxxxxxxx" not in message


def _load(folder: Path, data: bytes) -> Settings | None:
    folder.mkdir(exist_ok=True)
    file = folder / "config.toml"
    file.write_bytes(data)
    try:
        return load_settings(Home(folder, folder, folder / "log"), {})
    except SettingsError as error:
        _shown(str(error))
        return None
    finally:
        assert file.read_bytes() == data, "a file that cannot be used is left alone"


@MANY
@given(table=TABLES)
def test_a_config_of_any_tables_is_settings_or_our_own_error(tmp_path: Path, table: dict[str, Any]) -> None:
    CASES["config.toml, tables"] += 1
    loaded = _load(tmp_path / "home", tomli_w.dumps(table).encode())
    if loaded is not None:
        for key in loaded.unknown_keys:
            _shown(unknown_key(key))


@MANY
@given(data=st.binary(max_size=120) | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_a_config_of_any_bytes_is_settings_or_our_own_error(tmp_path: Path, data: bytes) -> None:
    CASES["config.toml, bytes"] += 1
    _load(tmp_path / "home", data)


@MANY
@given(text=TEXTS)
def test_a_redirected_address_never_repeats_a_token(text: str) -> None:
    CASES["redirected addresses"] += 1
    try:
        read_answer(text, REQUEST)
    except AnswerRefused as refused:
        _shown(refusal_text(refused, CommandLine()))


@MANY
@given(text=TEXTS)
def test_any_dialog_address_is_read_or_refused(text: str) -> None:
    CASES["dialog addresses"] += 1
    try:
        read_dialog_address(text, 1_790_942_400, "https://www.facebook.com")
    except AddressRefused as refused:
        _shown(str(refused))


@MANY
@given(text=TEXTS)
@pytest.mark.parametrize("field", FIELDS)
def test_any_pasted_credential_is_inspected_and_fixed_once(field: Any, text: str) -> None:
    CASES["pasted values"] += 1
    flaws = inspect(field, text)
    fixed = fix(field, text)
    assert isinstance(is_clean(flaws), bool)
    assert all(message(field, flaw) for flaw in flaws)
    if fixed is not None:
        assert fix(field, fixed) in (None, fixed), "fixing a fixed text changes it again"


@MANY
@given(
    status=st.integers(100, 599),
    body=st.binary(max_size=200)
    | TEXTS.map(lambda text: json.dumps({"error": {"message": text, "code": 190}, "data": text, "id": text}).encode())
    | st.integers(1, 3000).map(lambda depth: b'{"data":' * depth + b"1" + b"}" * depth),
)
def test_any_answer_of_facebook_is_a_value_or_our_own_error(status: int, body: bytes) -> None:
    CASES["Graph answers"] += 1
    readers = (
        answers.read_issued,
        answers.read_name,
        answers.read_pages,
        lambda value: answers.read_inspection(value, 1),
    )
    try:
        value = decode(Answer(status, {}, body), "me")
        for reader in readers:
            repr(reader(value))
    except FacebookError as error:
        _shown(str(error))
