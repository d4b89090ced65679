"""`igauth due`: is there anything to do? For systemd's ExecCondition and scripts."""

import click

from tui.commands.options import DURATION
from tui.commands.pipe import put, say
from tui.commands.running import open_command

SOMETHING, NOTHING = 0, 1


@click.command()
@click.option("--within", type=DURATION, help="The refresh window, such as 14d; without it each profile's own.")
@click.option(
    "--unchecked", type=DURATION, help="Also tokens that Facebook was not asked about for so long, such as 1d."
)
def due(within: int | None, unchecked: int | None) -> int:
    """Name the tokens that a refresh can help now; exit status 0 only when there are some, else 1.

    A token near its end only by data access is not among them: an exchange gains nothing, a new login does.
    """
    from tui.tokens.policy import Policy, due_names

    services = open_command()
    now = services.clock.now()
    if services.actor == "timer":
        from tui.services.automation import note_run

        note_run(services.vault, now)  # a run that finds nothing to do has happened too
    names = [
        name
        for token in services.tokens()
        for name in due_names(
            [token], now, Policy(window=_window(within, services.window_of(token.profile))), unchecked
        )
    ]
    for name in names:
        put(name)
    if not names:
        say("Nothing is due.")
    return SOMETHING if names else NOTHING


def _window(within: int | None, profile_window: int) -> int:
    return profile_window if within is None else within
