"""What else a profile says about its logins, in plain mode: each by number, judged before it is saved."""

import asyncio
from functools import partial

from tui.plain.conversation import PlainScreen
from tui.plain.talk import Act, Menu
from tui.services.login_options import LoginOption, OptionFlaw, Options, fix_options
from tui.wording import profiles as words
from tui.wording.flaws import FIX_QUESTION
from tui.wording.login_options import (
    DEFAULT_ANSWER,
    option_flaw,
    option_help,
    option_line,
    option_preview,
    option_question,
)


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

        def judge(these: Options) -> tuple[OptionFlaw, ...]:
            return store.option_flaws(name, {}, these)

        options: Options | None = None
        while options is None:
            typed = await self._talk.ask(option_question(option), help=option_help(option), is_whole=True)
            options = {option: "" if typed.strip() == DEFAULT_ANSWER else typed}
            if flaws := judge(options):
                self._talk.say("\n".join(map(option_flaw, flaws)))
                options = await self._agreed(option, fix_options(options, judge))
        await asyncio.to_thread(store.save_values, name, {}, options)
        self._talk.say(words.saved(name).what)
        await self._describe()

    async def _agreed(self, option: LoginOption, fixed: Options | None) -> Options | None:
        """Return the fixed option where there is one and the person agrees."""
        if fixed is None:
            return None
        self._talk.say(option_preview(option, fixed[option]))
        return fixed if await self._talk.is_sure(FIX_QUESTION, default=True) else None
