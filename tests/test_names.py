import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.names import is_name, suggested_name


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Client Two", "client-two"),
        ("  acme  ", "acme"),
        ("Café München", "cafe-munchen"),
        ("acme/uk: main", "acme-uk-main"),
        ("客户", ""),
        ("x" * 70, "x" * 64),
    ],
)
def test_the_name_that_is_meant(text: str, meant: str) -> None:
    assert suggested_name(text) == meant


@given(st.text())
def test_a_suggestion_is_a_name(text: str) -> None:
    meant = suggested_name(text)
    assert not meant or is_name(meant)
