"""`igauth demo`: the program on an embedded sandbox, in a temporary home that is removed at the end."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from tui.commands.screen import chooses_plain, prepare_environment
from tui.commands.worlds import WorldCommand, world_option

if TYPE_CHECKING:
    from tui.sandbox import RunningSandbox
    from tui.services import Services

PROFILE = "acme"
HEAD_START = 1.0
"""Seconds that the first screen has the processor to itself; requests to the sandbox wait meanwhile."""


@click.command(cls=WorldCommand)
@world_option
@click.pass_context
def demo(ctx: click.Context, world: str) -> int:
    """Open the full-screen view on a made-up company; nothing of yours is read or written, nothing is sent out."""
    is_plain = chooses_plain(ctx.find_root().params.get("is_plain"))
    from tui.sandbox import SandboxStartError, WorldError, start_sandbox

    try:
        running = start_sandbox(world, head_start=HEAD_START)
    except WorldError as error:
        raise click.UsageError(f"{error}.") from None
    except SandboxStartError as error:
        raise click.ClickException(f"{error}.") from None
    with running, demo_home(running) as environ:
        os.environ.update(environ)  # settings are read again from there when they change
        prepare_environment()
        from tui.services import open_services

        services = open_services(os.environ, "tui", throw_away=True)
        seed(services, running)
        if is_plain:
            from tui.commands.running import run_work
            from tui.plain.main_menu import talk_plainly

            return run_work(services, lambda: talk_plainly(services))
        from tui.app import run_app

        return run_app(services, sandbox=True, start="guide")


@contextmanager
def demo_home(running: "RunningSandbox") -> Iterator[Mapping[str, str]]:
    """Create a temporary home, 0700, and remove it at the end, also after an error."""
    with TemporaryDirectory(prefix="igauth-demo-", ignore_cleanup_errors=True) as home:
        yield {
            "IGAUTH_HOME": home,
            "IGAUTH_GRAPH_URL": running.graph_url,
            "IGAUTH_DIALOG_URL": running.dialog_url,
        }


def seed(services: "Services", running: "RunningSandbox") -> None:
    """Store the world's apps and tokens as a person would have; their state is not known until Facebook is asked."""
    from tui.redact import Secret
    from tui.settings import MatillionTarget, Profile
    from tui.tokens.token import Token

    world, store, now = running.world, services.token_store, int(services.clock.now())
    entry = next(iter(world.spec.matillion.oauth), "")
    target = MatillionTarget(running.matillion_url, world.matillion_user, entry)
    for app in sorted(world.apps, key=lambda app: app.id != world.app_id):
        is_primary = app.id == world.app_id
        name = PROFILE if is_primary else app.key
        profile = Profile(
            name,
            app.id,
            app.redirect_uri,
            config_id=app.config_id,
            app_name=app.name,
            development_mode=app.mode == "development",
        )
        secret = Secret(world.pasted_secret if is_primary else app.secret)
        services.profile_store.save(profile, secret, Secret(app.client_token), verified=True)
        for seeded in world.tokens_of(app):
            value = Secret(seeded.value)
            version = store.add_issued(seeded.name, name, value, at=now, origin="demo")
            facts = Token(seeded.name, name, app.id, obtained_at=now, origin="demo", fingerprint=value.fingerprint())
            store.add_token(facts, version)
    services.matillion.save(PROFILE, target, Secret(world.matillion_password))
