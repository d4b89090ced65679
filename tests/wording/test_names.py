"""What is said about a text that cannot be a name; a secret in it is never shown."""

import pytest

from tui.wording.names import SECRET_IN_A_NAME, is_secret, meant_name, name_complaint

HEX = "656e935353559877699aea43db90ea0c"
TOKEN = "EAA" + "b7" * 40


@pytest.mark.parametrize(
    "text", [HEX, f"Client Two{HEX}", f"Client Two3056849584865766{HEX} ", f"client-two-2{TOKEN}", f"a{TOKEN};k"]
)
def test_a_secret_behind_a_name_is_never_suggested(text: str) -> None:
    assert is_secret(text)
    assert name_complaint(text) == SECRET_IN_A_NAME
    assert meant_name(text) == ""


@pytest.mark.parametrize("text", ["acme", "Client Two", "client-two-2026-11-28-production-eu-west", "a" * 64, "1" * 32])
def test_a_name_is_no_secret(text: str) -> None:
    assert not is_secret(text)
