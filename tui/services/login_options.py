"""What else a profile says about its logins, each as one text: judged before it is saved. Empty means the default."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from tui.credentials.characters import is_blank
from tui.facebook.dialog import RedirectFault, RedirectRefused, check_redirect
from tui.facebook.models import Endpoints
from tui.facebook.permissions import ScopeFlaw, scope_flaws
from tui.settings import Profile, Settings
from tui.settings.reading import is_version
from tui.settings.schema import DEFAULT_SCOPES

_WITH_CODE = re.compile(r"[?&#](?:code|state|access_token)=|#_=_")
_LOOPBACK_NUMBER = re.compile(r"^(https?://)(?:127\.0\.0\.1|\[::1\])(?=[:/]|$)")
_ROUNDS = 64
"""Flaws that are fixed at most, for each scope can have one."""
_BETWEEN_SCOPES = re.compile(r"[\s,]+")


class LoginOption(StrEnum):
    """One of them; the value is its key in `config.toml`."""

    CONFIG_ID = "config_id"
    SCOPES = "scopes"
    REDIRECT_URI = "redirect_uri"
    API_VERSION = "api_version"


class OptionFault(StrEnum):
    """Why an option cannot be used."""

    UNUSUAL_CHARACTERS = "unusual_characters"  # blanks, or anything that is not printable ASCII
    IS_APP_ID = "is_app_id"
    SCOPES_UNUSED = "scopes_unused"  # the configuration says them to Facebook
    WITH_CODE = "with_code"  # an address at the end of a login, which contains its code
    NOT_A_VERSION = "not_a_version"


Reason = OptionFault | RedirectFault | ScopeFlaw


class OptionFlaw(NamedTuple):
    """What is wrong with an option."""

    option: LoginOption
    reason: Reason


Options = Mapping[LoginOption, str]


def option_texts(profile: Profile) -> dict[LoginOption, str]:
    """Return the options of a profile, empty where one has its default."""
    scopes = "" if profile.scopes == DEFAULT_SCOPES else ", ".join(profile.scopes)
    return {
        LoginOption.CONFIG_ID: profile.config_id,
        LoginOption.SCOPES: scopes,
        LoginOption.REDIRECT_URI: profile.redirect_uri,
        LoginOption.API_VERSION: profile.api_version,
    }


def with_options(profile: Profile, options: Options) -> Profile:
    """Return the profile with these options; those that are not there stay as they are."""
    scopes = profile.scopes
    if (text := options.get(LoginOption.SCOPES)) is not None:
        scopes = tuple(dict.fromkeys(filter(None, _BETWEEN_SCOPES.split(text)))) or DEFAULT_SCOPES
    return replace(
        profile,
        config_id=options.get(LoginOption.CONFIG_ID, profile.config_id),
        scopes=scopes,
        redirect_uri=options.get(LoginOption.REDIRECT_URI, profile.redirect_uri),
        api_version=options.get(LoginOption.API_VERSION, profile.api_version),
    )


def option_flaws(before: Profile, after: Profile, settings: Settings) -> tuple[OptionFlaw, ...]:
    """Return what is wrong with the options that change, all of it."""
    return tuple(
        OptionFlaw(option, reason)
        for option in LoginOption
        if getattr(before, option) != getattr(after, option)
        for reason in _reasons(option, after, settings)
    )


def _reasons(option: LoginOption, profile: Profile, settings: Settings) -> Iterator[Reason]:
    match option:
        case LoginOption.SCOPES:
            if profile.config_id and profile.scopes != DEFAULT_SCOPES:
                yield OptionFault.SCOPES_UNUSED
            yield from scope_flaws(profile.scopes)
        case LoginOption.CONFIG_ID:
            if _is_unusual(profile.config_id):
                yield OptionFault.UNUSUAL_CHARACTERS
            elif profile.config_id == profile.app_id != "":
                yield OptionFault.IS_APP_ID
        case LoginOption.REDIRECT_URI:
            if _is_unusual(profile.redirect_uri):
                yield OptionFault.UNUSUAL_CHARACTERS
            elif _WITH_CODE.search(profile.redirect_uri):
                yield OptionFault.WITH_CODE
            elif profile.redirect_uri:
                yield from _redirect_fault(profile, settings)
        case LoginOption.API_VERSION:
            if profile.api_version and not is_version(profile.api_version):
                yield OptionFault.NOT_A_VERSION


def _is_unusual(text: str) -> bool:
    return not text.isascii() or not text.isprintable() or " " in text


def _redirect_fault(profile: Profile, settings: Settings) -> Iterator[RedirectFault]:
    try:
        check_redirect(profile.redirect_uri, profile.callback_url, Endpoints(settings.graph_url, settings.dialog_url))
    except RedirectRefused as refused:
        yield refused.reason


def fix_option(flaw: OptionFlaw, text: str) -> str | None:
    """Return the text of an option with this flaw fixed, None where only the person can fix it."""
    match flaw.reason:
        case ScopeFlaw(_, scope, meant):
            names = (meant if name == scope else name for name in _BETWEEN_SCOPES.split(text))
            fixed = ", ".join(filter(None, names)) if meant else ""
        case RedirectFault.LOOPBACK_NUMBER:
            fixed = _LOOPBACK_NUMBER.sub(r"\1localhost", text)
        case OptionFault.UNUSUAL_CHARACTERS:
            seen = "".join(character for character in text if not is_blank(character))
            fixed = "" if _is_unusual(seen) else seen
        case OptionFault.WITH_CODE:
            fixed = _WITH_CODE.split(text)[0]
        case OptionFault.NOT_A_VERSION:
            seen = f"v{text.strip().lower().removeprefix('v')}"
            fixed = seen if is_version(seen) else ""
        case _:
            fixed = ""
    return fixed if fixed and fixed != text else None


def fix_options(options: Options, judge: Callable[[Options], Iterable[OptionFlaw]]) -> Options | None:
    """Return the options with every flaw fixed, None where only the person can fix one."""
    fixed = dict(options)
    for _ in range(_ROUNDS):
        flaw = next(iter(judge(fixed)), None)
        if flaw is None:
            return fixed
        text = fix_option(flaw, fixed.get(flaw.option, ""))
        if text is None:
            return None
        fixed[flaw.option] = text
    return None
