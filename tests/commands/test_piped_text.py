"""Values from a pipe or file in the encodings that PowerShell and Notepad write: read as what they are, and said."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.commands.running import PASSPHRASE, Person, inside, outside, without_terminal
from tests.vault.making import former
from tui.credentials.flaws import FIELDS, FlawKind, Severity
from tui.credentials.piped import read_piped
from tui.redact import Secret
from tui.services.passphrase_command import passphrase_in
from tui.text_encoding import utf_16_text
from tui.vault.backup import unpack
from tui.vault.errors import WrongPassphrase
from tui.vault.sealed import KEY, unwrap
from tui.wording.commands import command_text

APP_ID = "123456789012345"
Encode = Callable[[str], bytes]
ENCODINGS: dict[str, Encode] = {
    "UTF-16 LE": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: text.encode("utf-16-be"),
    "UTF-16 LE with mark": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16 BE with mark": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-8 with mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
}
encodings = pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)


# --- what is read --------------------------------------------------------------------------------------------------


@encodings
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_text_is_read_without_its_one_line_end(encode: Encode, end: str) -> None:
    text, fixed = read_piped(encode(f"EAAB é\n{end}"))
    assert text == ("EAAB é\n" if end else "EAAB é")
    assert fixed is not None
    assert (fixed.severity, fixed.kind in (FlawKind.UTF_16, FlawKind.BYTE_ORDER_MARK)) == (Severity.NOTE, True)


@pytest.mark.parametrize("data", [b"", b"EAAB", b"E\0", b"\xff", b"\xff\xfea", b"a\0\0b", b"\0\0\0\0", b"\xff\xfe\0\0"])
def test_other_bytes_are_not_utf_16(data: bytes) -> None:
    assert utf_16_text(data) is None
    assert read_piped(data).fixed is None


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff\ufffe")))
def test_any_text_with_a_mark_is_read(text: str) -> None:
    assert utf_16_text(text.encode("utf-16")) == text


@given(st.binary())
@example(b"\xff\xfe\x00\xd8")
@example(b"\xef\xbb\xbf\xff")
@example(b"\n\r\n")
def test_any_bytes_are_read(data: bytes) -> None:
    text, fixed = read_piped(data)
    if fixed is None:
        assert text.encode("utf-8", "surrogateescape") == re.sub(rb"\r?\n\Z", b"", data)  # one line end is the pipe's


# --- where values come from stdin ------------------------------------------------------------------------------------


@encodings
def test_check_shows_one_flaw_and_the_text(encode: Encode) -> None:
    done = inside("check", "--field", "app_id", stdin=encode(f"{APP_ID}\r\n"))
    assert (done.status, done.out.count("note:"), "error" in done.out) == (0, 1, False)
    assert done.out.endswith(f"fixed: {APP_ID}\n")
    (flaw,) = inside("check", "--field", "app_id", "--json", stdin=encode(APP_ID)).json["flaws"]
    assert (flaw["kind"] in ("utf_16", "byte_order_mark"), flaw["severity"]) == (True, "note")


def test_check_still_shows_what_is_wrong_with_the_text() -> None:
    answer = inside("check", "--field", "app_id", "--json", stdin=f"{APP_ID}\u00a0".encode("utf-16")).json
    assert [flaw["kind"] for flaw in answer["flaws"]] == ["utf_16", "space"]
    assert answer["fixed"] == APP_ID


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-8"])
def test_check_answers_every_line(encoding: str) -> None:
    line = json.dumps({"field": "app_id", "value": APP_ID})
    done = inside("check", "--json-lines", stdin=f"{line}\r\n{line}\r\n".encode(encoding))
    assert [json.loads(answer)["flaws"] for answer in done.out.splitlines()] == [[], []]


@given(st.binary(max_size=100) | st.text().map(lambda text: text.encode("utf-16")), st.sampled_from(FIELDS))
def test_any_bytes_on_stdin_are_answered(data: bytes, field: str) -> None:
    assert inside("check", "--field", field, "--json", stdin=data).status in (0, 1)
    assert inside("check", "--json-lines", stdin=data).status == 0


@encodings
def test_add_and_import_read_it_and_say_so(person: Person, encode: Encode) -> None:
    world = person.sandbox.world
    added = inside("add", "other", "--app-id", world.app_id, "--verify", stdin=encode(f"{world.app_secret}\r\n"))
    assert (added.status, added.err.count("stdin: note: ")) == (0, 1), added.err
    imported = inside("import", "t", "--profile", "other", stdin=encode(person.value("user_long")))
    assert imported.status == 0, imported.err
    assert inside("token", "t").out == f"{person.value('user_long')}\n"


@encodings
def test_a_passphrase_is_that_of_its_text(person: Person, encode: Encode, tmp_path: Path) -> None:
    for end in ("", "\n", "\r\n"):
        assert passphrase_in(encode(f"{PASSPHRASE}{end}")).reveal() == PASSPHRASE
    assert inside("backup", str(tmp_path / "b"), stdin=encode(PASSPHRASE)).status == 0
    assert "vault" in unpack((tmp_path / "b").read_bytes(), Secret(PASSPHRASE))


def test_a_passphrase_file_may_be_utf_16(sealed: Person, tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_bytes(f"{PASSPHRASE}\r\n".encode("utf-16"))
    file.chmod(0o600)
    done = without_terminal("token", "user_due", "--passphrase-file", str(file), stdin="")
    assert done.stdout.strip() == sealed.value("user_due"), done.stderr


def test_what_was_sealed_with_a_byte_order_mark_still_opens() -> None:
    wrapped = former(bytes(KEY), Secret(f"\ufeff{PASSPHRASE}"))
    assert unwrap(wrapped, Secret(PASSPHRASE)) == unwrap(wrapped, Secret(f"\ufeff{PASSPHRASE}")) == bytes(KEY)
    with pytest.raises(WrongPassphrase):
        unwrap(wrapped, Secret("guessed"))


@pytest.mark.parametrize("encode", [ENCODINGS["UTF-16 LE"], ENCODINGS["UTF-8 with mark"]])
def test_a_login_reads_a_pasted_address(person: Person, encode: Encode) -> None:
    text = "https://www.facebook.com/connect/login_success.html?code=x\r\n"
    plain, encoded = (outside("login", "--paste", stdin=stdin).err for stdin in (text.encode(), encode(text)))
    assert encoded.count("stdin: note: ") == 1
    refusal = next(line for line in plain.splitlines() if line.startswith("igauth: "))
    assert refusal in encoded


def test_a_secret_that_was_only_read_otherwise_needs_no_fix(own_home: Path) -> None:
    done = inside("check", "--field", "app_secret", stdin=("0123456789abcdef" * 2).encode("utf-16"))
    assert (done.status, command_text("check", "hidden") in done.err) == (0, False)
    flawed = inside("check", "--field", "app_secret", stdin=("0123456789abcdef" * 2 + " ").encode("utf-16"))
    assert (flawed.status, command_text("check", "hidden") in flawed.err) == (1, True)
