"""`igauth due`: lists the tokens that a refresh can help now. For systemd's ExecCondition and scripts."""

import os

import click

from tui.commands.options import DURATION
from tui.commands.pipe import put, say
from tui.commands.running import open_command
from tui.settings import SettingsError

SOME_DUE, NOTHING_DUE, COULD_NOT_READ = 0, 1, 3
UNIT_FAILED = 255
"""The one status that systemd's ExecCondition takes for a failure; with any other the unit is skipped silently."""


@click.command()
@click.option("--within", type=DURATION, help="Refresh window, such as 14d (default: that of each profile).")
@click.option("--unchecked", type=DURATION, help="Also list tokens last checked longer ago than this, such as 1d.")
def due(within: int | None, unchecked: int | None) -> int:
    """List the tokens that a refresh can help now. Exit status 0: there are some. 1: none. 3: could not read them.

    A token near its deadline by data access only is not listed: it needs a new login, an extension gains nothing.
    """
    is_timer = os.environ.get("IGAUTH_ACTOR") == "timer"
    try:
        names = _due(within, unchecked, is_timer)
    except Exception as error:
        if isinstance(error, SettingsError) and not is_timer:
            raise
        from tui.commands.failure import say_failure

        say_failure(error)
        return UNIT_FAILED if is_timer else COULD_NOT_READ
    for name in names:
        put(name)
    if not names and not is_timer:  # cron mails every output: only failures are worth one
        say("Nothing is due.")
    return SOME_DUE if names else NOTHING_DUE


def _due(within: int | None, unchecked: int | None, is_timer: bool) -> list[str]:
    from tui.tokens.automation import Run
    from tui.tokens.policy import due_names

    services = open_command(looks_only=not is_timer)
    now = services.clock.now()
    window_of = services.settings.window_of if within is None else lambda _profile: within
    names = due_names(services.tokens(), now, window_of, unchecked)
    if services.actor == "timer" and not names:
        services.timer.note_run(Run(int(now), int(now)))  # a run that finds nothing to do has happened too
    return names
