"""Reading and comparing the address of the page that Matillion opens."""

import string
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.matillion.address import AddressRefused, DialogAddress, read_dialog_address
from tui.matillion.differences import Comparison, Difference, Parameter, compare, differences
from tui.wording.matillion import address_refusal, comparison, difference, marked

APP = "1234567890123456"
CALLBACK = "https://matillion.example.com/oauth/callback"
STATE = "never-stored-7f3a"
QUERY = {"client_id": APP, "redirect_uri": CALLBACK, "scope": "instagram_basic,pages_show_list", "state": STATE}
DIALOG = f"https://www.facebook.com/v19.0/dialog/oauth?{urlencode(QUERY)}"


def different(found: DialogAddress, app_id: str = APP, callback: str = CALLBACK) -> dict[Parameter, Comparison]:
    return {one.parameter: one for one in compare(found, app_id, callback) if one.differences}


def login_page(address: str) -> str:
    return f"https://www.facebook.com/login.php?skip_api_login=1&next={quote(address, safe='')}&cancel_url=x"


def test_app_id_callback_scopes_and_version_are_read() -> None:
    found = read_dialog_address(DIALOG, 1000)
    assert (found.client_id, found.redirect_uri, found.version) == (APP, CALLBACK, "v19.0")
    assert found.scopes == ("instagram_basic", "pages_show_list")
    assert different(found) == {}


def test_the_state_is_not_stored() -> None:
    found = read_dialog_address(login_page(DIALOG), 1000)
    assert STATE not in repr(found)


@pytest.mark.parametrize(
    "address",
    [
        login_page(DIALOG),
        login_page(login_page(DIALOG)),
        f"https://m.facebook.com/login/?next={quote(quote(DIALOG, safe=''), safe='')}",
        f"https://www.facebook.com/login.php?next={quote(DIALOG.removeprefix('https://www.facebook.com'), safe='')}",
        quote(DIALOG, safe=""),
        f'  "{DIALOG}"\n',
        f"{DIALOG[:60]}\n  {DIALOG[60:]}",
        DIALOG.replace("instagram_basic%2Cpages_show_list", "instagram_basic+pages_show_list"),
    ],
    ids=["next", "next in next", "encoded twice", "relative next", "encoded whole", "quoted", "wrapped", "by blanks"],
)
def test_the_address_is_read_from_inside_login_pages(address: str) -> None:
    found = read_dialog_address(address, 1)
    assert (found.client_id, found.redirect_uri, found.version) == (APP, CALLBACK, "v19.0")
    assert found.scopes == ("instagram_basic", "pages_show_list")


@pytest.mark.parametrize("encoded", [lambda text: text, login_page], ids=["alone", "next"])
def test_a_callback_is_read_whole_from_a_relative_address(encoded: Callable[[str], str]) -> None:
    callback = f"{CALLBACK}?a=1&b=2"
    relative = f"/v19.0/dialog/oauth?{urlencode({**QUERY, 'redirect_uri': callback})}"
    assert read_dialog_address(encoded(relative), 1).redirect_uri == callback


def test_another_login_server_must_be_the_configured_one() -> None:
    address = DIALOG.replace("https://www.facebook.com", "http://127.0.0.1:8123")
    assert read_dialog_address(address, 1, "http://127.0.0.1:8123").client_id == APP
    with pytest.raises(AddressRefused) as refused:
        read_dialog_address(address, 1)
    assert refused.value.reason == "not_facebook"


@pytest.mark.parametrize(
    "address",
    [
        f"{CALLBACK}?code=AQDsecretcode&state=x#_=_",
        f"{DIALOG}&code=AQDsecretcode",
        "https://www.facebook.com/connect/login_success.html#access_token=EAAsecretcode&state=x",
        login_page(f"{DIALOG}&code=AQDsecretcode"),
        quote(f"{CALLBACK}?code=AQDsecretcode", safe=""),
    ],
)
def test_an_address_with_a_code_or_token_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        read_dialog_address(address, 1)
    assert refused.value.reason == "carries_code"
    assert "secretcode" not in str(refused.value)


def test_asking_for_a_code_is_allowed() -> None:
    assert read_dialog_address(f"{DIALOG}&response_type=code", 1).client_id == APP


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("x" * 40_000, "too_long"),
        ("https://evil.example/v19.0/dialog/oauth?client_id=1&redirect_uri=x", "not_facebook"),
        ("https://www.facebook.com.evil.example/dialog/oauth?client_id=1&redirect_uri=x", "not_facebook"),
        ("https://evilfacebook.com/dialog/oauth?client_id=1&redirect_uri=x", "not_facebook"),
        ("http://www.facebook.com/dialog/oauth?client_id=1&redirect_uri=x", "not_facebook"),
        ("https://www.facebook.com/login.php?next=https%3A%2F%2Fevil.example%2Fdialog%2Foauth", "not_the_dialog"),
        ("https://www.facebook.com/", "not_the_dialog"),
        ("https://www.facebook.com/v19.0/dialog/oauth?client_id=1", "incomplete"),
        ("https://[oops", "not_facebook"),
        ("just words", "not_facebook"),
    ],
)
def test_other_text_is_refused_with_its_reason(address: str, reason: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        read_dialog_address(address, 1)
    assert refused.value.reason == reason
    assert address_refusal(refused.value).hint


@given(st.text(max_size=300))
def test_no_text_raises_another_error(text: str) -> None:
    for address in (text, f"https://www.facebook.com/login.php?next={text}", f"{DIALOG}&x={text}"):
        try:
            found = read_dialog_address(address, 1)
        except AddressRefused:
            continue
        assert found.client_id == APP or address != f"{DIALOG}&x={text}"


@given(
    st.integers(0, len(CALLBACK) - 1),
    st.sampled_from(string.ascii_letters + string.digits + "/:.?-_ \u200b\u00a0\n%"),
)
def test_one_changed_character_is_found_at_its_place(at: int, character: str) -> None:
    changed = CALLBACK[:at] + character + CALLBACK[at + 1 :]
    if changed == CALLBACK:
        return
    address = read_dialog_address(
        f"https://www.facebook.com/v19.0/dialog/oauth?{urlencode({'client_id': APP, 'redirect_uri': changed})}", 1
    )
    found = different(address)
    assert list(found) == [Parameter.CALLBACK_URL]
    compared = found[Parameter.CALLBACK_URL]
    ours, theirs = compared.ours, compared.theirs
    places = compared.differences
    assert any(one.ours_start <= at + 1 and at - 1 <= max(one.ours_end, one.ours_start) for one in places)
    assert all(theirs[one.start : one.end] != ours[one.ours_start : one.ours_end] for one in places)


@given(st.text(max_size=40), st.text(max_size=40))
def test_values_without_differences_are_equal(ours: str, theirs: str) -> None:
    assert (differences(ours, theirs) == ()) == (ours == theirs)


def test_each_difference_has_its_place() -> None:
    slash = different(DialogAddress(APP, CALLBACK, (), "v19.0", "", 1), callback=CALLBACK + "/")
    compared = slash[Parameter.CALLBACK_URL]
    assert compared.differences == (Difference(44, 45, 44, 44),)
    assert difference(compared, compared.differences[0]) == "character 45: Matillion leaves out “/”"
    space = different(DialogAddress(APP + " ", CALLBACK, (), "v19.0", "", 1))
    compared = space[Parameter.APP_ID]
    assert "character 17: Matillion sends SPACE U+0020" in difference(compared, compared.differences[0])
    other = different(DialogAddress("99999", CALLBACK, (), "", "", 1))
    assert [one.is_whole for one in other[Parameter.APP_ID].differences] == [True]


def test_a_value_that_the_profile_lacks_is_shown_whole() -> None:
    (app_id, _) = compare(DialogAddress(APP, CALLBACK, (), "", "", 1), "", CALLBACK)
    assert comparison(app_id, 70) == [f"App ID: Matillion sends {APP}; this profile has none yet."]


def test_a_line_break_differs_from_a_blank() -> None:
    assert differences("https://x/a b", "https://x/a\nb")
    assert differences("https://x/a\tb", "https://x/a b")


def compared(ours: str, theirs: str) -> Comparison:
    return Comparison(Parameter.CALLBACK_URL, ours, theirs, differences(ours, theirs))


def test_a_caret_marks_each_different_character() -> None:
    assert marked(compared("https://m.example/cb", "http://m.example/cb/"), 80) == [
        "profile    https://m.example/cb",
        "               ^               ^",
        "Matillion  http://m.example/cb/",
        "               ^              ^",
    ]


def test_a_long_value_is_folded_together_with_its_carets() -> None:
    ours = "https://matillion.example.com/a/long/way/to/the/callback"
    lines = marked(compared(ours, ours + "X"), 41)
    assert lines[0] == f"profile    {ours[:30]}"
    assert lines[-2:] == [f"           {ours[30:]}X", " " * (11 + len(ours) - 30) + "^"]
    assert all(len(line) <= 41 for line in lines)
