"""A row that is damaged costs one token its facts until Facebook is asked again, and nothing else."""

import json
from pathlib import Path
from typing import get_args

import pytest

from tests.vault.making import NOW, a_token, add, make_vault
from tui.tokens.history import HistoryEvent
from tui.tokens.status import entries, status_report
from tui.tokens.token import DAY, Token, Verdict, state
from tui.vault.notices import Notice, NoticeCode
from tui.vault.vault import Vault
from tui.wording.status_table import table

TIMES = ("obtained_at", "issued_at", "expires_at", "data_access_expires_at", "inspected_at", "extended_at", "tried_at")
TEXTS = ("profile", "app_id", "kind", "subject_id", "subject_name", "verdict", "reason", "origin", "fingerprint")
LISTS = ("scopes", "granular_scopes", "pages")
ADDITIONS = ("granular_scopes", "pages", "failure")
"""Columns without which a token's state is known."""

DAMAGES = [
    *((column, value) for column in TIMES for value in ("'soon'", "x'00'", "1.5")),
    *((column, value) for column in TEXTS for value in ("x'00'", "CAST(x'ff' AS TEXT)")),
    *((column, value) for column in LISTS for value in ("'['", "'7'", "'[7]'", "'[[7]]'", "'{}'", "x'00'", "'[{}]'")),
    *(("failure", value) for value in ("'['", "'7'", "'[]'", "7", """'["a","b","c","d"]'""")),
    ("pages", """'[{"page_id":7,"name":"a","tasks":[]}]'"""),
    ("verdict", "'perhaps'"),
]


def _damaged(folder: Path, column: str, value: str) -> Vault:
    vault = make_vault(folder)
    for name in ("main", "other"):
        add(vault, name, f"EAA{name}")
        vault.tokens.update_token(a_token(name))
    vault.database.write(f"UPDATE tokens SET {column} = {value} WHERE name = 'main'")
    return vault


@pytest.mark.parametrize(("column", "value"), DAMAGES)
def test_a_damaged_column_costs_one_token_its_facts(tmp_path: Path, column: str, value: str) -> None:
    vault = _damaged(tmp_path, column, value)
    by_name = {token.name: token for token in vault.tokens.tokens()}
    assert by_name.keys() == {"main", "other"}
    assert by_name["other"] == a_token("other")
    assert vault.tokens.unreadable == {"main"}
    vault.tokens.tokens()
    assert vault.notices == [Notice(NoticeCode.TOKEN_UNREADABLE, {"name": "main"})], "said once"
    assert (state(by_name["main"], NOW) == "unknown") == (column not in ADDITIONS)
    assert vault.tokens.token("main") == by_name["main"]
    found = entries(by_name.values(), NOW, lambda _profile: DAY)
    assert json.dumps(status_report(found, NOW))
    assert "main" in table(found, NOW, 120)


@pytest.mark.parametrize(("column", "value"), [("expires_at", "'soon'"), ("pages", "'['"), ("profile", "x'00'")])
def test_what_is_stored_again_is_whole_again(tmp_path: Path, column: str, value: str) -> None:
    vault = _damaged(tmp_path, column, value)
    vault.tokens.tokens()
    vault.tokens.update_token(a_token("main"))
    assert a_token("main") in vault.tokens.tokens()
    assert vault.tokens.unreadable == set()


@pytest.mark.parametrize("value", ["x'00'", "CAST(x'ff' AS TEXT)"])
def test_a_row_without_a_readable_name_hides_no_other(tmp_path: Path, value: str) -> None:
    vault = _damaged(tmp_path, "name", value)
    assert [token.name for token in vault.tokens.tokens()] == ["other"]
    assert vault.tokens.names() == ("other",)
    assert vault.tokens.unreadable == {"?"}


def test_brief_rows_have_the_same_states(tmp_path: Path) -> None:
    vault = _damaged(tmp_path, "inspected_at", "'soon'")
    whole, brief = ({token.name: state(token, NOW) for token in rows}
                    for rows in (vault.tokens.tokens(), vault.tokens.brief_tokens()))  # fmt: skip
    assert whole == brief


def test_a_lost_profile_is_known_by_the_value(tmp_path: Path) -> None:
    vault = _damaged(tmp_path, "profile", "x'ff'")
    assert {token.profile for token in vault.tokens.tokens()} == {"work"}


@pytest.mark.parametrize("value", ["'soon'", "x'ff'", "CAST(x'ff' AS TEXT)", "1.5"])
def test_damaged_rows_of_other_tables_stop_nothing(tmp_path: Path, value: str) -> None:
    vault = _damaged(tmp_path, "reason", "''")
    vault.tokens.record(HistoryEvent(NOW - DAY, "timer", "extend", "main", "work", "extended"))
    vault.notes.save_evidence("work", [("app", "proven", "seen", NOW)])
    vault.notes.save_progress("work", {"1": (NOW, "done")})
    for statement in (
        f"UPDATE history SET at = {value}, actor = {value}, text = {value}, code = {value}, profile = {value}",
        f"UPDATE versions SET at = {value}, origin = {value}, fingerprint = {value}",
        f"UPDATE evidence SET at = {value}, seen = {value}",
        f"UPDATE progress SET ticked_at = {value}, note = {value}",
    ):
        vault.database.write(statement)
    (event, *_) = vault.history.events()
    assert (event.action, event.at) == ("extend", 0)
    assert vault.history.first_altered() is not None
    assert all(count == 1 for count in vault.history.refreshes().values())
    assert [version.at for version in vault.tokens.versions("main")] == [0]
    assert [check for check, _, _, _ in vault.notes.evidence("work")] == ["app"]
    assert list(vault.notes.progress("work")) == ["1"]
    vault.tokens.record(HistoryEvent(NOW, "timer", "inspect", "main"))
    assert vault.history.events()[0].action == "inspect"


def test_a_damaged_choice_is_known_by_the_stored_secrets(tmp_path: Path) -> None:
    vault = _damaged(tmp_path, "reason", "''")
    vault.meta.set("secret_backend", "[")
    vault.meta.set("secret_leftovers", "[")
    vault.database.write("UPDATE secret_places SET backend = 'sealed'")
    choice = vault.secrets.choice
    assert choice is not None
    assert choice.name == "sealed", "never less safe than before"


def test_a_damaged_choice_without_secrets_is_made_again(tmp_path: Path) -> None:
    vault = make_vault(tmp_path, throw_away=True)
    vault.meta.set("secret_backend", "[")
    assert vault.secrets.choice is None
    assert vault.secrets.choose() == vault.secrets.choice


def test_every_column_of_a_token_is_damaged_once() -> None:
    assert {column for column, _ in DAMAGES} == set(Token.__slots__) - {"name"}
    assert "perhaps" not in get_args(Verdict)
