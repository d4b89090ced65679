"""A count of one, a fact that is not known, and Facebook's own terms, in sentences for people."""

from pathlib import Path

import pytest

from tests.tokens.samples import NOW, a_token
from tui.facebook.login_events import Inspected
from tui.facebook.models import Inspection, InstagramReading
from tui.guide.evidence import Code, Facts, Finding
from tui.plain.values import _ask
from tui.tokens.history import HistoryEvent, facts_text
from tui.tokens.results import RefreshCode
from tui.tokens.status import entries
from tui.tokens.token import DAY, WINDOW, Token, state
from tui.vault.errors import Locked
from tui.vault.notices import Notice, NoticeCode
from tui.wording.copying import markdown_row
from tui.wording.evidence import finding_text
from tui.wording.history import event_text
from tui.wording.login import event_lines
from tui.wording.reading import reading_text
from tui.wording.status_table import table
from tui.wording.surfaces import CommandLine
from tui.wording.text import Action, Do
from tui.wording.token_details import headline, row_line, saved_text, token_facts
from tui.wording.token_list import need_login
from tui.wording.token_words import described
from tui.wording.token_work import refresh_counts
from tui.wording.vault import notice_text

UNKNOWN = Token("prod", "acme", "")
DATA_ACCESS_OVER = a_token(kind="system_user", verdict="valid", expires_at=None, data_access_expires_at=NOW - DAY)


def _line(action: str, **facts: str) -> str:
    return event_text(HistoryEvent(NOW, "command", action, result="done", text=facts_text(**facts)))


@pytest.mark.parametrize(
    ("text", "singular"),
    [
        (_line("secrets", count="1", store="keyring"), "1 secret to"),
        (_line("restore", tokens="1"), "1 token"),
        (refresh_counts([RefreshCode.LOGIN_NEEDED], 1), "1 needs a new login"),
        (need_login(1, 3), "1 of 3 needs a new login"),
        (reading_text(InstagramReading("1", "acme", 3, 1, 2)), "1 follower,"),
        (finding_text(Finding("proven", Code.ACCOUNT_READ, Facts(posts=1, followers=1))).what, "1 post,"),
        (finding_text(Finding("proven", Code.ACCOUNT_READ, Facts(posts=1, followers=1))).what, "1 follower"),
        (notice_text(Notice(NoticeCode.TOKENS_IMPORTED, {"tokens": 1})).what, "1 token "),
        (notice_text(Notice(NoticeCode.LEFTOVERS_KEPT, {"secrets": 1}, Locked(Path("db")))).what, "1 deleted secret."),
        (
            notice_text(
                Notice(NoticeCode.RECOVERED, {"set_aside": "old", "tokens": 1, "secret_values": 1, "history": 1})
            ).what,
            "1 token, 1 secret ",
        ),
    ],
)
def test_a_count_of_one_has_a_singular_noun(text: str, singular: str) -> None:
    assert singular in f"{text},"
    for plural in ("1 secrets", "1 tokens", "1 need ", "1 followers", "1 posts", "1 lines"):
        assert plural not in text


def test_what_is_not_known_of_a_token_is_left_out() -> None:
    row = row_line(UNKNOWN, state(UNKNOWN, NOW), NOW)
    assert row.count("unknown") == 1
    assert "not known," not in row
    facts = dict(token_facts(UNKNOWN, NOW, WINDOW, (), CommandLine(), None))
    assert "()" not in facts["profile"]
    assert not facts["profile"].endswith("(App ID )")
    assert facts["kind"] != "unknown"
    assert "never" not in markdown_row(UNKNOWN, state(UNKNOWN, NOW), NOW).replace("never asked", "")


def test_a_token_is_called_by_what_is_known_of_it() -> None:
    assert described(UNKNOWN, "") == "a token"
    assert described(a_token(kind="app"), "") == "an app token"
    assert described(a_token(kind="system_user"), "Ana") == "a system user token of Ana"


def test_a_kind_that_facebook_did_not_name_is_left_out() -> None:
    lines = event_lines(Inspected(Inspection(NOW, is_valid=False)), CommandLine(), Action(Do.LOG_IN))
    assert lines == ["Facebook: not valid."]


def test_facebooks_terms_are_words() -> None:
    token, now = DATA_ACCESS_OVER, float(NOW)
    its_state = state(token, now)
    texts = [
        headline(token, now, WINDOW),
        row_line(token, its_state, now),
        saved_text(token, now, WINDOW).what,
        *(fact.text for fact in token_facts(token, now, WINDOW, (), CommandLine(), None)),
        table(entries([token], now, lambda _profile: WINDOW), now, 200),
    ]
    for text in texts:
        assert "data_access" not in text
        assert "system_user" not in text
        assert "expires_at" not in text
    assert "data access" in texts[0]
    assert "system user" in texts[-1]
    assert "data access" in texts[-1]


def test_an_expired_token_names_no_field_of_facebook() -> None:
    expired = a_token(expires_at=NOW - DAY, verdict="expired")
    assert "expires_at" not in headline(expired, NOW, WINDOW)
    assert "expires_at" not in table(entries([expired], NOW, lambda _profile: WINDOW), NOW, 200)


async def test_one_character_that_arrived_is_counted_so() -> None:
    class Typist:
        said = ""

        async def ask(self, *_: object, **__: object) -> str:
            return "x"

        def say(self, text: str) -> None:
            self.said = text

    typist = Typist()
    await _ask(typist, "token")  # type: ignore[arg-type]
    assert typist.said == "1 character arrived."
