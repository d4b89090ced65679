"""Whatever a worker raises: nothing looks busy afterwards, an error stands in its place, and the program goes on."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from textual.worker import active_worker

from tests.screens.credentials_form import on_credentials
from tests.screens.driving import Person, opened
from tui.facebook.errors import FacebookError, Fault
from tui.guide.checker import Checks
from tui.sandbox import RunningSandbox
from tui.screens.dialog import Dialog
from tui.screens.failing import ShowsFailures
from tui.screens.login import LoginScreen
from tui.screens.messages import GoTo
from tui.services import Services
from tui.vault.errors import Locked
from tui.widgets.token_table import TokenTable
from tui.wording.vault import vault_error

_LOCKED = Locked()
_BUG = RuntimeError("a fault of igauth's own")
ERRORS: tuple[tuple[Exception, str], ...] = (
    (FacebookError(fault=Fault.NAME_UNKNOWN, host="graph.test"), "graph.test could not be resolved"),
    (OSError(28, "No space left on device"), "No space left"),
    (_LOCKED, vault_error(_LOCKED).what),
    (_BUG, "(RuntimeError)"),
)
"""What a service raises, and what must be seen of it."""

BUSY = (
    "Asking Facebook",
    "asking Facebook about",
    "Testing the connection",
    "Starting the login",
    "running ",
    "refreshing ",
    "reading with ",
)


class Work(NamedTuple):
    """A worker: where it is, the service that raises, and the keys that begin it."""

    screen: str
    service: Callable[[Services], object]
    method: str
    keys: tuple[str, ...]


_WORK = (
    Work("tokens", lambda services: services.keeper, "refresh_many", ("r",)),
    Work("tokens", lambda services: services.keeper, "refresh_many", ("R",)),
    Work("tokens", lambda services: services.keeper, "inspect_many", ("v",)),
    Work("tokens", lambda services: services.keeper, "inspect_many", ("V",)),
    Work("tokens", lambda services: services.reading, "read", ("t",)),
    Work("tokens", lambda services: services.token_store, "versions", ("i",)),
    Work("tokens", lambda services: services.token_store, "delete", ("delete", "y")),
    Work("tokens", lambda services: services.token_store, "value", ("c",)),
    Work("tokens", lambda services: services.logins, "open", ("l",)),
    Work("guide", lambda services: services.guide, "check", ("V",)),
    Work("guide", lambda services: services.guide, "tick", ("space",)),
    Work("guide", lambda services: services.guide, "reset", ("X", "y")),
    Work("guide", lambda services: services.guide, "save_address", ("a", "x", "enter")),
    Work("guide", lambda services: services.matillion, "save", ("M", "enter")),
    Work("guide", lambda services: services.matillion, "test", ("M", "enter")),
    Work("credentials", lambda services: services.profile_store, "verify", ("f5",)),
    Work("credentials", lambda services: services.profile_store, "restore_secret", ("u",)),
    Work("credentials", lambda services: services.profile_store, "save_values", ("f4",)),
    Work("credentials", lambda services: services.profile_store, "tokens", ("x",)),
)


def _raising(error: Exception) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise error

    return fail


def _looks_busy(person: Person) -> list[str]:
    """What on the screen says that something is under way."""
    session = person.app.session
    found = [text for text in BUSY if text in person.flat]
    found += [table.id or "table" for table in person.screen.query(TokenTable) if table._busy]
    return found + (["progress"] if session.progress else []) + sorted(session.token_work.busy)


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where reports of a throw-away home go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("work", _WORK, ids=lambda work: f"{work.screen}-{work.method}-{work.keys[0]}")
async def test_an_error_takes_the_place_of_the_work(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch, reports: Path, work: Work
) -> None:
    async with opened(facebook, tokens=("user_long",), start=work.screen) as person:
        await person.rest()
        if work.screen == "credentials":
            await on_credentials(person)
            await person.press("escape")
        service = work.service(person.services)
        for error, words in ERRORS:
            person.app.clear_notifications()
            monkeypatch.setattr(type(service), work.method, _raising(error))
            for key in work.keys:
                await person.press(key)
                if isinstance(person.screen, Dialog | LoginScreen):
                    await person.wait_for(lambda: person.screen.is_current)
            await person.wait_for(lambda words=words: words in f"{person.flat}\n{person.notices}")  # type: ignore[misc]
            await person.wait_for(lambda: not _looks_busy(person))
            assert person.app.is_running
            while len(person.app.screen_stack) > 1:
                await person.press("escape")
        assert len([*reports.glob("igauth-demo-reports-*/crash-*.txt")]) == 1, (
            "only a fault of igauth's own is reported"
        )


@pytest.mark.parametrize(("error", "words"), ERRORS)
async def test_what_one_check_raises_is_shown(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch, reports: Path, error: Exception, words: str
) -> None:
    monkeypatch.setattr(Checks, "_callback_rules", _raising(error))
    async with opened(facebook, tokens=("user_long",), start="guide") as person:
        await person.rest()
        await person.press("V")
        await person.wait_for(lambda: not _looks_busy(person))
        if not isinstance(error, FacebookError):  # which a check tells as its finding
            await person.wait_for(lambda: words in f"{person.flat}\n{person.notices}")
        assert person.app.is_running


@pytest.mark.parametrize(("error", "words"), ERRORS)
async def test_the_start_goes_on_after_an_error(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch, reports: Path, error: Exception, words: str
) -> None:
    monkeypatch.setattr(Services, "restore_displaced", _raising(error))
    async with opened(facebook, tokens=("user_long",), asked=False) as person:
        await person.wait_for(lambda: words in person.notices)
        await person.wait_for(lambda: person.stored("user_long").inspected_at)
        await person.wait_for(lambda: not _looks_busy(person))


async def test_a_guide_that_cannot_be_read_says_why(facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(services: Services) -> None:
        monkeypatch.setattr(services.guide, "state", _raising(_LOCKED))

    async with opened(facebook, tokens=(), start="guide", prepare=fail) as person:
        await person.wait_for("is locked by")


@pytest.mark.parametrize(("error", "words"), ERRORS[:3])
async def test_a_key_that_meets_an_error_closes_nothing(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    async with opened(facebook, tokens=("user_long",), start="guide") as person:
        await person.rest()
        person.app.post_message(GoTo("guide", "10"))
        await person.wait_for("App Secret")
        monkeypatch.setattr(person.services.guide, "value", _raising(error))
        for key in ("c", "p", "C", "down"):
            person.app.clear_notifications()
            await person.press(key)
            await person.wait_for(lambda: words in person.notices)
        assert person.app.is_running


async def test_work_that_ends_elsewhere_is_not_shown_as_going_on(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("user_long",)) as person:
        await person.rest()
        facebook.fault("delay", path="debug_token", seconds=1)
        await person.press("v")
        await person.wait_for(lambda: person.table._busy)
        await person.go("1", "guide")
        await person.wait_for(lambda: not person.app.session.token_work.busy)
        await person.go("3", "tokens")
        await person.wait_for(lambda: not _looks_busy(person))


async def test_work_canceled_by_something_else_is_shown(facebook: RunningSandbox, reports: Path) -> None:
    async with opened(facebook, tokens=("user_long",)) as person:
        await person.rest()

        async def lost() -> None:
            task = active_worker.get()._task
            assert task is not None
            task.cancel()
            await person.pilot.pause()

        person.screen.run_worker(lost(), exit_on_error=False)
        await person.wait_for(lambda: "(CancelledError)" in person.notices)


def test_every_class_with_workers_shows_their_failures() -> None:
    import ast

    for file in Path("tui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ClassDef) and "@work(" in (ast.get_source_segment(file.read_text(), node) or ""):
                from importlib import import_module

                module = import_module(".".join(file.with_suffix("").parts))
                assert issubclass(getattr(module, node.name), ShowsFailures), f"{file}: {node.name}"
