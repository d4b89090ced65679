"""Words of the full-screen view around its screens: quitting, themes, keys that do nothing here, dialogs, help."""

from tui.wording.surfaces import Screen
from tui.wording.text import Action, Do, Text

NO_PROFILE = Text("There is no profile yet.", next=Action(Do.ADD_PROFILE))
QUIT_UNSAVED = ("Quit without saving?", "What you typed on this screen has not been saved.", "quit")
NOTHING_TO_VERIFY = "There is nothing to verify here."
NOTHING_TO_SEARCH = "There is nothing to search here."
NO_VALUE = "No value is selected that could be shown or copied."
NO_LINK = "There is no link here."
OPENED = "Opened in the browser on this machine."
OPENED_ON_PAGE = "Opened in a new tab, unless this browser blocks pop-up windows."
COPY_WHAT = "Copy what?"
HIDDEN_NOT_COPIED = "A hidden value cannot be copied from its field."
SEALED_TITLE = "The secrets in this home are encrypted"
SEALED_EXPLANATION = "Without the passphrase, tokens are shown but cannot be copied, refreshed or checked."
SEALED_KEYS = "enter: decrypt, esc: continue without"
LINE_KEYS = "enter: done, esc: cancel"
LINES_KEYS = "enter: save both, tab: next field, esc: cancel"
CHOOSE_KEYS = "enter: choose, esc: cancel"
BACK = "esc: back"
YOUR_NOTE = "Your note"
HELP_TITLE = f"Keys and help ({BACK})"
ABOUT = (
    "igauth guides you through Matillion ETL's Instagram Extract authentication guide, checks what you paste,"
    " and shows how long the Facebook token is valid. A timer can keep that token valid: igauth schedule install."
)

PASTE_CUT = "The end of the paste did not arrive. Check the value, or paste it again."
PASTE_WITHOUT_FIELD = "That was a paste: choose a field first."
PASTING_BUTTONS = {2: "middle click", 3: "right click"}
"""Mouse buttons that paste where no program reads the mouse."""

COLUMNS = (
    ("state", "the last known state; with !, it was not delivered"),
    ("life", "how much of the token's life is left"),
    ("data", "time until the app's access to the person's data ends"),
    ("miss", "how many expected permissions the token lacks"),
    ("seen", "how long ago Facebook was asked about the token"),
)
"""What the columns of the tokens table mean, under the headings that a narrow terminal shows."""


def alt_in_fields(surface: Screen) -> str:
    """Return how the letters work in a field, where they are typed."""
    return f"In a field, alt with a letter, or {surface.key('leave')} and then it, does what the letter does outside."


def terminal_help(surface: Screen) -> str:
    """Return what the help says about the terminal."""
    return (
        "To select with the mouse, hold shift and drag. Nothing needs the mouse or color."
        f" {surface.key('command_palette')} (^ is ctrl) finds any action by name."
        f" {alt_in_fields(surface)}"
        " On a slow connection, set ESCDELAY=25 so that esc answers at once."
    )


def mouse_paste(button: int, *, in_browser: bool) -> str:
    """Return how to paste where a click of `button` reaches igauth instead of pasting."""
    if in_browser:
        return "A click does not paste here. Press ctrl+v, or cmd+v on a Mac."
    return (
        f"A click does not paste while igauth reads the mouse. Press shift+insert, or shift+{PASTING_BUTTONS[button]}."
    )


def search_prompt(searched: str, surface: Screen) -> str:
    """Return what stands in an empty search line; the surface is that outside fields."""
    return f"search {searched}, {surface.key('leave')} to leave"


def missing_theme(name: str, used: str) -> str:
    """Return that a theme does not exist, and which one is used."""
    return f"There is no theme {name}. Using {used}."


def how_to_quit(surface: Screen) -> str:
    """Return which keys quit and copy, for a person who pressed ctrl+c."""
    quit_key, copy = Screen(surface.keymap).key("quit"), surface.key("copy_value")
    if surface.in_form:
        keys = f"{Screen(surface.keymap).key('leave')}, then {quit_key} quits; {copy} copies the field."
    else:
        keys = f"{quit_key} quits; {copy} copies the selected value."
    return f"{keys} ^c does not quit igauth."


def nothing_to_reveal(surface: Screen) -> str:
    """Return that there is no secret on a screen, and how values are copied and shown."""
    return (
        "There is no secret to reveal here."
        f" {surface.key('copy_value')} copies, {surface.key('plain_view')} shows the value."
    )


def no_browser(link: str, surface: Screen, *, can_copy: bool) -> str:
    """Return that this machine has no browser for a link, and what else can be done with it."""
    ways = f"{surface.key('qr_code')} shows it as a QR code"
    if can_copy:
        ways = f"{surface.key('copy_value')} copies the link, {ways}, {surface.key('plain_view')} shows it plain"
    return f"This machine has no browser for {link}. {ways}."


def confirm_keys(verb: str) -> str:
    """Return the keys of a question that is confirmed with y."""
    return f"y: {verb}    n or esc: cancel"
