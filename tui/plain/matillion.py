"""The Matillion settings of one profile in plain mode: by number, the password tested before it is saved."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from tui.matillion.errors import MatillionError
from tui.plain.conversation import Conversation, PlainScreen
from tui.plain.talk import Act, Action, Menu
from tui.redact import Secret
from tui.wording import matillion as words
from tui.wording.counts import counted

_NONE = "-"
"""What is entered to remove a value."""
_CHOOSE = f"1 to {len(words.FORM_FIELDS) + 1}: change that value"


class MatillionTalk(PlainScreen):
    """Each value is saved when it is given. Nothing is changed in Matillion."""

    def __init__(self, session: Conversation) -> None:
        super().__init__(session)
        self._profile = session.required_profile.name
        self._service = session.services.matillion

    async def run(self) -> None:
        """Stay until the person goes back."""
        self._talk.say(words.FORM_ABOUT)
        if not self._service.target(self._profile).base_url:
            await self._talk.attempt(partial(self._change, *words.FORM_FIELDS[0]))
        actions = (Action("v", "verify", "test the connection", self._verify),)
        await self._talk.run(Menu("Matillion", self._describe, actions, self._values, _CHOOSE))

    async def _describe(self) -> None:
        target = self._service.target(self._profile)
        has_password = await asyncio.to_thread(self._service.has_password, self._profile)
        values = [(label, getattr(target, key) or "none") for key, label, _ in words.FORM_FIELDS]
        values.append(("Password", "stored, not shown" if has_password else "none"))
        lines = [f"{number}. {label}: {value}" for number, (label, value) in enumerate(values, 1)]
        self._talk.say("\n".join([f"{words.form_title(self._profile)}.", *lines]))

    def _values(self) -> Mapping[str, Act]:
        changes: list[Act] = [partial(self._change, *field) for field in words.FORM_FIELDS]
        return {str(number): act for number, act in enumerate([*changes, self._change_password], 1)}

    async def _change(self, key: str, label: str, hint: str) -> None:
        """Ask for a value until it can be one, and save it."""
        target = self._service.target(self._profile)
        current: str = getattr(target, key)
        question = f"{label}{f', {hint}' if hint else ''}{f' ({_NONE}: none)' if current else ''}"
        while True:
            typed = (await self._talk.ask(question, default=current)).strip()
            typed = typed.rstrip("/") if key == "base_url" else typed
            changes: dict[str, Any] = {key: "" if typed == _NONE else typed}
            try:
                await asyncio.to_thread(self._service.save, self._profile, replace(target, **changes))
            except MatillionError as error:
                self._talk.say_failure(error)
            else:
                self._talk.say("Saved.")
                return

    async def _change_password(self) -> None:
        await self._session.name_secret_store()
        password = Secret(await self._talk.ask("Password", echo="none", is_whole=True))
        self._talk.say(f"{counted(len(password), 'character')} arrived.")
        target = self._service.target(self._profile)
        if target.base_url and not await self._is_accepted(password):
            return
        await asyncio.to_thread(self._service.save, self._profile, target, password)
        self._talk.say("Saved.")
        if target.base_url:
            await self._verify()

    async def _is_accepted(self, password: Secret) -> bool:
        """Test a password before it takes the place of the stored one; tell whether it is to be saved."""
        self._talk.say(words.TESTING)
        try:
            await self._service.check_password(self._profile, self._service.target(self._profile), password)
        except MatillionError as error:
            self._talk.say_failure(error)
            return await self._talk.is_sure(words.SAVE_REFUSED)
        return True

    async def _verify(self) -> None:
        self._talk.say(words.connection(await self._service.test(self._profile)))
