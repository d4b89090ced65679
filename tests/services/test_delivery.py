"""Delivery to commands and files: each value once, never an older one over a newer, and never in sight of others."""

import asyncio
import json
import os
import stat
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tui.network.silence import MOST
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services import delivery, open_services
from tui.services.delivery import deliver, deliveries
from tui.services.root import Services
from tui.settings import Profile
from tui.tokens.delivery import Delivery, DeliveryProblem, DeliveryState
from tui.vault.errors import VaultError

DELIVERED, FAILED, WITHHELD = DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.WITHHELD


class Warehouse:
    """A home with tokens of the sandbox's, and a folder that they are delivered to."""

    def __init__(self, sandbox: RunningSandbox, services: Services, folder: Path) -> None:
        self.sandbox, self.services, self.folder = sandbox, services, folder
        folder.mkdir()

    async def take(self, *names: str) -> None:
        for name in names:
            await self.services.keeper.adopt(name, "acme", Secret(self.sandbox.world.token(name).value), "import")

    def entry(self, **keys: object) -> None:
        """Add a [[deliver]] entry, of `user_due` unless said otherwise."""
        keys = {"tokens": ["user_due"], **keys} if "profile" not in keys else keys
        lines = [f"{name} = {json.dumps(value)}" for name, value in keys.items()]
        file = self.services.home.config_file
        file.write_text("\n".join((file.read_text(), "[[deliver]]", *lines, "")))
        self.services = reopened(self.services)

    def script(self, text: str) -> list[str]:
        """A command that runs Python in the folder."""
        return [sys.executable, "-c", f"import os; os.chdir({str(self.folder)!r})\n{text}"]

    async def deliver(self, *names: str, again: bool = False) -> list[Delivery]:
        tried: list[Delivery] = []
        await deliver(self.services, tried.append, names or None, again=again)
        return tried

    def value(self, name: str = "user_due") -> str:
        return self.services.token_store.value(name).reveal()

    def standing(self) -> dict[tuple[str, str], DeliveryState]:
        return {(one.token, one.destination): one.state for one in deliveries(self.services, self.services.tokens())}


def reopened(services: Services) -> Services:
    services.vault.close()
    return open_services(os.environ, "command")


@pytest.fixture
async def warehouse(
    sandbox: RunningSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Warehouse]:
    """A home with the profile `acme` and the token `user_due`."""
    monkeypatch.setenv("IGAUTH_GRAPH_URL", sandbox.graph_url)
    monkeypatch.setenv("IGAUTH_DIALOG_URL", sandbox.dialog_url)
    services = open_services(os.environ, "command")
    services.profile_store.save(Profile("acme", sandbox.world.app_id), Secret(sandbox.world.app_secret))
    made = Warehouse(sandbox, services, tmp_path / "warehouse")
    await made.take("user_due")
    yield made
    await made.services.close()


async def test_a_command_gets_exactly_the_token_on_stdin(warehouse: Warehouse) -> None:
    warehouse.entry(command=warehouse.script("import sys; open('got', 'w').write(sys.stdin.read())"), name="store")
    [tried] = await warehouse.deliver()
    assert (tried.token, tried.destination, tried.state) == ("user_due", "store", DELIVERED)
    assert (warehouse.folder / "got").read_text() == warehouse.value()
    assert await warehouse.deliver() == []
    assert warehouse.standing() == {("user_due", "store"): DELIVERED}


async def test_the_value_is_in_no_argument_environment_or_log(
    warehouse: Warehouse, capfd: pytest.CaptureFixture[str]
) -> None:
    seen = "open('seen', 'wb').write(open('/proc/self/cmdline', 'rb').read() + open('/proc/self/environ', 'rb').read())"
    text = f"import sys; {seen}; print(sys.stdin.read()); sys.exit(3)"
    warehouse.entry(command=[*warehouse.script(text), "{name}"])
    [tried] = await warehouse.deliver()
    value = warehouse.value()
    seen_of_process = (warehouse.folder / "seen").read_text()
    assert value not in seen_of_process
    assert "IGAUTH_TOKEN_NAME=user_due" in seen_of_process
    assert f"IGAUTH_FINGERPRINT={Secret(value).fingerprint()}" in seen_of_process
    assert "\0user_due\0" in seen_of_process, "the argument {name}"
    assert tried.record.detail == "3"
    assert tried.record.said == "[hidden]"
    stored = json.dumps(warehouse.services.meta.get("delivery/" + digest(warehouse)))
    captured = capfd.readouterr()
    assert value not in stored + captured.out + captured.err


def digest(warehouse: Warehouse) -> str:
    return delivery._Records(warehouse.services, warehouse.services.settings.deliver[0]).digest


async def test_what_is_cut_off_shows_no_half_of_a_token(warehouse: Warehouse) -> None:
    text = "import sys; sys.stdout.write(sys.stdin.read()[-40:] + 'x' * 9000); sys.exit(1)"
    warehouse.entry(command=warehouse.script(text))
    [tried] = await warehouse.deliver()
    assert tried.record.said == ""


async def test_what_was_refused_is_tried_again(warehouse: Warehouse) -> None:
    warehouse.entry(command=warehouse.script("import sys; sys.exit(0 if os.path.exists('open') else 2)"), name="store")
    [tried] = await warehouse.deliver()
    assert (tried.state, tried.record.problem, tried.record.detail) == (FAILED, DeliveryProblem.FAILED, "2")
    assert warehouse.standing() == {("user_due", "store"): FAILED}
    (warehouse.folder / "open").touch()
    [tried] = await warehouse.deliver()
    assert (tried.state, tried.record.problem, tried.record.failed_at) == (DELIVERED, None, None)


async def test_a_path_that_cannot_exist_stops_no_other(warehouse: Warehouse) -> None:
    warehouse.entry(file=f"{warehouse.folder}/a\0b")
    warehouse.entry(command=["true"])
    first, second = await warehouse.deliver()
    assert (first.record.problem, second.state) == (DeliveryProblem.NOT_WRITTEN, DELIVERED)


@pytest.mark.parametrize("command", [["/no/such/program"], ["sh", "-c", "\0"]])
async def test_a_command_that_cannot_start_stops_no_other(warehouse: Warehouse, command: list[str]) -> None:
    warehouse.entry(command=command)
    warehouse.entry(command=["true"])
    first, second = await warehouse.deliver()
    assert (first.record.problem, second.state) == (DeliveryProblem.NOT_STARTED, DELIVERED)


async def test_a_command_that_hangs_is_not_run_for_every_token(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "LIMIT", 0.2)
    known = [f"copy-{number}" for number in range(MOST + 2)]
    for name in known:
        value = Secret(warehouse.sandbox.world.token("user_long").value)
        await warehouse.services.keeper.adopt(name, "acme", value, "import")
    warehouse.entry(tokens=known, command=["sleep", "60"])
    problems = [one.record.problem for one in await warehouse.deliver()]
    assert problems == [*[DeliveryProblem.SLOW] * MOST, *[DeliveryProblem.SKIPPED] * 2]


async def test_a_slow_command_is_ended(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "LIMIT", 0.2)
    warehouse.entry(command=["sleep", "600"])
    [tried] = await warehouse.deliver()
    assert (tried.state, tried.record.problem) == (FAILED, DeliveryProblem.SLOW)


async def test_the_children_of_an_ended_command_end_too(warehouse: Warehouse) -> None:
    text = "import subprocess; p = subprocess.Popen(['sleep', '600']); open('pid', 'w').write(f'{p.pid}\\n'); p.wait()"
    warehouse.entry(command=warehouse.script(text))
    work = asyncio.create_task(warehouse.deliver())
    pid = int(await appears(warehouse.folder / "pid"))
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work
    while is_running(pid):
        await asyncio.sleep(0.01)
    assert warehouse.standing() == {("user_due", Path(sys.executable).name): DeliveryState.PENDING}


async def appears(path: Path) -> str:
    while not (path.exists() and path.read_text().endswith("\n")):
        await asyncio.sleep(0.01)
    return path.read_text()


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("format", ["raw", "env", "json"])
async def test_a_file_is_private_whole_and_in_its_format(warehouse: Warehouse, format: str) -> None:
    file = warehouse.folder / "user_due"
    warehouse.entry(profile="acme", file=f"{warehouse.folder}/{{name}}", format=format)
    [tried] = await warehouse.deliver()
    assert (tried.state, tried.destination) == (DELIVERED, str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text, value = file.read_text(), warehouse.value()
    match format:
        case "raw":
            assert text == value
        case "env":
            assert text == f"FACEBOOK_ACCESS_TOKEN={value}\n"
        case _:
            found = json.loads(text)
            assert (found["name"], found["profile"], found["access_token"]) == ("user_due", "acme", value)
            assert found["expires_at"].endswith("Z")
    assert [path.name for path in warehouse.folder.iterdir()] == ["user_due"]
    before = file.stat().st_ino
    assert await warehouse.deliver() == []
    await warehouse.services.keeper.refresh("user_due")
    await warehouse.deliver()
    assert warehouse.value() in file.read_text()
    assert file.stat().st_ino != before, "replaced, never written in place"


async def test_a_file_that_is_gone_is_written_again(warehouse: Warehouse) -> None:
    file = warehouse.folder / "token"
    warehouse.entry(file=str(file))
    await warehouse.deliver()
    file.unlink()
    await warehouse.deliver()
    assert file.read_text() == warehouse.value()


async def test_a_file_with_a_newer_token_stays(warehouse: Warehouse) -> None:
    file = warehouse.folder / "token"
    warehouse.entry(file=str(file))
    file.write_text("EAAnewer")
    ahead = time.time() + 60
    os.utime(file, (ahead, ahead))
    [tried] = await warehouse.deliver()
    assert (tried.state, tried.record.problem) == (FAILED, DeliveryProblem.NEWER_DELIVERED)
    assert file.read_text() == "EAAnewer"
    [tried] = await warehouse.deliver("user_due", again=True)
    assert (tried.state, file.read_text()) == (DELIVERED, warehouse.value())


async def test_a_file_with_an_older_token_is_replaced(warehouse: Warehouse) -> None:
    file = warehouse.folder / "token"
    warehouse.entry(file=str(file))
    file.write_text("EAAolder")
    os.utime(file, (0, 0))
    [tried] = await warehouse.deliver()
    assert (tried.state, file.read_text()) == (DELIVERED, warehouse.value())


async def test_a_file_with_other_content_stays(warehouse: Warehouse) -> None:
    file = warehouse.folder / ".env"
    warehouse.entry(file=str(file), format="env")
    text = f"PORT=80\nFACEBOOK_ACCESS_TOKEN={warehouse.value()}\n"
    file.write_text(text)
    os.utime(file, (0, 0))
    [tried] = await warehouse.deliver()
    assert (tried.record.problem, file.read_text()) == (DeliveryProblem.OTHER_CONTENT, text)


async def test_a_link_or_an_open_folder_is_refused(warehouse: Warehouse) -> None:
    target, link = warehouse.folder / "target", warehouse.folder / "link"
    target.touch()
    link.symlink_to(target)
    warehouse.entry(file=str(link))
    [tried] = await warehouse.deliver(again=True)
    assert (tried.record.problem, target.read_text()) == (DeliveryProblem.NOT_A_FILE, "")
    link.unlink()
    warehouse.folder.chmod(0o777)
    [tried] = await warehouse.deliver(again=True)
    assert tried.record.problem is DeliveryProblem.OPEN_FOLDER
    assert not link.exists()


async def test_a_missing_folder_is_said(warehouse: Warehouse) -> None:
    warehouse.entry(file=f"{warehouse.folder}/nowhere/token")
    [tried] = await warehouse.deliver()
    assert (tried.record.problem, tried.record.detail) == (DeliveryProblem.NOT_WRITTEN, "No such file or directory")


async def test_a_token_that_does_not_work_is_withheld(warehouse: Warehouse) -> None:
    await warehouse.take("user_expired")
    warehouse.entry(tokens=["user_expired"], command=["false"], name="store")
    assert await warehouse.deliver() == []
    assert await warehouse.deliver(again=True) == []
    assert warehouse.standing() == {("user_expired", "store"): WITHHELD}


async def test_a_name_that_does_not_exist_is_said(warehouse: Warehouse) -> None:
    warehouse.entry(tokens=["nobody"], command=["true"])
    warehouse.entry(profile="nowhere", command=["true"])
    problems = [(tried.token, tried.record.problem) for tried in await warehouse.deliver()]
    assert problems == [("nobody", DeliveryProblem.NO_TOKEN), ("", DeliveryProblem.NO_PROFILE)]


async def test_a_changed_command_is_another_destination(warehouse: Warehouse) -> None:
    warehouse.entry(command=["true"])
    await warehouse.deliver()
    file = warehouse.services.home.config_file
    file.write_text(file.read_text().replace('["true"]', '["true", "x"]'))
    warehouse.services = reopened(warehouse.services)
    assert [tried.state for tried in await warehouse.deliver()] == [DELIVERED]


async def test_an_older_value_never_follows_a_newer_one(warehouse: Warehouse) -> None:
    warehouse.entry(command=["true"], name="store")
    await warehouse.deliver()
    token = warehouse.services.token_store.token("user_due")
    records = delivery._Records(warehouse.services, warehouse.services.settings.deliver[0])
    record = records.read("user_due")
    records.store("user_due", replace(record, fingerprint="0" * 12, issued_at=token.obtained_at + 60))
    [tried] = await warehouse.deliver()
    assert (tried.state, tried.record.problem) == (FAILED, DeliveryProblem.NEWER_DELIVERED)
    assert [tried.state for tried in await warehouse.deliver(again=True)] == [DELIVERED]


async def test_a_restored_token_is_not_sent_by_itself(warehouse: Warehouse) -> None:
    warehouse.services.meta.set("restored_at", str(int(time.time()) + 60))
    warehouse.entry(command=["true"])
    [tried] = await warehouse.deliver()
    assert tried.record.problem is DeliveryProblem.RESTORED
    assert [tried.state for tried in await warehouse.deliver(again=True)] == [DELIVERED]


async def test_who_waits_delivers_what_is_current_then(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = "import sys, time\nopen('log', 'a').write(sys.stdin.read() + '\\n')\nopen('began', 'w').write('\\n')\n"
    slow += "while not os.path.exists('go'): time.sleep(0.01)"
    warehouse.entry(command=warehouse.script(slow))
    first = warehouse.value()
    work = asyncio.create_task(warehouse.deliver())
    await appears(warehouse.folder / "began")
    second = open_services(os.environ, "timer")
    await second.keeper.refresh("user_due")
    waits = waiting(monkeypatch)
    others = [asyncio.create_task(deliver(second, lambda _tried: None)) for _ in range(2)]
    await waits.wait()
    (warehouse.folder / "go").touch()
    await asyncio.gather(work, *others)
    newest = second.token_store.value("user_due").reveal()
    assert (warehouse.folder / "log").read_text().split() == [first, newest], "each value once, the newest last"
    await second.close()


def waiting(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Return what is set once two wait for a destination."""
    waits, seen, sleep = asyncio.Event(), set[object](), asyncio.sleep

    async def pause(seconds: float) -> None:
        seen.add(asyncio.current_task())
        if len(seen) == 2:
            waits.set()
        await sleep(seconds)

    monkeypatch.setattr(asyncio, "sleep", pause)
    return waits


async def test_a_lock_that_cannot_be_made_is_a_fault_of_the_home(warehouse: Warehouse) -> None:
    warehouse.entry(command=warehouse.script("open('ran', 'w')"))
    (warehouse.services.home.data_folder / "locks" / f"{digest(warehouse)}.delivery").mkdir(parents=True)
    with pytest.raises(VaultError):
        await warehouse.deliver()
    assert not (warehouse.folder / "ran").exists(), "what cannot be stored is not sent"


async def test_two_processes_deliver_once(warehouse: Warehouse) -> None:
    warehouse.entry(command=warehouse.script("import sys; open('log', 'a').write(sys.stdin.read() + '\\n')"))
    arguments = [sys.executable, "-m", "tui", "deliver"]
    processes = [await asyncio.create_subprocess_exec(*arguments) for _ in range(2)]
    assert [await process.wait() for process in processes] == [0, 0]
    assert (warehouse.folder / "log").read_text() == warehouse.value() + "\n"
