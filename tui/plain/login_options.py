"""What else a profile says about its logins, in plain mode: each by number, judged before it is saved."""

import asyncio
from functools import partial

from tui.plain.conversation import PlainScreen
from tui.plain.talk import Act, Menu
from tui.services.login_options import LoginOption
from tui.wording import profiles as words
from tui.wording.login_options import DEFAULT_ANSWER, option_flaw, option_help, option_line, option_question


class LoginOptionsTalk(PlainScreen):
    """The options of the current profile; each is stored when it is given."""

    async def run(self) -> None:
        """Stay until the person goes back."""
        await self._talk.run(Menu("More settings", self._describe, (), self._options, "1 to 4: change that setting"))

    async def _describe(self) -> None:
        profile, settings = self._session.required_profile, self._services.settings
        lines = [f"{number}. {option_line(option, profile, settings)}" for number, option in enumerate(LoginOption, 1)]
        self._talk.say("\n".join(lines))

    def _options(self) -> dict[str, Act]:
        return {str(number): partial(self._change, option) for number, option in enumerate(LoginOption, 1)}

    async def _change(self, option: LoginOption) -> None:
        store, name = self._services.profile_store, self._session.required_profile.name
        while True:
            typed = await self._talk.ask(option_question(option), help=option_help(option), is_whole=True)
            options = {option: "" if typed.strip() == DEFAULT_ANSWER else typed}
            flaws = store.option_flaws(name, {}, options)
            if not flaws:
                break
            for flaw in flaws:
                self._talk.say(option_flaw(flaw))
        await asyncio.to_thread(store.save_values, name, {}, options)
        self._talk.say(words.saved(name).what)
        await self._describe()
