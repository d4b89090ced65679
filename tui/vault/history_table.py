"""The history: a row per event, each linked to the one before it, so that an altered row is detected."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import astuple
from typing import get_args

from tui.stored_json import json_object
from tui.tokens import chain
from tui.tokens.history import Actor, HistoryEvent
from tui.vault.columns import number, number_or_none, text
from tui.vault.database import Database, Row
from tui.vault.meta import Meta

_COLUMNS = ", ".join(HistoryEvent.__slots__)
_MARKS = ", ".join("?" for _ in HistoryEvent.__slots__)
_RECORD = f"INSERT INTO history ({_COLUMNS}, link) VALUES ({_MARKS}, ?)"  # noqa: S608 - constants of our own
_HISTORY = f"SELECT {_COLUMNS} FROM history"  # noqa: S608
_START = "history_start"
"""In `meta`: the link before the oldest line that is still there, once older ones were pruned."""
_HEAD = "history_head"
"""In `meta`: the link of the newest line, so that taking newest lines away is noticed as well."""
_LAST = "SELECT link FROM history ORDER BY id DESC LIMIT 1"

_PRUNED = "history_refreshes_pruned"
"""In `meta`: how many refreshes were pruned, as JSON, so that a counter never goes back.

A key is `result/profile`; the result alone where an older igauth counted.
"""

_REFRESHES = (
    "SELECT result || '/' || profile, count(*) FROM history WHERE action = 'extend' AND id < ? GROUP BY result, profile"
)


class HistoryTable:
    """The history of a home. `actor` is who acts. Each method is one transaction and raises VaultError."""

    def __init__(self, database: Database, clock: Callable[[], float], actor: Actor) -> None:
        self._database = database
        self._meta = Meta(database)
        self._clock = clock
        self.actor: Actor = actor

    def note(
        self,
        action: str,
        result: str,
        text: str = "",
        *,
        token: str = "",
        profile: str = "",
        fingerprint: str = "",
        new_fingerprint: str = "",
    ) -> None:
        """Add an event of now; `fingerprint` is that of a value that ended, `new_fingerprint` of one that goes on."""
        at = int(self._clock())
        prints = (fingerprint, new_fingerprint)
        self.record(HistoryEvent(at, self.actor, action, token, profile, result, None, None, "", *prints, text))

    def record(self, event: HistoryEvent) -> None:
        """Add an event; those older than the history is kept are deleted."""
        with self._database.transaction():
            self._prune(event.at - chain.KEPT)
            link = chain.link(self.head or self._start(), event)
            self._database.write(_RECORD, (*astuple(event), link))
            self._meta.set(_HEAD, link)

    def events(
        self, token: str | None = None, *, profile: str | None = None, limit: int = 100
    ) -> tuple[HistoryEvent, ...]:
        """Return the events, newest first: of one token, of one profile, or of all."""
        given = [(column, value) for column, value in (("token", token), ("profile", profile)) if value is not None]
        where = " AND ".join(f"{column} = ?" for column, _ in given)
        statement = f"{_HISTORY} {'WHERE ' + where if where else ''} ORDER BY id DESC LIMIT ?"
        return tuple(map(_event, self._database.rows(statement, (*(value for _, value in given), limit))))

    def refreshes(self) -> dict[tuple[str, str], int]:
        """Return how many exchanges there ever were, by profile (empty where it is not known any more) and result."""
        counts = self._count_refreshes(1 << 62)
        keys = {key: key.partition("/") for key in counts}
        return {(profile, result): counts[key] for key, (result, _, profile) in keys.items()}

    def first_altered(self) -> HistoryEvent | None:
        """Return the oldest line that is not as it was written, or follows one that was taken away; None: all are."""
        rows = self._database.rows(f"SELECT {_COLUMNS}, link FROM history ORDER BY id")  # noqa: S608
        lines = [(_event(row[:-1]), str(row[-1])) for row in rows]
        broken = chain.first_broken(lines, self._start())
        return None if broken is None else lines[broken][0]

    @property
    def head(self) -> str:
        """The link of the newest line that is there; empty where there is none."""
        last = self._database.row(_LAST)
        return "" if last is None else str(last[0])

    @property
    def lacks_newest(self) -> bool:
        """Whether the newest line is not the one that was written last: newer ones were taken away."""
        return self.head != (self._meta.get(_HEAD) or "")

    def holds(self, link: str) -> bool:
        """Tell whether a line with this link is there: with an unbroken chain, all up to it is what it was then."""
        return self._database.row("SELECT 1 FROM history WHERE link = ?", (link,)) is not None

    def _start(self) -> str:
        return self._meta.get(_START) or chain.START

    def _count_refreshes(self, limit: int) -> Counter[str]:
        """Count the refreshes by result and profile: those pruned, and those before the line `limit`."""
        counts = Counter[str]({key: number(count) for key, count in json_object(self._meta.get(_PRUNED)).items()})
        counts.update({key: count for key, count in self._database.rows(_REFRESHES, (limit,)) if isinstance(key, str)})
        return counts

    def _prune(self, before: int) -> None:
        oldest = self._database.row("SELECT at FROM history ORDER BY id LIMIT 1")
        if oldest is None or not isinstance(oldest[0], int) or oldest[0] >= before:
            return
        [(limit,)] = self._database.rows("SELECT coalesce(min(id), 1 << 62) FROM history WHERE at >= ?", (before,))
        last = self._database.row("SELECT link FROM history WHERE id < ? ORDER BY id DESC LIMIT 1", (limit,))
        assert last is not None  # the oldest is among them
        self._meta.set(_PRUNED, json.dumps(self._count_refreshes(limit)))
        self._database.write("DELETE FROM history WHERE id < ?", (limit,))
        self._meta.set(_START, last[0])


def _event(row: Row) -> HistoryEvent:
    at, actor, action, token, profile, result, code, subcode, trace, old, new, said = row
    return HistoryEvent(
        number(at),
        actor if actor in get_args(Actor) else "command",
        text(action),
        text(token),
        text(profile),
        text(result),
        number_or_none(code),
        number_or_none(subcode),
        text(trace),
        text(old),
        text(new),
        text(said),
    )


def link_again(database: Database) -> None:
    """Link every row again after igauth itself changed some: a rename, a restored backup. Inside a transaction."""
    meta = Meta(database)
    meta.set(_START, None)
    previous = chain.START
    rows = database.rows(f"SELECT id, {_COLUMNS} FROM history ORDER BY id")  # noqa: S608
    for row in rows:
        previous = chain.link(previous, HistoryEvent(*row[1:]))
        database.write("UPDATE history SET link = ? WHERE id = ?", (previous, row[0]))
    if rows:
        meta.set(_HEAD, previous)
