"""Credentials in plain mode: the fields of one profile by number, flaws named and fixed, verified with Facebook."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from tui.credentials.flaws import SECRETS, Field
from tui.defaults import META_FOR_DEVELOPERS
from tui.plain.conversation import Conversation, PlainScreen
from tui.plain.login_options import LoginOptionsTalk
from tui.plain.talk import LEAVE, Act, Action, Menu
from tui.plain.values import ask_value, print_value
from tui.wording import profiles as words
from tui.wording.app import NO_PROFILE
from tui.wording.facebook import clock_words
from tui.wording.flaws import titled

_FIELDS: tuple[Field, ...] = ("app_id", "app_secret", "callback_url", "client_token")


class CredentialsTalk(PlainScreen):
    """One profile at a time; each value is stored when it is given."""

    def __init__(self, session: Conversation) -> None:
        super().__init__(session)
        self._service = session.services.profile_store

    async def run(self) -> None:
        """Stay until the person goes back."""
        if self._session.profile is None:
            self._talk.say(f"{NO_PROFILE.what} Enter its name first, then App ID, App Secret and callback URL.")
            await self._new()
        actions = (
            Action("v", "verify", "ask Facebook whether App ID and App Secret belong together", self._verify),
            Action("c", "copy", "print a value alone on its line", self._copy),
            Action("m", "more", "configuration, scopes, redirect address and API version", self._more),
            Action("/", "profile", "go to another profile", self._choose),
            Action("n", "new", "make a new profile", self._new),
            Action("e", "rename", "give this profile another name", self._rename),
            Action("d", "duplicate", "copy this profile", self._duplicate),
            Action("x", "delete", "delete this profile (asks first)", self._delete),
            Action("u", "undo", "restore the earlier App Secret", self._restore),
            Action("V", "verify-all", "verify every profile with Facebook", self._verify_all),
            Action("o", "open", "open Meta for Developers in a browser on this machine", self._open_meta),
        )
        await self._talk.run(Menu("Credentials", self._describe, actions, self._fields, "1 to 4: change that field"))

    # --- what is stored ----------------------------------------------------------------------------------------

    async def _describe(self) -> None:
        name = self._session.required_profile.name
        names = [known.name for known in self._services.settings.profiles]
        lines = [f"Profile {name}, {names.index(name) + 1} of {len(names)}."]
        for number, field in enumerate(_FIELDS, 1):
            if field not in SECRETS:
                shown = str(await asyncio.to_thread(self._service.value, name, field) or "none")
            else:
                shown = "stored, not shown" if await asyncio.to_thread(self._service.has_value, name, field) else "none"
            lines.append(f"{number}. {titled(field)}: {shown}")
        self._talk.say("\n".join(lines))

    def _fields(self) -> dict[str, Act]:
        return {str(number): partial(self._change, field) for number, field in enumerate(_FIELDS, 1)}

    # --- changing ----------------------------------------------------------------------------------------------

    async def _change(self, field: Field) -> None:
        profile = self._session.required_profile
        known: dict[Field, str] = {"app_id": profile.app_id, "callback_url": profile.callback_url}
        text = await ask_value(self._talk, field, {other: value for other, value in known.items() if value})
        await self._save(profile.name, {field: text})

    async def _more(self) -> None:
        await LoginOptionsTalk(self._session).run()

    async def _new(self) -> None:
        name = await self._free_name("Name of the new profile, such as acme")
        given: dict[Field, str] = {}
        for field in _FIELDS[:3]:
            given[field] = await ask_value(self._talk, field, given)
        if await self._talk.is_sure("Do you have a client token, for login by device code? It is optional."):
            given["client_token"] = await ask_value(self._talk, "client_token", given)
        await self._save(name, given)
        self._session.profile_name = name

    async def _save(self, name: str, values: Mapping[Field, str]) -> None:
        if "app_secret" in values or "client_token" in values:
            await self._session.name_secret_store()
        await asyncio.to_thread(self._service.save_values, name, values)
        self._talk.say(words.saved(name))

    async def _restore(self) -> None:
        is_restored = await asyncio.to_thread(self._service.restore_secret, self._session.profile_name)
        self._talk.say(words.restored(is_restored))

    # --- verifying ---------------------------------------------------------------------------------------------

    async def _verify(self) -> None:
        await self._verify_profile(self._session.required_profile.name)

    async def _verify_all(self) -> None:
        for profile in self._services.settings.profiles:
            self._talk.say(f"Profile {profile.name}:")
            await self._talk.attempt(partial(self._verify_profile, profile.name))

    async def _verify_profile(self, name: str) -> None:
        from tui.facebook.errors import FacebookError

        app = await asyncio.to_thread(self._service.credentials, name)
        self._talk.say("Asking Facebook ...")
        try:
            info = await self._service.verify(app, name)
        except FacebookError as error:
            self._talk.say_failure(error, "verify")
            return
        finally:
            if clock := clock_words(self._services.clock.skew):
                self._talk.say(clock)
        await asyncio.to_thread(self._service.confirm_secret, name)
        self._talk.say(words.verified(info))
        await self._services.guide.prove_credentials(name)

    async def _open_meta(self) -> None:
        await self._open_in_browser(META_FOR_DEVELOPERS)

    async def _copy(self) -> None:
        name = self._session.required_profile.name
        field = await self._talk.choose("Print which", {titled(field): field for field in _FIELDS})
        await print_value(self._talk, titled(field), await asyncio.to_thread(self._service.value, name, field))

    # --- several profiles --------------------------------------------------------------------------------------

    async def _choose(self) -> None:
        names = [profile.name for profile in self._services.settings.profiles]
        place = names.index(self._session.required_profile.name)
        others = [*names[place + 1 :], *names[:place]]
        if not others:
            self._talk.say(f"{words.NO_OTHER_PROFILE} n makes one.")
            return
        self._session.profile_name = await self._talk.choose("Which profile", {name: name for name in others})
        await self._describe()

    async def _free_name(self, question: str) -> str:
        return await self._talk.ask_name(question, [known.name for known in self._services.settings.profiles])

    async def _rename(self) -> None:
        self._session.profile_name = await self._with_new_name("New name of this profile", self._service.rename)

    async def _duplicate(self) -> None:
        await self._with_new_name("Name of the copy", self._service.duplicate)

    async def _with_new_name(self, question: str, act: Callable[[str, str], None]) -> str:
        """Ask for a free name, act with it and return it."""
        profile, name = self._session.required_profile.name, await self._free_name(question)
        await asyncio.to_thread(act, profile, name)
        self._talk.say(words.saved(name))
        return name

    async def _delete(self) -> object:
        name = self._session.profile_name
        removal = words.removal(await asyncio.to_thread(self._service.tokens, name))
        if not await self._talk.is_sure(f"Delete profile {name}? {removal}"):
            return None
        await asyncio.to_thread(self._service.remove, name)
        first = self._services.default_profile
        self._session.profile_name = first.name if first is not None else ""
        self._talk.say(f"Profile {name} is deleted.")
        return LEAVE
