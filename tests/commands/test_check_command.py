"""`igauth check`: the flaws of a value from stdin."""

import json

import pytest

from tests.commands.running import inside, outside
from tui.commands.check import _KINDS
from tui.credentials.flaws import FlawKind

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_one_final_line_end_belongs_to_the_pipe(ending: bytes) -> None:
    done = inside("check", "--field", "app_secret", stdin=SECRET.encode() + ending)
    assert (done.status, done.out) == (0, "")


@pytest.mark.parametrize("ending", [b"\n\n", b" \n", b"\r", b"\xc2\xa0\n", b"\n\r\n", b"\xff"])
def test_anything_else_behind_the_value_is_a_flaw(ending: bytes) -> None:
    done = inside("check", "--field", "app_secret", stdin=SECRET.encode() + ending)
    assert done.status == 1
    assert "after character 32" in done.out


def test_the_flaw_is_named_with_its_code_point_and_place() -> None:
    done = outside("check", "--field", "app_secret", stdin=f"{SECRET} \n".encode())
    assert done.status == 1
    assert "trailing space, SPACE U+0020 after character 32" in done.out


def test_json_has_flaws_with_offsets_and_the_fixed_text() -> None:
    done = inside("check", "--field", "app_secret", "--json", stdin=f"{SECRET}\u200b\n")
    answer = done.json
    assert done.status == 1
    assert (answer["schema"], answer["field"], answer["mended"]) == (1, "app_secret", SECRET)
    assert answer["fixed"] == SECRET
    (flaw,) = answer["flaws"]
    assert (flaw["start"], flaw["end"], flaw["severity"]) == (32, 33, "blocks")
    assert {"kind", "characters", "message", "cause", "effect"} < set(flaw)


def test_json_lines_answers_every_line_in_order() -> None:
    lines = [
        json.dumps({"field": "app_secret", "value": SECRET}),
        "not json",
        json.dumps({"field": "nonsense", "value": "x"}),
        json.dumps({"field": "app_secret", "value": "1234567890123456", "context": {"app_id": SECRET}}),
        "[" * 100_000,
    ]
    done = inside("check", "--json-lines", stdin="\n".join(lines))
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert done.status == 0
    assert len(answers) == len(lines)
    assert answers[0] == {"field": "app_secret", "flaws": [], "fixed": None, "mended": None}
    assert set(answers[1]) == set(answers[2]) == set(answers[4]) == {"error"}
    assert [flaw["kind"] for flaw in answers[3]["flaws"]] == ["swapped"]


def test_nothing_on_stdin_is_an_empty_field() -> None:
    assert inside("check", "--field", "app_id").status == 1
    assert inside("check", "--field", "client_token").status == 0


def test_only_a_value_that_is_no_secret_is_shown_fixed() -> None:
    assert inside("check", "--field", "app_id", stdin=" 1234567890123456").out.endswith("fixed: 1234567890123456\n")
    done = inside("check", "--field", "app_secret", stdin=f" {SECRET}")
    assert SECRET not in done.out + done.err
    assert "--json" in done.err


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("app_secret", "abc", "error: This has 3 characters; an App Secret has 32. Copy all of it."),
        ("app_secret", "a", "error: This has 1 character; an App Secret has 32. Copy all of it."),
        ("app_id", "client-one", 'error: "client-one" contains letters. An App ID has only digits.'),
        ("app_secret", "1234567890123456", "error: This looks like an App ID. Put it in the App ID field."),
        ("token", f"1234567890123456|{SECRET}", "error: This is an app access token, not a user token."),
        (
            "pasted_redirect",
            "http://localhost:8765/",
            "error: No code found. When the login has finished, copy the full address.",
        ),
    ],
)
def test_a_flaw_is_one_plain_sentence(field: str, value: str, line: str) -> None:
    first, *others = inside("check", "--field", field, stdin=value).out.splitlines()
    assert first.startswith(line)
    assert not [other for other in others if not other.startswith(" ")]


def test_equal_flaws_at_several_places_are_one_line() -> None:
    spaced = " ".join(SECRET[at : at + 4] for at in range(0, 32, 4))
    lines = inside("check", "--field", "app_secret", stdin=spaced).out.splitlines()
    assert len(lines) == 2
    assert "space inside, SPACE U+0020 after character 4 and in 6 more places" in lines[0]


def test_every_kind_of_json_is_a_kind_of_flaw() -> None:
    assert set(_KINDS) <= set(FlawKind)
