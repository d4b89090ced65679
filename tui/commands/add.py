"""`igauth add`: make or change a profile without the full-screen view."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from tui.commands.names import profile_named
from tui.commands.options import NAME
from tui.commands.pipe import put, read_value, say
from tui.commands.running import open_command, run_work, say_where_secrets_go
from tui.redact import Secret
from tui.settings import Profile

if TYPE_CHECKING:
    from tui.credentials import Field
    from tui.services import Services

SAVED, NOT_SAVED, COULD_NOT_ASK = 0, 1, 3


@click.command()
@click.argument("name", type=NAME)
@click.option("--app-id", help="App ID of the registered Facebook app; needed for a new profile.")
@click.option("--callback", help="Callback URL, as Matillion's Manage OAuth dialog shows it.")
@click.option(
    "--client-token",
    is_flag=True,
    help="Take the client token, which login --device needs, from stdin or a hidden prompt in place of the App Secret.",
)
@click.option("--verify", is_flag=True, help="Ask Facebook first, and print the app's own name.")
def add(name: str, app_id: str | None, callback: str | None, client_token: bool, verify: bool) -> int:
    """Make or change a profile.

    The App Secret comes from stdin or a hidden prompt, never from an argument. For a profile that has one,
    empty input keeps it. A value with an error is not saved: `igauth check --field app_secret` shows how to fix it.
    """
    if client_token and (app_id is not None or callback is not None or verify):
        raise click.UsageError("--client-token changes nothing else: leave --app-id, --callback and --verify away.")
    services = open_command()
    before = services.profile(name)
    if client_token:
        return _take_client_token(services, profile_named(services, name))
    if app_id is None and before is None:
        from tui.likely import suggestion

        meant = suggestion(name, [known.name for known in services.profiles])
        raise click.UsageError(f"There is no profile named {name}, and a new one needs --app-id.{meant}")
    before = before or Profile(name)
    profile = replace(
        before,
        app_id=before.app_id if app_id is None else app_id,
        callback_url=before.callback_url if callback is None else callback,
    )
    text = read_value(f"App Secret of {profile.app_id}")
    kept = services.profile_desk.app_secret(name) if not text and profile.app_id == before.app_id else None
    given: dict[Field, str | None] = {
        "app_id": app_id,
        "app_secret": None if kept else text,
        "callback_url": callback or None,
    }
    if not _clean({field: value for field, value in given.items() if value is not None}, profile):
        say(f"igauth: profile {name} was not saved. Fix what is named above, then run the same command again.")
        return NOT_SAVED
    if not verify:
        _save(services, profile, None if kept else Secret(text))
        say(
            f"Next: igauth add {name} --verify asks Facebook (an empty App Secret keeps this one), then"
            f" igauth login --profile {name} gets a token."
        )
        return SAVED
    return run_work(services, lambda: _verify_and_save(services, profile, kept or Secret(text)))


def _take_client_token(services: "Services", profile: Profile) -> int:
    """Read the client token and save it with the profile; everything else stays as it is."""
    text = read_value(f"Client token of {profile.app_id}")
    if not text:
        say(f"igauth: no client token came in. Profile {profile.name} was not saved.")
        return NOT_SAVED
    if not _clean({"client_token": text}, profile):
        say(f"igauth: profile {profile.name} was not saved. Fix what is named above, then run the same command again.")
        return NOT_SAVED
    say_where_secrets_go(services)
    services.profile_desk.save(profile, client_token=Secret(text))
    say(f"The client token of {profile.name} is saved. Next: igauth login --profile {profile.name} --device")
    return SAVED


def _clean(given: "dict[Field, str]", profile: Profile) -> bool:
    """Print every flaw of the values on stderr; tell whether they may be saved."""
    from tui.credentials import inspect, is_clean
    from tui.wording.flaws import flaw_lines, titled

    known: dict[Field, str] = {"app_id": profile.app_id, "callback_url": profile.callback_url, **given}
    clean = True
    for field, text in given.items():
        context = {other: value for other, value in known.items() if other != field and value}
        flaws = inspect(field, text, context)
        clean = clean and is_clean(flaws)
        for line in flaw_lines(field, flaws, prefix=f"{titled(field)}: "):
            say(line)
    return clean


def _save(services: "Services", profile: Profile, secret: Secret | None, *, verified: bool = False) -> None:
    if secret is not None:
        say_where_secrets_go(services)
    services.profile_desk.save(profile, secret, verified=verified)
    say(f"Profile {profile.name} is saved.")


async def _verify_and_save(services: "Services", profile: Profile, secret: Secret) -> int:
    from tui.commands.failure import words_of
    from tui.facebook.errors import FacebookError
    from tui.facebook.models import AppCredentials
    from tui.wording.text import Action, Do

    try:
        app = await services.profile_desk.verify(AppCredentials(profile.app_id, secret), profile.name)
    except FacebookError as error:
        say(f"igauth: {words_of(error, 'verify', Action(Do.CHECK_CREDENTIALS, profile.name))}")
        _say_skew(services)
        if not error.inconclusive:
            say(f"igauth: profile {profile.name} was not saved.")
            return NOT_SAVED
        _save(services, profile, secret)
        say(f"igauth: Facebook could not be asked. Run later: igauth add {profile.name} --verify")
        return COULD_NOT_ASK
    _save(services, profile, secret, verified=True)
    services.profile_desk.confirm_secret(profile.name)
    _say_skew(services)
    put(app.name)
    say(f"Next: {_after_proof(services, profile.name)}")
    return SAVED


def _after_proof(services: "Services", name: str) -> str:
    if any(token.profile == name for token in services.tokens()):
        return "igauth status --check asks about its tokens with these credentials."
    return f"igauth login --profile {name} gets a token."


def _say_skew(services: "Services") -> None:
    from tui.wording.facebook import clock_words

    if words := clock_words(services.clock.skew):
        say(f"igauth: {words}")
