"""Words for scopes that Facebook's login dialog does not take."""

from tui.facebook.permissions import ScopeFlaw
from tui.harmless import harmless
from tui.wording.texts import phrase


def scope_flaw(flaw: ScopeFlaw) -> str:
    """Return what is wrong with a scope, and what to write instead where that is known."""
    instead = f" Write {flaw.meant} instead." if flaw.meant else ""
    return phrase("login", "scope_problem", flaw.problem).format(scope=harmless(flaw.scope, 80)) + instead
