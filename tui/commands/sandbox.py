"""`igauth sandbox`: the embedded Graph API without the program, for tests and other clients."""

import signal
import sys
import threading
from typing import TYPE_CHECKING

import click

from tui.commands.pipe import put, put_json, say
from tui.commands.worlds import WorldCommand, world_option

if TYPE_CHECKING:
    from tui.sandbox import RunningSandbox

SERVED, CANNOT_SERVE = 0, 1
_CHECK_EVERY = 3600.0


@click.command(cls=WorldCommand)
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="Port on 127.0.0.1 (default: a free one).")
@world_option
@click.option("--control", is_flag=True, help="Also serve actions that change time, faults and tokens.")
@click.option("--json", "as_json", is_flag=True, help="Print the facts as one JSON object on one line.")
def sandbox(port: int, world: str, control: bool, as_json: bool) -> int:
    """Serve an imitation of Facebook and Matillion on this machine until SIGINT or SIGTERM.

    Prints its addresses and seeded credentials. Nothing in it is real, and nothing leaves this machine.
    """
    from tui.sandbox import SandboxStartError, WorldError, start_sandbox

    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell that starts us in the background ignores SIGINT
        signal.signal(number, lambda _number, _frame: over.set())
    try:
        running = start_sandbox(world, port=port, control=control)
    except WorldError as error:
        raise click.UsageError(f"{error}.") from None
    except SandboxStartError as error:
        say(f"igauth: {error}. Choose another with --port, or leave out --port for a free one.")
        return CANNOT_SERVE
    with running:
        if as_json:
            put_json(running.describe())
        else:
            _print(running)
        while not over.wait(_CHECK_EVERY):
            continue
    return SERVED


def _print(running: "RunningSandbox") -> None:
    world = running.world
    put(f"{world.spec.title}. {world.spec.summary}".strip())
    put("")
    for token in world.tokens:
        put(f"{token.name:<24} {token.state:<8} {token.value}")
    put("")  # what is needed first comes last: it stays in sight
    put(f"export IGAUTH_GRAPH_URL={running.graph_url}")
    put(f"export IGAUTH_DIALOG_URL={running.dialog_url}")
    put("")
    facts = {
        "App ID": world.app_id,
        "App Secret": world.app_secret,
        "Client token": world.client_token,
        "Redirect URI": world.redirect_uri,
        "Matillion": f"{running.matillion_url} ({world.matillion_user}, {world.matillion_password})",
    }
    if running.control_url:
        facts["Control"] = running.control_url
    for label, value in facts.items():
        put(f"{label + ':':<14}{value}")
    sys.stdout.flush()
    say("Serving until Ctrl+C or SIGTERM.")
