"""Credentials, plainly: the fields of one profile by number, flaws named and mended, verified with Facebook."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.credentials import Field
from tui.plain.login import log_in
from tui.plain.talk import LEAVE, Act, Action, Menu
from tui.plain.values import ask_value, print_value
from tui.redact import Secret
from tui.settings import Profile
from tui.wording.facebook import clock_words
from tui.wording.failures import failure_sentences
from tui.wording.flaws import TITLES
from tui.wording.surfaces import PlainMenu

if TYPE_CHECKING:
    from tui.plain.conversation import Conversation

_FIELDS: tuple[Field, ...] = ("app_id", "app_secret", "callback_url", "client_token")


class CredentialsTalk:
    """One profile at a time; each value is stored as soon as it was given."""

    def __init__(self, session: "Conversation") -> None:
        self._session = session
        self._talk = session.talk
        self._desk = session.services.profile_desk

    async def run(self) -> None:
        """Stay until the person goes back."""
        if self._session.profile is None:
            self._talk.say("There is no profile yet: first its name, then App ID, App Secret and callback URL.")
            await self._new()
        await self._talk.run(
            Menu("Credentials", self._describe, self._actions(), self._pick, "1 to 4: change that field")
        )

    def _actions(self) -> tuple[Action, ...]:
        return (
            Action("v", "verify", "ask Facebook whether App ID and App Secret belong together", self._verify),
            Action("c", "copy", "print a value alone on its line", self._copy),
            Action("p", "profile", "choose another profile", self._choose),
            Action("n", "new", "make a new profile", self._new),
            Action("e", "rename", "give this profile another name", self._rename),
            Action("d", "duplicate", "copy this profile", self._duplicate),
            Action("x", "delete", "delete this profile (asks first)", self._delete),
            Action("u", "undo", "bring back the App Secret from before", self._restore),
            Action("l", "login", "log in to Facebook for a token", lambda: log_in(self._session)),
        )

    # --- what stands -------------------------------------------------------------------------------------------

    async def _describe(self) -> None:
        profile = self._session.profile
        if profile is None:
            self._talk.say("There is no profile yet. n makes one.")
            return
        name = profile.name
        has_secret = await asyncio.to_thread(self._desk.app_secret, name) is not None
        has_token = await asyncio.to_thread(self._desk.client_token, name) is not None
        names = [known.name for known in self._session.services.profiles]
        self._talk.say(
            f"Profile {name}, {names.index(name) + 1} of {len(names)}.\n"
            f"1. App ID: {profile.app_id or 'none yet'}\n"
            f"2. App Secret: {'stored, not shown' if has_secret else 'none yet'}\n"
            f"3. Callback URL: {profile.callback_url or 'none yet'}\n"
            f"4. Client token: {'stored, not shown' if has_token else 'none, optional'}"
        )

    def _pick(self, answer: str) -> Act | None:
        if answer not in ("1", "2", "3", "4"):
            return None
        return lambda: self._change(_FIELDS[int(answer) - 1])

    # --- changing ----------------------------------------------------------------------------------------------

    async def _change(self, field: Field) -> None:
        profile = self._session.profile
        if profile is None:
            self._talk.say("There is no profile yet. n makes one.")
            return
        text = await ask_value(self._talk, field, _context(profile))
        await self._store(profile, {field: text})
        self._talk.say(f"Stored: {TITLES[field]} of {profile.name}. v verifies it with Facebook.")

    async def _new(self) -> None:
        name = await self._free_name("Name of the new profile, such as acme")
        profile, given = Profile(name), dict[Field, str]()
        for field in _FIELDS[:3]:
            given[field] = await ask_value(self._talk, field, given)
        if await self._talk.is_sure("Do you have a client token, for login by device code? It is optional."):
            given["client_token"] = await ask_value(self._talk, "client_token", given)
        await self._store(profile, given)
        self._session.profile_name = name
        self._talk.say(f"Stored: profile {name}. v verifies it with Facebook.")

    async def _store(self, profile: Profile, given: dict[Field, str]) -> None:
        if "app_secret" in given or "client_token" in given:
            await self._session.name_secret_store()
        changed = replace(
            profile,
            app_id=given.get("app_id", profile.app_id),
            callback_url=given.get("callback_url", profile.callback_url),
        )
        secret, token = given.get("app_secret"), given.get("client_token")
        await asyncio.to_thread(
            self._desk.save,
            changed,
            None if secret is None else Secret(secret),
            None if token is None else Secret(token),
        )

    async def _restore(self) -> None:
        if await asyncio.to_thread(self._desk.restore_secret, self._session.profile_name):
            self._talk.say("The App Secret from before is back.")
        else:
            self._talk.say("There is no App Secret from before.")

    # --- verifying ---------------------------------------------------------------------------------------------

    async def _verify(self) -> None:
        from tui.facebook.errors import FacebookError

        name = self._session.profile_name
        app = await asyncio.to_thread(self._desk.credentials, name)
        self._talk.say("Asking Facebook ...")
        try:
            info = await self._desk.verify(app, name)
        except FacebookError as error:
            self._talk.say(failure_sentences(error, PlainMenu(), "verify") or "")
            return
        finally:
            if words := clock_words(self._session.services.clock.skew):
                self._talk.say(words)
        await asyncio.to_thread(self._desk.confirm_secret, name)
        self._talk.say(
            f"Facebook knows this app as {info.name}, App ID {info.app_id}: ID and Secret fit. l logs in next."
        )
        guide = self._session.services.guide_desk
        state = await asyncio.to_thread(guide.state, name)
        await guide.check(state, ("app_credentials", "app_name"), lambda _: None)

    # --- giving out --------------------------------------------------------------------------------------------

    async def _copy(self) -> None:
        profile = self._session.profile
        if profile is None:
            self._talk.say("There is no profile yet. n makes one.")
            return
        name = profile.name
        values: tuple[tuple[str, Callable[[], Secret | str | None]], ...] = (
            ("callback URL", lambda: profile.callback_url),
            ("App ID", lambda: profile.app_id),
            ("App Secret", lambda: self._desk.app_secret(name)),
            ("client token", lambda: self._desk.client_token(name)),
        )
        place = await self._talk.choose("Print which", [label for label, _ in values])
        await print_value(self._session, *values[place])

    # --- several profiles --------------------------------------------------------------------------------------

    async def _choose(self) -> None:
        names = [profile.name for profile in self._session.services.profiles]
        if len(names) < 2:
            self._talk.say("There is no other profile. n makes one.")
            return
        self._session.profile_name = names[await self._talk.choose("Which profile", names)]
        await self._describe()

    async def _free_name(self, question: str) -> str:
        while True:
            name = (await self._talk.ask(question)).strip()
            if self._session.services.profile(name) is None:
                return name
            self._talk.say(f"There is a profile {name} already. Choose another name.")

    async def _rename(self) -> None:
        await self._under_new_name("New name of this profile", self._desk.rename, is_followed=True)

    async def _duplicate(self) -> None:
        await self._under_new_name("Name of the copy", self._desk.duplicate, is_followed=False)

    async def _under_new_name(self, question: str, act: Callable[[str, str], None], *, is_followed: bool) -> None:
        if self._session.profile is None:
            self._talk.say("There is no profile yet. n makes one.")
            return
        name = await self._free_name(question)
        await asyncio.to_thread(act, self._session.profile_name, name)
        self._session.profile_name = name if is_followed else self._session.profile_name
        self._talk.say(f"Done: {name}.")

    async def _delete(self) -> object:
        name = self._session.profile_name
        if self._session.profile is None:
            return LEAVE
        names = await asyncio.to_thread(self._desk.tokens, name)
        tokens = f" Its tokens go too: {', '.join(names)}." if names else ""
        if not await self._talk.is_sure(f"Delete profile {name} with its secrets and progress?{tokens}"):
            return None
        await asyncio.to_thread(self._desk.remove, name)
        first = self._session.services.default_profile
        self._session.profile_name = first.name if first is not None else ""
        self._talk.say(f"Profile {name} is gone.")
        return LEAVE


def _context(profile: Profile) -> dict[Field, str]:
    known: dict[Field, str] = {"app_id": profile.app_id, "callback_url": profile.callback_url}
    return {field: text for field, text in known.items() if text}
