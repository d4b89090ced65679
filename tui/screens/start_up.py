"""What follows the first paint: where secrets are kept, what the vault reports, which reminder is due."""

import asyncio
import os
from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.app import App

from tui.actions import bound_keymap, offered_keymap
from tui.screens.unlocking import ScreenWait
from tui.session import Session
from tui.vault.errors import SecretsUnavailable, StoreUndecided

if TYPE_CHECKING:
    from tui.terminal.queries import TerminalQueries


def notify_settings(app: App[Any], session: Session) -> None:
    """Change the keys that `config.toml` changes, and show what is wrong in it."""
    settings = session.services.settings
    if not (settings.keymap or settings.unknown_keys or settings.ignored):
        return
    from tui.screens.keymap import keymap_problems
    from tui.wording.settings import ignored_keys, keymap_problem, unknown_key
    from tui.wording.surfaces import sentences

    app.set_keymap(bound_keymap(session.keymap))
    texts = [f"config.toml: {keymap_problem(problem)}" for problem in keymap_problems(settings.keymap)]
    if settings.ignored:
        texts.append(sentences(ignored_keys(settings.ignored), session.surface()))
    for text in (*texts, *map(unknown_key, settings.unknown_keys)):
        app.notify(text, severity="warning", markup=False, timeout=15)


async def offer_keys_that_arrive(app: App[Any], session: Session, queries: "TerminalQueries") -> None:
    """Name other keys on every screen where tmux, byobu, Emacs or a browser takes the usual ones."""
    from tui.terminal.ancestors import ancestors
    from tui.terminal.children import run_child
    from tui.terminal.kinds import Kind, kind_of
    from tui.terminal.taken_keys import KEYS, Taker, taken_keys

    programs = await asyncio.to_thread(ancestors, os.getpid())
    found = await asyncio.to_thread(taken_keys, os.environ, run_child, programs)
    _offer_others(app, session, {key for one in found for key in one.keys})
    answers = await queries.answers()
    if answers is not None and kind_of(os.environ.get("TERM", ""), programs, answers) is Kind.WEB:
        _offer_others(app, session, KEYS[Taker.BROWSER])


def _offer_others(app: App[Any], session: Session, taken: Collection[str]) -> None:
    from tui.screens.main_screen import MainScreen

    before = dict(session.keymap)
    session.keymap.update(offered_keymap(session.keymap, taken))
    for screen in app.screen_stack if session.keymap != before else ():
        if isinstance(screen, MainScreen):
            screen.keys_changed()


async def open_vault(app: App[Any], session: Session) -> None:
    """Ask for what opens sealed secrets, restore what was displaced, and show the vault's notices."""
    services = session.services
    services.wait_for_unlock = ScreenWait(app)
    with suppress(StoreUndecided):  # the person is asked before the first secret is stored
        await session.find_secret_store(opens_window=False)
    if session.secret_store is not None and session.secret_store.name == "sealed":
        from tui.screens.questions import AskPassphrase
        from tui.vault.passphrase import Passphrase

        if typed := await app.push_screen_wait(AskPassphrase()):
            passphrase = Passphrase(typed)
            services.ask_passphrase = lambda: passphrase
    try:
        await asyncio.to_thread(services.restore_displaced)
    except SecretsUnavailable as error:  # they stay where they are
        from tui.wording.surfaces import sentences

        text = sentences(session.explained(error), session.surface())
        app.notify(text, severity="warning", markup=False, timeout=15)
    if services.notices:
        from tui.wording.surfaces import sentences
        from tui.wording.vault import notice_text

        for notice in services.notices:
            text = sentences(notice_text(notice), session.surface())
            app.notify(text, severity="warning", markup=False, timeout=15)


async def remind(app: App[Any], session: Session) -> None:
    """Remind of Matillion's own tokens that may expire soon."""
    from tui.wording.matillion import reminder
    from tui.wording.surfaces import sentences

    for _, found in await asyncio.to_thread(session.read_estimates):
        text = reminder(found)
        if text is not None:
            app.notify(sentences(text, session.surface()), severity="warning", markup=False, timeout=12)
