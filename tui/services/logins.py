"""Logging in: one attempt opened, its token stored the moment it arrives, and made current if it is better."""

import asyncio
import errno
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tui.facebook.login_events import LoginEvent, NameProblem, RenewsValid, ScopesDoubted
from tui.facebook.login_methods import LoginMethod, LoginOffer
from tui.names import is_name
from tui.services.adoption import AdoptionRefused, Refusal
from tui.services.arrivals import Arrivals
from tui.tokens.errors import BadName, NameTaken, NoSuchToken

if TYPE_CHECKING:
    from tui.facebook.client import GraphClient
    from tui.facebook.landing import PageWords
    from tui.facebook.listener import LoopbackListener
    from tui.facebook.login import Login
    from tui.facebook.models import Endpoints, Issued
    from tui.redact import Secret
    from tui.services.keeper import Keeper
    from tui.services.profiles import ProfileStore
    from tui.settings import Profile, SettingsStore
    from tui.tokens.token import Token
    from tui.vault.tokens_table import TokensTable

ALL_METHODS = (LoginMethod.BROWSER, LoginMethod.PASTE, LoginMethod.DEVICE)
AuthType = Literal["", "rerequest", "reauthorize"]


class Unavailable(StrEnum):
    """Why a login method is not available."""

    NO_CLIENT_TOKEN = "no_client_token"  # noqa: S105 - a code
    PORT_IN_USE = "port_in_use"
    NO_LOCAL_REDIRECT = "no_local_redirect"


@dataclass(eq=False, repr=False)
class LoginMethodUnavailable(Exception):
    """The only login method that was asked for is not available."""

    reason: Unavailable
    profile: str
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One open attempt. End it by `finish`, or by `close` of its login where `finish` is not awaited."""

    login: "Login"
    offer: LoginOffer
    _arrivals: Arrivals = field(repr=False)
    _keeper: "Keeper" = field(repr=False)

    async def finish(self) -> "Token":
        """Wait for an answer, and return the token as it is stored now.

        One of another person than the usable token of that name is saved under a made-up name. Raises LoginOver,
        FacebookError, AdoptionRefused (the token is kept, the current one stays).
        """
        issued = await self.login.run()
        try:
            token = await self._adopt(issued)
        except (AdoptionRefused, NameTaken) as error:
            problem = NameProblem.TAKEN
            if isinstance(error, AdoptionRefused):
                if error.refusal is not Refusal.OTHER_PERSON:
                    raise
                problem = NameProblem.OTHER_PERSON
            await self._arrivals.make_up_name(problem)
            token = await self._adopt(issued)
        await asyncio.to_thread(self._arrivals.tidy, token)
        return token

    async def _adopt(self, issued: "Issued") -> "Token":
        name, profile = self._arrivals.name, self.offer.profile
        return await self._keeper.adopt(name, profile, issued.value, "login", issued.expires_in, replace=True)


@dataclass(frozen=True, slots=True)
class LoginService:
    """Opens login attempts. `client` returns the Graph client of a profile."""

    _tokens: "TokensTable"
    _keeper: "Keeper"
    _profiles: "ProfileStore"
    _client: "Callable[[str], Awaitable[GraphClient]]"
    _settings: "SettingsStore"

    async def open(
        self,
        profile_name: str,
        token_name: str,
        on_event: Callable[[LoginEvent], object],
        pages: "PageWords",
        *,
        methods: tuple[LoginMethod, ...] = ALL_METHODS,
        auth_type: AuthType | None = None,
    ) -> Attempt:
        """Open an attempt: a listener where the redirect allows one, a device code where there is a client token.

        `pages`: the words of the pages in the browser. `auth_type` None: what the token of that name needs.
        Raises MissingCredentials, RedirectRefused, LoginMethodUnavailable, BadName, NameTaken where another profile
        has a token of that name, and ReadOnly where a token could not be stored.
        """
        from tui.facebook.dialog import start_login
        from tui.facebook.login import Login
        from tui.facebook.permissions import scope_flaws
        from tui.tokens.states import TokenState
        from tui.tokens.token import state

        if not is_name(token_name):
            raise BadName(token_name)
        self._tokens.require_writable()
        app = await asyncio.to_thread(self._profiles.credentials, profile_name)
        profile = self._settings.settings.profile(profile_name)
        assert profile is not None  # credentials() has seen it
        known = await asyncio.to_thread(self._known, profile_name, token_name)
        window = self._settings.settings.window_of(profile_name)
        client_token = await self._client_token(profile_name, methods)
        client = await self._client(profile_name)
        if not profile.config_id and (flaws := scope_flaws(profile.scopes)):
            on_event(ScopesDoubted(flaws))
        if known is not None and state(known, client.clock.now(), window) is TokenState.VALID:
            on_event(RenewsValid())
        listener, redirect_uri = await self._redirect(profile, client.endpoints, pages, methods)
        request = start_login(
            client.endpoints,
            client.version,
            profile.app_id,
            redirect_uri,
            profile.scopes,
            profile.config_id,
            _needed(known, profile, client.clock.now(), window) if auth_type is None else auth_type,
            client.clock.now(),
            pkce=profile.pkce,
        )
        arrivals = Arrivals(self._tokens, client.clock, profile, token_name, on_event)
        login = Login(
            client,
            app,
            request,
            client_token=client_token,
            device_scopes=profile.scopes,
            listener=listener,
            on_event=on_event,
            on_token=arrivals.keep,
        )
        if methods == (LoginMethod.DEVICE,):
            login.wait_for_device_alone()
        port = listener.port if listener is not None else None
        offer = LoginOffer(request, profile_name, profile.app_name, token_name, login.deadline, port)
        return Attempt(login, offer, arrivals, self._keeper)

    def _known(self, profile_name: str, token_name: str) -> "Token | None":
        try:
            token = self._tokens.token(token_name)
        except NoSuchToken:
            return None
        if token.profile != profile_name:
            raise NameTaken(token_name)
        return token

    async def _client_token(self, profile_name: str, methods: tuple[LoginMethod, ...]) -> "Secret | None":
        if LoginMethod.DEVICE not in methods:
            return None
        value = await asyncio.to_thread(self._profiles.client_token, profile_name)
        if value is None and methods == (LoginMethod.DEVICE,):
            raise LoginMethodUnavailable(Unavailable.NO_CLIENT_TOKEN, profile_name)
        return value

    async def _redirect(
        self, profile: "Profile", endpoints: "Endpoints", pages: "PageWords", methods: tuple[LoginMethod, ...]
    ) -> "tuple[LoopbackListener | None, str]":
        """Open a listener where the app can redirect to one, and return it with the redirect address that fits."""
        from tui.facebook.dialog import check_redirect, listening_port, success_page
        from tui.facebook.listener import LoopbackListener, NoPort

        if profile.redirect_uri:
            check_redirect(profile.redirect_uri, profile.callback_url, endpoints)
        fixed = listening_port(profile.redirect_uri)
        only_browser = methods == (LoginMethod.BROWSER,)
        if fixed is None and (profile.redirect_uri or not profile.development_mode):
            if only_browser:
                raise LoginMethodUnavailable(Unavailable.NO_LOCAL_REDIRECT, profile.name)
            return None, profile.redirect_uri or success_page(endpoints)
        port: int = fixed or self._settings.settings.login_port
        listener: LoopbackListener | None = None
        if LoginMethod.BROWSER in methods:
            listener = LoopbackListener(pages)
            try:
                port = await listener.open(port, exact=fixed is not None)
            except NoPort:
                if only_browser:
                    raise LoginMethodUnavailable(Unavailable.PORT_IN_USE, profile.name, port) from None
                listener = None
        return listener, profile.redirect_uri or f"http://localhost:{port}/"


def _needed(token: "Token | None", profile: "Profile", now: float, window: int) -> AuthType:
    """Return what the dialog must do for this token: renew data access, or ask for permissions again."""
    from tui.tokens.life import is_usable, missing_scopes
    from tui.tokens.states import TokenState
    from tui.tokens.token import nearer_clock, state

    if token is None:
        return ""
    if nearer_clock(token) == "data_access" and state(token, now, window) in (TokenState.DUE, TokenState.INVALID):
        return "reauthorize"
    if missing_scopes(token, profile.scopes):
        return "rerequest"
    return "reauthorize" if token.data_access_expires_at and is_usable(token, now) else ""


def write_hand_over(path: str, text: str) -> Path:
    """Write a text to a new file of mode 0600, and return where it is. Raises OSError, also where it exists."""
    try:
        target = Path(path).expanduser().absolute()
    except RuntimeError as error:  # there is no user of that name
        raise FileNotFoundError(errno.ENOENT, str(error)) from None
    with open(target, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
    return target
