"""Facebook's answers as values. Texts are harmless already, secrets are in `Secret`."""

from dataclasses import dataclass, field

from tui.facebook.errors import FacebookError
from tui.facebook.permissions import GranularScope, TokenKind
from tui.redact import Secret


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """App ID and App Secret of one registered app."""

    app_id: str
    secret: Secret


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Bases without version or path: the Graph API's and the login dialog's."""

    graph_url: str = "https://graph.facebook.com"
    dialog_url: str = "https://www.facebook.com"


@dataclass(frozen=True, slots=True)
class AppInfo:
    """An app's own name, from its node (graph-api.md section 7)."""

    app_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A token Facebook handed out. `expires_in` in seconds; None where the answer did not say (section 4)."""

    value: Secret
    expires_in: int | None = None
    data_access_expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """What `debug_token` said. Times are unix seconds, UTC; None for `expires_at`: never, else absent or 0.

    `error`: why it calls the token bad (`data.error`, graph-api.md section 6).
    """

    at: int
    is_valid: bool
    app_id: str = ""
    kind: TokenKind = "unknown"
    user_id: str = ""
    profile_id: str = ""
    issued_at: int | None = None
    expires_at: int | None = None
    data_access_expires_at: int | None = None
    scopes: tuple[str, ...] = ()
    granular_scopes: tuple[GranularScope, ...] = ()
    error: FacebookError | None = None


BUSINESS_FIELDS = "name,owned_pages{name},client_pages{name}"
"""What is asked of each portfolio: the facts of `Business`."""


@dataclass(frozen=True, slots=True)
class Business:
    """A business portfolio of the person and the Pages it owns or works for (graph-api.md section 5)."""

    name: str
    page_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstagramReading:
    """What a test read of an Instagram account brought: the connector's own kind of call."""

    account_id: str
    username: str
    media_count: int | None = None
    followers_count: int | None = None
    media_read: int = 0
    insights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A started device login: a code to enter at `url` (graph-api.md section 9). Durations in seconds.

    The code is always shown beside the address, never the address alone.
    """

    code: Secret
    user_code: str
    url: str
    expires_in: int
    interval: int

    @property
    def link(self) -> str:
        """The address with the code in it, for a QR code (graph-api.md section 9)."""
        return f"{self.url}?user_code={self.user_code}&qr=1" if "?" not in self.url else self.url


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of the app's allowance is used, in percent, and minutes until it is regained (section 11)."""

    percent: int = 0
    regain_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Served:
    """What the answer's headers said beside its body."""

    version: str = ""
    usage: Usage = field(default_factory=Usage)
