"""Opens the login screen for the token that is meant, after asking where that is not clear."""

from collections.abc import Collection

from textual.app import App

from tui.screens.questions import AskText, Choose
from tui.services.login_targets import LoginTarget, new_target, targets_of
from tui.session import Session
from tui.tokens.token import Token
from tui.wording import login as words
from tui.wording.names import name_complaint


async def choose_target(app: App[int], session: Session) -> LoginTarget | None:
    """Return the target of a login for the current profile; None where the person does not choose."""
    tokens = _tokens(session)
    targets = targets_of(tokens, session.profile_name)
    if len(targets) == 1:
        return targets[0]
    question = Choose(words.WHICH_TOKEN, tuple(map(words.target_choice, targets)))
    place = await app.push_screen_wait(question)
    if place is None:
        return None
    return targets[place] if targets[place].renews else await name_new_target(app, session)


async def name_new_target(app: App[int], session: Session, other_profile: str = "") -> LoginTarget | None:
    """Return the target of a login for a new token, named by the person; `other_profile` may be meant as well."""
    tokens, profile = _tokens(session), session.profile_name
    if other_profile not in ("", profile):
        profiles = (other_profile, profile)  # first the one where the cursor is
        place = await app.push_screen_wait(Choose(words.WHICH_PROFILE, profiles))
        if place is None:
            return None
        profile = profiles[place]
    target = new_target(tokens, profile)
    taken = {token.name for token in tokens}
    question = AskText(
        words.new_name_question(profile), target.token, complaint=lambda text: name_complaint(text, taken)
    )
    typed = await app.push_screen_wait(question)
    return LoginTarget(target.profile, typed[0].strip()) if typed else None


def _tokens(session: Session) -> Collection[Token]:
    return [row.token for row in session.board.rows]
