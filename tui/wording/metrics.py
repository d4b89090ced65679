"""The state of a home as metrics, in the text format of Prometheus and in OpenMetrics. Pure functions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tui.services.monitored import Monitored
from tui.tokens.automation import TimerState
from tui.tokens.states import STATES, TokenState
from tui.tokens.status import Entry

_TOTAL = "_total"


@dataclass(frozen=True, slots=True)
class _Family:
    """Samples of one name: their labels, as text, and values. Times are unix seconds, UTC."""

    name: str
    text: str
    samples: tuple[tuple[str, float], ...]

    @property
    def is_counter(self) -> bool:
        return self.name.endswith(_TOTAL)


def prometheus(report: Monitored) -> str:
    """Return the text for the textfile folder of node_exporter; what is not known has no sample."""
    return "".join(_family_text(family, family.name) for family in _families(report))


def openmetrics(report: Monitored) -> str:
    """Return the same as OpenMetrics, where a counter's family is named without `_total`."""
    texts = [_family_text(family, family.name.removesuffix(_TOTAL)) for family in _families(report)]
    return "".join([*texts, "# EOF\n"])


def _family_text(family: _Family, name: str) -> str:
    kind = "counter" if family.is_counter else "gauge"
    samples = "".join(f"{family.name}{{{labels}}} {value:.0f}\n" for labels, value in family.samples)
    return f"# HELP {name} {family.text}\n# TYPE {name} {kind}\n{samples}"


def _families(report: Monitored) -> Iterator[_Family]:
    yield from _token_families(report)
    yield from _matillion_families(report)
    refused = [
        (_labels(home=report.home, refusal=one.refusal.remedy, subject=one.subject), float(len(one.names)))
        for one in report.refused
    ]
    yield _Family(
        "igauth_refused_tokens", "Tokens whose app or person Meta refuses until somebody acts.", tuple(refused)
    )
    counts = sorted(report.refreshes.items())
    samples = [(_labels(home=report.home, profile=profile, result=word), count) for (profile, word), count in counts]
    yield _Family("igauth_refresh_total", "Exchanges ever asked for, by what came of them.", tuple(samples))
    yield from _timer_families(report)
    yield _of_home(report, "igauth_status_timestamp_seconds", "When this was made.", report.now)


_GAUGES: tuple[tuple[str, str, Callable[[Entry], float | None]], ...] = (
    ("expiry_timestamp_seconds", "When the token expires.", lambda entry: entry.token.expires_at),
    (
        "data_access_expiry_timestamp_seconds",
        "When data access ends unless the person logs in again.",
        lambda entry: entry.token.data_access_expires_at,
    ),
    ("deadline_timestamp_seconds", "The earlier of both ends.", lambda entry: entry.deadline),
    (
        "last_check_timestamp_seconds",
        "When Facebook was last asked about the token.",
        lambda entry: entry.token.inspected_at,
    ),
    ("up", "1 while the token is known to work.", lambda entry: STATES[entry.state].works),
    ("missing_scopes", "Scopes the profile expects and the token lacks.", lambda entry: len(entry.missing)),
)


def _token_families(report: Monitored) -> Iterator[_Family]:
    labels = [
        _labels(home=report.home, profile=entry.token.profile, name=entry.token.name, kind=entry.token.kind)
        for entry in report.entries
    ]
    labeled = list(zip(labels, report.entries, strict=True))
    for name, text, value_of in _GAUGES:
        samples = ((label, value_of(entry)) for label, entry in labeled)
        known = tuple((label, value) for label, value in samples if value is not None)
        yield _Family(f"igauth_token_{name}", text, known)
    states = tuple(
        (f'{label},state="{state}"', float(entry.state is state)) for label, entry in labeled for state in TokenState
    )
    yield _Family("igauth_token_state", "1 for the state the token is in, 0 for the others.", states)


def _matillion_families(report: Monitored) -> Iterator[_Family]:
    labeled = [
        (_labels(home=report.home, profile=profile, entry=estimate.entry), estimate)
        for profile, estimate in report.matillion
    ]
    yield _Family(
        "igauth_matillion_estimated_end_timestamp_seconds",
        "When Matillion's own token is estimated to expire.",
        tuple((label, estimate.ends_at) for label, estimate in labeled),
    )
    yield _Family(
        "igauth_matillion_day",
        "Day of the estimated life of Matillion's own token, 1 is the first.",
        tuple((label, estimate.day) for label, estimate in labeled),
    )


def _timer_families(report: Monitored) -> Iterator[_Family]:
    is_installed = report.timer is not TimerState.NONE
    yield _of_home(report, "igauth_timer_installed", "1 while a timer is installed.", is_installed)
    automation = report.automation
    run = automation.run if automation is not None else None
    missed = automation.missed(report.now) if automation is not None else None
    last_run = automation.last_run if automation is not None else None
    worked = run.worked if run is not None else None
    yield _of_home(report, "igauth_runs_missed", "Runs of the timer that are absent.", missed)
    yield _of_home(report, "igauth_last_run_timestamp_seconds", "When the last run ended.", last_run)
    yield _of_home(report, "igauth_last_run_success", "1 if the last run did all that it could.", worked)
    failed = len(report.undelivered)
    yield _of_home(report, "igauth_deliveries_failed", "Tokens that could not be delivered to a destination.", failed)


def _of_home(report: Monitored, name: str, text: str, value: float | None) -> _Family:
    labels = {"home": report.home} if report.profile is None else {"home": report.home, "profile": report.profile}
    return _Family(name, text, () if value is None else ((_labels(**labels), value),))


def _labels(**values: str) -> str:
    return ",".join(f'{key}="{_escaped(value)}"' for key, value in values.items())


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
