"""Which token a login is for, on every surface."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tokens.samples import a_token
from tui.names import is_name
from tui.services.login_targets import LoginTarget, NotByLogin, new_target, target_of, targets_of
from tui.tokens.token import Token

KINDS = ("user", "unknown", "page", "system_user", "app")


def stored(name: str, profile: str = "acme", kind: str = "user") -> Token:
    return a_token(name=name, profile=profile, kind=kind)


@pytest.mark.parametrize(
    ("tokens", "targets"),
    [
        ((), [LoginTarget("acme", "acme")]),
        ((stored("prod"),), [LoginTarget("acme", "prod", True)]),
        ((stored("prod"), stored("acme")), [LoginTarget("acme", "acme", True)]),
        ((stored("p", kind="page"), stored("prod")), [LoginTarget("acme", "prod", True)]),
        (
            (stored("prod"), stored("dev")),
            [LoginTarget("acme", "dev", True), LoginTarget("acme", "prod", True), LoginTarget("acme", "acme")],
        ),
        ((stored("acme", "other"),), [LoginTarget("acme", "acme-2")]),
    ],
)
def test_a_profile_means_its_own_token_or_a_choice(tokens: tuple[Token, ...], targets: list[LoginTarget]) -> None:
    assert list(targets_of(tokens, "acme")) == targets


@pytest.mark.parametrize("kind", KINDS)
def test_a_login_renews_only_what_a_login_brings(kind: str) -> None:
    token = stored("prod", "second", kind)
    if kind in ("user", "unknown"):
        assert target_of(token) == LoginTarget("second", "prod", True)
    else:
        with pytest.raises(NotByLogin):
            target_of(token)


NAMES = st.sampled_from(["acme", "acme-2", "acme-3", "prod"])


@given(st.lists(st.builds(stored, NAMES, st.sampled_from(["acme", "second"]), st.sampled_from(KINDS)), max_size=6))
def test_a_new_token_never_takes_a_name_that_is_stored(tokens: list[Token]) -> None:
    target = new_target(tokens, "acme")
    assert is_name(target.token)
    assert target.token not in {token.name for token in tokens}
