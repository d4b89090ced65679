"""The history: linked line by line, and pruned by age without breaking."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.vault.making import make_vault
from tui.tokens.chain import KEPT
from tui.tokens.history import HistoryEvent

NOW = 1_800_000_000


def _event(at: int) -> HistoryEvent:
    return HistoryEvent(at=at, actor="timer", action="extend", token="main")


def test_lines_go_by_age_and_what_stays_is_still_whole(tmp_path: Path) -> None:
    with closing(make_vault(tmp_path)) as vault:
        for at in (NOW - KEPT - 20, NOW - KEPT - 10, NOW - 15):
            vault.history.record(_event(at))
        assert len(vault.history.events()) == 2
        vault.history.record(_event(NOW))
        assert [line.at for line in vault.history.events()] == [NOW, NOW - 15]
        assert vault.history.first_altered() is None


def test_a_history_of_expired_lines_starts_again(tmp_path: Path) -> None:
    with closing(make_vault(tmp_path)) as vault:
        vault.history.record(_event(NOW - 2 * KEPT))
        vault.history.record(_event(NOW))
        assert [line.at for line in vault.history.events()] == [NOW]
        assert vault.history.first_altered() is None


def test_what_was_counted_stays_counted_when_its_line_goes(tmp_path: Path) -> None:
    with closing(make_vault(tmp_path)) as vault:
        for at, profile in ((NOW - KEPT - 20, "a"), (NOW - KEPT - 10, "b"), (NOW, "a")):
            vault.history.record(replace(_event(at), result="extended", profile=profile))
        vault.history.record(replace(_event(NOW), action="inspect", result="valid"))
        assert len(vault.history.events()) == 2
        assert vault.history.refreshes() == {("a", "extended"): 2, ("b", "extended"): 1}


def test_what_an_older_igauth_counted_has_no_profile(tmp_path: Path) -> None:
    with closing(make_vault(tmp_path)) as vault:
        vault.meta.set("history_refreshes_pruned", '{"extended": 3}')
        vault.history.record(replace(_event(NOW), result="extended", profile="a"))
        assert vault.history.refreshes() == {("", "extended"): 3, ("a", "extended"): 1}
