"""Words for a test read of an Instagram account."""

from typing import assert_never

from tui.facebook.models import InstagramReading
from tui.services.reading import NothingToRead, ReadingFault
from tui.wording.text import Action, Do, Text, Who


def reading_text(reading: InstagramReading) -> str:
    """Return what a test read brought, in a sentence."""
    counts = [
        f"{count} {noun}"
        for count, noun in ((reading.followers_count, "followers"), (reading.media_count, "media"))
        if count is not None
    ]
    return (
        f"@{reading.username or reading.account_id}: {', '.join(counts) or 'no counts'}, {reading.media_read or 'no'}"
        f" media read, insights: {', '.join(reading.insights) or 'none'}. It works."
    )


def nothing_to_read(error: NothingToRead) -> Text:
    """Return why a token cannot read, and the next step."""
    token = error.token
    match error.reason:
        case ReadingFault.NO_ACCOUNT:
            return Text(
                f"Token {token.name} reaches no Page with an Instagram account.",
                "Either no Page was selected in the login dialog, or no professional account is linked to the Page, or"
                " the Page belongs to a business portfolio and business_management was not granted.",
                Who.PAGE_OWNER,
                Action(Do.LOG_IN, token.profile, token.name),
            )
        case ReadingFault.PAGE_LOST:
            return Text(
                f"Token {token.name} no longer reaches that Page.", next=Action(Do.LOG_IN, token.profile, token.name)
            )
        case _:
            assert_never(error.reason)
