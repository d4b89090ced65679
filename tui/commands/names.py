"""Names on the command line: an unknown one is a usage error with the likely name."""

import click

from tui.likely import suggestion
from tui.process import USAGE, Refused
from tui.services import Services
from tui.settings import Profile
from tui.tokens.token import Token
from tui.wording.app import NO_PROFILE
from tui.wording.surfaces import CommandLine, sentences


def profile_named(services: Services, name: str | None) -> Profile:
    """Return the profile of that name, or the default one. Raises UsageError, Refused."""
    profile = services.default_profile if name is None else services.settings.profile(name)
    if profile is not None:
        return profile
    if name is None:
        raise Refused(sentences(NO_PROFILE, CommandLine()), USAGE)
    known = [profile.name for profile in services.settings.profiles]
    listed = f" Profiles: {', '.join(known)}." if known else ""
    raise click.UsageError(f"There is no profile named {name}.{suggestion(name, known)}{listed}")


def token_named(services: Services, name: str) -> Token:
    """Return the token of that name. Raises UsageError where there is none, VaultError."""
    from tui.tokens.errors import NoSuchToken

    try:
        return services.token_store.token(name)
    except NoSuchToken:
        raise click.UsageError(no_such_token(services, name)) from None


def no_such_token(services: Services, name: str) -> str:
    """Return the message about a token that does not exist."""
    meant = suggestion(name, services.token_store.names())
    return f"There is no token named {name}.{meant} `igauth status` lists the names."
