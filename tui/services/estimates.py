"""Reads and stores what is known about Matillion's own token of each profile: an estimate, and its last runs."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from tui.matillion.estimate import Estimate, estimate
from tui.matillion.runs import LastRuns

if TYPE_CHECKING:
    from tui.services.root import Services

_KEY = "matillion-runs/{profile}"


def estimates(services: "Services", profile: str | None = None) -> tuple[tuple[str, Estimate], ...]:
    """Return profile and estimate for each recorded authorization; of one profile where it is named.

    Touches the disk: call it off the event loop.
    """
    now = services.clock.now()
    found = []
    for known in services.profiles:
        target = known.matillion
        if target is None or (profile is not None and known.name != profile) or target.authorised_at is None:
            continue
        entry = target.oauth_entry or known.name
        text = services.vault.meta.get(_KEY.format(profile=known.name))
        made = estimate(entry, target.authorised_at, now, LastRuns(**json.loads(text)) if text else None)
        if made is not None:
            found.append((known.name, made))
    return tuple(found)


def save_runs(services: "Services", profile: str, runs: LastRuns) -> None:
    """Store what the last task runs showed. Touches the disk."""
    services.vault.meta.set(_KEY.format(profile=profile), json.dumps(asdict(runs)))
