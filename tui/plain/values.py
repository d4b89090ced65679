"""A pasted value: every flaw named with its place, mended on request, never changed otherwise. And values given out."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tui.credentials import TITLES, Field, Flaw, describe, inspect, is_clean, mend, mend_one
from tui.plain.talk import Back, Talk
from tui.redact import Secret

if TYPE_CHECKING:
    from tui.plain.conversation import Conversation

SECRET_FIELDS: frozenset[Field] = frozenset({"app_secret", "client_token", "token"})
_SEVERITY = {"blocks": "must be mended", "suspicious": "suspicious", "note": "note"}


async def ask_value(talk: Talk, field: Field, context: Mapping[Field, str] | None = None) -> str:
    """Ask for a value until it is without flaw, or is wanted as it is. Raises Back and Quit."""
    known = context or {}
    text = await _ask(talk, field)
    while flaws := inspect(field, text, known):
        tell_flaws(talk, field, flaws)
        if is_clean(flaws):
            return text
        answer = (await talk.ask(_question(field, text, known), help=_HELP)).strip().casefold()
        if answer in ("m", "mend", "mend all", "all"):
            text = _mended_all(talk, field, text, known)
        elif answer.isdecimal() and 1 <= int(answer) <= len(flaws):
            text = _mended(talk, text, mend_one(field, text, flaws[int(answer) - 1], known))
        elif answer in ("a", "again"):
            text = await _ask(talk, field)
        elif answer in ("k", "keep"):
            if await talk.is_sure("It will most likely be refused. Keep it as it is all the same?"):
                return text
        else:
            talk.say(_HELP)
    talk.say("No flaw in it.")
    return text


_HELP = (
    "m: mend all flaws. A number: mend that flaw only. a: paste again. k: keep it as it is."
    " b: back, nothing is changed. q: quit."
)


async def _ask(talk: Talk, field: Field) -> str:
    title = TITLES[field][:1].upper() + TITLES[field][1:]
    if field in SECRET_FIELDS:
        return await talk.secret(title)
    return await talk.ask(title, is_whole=True)


def _question(field: Field, text: str, known: Mapping[Field, str]) -> str:
    can = "m mends it, " if mend(field, text, known) is not None else ""
    return f"What now? {can}a pastes again, k keeps it, ? says more"


def tell_flaws(talk: Talk, field: Field, flaws: tuple[Flaw, ...]) -> None:
    """List flaws by number: how grave, what and where, how it got there, what it does."""
    talk.say(f"{len(flaws)} flaw{'s' if len(flaws) != 1 else ''}:")
    for number, flaw in enumerate(flaws, 1):
        talk.say(f"{number}. {_SEVERITY[flaw.severity]}: {describe(field, flaw)}. {flaw.cause} {flaw.effect}".rstrip())


def _mended_all(talk: Talk, field: Field, text: str, known: Mapping[Field, str]) -> str:
    return _mended(talk, text, mend(field, text, known))


def _mended(talk: Talk, before: str, after: str | None) -> str:
    if after is None:
        talk.say("That cannot be mended here: only you can know what belongs there. Paste it again with a.")
        return before
    talk.say(f"Mended: {len(before)} characters before, {len(after)} now.")
    return after


async def print_value(session: "Conversation", label: str, fetch: Callable[[], Secret | str | None]) -> None:
    """Print a value alone on its line, for selecting by hand; a secret only after a yes, and noted."""
    value = await asyncio.to_thread(fetch)
    if not value:
        session.talk.say(f"The {label} is not known yet.")
        return
    if isinstance(value, Secret):
        question = f"Print the {label} on this terminal? It is a secret, and the scrollback may keep it."
        if not await session.talk.is_sure(question):
            raise Back
    session.talk.say(f"{label}, alone on the next line:")
    session.talk.show(value)
    if isinstance(value, Secret) and label.startswith("token "):
        token = label.removeprefix("token ")
        await asyncio.to_thread(session.services.history.note, "copy", "printed", token=token)
