"""Names on the command line: an unknown one is a usage error with the likely name."""

from typing import TYPE_CHECKING

import click

from tui.commands.pipe import choose
from tui.likely import suggestion
from tui.process import USAGE, Refused
from tui.services import Services
from tui.settings import Profile
from tui.tokens.token import Token
from tui.wording.app import NO_PROFILE
from tui.wording.surfaces import CommandLine, sentences

if TYPE_CHECKING:
    from tui.services.login_targets import LoginTarget


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


def login_target(services: Services, profile: str | None, name: str | None) -> "LoginTarget":
    """Return the token that a login is for; asks where several may be meant. Raises UsageError, Refused."""
    from tui.services.login_targets import LoginTarget, NotByLogin, target_of, targets_of
    from tui.wording.login import WHICH_PROFILE, WHICH_TOKEN, not_by_login, of_other_profile, target_choice

    tokens = services.tokens()
    stored = next((token for token in tokens if token.name == name), None)
    if stored is not None:
        if profile not in (None, stored.profile):
            raise Refused(sentences(of_other_profile(stored), CommandLine()))
        try:
            return target_of(stored)
        except NotByLogin as error:
            raise Refused(sentences(not_by_login(error), CommandLine())) from None
    names = [known.name for known in services.settings.profiles]
    if profile is None and len(names) > 1 and not services.settings.default_profile:
        profile = names[choose(WHICH_PROFILE, names, "--profile")]
    owner = profile_named(services, profile).name
    if name is not None:
        return LoginTarget(owner, name)
    targets = targets_of(tokens, owner)
    if len(targets) == 1:
        return targets[0]
    return targets[choose(WHICH_TOKEN, [target_choice(target) for target in targets], "--name")]


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
