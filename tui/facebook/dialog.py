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


class RedirectRefused(ValueError):
    """The redirect address must not be used for our own login."""

    def __init__(self, reason: RedirectFault) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """One attempt to log in. `started_at` in unix seconds, UTC; `short_code` names the attempt to people."""

    url: str = field(repr=False)
    state: Secret
    redirect_uri: str
    code_verifier: Secret | None
    started_at: float
    scopes: tuple[str, ...]
    short_code: str


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
    fields = [
        ("client_id", app_id),
        ("redirect_uri", redirect_uri),
        ("state", state.reveal()),
        ("response_type", "code"),
    ]
    if config_id:
        fields.append(("config_id", config_id))
    elif scopes:
        fields.append(("scope", ",".join(scopes)))
    if auth_type:
        fields.append(("auth_type", auth_type))
    if verifier is not None:
        fields += [("code_challenge", _challenge(verifier)), ("code_challenge_method", "S256")]
    return LoginRequest(
        url=f"{endpoints.dialog_url.rstrip('/')}/{version}/dialog/oauth?{encode(fields)}",
        state=state,
        redirect_uri=redirect_uri,
        code_verifier=verifier,
        started_at=now,
        scopes=() if config_id else scopes,
        short_code=short_code(state.reveal()),
    )


def success_page(endpoints: Endpoints) -> str:
    """Return Meta's landing page for programs; it must stand among the app's Valid OAuth Redirect URIs."""
    return endpoints.dialog_url.rstrip("/") + LOGIN_SUCCESS_PATH


def check_redirect(redirect_uri: str, callback_url: str, endpoints: Endpoints) -> None:
    """Raise RedirectRefused where the code would land on a server that is not ours or Meta's."""
    if callback_url and redirect_uri.rstrip("/") == callback_url.rstrip("/"):
        raise RedirectRefused(RedirectFault.MATILLION_CALLBACK)
    try:
        parts = urlsplit(redirect_uri)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host == "localhost" and parts.scheme == "http" and port is not None:
        return
    if redirect_uri == success_page(endpoints) or redirect_uri == success_page(Endpoints()):
        return
    if host in ("127.0.0.1", "::1"):
        raise RedirectRefused(RedirectFault.LOOPBACK_NUMBER)
    raise RedirectRefused(RedirectFault.OTHER_SERVER)


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
