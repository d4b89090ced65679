"""Reads and stores what is known about Matillion's own token of each profile: an estimate, and its last runs."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from tui.matillion.estimate import Estimate, estimate
from tui.matillion.runs import LastRuns
from tui.settings import Profile
from tui.stored_json import from_record, json_object

if TYPE_CHECKING:
    from tui.vault.meta import Meta

_KEY = "matillion-runs/{profile}"


def estimates(profiles: Iterable[Profile], meta: "Meta | None", now: float) -> tuple[tuple[str, Estimate], ...]:
    """Return profile and estimate for each recorded authorization; None for `meta`: no run is known. Reads the disk."""
    found = []
    for profile in profiles:
        target = profile.matillion
        if target.authorised_at is None:
            continue
        stored = None if meta is None else meta.get(_KEY.format(profile=profile.name))
        runs = from_record(LastRuns, json_object(stored)) or LastRuns()
        made = estimate(target.oauth_entry or profile.name, target.authorised_at, now, runs)
        found.append((profile.name, made))
    return tuple(found)


def save_runs(meta: "Meta", profile: str, runs: LastRuns) -> None:
    """Store what the last task runs showed. Touches the disk."""
    meta.set(_KEY.format(profile=profile), json.dumps(asdict(runs)))
