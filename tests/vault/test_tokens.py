"""Tokens in the vault: stored, found, made current, renamed and deleted."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.making import DAY, NOW, a_token, add, extend, make_vault
from tui.facebook.pages import Page
from tui.facebook.permissions import GranularScope
from tui.redact import Secret
from tui.tokens.errors import BadName, NameTaken, NoSuchToken, NoValue
from tui.tokens.history import HistoryEvent
from tui.tokens.token import Failure, Token, deadline
from tui.vault.rows import from_token, to_token

texts = st.text(st.characters(codec="utf-8"), max_size=20)
times = st.none() | st.integers(0, 2**62)


@given(
    st.builds(
        Token,
        name=texts,
        profile=texts,
        app_id=texts,
        obtained_at=st.integers(0, 2**62),
        issued_at=times,
        expires_at=times,
        data_access_expires_at=times,
        scopes=st.lists(texts).map(tuple),
        granular_scopes=st.lists(st.builds(GranularScope, texts, st.lists(texts).map(tuple))).map(tuple),
        inspected_at=times,
        extended_at=times,
        tried_at=times,
        pages=st.lists(st.builds(Page, texts, texts, texts, texts, st.lists(texts).map(tuple))).map(tuple),
        failure=st.none() | st.builds(Failure, st.integers(0, 2**40), times, times, texts, texts),
    )
)
def test_every_token_comes_back_from_its_row_as_it_was(token: Token) -> None:
    assert to_token(from_token(token)) == token


def test_every_fact_of_a_page_is_stored_but_its_token() -> None:
    samples: dict[object, Any] = {str: "x", int: 7, tuple[str, ...]: ("a", "b"), Secret: Secret("EAAB")}
    page = Page(**{field.name: samples[field.type] for field in fields(Page)})
    row = from_token(a_token("prod", pages=(page,)))
    assert to_token(row).pages == (page,)
    assert "EAAB" not in str(row)


def test_pages_stored_by_an_earlier_igauth_are_read() -> None:
    row = list(from_token(a_token("prod", pages=(Page("1", "Acme"),))))
    row[Token.__slots__.index("pages")] = '[["1","Acme","2","acme","ANALYZE","MANAGE"]]'
    assert to_token(tuple(row)).pages == (Page("1", "Acme", "2", "acme", ("ANALYZE", "MANAGE")),)


def test_pages_stored_by_a_newer_igauth_are_read() -> None:
    row = list(from_token(a_token("prod", pages=(Page("1", "Acme"),))))
    place = Token.__slots__.index("pages")
    row[place] = str(row[place]).replace('"tasks"', '"city":"Bonn","tasks"')
    assert to_token(tuple(row)).pages == (Page("1", "Acme"),)


def test_a_new_vault_has_no_tokens(tmp_path: Path) -> None:
    assert make_vault(tmp_path).tokens.names() == ()


def test_what_was_stored_is_there_after_opening_again(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault, "main", "EAAfirst")
    vault.close()
    again = make_vault(tmp_path)
    assert again.tokens.tokens() == (a_token(),)
    assert again.tokens.value("main") == Secret("EAAfirst")


def test_an_issued_value_is_a_candidate_before_the_token_changes(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault, "main", "EAAfirst")
    version = vault.tokens.add_issued("main", "work", Secret("EAAsecond"), at=NOW + 5, origin="extension")
    other = make_vault(tmp_path)
    assert other.tokens.value("main") == Secret("EAAfirst")
    assert other.tokens.value_of(version) == Secret("EAAsecond")
    assert [(found.id, found.status) for found in other.tokens.candidates()] == [(version, "candidate")]


def test_a_proven_value_becomes_current_and_the_last_three_stay(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault, "main", "EAAvalue0")
    ids = [extend(vault, "main", f"EAAvalue{number}", NOW + number) for number in range(1, 6)]
    assert vault.tokens.value("main") == Secret("EAAvalue5")
    assert [version.status for version in vault.tokens.versions("main")] == ["current", "previous", "previous"]
    assert [version.id for version in vault.tokens.versions("main")] == ids[:1:-1]
    assert vault.tokens.value_of(ids[2]) == Secret("EAAvalue3")


def test_an_unproven_candidate_outlives_later_extensions(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault)
    candidate = vault.tokens.add_issued("main", "work", Secret("EAAnever-proven"), at=NOW, origin="extension")
    for number in range(6):
        extend(vault, "main", f"EAAvalue{number}")
    assert vault.tokens.value_of(candidate) == Secret("EAAnever-proven")


def test_going_back_to_a_former_value_keeps_the_one_it_replaces(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    first = add(vault, "main", "EAAfirst")
    extend(vault, "main", "EAAsecond")
    last = extend(vault, "main", "EAAthird")
    vault.tokens.make_current("main", first, a_token())
    extend(vault, "main", "EAAfourth")
    assert vault.tokens.value("main") == Secret("EAAfourth")
    assert {version.id for version in vault.tokens.versions("main")} >= {first, last}


def test_making_current_is_all_or_nothing(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault, "main", "EAAfirst")
    with pytest.raises(NoValue):
        vault.tokens.make_current("main", "no-such-version", a_token(verdict="expired"))
    assert vault.tokens.token("main").verdict == "valid"
    assert vault.tokens.value("main") == Secret("EAAfirst")


def test_a_value_of_another_token_cannot_become_current(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault, "main", "EAAfirst")
    foreign = add(vault, "other", "EAAforeign")
    with pytest.raises(NoValue):
        vault.tokens.make_current("main", foreign, a_token())


def test_a_taken_name_is_refused_and_the_candidate_kept(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault, "main", "EAAfirst")
    version = vault.tokens.add_issued("main", "work", Secret("EAAsecond"), at=NOW, origin="import")
    with pytest.raises(NameTaken):
        vault.tokens.add_token(a_token(), version)
    assert vault.tokens.value("main") == Secret("EAAfirst")
    assert vault.tokens.value_of(version) == Secret("EAAsecond")


@pytest.mark.parametrize("name", ["", "a/b", "../x", "x" * 65, "a b", "ä", "a\n"])
def test_a_name_that_is_none_is_refused_everywhere(tmp_path: Path, name: str) -> None:
    vault = make_vault(tmp_path)
    add(vault)
    with pytest.raises(BadName):
        vault.tokens.add_issued(name, "work", Secret("EAAx"), at=NOW, origin="login")
    with pytest.raises(BadName):
        vault.tokens.rename("main", name)
    with pytest.raises(BadName):
        vault.tokens.refresh_lock(name)


def test_unknown_tokens_are_named_in_the_refusal(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    for ask in (vault.tokens.token, vault.tokens.value, vault.tokens.delete):
        with pytest.raises(NoSuchToken, match="missing"):
            ask("missing")
    with pytest.raises(NoSuchToken):
        vault.tokens.update_token(a_token("missing"))


def test_tokens_are_sorted_by_deadline(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault, "never", expires_at=None, data_access_expires_at=None)
    add(vault, "b-late", expires_at=NOW + 50 * DAY)
    add(vault, "data", expires_at=None, data_access_expires_at=NOW + 3 * DAY)
    add(vault, "a-late", expires_at=NOW + 50 * DAY)
    add(vault, "soon", expires_at=NOW + 2 * DAY)
    found = vault.tokens.tokens()
    assert [token.name for token in found] == ["soon", "data", "a-late", "b-late", "never"]
    ends = [deadline(token) for token in found[:-1]]
    assert ends == sorted(end for end in ends if end is not None)


def test_a_renamed_token_keeps_values_and_history(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault, "main", "EAAfirst")
    extend(vault, "main", "EAAsecond")
    vault.history.record(HistoryEvent(NOW, "tui", "extend", "main", "work"))
    stray = vault.tokens.add_issued("fresh", "work", Secret("EAAstray"), at=NOW, origin="login")
    vault.tokens.rename("main", "fresh")
    assert vault.tokens.names() == ("fresh",)
    assert vault.tokens.value("fresh") == Secret("EAAsecond")
    assert len(vault.tokens.versions("fresh")) == 3
    assert vault.tokens.value_of(stray) == Secret("EAAstray")
    assert [event.action for event in vault.history.events("fresh")] == ["extend"]


def test_a_token_is_not_renamed_over_another(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault, "main")
    add(vault, "other")
    with pytest.raises(NameTaken):
        vault.tokens.rename("main", "other")
    assert vault.tokens.names() == ("main", "other")


def test_the_current_value_cannot_be_discarded(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    current = add(vault, "main", "EAAfirst")
    vault.tokens.discard(current)
    assert vault.tokens.value("main") == Secret("EAAfirst")


def test_progress_evidence_story_and_facts_are_kept_per_profile(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    vault.notes.save_progress("work", {"P1": (NOW, "done"), "3": (None, "asked the admin")})
    vault.notes.save_evidence("work", [("app", "proven", "Acme", NOW), ("page", "unknown", "", NOW)])
    vault.notes.save_evidence("work", [("page", "proven", "Acme's Page", NOW + 1)])
    vault.history.record(HistoryEvent(NOW, "timer", "inspect", "main", "work", code=190, subcode=463))
    vault.meta.set("last_profile", "work")
    assert vault.notes.progress("work") == {"P1": (NOW, "done"), "3": (None, "asked the admin")}
    assert vault.notes.progress("other") == {}
    assert vault.notes.evidence("work") == (("app", "proven", "Acme", NOW), ("page", "proven", "Acme's Page", NOW + 1))
    assert vault.history.events(profile="work")[0].subcode == 463
    assert vault.history.events("main", profile="other") == ()
    assert vault.meta.get("last_profile") == "work"
    vault.rename_profile("work", "acme")
    assert vault.notes.progress("work") == {}
    assert vault.notes.progress("acme")["P1"] == (NOW, "done")
    assert vault.history.events(profile="acme")[0].code == 190


def test_renaming_a_profile_takes_its_secrets_and_tokens_along(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    add(vault)
    vault.profile_secrets.set("app_secret", "work", Secret("0123456789abcdef0123456789abcdef"))
    vault.rename_profile("work", "acme")
    assert vault.profile_secrets.get("app_secret", "work") is None
    assert vault.profile_secrets.get("app_secret", "acme") == Secret("0123456789abcdef0123456789abcdef")
    assert vault.tokens.token("main").profile == "acme"
    assert [version.profile for version in vault.tokens.versions("main")] == ["acme"]
    vault.forget_profile("acme")
    assert vault.profile_secrets.get("app_secret", "acme") is None
