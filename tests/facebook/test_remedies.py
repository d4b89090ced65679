"""Every error in the reference has a remedy, and every remedy says what, why, who and what to do."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.facebook.errors import FacebookError
from tui.facebook.remedies import RemedyCode, _rules, remedy_for
from tui.wording.facebook import advice, remedy_code, remedy_title, remedy_words
from tui.wording.surfaces import CommandLine, PlainMenu, Screen, Surface
from tui.wording.text import Action, Do

CODES = [1, 2, 3, 4, 9, 10, 12, 17, 31, 32, 100, 101, 102, 104, 190, 191, 200, 341, 368, 412, 463, 506, 613, 803, 2500]
CODES += [2635, 4201, 80002, 1609005]
"""Codes of graph-api.md sections 1 to 11; each has a remedy that no other code shares."""

SESSION_SUBCODES = [458, 459, 460, 463, 464, 466, 467, 490, 492, 493]
CODE_SUBCODES = [33, 36007, 36008, 36009]
DEVICE = [(31, 1349174), (17, 1349172), (463, 1349152), (None, 1349173)]

TEXTS = [
    (1, "Error validating client secret.", "oauth/access_token"),
    (1, "The access token does not belong to application 123", "oauth/access_token"),
    (1, "client_secret should not be passed to /oauth/access_tokenXX", "oauth/access_token"),
    (101, "Error validating application. Cannot get application info due to a system error.", "oauth/access_token"),
    (101, "Error validating application. Invalid application ID.", "oauth/access_token"),
    (101, "Error validating application. Application has been deleted.", "oauth/access_token"),
    (101, "Missing client_id parameter.", "oauth/access_token"),
    (None, "Invalid Client ID", "oauth/access_token"),
    (191, "Missing redirect_uri parameter.", "oauth/access_token"),
    (191, "redirect_uri isn't an absolute URI. Check RFC 3986.", "oauth/access_token"),
    (100, "This authorization code has expired.", "oauth/access_token"),
    (100, "Invalid verification code format.", "oauth/access_token"),
    (None, "fb_exchange_token parameter not specified", "oauth/access_token"),
    (100, "(#100) Tried accessing nonexisting field (accounts) on node type (Page)", "me/accounts"),
    (100, "This endpoint requires the 'pages_read_engagement' permission", "me/accounts"),
    (100, "Unsupported get request. Object with ID 'X' does not exist", "me"),
    (100, "(#100) metric[0] must be one of the following values: reach", "instagram/insights"),
    (100, "(#100) The parameter input_token is required", "debug_token"),
    (100, "(#100) The App_id in the input_token did not match the Viewing App", "debug_token"),
    (100, "(#100) You must provide an app access token, or a user access token that is an owner", "debug_token"),
    (100, "API calls from the server require an appsecret_proof argument", "me"),
    (100, "Invalid appsecret_proof provided in the API argument", "me"),
    (190, "Invalid OAuth access token signature.", "debug_token"),
    (190, "Invalid OAuth access token signature.", "me"),
    (190, "Invalid OAuth access token.", "me"),
    (190, "Invalid OAuth access token - Cannot parse access token", "me"),
    (190, "The access token could not be decrypted", "me"),
    (190, "Malformed access token [hidden]", "me"),
    (190, "This Page access token belongs to a Page that has been deleted.", "me"),
    (190, "Error validating access token: The session was invalidated explicitly using an API call.", "me"),
    (190, "The user must be an administrator of the page in order to impersonate it.", "me"),
    (104, "An access token is required to request this resource.", "debug_token"),
    (104, "An access token is required to request this resource.", "me"),
    (2500, "An active access token must be used to query information about the current user.", "me"),
    (10, "(#10) Not enough viewers for the media to show insights", "instagram/insights"),
    (10, "(#10) Application does not have permission for this action", "instagram/insights"),
    (200, "(#200) Provide valid app ID", "me"),
    (200, "(#200) API access blocked.", "me"),
    (200, "temporarily disabled for non-active accounts", "me"),
    (200, "(#200) The user hasn't authorized the application to perform this action", "me"),
    (200, "Permissions error", "dialog"),
    (None, "access_denied", "dialog"),
    (None, "something new", "dialog"),
    (None, "Invalid App ID: The provided app ID does not look like a valid app ID.", "dialog"),
    (None, "URL Blocked: This redirect failed because the redirect URI is not whitelisted", "dialog"),
    (None, "Invalid Scopes: instagram_manage_insights", "dialog"),
    (None, "App not active", "dialog"),
]
ALL_REMEDIES = tuple(dict.fromkeys(RemedyCode(rule["remedy"]) for rule in _rules()))
SAME = {"dialog-access-denied"}
"""Remedies that stand for two rows above on purpose."""


def test_every_code_has_a_remedy_of_its_own() -> None:
    remedies = [remedy_for(code, None) for code in CODES]
    assert "unknown" not in remedies
    assert len(set(remedies)) == len(CODES)


def test_every_code_of_a_range_has_a_remedy() -> None:
    assert {remedy_for(code, None) for code in range(200, 300)} == {"permission-200"}
    assert {remedy_for(code, None) for code in range(80000, 80015)} == {"limit-business", "limit-instagram"}


@pytest.mark.parametrize("code", [190, 102])
def test_every_session_subcode_has_a_remedy_of_its_own(code: int) -> None:
    remedies = [remedy_for(code, subcode) for subcode in SESSION_SUBCODES]
    assert len(set(remedies)) == len(SESSION_SUBCODES)
    assert not {remedy_for(code, None), "unknown"} & set(remedies)


def test_every_login_subcode_has_a_remedy_of_its_own() -> None:
    remedies = [remedy_for(100, subcode) for subcode in CODE_SUBCODES]
    remedies += [remedy_for(code, subcode) for code, subcode in DEVICE]
    assert len(set(remedies)) == len(remedies)
    assert not {"parameter", "unknown", "limit-user"} & set(remedies)


def test_every_message_of_a_code_has_a_remedy_of_its_own() -> None:
    seen: dict[str, tuple[int | None, str, str]] = {}
    for row in TEXTS:
        code, message, where = row
        remedy = remedy_for(code, None, message, where=where)
        assert remedy != "unknown", row
        assert remedy not in seen or remedy in SAME, (row, seen.get(remedy))
        seen[remedy] = row


@pytest.mark.parametrize("cause", ["unreachable", "timeout", "tls", "redirected", "unreadable", "throttled", "server"])
def test_every_cause_without_answer_has_a_remedy_of_its_own(cause: str) -> None:
    others = {"unreachable", "timeout", "tls", "redirected", "unreadable", "throttled", "server"} - {cause}
    remedy = remedy_for(None, None, cause=cause)
    assert remedy != "unknown"
    assert remedy not in {remedy_for(None, None, cause=other) for other in others}


def test_the_last_remedy_takes_what_is_left() -> None:
    assert ALL_REMEDIES[-1] == "unknown"


@pytest.mark.parametrize("surface", [Screen(), CommandLine(), PlainMenu()], ids=lambda surface: type(surface).__name__)
@pytest.mark.parametrize("code", ALL_REMEDIES)
def test_a_remedy_says_what_why_and_what_to_do(code: RemedyCode, surface: Surface) -> None:
    remedy = remedy_words(code, Action(Do.VERIFY))
    for sentence in (remedy.what, remedy.why, remedy.hint):
        assert sentence.endswith(".") or not sentence, sentence
    assert remedy.what
    assert remedy.why
    assert advice(remedy, surface)
    assert len(remedy_title(code)) <= 52
    assert not remedy_title(code).endswith(".")


def test_a_changed_key_is_in_every_advice() -> None:
    surface = Screen({"log_in": "f11"})
    remedies = [remedy_words(code) for code in ALL_REMEDIES]
    todo = [advice(remedy, surface) for remedy in remedies if remedy.next == Action(Do.LOG_IN)]
    assert todo
    assert all("press f11" in text for text in todo)


def test_an_expired_session_is_never_extended() -> None:
    for subcode in SESSION_SUBCODES:
        assert remedy_words(remedy_for(190, subcode)).next in (Action(Do.LOG_IN), Action(Do.INSPECT))


def test_an_error_brings_its_place_along() -> None:
    error = FacebookError("Invalid OAuth access token signature.", code=190, where="debug_token")
    assert remedy_code(error) == "app-token-signature"


@given(
    code=st.none() | st.integers(),
    subcode=st.none() | st.integers(),
    message=st.text(),
    cause=st.text(),
    where=st.text(),
)
def test_there_is_always_a_remedy(code: int | None, subcode: int | None, message: str, cause: str, where: str) -> None:
    assert remedy_title(remedy_for(code, subcode, message, cause, where))


def test_importing_the_remedies_reads_no_toml() -> None:
    program = "import sys, tui.wording.facebook; sys.exit('tomllib' in sys.modules or 'httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_refused_client_token_is_called_one() -> None:
    refused = "Invalid OAuth access token signature."
    assert remedy_for(190, None, refused, where="device/login") == "client-token-refused"
    assert remedy_for(190, None, refused, where="me") != "client-token-refused"
