"""What a profile can take over from the address that Matillion opened."""

from hypothesis import given
from hypothesis import strategies as st

from tui.matillion.address import DialogAddress
from tui.services.address_changes import Part, changed, offered_changes
from tui.settings import Profile

TEXTS = st.sampled_from(["", "https://m.example/cb", "https://m.example/cb/"])
SCOPES = st.lists(st.sampled_from(["instagram_basic", "pages_show_list", "ads_read"]), unique=True).map(tuple)


@given(TEXTS, SCOPES, TEXTS, SCOPES)
def test_each_change_is_undone_by_its_opposite(
    callback: str, scopes: tuple[str, ...], sent: str, asked: tuple[str, ...]
) -> None:
    profile = Profile("acme", "1", callback, scopes=scopes)
    for change in offered_changes(profile, DialogAddress("1", sent, asked, "", "", 0)):
        after = changed(profile, change)
        assert after != profile
        assert changed(after, change.undone) == profile
        assert change.part not in {
            other.part for other in offered_changes(after, DialogAddress("1", sent, asked, "", "", 0))
        }


def test_what_is_the_same_or_empty_is_not_offered() -> None:
    profile = Profile("acme", "1", "https://m.example/cb", scopes=("a", "b"))
    assert not offered_changes(profile, DialogAddress("1", "https://m.example/cb", ("b", "a"), "", "", 0))
    assert not offered_changes(profile, DialogAddress("1", "", (), "", "", 0))
    by_config = Profile("acme", "1", "https://m.example/cb", config_id="9")
    (change,) = offered_changes(by_config, DialogAddress("1", "https://m.example/other", ("a",), "", "", 0))
    assert change.part is Part.CALLBACK_URL
