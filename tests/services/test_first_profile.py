"""The first profile gets what was entered before it; evidence counts only for the values it was found for."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tokens.samples import a_token
from tui.facebook.pages import Page
from tui.guide.evidence import Code, Evidence, Finding
from tui.matillion.address import DialogAddress
from tui.redact import Secret
from tui.services import Services, open_services
from tui.services.estimates import estimates
from tui.services.stored_evidence import save_evidence, stored_address, token_evidence
from tui.settings import MatillionTarget, Profile


@pytest.fixture
def services(own_home: Path) -> Iterator[Services]:
    opened = open_services(os.environ, "command")
    yield opened
    opened.vault.close()


def test_the_first_profile_gets_ticks_notes_and_names(services: Services) -> None:
    service = services.guide
    state = service.note(service.tick(service.tick(service.state(""), "1"), "12"), "5", "ask dana")
    service.note_name("", "app_name", "Acme Insights")
    service.note_name("", "entry_name", "ig_prod")
    assert service.value("", "app_name") == "Acme Insights"
    ticked_at = state.mark("12").ticked_at
    services.profile_store.save(Profile("acme", "1234567890123456"), Secret("ab" * 16))
    found = service.state("acme")
    assert found.statuses["1"] == "ticked"
    assert found.mark("5").note == "ask dana"
    profile = services.settings.profile("acme")
    assert profile is not None
    assert profile.app_name == "Acme Insights"
    assert profile.matillion == MatillionTarget("", oauth_entry="ig_prod", authorised_at=ticked_at)
    assert service.state("").marks == {}


def test_a_second_profile_starts_without_ticks(services: Services) -> None:
    services.profile_store.save(Profile("acme", "1234567890123456"), Secret("ab" * 16))
    services.guide.tick(services.guide.state("acme"), "1")
    services.profile_store.save(Profile("other", "2234567890123456"), Secret("cd" * 16))
    assert services.guide.state("other").statuses["1"] == "open"
    assert services.guide.state("acme").statuses["1"] == "ticked"


def test_evidence_of_another_app_id_or_callback_is_ignored(services: Services) -> None:
    service = services.guide
    profile = Profile("acme", "1234567890123456", "https://m.example/cb")
    services.profile_store.save(profile, Secret("ab" * 16))
    at = int(services.clock.now()) + 1
    found = [
        Evidence("app_credentials", Finding("proven", Code.CREDENTIALS_ACCEPTED), at),
        Evidence("callback_rules", Finding("proven", Code.CALLBACK_OK), at),
    ]
    save_evidence(services.vault, "acme", profile, found)
    assert service.state("acme").statuses["10"] == "proven"
    services.profile_store.save(replace(profile, callback_url="https://m.example/other"))
    assert set(service.state("acme").evidence) == {"app_credentials"}
    services.profile_store.save(replace(profile, app_id="9234567890123456"))
    assert set(service.state("acme").evidence) == {"callback_rules"}
    services.profile_store.save(profile)
    assert set(service.state("acme").evidence) == {"app_credentials", "callback_rules"}
    services.vault.meta.set("secret-changed/acme", str(at + 1))
    assert set(service.state("acme").evidence) == {"callback_rules"}


def test_the_read_address_follows_a_renamed_profile(
    services: Services,
) -> None:
    services.profile_store.save(Profile("acme", "1234567890123456", "https://m.example/cb"), Secret("ab" * 16))
    address = "https://www.facebook.com/v26.0/dialog/oauth?client_id=1&redirect_uri=https%3A%2F%2Fm.example%2Fcb"
    services.guide.save_address("acme", address)
    services.profile_store.rename("acme", "beta")
    assert services.vault.meta.get("dialog-address/beta") is not None
    assert services.vault.meta.get("dialog-address/acme") is None
    services.profile_store.remove("beta")
    assert services.vault.meta.get("dialog-address/beta") is None


@pytest.mark.parametrize("stored", ["cut off", "[]", '{"client_id": "1"}'])
def test_an_unreadable_stored_address_is_ignored(services: Services, stored: str) -> None:
    services.vault.meta.set("dialog-address/acme", stored)
    assert stored_address(services.vault.meta, "acme") is None


def test_unknown_keys_of_a_stored_address_are_ignored(services: Services) -> None:
    record = {"client_id": "1", "redirect_uri": "u", "scopes": ["s"], "version": "", "config_id": "", "at": 7}
    services.vault.meta.set("dialog-address/acme", json.dumps({**record, "later": 1}))
    assert stored_address(services.vault.meta, "acme") == DialogAddress("1", "u", ("s",), "", "", 7)


@pytest.mark.parametrize("stored", ["cut off", "[]", '{"failed_at": 900, "later": 1}'])
def test_unreadable_parts_of_stored_runs_are_ignored(services: Services, stored: str) -> None:
    services.vault.meta.set("matillion-runs/acme", stored)
    profile = Profile("acme", matillion=MatillionTarget(authorised_at=800))
    ((name, found),) = estimates([profile], services.vault.meta, 1000)
    assert (name, found.failed_at) == ("acme", 900 if "900" in stored else None)


def test_the_pages_of_a_token_prove_the_first_step(services: Services) -> None:
    profile = Profile("acme", "1234567890123456")
    page = Page("7", "Acme", instagram_id="17", instagram_username="acme")
    facts: dict[str, object] = {
        "profile": "acme",
        "app_id": "1234567890123456",
        "inspected_at": 9,
        "verdict": "valid",
        "kind": "user",
    }
    known = a_token(name="one", pages=(page,), **facts)
    found = {one.check: (one.result, one.at) for one in token_evidence([known], profile)}
    assert found == dict.fromkeys(("login_done", "pages", "instagram_account"), ("proven", 9))
    without = a_token(name="two", pages=(), **facts)
    assert [one.check for one in token_evidence([without], profile)] == ["login_done"]
    (ended,) = token_evidence([a_token(name="x", pages=(page,), **{**facts, "verdict": "expired"})], profile)
    assert (ended.check, ended.result, ended.finding.code) == ("login_done", "proven", Code.LOGIN_ENDED)
    for other in ({"verdict": "unknown"}, {"app_id": "2"}, {"profile": "other"}, {"kind": "app"}):
        assert not token_evidence([a_token(name="x", pages=(page,), **{**facts, **other})], profile)
    newer = a_token(name="without-data", pages=(page,), **{**facts, "inspected_at": 20, "data_access_expires_at": 15})
    assert token_evidence([newer, known], profile)[0].finding.facts.token == "one"
