"""`igauth add`: adds or changes a profile without the full-screen view."""

from dataclasses import replace

import click

from tui.commands.flawed import agrees_to_fix, without_flaws
from tui.commands.options import NAME, passphrase_option
from tui.commands.pipe import put, read_value, say
from tui.commands.running import open_command, run_work
from tui.commands.secret_store import choose_secret_store, store_option
from tui.credentials.flaws import Field, Severity
from tui.likely import suggestion
from tui.process import Refused
from tui.redact import Secret
from tui.services import Services
from tui.services.login_options import LoginOption, OptionFlaw, Options, fix_options
from tui.settings import Profile
from tui.vault.choice import BackendName
from tui.wording.commands import command_text
from tui.wording.flaws import SEVERITIES, titled
from tui.wording.login_options import option_flaw, option_line, option_preview, option_title

COULD_NOT_ASK = 3
_FLAGS = {
    LoginOption.CONFIG_ID: "--config-id",
    LoginOption.SCOPES: "--scope",
    LoginOption.REDIRECT_URI: "--redirect",
    LoginOption.API_VERSION: "--api-version",
}


@click.command()
@click.argument("name", type=NAME)
@click.option("--app-id", help="App ID of the registered Facebook app. Required for a new profile.")
@click.option("--callback", help="Callback URL, as Matillion's Manage OAuth dialog shows it.")
@click.option("--config-id", help="Configuration ID of Facebook Login for Business, used instead of the scopes.")
@click.option("--scope", "scopes", multiple=True, help="Scope that a login asks for. Repeat it, or separate by commas.")
@click.option("--redirect", help="Redirect address of igauth's own login: http://localhost:PORT/ or Meta's page.")
@click.option("--api-version", help="Graph API version of this profile, such as v26.0.")
@click.option(
    "--client-token",
    is_flag=True,
    help="Read the client token, which login --device needs, instead of the App Secret.",
)
@click.option("--verify", is_flag=True, help="Check the values with Facebook first, and print the app's name.")
@store_option
@passphrase_option(stdin_is_free=False)
def add(
    name: str,
    app_id: str | None,
    callback: str | None,
    config_id: str | None,
    scopes: tuple[str, ...],
    redirect: str | None,
    api_version: str | None,
    client_token: bool,
    verify: bool,
    store: BackendName | None,
) -> int:
    """Add or change a profile.

    The App Secret comes from stdin or a hidden prompt, never from an argument. For a profile that has one,
    empty input keeps it. A value with an error is not saved. On a terminal it is fixed, where that is possible and
    you agree; `igauth check --field app_secret` shows how to fix it.

    An empty --callback, --config-id, --scope, --redirect or --api-version sets it back to its default.
    """
    given_options = {
        LoginOption.CONFIG_ID: config_id,
        LoginOption.SCOPES: ",".join(scopes) if scopes else None,
        LoginOption.REDIRECT_URI: redirect,
        LoginOption.API_VERSION: api_version,
    }
    options: Options = {option: text for option, text in given_options.items() if text is not None}
    if client_token:
        _refuse_beside_client_token(app_id, callback, options, verify)
    services = open_command()
    before = services.settings.profile(name)
    if app_id is None and before is None:
        meant = suggestion(name, [known.name for known in services.settings.profiles])
        raise click.UsageError(command_text("add", "unknown", name=name, meant=meant))
    given: dict[Field, str | None] = {"app_id": app_id, "callback_url": callback}
    values = {field: text for field, text in given.items() if text is not None}
    profile = before or Profile(name)
    secret_of = values.get("app_id", profile.app_id)
    field: Field = "client_token" if client_token else "app_secret"
    text = read_value(f"{titled(field)} of {secret_of}")
    if client_token and not text:
        raise _not_saved(name, command_text("add", "no_client_token"))
    stored = services.profile_store.app_secret(name) if not text and secret_of == profile.app_id else None
    if not stored:
        values[field] = text
    values, options = _checked(services, profile, values, options)
    if {"app_secret", "client_token"} & values.keys():
        choose_secret_store(services, store)
    if verify:
        secret = stored or Secret(values[field])
        return run_work(services, lambda: _verify_and_save(services, name, values, options, secret))
    _save(services, name, values, options)
    say(command_text("add", "next_device" if client_token else "next_unverified", name=name))
    return 0


def _refuse_beside_client_token(app_id: str | None, callback: str | None, options: Options, verify: bool) -> None:
    given = {"--app-id": app_id is not None, "--callback": callback is not None, "--verify": verify}
    given |= {flag: option in options for option, flag in _FLAGS.items()}
    if any(given.values()):
        unfit = ", ".join(flag for flag, is_given in given.items() if is_given)
        raise click.UsageError(f"--client-token cannot be combined with {unfit}.")


def _not_saved(name: str, reason: str) -> Refused:
    return Refused(command_text("add", "not_saved", name=name, reason=reason))


def _checked(
    services: Services, profile: Profile, values: dict[Field, str], options: Options
) -> tuple[dict[Field, str], Options]:
    """Print every flaw of values and options, and return them as they may be saved. Raises Refused where not."""

    def judge(these: Options) -> tuple[OptionFlaw, ...]:
        return services.profile_store.option_flaws(profile.name, values, these)

    for flaw in judge(options):
        say(f"{option_title(flaw.option)}: {SEVERITIES[Severity.BLOCKS]}: {option_flaw(flaw)}")
    fixed = fix_options(options, judge)
    known: dict[Field, str] = {"app_id": profile.app_id, "callback_url": profile.callback_url}
    # an empty callback removes it
    given = {field: text for field, text in values.items() if text or field != "callback_url"}
    sound = without_flaws(given, known, asks=fixed is not None)
    if sound is None or fixed is None or not _agrees(options, fixed):
        raise _not_saved(profile.name, command_text("add", "flawed"))
    return {**values, **sound}, fixed


def _agrees(options: Options, fixed: Options) -> bool:
    """Ask about each option that would be fixed; tell whether every answer is yes."""
    return all(text == options[option] or agrees_to_fix(option_preview(option, text)) for option, text in fixed.items())


def _save(services: Services, name: str, values: dict[Field, str], options: Options) -> None:
    services.profile_store.save_values(name, values, options)
    say(command_text("add", "saved", name=name))
    for option in options:
        say(option_line(option, services.settings.profile(name) or Profile(name), services.settings))


async def _verify_and_save(
    services: Services, name: str, values: dict[Field, str], options: Options, secret: Secret
) -> int:
    import asyncio

    from tui.facebook.errors import FacebookError
    from tui.facebook.models import AppCredentials
    from tui.facebook.remedies import refusal_of
    from tui.wording.facebook import clock_words, facebook_text
    from tui.wording.surfaces import CommandLine, sentences
    from tui.wording.text import Action, Do

    store, known = services.profile_store, services.settings.profile(name) or Profile(name)
    try:
        app = await store.verify(AppCredentials(values.get("app_id", known.app_id), secret), name, options)
    except FacebookError as error:
        text = facebook_text(error, Action(Do.VERIFY_PROFILE, name), "verify")
        if not error.inconclusive and refusal_of(error) is None:  # neither says anything of the values
            text = replace(text, next=Action(Do.ADD_PROFILE, name))
            raise _not_saved(name, sentences(text, CommandLine())) from None
        await asyncio.to_thread(_save, services, name, values, options)
        say(f"igauth: {sentences(text, CommandLine())}")
        return COULD_NOT_ASK
    finally:
        if skew := clock_words(services.clock.skew):
            say(f"igauth: {skew}")
    await asyncio.to_thread(_save, services, name, values, options)
    await asyncio.to_thread(store.confirm_secret, name)
    put(app.name)
    say(command_text("add", "next_check" if store.tokens(name) else "next_login", name=name))
    return 0
