"""Whatever hangs: what was found is reported, what did not end is named, and the rest goes on."""

import os
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.doctor.reports import codes
from tui.services.doctor import examination
from tui.services.doctor.findings import Code, Finding
from tui.services.doctor.parts import Deadline, run_parts

SEEN = Finding("vault", "ok", Code.KEYS_USABLE)
LATER = Finding("secrets", "ok", Code.KEYS_USABLE)


class UntilHung(Deadline):
    """A time that is over once a part hangs, however slow the machine is."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs, self.released = threading.Event(), threading.Event()

    def left(self) -> float:
        return -1 if self.hangs.is_set() else 0.01

    def part(self) -> Iterator[Finding]:
        yield SEEN
        self.hangs.set()
        self.released.wait()


async def test_what_was_found_before_a_part_hung_counts() -> None:
    deadline = UntilHung()
    found = await run_parts(deadline, ("vault", deadline.part), ("secrets", lambda: [LATER]))
    deadline.released.set()
    assert codes(found) == [("ok", "keys_usable"), ("failure", "part_unfinished")]
    assert [one.check for one in found] == ["vault", "vault"]


async def test_a_fault_of_our_own_does_not_stop_the_next_part() -> None:
    def fails() -> Iterator[Finding]:
        yield SEEN
        raise ValueError("hunter2")

    found = await run_parts(Deadline(), ("vault", fails), ("secrets", lambda: [LATER]))
    assert [(one.check, one.word) for one in found] == [
        ("vault", "keys_usable"),
        ("vault", "part_failed"),
        ("secrets", "keys_usable"),
    ]
    assert found[1].facts == {"kind": "ValueError"}


async def test_a_fault_in_the_network_part_ends_nothing(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> AsyncIterator[Finding]:
        yield SEEN
        raise ValueError("hunter2")

    monkeypatch.setattr(examination, "network_findings", fails)
    services, troubles = examination.open_what_can_be(os.environ)
    found = await examination.examine(services, troubles, os.environ)
    assert [one.facts for one in found if one.code is Code.PART_FAILED] == [{"kind": "ValueError"}]
    assert {"paths", "trust"} <= {one.check for one in found}


def test_a_person_who_types_a_passphrase_has_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("tui.services.doctor.parts.time.monotonic", lambda: now[0])
    deadline = Deadline(10)

    def types() -> float:
        now[0] += 300
        return deadline.left()

    assert deadline.stands_still(types) > 0
    assert deadline.left() == 10


def test_a_home_that_does_not_answer_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(examination, "OPENING", 0.01)
    monkeypatch.setattr(examination, "require_usable", lambda _home: released.wait())
    services, troubles = examination.open_what_can_be(
        {"IGAUTH_HOME": "/srv/igauth", "IGAUTH_GRAPH_URL": "http://[::1]:1"}
    )
    released.set()
    assert [(one.check, one.word) for one in troubles] == [("paths", "home_silent")]
    assert services.settings.graph_url == "http://[::1]:1"
