"""`igauth check`: the flaws of a value from stdin."""

import json

import pytest

from tests.commands.running import inside, outside

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_one_final_line_end_belongs_to_the_pipe(ending: bytes) -> None:
    done = inside("check", "--field", "app_secret", stdin=SECRET.encode() + ending)
    assert (done.status, done.out) == (0, "")


@pytest.mark.parametrize("ending", [b"\n\n", b" \n", b"\r", b"\xc2\xa0\n", b"\n\r\n", b"\xff"])
def test_whatever_else_stands_behind_it_is_a_flaw(ending: bytes) -> None:
    done = inside("check", "--field", "app_secret", stdin=SECRET.encode() + ending)
    assert done.status == 1
    assert "after character 32" in done.out


def test_the_flaw_is_named_with_its_code_point_and_place() -> None:
    done = outside("check", "--field", "app_secret", stdin=f"{SECRET} \n".encode())
    assert done.status == 1
    assert "trailing space, SPACE U+0020 after character 32" in done.out


def test_json_has_flaws_with_offsets_and_the_mended_text() -> None:
    done = inside("check", "--field", "app_secret", "--json", stdin=f"{SECRET}\u200b\n")
    answer = done.json
    assert done.status == 1
    assert (answer["schema"], answer["field"], answer["mended"]) == (1, "app_secret", SECRET)
    (flaw,) = answer["flaws"]
    assert (flaw["start"], flaw["end"], flaw["severity"]) == (32, 33, "blocks")
    assert {"kind", "characters", "message", "cause", "effect"} < set(flaw)


def test_json_lines_answers_each_line_in_order_and_goes_on_after_a_bad_one() -> None:
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
    assert answers[0] == {"field": "app_secret", "flaws": [], "mended": None}
    assert set(answers[1]) == set(answers[2]) == set(answers[4]) == {"error"}
    assert any(flaw["severity"] == "blocks" for flaw in answers[3]["flaws"])


def test_nothing_on_stdin_is_an_empty_field() -> None:
    assert inside("check", "--field", "app_id").status == 1
    assert inside("check", "--field", "client_token").status == 0


def test_a_value_that_is_no_secret_is_shown_mended_and_a_secret_is_not() -> None:
    assert inside("check", "--field", "app_id", stdin=" 1234567890123456").out.endswith("mended: 1234567890123456\n")
    done = inside("check", "--field", "app_secret", stdin=f" {SECRET}")
    assert SECRET not in done.out + done.err
    assert "--json prints the mended value" in done.err


def test_one_character_is_not_told_as_characters() -> None:
    assert "1 character where" in inside("check", "--field", "app_secret", stdin="a").out
