"""`igauth candidates`: what was issued and is not in use is listed, saved as a token, wiped; never printed."""

import os
from pathlib import Path

import pytest

from tests.commands.running import Person, inside
from tui.redact import Secret
from tui.services import open_services
from tui.services.doctor.findings import Code
from tui.tokens.results import Reason
from tui.tokens.store import Version
from tui.wording.token_details import candidate_line


def keep(person: Person, name: str, seeded: str, profile: str = "acme") -> Version:
    """Store a token of the sandbox's as a candidate of `name`."""
    services = open_services(os.environ, "command")
    value = Secret(person.value(seeded))
    version = services.token_store.add_issued(name, profile, value, at=1_790_000_000, origin="login")
    (found,) = (one for one in services.token_store.candidates() if one.id == version)
    services.vault.close()
    return found


def test_without_any_there_is_an_empty_list(person: Person) -> None:
    done = inside("candidates")
    assert (done.status, done.out) == (0, "")
    assert inside("candidates", "--json").json == {"schema": 1, "candidates": []}


def test_each_is_listed_without_its_value(person: Person) -> None:
    kept = keep(person, "old", "user_long")
    done = inside("candidates")
    assert done.out == candidate_line(kept) + "\n"
    assert person.value("user_long") not in done.out
    (row,) = inside("candidates", "--json").json["candidates"]
    assert (row["id"], row["name"], row["profile"]) == (kept.id, "old", "acme")
    assert row["saved_at"].startswith("2026-09-21T")


def test_one_is_saved_as_a_token(person: Person) -> None:
    kept = keep(person, "old", "user_long")
    done = inside("candidates", "adopt", kept.id[:6], "--name", "new")
    assert done.status == 0, done.err
    assert inside("token", "new").out.strip() == person.value("user_long")
    assert inside("candidates").out == ""


def test_one_that_is_worse_stays_a_candidate(person: Person) -> None:
    person.import_tokens("user_long")
    kept = keep(person, "user_long", "user_password_changed")
    assert inside("candidates", "adopt", kept.id).status == 1
    assert inside("candidates").out == candidate_line(kept) + "\n"
    assert inside("token", "user_long").out.strip() == person.value("user_long")


def test_one_is_wiped_after_a_yes(person: Person, own_home: Path) -> None:
    kept = keep(person, "old", "user_long")
    assert inside("candidates", "discard", kept.id).status == 64
    assert inside("candidates").out
    assert inside("candidates", "discard", kept.id, "--yes").status == 0
    assert inside("candidates").out == ""
    value = person.value("user_long").encode()
    assert not any(value in path.read_bytes() for path in own_home.glob("igauth.db*"))


@pytest.mark.parametrize("wanted", ["zz", ""])
def test_an_id_that_names_none_or_several_is_refused(person: Person, wanted: str) -> None:
    for name in ("one", "two"):
        keep(person, name, "user_long")
    assert inside("candidates", "adopt", wanted).status == 64


def test_refresh_status_and_keep_use_one_before_a_login(person: Person) -> None:
    for name, command in (("a", ("refresh", "a", "--json")), ("b", ("status", "--check")), ("c", ("keep",))):
        inside("import", name, "--profile", "acme", stdin=person.value("user_expired"))
        keep(person, name, "user_long")
        done = inside(*command)
        assert inside("token", name).out.strip() == person.value("user_long"), (command, done.err)
        if command[0] == "refresh":
            assert done.json["results"][0]["reason"] == Reason.CANDIDATE


def test_doctor_counts_them(person: Person) -> None:
    keep(person, "old", "user_long")
    found = inside("doctor", "--json").json["findings"]
    assert [line["level"] for line in found if line["code"] == Code.CANDIDATES] == ["ok"]
