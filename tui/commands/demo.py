"""`igauth demo`: the TUI against an embedded sandbox, in a throw-away home that goes with it."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.commands.screen import require_terminal
from tui.commands.worlds import WorldCommand, world_option

if TYPE_CHECKING:
    from tui.redact import Secret
    from tui.sandbox import RunningSandbox
    from tui.sandbox.running import AppFacts
    from tui.services import Services

PROFILE = "acme"
HEAD_START = 1.0
"""Seconds that the first screen has the processor to itself; whoever asks the sandbox meanwhile waits."""


@click.command(cls=WorldCommand)
@world_option
def demo(world: str) -> int:
    """Open the full-screen view on a made-up company; nothing of yours is read or written, nothing is sent out."""
    require_terminal()
    from tui.sandbox import SandboxStartError, WorldError, start_sandbox

    try:
        running = start_sandbox(world, head_start=HEAD_START)
    except WorldError as error:
        raise click.UsageError(f"{error}.") from None
    except SandboxStartError as error:
        raise click.ClickException(f"{error}.") from None
    with running, demo_home(running) as environ:
        os.environ.update(environ)  # settings are read again from there when they change
        from tui.terminal.hardening import forget_debugging, harden_process

        forget_debugging(os.environ)
        from tui.app import run_app
        from tui.services import open_services

        harden_process()  # people try the demo with secrets of their own
        services = open_services(os.environ, "tui", throw_away=True)
        seed(services, running)
        return run_app(services, sandbox=True, start="guide")


@contextmanager
def demo_home(running: "RunningSandbox") -> Iterator[Mapping[str, str]]:
    """Make a home of its own, 0700, and remove it at the end, however that comes."""
    home = Path(tempfile.mkdtemp(prefix="igauth-demo-"))
    try:
        yield {
            "IGAUTH_HOME": str(home),
            "IGAUTH_GRAPH_URL": running.graph_url,
            "IGAUTH_DIALOG_URL": running.dialog_url,
        }
    finally:
        shutil.rmtree(home, ignore_errors=True)


def seed(services: "Services", running: "RunningSandbox") -> None:
    """Store the world's apps and tokens as a person would have; what they are now, only Facebook can tell."""
    from tui.redact import Secret
    from tui.settings import MatillionTarget

    world = running.world
    entry = next(iter(world.spec.matillion.oauth), "")
    target = MatillionTarget(running.matillion_url, world.matillion_user, entry)
    modes = {app.key: app.mode for app in world.spec.apps}
    for app in sorted(world.apps, key=lambda app: app.id != world.app_id):
        is_primary = app.id == world.app_id
        name = PROFILE if is_primary else app.key
        secret = world.pasted_secret if is_primary else app.secret
        _seed_app(services, name, app, Secret(secret), modes[app.key] == "development")
    services.matillion_desk.save(PROFILE, target, Secret(world.matillion_password))


def _seed_app(
    services: "Services",
    name: str,
    app: "AppFacts",
    secret: "Secret",
    in_development: bool,
) -> None:
    from tui.redact import Secret
    from tui.settings import Profile
    from tui.tokens.token import Token

    profile = Profile(
        name,
        app.id,
        app.redirect_uri,
        config_id=app.config_id,
        app_name=app.name,
        development_mode=in_development,
    )
    services.profile_desk.save(profile, secret, Secret(app.client_token), verified=True)
    store, now = services.token_store, int(services.clock.now())
    for seeded in app.tokens:
        value = Secret(seeded.value)
        version = store.add_issued(seeded.name, name, value, at=now, origin="demo")
        facts = Token(seeded.name, name, app.id, obtained_at=now, origin="demo", fingerprint=value.fingerprint())
        store.add_token(facts, version)
