"""A pasted value: every flaw named with its place, fixed on request, never changed otherwise. And values printed."""

from tui.credentials.flaws import SECRETS, Context, Field, Flaw
from tui.credentials.inspection import fix, fix_one, grouped, inspect, is_clean
from tui.plain.talk import Back, Talk
from tui.redact import Secret
from tui.wording.counts import counted
from tui.wording.flaws import FIX_QUESTION, NO_FLAW, SEVERITIES, fix_preview, flaw_text, titled

_HELP = (
    "f: fix all flaws, as y does. A number: fix only that flaw. a: paste again. k: keep it as it is, as n does."
    " b: back, nothing is changed. q: quit."
)


async def ask_value(talk: Talk, field: Field, context: Context | None = None) -> str:
    """Ask for a value until it has no flaw, or should be kept as it is. Raises Back and Quit."""
    text = await _ask(talk, field)
    while flaws := inspect(field, text, context):
        groups = grouped(flaws)
        _list_flaws(talk, field, groups)
        if is_clean(flaws):
            return text
        fixed = fix(field, text, context)
        question, offered = "What now? a pastes again, k keeps it, ? for help", "a"
        if fixed is not None:
            talk.say(fix_preview(field, text, fixed))
            question, offered = f"{FIX_QUESTION} y fixes it, n keeps it, a pastes again, ? for help", "y"
        answer = await talk.ask(question, help=_HELP, default=offered)
        match answer.strip().casefold():
            case "y" | "yes" | "f" | "fix" | "fix all" | "all" | "m":
                text = _after_fix(talk, text, fixed)
            case "a" | "again":
                text = await _ask(talk, field)
            case "k" | "keep" | "n" | "no":
                if await talk.is_sure("Facebook will probably refuse it. Keep it as it is?"):
                    return text
            case number if number.isdecimal() and 1 <= int(number) <= len(groups):
                text = _after_fix(talk, text, fix_one(field, text, groups[int(number) - 1][0], context))
            case _:
                talk.say(_HELP)
    talk.say(NO_FLAW)
    return text


async def _ask(talk: Talk, field: Field) -> str:
    if field not in SECRETS:
        return await talk.ask(titled(field), is_whole=True)
    text = await talk.ask(titled(field), echo="none", is_whole=True)
    talk.say(f"{counted(len(text), 'character')} arrived.")
    return text


def _list_flaws(talk: Talk, field: Field, groups: list[tuple[Flaw, ...]]) -> None:
    """List the flaws by number: severity, what is wrong and where, cause and effect."""
    talk.say(f"{len(groups)} flaw{'s' if len(groups) != 1 else ''}:")
    for number, (first, *others) in enumerate(groups, 1):
        text = flaw_text(field, first, others)
        talk.say(f"{number}. {SEVERITIES[first.severity]}: {text.what}\n   {text.why} {text.hint}")


def _after_fix(talk: Talk, before: str, after: str | None) -> str:
    if after is None:
        talk.say("igauth cannot fix this, because only you know the right value. Paste it again with a.")
        return before
    talk.say(f"Fixed: {len(before)} characters before, {len(after)} now.")
    return after


async def print_value(talk: Talk, label: str, value: Secret | str | None) -> bool:
    """Print a value alone on its line, to select it by hand; a secret only after a yes. Tell whether it was printed."""
    if not value:
        talk.say(f"The {label} is not known yet.")
        return False
    if isinstance(value, Secret):
        question = f"Print the {label} on this terminal? It is a secret, and it may stay in the scrollback."
        if not await talk.is_sure(question):
            raise Back
    talk.say(f"{label}, alone on the next line:")
    talk.show(value)
    return True
