"""Words for the options of a profile's logins: their titles, their defaults, and what is wrong with one."""

from tui.facebook.dialog import RedirectFault
from tui.facebook.permissions import ScopeFlaw
from tui.services.login_options import LoginOption, OptionFlaw, option_texts
from tui.settings import Profile, Settings
from tui.settings.schema import DEFAULT_SCOPES, NEWEST_VERSION
from tui.wording.scopes import scope_flaw
from tui.wording.text import Text
from tui.wording.texts import phrase, text_of

DEFAULT_ANSWER = "-"
"""What is entered for the default of an option."""


def option_title(option: LoginOption) -> str:
    """Return the title of an option."""
    return phrase("login_options", "title", option)


def option_label(option: LoginOption) -> str:
    """Return the title of an option with what it is, in one line."""
    return f"{option_title(option)} (optional): {phrase('login_options', 'about', option)}"


def more_settings(key: str, is_folded: bool) -> str:
    """Return the line above the options: which they are, and the key that shows them."""
    titles = ", ".join(map(option_title, LoginOption))
    return f"{key} more settings: {titles}" if is_folded else "More settings"


def option_help(option: LoginOption) -> str:
    """Return what an option is for, and what may be entered."""
    return phrase("login_options", "help", option)


def option_question(option: LoginOption) -> str:
    """Return the question for an option in plain mode."""
    return f"{option_title(option)}, {DEFAULT_ANSWER}: {phrase('login_options', 'reset', option)}"


def option_default(option: LoginOption, settings: Settings) -> str:
    """Return what is used where an option is empty."""
    return phrase("login_options", "default", option).format(
        version=settings.api_version, scopes=", ".join(DEFAULT_SCOPES)
    )


def option_line(option: LoginOption, profile: Profile, settings: Settings) -> str:
    """Return the title and the value of an option, or its default."""
    return f"{option_title(option)}: {option_texts(profile)[option] or option_default(option, settings)}"


def option_preview(option: LoginOption, text: str) -> str:
    """Return what an option is once it is fixed."""
    return f"{option_title(option)}, fixed: {text}"


def option_flaw(flaw: OptionFlaw) -> str:
    """Return what is wrong with an option, and what to do."""
    if isinstance(flaw.reason, RedirectFault):
        return _joined(text_of("login", flaw.reason, {}, "failure"))
    if isinstance(flaw.reason, ScopeFlaw):
        return scope_flaw(flaw.reason)
    return _joined(text_of("login_options", flaw.reason, {"newest_version": NEWEST_VERSION}, "fault"))


def _joined(text: Text) -> str:
    return " ".join(filter(None, (text.what, text.why, text.hint)))
