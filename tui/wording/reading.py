"""Words for a test read of an Instagram account."""

from tui.facebook.models import InstagramReading
from tui.services.reading import NothingToRead
from tui.wording.counts import counted
from tui.wording.text import Action, Do, Text
from tui.wording.texts import text_of


def reading_text(reading: InstagramReading) -> str:
    """Return what a test read brought, in a sentence."""
    counts = [
        *([counted(reading.followers_count, "follower")] if reading.followers_count is not None else []),
        *([f"{reading.media_count} media"] if reading.media_count is not None else []),
    ]
    return (
        f"@{reading.username or reading.account_id}: {', '.join(counts) or 'no counts'}, {reading.media_read or 'no'}"
        f" media read, insights: {', '.join(reading.insights) or 'none'}. It works."
    )


def nothing_to_read(error: NothingToRead) -> Text:
    """Return why a token cannot read, and the next step."""
    token = error.token
    log_in = Action(Do.LOG_IN, token.profile, token.name)
    return text_of("reading", error.reason, {"name": token.name}, retry=log_in)
