"""When hooks run: until one has ended with status 0, at most daily; what failed is kept until that hook has worked."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clocks import FrozenClock
from tests.tokens.samples import NOW, a_token
from tui.clock import rfc3339
from tui.network.silence import MOST
from tui.redact import Secret
from tui.services import Services, hooks
from tui.services.doctor.examination import examine
from tui.services.hook_record import AGAIN, HookFailed, HookRecord
from tui.services.hooks import UNREACHABLE, run_hooks, unreachable_since
from tui.settings import Settings, SettingsStore, find_home
from tui.settings.schema import Hooks
from tui.tokens.results import RefreshCode, RefreshResult
from tui.tokens.token import DAY, Failure, Token
from tui.wording.hooks import hook_failure

DUE = {"expires_at": NOW + 3 * DAY}
TIMED_OUT = Failure(NOW, None, None, "no answer", cause="timeout")


class Home:
    """A home with hooks that write what they hear into a file, and work where `works` exists."""

    def __init__(self, folder: Path) -> None:
        self.clock = FrozenClock(NOW)
        home = find_home(os.environ)
        self.services = Services(SettingsStore(home, os.environ, Settings()), self.clock, "timer", throw_away=True)
        self.seen, self.works = folder / "seen", folder / "works"
        self.works.touch()
        self.failed: list[HookFailed] = []
        self.set_hooks("extended", "due", "expired", "unreachable")

    def set_hooks(self, *events: str, program: str = "sh") -> None:
        facts = "$IGAUTH_EVENT $IGAUTH_TOKEN_NAME $IGAUTH_SECONDS_GAINED$IGAUTH_UNREACHABLE_SINCE"
        command = (program, "-c", f'echo "{facts}" >> {self.seen}; test -e {self.works}')
        hooks = Hooks(**dict.fromkeys(events, command))
        self.services.settings_store.settings = replace(self.services.settings, hooks=hooks)

    def put(self, name: str, **facts: object) -> Token:
        """Store a token, or change one."""
        token, store = a_token(name=name, **facts), self.services.token_store
        if name in store.names():
            store.update_token(token)
        else:
            version = store.add_issued(name, "acme", Secret(f"EAAB{name}" * 8), at=NOW, origin="login")
            store.add_token(token, version)
        return token

    async def run(self, *results: RefreshResult, not_asked: Sequence[str] = ()) -> list[str]:
        """Run the hooks; return what they heard."""
        self.seen.unlink(missing_ok=True)
        self.failed.clear()
        await run_hooks(self.services, results, self.failed.append, not_asked)
        return [line.strip() for line in self.seen.read_text().splitlines()] if self.seen.exists() else []

    def failures(self) -> list[str]:
        """The events whose hook failed last."""
        found = HookRecord(self.services.meta).failures(self.services.settings.hooks)
        return [failed.event for failed in found]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


async def test_a_failed_hook_is_tried_daily_until_it_works(home: Home) -> None:
    home.put("a", **DUE)
    home.works.unlink()
    assert await home.run() == ["due a"]
    assert [(failed.event, failed.problem, failed.token) for failed in home.failed] == [("due", "failed", "a")]
    home.clock.at += AGAIN - 1
    assert await home.run() == []
    home.clock.at += 1
    assert await home.run() == ["due a"]
    home.clock.at += AGAIN
    home.works.touch()
    assert (await home.run(), home.failures()) == (["due a"], [])
    home.clock.at += AGAIN
    assert await home.run() == []


async def test_one_failed_hook_stops_no_other(home: Home) -> None:
    home.put("a", **DUE)
    home.put("b", expires_at=NOW - 1, verdict="expired")
    token = home.put("c")
    hooks = Hooks(due=("/nowhere/at/all",), expired=("printf", "a\0b"), extended=home.services.settings.hooks.extended)
    home.services.settings_store.settings = replace(home.services.settings, hooks=hooks)
    assert await home.run(RefreshResult(token, RefreshCode.EXTENDED, seconds_gained=9)) == ["extended c 9"]
    assert {(failed.event, failed.problem) for failed in home.failed} == {
        ("due", "not_started"),
        ("expired", "not_started"),
    }


async def test_an_extension_is_reported_later_with_its_facts(home: Home) -> None:
    token = home.put("a")
    home.works.unlink()
    assert await home.run(RefreshResult(token, RefreshCode.EXTENDED, seconds_gained=77)) == ["extended a 77"]
    home.works.touch()
    assert await home.run() == []
    home.clock.at += AGAIN
    assert await home.run() == ["extended a 77"]
    assert "EAAB" not in (home.services.meta.get("hooks/state") or "")
    home.clock.at += AGAIN
    assert await home.run() == []


async def test_a_failure_stays_until_that_hook_has_worked(home: Home) -> None:
    home.put("a", **DUE)
    home.works.unlink()
    await home.run()
    home.put("a")  # extended by somebody: nothing is left to report
    home.clock.at += AGAIN
    assert (await home.run(), home.failures()) == ([], ["due"])
    home.works.touch()
    home.put("b", **DUE)
    assert (await home.run(), home.failures()) == (["due b"], [])


async def test_another_token_does_not_hide_a_failure(home: Home) -> None:
    home.put("a", **DUE)
    home.works.unlink()
    await home.run()
    home.works.touch()
    home.put("b", **DUE)
    assert (await home.run(), home.failures()) == (["due b"], ["due"])  # a is still to be reported


async def test_a_removed_or_replaced_hook_has_not_failed(home: Home) -> None:
    home.put("a", **DUE)
    home.works.unlink()
    await home.run()
    home.works.touch()
    home.set_hooks("expired")
    assert home.failures() == []
    home.set_hooks("due", program="bash")
    assert home.failures() == []
    assert await home.run() == ["due a"]  # at once: another program may do better


async def test_a_failed_hook_is_a_failure_of_doctor(home: Home) -> None:
    home.put("a", **DUE)
    home.works.unlink()
    await home.run()
    findings = [one for one in await examine(home.services, [], os.environ) if one.check == "hooks"]
    assert [(one.level, one.value) for one in findings] == [("failure", home.failed[0])]
    await home.services.close()


async def test_what_an_earlier_igauth_reported_is_not_again(home: Home) -> None:
    home.put("a", **DUE)
    home.services.meta.set("hooks/told", json.dumps({"a": "due", "gone": "expired"}))
    assert await home.run() == []
    assert home.services.meta.get("hooks/told") == '{"a": "due"}'


@pytest.mark.parametrize("text", ["[]", "{", '{"waiting": 3, "failures": {"due": 1}, "unreachable": []}'])
async def test_a_record_that_cannot_be_read_is_replaced(home: Home, text: str) -> None:
    home.put("a", **DUE)
    home.services.meta.set("hooks/state", text)
    home.services.meta.set("hooks/told", text)
    assert await home.run() == ["due a"]


async def test_two_days_without_an_answer_are_reported_once(home: Home) -> None:
    asked = NOW - UNREACHABLE
    home.put("a", inspected_at=asked + 1, failure=TIMED_OUT)
    assert await home.run() == []
    home.clock.at += 1
    assert await home.run() == [f"unreachable a {rfc3339(asked + 1)}"]
    home.clock.at += 30 * DAY
    home.put("a", inspected_at=asked + 1, failure=TIMED_OUT, expires_at=NOW + 90 * DAY)
    assert await home.run() == []
    home.put("a", inspected_at=asked + 1, expires_at=NOW + 90 * DAY)  # by a command that does not ask about it
    assert (await home.run(), await home.run(not_asked=["a"])) == ([], [])
    home.put("a", inspected_at=int(home.clock.at), expires_at=NOW + 90 * DAY)  # it answered
    assert await home.run() == []
    home.clock.at += UNREACHABLE
    assert (await home.run(), len(await home.run(not_asked=["a"]))) == ([], 1)


def test_nothing_is_unreachable_that_was_not_asked_about() -> None:
    silent = a_token(inspected_at=NOW - UNREACHABLE)
    assert unreachable_since(silent, NOW, could_not_ask=False) is None
    assert unreachable_since(silent, NOW, could_not_ask=True) == NOW - UNREACHABLE
    assert unreachable_since(replace(silent, failure=TIMED_OUT), NOW, could_not_ask=False) == NOW - UNREACHABLE
    about_the_token = Failure(NOW - UNREACHABLE, 190, 460, "changed")  # of the inspection itself
    assert unreachable_since(replace(silent, failure=about_the_token), NOW, could_not_ask=False) is None
    never = a_token(inspected_at=None, obtained_at=NOW - UNREACHABLE)
    assert unreachable_since(never, NOW, could_not_ask=True) == NOW - UNREACHABLE
    assert unreachable_since(replace(never, obtained_at=NOW), NOW, could_not_ask=True) is None


async def test_a_hook_that_hangs_is_not_run_for_every_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "LIMIT", 0.2)
    home = Home(tmp_path)
    settings = replace(home.services.settings, hooks=Hooks(due=("sleep", "60")))
    home.services.settings_store.settings = settings
    for number in range(MOST + 2):
        home.put(f"t{number}", **DUE)
    await home.run()
    assert [failed.problem for failed in home.failed] == [*["slow"] * MOST, "skipped", "skipped"]
    assert {hook_failure(failed).hint for failed in home.failed}
