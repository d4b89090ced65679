"""Words for the vault: every code has its own, and history shows facts."""

from pathlib import Path

import pytest

from tui.tokens.history import HistoryEvent
from tui.vault.choice import Reason
from tui.vault.errors import (
    BackupProblem,
    BackupRefused,
    FileProblem,
    Full,
    NotOurs,
    SecretsProblem,
    SecretsUnavailable,
    TooNew,
    VaultError,
)
from tui.wording.history import event_text
from tui.wording.vault import vault_error

PLACE = Path("/home/ann/igauth.db")
ERRORS: list[VaultError] = [
    *(NotOurs(PLACE, problem) for problem in FileProblem),
    *(BackupRefused(problem, PLACE) for problem in BackupProblem),
    *(
        SecretsUnavailable(one, Reason.KEYRING_OFF if one is SecretsProblem.NO_KEYRING else "x")
        for one in SecretsProblem
    ),
    *(Full(PLACE), TooNew(PLACE, 9, 2)),
]


@pytest.mark.parametrize("error", ERRORS, ids=str)
def test_every_error_has_its_own_words(error: VaultError) -> None:
    text = vault_error(error)
    assert text.what.endswith(".")
    assert [vault_error(other).what for other in ERRORS].count(text.what) == 1


def test_a_saved_token_is_mentioned() -> None:
    error = Full(PLACE)
    error.saved_in = Path("/home/ann/igauth.db.spill")
    assert str(error.saved_in) in vault_error(error).why


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (HistoryEvent(0, "command", "secrets", result="moved", text="count=2 store=sealed"), "2 secrets"),
        (HistoryEvent(0, "command", "restore", result="done", text="tokens=3"), "3 tokens"),
        (HistoryEvent(0, "command", "secrets", result="moved", text="2 to the keyring"), "2 to the keyring"),
    ],
)
def test_history_shows_facts_and_old_texts(event: HistoryEvent, text: str) -> None:
    assert text in event_text(event)
