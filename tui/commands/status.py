"""`igauth status`: the last known state of every token, for people, programs and monitors. It changes nothing."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, assert_never, get_args

import click

from tui.clock import Clock
from tui.commands.options import NAME, passphrase_option
from tui.commands.pipe import columns, on_terminal, put, say
from tui.commands.running import open_command, run_work, say_notices
from tui.process import Refused
from tui.services import Services
from tui.tokens.life import known_refusals
from tui.tokens.status import Entry, WindowOf, entries, exit_status, status_report
from tui.tokens.token import Token
from tui.vault.errors import VaultError

if TYPE_CHECKING:
    from tui.matillion.estimate import Estimate
    from tui.services.monitored import Monitored
    from tui.tokens.delivery import Delivery

CANNOT_READ = 3
MonitorFormat = Literal["nagios", "prometheus", "openmetrics", "ics"]
Format = Literal["table", "json"] | MonitorFormat
FORMATS = ("table", "json", *get_args(MonitorFormat))


@click.command()
@click.option("--check", is_flag=True, help="Ask Facebook about each token first.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--profile", type=NAME, help="Only tokens of this profile.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Output format (default: table).")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file, atomically.")
@passphrase_option()
def status(check: bool, as_json: bool, profile: str | None, form: Format | None, output: Path | None) -> int:
    """Show the last known state of every token.

    With the table stderr says when the timer last ran, and what is wrong with it.

    Exit status, the worst of: 2 some expired or invalid, 3 unknown, could not ask or no token at all, 1 some due,
    0 all valid. With --format nagios also 1 for two missed timer runs, a failing timer, a failed
    delivery, or past day 53 of the 60 that Matillion's own token is estimated to live, and 2 for a Matillion run
    whose token Facebook refused, or an app or a person that Meta refuses.
    """
    if as_json and form not in (None, "json"):
        raise click.UsageError("--json and --format cannot be combined.")
    chosen: Format = "json" if as_json else form or "table"
    try:
        return _status(check, profile, chosen, output)
    except Exception as error:
        is_ours = not isinstance(error, click.ClickException | Refused | BrokenPipeError)
        if not is_ours or (chosen != "nagios" and _is_configuration(error)):
            raise
        return _cannot_read(error, chosen, output)


def _is_configuration(error: Exception) -> bool:
    from tui.settings import SettingsError

    return isinstance(error, SettingsError)


def _cannot_read(error: Exception, form: Format, output: Path | None) -> int:
    """Say why no state can be shown: to a monitor and a program in their formats; any other file stays as it is."""
    from tui.commands.failure import explain

    message = explain(error)[0]
    say(f"igauth: {message}")
    if form == "nagios":
        from tui.wording.nagios import nagios_unknown

        _put(nagios_unknown(message), output)
    elif form == "json":
        from tui.services.keeping import detail_of, problem_of

        failure = {"problem": problem_of(error), "detail": detail_of(error) or None}
        _put(json.dumps({**status_report((), Clock().now()), "error": failure}), output)
    return CANNOT_READ


def _status(check: bool, profile: str | None, form: Format, output: Path | None) -> int:
    services = open_command(looks_only=not check)
    for key in services.settings.unknown_keys:
        from tui.wording.settings import unknown_key  # only where something is wrong

        say(f"igauth: {unknown_key(key)}")

    def report(all_asked: bool = True) -> int:
        return _report(services, profile, form, output, all_asked)

    names, is_open = [], True
    if check:
        try:
            names = [token.name for token in _tokens(services, profile, brief=True)]
        except VaultError as error:
            from tui.commands.failure import say_failure
            from tui.commands.last_known import only_look

            only_look(services)
            say_failure(error)
            is_open = False
    return run_work(services, lambda: _ask_and_report(services, names, report)) if names else report(is_open)


async def _ask_and_report(services: Services, names: list[str], report: Callable[[bool], int]) -> int:
    from tui.commands.asking import not_asked_line
    from tui.commands.failure import say_failure
    from tui.services.asking import ask_all

    try:
        groups = await ask_all(services.keeper, names)
    except Exception as error:
        say_failure(error)
        return report(False)
    for group in groups:
        say(f"igauth: {not_asked_line(group)}")
    return report(not groups)


def _report(services: Services, profile: str | None, form: Format, output: Path | None, all_asked: bool) -> int:
    tokens = _tokens(services, profile, brief=form != "json")
    settings, now = services.settings, services.clock.now()
    found = entries(tokens, int(now), settings.window_of, settings.expected_scopes)
    code = exit_status((entry.state for entry in found), could_not_ask=not all_asked)
    if form == "table" or form == "json":
        text = _text(services, found, now, profile, form)
    else:
        report = _monitored(services, found, now, profile, all_asked)
        text = _monitor_text(report, form, settings.window_of)
        code = report.level if form == "nagios" else code
    if services.home.database.exists():
        say_notices(services)
    if form == "table" and all_asked:  # else that is said already
        for refused in known_refusals([entry.token for entry in found]):
            from tui.commands.asking import refused_line

            say(f"igauth: {refused_line(refused)}")
    if form == "table" and (undelivered := _deliveries(services, profile)):
        from tui.commands.deliver import say_undelivered

        say_undelivered(undelivered)
    _put(text, output)
    if form == "table":
        _say_timer(services, tokens, now)
    return code


def _put(text: str, output: Path | None) -> None:
    text = text.removesuffix("\n")
    if output is None:
        put(text)
    else:
        _write(output, f"{text}\n")


def _say_timer(services: Services, tokens: Sequence[Token], now: float) -> None:
    """Say on stderr whether the timer works, where there is something for it to do; not in the mail of its own run."""
    from tui.tokens.policy import can_be_extended
    from tui.wording.automation import timer_sentences

    if not tokens or services.actor == "timer":
        return
    timer = services.timer.read()
    if timer is not None or any(can_be_extended(token, now) for token in tokens):
        say(timer_sentences(timer, now))


def _tokens(services: Services, profile: str | None, *, brief: bool) -> tuple[Token, ...]:
    if not services.home.database.exists():
        tokens: tuple[Token, ...] = ()  # a look must not make a database
    else:
        tokens = services.token_store.brief_tokens() if brief else services.tokens()
    if profile is None:
        return tokens
    found = tuple(token for token in tokens if token.profile == profile)
    if not found and services.settings.profile(profile) is None:
        from tui.commands.names import profile_named

        profile_named(services, profile)
    return found


def _text(
    services: Services, found: Sequence[Entry], now: float, profile: str | None, form: Literal["table", "json"]
) -> str:
    if form == "json":
        from tui.tokens.delivery import delivery_row

        timer = services.timer.read() if services.home.database.exists() else None
        report = status_report(found, now, _matillion_rows(services, profile), timer)
        refusals: list[object] = []
        for refused in known_refusals([entry.token for entry in found]):
            from tui.tokens.refusals import refusal_row

            refusals.append(refusal_row(refused))
        deliveries = [delivery_row(one) for one in _deliveries(services, profile)]
        return json.dumps({**report, "refusals": refusals, "deliveries": deliveries})
    from tui.wording.status_table import NOTHING_YET, table

    if not found and not services.settings.profiles:
        return NOTHING_YET
    color = on_terminal() and not os.environ.get("NO_COLOR")
    return table(found, now, columns(120), color=color, matillion=_estimates(services, profile))


def _monitored(
    services: Services, found: Sequence[Entry], now: float, profile: str | None, all_asked: bool
) -> "Monitored":
    from tui.services.monitored import Monitored
    from tui.tokens.delivery import DeliveryState

    home = str(services.home.data_folder).encode(errors="backslashreplace").decode()  # a path may not be UTF-8
    is_stored = services.home.database.exists()  # a look must not make a database
    refreshes = services.history.refreshes() if is_stored else {}
    return Monitored(
        home=home,
        now=now,
        entries=found,
        profile=profile,
        all_asked=all_asked,
        automation=services.timer.read() if is_stored else None,
        matillion=_estimates(services, profile),
        refused=known_refusals([entry.token for entry in found]),
        refreshes={key: count for key, count in refreshes.items() if profile in (None, key[0])},
        undelivered=[
            (one.token, one.destination) for one in _deliveries(services, profile) if one.state is DeliveryState.FAILED
        ],
    )


def _monitor_text(report: "Monitored", form: MonitorFormat, window_of: WindowOf) -> str:
    match form:
        case "nagios":
            from tui.wording.nagios import nagios

            return nagios(report, window_of)
        case "prometheus":
            from tui.wording.metrics import prometheus

            return prometheus(report)
        case "openmetrics":
            from tui.wording.metrics import openmetrics

            return openmetrics(report)
        case "ics":
            from tui.wording.calendar_file import ics

            return ics(report)
        case _:
            assert_never(form)


def _deliveries(services: Services, profile: str | None) -> "tuple[Delivery, ...]":
    """Return how tokens stand with the destinations of config.toml."""
    if not services.settings.deliver or not services.home.database.exists():
        return ()
    from tui.services.delivery import deliveries  # few homes have a destination

    tokens = services.tokens()
    profiles = {token.name: token.profile for token in tokens}
    return tuple(one for one in deliveries(services, tokens) if profile in (None, profiles.get(one.token)))


def _estimates(services: Services, profile: str | None) -> "Sequence[tuple[str, Estimate]]":
    """Return the estimates of Matillion's own tokens, which cannot be read, by profile."""
    profiles = [
        known for known in services.settings.profiles if known.matillion.authorised_at and profile in (None, known.name)
    ]
    if not profiles:
        return ()
    from tui.services.estimates import estimates

    return estimates(profiles, services.meta if services.home.database.exists() else None, services.clock.now())


def _matillion_rows(services: Services, profile: str | None) -> list[dict[str, object]]:
    found = _estimates(services, profile)
    if not found:
        return []
    from tui.clock import rfc3339
    from tui.matillion.estimate import LIFE_DAYS
    from tui.wording.matillion import estimate_sentence

    return [
        {
            "profile": name,
            "entry": estimate.entry or None,
            "estimated": True,
            "stand": str(estimate.standing),
            "authorised_at": rfc3339(estimate.authorized_at),
            "day": estimate.day,
            "of_days": LIFE_DAYS,
            "estimated_end": rfc3339(estimate.ends_at),
            "seconds_left": estimate.seconds_left,
            "sentence": estimate_sentence(estimate),
        }
        for name, estimate in found
    ]


def _write(path: Path, text: str) -> None:
    """Replace the file; others may read it, because a collector runs as another user."""
    from tui.atomic_file import replace_file

    try:
        replace_file(path, text.encode(), 0o644)
    except OSError as error:
        raise click.UsageError(f"--output {path} cannot be written: {error.strerror}.") from None
