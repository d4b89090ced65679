"""Logging in: one attempt opened, its token on disk the moment it arrives, and made current if it is better."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tui.services.arrivals import Arrivals
from tui.tokens.errors import NameTaken, NoSuchToken

if TYPE_CHECKING:
    from tui.facebook.dialog import LoginRequest
    from tui.facebook.listener import LoopbackListener
    from tui.facebook.login import Login
    from tui.facebook.login_events import LoginEvent
    from tui.facebook.models import Endpoints, Issued
    from tui.redact import Secret
    from tui.services.root import Services
    from tui.settings import Profile
    from tui.tokens.token import Token

Door = Literal["browser", "paste", "device"]
ALL_DOORS: tuple[Door, ...] = ("browser", "paste", "device")
AuthType = Literal["", "rerequest", "reauthorize"]


class DoorClosed(Exception):
    """The only way asked for is not possible; the message says why and what would make it so."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that is open: its link and doors. End it by `finish` or `abandon`."""

    desk: "LoginDesk"
    login: "Login"
    profile: "Profile"
    token_name: str
    listener: "LoopbackListener | None"
    has_device: bool
    arrivals: Arrivals

    @property
    def request(self) -> "LoginRequest":
        """What was asked of Facebook: link, redirect, state, short code."""
        return self.login.request

    @property
    def port(self) -> int | None:
        """The port that is listened on; None where there is no listener."""
        return self.listener.port if self.listener is not None else None

    @property
    def short_link(self) -> str:
        """The local address that leads to the dialog; the attempt's code in it keeps others of this machine out."""
        return f"http://localhost:{self.port}/go/{self.request.short_code}"

    def hand_over(self) -> str:
        """Return the text for a colleague who has the browser; no secret in it."""
        from tui.facebook.handover import handover_text

        return handover_text(self.request, self.profile.app_name, self.login.deadline)

    def write_hand_over(self, path: str) -> Path:
        """Write that text to a new file of mode 0600, and return where it is. Raises OSError, also where it exists."""
        from tui.vault.files import write_new

        target = Path(path).expanduser().absolute()
        write_new(target, self.hand_over().encode())
        return target

    async def finish(self) -> "Token":
        """Wait for an answer, and return the token as it is stored now.

        Raises LoginOver, FacebookError, NameTaken, AdoptionRefused (the token is kept, the current one stays).
        """
        issued = await self.login.run()
        return await self.desk.adopt(self, issued)

    async def abandon(self) -> None:
        """Close every door of an attempt that is not being waited for."""
        self.login.cancel()
        if self.listener is not None:
            await self.listener.close()


class LoginDesk:
    """Opens login attempts and takes in what they bring."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def open(
        self,
        profile_name: str,
        token_name: str,
        on_event: "Callable[[LoginEvent], object]",
        *,
        doors: tuple[Door, ...] = ALL_DOORS,
        auth_type: AuthType | None = None,
    ) -> Attempt:
        """Open an attempt: a listener where the redirect allows one, a device code where there is a client token.

        `auth_type` None: what the token of that name needs. Raises MissingCredentials, RedirectRefused, DoorClosed,
        and NameTaken where another profile has a token of that name.
        """
        from tui.facebook.dialog import start_login
        from tui.facebook.login import Login
        from tui.facebook.models import Endpoints

        services = self._services
        app = await asyncio.to_thread(services.credentials, profile_name)
        profile = services.profile(profile_name)
        assert profile is not None  # credentials() has seen it
        known = await asyncio.to_thread(self._known, profile_name, token_name)
        device = await self._client_token(profile_name, doors)
        endpoints = Endpoints(services.settings.graph_url, services.settings.dialog_url)
        listener, redirect_uri = await self._redirect(profile, endpoints, doors)
        request = start_login(
            endpoints,
            profile.api_version or services.settings.api_version,
            profile.app_id,
            redirect_uri,
            profile.scopes,
            profile.config_id,
            self.needed(known, profile) if auth_type is None else auth_type,
            services.clock.now(),
            pkce=profile.pkce,
        )
        arrivals = Arrivals(services, profile, token_name)
        client = await services.client(profile_name)
        login = Login(
            client,
            app,
            request,
            client_token=device,
            device_scopes=profile.scopes,
            listener=listener,
            on_event=on_event,
            on_token=arrivals.keep,
        )
        return Attempt(self, login, profile, token_name, listener, device is not None, arrivals)

    def needed(self, token: "Token | None", profile: "Profile") -> AuthType:
        """Return what the dialog must do for this token: renew data access, or ask for permissions again."""
        from tui.tokens.life import missing_scopes
        from tui.tokens.token import nearer_clock, state

        if token is None:
            return ""
        now = self._services.clock.now()
        window = self._services.window_of(profile.name)
        if nearer_clock(token) == "data_access" and state(token, now, window) in ("due", "invalid"):
            return "reauthorize"
        return "rerequest" if missing_scopes(token, profile.scopes) else ""

    async def adopt(self, attempt: Attempt, issued: "Issued") -> "Token":
        """Make the token of an attempt the current one of its name if it is better than the one there."""
        services = self._services
        token = await services.keeper.adopt(
            attempt.token_name, attempt.profile.name, issued.value, "login", issued.expires_in, replace=True
        )
        await attempt.arrivals.tidy(token)
        return token

    def _known(self, profile_name: str, token_name: str) -> "Token | None":
        try:
            token = self._services.vault.token(token_name)
        except NoSuchToken:
            return None
        if token.profile != profile_name:
            raise NameTaken(token_name)
        return token

    async def _client_token(self, profile_name: str, doors: tuple[Door, ...]) -> "Secret | None":
        if "device" not in doors:
            return None
        value = await asyncio.to_thread(self._services.profile_desk.client_token, profile_name)
        if value is None and doors == ("device",):
            raise DoorClosed(
                f"Profile {profile_name} has no client token, which device login needs. It stands under App settings >"
                " Advanced > Security in Meta's console; enter it on Credentials (2), or run:"
                f" igauth add {profile_name} --client-token"
            )
        return value

    async def _redirect(
        self, profile: "Profile", endpoints: "Endpoints", doors: tuple[Door, ...]
    ) -> "tuple[LoopbackListener | None, str]":
        """Open a listener where one can be answered, and return it with the redirect address that fits."""
        from tui.facebook.dialog import choose_redirect, listening_port
        from tui.facebook.listener import LoopbackListener, NoPort

        fixed = listening_port(profile.redirect_uri) if profile.redirect_uri else None
        port: int | None = fixed or self._services.settings.login_port
        listener: LoopbackListener | None = None
        if "browser" in doors and (fixed is not None or (not profile.redirect_uri and profile.development_mode)):
            listener = LoopbackListener()
            try:
                port = await listener.open(port or 0, exact=fixed is not None)
            except NoPort:
                listener = None
                if doors == ("browser",):
                    raise DoorClosed(f"Port {port} on localhost is taken, so no browser can come back to it.") from None
        elif doors == ("browser",):
            raise DoorClosed(
                "No browser can come back here: Facebook redirects to localhost only while the app is in development"
                " mode. Use: igauth login --paste"
            )
        try:
            redirect_uri = choose_redirect(
                endpoints,
                configured=profile.redirect_uri,
                callback_url=profile.callback_url,
                development_mode=profile.development_mode,
                port=port,
            )
        except BaseException:
            if listener is not None:
                await listener.close()
            raise
        return listener, redirect_uri
