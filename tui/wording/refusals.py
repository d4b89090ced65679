"""What is said of an app or a person that Meta refuses: once for all of their tokens."""

from dataclasses import replace

from tui.facebook.remedies import RemedyCode, Subject
from tui.tokens.refusals import RefusedTokens
from tui.wording.counts import counted, listed
from tui.wording.facebook import facebook_text, remedy_title
from tui.wording.text import Text


def refused_text(refused: RefusedTokens) -> Text:
    """Return which tokens are refused, why, who must act and what to do."""
    text = facebook_text(refused.error)
    return replace(text, what=f"{_tokens(refused)}: {text.what}")


def refused_title(refused: RefusedTokens) -> str:
    """Return the title of a notice."""
    return remedy_title(RemedyCode(refused.refusal.remedy))


def _tokens(refused: RefusedTokens) -> str:
    names = refused.names
    if len(names) == 1:
        return names[0]
    count = counted(len(names), "token")
    if refused.refusal.subject is Subject.PERSON:
        return f"{count} of {refused.subject}" if refused.subject else count
    profiles = listed(sorted({token.profile for token in refused.tokens}), 2)
    return f"{count} of {profiles}" + (f" (App ID {refused.subject})" if refused.subject else "")
