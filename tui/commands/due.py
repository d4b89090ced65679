"""`igauth due`: is there anything to do? For systemd's ExecCondition and scripts."""

import os

import click

from tui.commands.options import DURATION
from tui.commands.pipe import put, say
from tui.commands.running import open_command
from tui.settings import SettingsError

SOMETHING, NOTHING, COULD_NOT_LOOK = 0, 1, 3
UNIT_FAILED = 255
"""The one status that systemd's ExecCondition takes for a failure; with any other the unit is skipped in silence."""


@click.command()
@click.option("--within", type=DURATION, help="The refresh window, such as 14d; without it each profile's own.")
@click.option(
    "--unchecked", type=DURATION, help="Also tokens that Facebook was not asked about for so long, such as 1d."
)
def due(within: int | None, unchecked: int | None) -> int:
    """Name the tokens that a refresh can help now; exit status 0 when there are some, 1 when not, 3: could not look.

    A token near its end only by data access is not among them: an exchange gains nothing, a new login does.
    """
    is_timer = os.environ.get("IGAUTH_ACTOR") == "timer"
    try:
        names = _due(within, unchecked)
    except Exception as error:
        if isinstance(error, SettingsError) and not is_timer:
            raise
        from tui.commands.failure import explain

        say(f"igauth: {explain(error)[0]}")
        return UNIT_FAILED if is_timer else COULD_NOT_LOOK
    for name in names:
        put(name)
    if not names and not is_timer:  # cron mails what is said: only what went wrong
        say("Nothing is due.")
    return SOMETHING if names else NOTHING


def _due(within: int | None, unchecked: int | None) -> list[str]:
    from tui.tokens.policy import Policy, due_names

    services = open_command(looks_only=os.environ.get("IGAUTH_ACTOR") != "timer")
    now = services.clock.now()
    if services.actor == "timer":
        services.timer.note_run()  # a run that finds nothing to do has happened too
    return [
        name
        for token in services.tokens()
        for name in due_names(
            [token], now, Policy(window=_window(within, services.window_of(token.profile))), unchecked
        )
    ]


def _window(within: int | None, profile_window: int) -> int:
    return profile_window if within is None else within
