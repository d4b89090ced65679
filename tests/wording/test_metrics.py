"""The metrics, as Prometheus and OpenMetrics read them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_prometheus

from tests.tokens.samples import NOW, a_token, tokens
from tests.wording.homes import DUE, EXPIRED, FAILING, VALID, WORKING, a_home, at_day, late
from tui.services.monitored import Monitored
from tui.tokens.token import DAY, Token
from tui.wording.metrics import openmetrics, prometheus

many = st.lists(tokens, max_size=8, unique_by=lambda token: token.name)
REFRESHES = {("acme", "extended"): 3, ("acme", "refused"): 1, ("", "extended"): 2}
FULL = a_home([VALID, DUE, EXPIRED], matillion=[("acme", at_day(12))], refreshes=REFRESHES)

BOTH = pytest.mark.parametrize(("write", "read"), [(prometheus, read_prometheus), (openmetrics, read_openmetrics)])


def _samples(families: Any) -> dict[str, list[tuple[dict[str, str], float]]]:
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in families:
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


@BOTH
@given(many)
def test_a_parser_reads_what_is_written(
    write: Callable[[Monitored], str], read: Callable[[str], Any], stored: list[Token]
) -> None:
    home = a_home(stored)
    samples = _samples(read(write(home)))
    reported = {labels["name"]: value for labels, value in samples.get("igauth_token_deadline_timestamp_seconds", [])}
    assert reported == {entry.token.name: entry.deadline for entry in home.entries if entry.deadline is not None}
    assert [value for _, value in samples.get("igauth_token_state", [])].count(1) == len(stored)
    assert samples["igauth_status_timestamp_seconds"] == [({"home": "/srv/igauth"}, NOW)]


@BOTH
def test_counters_are_typed_and_have_their_profile(
    write: Callable[[Monitored], str], read: Callable[[str], Any]
) -> None:
    families = {family.name: family for family in read(write(FULL))}
    counter = families["igauth_refresh"]  # the parser of Prometheus' format takes the ending away too
    assert counter.type == "counter"
    counts = {(sample.labels["profile"], sample.labels["result"]): sample.value for sample in counter.samples}
    assert counts == REFRESHES
    assert {sample.labels["home"] for sample in counter.samples} == {"/srv/igauth"}
    assert {family.type for name, family in families.items() if name != "igauth_refresh"} == {"gauge"}


def test_the_two_formats_differ_where_they_must() -> None:
    plain, open_text = prometheus(FULL), openmetrics(FULL)
    assert "# TYPE igauth_refresh_total counter\n" in plain
    assert "# TYPE igauth_refresh counter\n" in open_text
    assert "# EOF" not in plain
    assert open_text.endswith("\n# EOF\n")
    assert [line for line in plain.splitlines() if line[0] != "#"] == [
        line for line in open_text.splitlines() if line[0] != "#"
    ]
    for line in plain.splitlines():
        assert re.fullmatch(r"# (HELP|TYPE) \S+ .+|igauth_\w+\{.+\} \d+", line), "no time stamp, no unit, no NaN"


def test_each_series_tells_of_its_home_and_none_twice() -> None:
    def series(*homes: Monitored) -> list[str]:
        lines = [line for home in homes for line in prometheus(home).splitlines()]
        return [line.rpartition(" ")[0] for line in lines if line[0] != "#"]

    other = a_home([VALID, DUE, EXPIRED], home="/srv/other", matillion=[("acme", at_day(12))], refreshes=REFRESHES)
    own = a_home([VALID], profile="acme", refreshes={("acme", "extended"): 3})
    foreign = a_home([a_token(name="x", profile="b")], profile="b", refreshes={("b", "extended"): 3})
    for homes in ((FULL, other), (own, foreign)):
        found = series(*homes)
        assert len(set(found)) == len(found)
        assert all('home="' in line for line in found)
    assert _help(FULL) == _help(a_home([], home="/srv/third", automation=None))


def _help(home: Monitored) -> list[str]:
    return [line for line in prometheus(home).splitlines() if line[0] == "#"]


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        (a_home(automation=WORKING), {"timer_installed": 1, "runs_missed": 0, "last_run_success": 1}),
        (a_home(automation=FAILING), {"timer_installed": 1, "runs_missed": 0, "last_run_success": 0}),
        (a_home(automation=late(2.5)), {"timer_installed": 1, "runs_missed": 2, "last_run_success": 1}),
        (a_home(automation=None), {"timer_installed": 0, "runs_missed": None, "last_run_success": None}),
    ],
)
def test_the_timer_has_metrics_where_something_is_known(home: Monitored, expected: dict[str, float | None]) -> None:
    samples = _samples(read_prometheus(prometheus(home)))
    for name, value in expected.items():
        found = samples.get(f"igauth_{name}", [])
        assert [number for _, number in found] == ([] if value is None else [value])
    last_run = samples.get("igauth_last_run_timestamp_seconds", [])
    assert [number for _, number in last_run] == ([home.automation.last_run] if home.automation else [])


def test_an_estimate_is_called_one_and_has_its_entry() -> None:
    text = prometheus(a_home(matillion=[("acme", at_day(12, entry='ig "prod"'))]))
    samples = _samples(read_prometheus(text))
    assert samples["igauth_matillion_day"] == [({"home": "/srv/igauth", "profile": "acme", "entry": 'ig "prod"'}, 12)]
    [(_, end)] = samples["igauth_matillion_estimated_end_timestamp_seconds"]
    assert end == NOW - 11 * DAY - 60 + 60 * DAY
    explained = [line for line in text.splitlines() if line.startswith("# HELP igauth_matillion")]
    assert len(explained) == 2
    assert all("estimated" in line for line in explained)


@BOTH
def test_labels_survive_quotes_and_backslashes(write: Callable[[Monitored], str], read: Callable[[str], Any]) -> None:
    home = a_home([a_token(profile='a"b\\c\nd')], home='/srv/"x\\y\nz')
    [(labels, _)] = _samples(read(write(home)))["igauth_token_up"]
    assert (labels["profile"], labels["home"]) == ('a"b\\c\nd', '/srv/"x\\y\nz')


def test_promtool_has_nothing_to_say() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed; Debian has it in the package prometheus")
    for home in (FULL, a_home([], automation=None), a_home(automation=FAILING)):
        done = subprocess.run(
            [promtool, "check", "metrics"], input=prometheus(home), text=True, capture_output=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
