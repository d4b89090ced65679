"""What is drawn can be read: in every theme, without color, in ASCII, and beside the notices."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color_triplet import ColorTriplet
from textual.app import App
from textual.color import Color as TextualColor
from textual.theme import Theme
from textual.widgets._toast import Toast

from tests.screens.driving import Person, opened
from tui.actions import ACTIONS
from tui.sandbox import RunningSandbox
from tui.screens.looks import SHEETS, own_names, own_themes
from tui.settings import SettingsStore, find_home
from tui.tokens.states import STATES, StateRow
from tui.widgets.ascii_lines import plain
from tui.widgets.key_bar import KeyBar
from tui.widgets.top_bar import SCREENS, TopBar
from tui.wording.guide import GLYPHS

TOKENS = ("user_due", "user_long", "user_missing_scope", "user_expired", "user_checkpoint")
TEXT, STATE = 4.5, 3.0
STATE_SIGNS = {*(row.glyph for row in STATES.values()), "━"}

Cell = tuple[str, RichColor, RichColor]

PALETTES = {
    name: tuple(colors.split())
    for name, colors in {
        "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 "
        "7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
        "VGA": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa "
        "555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
        "PuTTY": "000000 bb0000 00bb00 bbbb00 0000bb bb00bb 00bbbb bbbbbb "
        "555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
        "gnome-terminal": "171421 c01c28 26a269 a2734c 12488b a347ba 2aa1b3 d0cfcc "
        "5e5c64 f66151 33da7a e9ad0c 2a7bde c061cb 33c7de ffffff",
        "urxvt": "000000 cd0000 00cd00 cdcd00 0000cd cd00cd 00cdcd faebd7 "
        "404040 ff0000 00ff00 ffff00 0000ff ff00ff 00ffff ffffff",
        "kitty": "000000 cc0403 19cb00 cecb00 0d73cc cb1ed1 0dcdcd dddddd "
        "767676 f2201f 23fd00 fffd00 1a8fff fd28ff 14ffff ffffff",
    }.items()
}
"""The sixteen colors of terminals as shipped."""


def drawn(person: Person) -> Iterator[Cell]:
    """Every stretch of text on the screen with its color and what is behind it, as it goes to the terminal."""
    for strip in person.screen._compositor.render_strips():
        for text, style, _ in strip:
            if style is not None and text.strip() and style.color is not None and style.bgcolor is not None:
                front, back = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
                yield text, front, back


def luminance(color: ColorTriplet) -> float:
    parts = [part / 255 for part in color]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(front: RichColor, back: RichColor) -> float:
    """The contrast ratio of WCAG 2."""
    dark, light = sorted((luminance(front.get_truecolor()), luminance(back.get_truecolor())))
    return (light + 0.05) / (dark + 0.05)


def too_faint(person: Person) -> list[str]:
    """What on the screen stands out too little; frames and scroll bars are no text."""
    found = []
    for text, front, back in drawn(person):
        least = TEXT if re.search(r"\w", text) else STATE if STATE_SIGNS & set(text) else 0
        if contrast(front, back) < least:
            found.append(f"{text.strip()!r} {front.name} on {back.name}: {contrast(front, back):.2f}")
    return found


async def show_guide(person: Person) -> None:
    await person.wait_for("Open Manage OAuth")


async def show_flaw(person: Person) -> None:
    await person.wait_for(lambda: person.app.focused is not None)
    await person.paste(person.sandbox.app_secret + " ")
    await person.wait_for("SPACE U+0020")


async def show_tokens(person: Person) -> None:
    await person.wait_for("a user token of")
    person.app.notify("A notice", title="Title", severity="error", timeout=600)
    await person.wait_for("A notice")


async def show_help(person: Person) -> None:
    await person.press("f1")
    await person.wait_for("Keys and help")


async def use_theme(person: Person, theme: str) -> None:
    """Put another theme on, as the palette does, and let everything be drawn in it."""
    person.app.theme = theme
    for _ in range(4):  # style sheets, then the widgets that keep what they drew, then the frame
        await person.pilot.pause()


SHOWN = {"guide": show_guide, "credentials": show_flaw, "tokens": show_tokens, "help": show_help}


@pytest.mark.parametrize("screen", SHOWN)
async def test_every_text_and_state_stands_out_in_every_theme(facebook: RunningSandbox, screen: str) -> None:
    start = screen if screen != "help" else "tokens"
    async with opened(facebook, start=start, tokens=TOKENS, size=(100, 30)) as person:
        await SHOWN[screen](person)
        themes = [name for name, theme in person.app.available_themes.items() if not theme.ansi]
        assert {"igauth-dark", "igauth-light", "textual-dark", "nord", "solarized-light"} <= set(themes)
        faint = {}
        for theme in themes:
            await use_theme(person, theme)
            assert sum(1 for _ in drawn(person)) > 20
            faint[theme] = too_faint(person)
        assert not {theme: found for theme, found in faint.items() if found}


@pytest.mark.parametrize("screen", SHOWN)
@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light"])
async def test_sixteen_colors_are_legible_in_every_palette(facebook: RunningSandbox, theme: str, screen: str) -> None:
    """No color is left to the terminal, whose own ground may be black or white."""
    start = screen if screen != "help" else "tokens"
    async with opened(facebook, start=start, tokens=TOKENS, size=(100, 30)) as person:
        await SHOWN[screen](person)
        await use_theme(person, theme)
        assert sum(1 for _ in drawn(person)) > 20
        faint = set()
        for text, style, _ in every(person):
            assert style is not None, text
            assert not style.reverse
            assert not style.dim
            front, back = style.color, style.bgcolor
            assert front is not None, text
            assert back is not None, text
            assert front.number is not None, text
            assert back.number is not None, text
            if not re.search(r"\w", text) and not STATE_SIGNS & set(text):
                continue
            inks = {front.number, front.number | 8} if style.bold else {front.number}  # bold may be painted bright
            for name, palette in PALETTES.items():
                if min(ratio(palette[ink], palette[back.number]) for ink in inks) < TEXT:
                    faint.add((text.strip(), front.name, back.name, name))
        assert not faint


def ratio(front: str, back: str) -> float:
    """The contrast of two colors of a palette."""
    return contrast(RichColor.parse(f"#{front}"), RichColor.parse(f"#{back}"))


def test_every_style_class_is_legible_in_every_theme() -> None:
    """Each color of text in a style sheet, on the ground it names or on every ground that text is drawn on."""
    app = App[None]()
    for own in own_themes():
        app.register_theme(own)
    pairs = {pair for sheet in SHEETS for pair in pairs_of(sheet.read_text())}
    assert {("state-due", ""), ("quiet", ""), ("background", "key")} <= pairs
    faint = set()
    for name, theme in app.available_themes.items():
        variables = theme.to_color_system().generate()
        variables |= own_names(variables)
        for front, back in pairs:
            if variables[front].startswith("auto") or back == ("cursor" if theme.ansi else "block-cursor-background"):
                continue  # Textual takes black or white, whichever stands out; the sheets have other rules for `:ansi`
            for ground in (back,) if back else ("background",) if theme.ansi else ("background", "surface", "panel"):
                for palette in PALETTES.values() if theme.ansi else (None,):
                    colors = [shade(variables[shown], theme, palette, shown == ground) for shown in (front, ground)]
                    if ratio(*colors) < TEXT:
                        faint.add((name, front, ground))
    assert not faint


@pytest.mark.parametrize("row", STATES.values(), ids=lambda row: row.glyph)
def test_a_state_in_a_command_is_legible_on_any_ground(row: StateRow) -> None:
    numbers = [int(part) for part in row.ansi.split(";")]
    inks = [number - 30 if number < 40 else number - 82 for number in numbers if number // 10 in (3, 9)]
    grounds = [number - 40 if number < 50 else number - 92 for number in numbers if number // 10 in (4, 10)]
    for palette in PALETTES.values():
        assert ratio(palette[inks[-1]], palette[grounds[-1]]) >= TEXT


def pairs_of(sheet: str) -> Iterator[tuple[str, str]]:
    """The names of color and ground of every style of text; an empty ground: that of what is around."""
    for body in re.findall(r"[{;]([^{}]*)", sheet):
        if front := re.search(r"(?<![\w-])color: \$([\w-]+)", body):
            back = re.search(r"(?<![\w-])background: \$([\w-]+)", body)
            yield front[1], back[1] if back else ""


def shade(value: str, theme: Theme, palette: tuple[str, ...] | None, is_ground: bool) -> str:
    """The six digits of a color of a theme, as a palette shows it."""
    if palette is None:
        return TextualColor.parse(value).hex6.removeprefix("#")
    named = value.partition(" ")[0]
    if named in ("ansi_default", "transparent"):
        named = theme.variables["ansi-background" if is_ground else "ansi-foreground"]
    number = TextualColor.parse(named).rich_color.number
    assert number is not None
    return palette[number]


@pytest.mark.parametrize(("wanted", "used"), [("", "ansi-dark"), ("nord", "ansi-dark"), ("igauth-light", "ansi-light")])
async def test_a_terminal_of_sixteen_colors_gets_its_own_sixteen(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch, own_home: Path, wanted: str, used: str
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("COLORTERM")
    if wanted:
        SettingsStore(find_home({"IGAUTH_HOME": str(own_home)}), {}).set_preference("theme", wanted)
    async with opened(facebook) as person:
        assert person.app.theme == used
        assert all(front.triplet is None for _, front, _ in drawn(person))


async def test_no_color_sends_none_and_the_cursor_is_seen_all_the_same(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(facebook, tokens=TOKENS) as person:
        await show_tokens(person)
        assert all(front.is_default and back.is_default for _, front, back in drawn(person))
        (cursor,) = (
            row
            for row in range(person.table.size.height)
            if any(s.style and s.style.reverse for s in line(person, row))
        )
        assert cursor == person.table.cursor
        await person.go("1", "guide")
        await show_guide(person)
        await person.rest()
        marked = [text for text, style, _ in every(person) if style and style.underline and " M1 " in text]
        assert marked, "the current step looks like every other"
        person.screen.show_item("1")  # type: ignore[attr-defined]
        await person.wait_for("▸Log In◂")
        assert [text for text, style, _ in every(person) if style and style.reverse and style.bold] == ["Log In"]


def without_digits(person: Person) -> list[str]:
    """The status line and the keys, without the seconds that pass."""
    return [re.sub(r"\d", "0", text) for text in person.lines[-2:]]


def line(person: Person, row: int):  # type: ignore[no-untyped-def]
    return person.screen._compositor.render_strips()[person.table.region.y + row]


def every(person: Person):  # type: ignore[no-untyped-def]
    return [segment for strip in person.screen._compositor.render_strips() for segment in strip]


def test_no_two_states_share_a_sign_not_even_in_ascii() -> None:
    for signs in ([row.glyph for row in STATES.values()], list(GLYPHS.values())):
        for shown in (signs, list(map(plain, signs))):
            assert len(set(shown)) == len(signs)
            assert len({len(sign) for sign in shown}) == 1


async def test_every_state_is_written_as_sign_and_word(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(*TOKENS, "page_never"), asked=True) as person:
        await show_tokens(person)
        for row in person.app.session.board.rows:
            assert f"{STATES[row.state].glyph} {row.state}" in person.row(row.token.name)


async def test_what_the_mouse_does_a_key_does_too(facebook: RunningSandbox) -> None:
    keys = {action.id for action in ACTIONS if action.all_keys}
    assert {action for _, _, action in SCREENS} <= keys
    async with opened(facebook, tokens=TOKENS, size=(160, 30)) as person:
        for mode, key in (("guide", "f6"), ("credentials", "f7"), ("tokens", "f8")):
            await person.go(key, mode)
            content = person.screen.query_one(KeyBar).render()
            does = {span.style.meta.get("@click") for span in content.spans if not isinstance(span.style, str)}
            assert {name.partition(".")[2] for name in does if name} <= keys
            assert len(does) > 2


async def test_a_click_on_a_bar_does_what_it_names(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("user_due",)) as person:
        await person.pilot.click(TopBar, offset=(person.lines[0].index("Guide"), 0))
        await person.wait_for("[1 Guide]")
        await person.pilot.click(KeyBar, offset=(person.lines[-1].index("help"), 0))
        await person.wait_for(lambda: person.screen.is_modal)


@pytest.mark.parametrize("start", ["guide", "credentials", "tokens"])
@pytest.mark.parametrize("size", [(80, 24), (40, 15)], ids=["80x24", "40x15"])
async def test_notices_cover_nothing(facebook: RunningSandbox, start: str, size: tuple[int, int]) -> None:
    async with opened(facebook, start=start, tokens=TOKENS, size=size) as person:
        await person.wait_for(lambda: person.app.session.secret_store is not None)
        await person.rest()
        bars = without_digits(person)
        person.app.notify(
            "What came of it, in a sentence that is longer than the line is wide.", title="t", timeout=600
        )
        await person.wait_for("What came of it")
        assert without_digits(person) == bars
        toasts = [toast.region for toast in person.screen.query(Toast)]
        others = [
            widget for widget in person.screen.children if widget.display and "-textual-system" not in widget.classes
        ]
        assert toasts
        for widget in others:
            assert not any(widget.region.overlaps(toast) for toast in toasts), widget


async def test_in_a_locale_without_utf8_every_cell_is_ascii(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "C")
    async with opened(facebook, tokens=TOKENS) as person:
        await show_tokens(person)
        assert person.text.isascii()
        assert all(len(row) <= 80 for row in person.lines)
        for key in ("f6", "f7", "l", "f1", "ctrl+p"):
            await person.press(key)
            await person.pilot.pause()
            assert person.text.isascii(), person.text
            if key in ("f1", "ctrl+p"):
                await person.press("escape")
