"""`igauth add`: adds or changes a profile without the full-screen view."""

from dataclasses import replace

import click

from tui.commands.names import profile_named
from tui.commands.options import NAME
from tui.commands.pipe import put, read_value, say
from tui.commands.running import open_command, run_work, say_where_secrets_go
from tui.commands.tokens import say_flaws
from tui.credentials import Field
from tui.likely import suggestion
from tui.process import Refused
from tui.redact import Secret
from tui.services import Services
from tui.settings import Profile

COULD_NOT_ASK = 3


@click.command()
@click.argument("name", type=NAME)
@click.option("--app-id", help="App ID of the registered Facebook app. Required for a new profile.")
@click.option("--callback", help="Callback URL, as Matillion's Manage OAuth dialog shows it.")
@click.option(
    "--client-token",
    is_flag=True,
    help="Read the client token, which login --device needs, instead of the App Secret.",
)
@click.option("--verify", is_flag=True, help="Check the values with Facebook first, and print the app's name.")
def add(name: str, app_id: str | None, callback: str | None, client_token: bool, verify: bool) -> int:
    """Add or change a profile.

    The App Secret comes from stdin or a hidden prompt, never from an argument. For a profile that has one,
    empty input keeps it. A value with an error is not saved: `igauth check --field app_secret` shows how to fix it.
    """
    if client_token and (app_id is not None or callback is not None or verify):
        raise click.UsageError("--client-token cannot be combined with --app-id, --callback or --verify.")
    services = open_command()
    if client_token:
        _save_client_token(services, profile_named(services, name))
        return 0
    before = services.profile(name)
    if app_id is None and before is None:
        meant = suggestion(name, [known.name for known in services.profiles])
        raise click.UsageError(f"There is no profile named {name}, and a new one needs --app-id.{meant}")
    before = before or Profile(name)
    profile = replace(
        before,
        app_id=before.app_id if app_id is None else app_id,
        callback_url=before.callback_url if callback is None else callback,
    )
    text = read_value(f"App Secret of {profile.app_id}")
    stored = services.profile_store.app_secret(name) if not text and profile.app_id == before.app_id else None
    values: dict[Field, str] = {"app_id": app_id} if app_id is not None else {}
    if not stored:
        values["app_secret"] = text
    if callback:
        values["callback_url"] = callback
    _check(values, profile)
    if verify:
        return run_work(services, lambda: _verify_and_save(services, profile, stored or Secret(text)))
    _save(services, profile, None if stored else Secret(text))
    say(
        f"Next: check it with Facebook: igauth add {name} --verify (an empty App Secret keeps this one)."
        f" Then log in: igauth login --profile {name}"
    )
    return 0


def _save_client_token(services: Services, profile: Profile) -> None:
    """Read the client token and save it with the profile."""
    text = read_value(f"Client token of {profile.app_id}")
    if not text:
        raise _not_saved(profile, "Send the client token to stdin, or type it on a terminal.")
    _check({"client_token": text}, profile)
    say_where_secrets_go(services)
    services.profile_store.save(profile, client_token=Secret(text))
    say(f"Saved the client token of {profile.name}. Next: igauth login --profile {profile.name} --device")


def _not_saved(profile: Profile, hint: str = "") -> Refused:
    return Refused(f"profile {profile.name} was not saved. {hint}".rstrip())


def _check(values: dict[Field, str], profile: Profile) -> None:
    """Print every flaw of the values on stderr. Raises Refused where they may not be saved."""
    known: dict[Field, str] = {"app_id": profile.app_id, "callback_url": profile.callback_url, **values}
    are_clean = [
        say_flaws(field, text, {other: value for other, value in known.items() if other != field and value})
        for field, text in values.items()
    ]
    if not all(are_clean):
        raise _not_saved(profile, f"Correct the {'values' if len(values) > 1 else 'value'} above, then try again.")


def _save(services: Services, profile: Profile, secret: Secret | None, *, verified: bool = False) -> None:
    if secret is not None:
        say_where_secrets_go(services)
    services.profile_store.save(profile, secret, verified=verified)
    say(f"Saved profile {profile.name}.")


async def _verify_and_save(services: Services, profile: Profile, secret: Secret) -> int:
    from tui.commands.failure import words_of
    from tui.facebook.errors import FacebookError
    from tui.facebook.models import AppCredentials
    from tui.wording.facebook import clock_words
    from tui.wording.text import Action, Do

    failure = None
    try:
        app = await services.profile_store.verify(AppCredentials(profile.app_id, secret), profile.name)
    except FacebookError as error:
        failure = error
        say(f"igauth: {words_of(error, 'verify', Action(Do.CHECK_CREDENTIALS, profile.name))}")
    if skew := clock_words(services.clock.skew):
        say(f"igauth: {skew}")
    if failure is None:
        _save(services, profile, secret, verified=True)
        services.profile_store.confirm_secret(profile.name)
        put(app.name)
        has_token = bool(services.profile_store.tokens(profile.name))
        next_command = "igauth status --check" if has_token else f"igauth login --profile {profile.name}"
        say(f"Next: {next_command}")
        return 0
    if not failure.inconclusive:
        raise _not_saved(profile)
    _save(services, profile, secret)
    say(f"igauth: Facebook could not be asked. Try later: igauth add {profile.name} --verify")
    return COULD_NOT_ASK
