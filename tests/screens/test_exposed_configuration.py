"""The screen says which keys of config.toml it ignores because others can change the file."""

from pathlib import Path

from tests.screens.driving import environment, opened
from tui.sandbox import RunningSandbox
from tui.services import Services
from tui.wording.settings import ignored_keys


def _expose(services: Services) -> None:
    file = services.home.config_file
    file.write_text(f'{file.read_text()}\n[hooks]\ndue = ["x"]\n')
    file.chmod(0o666)
    store = services.settings_store
    store.set_preference("theme", "nord")  # reads it again


async def test_the_screen_names_ignored_keys_and_chmod(sandbox: RunningSandbox, own_home: Path) -> None:
    environ = environment(own_home, sandbox.graph_url)
    async with opened(sandbox, tokens=("user_long",), prepare=_expose, environ=environ) as person:
        ignored = person.services.settings.ignored
        assert ignored is not None
        assert "hooks.due" in ignored.keys
        assert ignored_keys(ignored).hint in person.notices
