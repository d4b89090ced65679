"""In every situation that ends at once, `refresh` and `doctor` name what is in the way, and show no secret."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.running import inside
from tests.network.situations import SITUATIONS, Situation, Stage, secrets_of, stage, trust_graph
from tui.facebook import calls
from tui.sandbox import start_sandbox

CRASHED = 70
QUICK = [situation for situation in SITUATIONS if situation.quick]


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Facebook and its name, shared: each test has a home and servers of its own."""
    facebook = start_sandbox(control=True)
    with stage(facebook, tmp_path_factory.mktemp("stage")) as made:
        yield made
    facebook.stop()


@pytest.fixture(scope="module")
def filled(where: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one profile and one token."""
    home = tmp_path_factory.mktemp("filled") / "home"
    world = where.facebook.world
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IGAUTH_HOME", str(home))
        patch.setenv("IGAUTH_GRAPH_URL", where.facebook.graph_url)
        assert inside("add", "acme", "--app-id", world.app_id, stdin=world.app_secret).status == 0
        assert inside("import", "user_due", "--profile", "acme", stdin=world.token("user_due").value).status == 0
    trust_graph(home)
    return home


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls are repeated at once."""
    monkeypatch.setattr(calls, "PAUSES", (0, 0))


@pytest.mark.parametrize("situation", QUICK, ids=lambda situation: situation.name)
def test_what_is_in_the_way_is_named(
    situation: Situation, where: Stage, filled: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(filled, own_home)
    with situation.make(where) as around:
        for name, value in around.environ.items():
            monkeypatch.setenv(name, value)
        for command in (("refresh", "--all"), ("doctor",)):
            done = inside(*command)
            said = done.out + done.err
            assert done.status != CRASHED, said
            assert (done.status == 0) == situation.works, said
            assert situation.works or around.named in said, said
            assert not [secret for secret in secrets_of(where.facebook) if secret in said + around.log()]
