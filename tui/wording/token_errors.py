"""What went wrong with a stored token, a new one, or the app's credentials."""

from collections.abc import Iterable
from dataclasses import replace

from tui.tokens.adoption import AdoptionRefused
from tui.tokens.errors import StoreError
from tui.tokens.token import GranularScope
from tui.wording.text import Action, Text
from tui.wording.texts import phrases, text_of


def token_error(error: StoreError | AdoptionRefused) -> Text:
    """Return why a token could not be read or stored, or why a new one was not made current."""
    if isinstance(error, AdoptionRefused):
        answer = f'Facebook answered: "{error.message}".' if error.message else ""
        facts = {**vars(error), "lost": scope_list(error.lost_scopes), "answer": answer}
        text, profile = text_of("token_errors", error.refusal, facts, "Refusal"), error.profile
    else:
        text, profile = text_of("token_errors", type(error).__name__, vars(error), "StoreError"), ""
    return replace(text, next=Action(text.next.do, profile, error.name)) if text.next else text


def reason_text(code: str, lost: Iterable[GranularScope] = ()) -> str:
    """Return why only a new login helps, for the reason code of a token or of a result; `lost` are scopes."""
    words = phrases("tokens", "reason").get(code) or f"Facebook refuses it ({code})."
    return words.format(lost=scope_list(lost))


def scope_list(scopes: Iterable[GranularScope]) -> str:
    """Return scopes, each with the assets it is limited to, as in `pages_show_list for 123, 456`."""
    return ", ".join(
        f"{one.scope} for {' and '.join(one.target_ids)}" if one.target_ids else one.scope for one in scopes
    )
