"""Words for the vault: every code has its own, and history shows facts."""

from pathlib import Path
from typing import get_args

import pytest

from tui.tokens.history import HistoryEvent
from tui.vault.choice import BackendChoice, BackendName, Reason
from tui.vault.errors import (
    BackupProblem,
    BackupRefused,
    Damaged,
    DamagedInUse,
    FileProblem,
    Full,
    InputOutputFailed,
    Locked,
    NotOurs,
    PassphraseCommandFailed,
    ReadOnly,
    SecretsProblem,
    SecretsUnavailable,
    TooNew,
    Unreachable,
    VaultError,
    WrongPassphrase,
)
from tui.vault.notices import Notice, NoticeCode
from tui.vault.passphrase import PassphraseSource
from tui.vault.permissions import FileReport
from tui.wording.history import event_text
from tui.wording.vault import file_report, notice_text, vault_error, why_not_better

PLACE = Path("/home/ann/igauth.db")


def _secrets_unavailable(problem: SecretsProblem) -> VaultError:
    if problem.name.startswith("PASSPHRASE_COMMAND"):
        return PassphraseCommandFailed(problem, "/usr/bin/pass", "x")
    return SecretsUnavailable(problem, Reason.KEYRING_OFF if problem is SecretsProblem.NO_KEYRING else "x")


ERRORS: list[VaultError] = [
    *(NotOurs(PLACE, problem) for problem in FileProblem),
    *(BackupRefused(problem, PLACE) for problem in BackupProblem),
    *(_secrets_unavailable(one) for one in SecretsProblem if one is not SecretsProblem.WRONG_PASSPHRASE),
    *(WrongPassphrase(source) for source in PassphraseSource),
    *(kind(PLACE) for kind in (ReadOnly, Full, InputOutputFailed, Locked, Damaged, DamagedInUse, Unreachable)),
    TooNew(PLACE, 9, 2),
]
NOTICES: list[Notice] = [
    Notice(NoticeCode.RECOVERED, {"set_aside": PLACE, "tokens": 3, "secret_values": 0, "history": 0}),
    Notice(NoticeCode.TOKENS_IMPORTED, {"tokens": 2}),
    Notice(NoticeCode.SAVED_UNREADABLE, {"path": PLACE}),
    Notice(NoticeCode.TOKENS_WAITING, {}, Full(PLACE)),
    Notice(NoticeCode.ONLY_READABLE, {}, Full(PLACE)),
    Notice(NoticeCode.TOKEN_UNREADABLE, {"name": "main"}),
    Notice(NoticeCode.TRACES_LEFT, {}, Full(PLACE)),
    Notice(NoticeCode.LEFTOVERS_KEPT, {"secrets": 3}, Full(PLACE)),
    *(Notice(NoticeCode.SECRET_DISPLACED, {"store": store}, Full(PLACE)) for store in get_args(BackendName)),
]


@pytest.mark.parametrize("error", ERRORS, ids=str)
def test_every_error_has_its_own_words(error: VaultError) -> None:
    text = vault_error(error)
    assert text.what.endswith(".")
    assert [vault_error(other) for other in ERRORS].count(text) == 1


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.code)
def test_every_notice_has_its_words(notice: Notice) -> None:
    text = notice_text(notice)
    assert text.what.endswith(".")
    if notice.error is not None:
        assert vault_error(notice.error).what in f"{text.what} {text.why}"
        assert text.hint


def test_no_notice_is_without_words() -> None:
    assert {notice.code for notice in NOTICES} == set(NoticeCode)


@pytest.mark.parametrize("problem", FileProblem)
def test_every_problem_of_a_file_has_its_words(problem: FileProblem) -> None:
    text = file_report(FileReport(PLACE, 0o644, problem, "no such device"))
    assert text.what.startswith(str(PLACE))
    assert text.what.endswith(": no such device (0644)")
    assert text.hint


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_of_a_choice_has_its_words(reason: Reason) -> None:
    assert why_not_better(BackendChoice("database", reason)).endswith(".")


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
