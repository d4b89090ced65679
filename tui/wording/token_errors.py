"""What went wrong with a stored token, a new one, or the app's credentials."""

from dataclasses import replace

from tui.services.adoption import AdoptionRefused
from tui.tokens.errors import StoreError
from tui.wording.names import not_a_name
from tui.wording.text import Action, Text
from tui.wording.texts import text_of
from tui.wording.token_words import scope_list


def token_error(error: StoreError | AdoptionRefused) -> Text:
    """Return why a token could not be read or stored, or why a new one was not made current."""
    if isinstance(error, AdoptionRefused):
        answer = f'Facebook answered: "{error.message}".' if error.message else ""
        facts = {**vars(error), "lost": scope_list(error.lost_scopes), "answer": answer}
        text, profile = text_of("token_errors", error.refusal, facts, "Refusal"), error.profile
    else:
        facts = {**vars(error), "rule": not_a_name(error.name)}
        text, profile = text_of("token_errors", type(error).__name__, facts, "StoreError"), ""
    return replace(text, next=Action(text.next.do, profile, error.name)) if text.next else text
