"""The story: one line an event, each bound to the line before it, so that an altered line can be named."""

import json
from collections import Counter

from tui.tokens import chain
from tui.tokens.history import HistoryEvent
from tui.vault.database import Database
from tui.vault.rows import COLUMNS_OF_HISTORY, from_event, to_event

_MARKS = ", ".join("?" for _ in COLUMNS_OF_HISTORY.split(","))
_RECORD = f"INSERT INTO history ({COLUMNS_OF_HISTORY}, link) VALUES ({_MARKS}, ?)"  # noqa: S608 - constants of our own
_HISTORY = f"SELECT {COLUMNS_OF_HISTORY} FROM history"  # noqa: S608
_START = "history_start"
"""In `meta`: the link before the oldest line that is still there, once older ones were pruned."""
_HEAD = "history_head"
"""In `meta`: the link of the newest line, so that taking newest lines away is noticed as well."""
_KEEP = "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)"
_LAST = "SELECT link FROM history ORDER BY id DESC LIMIT 1"

_PRUNED = "history_refreshes_pruned"
"""In `meta`: how many refreshes of each result were pruned, as JSON, so that a counter never goes back."""

_REFRESHES = "SELECT result, count(*) FROM history WHERE action = 'extend'{} GROUP BY result"


class Story:
    """The history of a home. Each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, event: HistoryEvent) -> None:
        """Add one line; lines older than the story is kept go."""
        with self._database.transaction():
            self._prune(chain.prune_before(event.at))
            last = self._database.row(_LAST)
            link = chain.link(str(last[0]) if last is not None else self._start(), event)
            self._database.write(_RECORD, (*from_event(event), link))
            self._database.write(_KEEP, (_HEAD, link))

    def history(self, token: str | None, profile: str | None, limit: int) -> tuple[HistoryEvent, ...]:
        """Return the story, newest first."""
        asked = [(column, value) for column, value in (("token", token), ("profile", profile)) if value is not None]
        where = " AND ".join(f"{column} = ?" for column, _ in asked)
        statement = f"{_HISTORY} {'WHERE ' + where if where else ''} ORDER BY id DESC LIMIT ?"
        return tuple(map(to_event, self._database.rows(statement, (*(value for _, value in asked), limit))))

    def refreshes(self) -> dict[str, int]:
        """Return how many exchanges there ever were, by what came of them."""
        counts = Counter(self._pruned_refreshes())
        counts.update({str(result): int(count) for result, count in self._database.rows(_REFRESHES.format(""))})
        return dict(counts)

    def first_altered(self) -> HistoryEvent | None:
        """Return the oldest line that is not as it was written, or follows one that was taken away; None: all are."""
        rows = self._database.rows(f"SELECT {COLUMNS_OF_HISTORY}, link FROM history ORDER BY id")  # noqa: S608
        lines = [(to_event(row[:-1]), str(row[-1])) for row in rows]
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
        noted = self._database.row("SELECT value FROM meta WHERE key = ?", (_HEAD,))
        return self.head != ("" if noted is None else str(noted[0]))

    def holds(self, link: str) -> bool:
        """Tell whether a line with this link is there: with an unbroken chain, all up to it is what it was then."""
        return self._database.row("SELECT 1 FROM history WHERE link = ?", (link,)) is not None

    def _start(self) -> str:
        found = self._database.row("SELECT value FROM meta WHERE key = ?", (_START,))
        return chain.START if found is None else str(found[0])

    def _pruned_refreshes(self) -> dict[str, int]:
        found = self._database.row("SELECT value FROM meta WHERE key = ?", (_PRUNED,))
        return {} if found is None else {str(result): int(count) for result, count in json.loads(found[0]).items()}

    def _prune(self, before: int) -> None:
        oldest = self._database.row("SELECT at FROM history ORDER BY id LIMIT 1")
        if oldest is None or oldest[0] >= before:
            return
        kept = self._database.row("SELECT min(id) FROM history WHERE at >= ?", (before,))
        limit = kept[0] if kept is not None and kept[0] is not None else 1 << 62
        last = self._database.row("SELECT link FROM history WHERE id < ? ORDER BY id DESC LIMIT 1", (limit,))
        assert last is not None  # the oldest is among them
        going = self._database.rows(_REFRESHES.format(" AND id < ?"), (limit,))
        pruned = Counter(self._pruned_refreshes())
        pruned.update({str(result): int(count) for result, count in going})
        self._database.write("DELETE FROM history WHERE id < ?", (limit,))
        self._database.write(_KEEP, (_PRUNED, json.dumps(pruned)))
        self._database.write(_KEEP, (_START, last[0]))


def bind_again(database: Database) -> None:
    """Bind every line anew, after igauth itself changed some: a rename, a restored backup. Inside a transaction."""
    database.write("DELETE FROM meta WHERE key = ?", (_START,))
    previous = chain.START
    rows = database.rows(f"SELECT id, {COLUMNS_OF_HISTORY} FROM history ORDER BY id")  # noqa: S608
    for row in rows:
        previous = chain.link(previous, to_event(row[1:]))
        database.write("UPDATE history SET link = ? WHERE id = ?", (previous, row[0]))
    if rows:
        database.write(_KEEP, (_HEAD, previous))
