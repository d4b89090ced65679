"""`igauth login`: the same login on a plain line, for a pipe, a dumb terminal or a screen reader."""

import sys

import click

from tui.commands.names import profile_named
from tui.commands.options import NAME
from tui.commands.running import open_command, run_work, say_where_secrets_go


@click.command()
@click.option("--profile", type=NAME, help="Profile to use (default: the default profile).")
@click.option("--name", type=NAME, help="Name of the token; an existing one is renewed (default: the profile's name).")
@click.option("--browser", is_flag=True, help="Only wait for a browser on this machine or behind `ssh -L`.")
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
    """Log in with a browser here, an address pasted from another browser, or a device code; the first answer is used.

    The link goes to stdout, everything else to stderr; the address is read from stdin, never from an argument.
    """
    if browser + paste + device > 1:
        raise click.UsageError("--browser, --paste and --device cannot be combined; without any, all are available.")
    services = open_command()
    chosen = profile_named(services, profile)
    services.credentials(chosen.name)  # MissingCredentials before anybody opens a browser
    from tui.commands.login_line import LoginLine
    from tui.facebook.login_methods import LoginMethod
    from tui.services.logins import ALL_METHODS

    wanted = ((browser, LoginMethod.BROWSER), (paste, LoginMethod.PASTE), (device, LoginMethod.DEVICE))
    methods = tuple(method for is_wanted, method in wanted if is_wanted) or ALL_METHODS
    say_where_secrets_go(services)
    line = LoginLine(services, chosen.name, name or chosen.name, qr=qr, hand_over=hand_over)
    return run_work(services, lambda: line.run(methods, sys.stdin))
