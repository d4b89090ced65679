"""What leaves as text is redacted in each coding in which a secret travels, and ordinary words are left alone."""

import base64
from urllib.parse import quote, quote_plus

import pytest

from tests.promises.canaries import Canaries, nothing
from tui.redact import HIDDEN, Secret, redact

VALUE = "canary/value+with=signs&of 7"


@pytest.mark.parametrize(
    "text",
    [
        VALUE,
        quote(VALUE, safe=""),
        quote_plus(VALUE),
        f"https://somebody:{quote(VALUE, safe='')}@matillion.example/rest",
        f"Authorization: Basic {base64.b64encode(f'user:{VALUE}'.encode()).decode()}",
        f"b'Authorization: Basic {base64.b64encode(f'u:{VALUE}'.encode()).decode()}'",
    ],
)
def test_a_known_secret_is_redacted_in_every_encoding(text: str) -> None:
    Secret(VALUE)
    nothing(Canaries({"value": VALUE}).found_in(redact(f"it said {text} there").encode(), "the redacted text"))


def test_a_token_behind_a_letter_or_digit_is_redacted_too() -> None:
    assert redact("0EAAxxxxxxxxxxxxxxxxxxxx") == f"0{HIDDEN}"


@pytest.mark.parametrize(
    "words",
    [
        "Settings > Basic of your app",
        "Basic configuration of the app",
        "the basic instagram_basic scope",
        "the word Bearer alone",
    ],
)
def test_words_that_merely_look_like_a_header_are_left_alone(words: str) -> None:
    assert redact(words) == words
