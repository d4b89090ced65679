"""A locale that is not UTF-8 gets ASCII from the commands too, though Python would write UTF-8 there."""

import io
import os
import subprocess
import sys

import pytest

from tests.commands.running import ROOT, Person, inside
from tui.plain.line import Line
from tui.terminal.plain_text import in_ascii


def bytes_of(*arguments: str, locale: str) -> bytes:
    environ = {**os.environ, "LC_ALL": locale}
    done = subprocess.run(
        [sys.executable, "-m", "tui", *arguments], capture_output=True, check=False, cwd=ROOT, env=environ, timeout=60
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [("guide", "--brief", "--check"), ("guide",), ("doctor",)], ids=" ".join)
@pytest.mark.parametrize("locale", ["C", "POSIX", "de_DE.ISO-8859-1"])
def test_a_locale_that_is_not_utf8_gets_nothing_but_ascii(
    person: Person, arguments: tuple[str, ...], locale: str
) -> None:
    assert inside("add", "acme", "--verify").status == 0  # step 4 then stands as proven, with its sign
    said = bytes_of(*arguments, locale=locale)
    assert said.isascii(), [line for line in said.splitlines() if not line.isascii()]


def test_a_proven_step_has_its_sign_in_either_locale(person: Person) -> None:
    assert b"[v] " in bytes_of("guide", "--brief", "--check", locale="C")
    assert "[✓] ".encode() in bytes_of("guide", "--brief", "--check", locale="C.UTF-8")


def test_plain_mode_is_ascii_and_changes_no_value() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")  # what Python has for stdout in the C locale
    Line(0, out, is_ascii=True).write("“Café” → now…")
    out.seek(0)
    assert out.read() == '"Caf\\xe9" to now...\n'


@pytest.mark.parametrize(
    ("text", "shown"),
    [("[✓] “Café” → now…\n", '[v] "Cafe" -> now...\n'), ("漢 ␛ é", "? ? e"), ("plain", "plain")],
)
def test_signs_become_similar_ones_without_accents(text: str, shown: str) -> None:
    assert in_ascii(text) == shown
