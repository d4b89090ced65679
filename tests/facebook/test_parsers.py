"""Every parser of an answer, fed with anything: a value or FacebookError, never another exception."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.thoroughness import examples
from tui.facebook import answers
from tui.facebook.errors import FacebookError, is_pending, is_slow_down
from tui.facebook.transport import Answer, encode
from tui.facebook.wire import decode, read_usage, read_version, scrub
from tui.redact import Secret

NAMES = """
    data error message code error_subcode subcode is_transient type fbtrace_id access_token expires_in expires
    expires_at data_access_expires_at issued_at is_valid scopes granular_scopes target_ids scope user_id app_id id
    name permission status instagram_business_account tasks owned_pages code user_code verification_uri interval
    paging next cursors error_code error_message error_type error_data media_count
"""
KEYS = st.sampled_from(NAMES.split())
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(
        ["0", "-1", "1e9", "99999999999999999999999", "true", "\ud800", "\x1b[31m", "\u202e", "EAA" + "x" * 40]
    )
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=25
)
OBJECTS = st.dictionaries(KEYS, JSON, max_size=8)

READERS: list[Callable[[Any], object]] = [
    answers.read_issued,
    lambda value: answers.read_app_info(value, "1"),
    lambda value: answers.read_inspection(value, 1),
    answers.read_name,
    answers.read_permissions,
    answers.read_pages,
    answers.read_businesses,
    lambda value: answers.read_instagram(value, value, ()),
    answers.read_insight_names,
    answers.read_device_code,
]


@pytest.mark.parametrize("number", range(len(READERS)))
@settings(max_examples=examples(200), deadline=None)
@given(value=OBJECTS)
def test_an_object_of_any_shape_is_a_value_or_our_own_error(number: int, value: dict[str, Any]) -> None:
    try:
        shown = repr(READERS[number](value))
    except FacebookError as error:
        shown = error.message
    assert not any(character in shown for character in "\x1b\u202e\x00\x9b")


@settings(max_examples=examples(500), deadline=None)
@given(
    body=st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()),
    status=st.sampled_from([200, 204, 400, 401, 403, 404, 407, 429, 500, 503]),
    where=st.sampled_from(["me", "oauth/access_token", "debug_token", "device/login_status"]),
    kind=st.text(max_size=20),
)
def test_a_body_of_any_shape_is_an_object_or_our_own_error(body: bytes, status: int, where: str, kind: str) -> None:
    failure: FacebookError | None = None
    try:
        value = decode(Answer(status, {"content-type": kind}, body), where)
    except FacebookError as error:
        failure = error
    if failure is None:
        assert isinstance(value, dict)
        assert status < 400
        return
    shown = failure.message + failure.fbtrace_id
    assert not any(character in shown for character in "\x1b\u202e\x00")
    assert failure.reason
    for question in (is_pending, is_slow_down):
        question(failure)


@settings(max_examples=examples(300), deadline=None)
@given(value=JSON | st.text(max_size=50))
def test_headers_of_any_shape_are_read(value: object) -> None:
    text = value if isinstance(value, str) else json.dumps(value)
    headers = {"x-app-usage": text, "x-business-use-case-usage": text, "facebook-api-version": text}
    usage = read_usage(headers)
    assert 0 <= usage.percent <= 1_000
    assert 0 <= usage.regain_minutes <= 100_000
    assert read_version(headers) == "" or read_version(headers).startswith("v")


@settings(max_examples=examples(300), deadline=None)
@given(pairs=st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=5))
def test_any_text_can_stand_in_a_query(pairs: list[tuple[str, str]]) -> None:
    assert encode(pairs).isascii()


@settings(max_examples=examples(200), deadline=None)
@given(before=st.text(max_size=60), after=st.text(max_size=60))
def test_a_known_secret_never_survives_in_a_message(before: str, after: str) -> None:
    canary = Secret("EAAcanary" + "Zq9" * 12)
    assert canary.reveal() not in scrub(before + canary.reveal() + after)


def test_a_time_that_is_none_is_never_read_as_never() -> None:
    impossible: tuple[object, ...] = ("soon", True, [], {}, 1e300, -1, 10**14)
    for nonsense in impossible:
        with pytest.raises(FacebookError):
            answers.read_inspection({"data": {"is_valid": True, "expires_at": nonsense}}, 1)
    for never in (0, "0", None, 0.0):
        assert answers.read_inspection({"data": {"is_valid": True, "expires_at": never}}, 1).expires_at is None


def test_an_installed_entry_is_no_permission() -> None:
    listed = {
        "data": [
            {"permission": "installed", "status": "granted"},
            {"permission": "email", "status": "declined"},
            {"permission": "ads_read", "status": "expired"},
            {"permission": "x", "status": "perhaps"},
        ]
    }
    assert [(p.name, p.status) for p in answers.read_permissions(listed)] == [
        ("email", "declined"),
        ("ads_read", "expired"),
    ]


FOREIGN_IDS: tuple[object, ...] = ("../me", "17841٣", "1 2", "x" * 10, "1" * 41, -5, 1.5, True, {"a": 1})


@pytest.mark.parametrize("foreign", FOREIGN_IDS, ids=repr)
def test_an_id_that_is_not_digits_is_refused(foreign: object) -> None:
    grant = {"scope": "instagram_basic", "target_ids": ["17841", foreign]}
    read: list[Callable[[], object]] = [
        lambda: answers.read_instagram({"id": foreign}, {"data": []}, ()),
        lambda: answers.read_name({"id": foreign, "name": "Ann"}),
        lambda: answers.read_app_info({"id": foreign, "name": "Ann"}, "1"),
        lambda: answers.read_inspection({"data": {"is_valid": True, "app_id": foreign}}, 1),
        lambda: answers.read_inspection({"data": {"is_valid": True, "user_id": foreign}}, 1),
        lambda: answers.read_inspection({"data": {"is_valid": True, "profile_id": foreign}}, 1),
        lambda: answers.read_inspection({"data": {"is_valid": True, "granular_scopes": [grant]}}, 1),
    ]
    for one in read:
        with pytest.raises(FacebookError):
            one()


@pytest.mark.parametrize("foreign", FOREIGN_IDS, ids=repr)
def test_a_page_without_an_id_of_digits_is_left_out(foreign: object) -> None:
    linked = {"id": "12", "name": "B", "instagram_business_account": {"id": foreign, "username": "b"}}
    (page,) = answers.read_pages({"data": [{"id": foreign, "name": "A"}, linked]})
    assert (page.page_id, page.instagram_id) == ("12", "")


@pytest.mark.parametrize("address", ["http://localhost.evil.example/", "http://127.0.0.1@evil.example/", "https://"])
def test_a_device_page_in_plain_http_must_be_on_this_machine(address: str) -> None:
    code = answers.read_device_code({"code": "c" * 32, "user_code": "ABCD", "verification_uri": address})
    assert code.url == "https://www.facebook.com/device"


def test_every_text_of_an_error_is_harmless_and_without_a_secret() -> None:
    token = "EAA" + "Zq9" * 20
    hostile = f"\x1b[31m\u202e{token}"
    error = FacebookError(hostile, host=hostile, detail=hostile, fbtrace_id=hostile)
    for shown in (str(error), error.message, error.host, error.detail, error.fbtrace_id):
        assert token not in shown
        assert not any(character in shown for character in "\x1b\u202e")
