"""Facebook's login dialog: which redirect may be used, and the link that opens it (graph-api.md section 2)."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from tui.facebook.models import Endpoints
from tui.facebook.transport import encode
from tui.redact import Secret

LOGIN_SUCCESS_PATH = "/connect/login_success.html"


class RedirectFault(StrEnum):
    """Why a redirect address must not be used for our own login."""

    MATILLION_CALLBACK = "matillion_callback"
    LOOPBACK_NUMBER = "loopback_number"  # 127.0.0.1 or [::1] instead of localhost
    OTHER_SERVER = "other_server"


@dataclass(eq=False, repr=False)
class RedirectRefused(ValueError):
    """The redirect address must not be used for our own login."""

    reason: RedirectFault


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """One attempt to log in. `started_at` in unix seconds, UTC."""

    url: str = field(repr=False)
    state: Secret
    redirect_uri: str
    code_verifier: Secret | None
    started_at: float
    scopes: tuple[str, ...]

    @property
    def short_code(self) -> str:
        """The code that names the attempt to people."""
        return short_code(self.state.reveal())


def start_login(
    endpoints: Endpoints,
    version: str,
    app_id: str,
    redirect_uri: str,
    scopes: tuple[str, ...],
    config_id: str = "",
    auth_type: str = "",
    now: float = 0.0,
    *,
    pkce: bool = False,
) -> LoginRequest:
    """Make a new attempt with a state of 256 bits.

    `config_id` (Facebook Login for Business) replaces the scopes. `auth_type`: `rerequest` offers declined
    permissions again, `reauthorize` renews data access. `pkce` adds S256, which Meta documents as "still in testing"
    and accepts beside the App Secret (graph-api.md section 2).
    """
    state = Secret(secrets.token_urlsafe(32))
    verifier = Secret(secrets.token_urlsafe(48)) if pkce else None
    fields = {
        "client_id": app_id,
        "redirect_uri": redirect_uri,
        "state": state.reveal(),
        "response_type": "code",
        "config_id": config_id,
        "scope": "" if config_id else ",".join(scopes),
        "auth_type": auth_type,
    }
    if verifier is not None:
        fields |= {"code_challenge": _challenge(verifier), "code_challenge_method": "S256"}
    pairs = [(name, value) for name, value in fields.items() if value]
    return LoginRequest(
        url=f"{endpoints.dialog_url.rstrip('/')}/{version}/dialog/oauth?{encode(pairs)}",
        state=state,
        redirect_uri=redirect_uri,
        code_verifier=verifier,
        started_at=now,
        scopes=() if config_id else scopes,
    )


def success_page(endpoints: Endpoints) -> str:
    """Return Meta's landing page for programs; it must stand among the app's Valid OAuth Redirect URIs."""
    return endpoints.dialog_url.rstrip("/") + LOGIN_SUCCESS_PATH


def check_redirect(redirect_uri: str, callback_url: str, endpoints: Endpoints) -> None:
    """Raise RedirectRefused where the code would land on a server that is not ours or Meta's."""
    if callback_url and redirect_uri.rstrip("/") == callback_url.rstrip("/"):
        raise RedirectRefused(RedirectFault.MATILLION_CALLBACK)
    try:
        host, port = urlsplit(redirect_uri).hostname, listening_port(redirect_uri)
    except ValueError:
        host, port = None, None
    if port is None and redirect_uri not in (success_page(endpoints), success_page(Endpoints())):
        is_number = host in ("127.0.0.1", "::1")
        raise RedirectRefused(RedirectFault.LOOPBACK_NUMBER if is_number else RedirectFault.OTHER_SERVER)


def listening_port(redirect_uri: str) -> int | None:
    """Return the port a listener needs for this redirect, None where no listener can answer it."""
    parts = urlsplit(redirect_uri)
    return parts.port if parts.hostname == "localhost" and parts.scheme == "http" else None


def short_code(state: str) -> str:
    """Return six characters that name an attempt: they do not reveal the state."""
    digest = hashlib.sha256(b"attempt:" + state.encode("utf-8", "replace")).digest()
    letters = base64.b32encode(digest).decode()[:6]
    return f"{letters[:3]}-{letters[3:]}"


def _challenge(verifier: Secret) -> str:
    digest = hashlib.sha256(verifier.reveal().encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
