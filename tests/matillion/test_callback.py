"""Signs that a callback URL is not Matillion's public one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.matillion.callback import callback_warnings
from tui.wording.matillion import caution


def doubts(callback: str, matillion: str = "") -> list[str]:
    return [warning.doubt for warning in callback_warnings(callback, matillion)]


@pytest.mark.parametrize(
    ("callback", "expected"),
    [
        ("https://etl.example.com/oauth/callback", []),
        ("https://etl.example.com:443/anything/at/all", []),
        ("https://etl.example.com:8443/cb", ["inner_port"]),
        ("https://etl.example.com:8080/cb", ["inner_port"]),
        ("https://etl.example.com:9443/cb", ["balancer"]),
        ("https://www.facebook.com/connect/login_success.html", ["meta"]),
    ],
)
def test_each_doubt_about_a_callback_is_found(callback: str, expected: list[str]) -> None:
    assert doubts(callback) == expected


def test_another_host_than_the_instances_is_doubtful() -> None:
    assert doubts("https://old.example.com/cb", "https://etl.example.com") == ["other_host"]
    assert doubts("https://etl.example.com/cb", "https://etl.example.com:8443") == []


def test_the_loopback_end_of_a_tunnel_is_not_compared() -> None:
    assert doubts("https://etl.example.com/cb", "https://127.0.0.1:8443") == []


@given(st.text(max_size=80), st.text(max_size=40))
def test_no_text_raises(callback: str, matillion: str) -> None:
    for found in (
        callback_warnings(callback, matillion),
        callback_warnings(f"https://{callback}", f"http://{matillion}"),
    ):
        assert all(caution(one) for one in found)
