"""`igauth login`: the same login on a plain line, for a pipe, a dumb terminal or a screen reader."""

import sys
from typing import TYPE_CHECKING

import click

from tui.commands.names import profile_named
from tui.commands.options import NAME
from tui.commands.running import open_command, run_work, say_where_secrets_go

if TYPE_CHECKING:
    from tui.services.logins import Door

LOGGED_IN, REFUSED = 0, 1


@click.command()
@click.option("--profile", type=NAME, help="The profile to log in with; the default one unless said otherwise.")
@click.option(
    "--name", type=NAME, help="Name of the token; one that exists is renewed. The profile's unless said otherwise."
)
@click.option("--browser", is_flag=True, help="Only wait for a browser here or behind `ssh -L`.")
@click.option("--paste", is_flag=True, help="Only read the redirected address from stdin.")
@click.option("--device", is_flag=True, help="Only show a code to enter at facebook.com/device.")
@click.option("--qr", is_flag=True, help="Draw the link as a QR code too, on stderr.")
@click.option(
    "--hand-over",
    metavar="FILE",
    help="Write a text for a colleague who has the browser to a new FILE, without any secret.",
)
def login(
    profile: str | None, name: str | None, browser: bool, paste: bool, device: bool, qr: bool, hand_over: str | None
) -> int:
    """Log in: by a browser here, an address pasted back from one elsewhere, or a code; the first that works counts.

    The link goes to stdout, everything else to stderr; the address is read from stdin, never from an argument.
    """
    if browser + paste + device > 1:
        raise click.UsageError("say one of --browser, --paste and --device; without any, every way is open at once.")
    services = open_command()
    chosen = profile_named(services, profile)
    services.credentials(chosen.name)  # MissingCredentials before anybody opens a browser
    from tui.commands.login_line import Show, log_in

    doors: tuple[Door, ...] = ("browser", "paste", "device")
    if browser or paste or device:
        doors = ("browser",) if browser else ("paste",) if paste else ("device",)
    say_where_secrets_go(services)
    show = Show(qr, hand_over)
    return run_work(services, lambda: log_in(services, chosen, name or chosen.name, doors, sys.stdin, show))
