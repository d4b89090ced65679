"""What goes to a colleague, what is proposed first, and what each permission is for."""

import pytest

from tui.facebook.dialog import start_login
from tui.facebook.doors import propose, surroundings
from tui.facebook.handover import handover_text
from tui.facebook.models import Endpoints, Permission
from tui.facebook.permissions import declined, missing, purpose


def test_the_text_for_a_colleague_has_the_link_unbroken_and_no_secret() -> None:
    request = start_login(
        Endpoints(), "v26.0", "123", "http://localhost:8765/", ("instagram_basic", "ads_read"), now=0, pkce=True
    )
    text = handover_text(request, "Acme Insights", deadline=1_700_000_000)
    assert request.url in text.splitlines()
    assert request.short_code in text
    assert "14 Nov 2023 22:13 UTC" in text
    assert "instagram_basic" in text
    assert request.code_verifier is not None
    assert request.code_verifier.reveal() not in text
    assert "cannot be opened" in text
    assert max(len(line) for line in text.splitlines() if line != request.url) <= 110


def test_metas_page_is_announced_as_what_it_shows() -> None:
    request = start_login(Endpoints(), "v26.0", "123", "https://www.facebook.com/connect/login_success.html", ())
    assert "says Success" in handover_text(request)


@pytest.mark.parametrize(
    ("ssh", "browser", "listener", "device", "door"),
    [
        (False, True, True, True, "browser"),
        (True, True, True, False, "paste"),
        (True, False, True, True, "paste"),
        (True, False, False, True, "device"),
        (True, False, False, False, "paste"),
        (False, False, True, False, "paste"),
    ],
)
def test_the_likeliest_door_is_proposed_with_its_reason(
    ssh: bool, browser: bool, listener: bool, device: bool, door: str
) -> None:
    environ = {"SSH_CONNECTION": "10.0.0.9 50000 10.0.0.1 22"} if ssh else {}
    seen = surroundings(environ, local_browser=browser, listener_possible=listener, device_possible=device)
    proposal = propose(seen)
    assert proposal.door == door
    assert proposal.why.endswith(".")


def test_missing_permissions_are_named_with_what_they_are_for() -> None:
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
