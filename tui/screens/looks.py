"""Where the style sheets are, and the themes among them. No color is written in Python."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from textual.app import App
from textual.color import Color
from textual.theme import Theme

from tui.harmless import harmless
from tui.screens.contrast import readable
from tui.terminal.capabilities import Capabilities
from tui.terminal.textual_internals import QuickApp

DEFAULT_THEME = "igauth-dark"
TERMINAL_THEME = "ansi-dark"
LIGHT_TERMINAL_THEME = "ansi-light"
"""Made of the terminal's own sixteen colors: for terminals that have no more, and for `NO_COLOR`."""


@cache
def styles_folder() -> Path:
    """Return the folder of the style sheets: inside the package where installed, beside it in the repository."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "styles"
    return inside if inside.is_dir() else package.parent / "styles"


def style_sheet(name: str) -> Path:
    """Return the path of one style sheet."""
    return styles_folder() / name


def _sheets(*names: str) -> tuple[Path, ...]:
    return tuple(style_sheet(f"{name}.tcss") for name in names)


FIRST_SHEETS = {
    "guide": _sheets("shared", "guide", "option_list"),
    "credentials": _sheets("shared", "credentials", "credential_field"),
    "tokens": _sheets("shared", "tokens"),
}
"""What a start on this screen reads before the first paint, and no more."""
SHEETS = _sheets("shared", "option_list", "dialogs", "tokens", "guide", "credentials", "credential_field", "login")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(style_sheet("themes.toml").read_text())


def own_themes() -> tuple[Theme, ...]:
    """Return igauth's own themes."""
    return tuple(Theme(name=name, **facts) for name, facts in _table()["themes"].items())


def theme_names() -> frozenset[str]:
    """Return the names that `theme` in the configuration can have."""
    from textual.theme import BUILTIN_THEMES

    return frozenset({*BUILTIN_THEMES, *_table()["themes"]})


def apply_theme(app: QuickApp, wanted: str, terminal: Capabilities) -> str:
    """Choose the theme before anything is parsed or painted with another; return `wanted` where there is none such.

    A terminal of sixteen colors gets a theme of these, dark or light as the one that is wanted.
    """
    for own in own_themes():
        app.register_theme(own)
    missing = "" if not wanted or wanted in app.available_themes else harmless(wanted, 60)
    theme = DEFAULT_THEME if missing or not wanted else wanted
    if app.no_color:
        theme = TERMINAL_THEME
    elif terminal.sixteen_colors and not app.available_themes[theme].ansi:  # its shades would fall together
        theme = TERMINAL_THEME if app.available_themes[theme].dark else LIGHT_TERMINAL_THEME
    app.set_reactive(App.theme, theme)
    is_dark = app.current_theme.dark
    app.set_class(is_dark, "-dark-mode", update=False)
    app.set_class(not is_dark, "-light-mode", update=False)
    app.use_theme_before_start()
    app.stylesheet.set_variables(app.get_css_variables())
    return missing


def own_names(variables: dict[str, str]) -> dict[str, str]:
    """Return the names our style sheets use, and the theme's own text colors where they had to be made readable."""
    table = _table()
    names = {name: variables[source] for name, source in table["names"].items() if source in variables}
    for name, blend in table["blends"].items():
        names[name] = _blended(variables[blend["from"]], variables[blend["towards"]], blend["part"])
    kept = table["readable"]
    grounds = tuple(variables[ground] for ground in kept["on"])
    for name in kept["names"]:
        names[name] = readable(names.get(name) or variables[name], grounds, kept["ratio"])
    return names


def _blended(color: str, other: str, part: float) -> str:
    begin, end = Color.parse(color), Color.parse(other)
    if begin.ansi is not None or end.ansi is not None:
        return color  # the terminal's own colors cannot be mixed
    return begin.blend(end, part, alpha=1).hex
