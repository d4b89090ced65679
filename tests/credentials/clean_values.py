"""Clean values of every field, as strategies and from a seeded generator."""

from __future__ import annotations

import random
import string

from hypothesis import strategies as st

from tui.credentials.flaws import Field

ADDRESS_CHARACTERS = frozenset(string.ascii_letters + string.digits + "-._~:/?#[]@!$&'()*+,;=%")
ALLOWED: dict[Field, frozenset[str]] = {
    "app_id": frozenset(string.digits),
    "app_secret": frozenset("0123456789abcdef"),
    "client_token": frozenset("0123456789abcdef"),
    "token": frozenset(map(chr, range(0x21, 0x7F))),
    "callback_url": ADDRESS_CHARACTERS,
    "pasted_redirect": ADDRESS_CHARACTERS,
    "dialog_url": ADDRESS_CHARACTERS,
}
_HOST = r"(?:[a-z][a-z0-9-]{0,8}[a-z0-9]\.){1,3}[a-z]{2,6}"
_SEGMENT = r"[A-Za-z0-9_~-]{1,9}"
_STATE = r"[A-Za-z0-9_-]{16,43}"

CLEAN: dict[Field, st.SearchStrategy[str]] = {
    "app_id": st.from_regex(r"[1-9][0-9]{11,17}", fullmatch=True).filter(lambda text: not text.startswith("17841")),
    "app_secret": st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    "client_token": st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    "token": st.from_regex(r"EAA[B-J][A-Za-z0-9]{60,200}", fullmatch=True),
    "callback_url": st.from_regex(
        rf"https://{_HOST}(?::8443)?(?:/{_SEGMENT}){{1,4}}(?:\?[a-z]{{1,5}}=[0-9]{{1,5}})?", fullmatch=True
    ),
    "pasted_redirect": st.from_regex(
        rf"http://localhost:87[0-9]{{2}}/\?code=AQ[A-Za-z0-9_-]{{40,90}}&state={_STATE}(?:#_=_)?", fullmatch=True
    ),
    "dialog_url": st.from_regex(
        rf"https://www\.facebook\.com/v2[0-9]\.0/dialog/oauth\?client_id=[1-9][0-9]{{14}}"
        rf"&redirect_uri=https%3A%2F%2F{_HOST}%2F{_SEGMENT}&state={_STATE}",
        fullmatch=True,
    ),
}


def clean_values(seed: int, count: int) -> list[tuple[Field, str]]:
    """Return `count` clean values over all fields."""
    dice = random.Random(seed)

    def letters(alphabet: str, shortest: int, longest: int) -> str:
        return "".join(dice.choices(alphabet, k=dice.randint(shortest, longest)))

    word, alnum, mixed = string.ascii_lowercase, string.ascii_letters + string.digits, string.ascii_letters + "_-~"
    found: list[tuple[Field, str]] = []
    while len(found) < count:
        host = f"{letters(word, 2, 9)}.{letters(word, 2, 9)}.{letters(word, 2, 5)}"
        callback = f"https://{host}/{letters(mixed, 1, 12)}/{letters(alnum, 1, 12)}"
        state = letters(alnum, 20, 43)
        app_id = letters("23456789", 1, 1) + letters(string.digits, 11, 17)
        found += [
            ("app_id", app_id),
            ("app_secret", letters("0123456789abcdef", 32, 32)),
            ("client_token", letters("0123456789abcdef", 32, 32)),
            ("token", "EAA" + letters(alnum, 60, 300)),
            ("callback_url", callback + dice.choice(("", "", "?a=1&b=x~y", "?next=a%20b"))),
            ("pasted_redirect", f"http://localhost:8765/?code=AQ{letters(alnum + '_-', 60, 300)}&state={state}#_=_"),
            (
                "dialog_url",
                f"https://www.facebook.com/v26.0/dialog/oauth?client_id={app_id}&state={state}"
                f"&redirect_uri={callback.replace(':', '%3A').replace('/', '%2F')}",
            ),
        ]
    return found[:count]
