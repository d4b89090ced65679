"""What the keeper asks of Facebook, as the one interface it knows; `tui.facebook.client` provides it."""

from typing import Protocol

from tui.facebook.models import AppCredentials, Inspection, Issued, Page, Person, Served
from tui.redact import Secret


class Graph(Protocol):
    """The part of the Graph client that the keeper uses. Every call raises `FacebookError`."""

    @property
    def served(self) -> Served:
        """Return what the latest answer's headers said."""

    async def exchange_long_lived(self, app: AppCredentials, token: Secret, *, sixty_days: bool = False) -> Issued:
        """Exchange a token for a fresh long-lived one (graph-api.md section 4)."""

    async def inspect(self, app: AppCredentials, token: Secret) -> Inspection:
        """Ask what a token is now (graph-api.md section 6)."""

    async def pages(self, app: AppCredentials, token: Secret) -> tuple[Page, ...]:
        """Return the Pages a user token reaches (graph-api.md section 5)."""

    async def me(self, app: AppCredentials, token: Secret) -> Person:
        """Return whose token it is."""
