"""Delivery as a person at the command line meets it: what is said, shown and returned."""

import json
from pathlib import Path

import pytest

from tests.commands.running import Person, inside
from tui.tokens.delivery import Delivery, DeliveryProblem, DeliveryState, Record
from tui.wording.delivery import delivery_text
from tui.wording.surfaces import CommandLine, sentences


def entry(home: Path, command: list[str], tokens: str = '["user_due"]') -> None:
    """Add a destination named `store`."""
    file = home / "config.toml"
    text = f'[[deliver]]\nname = "store"\ntokens = {tokens}\ncommand = {json.dumps(command)}\n'
    file.write_text(f"{file.read_text()}\n{text}")


def test_without_a_destination_it_names_the_page(person: Person) -> None:
    done = inside("deliver")
    assert (done.status, done.out) == (1, "")
    assert "docs/delivery.md" in done.err


def test_a_refresh_delivers_the_new_token(person: Person, own_home: Path, tmp_path: Path) -> None:
    person.import_tokens("user_due")
    entry(own_home, ["sh", "-c", f"cat > {tmp_path}/got"])
    assert inside("refresh", "user_due").status == 0
    assert (tmp_path / "got").read_text() == inside("token", "user_due").out.strip() != person.value("user_due")
    (event,) = inside("history", "--limit", "2", "--json").json["events"][1:]
    assert (event["action"], event["token"], event["result"]) == ("deliver", "user_due", "delivered")


def test_an_import_delivers(person: Person, own_home: Path, tmp_path: Path) -> None:
    entry(own_home, ["sh", "-c", f"cat > {tmp_path}/got"])
    person.import_tokens("user_due")
    assert (tmp_path / "got").read_text() == person.value("user_due")


@pytest.mark.parametrize("command", [("keep",), ("refresh", "user_due"), ("deliver",)])
def test_a_refused_delivery_exits_1_until_it_works(
    person: Person, own_home: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    person.import_tokens("user_due")
    entry(own_home, ["test", "-e", str(tmp_path / "open")])
    for _ in range(2):
        done = inside(*command)
        assert done.status == 1
        assert "igauth deliver user_due" in done.err
    assert "not delivered to store" in inside("status").err
    (row,) = inside("status", "--json").json["deliveries"]
    assert (row["name"], row["destination"], row["state"]) == ("user_due", "store", "failed")
    assert (row["problem"], row["detail"]) == ("failed", "1")
    findings = {found["check"]: found["level"] for found in inside("doctor", "--json").json["findings"]}
    assert findings["delivery"] == "failure"
    nagios = inside("status", "--format", "nagios")
    assert (nagios.status, "1 not delivered (user_due to store)" in nagios.out) == (1, True)
    assert "igauth_deliveries_failed{" in (metrics := inside("status", "--format", "prometheus").out)
    assert metrics.split("igauth_deliveries_failed{")[1].split("\n")[0].endswith(" 1")
    (tmp_path / "open").touch()
    assert inside(*command).status == 0
    assert "not delivered" not in inside("status", "--format", "nagios").out
    findings = {found["check"]: found["level"] for found in inside("doctor", "--json").json["findings"]}
    assert findings["delivery"] == "ok"
    (row,) = inside("status", "--json").json["deliveries"]
    assert (row["state"], row["problem"], row["failed_at"]) == ("delivered", None, None)
    assert row["fingerprint"] == inside("status", "--json").json["tokens"][0]["fingerprint"]
    assert "store" not in inside("status").err


def test_an_unusable_token_is_named_and_not_delivered(person: Person, own_home: Path, tmp_path: Path) -> None:
    person.import_tokens("user_expired")
    entry(own_home, ["touch", str(tmp_path / "got")], '["user_expired"]')
    done = inside("deliver", "--again")
    assert (done.status, (tmp_path / "got").exists()) == (1, False)
    assert "user_expired is not delivered to store" in done.err


def test_a_token_without_a_destination_is_said(person: Person, own_home: Path) -> None:
    person.import_tokens("user_due", "user_long")
    entry(own_home, ["true"])
    done = inside("deliver", "user_long")
    assert (done.status, "user_long" in done.err) == (1, True)


@pytest.mark.parametrize("problem", DeliveryProblem)
def test_every_problem_of_a_delivery_has_words(problem: DeliveryProblem) -> None:
    record = Record(problem=problem, detail="2", said="denied")
    text = delivery_text(Delivery("insta", "store", DeliveryState.FAILED, record))
    assert "{" not in text.what + text.why + text.hint
    assert "store" in text.what
    assert text.hint or text.next
    assert sentences(text, CommandLine())


def test_a_profile_that_does_not_exist_leaves_the_path_whole(person: Person, own_home: Path) -> None:
    person.import_tokens("user_due")
    file = own_home / "config.toml"
    file.write_text(f'{file.read_text()}\n[[deliver]]\nprofile = "nosuch"\nfile = "{own_home}/{{name}}.env"\n')
    done = inside("deliver")
    assert done.status == 1
    assert f"{own_home}/{{name}}.env is to get the tokens of the profile nosuch" in done.err
