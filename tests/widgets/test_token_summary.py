"""What is said of a token above its facts."""

import pytest

from tui.tokens.token import Kind, Token
from tui.widgets.token_summary import described


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        ("unknown", "", "a token of unknown kind"),
        ("user", "Dana", "a user token of Dana"),
        ("app", "", "an app token"),
        ("system_user", "", "a system user token"),
    ],
)
def test_only_what_is_known_is_said(kind: Kind, subject: str, words: str) -> None:
    token = Token("prod", "acme", "123", kind, obtained_at=0, subject_name=subject)
    assert described(token) == words
