"""What may be said of Matillion's own authorisation of each profile: an estimate, or what its task runs showed."""

import json
from typing import TYPE_CHECKING

from tui.matillion.estimate import Estimate, estimate
from tui.matillion.runs import Seen, seen_from_record

if TYPE_CHECKING:
    from tui.services.root import Services

_KEY = "matillion-runs/{profile}"


def estimates(services: "Services", profile: str | None = None) -> tuple[tuple[str, Estimate], ...]:
    """Return profile and estimate for each recorded authorisation; of one profile where it is named.

    Touches the disk: call it off the event loop.
    """
    now = services.clock.now()
    found = []
    for known in services.profiles:
        target = known.matillion
        if target is None or (profile is not None and known.name != profile) or target.authorised_at is None:
            continue
        entry = target.oauth_entry or known.name
        made = estimate(entry, target.authorised_at, now, runs_seen(services, known.name))
        if made is not None:
            found.append((known.name, made))
    return tuple(found)


def runs_seen(services: "Services", profile: str) -> Seen | None:
    """Return what the last task runs that were looked at showed, None where none were."""
    text = services.vault.meta.get(_KEY.format(profile=profile))
    return seen_from_record(json.loads(text)) if text else None


def keep_runs(services: "Services", profile: str, seen: Seen) -> None:
    """Keep what task runs showed."""
    services.vault.meta.set(_KEY.format(profile=profile), json.dumps(seen.as_record()))
