"""The link that opens the dialog, and which redirect our own login may use."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest

from tui.facebook.dialog import (
    RedirectFault,
    RedirectRefused,
    check_redirect,
    listening_port,
    start_login,
    success_page,
)
from tui.facebook.models import Endpoints

CALLBACK = "https://etl.example.com/oauth/callback"


def fields(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_the_link_has_what_the_dialog_wants() -> None:
    request = start_login(
        Endpoints(), "v26.0", "123", "http://localhost:8765/", ("instagram_basic", "pages_show_list"), now=5.0
    )
    assert request.url.startswith("https://www.facebook.com/v26.0/dialog/oauth?")
    assert fields(request.url) == {
        "client_id": "123",
        "redirect_uri": "http://localhost:8765/",
        "state": request.state.reveal(),
        "response_type": "code",
        "scope": "instagram_basic,pages_show_list",
    }
    assert request.started_at == 5.0
    assert request.code_verifier is None


def test_a_configuration_replaces_the_scopes() -> None:
    request = start_login(Endpoints(), "v26.0", "1", "http://localhost:1/", ("a",), "777", "rerequest")
    assert "scope" not in fields(request.url)
    assert (fields(request.url)["config_id"], fields(request.url)["auth_type"]) == ("777", "rerequest")


def test_pkce_sends_the_hash_of_a_verifier_that_stays_here() -> None:
    request = start_login(Endpoints(), "v26.0", "1", "http://localhost:1/", (), pkce=True)
    assert request.code_verifier is not None
    verifier = request.code_verifier.reveal()
    assert 43 <= len(verifier) <= 128
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    assert fields(request.url)["code_challenge"] == digest
    assert fields(request.url)["code_challenge_method"] == "S256"
    assert verifier not in request.url


def test_each_attempt_has_its_own_hidden_state_of_256_bits() -> None:
    many = {start_login(Endpoints(), "v26.0", "1", "http://localhost:1/", ()).state.reveal() for _ in range(200)}
    assert len(many) == 200
    assert all(len(base64.urlsafe_b64decode(state + "=")) == 32 for state in many)
    request = start_login(Endpoints(), "v26.0", "1", "http://localhost:1/", ())
    assert request.state.reveal() not in repr(request)


@pytest.mark.parametrize("configured", ["http://localhost:9000/cb", success_page(Endpoints())])
def test_a_local_redirect_and_metas_page_are_allowed(configured: str) -> None:
    check_redirect(configured, CALLBACK, Endpoints())


@pytest.mark.parametrize(
    "configured",
    [CALLBACK, CALLBACK + "/", "https://elsewhere.example/x", "http://127.0.0.1:8765/", "http://localhost/", "nonsense",
     "https://localhost:8765/", "http://[::1"],
)  # fmt: skip
def test_a_redirect_that_hands_the_code_to_others_is_refused(configured: str) -> None:
    with pytest.raises(RedirectRefused):
        check_redirect(configured, CALLBACK, Endpoints())


def test_only_a_local_redirect_needs_a_listener() -> None:
    assert listening_port("http://localhost:8765/") == 8765
    assert listening_port("https://www.facebook.com/connect/login_success.html") is None


@pytest.mark.parametrize("configured", [CALLBACK, CALLBACK + "/"])
def test_matillions_callback_is_refused_by_its_name(configured: str) -> None:
    with pytest.raises(RedirectRefused) as refused:
        check_redirect(configured, CALLBACK, Endpoints())
    assert refused.value.reason is RedirectFault.MATILLION_CALLBACK
