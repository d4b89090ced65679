"""Tokens that the database refused: what cannot be read costs no other token, and is neither wiped nor overwritten."""

import json
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vault.making import NOW, make_vault
from tui.redact import Secret
from tui.vault.notices import NoticeCode
from tui.vault.spill import ROOM, Spilled, SpillFile

COUNT = 4


def filled(folder: Path) -> SpillFile:
    spill = SpillFile(folder / "igauth.db")
    spill.path.unlink(missing_ok=True)
    spill.reserve()
    for number in range(COUNT):
        assert spill.keep(Spilled(f"{number:016x}", "main", "work", NOW, "login"), Secret(f"EAAvalue-{number}"))
    return spill


def places(content: bytes) -> list[tuple[int, int]]:
    """Return where each record begins and ends."""
    found, start = [], 0
    while length := int.from_bytes(content[start : start + 4], "big"):
        found.append((start, start + 8 + length))
        start += 8 + length
    return found


def taken(spill: SpillFile) -> list[str]:
    with spill.emptied() as waiting:
        return [value.reveal() for _, value in waiting.tokens]


@pytest.mark.parametrize("bad", range(COUNT))
@pytest.mark.parametrize("offset", [0, 3, 5, 8, 30, -1])
def test_a_bad_record_costs_no_other_one(tmp_path: Path, bad: int, offset: int) -> None:
    spill = filled(tmp_path)
    content = bytearray(spill.path.read_bytes())
    start, end = places(bytes(content))[bad]
    place = start + offset if offset >= 0 else end + offset
    content[place] ^= 1
    spill.path.write_bytes(bytes(content))
    assert taken(spill) == [f"EAAvalue-{number}" for number in range(COUNT) if number != bad]
    assert bytes(content[start:end]) in spill.path.read_bytes(), "what cannot be read stays"
    assert not spill.is_empty()
    assert taken(spill) == []


def test_a_token_is_written_behind_what_cannot_be_read(tmp_path: Path) -> None:
    spill = filled(tmp_path)
    content = bytearray(spill.path.read_bytes())
    (_, _), (start, end), *_ = places(bytes(content))
    content[start + 20] ^= 1
    spill.path.write_bytes(bytes(content))
    assert spill.keep(Spilled("f" * 16, "main", "work", NOW, "login"), Secret("EAAlater"))
    assert taken(spill) == ["EAAvalue-0", "EAAvalue-2", "EAAvalue-3", "EAAlater"]
    assert spill.keep(Spilled("e" * 16, "main", "work", NOW, "login"), Secret("EAAlast"))
    assert taken(spill) == ["EAAlast"]
    assert bytes(content[start:end]) in spill.path.read_bytes()


@pytest.mark.parametrize(
    "facts",
    [
        {"version": "a", "name": "main", "profile": "work", "at": NOW, "origin": "login", "valeur": "EAA"},
        {"version": "a", "name": "main", "profile": "work", "at": "now", "origin": "login", "value": "EAA"},
        {"version": "a", "name": "two words", "profile": "work", "at": NOW, "origin": "login", "value": "EAA"},
        {"version": "a", "name": "main", "profile": "work", "at": 10**30, "origin": "login", "value": "EAA"},
        {"version": "a", "name": "main", "profile": "work", "at": NOW, "origin": "login", "value": 7},
        ["version"],
    ],
)
def test_a_record_of_another_version_stays(tmp_path: Path, facts: object) -> None:
    spill = filled(tmp_path)
    content = spill.path.read_bytes()
    body = json.dumps(facts).encode()
    other = len(body).to_bytes(4, "big") + zlib.crc32(body).to_bytes(4, "big") + body
    _, (second, _), *_ = places(content)
    spill.path.write_bytes((content[:second] + other + content[second:])[:ROOM])
    assert taken(spill) == [f"EAAvalue-{number}" for number in range(COUNT)]
    assert other in spill.path.read_bytes()


def test_what_cannot_be_read_is_said_once(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    spill = filled(folder)
    content = bytearray(spill.path.read_bytes())
    content[20] ^= 1
    spill.path.write_bytes(bytes(content))
    vault = make_vault(tmp_path)
    assert {version.id for version in vault.tokens.candidates()} == {f"{number:016x}" for number in range(1, COUNT)}
    vault.restore_displaced()
    codes = [notice.code for notice in vault.notices]
    assert sorted(codes) == [NoticeCode.SAVED_UNREADABLE, NoticeCode.TOKENS_IMPORTED]


@given(changes=st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), min_size=1, max_size=20))
@settings(max_examples=200, deadline=None)
def test_any_damage_loses_only_what_it_touches(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    spill = filled(tmp_path_factory.mktemp("spill"))
    content = bytearray(spill.path.read_bytes())
    records = places(bytes(content))
    before = bytes(content)
    for place, byte in changes:
        content[place] = byte
    spill.path.write_bytes(bytes(content))
    whole = [n for n, (start, end) in enumerate(records) if before[start:end] == bytes(content[start:end])]
    assert taken(spill) == [f"EAAvalue-{number}" for number in whole]
    assert taken(spill) == []
