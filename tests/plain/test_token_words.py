"""What plain mode says of a token."""

import pytest

from tui.plain.token_words import left
from tui.tokens.token import Token, Verdict


@pytest.mark.parametrize(
    ("verdict", "inspected_at", "said"),
    [("unknown", None, "not known yet"), ("valid", 1, "never ends by date"), ("invalid", 1, "no end known")],
)
def test_no_end_is_only_called_never_where_facebook_said_so(
    verdict: Verdict, inspected_at: int | None, said: str
) -> None:
    assert left(Token("x", "acme", "1", verdict=verdict, inspected_at=inspected_at), 2.0) == said
