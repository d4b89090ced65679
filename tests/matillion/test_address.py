"""The address check: what Matillion really sends, read from the page it opened."""

import string
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.matillion.address import AddressRefused, DialogAddress, from_record, read_dialog_address
from tui.matillion.differences import compare, differences, drawn

APP = "1234567890123456"
CALLBACK = "https://matillion.example.com/oauth/callback"
STATE = "kept-by-nobody-7f3a"
QUERY = {"client_id": APP, "redirect_uri": CALLBACK, "scope": "instagram_basic,pages_show_list", "state": STATE}
DIALOG = f"https://www.facebook.com/v19.0/dialog/oauth?{urlencode(QUERY)}"


def login_page(address: str) -> str:
    return f"https://www.facebook.com/login.php?skip_api_login=1&next={quote(address, safe='')}&cancel_url=x"


def test_app_id_callback_scopes_and_version_are_read() -> None:
    found = read_dialog_address(DIALOG, 1000)
    assert (found.client_id, found.redirect_uri, found.version) == (APP, CALLBACK, "v19.0")
    assert found.scopes == ("instagram_basic", "pages_show_list")
    assert compare(found, APP, CALLBACK) == ()


def test_the_state_is_nowhere_in_what_is_kept() -> None:
    found = read_dialog_address(login_page(DIALOG), 1000)
    assert STATE not in repr(found)
    assert STATE not in repr(found.as_record())


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
def test_it_is_read_from_inside_login_pages_and_copying_marks(address: str) -> None:
    found = read_dialog_address(address, 1)
    assert (found.client_id, found.redirect_uri, found.version) == (APP, CALLBACK, "v19.0")
    assert found.scopes == ("instagram_basic", "pages_show_list")


def test_the_dialog_of_another_login_server_counts_only_where_it_is_ours() -> None:
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
def test_an_address_with_a_code_or_token_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        read_dialog_address(address, 1)
    assert refused.value.reason == "carries_code"
    assert "secretcode" not in str(refused.value)
    assert "before you log in" in refused.value.message


def test_asking_for_a_code_is_not_carrying_one() -> None:
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
def test_everything_else_is_refused_with_its_reason(address: str, reason: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        read_dialog_address(address, 1)
    assert refused.value.reason == reason
    assert len(refused.value.message) > 40


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
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
def test_one_changed_character_is_always_found_at_its_place(at: int, character: str) -> None:
    changed = CALLBACK[:at] + character + CALLBACK[at + 1 :]
    if changed == CALLBACK:
        return
    address = read_dialog_address(
        f"https://www.facebook.com/v19.0/dialog/oauth?{urlencode({'client_id': APP, 'redirect_uri': changed})}", 1
    )
    found = compare(address, APP, CALLBACK)
    assert found
    assert all(one.name == "redirect_uri" for one in found)
    assert any(one.ours_start <= at + 1 and at - 1 <= max(one.ours_end, one.ours_start) for one in found)
    assert all(one.theirs[one.start : one.end] != one.ours[one.ours_start : one.ours_end] for one in found)


@given(st.text(max_size=40), st.text(max_size=40))
def test_two_values_differ_exactly_where_a_difference_is_told(ours: str, theirs: str) -> None:
    assert (differences("x", ours, theirs) == ()) == (ours == theirs)


def test_a_slash_too_few_a_space_too_many_and_another_app_are_each_named() -> None:
    slash = DialogAddress(APP, CALLBACK, (), "v19.0", "", 1)
    assert "character 45: Matillion leaves out “/”" in compare(slash, APP, CALLBACK + "/")[0].sentence
    space = DialogAddress(APP + " ", CALLBACK, (), "v19.0", "", 1)
    (found,) = compare(space, APP, CALLBACK)
    assert "character 17: Matillion sends SPACE U+0020" in found.sentence
    other = DialogAddress("99999", CALLBACK, (), "", "", 1)
    assert "another value altogether" in compare(other, APP, CALLBACK)[0].sentence


def test_a_line_break_is_not_taken_for_a_blank() -> None:
    assert differences("redirect_uri", "https://x/a b", "https://x/a\nb")
    assert differences("redirect_uri", "https://x/a\tb", "https://x/a b")


def test_an_address_comes_back_from_its_record_and_a_damaged_record_does_not() -> None:
    found = read_dialog_address(DIALOG, 77)
    assert from_record(found.as_record()) == found
    assert from_record({**found.as_record(), "at": "then"}) is None
    assert from_record({}) is None


def test_a_caret_stands_under_each_character_that_differs() -> None:
    found = differences("redirect_uri", "https://m.example/cb", "http://m.example/cb/")
    assert drawn(found, 80) == [
        "profile    https://m.example/cb",
        "               ^               ^",
        "Matillion  http://m.example/cb/",
        "               ^              ^",
    ]
    assert drawn((), 80) == []


def test_a_long_value_is_folded_and_its_carets_with_it() -> None:
    ours = "https://matillion.example.com/a/long/way/to/the/callback"
    lines = drawn(differences("redirect_uri", ours, ours + "X"), 41)
    assert lines[0] == f"profile    {ours[:30]}"
    assert lines[-2:] == [f"           {ours[30:]}X", " " * (11 + len(ours) - 30) + "^"]
    assert all(len(line) <= 41 for line in lines)
