"""What the Guide screen says around the guide: first words, how far one is, what its values are called."""

from textual.geometry import Size

from tui.guide.content import CopyValue, Step
from tui.guide.progress import Counts
from tui.widgets.glyphs import Glyphs
from tui.widgets.token_cells import fitted

LABELS: dict[CopyValue, str] = {
    "callback_url": "callback URL",
    "app_id": "App ID",
    "app_secret": "App Secret",
    "app_name": "display name",
    "entry_name": "entry name",
    "dialog_address": "address of the login dialog",
}
NAMES: dict[str, tuple[str, CopyValue]] = {
    "4": ("Display name chosen in step 4", "app_name"),
    "M4": ("Name of the OAuth entry", "entry_name"),
    "A1": ("Name of the OAuth entry", "entry_name"),
}
"""Steps whose note has a name beside it that checks need."""

_WELCOME = (
    "igauth leads through Matillion's Instagram guide and keeps its token alive.\n"
    "enter goes on, space ticks a step, v looks for proof of it, ? shows every key.\n"
    "2 takes App ID and App Secret, l logs in to Facebook, 3 shows your tokens."
)
_NARROW_WELCOME = """\
Matillion's Instagram guide, in steps.
enter goes on, space ticks, v proves.
2 App ID, l log in, 3 tokens, ? keys."""


_LOW = 20
"""Rows below which the steps need the room more than the welcome does."""
_LOW_WELCOME = "enter goes on, space ticks, ? keys"


def welcome_text(size: Size) -> str:
    """Return what igauth is and what to press, in three lines, one where there are few, as wide as there is room."""
    if size.height < _LOW:
        return _LOW_WELCOME
    return _WELCOME if size.width >= 80 else _NARROW_WELCOME


def progress_text(counts: Counts, upcoming: Step | None, width: int, glyphs: Glyphs) -> str:
    """Return how far one is and what comes next, in one line of at most `width` cells."""
    bar = glyphs.full * counts.done + glyphs.empty * (counts.total - counts.done)
    wrong = f", {counts.contradicted} contradicted" if counts.contradicted else ""
    way = "all done: 3 shows your tokens"
    if upcoming is not None:
        way = f"next {upcoming.id} {upcoming.short or upcoming.title}"
    line = f"{bar} {counts.done} of {counts.total} done, {counts.proven} proven{wrong}; {way}"
    return fitted(line, max(10, width), glyphs.ellipsis).rstrip()
