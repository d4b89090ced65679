"""The text for a colleague, the suggested login method, and what each permission is for."""

import pytest

from tui.facebook.dialog import LoginRequest, start_login
from tui.facebook.login_methods import LoginOffer, Suggestion, suggest
from tui.facebook.models import Endpoints
from tui.facebook.permissions import Permission, declined, missing
from tui.wording.login import handover_text, purpose, suggestion_text


def offer(request: LoginRequest) -> LoginOffer:
    return LoginOffer(request, "acme", "Acme Insights", "acme", deadline=1_700_000_000, port=None)


def test_the_hand_over_text_has_the_link_and_no_secret() -> None:
    request = start_login(
        Endpoints(), "v26.0", "123", "http://localhost:8765/", ("instagram_basic", "ads_read"), now=0, pkce=True
    )
    text = handover_text(offer(request))
    assert request.url in text.splitlines()
    assert request.short_code in text
    assert "14 Nov 2023 22:13 UTC" in text
    assert "instagram_basic" in text
    assert request.code_verifier is not None
    assert request.code_verifier.reveal() not in text
    assert "cannot be opened" in text
    assert max(len(line) for line in text.splitlines() if line != request.url) <= 110


def test_the_hand_over_text_describes_metas_page() -> None:
    request = start_login(Endpoints(), "v26.0", "123", "https://www.facebook.com/connect/login_success.html", ())
    assert "says Success" in handover_text(offer(request))


@pytest.mark.parametrize(
    ("ssh", "browser", "listener", "device", "suggestion"),
    [
        (False, True, True, True, Suggestion.BROWSER_HERE),
        (True, True, True, False, Suggestion.PASTE_OVER_SSH),
        (True, False, True, True, Suggestion.PASTE_OVER_SSH),
        (True, False, False, True, Suggestion.DEVICE_CODE),
        (True, False, False, False, Suggestion.PASTE_LIVE_APP),
        (False, False, True, False, Suggestion.PASTE_NO_BROWSER),
    ],
)
def test_the_most_convenient_login_method_is_suggested(
    ssh: bool, browser: bool, listener: bool, device: bool, suggestion: Suggestion
) -> None:
    environ = {"SSH_CONNECTION": "10.0.0.9 50000 10.0.0.1 22"} if ssh else {}
    assert suggest(environ, has_browser=browser, has_listener=listener, has_device=device) is suggestion
    assert suggestion_text(suggestion).endswith(".")


def test_on_a_page_the_link_opens_in_a_tab_beside_it() -> None:
    on_page = suggest({"SSH_TTY": "x"}, has_browser=False, has_listener=True, has_device=True, on_page=True)
    assert on_page is Suggestion.PASTE_ON_PAGE
    assert suggestion_text(on_page).endswith(".")


def test_missing_permissions_and_their_purposes() -> None:
    have = (
        Permission("instagram_basic", "granted"),
        Permission("ads_read", "declined"),
        Permission("email", "expired"),
    )
    assert missing(have, ("instagram_basic", "ads_read", "pages_show_list", "public_profile")) == (
        "ads_read",
        "pages_show_list",
    )
    assert declined(have) == ("ads_read", "email")
    assert "Instagram" in purpose("instagram_basic")
    assert purpose("new_one")
