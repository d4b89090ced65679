"""What a check says of a pasted answer, and what the login does with it, are the same."""

from urllib.parse import quote

import pytest

from tests.facebook.test_pasted import ADDRESS, AROUND, CODE, REQUEST, STATE, code_in, refusal, wrapped
from tui.credentials.flaws import Context, FlawKind
from tui.credentials.inspection import fix, inspect, is_clean

_PACKED_IN = "https://l.facebook.com/l.php?u={}&h=AT0abc&s=1"
MORE = AROUND | {
    "Facebook's own link": lambda a: _PACKED_IN.format(quote(a, safe="")),
    "a search engine's link": lambda a: f"https://www.google.com/url?q={quote(a, safe='')}&sa=D",
    "encoded": lambda a: quote(a, safe=""),
    "encoded twice": lambda a: quote(quote(a, safe=""), safe=""),
    "packed twice": lambda a: (
        "https://x.safelinks.protection.outlook.com/?url=" + quote(_PACKED_IN.format(quote(a, safe="")), safe="")
    ),
    "packed and encoded twice": lambda a: _PACKED_IN.format(quote(quote(a, safe=""), safe="")),
    "numeric entities": lambda a: a.replace("&", "&#38;"),
    "wrapped at 80": lambda a: "\n".join(wrapped(a, 80)),
}
_WITHOUT_THE_HOST = ("a log line", "the query alone", "the query alone, another parameter first")
CONTEXT: Context = {"dialog_url": REQUEST.url}


@pytest.mark.parametrize("name", MORE)
def test_what_the_login_reads_a_check_can_fix(name: str) -> None:
    text = MORE[name](ADDRESS)
    assert code_in(text) == CODE
    if name in _WITHOUT_THE_HOST:  # only the login knows which host was meant
        assert [flaw.kind for flaw in inspect("pasted_redirect", text) if not flaw.fixable] == [FlawKind.MISSING_SCHEME]
        return
    fixed = text if is_clean(inspect("pasted_redirect", text)) else fix("pasted_redirect", text)
    assert fixed is not None
    assert code_in(fixed) == CODE
    assert is_clean(inspect("pasted_redirect", fixed, CONTEXT))


def test_an_unsure_address_is_not_proposed() -> None:
    other = ADDRESS.replace("=AQ", "=AQother")
    end_unknown = ADDRESS.removesuffix("#_=_")
    for text in (
        _PACKED_IN.format(quote(ADDRESS, safe="")) + "\n" + _PACKED_IN.format(quote(other, safe="")),
        "\n".join("+" + line for line in [*wrapped(end_unknown, 70), "Best"]),
        "\u21aa ".join([ADDRESS[:90], ADDRESS[120:]]) + "é",
    ):
        assert fix("pasted_redirect", text) is None
        assert FlawKind.ADDRESS_PACKED not in [flaw.kind for flaw in inspect("pasted_redirect", text)]


def test_another_logins_packed_address_keeps_its_reason() -> None:
    text = _PACKED_IN.format(quote(ADDRESS.replace(STATE, "x" * 43), safe=""))
    assert fix("pasted_redirect", text, CONTEXT) is None
    assert refusal(text).reason == "wrong_state"


@pytest.mark.parametrize("text", [CODE, f"{CODE}#{STATE}"], ids=["alone", "with its state"])  # the state is random
def test_a_code_alone_is_called_one(text: str) -> None:
    (flaw,) = inspect("pasted_redirect", text)
    assert flaw.kind is FlawKind.CODE_ALONE
    assert code_in(text) == CODE


def test_an_address_without_its_state_is_no_answer() -> None:
    text = ADDRESS.partition("&")[0]
    assert refusal(text).reason == "no_state"
    assert not is_clean(inspect("pasted_redirect", text))
    assert fix("pasted_redirect", text) is None


@pytest.mark.parametrize("foreign", list("|\"'`<>)]},;\u21aa\u2502"))
def test_a_foreign_character_inside_ends_no_address(foreign: str) -> None:
    short = "http://localhost:8700/?code=AQ" + "0" * 40 + "&state=" + "0" * 16
    for address in (short, f"{short}#_=_"):
        for at in range(30, len(short)):
            text = address[:at] + foreign + address[at:]
            assert fix("pasted_redirect", text) in (None, address), text
