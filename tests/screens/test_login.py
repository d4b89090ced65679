"""The login screen: every login method against the sandbox's own dialog, and nothing left when it closes."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from textual.widgets import Input, Static

from tests.conftest import MakeSandbox
from tests.screens.driving import NOON, Person, environment, opened, standing_clock
from tui.actions import ACTIONS, first_key
from tui.facebook import login as login_module
from tui.facebook.client import GraphClient
from tui.facebook.device import wait_for_device
from tui.facebook.errors import FacebookError
from tui.facebook.login_events import DeviceFailed
from tui.facebook.login_methods import Suggestion
from tui.facebook.models import DeviceCode, Issued
from tui.facebook.permissions import scope_flaws
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.screens.login import LoginScreen
from tui.screens.qr import QrScreen
from tui.services import Services
from tui.services.logins import Attempt
from tui.settings import Profile, SettingsStore, find_home
from tui.terminal.qr import BLANK
from tui.tokens.token import Token
from tui.vault.errors import Locked
from tui.wording.login import (
    ANOTHER_WAY,
    NAME_QUESTION,
    NEW_NAME_QUESTION,
    RENEWS_VALID,
    WHICH_PROFILE,
    WHICH_TOKEN,
    link_keys,
    new_name_question,
    suggestion_text,
)
from tui.wording.scopes import scope_flaw
from tui.wording.vault import vault_error

LARGE = (110, 44)
TOKENS = ("user_long",)


@pytest.fixture(autouse=True)
def own_port(own_home: Path) -> None:
    """A port that no test beside this one tries: a refused connection is then this app's."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    SettingsStore(find_home({"IGAUTH_HOME": str(own_home)}), {}).set_preference("login_port", port)


def attempt_of(person: Person) -> Attempt:
    screen = next(screen for screen in person.app.screen_stack if isinstance(screen, LoginScreen))
    assert screen._attempt is not None
    return screen._attempt


@asynccontextmanager
async def logging_in(
    sandbox: RunningSandbox,
    *,
    tokens: tuple[str, ...] = TOKENS,
    select: str = "",
    size: tuple[int, int] = LARGE,
    prepare: Callable[[Services], Awaitable[None] | None] | None = None,
) -> AsyncIterator[Person]:
    """The login screen with its login methods available."""
    async with opened(sandbox, tokens=tokens, size=size, prepare=prepare) as person:
        if select:
            await to_row(person, select)
            await person.press("l")
        else:
            await person.press("L")
            await person.wait_for(NEW_NAME_QUESTION)
            await person.press("enter")
        await person.wait_for(lambda: isinstance(person.screen, LoginScreen))
        await person.wait_for("copies this link")
        yield person


async def to_row(person: Person, name: str) -> None:
    for _ in range(12):
        if person.selected == name:
            return
        await person.press("down")
    raise AssertionError(f"{name} cannot be selected")


async def dialog(url: str, person: str = "dana", *, decision: str = "allow") -> str:
    """Walk the dialog as a browser does; return the address it ends at."""
    async with httpx.AsyncClient(trust_env=False, timeout=60) as browser:
        reply = await browser.get(f"{url}&as={person}&decision={decision}")
    assert reply.status_code == 302, reply.text
    location: str = reply.headers["location"]
    return location


async def visit(address: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(follow_redirects=True, trust_env=False, timeout=60) as browser:
        return await browser.get(address.partition("#")[0], headers=headers)


async def lands_on(person: Person, name: str) -> None:
    """The token is stored and selected on Tokens."""
    await person.wait_for(lambda: not isinstance(person.screen, LoginScreen))
    await person.wait_for(lambda: person.app.current_mode == "tokens" and person.selected == name)


async def is_refused(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return True
    writer.close()
    return False


# --- the link ------------------------------------------------------------------------------------------------------


async def test_a_browser_on_this_machine_is_offered(
    facebook: RunningSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / "xdg-open"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o700)
    for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    async with logging_in(facebook) as person:
        await person.wait_for(link_keys(person.app.session.surface(in_form=True), has_browser=True))
        await person.wait_for(suggestion_text(Suggestion.BROWSER_HERE))


async def test_the_link_is_shown_and_copied_byte_for_byte(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        url = attempt_of(person).offer.request.url
        assert url[:80] in person.text
        await person.press("ctrl+y")
        await person.wait_for(lambda: person.copied)
        assert person.copied == [url]
        fields = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert fields["client_id"] == facebook.app_id
        assert fields["redirect_uri"] == f"http://localhost:{attempt_of(person).offer.port}/"
        assert fields["state"] == attempt_of(person).offer.request.state.reveal()
        assert facebook.app_secret not in url


@pytest.mark.parametrize("keys", [("ctrl+g",), ("escape", "g")])
async def test_the_link_is_shown_as_qr_from_inside_a_field_and_outside(
    facebook: RunningSandbox, keys: tuple[str, ...]
) -> None:
    async with logging_in(facebook, size=(150, 90)) as person:
        await person.press(*keys)
        await person.wait_for(lambda: isinstance(person.screen, QrScreen))
        await person.wait_for(lambda: BLANK in str(person.screen.query_one("#qr", Static).content))
        await person.wait_for("login link: ")
        await person.press("escape")
        await person.wait_for(lambda: isinstance(person.screen, LoginScreen))


async def test_the_text_for_a_colleague_holds_the_link_and_no_secret(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        await person.press("escape", "h")
        await person.wait_for(lambda: person.copied)
        assert attempt_of(person).offer.request.url in person.copied[0]
        assert facebook.app_secret not in person.copied[0]
        assert facebook.world.client_token not in person.copied[0]


# --- the login methods --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [0, 80, 37])
async def test_a_pasted_address_gives_a_token_however_it_is_wrapped(facebook: RunningSandbox, width: int) -> None:
    async with logging_in(facebook) as person:
        address = await dialog(attempt_of(person).offer.request.url)
        pieces = [address[at : at + width] for at in range(0, len(address), width)] if width else [address]
        port = attempt_of(person).offer.port
        await person.paste("\r".join(pieces))
        await person.press("enter")
        await lands_on(person, "acme")
        token = person.stored("acme")
        assert (token.kind, token.profile, token.origin) == ("user", "acme", "login")
        assert token.expires_at is not None
        assert token.expires_at > person.services.clock.now() + 50 * 86_400
        assert [version.status for version in person.services.vault.tokens.versions("acme")] == ["current"]
        assert port is not None
        assert await is_refused(port)
        code = parse_qs(urlsplit(address).query)["code"][0]
        assert code not in person.text
        await person.wait_for(lambda: "Saved acme: valid, until" in person.notices)


async def test_the_browser_that_comes_back_to_the_listener_is_enough(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        address = await dialog(attempt_of(person).offer.request.url)
        page = await visit(address)
        assert page.status_code == 200
        assert page.url.path == "/done"
        await lands_on(person, "acme")
        assert person.services.vault.tokens.value("acme").reveal() not in person.text


async def test_the_short_local_link_leads_to_the_dialog(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        found = re.search(r"http://localhost:\d+/go/\S+", person.flat)
        assert found is not None
        async with httpx.AsyncClient(trust_env=False, timeout=60) as browser:
            reply = await browser.get(found[0])
        assert reply.headers["location"] == attempt_of(person).offer.request.url


@pytest.fixture
def quick_polls(facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Polls wait on the sandbox's clock instead of ours, and on the person, so that no code runs out meanwhile."""

    def answered() -> bool:
        return any(session.person or session.declined for session in facebook.state.devices.values())

    async def hurried(client: GraphClient, app_id: str, token: Secret, code: DeviceCode, **_: object) -> Issued:
        async def sleep(seconds: float) -> None:
            while not answered():
                await asyncio.sleep(0.01)
            facebook.clock.advance(seconds + 1)

        return await wait_for_device(client, app_id, token, code, sleep=sleep)

    monkeypatch.setattr(login_module, "wait_for_device", hurried)


async def user_code(person: Person) -> str:
    await person.wait_for("On any device, open")
    found = re.search(r"enter the code (\S+)", person.flat)
    assert found is not None
    return found[1]


@pytest.mark.usefixtures("quick_polls")
async def test_a_code_typed_in_on_another_device_is_enough(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        facebook.approve_device(await user_code(person), "dana")
        await lands_on(person, "acme")
        assert person.stored("acme").kind == "user"


@pytest.mark.usefixtures("quick_polls")
async def test_a_declined_device_code_leaves_the_other_login_methods(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        facebook.decline_device(await user_code(person))
        await person.wait_for("No code for other devices.")
        await person.paste(await dialog(attempt_of(person).offer.request.url))
        await person.press("enter")
        await lands_on(person, "acme")


async def test_advice_names_the_keys_that_work_where_the_focus_is(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        assert isinstance(person.screen, LoginScreen)
        person.screen._on_login_event(DeviceFailed(FacebookError("refused", code=3)))
        await person.wait_for("Follow the guide: press f6.")
        await person.press("escape")
        await person.wait_for("Follow the guide: press 1.")
        await person.press("tab")
        await person.wait_for("Follow the guide: press f6.")


async def test_no_notice_about_a_login_stays_after_it(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        await person.press("escape")
        await person.wait_for(lambda: "Shortcut keys are active." in person.notices)
        await person.press("escape")
        await person.wait_for(lambda: not isinstance(person.screen, LoginScreen))
        assert "Shortcut keys are active." not in person.notices


async def test_an_existing_token_is_used_and_never_shown(facebook: RunningSandbox) -> None:
    value = facebook.world.token("user_never").value
    async with logging_in(facebook) as person:
        await person.press("tab")
        await person.paste(value)
        assert value[:20] not in person.text
        await person.press("enter")
        await lands_on(person, "acme")
        assert person.services.vault.tokens.value("acme") == Secret(value)
        assert facebook.calls("dialog") == []


async def test_a_token_of_the_same_value_is_named(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        await person.press("tab")
        await person.paste(facebook.world.token("user_long").value)
        await person.press("enter")
        await person.wait_for(lambda: "the same value as user_long" in person.notices)


async def test_a_flawed_token_is_used_only_at_the_second_enter(facebook: RunningSandbox) -> None:
    value = facebook.world.token("user_never").value
    async with logging_in(facebook) as person:
        await person.press("tab")
        await person.paste(value + " ")
        await person.press("enter")
        await person.wait_for("Not used yet.")
        assert "acme" not in person.services.vault.tokens.names()
        await person.press("f3", "enter")
        await lands_on(person, "acme")
        assert person.services.vault.tokens.value("acme") == Secret(value)


async def test_an_expired_token_is_not_announced_as_a_login(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        await person.press("tab")
        await person.paste(facebook.world.token("user_expired").value)
        await person.press("enter")
        await person.wait_for("Saved acme, but it is expired")
        await person.wait_for(lambda: "Saved acme, but it is expired" in person.notices)
        assert isinstance(person.screen, LoginScreen)
        assert "Log in again: press" not in person.flat
        assert "Open a new login: press f4." in person.flat
        before = attempt_of(person)
        await person.press("escape", "a")
        await person.wait_for(lambda: attempt_of(person) is not before)


async def test_a_token_that_cannot_be_stored_is_explained(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def locked(_: Attempt) -> Token:
        raise Locked

    monkeypatch.setattr(Attempt, "finish", locked)
    async with logging_in(facebook) as person:
        await person.wait_for(vault_error(Locked()).what)


# --- refusals ------------------------------------------------------------------------------------------------------


async def test_another_logins_answer_is_refused_and_the_login_goes_on(
    facebook: RunningSandbox,
) -> None:
    async with logging_in(facebook) as person:
        address = await dialog(attempt_of(person).offer.request.url)
        state = attempt_of(person).offer.request.state.reveal()
        await person.paste(address.replace(state, "Z" * len(state)))
        await person.press("enter")
        await person.wait_for("Refused:")
        text = person.flat.split("Refused:", 1)[1]
        assert "another login" in text or "different login" in text
        assert facebook.calls("access_token") == []
        assert isinstance(person.screen, LoginScreen)
        await visit(address)
        await lands_on(person, "acme")


@pytest.mark.parametrize(
    ("text", "says"),
    [("https://www.facebook.com/connect/login_success.html", "Refused:"), ("hello", "Refused:"), (" ", "Refused:")],
)
async def test_a_text_that_is_no_answer_is_refused_without_a_call(
    facebook: RunningSandbox, text: str, says: str
) -> None:
    async with logging_in(facebook) as person:
        await person.paste(text)
        await person.press("enter")
        await person.wait_for(says)
        assert facebook.calls("access_token") == []
        port = attempt_of(person).offer.port
        assert port is not None
        assert not await is_refused(port)


async def test_requests_of_strangers_are_counted_and_shown(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        port = attempt_of(person).offer.port
        await visit(f"http://localhost:{port}/?code=AQforged&state=guessed")
        await person.wait_for("Ignored 1 request that")
        await visit(f"http://localhost:{port}/", host="evil.example")
        await person.wait_for("Ignored 2 requests that")
        await visit(await dialog(attempt_of(person).offer.request.url))
        await lands_on(person, "acme")


@pytest.mark.parametrize("by", ["browser", "paste"])
async def test_a_declined_dialog_is_explained_and_the_login_goes_on(facebook: RunningSandbox, by: str) -> None:
    async with logging_in(facebook) as person:
        refusal = await dialog(attempt_of(person).offer.request.url, decision="deny")
        if by == "browser":
            await visit(refusal)
            await person.wait_for(ANOTHER_WAY)
        else:
            await person.paste(refusal)
            await person.press("enter")
            await person.wait_for("Refused:")
        assert re.search(r"declin|denied|cancel|said no|not agree", person.flat, re.IGNORECASE)
        await visit(await dialog(attempt_of(person).offer.request.url))
        await lands_on(person, "acme")


async def test_a_refused_code_is_explained_and_a_new_login_offered(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        before = attempt_of(person)
        facebook.change_secret("0" * 32)
        await visit(await dialog(before.offer.request.url))
        await person.wait_for("Open a new login: press f4.")
        assert "App Secret" in person.flat
        assert "acme" not in person.services.vault.tokens.names()
        await person.press("escape", "a")
        await person.wait_for(lambda: attempt_of(person) is not before)
        assert attempt_of(person).offer.request.state != before.offer.request.state


async def test_a_used_code_has_one_next_step(facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    async def used(_: Attempt) -> Token:
        raise FacebookError("This authorization code has been used.", code=100, subcode=36009)

    monkeypatch.setattr(Attempt, "finish", used)
    async with logging_in(facebook) as person:
        await person.wait_for("Open a new login: press f4.")
        assert "press l" not in person.flat


# --- permissions ---------------------------------------------------------------------------------------------------


async def test_a_declined_permission_is_named_and_a_asks_again(
    make_sandbox: MakeSandbox, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    sandbox = make_sandbox("declined-permission")
    for name, value in environment(own_home, sandbox.graph_url).items():
        monkeypatch.setenv(name, value)
    async with logging_in(sandbox, tokens=()) as person:
        before = attempt_of(person)
        assert "auth_type" not in before.offer.request.url
        await visit(await dialog(before.offer.request.url, "lena"))
        await person.wait_for("Saved acme: valid")
        assert isinstance(person.screen, LoginScreen)
        assert "Not granted: instagram_manage_insights" in person.flat
        assert "Open a new login: press f4." in person.flat
        await person.press("escape", "a")
        await person.wait_for(lambda: attempt_of(person) is not before)
        again = attempt_of(person).offer.request.url
        assert parse_qs(urlsplit(again).query)["auth_type"] == ["rerequest"]
        await visit(await dialog(again, "lena"))
        await lands_on(person, "acme")
        assert "instagram_manage_insights" in person.stored("acme").scopes


# --- leaving, renewing, other kinds of app -------------------------------------------------------------------------


async def test_escape_twice_leaves_no_port_and_no_poll(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    polled = asyncio.Event()

    async def hurried(client: GraphClient, app_id: str, token: Secret, code: DeviceCode, **_: object) -> Issued:
        async def sleep(seconds: float) -> None:
            facebook.clock.advance(seconds + 1)
            await asyncio.sleep(0.01)
            polled.set()

        return await wait_for_device(client, app_id, token, code, sleep=sleep)

    monkeypatch.setattr(login_module, "wait_for_device", hurried)
    async with logging_in(facebook) as person:
        await person.wait_for(lambda: facebook.calls("device/login_status"))
        port = attempt_of(person).offer.port
        assert port is not None
        assert not await is_refused(port)
        await person.press("escape")
        await person.wait_for(lambda: "Shortcut keys are active" in str(person.notices))
        assert isinstance(person.screen, LoginScreen)
        assert not await is_refused(port)
        await person.press("escape")
        await person.wait_for(lambda: not isinstance(person.screen, LoginScreen))
        assert await is_refused(port)
        asked = len(facebook.calls("device/login_status"))
        polled.clear()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(polled.wait(), 0.5)
        assert len(facebook.calls("device/login_status")) == asked
        assert "acme" not in person.services.vault.tokens.names()


async def test_an_expired_token_is_renewed_under_its_name(facebook: RunningSandbox) -> None:
    async with logging_in(facebook, tokens=("user_expired",), select="user_expired") as person:
        assert "Renew token user_expired (profile acme, app " in person.flat
        before = person.services.vault.tokens.value("user_expired")
        await visit(await dialog(attempt_of(person).offer.request.url))
        await lands_on(person, "user_expired")
        assert list(person.services.vault.tokens.names()) == ["user_expired"]
        assert person.services.vault.tokens.value("user_expired") != before
        assert person.stored("user_expired").verdict == "valid"
        await person.wait_for("● valid user_exp")


async def test_n_gives_the_token_another_name(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        before = attempt_of(person)
        await person.press("escape", "n")
        await person.wait_for("Name of the token")
        person.screen.query_one(Input).value = ""
        await person.type("reports")
        await person.press("enter")
        await person.wait_for(lambda: attempt_of(person) is not before)
        await person.wait_for("New token reports (profile acme")
        await visit(await dialog(attempt_of(person).offer.request.url))
        await lands_on(person, "reports")


async def test_a_live_app_uses_facebooks_own_page_as_redirect(
    make_sandbox: MakeSandbox, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    sandbox = make_sandbox("live-app")
    for name, value in environment(own_home, sandbox.graph_url).items():
        monkeypatch.setenv(name, value)
    async with logging_in(sandbox, tokens=()) as person:
        before = attempt_of(person)
        assert before.offer.port is not None
        await person.press("escape", "m")
        await person.wait_for(lambda: attempt_of(person).offer.port is None)
        assert await is_refused(before.offer.port)
        assert attempt_of(person).offer.request.redirect_uri.endswith("/connect/login_success.html")
        await person.wait_for("login_success.html among the app's Valid OAuth Redirect URIs")
        await person.paste(await dialog(attempt_of(person).offer.request.url, "lena"))
        await person.press("enter")
        await lands_on(person, "acme")
        profile = person.services.settings.profile("acme")
        assert profile is not None
        assert not profile.development_mode


async def test_without_an_app_secret_no_login_is_opened(facebook: RunningSandbox) -> None:
    def only_app_id(services: Services) -> None:
        services.profile_store.save(Profile("acme", facebook.app_id))

    async with opened(facebook, is_seeded=False, size=LARGE, prepare=only_app_id) as person:
        await person.press("l")
        await person.wait_for("The login cannot be opened.")
        await person.wait_for("Profile acme has no App Secret.")
        assert facebook.calls() == []
        await person.press("escape", "escape")
        await person.wait_for(lambda: not isinstance(person.screen, LoginScreen))


async def test_the_time_left_counts_down(frozen_facebook: RunningSandbox) -> None:
    clock = standing_clock()
    async with opened(frozen_facebook, tokens=TOKENS, size=LARGE, clock=clock) as person:
        await person.press("l")
        await person.wait_for("15:00 left")
        clock.at = NOON + 61
        await person.wait_for("13:59 left")
        clock.at = NOON + 900
        await person.wait_for(", over.")


# --- on a small terminal -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (40, 15)])
async def test_what_to_do_first_stands_first_and_its_field_is_in_sight(
    facebook: RunningSandbox, size: tuple[int, int]
) -> None:
    async with logging_in(facebook, size=size) as person:
        screen = person.screen
        places = {
            name: screen.query_one(f"#{name}").region for name in ("heading", "first", "link", "answer", "others")
        }
        assert [*sorted(places, key=lambda name: places[name].y)] == [*places]
        body = screen.query_one("#login").region
        assert all(body.contains_region(places[name]) for name in ("heading", "first", "link"))
        assert body.contains_region(screen.query_one("#answer").query_one(Input).region)


async def test_the_device_qr_code_is_shown_where_the_links_is_too_big(
    facebook: RunningSandbox,
) -> None:
    async with logging_in(facebook, size=(80, 24)) as person:
        code = await user_code(person)
        await person.press("ctrl+g")
        await person.wait_for(lambda: isinstance(person.screen, QrScreen))
        assert "Too small" not in person.text
        assert f"compare {code}" in person.text


async def test_the_key_bar_shows_what_escape_does_now(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        assert "esc leave" in person.lines[-1]
        assert "h hand over" not in person.lines[-1]
        assert "log in" not in person.lines[-1]
        await person.press("escape")
        await person.wait_for(lambda: "esc back" in person.lines[-1])
        assert "h hand over" in person.lines[-1]
        assert "log in" not in person.lines[-1]


@pytest.mark.parametrize("size", [LARGE, (80, 24)])
async def test_a_qr_code_has_a_caption(facebook: RunningSandbox, size: tuple[int, int]) -> None:
    async with logging_in(facebook, size=size) as person:
        await user_code(person)
        await person.press("ctrl+g")
        await person.wait_for(lambda: isinstance(person.screen, QrScreen))
        if size == LARGE:
            await person.wait_for("login link: ")
        else:
            await person.wait_for(", not the link: compare ")


async def test_every_label_is_whole_at_40_columns(facebook: RunningSandbox) -> None:
    async with logging_in(facebook, size=(40, 15)) as person:
        await person.wait_for("Address the browser ended at, enter")


async def test_the_text_for_a_colleague_is_written_to_a_file(
    facebook: RunningSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with logging_in(facebook) as person:
        request = attempt_of(person).offer.request
        await person.press("escape", "w", "enter")
        file = tmp_path / f"igauth-login-{request.short_code}.txt"
        await person.wait_for(lambda: file.exists() and bool(file.read_text()))
        assert request.url in file.read_text().splitlines()
        assert file.stat().st_mode & 0o777 == 0o600


# --- which token ---------------------------------------------------------------------------------------------------


async def test_l_renews_the_selected_token_in_its_own_profile(facebook: RunningSandbox) -> None:
    async def of_second(services: Services) -> None:
        services.profile_store.save(Profile("second", facebook.world.app_id), Secret(facebook.world.app_secret))
        await services.keeper.adopt("two", "second", Secret(facebook.world.token("user_long").value), "import")

    async with logging_in(facebook, tokens=(), select="two", prepare=of_second) as person:
        offer = attempt_of(person).offer
        assert (offer.profile, offer.token_name) == ("second", "two")
        assert "Renew token two (profile second" in person.flat
        assert parse_qs(urlsplit(offer.request.url).query)["auth_type"] == ["reauthorize"]
        await person.wait_for(RENEWS_VALID.split(".")[0])
        await visit(await dialog(offer.request.url))
        await lands_on(person, "two")
        assert list(person.services.vault.tokens.names()) == ["two"]


async def test_a_new_token_is_for_the_profile_that_is_chosen(facebook: RunningSandbox) -> None:
    async def of_second(services: Services) -> None:
        services.profile_store.save(Profile("second", facebook.world.app_id), Secret(facebook.world.app_secret))
        await services.keeper.adopt("two", "second", Secret(facebook.world.token("user_long").value), "import")

    async with opened(facebook, tokens=("user_due",), prepare=of_second, size=LARGE) as person:
        await to_row(person, "two")
        await person.press("L")
        await person.wait_for(WHICH_PROFILE)
        await person.press("1")
        await person.wait_for(new_name_question("second"))
        await person.press("enter")
        await person.wait_for("copies this link")
        assert attempt_of(person).offer.profile == "second"


async def test_only_the_newest_refusal_is_shown(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        for text in ("nothing of use", "neither is this"):
            await person.paste(text)
            await person.press("enter")
        await person.wait_for("Refused")
        assert person.flat.count("Refused") == 1


async def test_scopes_that_the_dialog_refuses_are_named_before_it(facebook: RunningSandbox) -> None:
    def with_flawed_scopes(services: Services) -> None:
        profile = services.settings.profiles[0]
        services.profile_store.save(replace(profile, scopes=("instagram_business_basic", "Pages_Show_List")), None)

    async with logging_in(facebook, tokens=(), prepare=with_flawed_scopes) as person:
        for flaw in scope_flaws(("instagram_business_basic", "Pages_Show_List")):
            await person.wait_for(scope_flaw(flaw)[:40])


async def test_l_on_a_page_token_opens_no_login(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("page_never",)) as person:
        await to_row(person, "page_never")
        await person.press("l")
        await person.wait_for(lambda: "page_never is not one" in person.notices)
        assert not isinstance(person.screen, LoginScreen)


async def test_l_asks_which_of_several_tokens_is_meant(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("user_long", "user_due")) as person:
        await person.press("1", "l")
        await person.wait_for(WHICH_TOKEN)
        await person.press("2")
        await person.wait_for(lambda: isinstance(person.screen, LoginScreen))
        await person.wait_for("Renew token user_long")


async def test_a_new_tokens_name_is_checked_as_it_is_typed(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("user_long",)) as person:
        await person.press("L")
        await person.wait_for(NEW_NAME_QUESTION)
        for typed, complaint in (("Client Two", "client-two."), ("user_long", "user_long is taken")):
            person.screen.query_one(Input).value = ""
            await person.type(typed)
            await person.press("enter")
            await person.wait_for(complaint)
        person.screen.query_one(Input).value = ""
        await person.type("client-two")
        await person.press("enter")
        await person.wait_for("New token client-two")


async def test_every_key_of_the_login_works_inside_its_field(facebook: RunningSandbox) -> None:
    async with logging_in(facebook) as person:
        assert isinstance(person.app.focused, Input)
        for action in (action for action in ACTIONS if action.scope == "login"):
            assert first_key(action, in_form=True, keymap={}), action.id
        await person.press("f10")
        await person.wait_for(lambda: any(attempt_of(person).offer.request.url in text for text in person.copied))
        before = attempt_of(person)
        await person.press("f4")
        await person.wait_for(lambda: attempt_of(person) is not before)
        await person.press("ctrl+n")
        await person.wait_for(NAME_QUESTION)
