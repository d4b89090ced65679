"""Scopes that the login dialog refuses, and what was meant."""

from hypothesis import given
from hypothesis import strategies as st

from tui.facebook.permissions import ScopeFlaw, ScopeProblem, scope_flaws
from tui.settings.schema import DEFAULT_SCOPES
from tui.wording.scopes import scope_flaw


def _only(scope: str) -> ScopeFlaw:
    (flaw,) = scope_flaws([*DEFAULT_SCOPES, scope])
    assert scope_flaw(flaw)
    return flaw


def test_the_usual_scopes_are_no_fault() -> None:
    assert not scope_flaws(DEFAULT_SCOPES)
    assert not scope_flaws(["business_management", "instagram_manage_insights", "read_insights", "public_profile"])


def test_a_login_without_scopes_is_named() -> None:
    assert scope_flaws([]) == (ScopeFlaw(ScopeProblem.NO_SCOPES),)
    assert scope_flaw(ScopeFlaw(ScopeProblem.NO_SCOPES))


def test_the_other_products_scopes_are_named_with_ours() -> None:
    for scope, meant in (
        ("instagram_business_basic", "instagram_basic"),
        ("instagram_business_manage_insights", "instagram_manage_insights"),
        ("business_basic", "instagram_basic"),
        ("Instagram_Business_Content_Publish", "instagram_content_publish"),
    ):
        assert _only(scope) == ScopeFlaw(ScopeProblem.OTHER_PRODUCT, scope, meant)


def test_capitals_are_named_with_small_letters() -> None:
    assert _only("Instagram_Basic") == ScopeFlaw(ScopeProblem.CAPITALS, "Instagram_Basic", "instagram_basic")


def test_several_scopes_in_one_value_are_named() -> None:
    for scope in ("instagram_basic,pages_show_list", "instagram_basic pages_show_list", "“instagram_basic”", " ", ""):
        assert _only(scope).problem is ScopeProblem.NOT_ONE_SCOPE
    assert _only("Instagram_basic, business_basic").meant == "instagram_basic, instagram_basic"


@given(st.lists(st.text(max_size=40), min_size=1))
def test_what_is_meant_has_no_fault_of_its_own(scopes: list[str]) -> None:
    for flaw in scope_flaws(scopes):
        assert flaw.scope in scopes
        assert not flaw.meant or not scope_flaws(flaw.meant.split(", "))
