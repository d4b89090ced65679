"""Tokens that Meta refuses because of their app or their person: one group for each cause. Pure functions."""

from collections.abc import Iterable
from typing import NamedTuple

from tui.facebook.errors import FacebookError
from tui.facebook.remedies import Refusal, Subject, refusal_of
from tui.tokens.results import RefreshResult
from tui.tokens.token import ABOUT_TOKENS, Failure, Token

_BY_ROLE = ("app-in-development", "app-not-active")
"""Remedies of refusals that people with a role on the app do not meet."""


class RefusedTokens(NamedTuple):
    """One refusal and every token it concerns; `error` is what Facebook answered about the first of them."""

    refusal: Refusal
    tokens: tuple[Token, ...]
    error: FacebookError | Failure

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tokens, sorted."""
        return tuple(sorted(token.name for token in self.tokens))

    @property
    def is_known(self) -> bool:
        """Whether Facebook still answered what the tokens are, and refused only to read with them for a person."""
        return self.refusal.subject is Subject.PERSON and self.error.where not in ABOUT_TOKENS

    @property
    def subject(self) -> str:
        """The App ID, or the person's name or ID; empty where it is not known."""
        token = self.tokens[0]
        return token.app_id if self.refusal.subject is Subject.APP else token.subject_name or token.subject_id


def grouped(errors: Iterable[tuple[Token, FacebookError | Failure]]) -> list[RefusedTokens]:
    """Return the refusals among errors, each once for an app or a person, in the order they came."""
    groups: dict[tuple[Refusal, str], list[tuple[Token, FacebookError | Failure]]] = {}
    for token, error in errors:
        if refusal := refusal_of(error):
            concerned = token.app_id or token.profile if refusal.subject is Subject.APP else token.subject_id
            groups.setdefault((refusal, concerned or token.name), []).append((token, error))
    return [
        RefusedTokens(refusal, tuple(token for token, _ in found), found[0][1])
        for (refusal, _), found in groups.items()
    ]


def standing(tokens: Iterable[Token]) -> tuple[RefusedTokens, ...]:
    """Return the refusals that Meta last answered with; without those of an app that answered about a token since."""
    tokens = tuple(tokens)
    answered: dict[str, int] = {}
    for token in tokens:
        if token.failure is None and token.inspected_at is not None:
            answered[token.app_id] = max(token.inspected_at, answered.get(token.app_id, 0))
    met = [(token, token.failure) for token in tokens if token.failure is not None and token.failure.may_be_refusal]

    def is_lifted(refused: RefusedTokens) -> bool:
        last = max((token.failure.at for token in refused.tokens if token.failure is not None), default=0)
        of_all = refused.refusal.subject is Subject.APP and refused.refusal.remedy not in _BY_ROLE
        return of_all and last < answered.get(refused.subject, 0)

    return tuple(refused for refused in grouped(met) if not is_lifted(refused))


def refusal_row(refused: RefusedTokens) -> dict[str, object]:
    """Return a refusal as an object of `status --json`."""
    is_app = refused.refusal.subject is Subject.APP
    return {
        "refusal": refused.refusal.remedy,
        "subject": refused.refusal.subject,
        "app_id": (refused.subject or None) if is_app else None,
        "subject_id": None if is_app else refused.tokens[0].subject_id or None,
        "names": list(refused.names),
        "code": refused.error.code,
        "subcode": refused.error.subcode,
        "message": refused.error.message,
    }


def refused_results(results: Iterable[RefreshResult]) -> list[RefusedTokens]:
    """Return the refusals among the results of refreshing."""
    return grouped((result.token, result.cause) for result in results if isinstance(result.cause, FacebookError))
