"""The words for flaws of a pasted value: what is wrong, how it likely happened, what it causes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from tui.credentials import Field, Flaw, FlawKind, Severity, Shape, Side, grouped
from tui.credentials.model import LENGTHS
from tui.wording.text import Text

TITLES: Mapping[Field, str] = {
    "app_id": "App ID",
    "app_secret": "App Secret",
    "client_token": "client token",
    "token": "access token",
    "callback_url": "callback URL",
    "pasted_redirect": "redirected address",
    "dialog_url": "login address",
}
SEVERITIES: Mapping[Severity, str] = {
    Severity.BLOCKS: "error",
    Severity.SUSPICIOUS: "warning",
    Severity.NOTE: "note",
}
NO_FLAW = "Nothing is wrong with it."
NO_FIX = "Nothing to fix automatically."

_MOST_NAMED = 4
_WHERE: Mapping[Field, str] = {
    "app_id": "The App ID is on App settings > Basic.",
    "app_secret": "The App Secret is on App settings > Basic, behind Show.",
    "client_token": "The client token is on App settings > Advanced > Security.",
    "token": "An access token comes from logging in or from the Graph API Explorer.",
    "callback_url": "The callback URL is at the top of Manage OAuth in Matillion ETL.",
    "pasted_redirect": "The redirected address is in the browser's address bar when the login has finished.",
    "dialog_url": "The login address begins with https://www.facebook.com/ and contains /dialog/oauth.",
}
_FORMS: Mapping[Field, str] = {
    "app_id": "An App ID has only digits.",
    "app_secret": "An App Secret has 32 characters: 0-9 and a-f.",
    "client_token": "A client token has 32 characters: 0-9 and a-f.",
    "token": "An access token begins with EAA and has no spaces.",
}
_ELSEWHERE: Mapping[Shape, str] = {
    Shape.APP_ID: "This looks like an App ID. Put it in the App ID field.",
    Shape.HEX: "This looks like an App Secret or client token. Put it in one of those fields.",
    Shape.APP_SECRET: "The label says that this is an App Secret. It looks the same as a client token.",
    Shape.CLIENT_TOKEN: "The label says that this is a client token. It looks the same as an App Secret.",
    Shape.TOKEN: "This is an access token. Import it on the Tokens screen.",
    Shape.APP_TOKEN: "This is an app access token, which no profile needs.",
    Shape.INSTAGRAM_TOKEN: "This is a token of Instagram's own login, for graph.instagram.com.",
    Shape.THREADS_TOKEN: "This is a Threads token, for graph.threads.net.",
    Shape.CODE: "This is the code of a login. Put it in the field for the redirected address.",
    Shape.ADDRESS: "This is an address, not {a_title}.",
    Shape.LOGIN_ADDRESS: "This is Facebook's login address. Open it, log in, and copy the address at the end.",
    Shape.REDIRECTED_ADDRESS: "This is the address at the end of a login. The callback URL is the part before the ?.",
}
_FAMILIES: Mapping[Shape, str] = {
    Shape.APP_TOKEN: "This is an app access token, not a user token. Log in with Facebook.",
    Shape.INSTAGRAM_TOKEN: "This is a token of Instagram's own login, not of Facebook's. Log in with Facebook.",
    Shape.THREADS_TOKEN: "This is a Threads token, not a Facebook token. Log in with Facebook.",
}
_EFFECTS: Mapping[Field, str] = {
    "app_id": 'Facebook answers: "Invalid App ID: The provided app ID does not look like a valid app ID."',
    "app_secret": 'Facebook answers: "Error validating client secret."',
    "client_token": "Facebook refuses the login by device code with this client token.",
    "token": 'Facebook answers: "Invalid OAuth access token."',
    "callback_url": 'Facebook answers: "URL Blocked". The address must match its list exactly.',
    "pasted_redirect": 'The code cannot be read, or Facebook answers: "Invalid verification code format."',
    "dialog_url": "Facebook shows an error page instead of the login.",
}
_MAY_WORK = "It may be right, but it is not what Meta shows. If verifying fails, check this first."
_NO_ACTION = "No action needed."


class _Words(NamedTuple):
    """The words for a flaw of the value as a whole. `effect` replaces that of the field."""

    what: str
    cause: str
    effect: str = ""


_NOUNS: Mapping[FlawKind, tuple[str, str]] = {
    FlawKind.SPACE: ("space", "Selecting text in a browser often includes a space."),
    FlawKind.TAB: ("tab", "Cells copied from a spreadsheet or a table end with a tab."),
    FlawKind.LINE_BREAK: ("line break", "A whole line, a wrapped line or the output of `echo` was copied."),
    FlawKind.BYTE_ORDER_MARK: ("byte order mark", "Notepad and PowerShell write it at the start of a file."),
    FlawKind.SOFT_HYPHEN: ("soft hyphen", "Web pages and PDF files have it where a long word may be broken."),
    FlawKind.ZERO_WIDTH: ("invisible character", "Web pages, chats and PDF files have it where a line may break."),
    FlawKind.BLANK_LETTER: ("blank letter", "Chats and name fields use it as an invisible filler."),
    FlawKind.DIRECTION_MARK: ("direction mark", "Chats and contact apps put it around copied text."),
    FlawKind.VARIATION_SELECTOR: ("variation selector", "It is the rest of an emoji."),
    FlawKind.TAG_CHARACTER: ("tag character", "It is invisible text, from a flag emoji or hidden on purpose."),
    FlawKind.FORMAT_CHARACTER: ("format character", "A word processor or a web page inserted it."),
    FlawKind.COMBINING_MARK: ("combining mark", "It is an accent without a letter, or part of decorated text."),
    FlawKind.CONTROL_CHARACTER: ("control character", "It came from a terminal, a binary file or a stray key."),
    FlawKind.LONE_SURROGATE: ("half a character", "A program cut a character, such as an emoji, in two."),
    FlawKind.PRIVATE_USE: ("private-use character", "An icon font shows it as a symbol, such as a Copy button."),
    FlawKind.UNASSIGNED: ("unassigned character", "The file is damaged, or a conversion failed."),
    FlawKind.OBJECT_CHARACTER: ("object placeholder", "It stands for a picture that was copied too."),
    FlawKind.REPLACEMENT_CHARACTER: ("damaged character", "A conversion failed here; a character may be lost."),
    FlawKind.EMOJI: ("emoji", "It was copied from a chat or a note."),
    FlawKind.QUOTE: ("quotation mark", "It was copied with the value from a file, a chat or a document."),
    FlawKind.ANGLE_BRACKET: ("angle bracket", "It was copied with the value from an email or from instructions."),
    FlawKind.BRACKET: ("bracket", "It was copied with the value."),
    FlawKind.PUNCTUATION: ("punctuation", "It belongs to the sentence or list around the value."),
    FlawKind.BACKSLASH: ("backslash", "A program escaped the text, or it is a Windows path."),
    FlawKind.STRAY_PERCENT: ("percent sign", "It is the rest of percent-encoding that was cut or typed."),
    FlawKind.SYMBOL: ("foreign symbol", "It was typed by mistake or copied with the value."),
    FlawKind.LETTER: ("foreign letter", "It was typed by mistake, or the value was read off a screen."),
    FlawKind.DIGIT: ("foreign digit", "It was copied with the value."),
    FlawKind.FOREIGN_LETTER: ("foreign letter", "It was typed on another keyboard layout or read off a picture."),
    FlawKind.LOOK_ALIKE: ("look-alike", "The value was read off a screen, or typed on another keyboard layout."),
    FlawKind.UPPER_CASE: ("capital letter", "It was written in capitals; Facebook shows small letters."),
    FlawKind.NON_ASCII_DIGIT: ("foreign digit", "It was typed with an input method for another script."),
    FlawKind.INTERNATIONALIZED_HOST: (
        "foreign letter in the host",
        "The host is written in another script, or imitates another host.",
    ),
    FlawKind.MASKED: ("masking dots", "The hidden value was copied. Press Show on Meta's page first."),
    FlawKind.TRUNCATED: ("ellipsis", "The value was copied from a page that shows it shortened."),
    FlawKind.THOUSANDS_SEPARATOR: ("thousands separator", "A spreadsheet or a person grouped the digits."),
    FlawKind.ESCAPE_SEQUENCE: ("terminal escape sequence", "It was copied from a terminal with its colors."),
    FlawKind.PERCENT_ENCODED: ("percent-encoding", "It was copied from an address, where spaces are encoded."),
    FlawKind.HTML_ENTITY: ("HTML entity", "It was copied from the source of a web page."),
    FlawKind.WRITTEN_ESCAPE: ("escaped character", "It was copied from program code or JSON."),
    FlawKind.LABEL: ("label before the value", "The words before the value were selected with it."),
    FlawKind.BEARER: ("word Bearer before the value", "It was copied from a header of a request."),
    FlawKind.JSON_FRAGMENT: ("JSON around the value", "It was copied from a JSON answer or file."),
    FlawKind.MARKUP: ("markup around the value", "It was copied from the source of a web page."),
    FlawKind.PASTED_ALONG: ("text behind the value", "The words behind the value were selected with it."),
    FlawKind.APP_ID_IN_FRONT: ("App ID before the value", "Device login joins App ID and client token by a bar."),
    FlawKind.EMPTY: ("empty field", "Nothing was pasted or typed, or only spaces."),
}
"""What characters and the text around a value are called, and how they likely got there."""

_SENTENCES: Mapping[FlawKind, _Words] = {
    # the value as a whole
    FlawKind.PLACEHOLDER: _Words(
        "This is a placeholder. Replace it with your {title}. {where}", "It was copied from instructions or an example."
    ),
    FlawKind.PLACEHOLDER_INSIDE: _Words(
        "The address has a placeholder. Replace it with your own. {where}",
        "It was copied from instructions or an example.",
    ),
    FlawKind.WRONG_SHAPE: _Words("{subject}. {form}", "Something else was in the clipboard."),
    FlawKind.WRONG_LENGTH: _Words(
        "This has {counted}; {a_title} has {length}. Copy all of it.", "The selection was too short or too long."
    ),
    FlawKind.DOUBLED: _Words("This is the same value {times} in a row.", "It was pasted more than once."),
    FlawKind.TWO_VALUES: _Words(
        "These are two values in a row. Keep the right one.", "Two values were copied or pasted together."
    ),
    FlawKind.TWO_ADDRESSES: _Words(
        "These are two addresses. Keep the right one.", "Two addresses were copied or pasted together."
    ),
    FlawKind.SPREADSHEET_NUMBER: _Words(
        "A spreadsheet rounded this number; its last digits are lost. Copy the App ID from Meta's console.",
        "The spreadsheet treated the App ID as a quantity.",
    ),
    FlawKind.DECIMALS: _Words("This number has decimals{rounded}.", "A spreadsheet treated the App ID as a quantity."),
    FlawKind.WRONG_FIELD: _Words(
        "{elsewhere} {where}", "The clipboard had another value, or two fields were confused."
    ),
    FlawKind.SWAPPED: _Words(
        "App ID and App Secret are swapped. Exchange them.", "Each was pasted into the field of the other."
    ),
    FlawKind.WRONG_FAMILY: _Words("{family}", "Meta issues several kinds of token on similar pages."),
    FlawKind.INSTAGRAM_PRODUCT: _Words(
        "This belongs to the Instagram product; Facebook's login does not accept it. {where}",
        "Meta's console shows the Instagram product's own App ID and secret beside those of the app.",
        'Facebook answers: "Error validating application. Cannot get application info due to a system error."',
    ),
    FlawKind.THREADS_PRODUCT: _Words(
        "This belongs to the Threads product; Facebook's login does not accept it. {where}",
        "Meta's console shows the Threads product's own App ID and secret beside those of the app.",
    ),
    FlawKind.INSTAGRAM_ACCOUNT: _Words(
        "This may be the number of an Instagram account: those have 17 digits and begin with 17841.",
        "The number of an account was copied.",
    ),
    FlawKind.SAME_AS_OTHER_FIELD: _Words(
        "This is the same value as in the field {other}; one of the two is wrong. {where}",
        "App Secret and client token look alike.",
    ),
    FlawKind.UNUSUAL_BEGINNING: _Words(
        "This begins unusually: tokens of Facebook's login begin with EAA.", "The form of tokens may change."
    ),
    FlawKind.UNUSUAL_CHARACTERS: _Words(
        "This has unusual characters: tokens of Facebook's login have letters and digits.",
        "The form of tokens may change.",
    ),
    FlawKind.SHORT_TOKEN: _Words(
        "This is short for a token: it has {counted}, and tokens usually have about 200.",
        "The length of tokens may change.",
    ),
    # addresses
    FlawKind.MISSING_SCHEME: _Words(
        "The address must begin with https://.", "Browsers hide https:// in the address bar and copy without it."
    ),
    FlawKind.MISSPELLED_SCHEME: _Words(
        "The beginning is misspelled: the address must begin with https://.", "It was typed by hand or cut."
    ),
    FlawKind.OTHER_SCHEME: _Words("The address must begin with https://.", "It was typed by hand or cut."),
    FlawKind.NOT_HTTPS: _Words(
        "The address begins with http, but Facebook accepts only https.",
        "Matillion was opened over http, or is behind a load balancer and does not know its own address.",
        'Facebook answers: "URL Blocked". It requires https for every app.',
    ),
    FlawKind.UPPER_CASE_SCHEME: _Words(
        "The beginning has capital letters; Facebook compares it exactly.", "A phone's keyboard capitalized the line."
    ),
    FlawKind.UPPER_CASE_HOST: _Words(
        "The host has capital letters; Facebook compares it exactly.", "The host was typed by hand."
    ),
    FlawKind.CREDENTIALS_IN_ADDRESS: _Words(
        "The address contains credentials before the @.", "A user name or password was written into the address."
    ),
    FlawKind.MISSING_HOST: _Words("The address has no host.", "The middle of the address was lost."),
    FlawKind.BAD_HOST: _Words(
        "No host has this name: it must have letters, digits and hyphens between single dots.",
        "The host was typed by hand or cut.",
    ),
    FlawKind.LOCALHOST: _Words(
        "localhost is the computer of the person who opens the address, never your Matillion.",
        "Matillion was opened on its own computer or through a tunnel.",
    ),
    FlawKind.IP_ADDRESS: _Words(
        "The host is an IP address. Open Matillion with its final host name and copy the address again.",
        "Matillion was opened with its IP address.",
    ),
    FlawKind.DEFAULT_PORT: _Words(
        "Port {number} is the default; leave it out, since Facebook compares the address exactly.",
        "A program added the default port.",
    ),
    FlawKind.PORT_NOT_A_NUMBER: _Words("The port is not a number.", "It was typed by hand or cut."),
    FlawKind.PORT_OUT_OF_RANGE: _Words("There is no such port: ports are 1 to 65535.", "It was typed by hand or cut."),
    FlawKind.PORT_WITH_ZEROS: _Words(
        "The port has leading zeros; Facebook compares the address exactly.", "It was typed by hand."
    ),
    FlawKind.PORT_OF_OTHER_SCHEME: _Words(
        "Port {number} does not fit the beginning of the address.", "Matillion may be behind a load balancer."
    ),
    FlawKind.NO_PATH: _Words(
        "The address has only a host; Matillion's callback has a path.",
        "Only the first part of the address was copied.",
    ),
    FlawKind.FRAGMENT: _Words(
        "The address has a fragment: the # and what follows it never reach a server.",
        "It was copied from a browser, which adds a fragment.",
        "Facebook accepts no redirect address with a fragment.",
    ),
    FlawKind.TRAILING_SLASH: _Words(
        "This and the callback URL differ in the trailing slash.", "A browser or a person added or removed the slash."
    ),
    FlawKind.DIFFERS: _Words(
        "This differs from the callback URL known so far.", "The two addresses come from different places or times."
    ),
    FlawKind.MATILLION_LOGIN: _Words(
        "This is Matillion's login page (/j_security_check), not its OAuth callback.",
        "It was copied from the settings for logging in to Matillion.",
        "The authorization returns to a page that cannot use it.",
    ),
    FlawKind.ADDRESS_ENCODED: _Words(
        "The whole address is percent-encoded.", "It was copied from inside another address."
    ),
    FlawKind.DOUBLE_ENCODED: _Words(
        "The address is percent-encoded twice.", "Two programs encoded the address, one after the other."
    ),
    FlawKind.NEEDLESS_PERCENT: _Words(
        "A character is percent-encoded that need not be; Facebook compares the address exactly.",
        "A program encoded more than needed.",
    ),
    FlawKind.PERCENT_LOWER_CASE: _Words(
        "The percent-encoding has small letters; Facebook compares the address exactly.",
        "Programs write percent-encoding differently.",
    ),
    # the addresses of a login
    FlawKind.UNKNOWN_HOST: _Words(
        "This host is not Facebook's. {where}", "The address was typed by hand, or it is an imitation."
    ),
    FlawKind.NOT_THE_DIALOG: _Words(
        "This is not the login dialog: its path is /vX.Y/dialog/oauth.", "Another page of Facebook's was copied."
    ),
    FlawKind.LOGIN_PAGE: _Words(
        "This is Facebook's login page; the login address is in its next= parameter.",
        "The address was copied before logging in to Facebook.",
    ),
    FlawKind.NO_CLIENT_ID: _Words("The login address has no client_id.", "The end of the address was lost."),
    FlawKind.CLIENT_ID_WITH_BLANK: _Words(
        "The client_id has a blank or invisible character. Fix it in Matillion's OAuth entry.",
        "The App ID was pasted into Matillion with it.",
    ),
    FlawKind.CLIENT_ID_NOT_DIGITS: _Words(
        "The client_id is no App ID. An App ID has only digits.", "Another value was pasted into Matillion."
    ),
    FlawKind.CLIENT_ID_DIFFERS: _Words(
        "The client_id is not the App ID of this profile.", "The address belongs to another app."
    ),
    FlawKind.NO_REDIRECT_URI: _Words("The login address has no redirect_uri.", "The end of the address was lost."),
    FlawKind.REDIRECT_URI_WITH_BLANK: _Words(
        "The redirect_uri has a blank or invisible character.", "The callback was pasted with it."
    ),
    FlawKind.REDIRECT_URI_NOT_AN_ADDRESS: _Words("The redirect_uri is not a full address.", "It was cut."),
    FlawKind.REDIRECT_URI_DIFFERS: _Words(
        "The redirect_uri is not the callback URL of this profile.",
        "The two addresses come from different places or times.",
    ),
    FlawKind.CODE_IN_DIALOG: _Words(
        "This login address contains a code, which is secret. Copy the address again.",
        "Two addresses were mixed up, or a login was repeated.",
    ),
    FlawKind.NO_CODE: _Words(
        "No code found. When the login has finished, copy the full address.",
        "The address was copied before the login had finished, or its end was lost.",
    ),
    FlawKind.CODE_ALONE: _Words(
        "This is the code without its address, so its login cannot be confirmed.",
        "Only the code was copied out of the address.",
        "The login is not accepted.",
    ),
    FlawKind.NO_STATE: _Words(
        "The address has no state, so its login cannot be confirmed.", "The end of the address was probably lost."
    ),
    FlawKind.STATE_DIFFERS: _Words(
        "This address is from another login. Log in again with the address shown now.",
        "The address belongs to an earlier login.",
        "The login is not accepted.",
    ),
    FlawKind.OTHER_LOGIN: _Words(
        "This does not begin with the redirect address of this login.", "The address belongs to another login."
    ),
    FlawKind.ENDING_ENCODED: _Words(
        "The #_=_ that Facebook appends is percent-encoded, so it would count as part of the answer.",
        "The address was copied through another program.",
    ),
    FlawKind.REFUSAL: _Words(
        "Facebook answered this login with an error.", "The login was canceled or refused.", "There is no token in it."
    ),
}
_NOT_NAMED = (FlawKind.HTML_ENTITY, FlawKind.PERCENT_ENCODED, FlawKind.WRITTEN_ESCAPE, FlawKind.ESCAPE_SEQUENCE)
"""Kinds of several ASCII characters, whose names would not help."""


def with_article(field: Field) -> str:
    """Return the title of a field with its article, as in `an App ID`."""
    return f"{'an' if TITLES[field][0] in 'Aa' else 'a'} {TITLES[field]}"


def titled(field: Field) -> str:
    """Return the title of a field as the beginning of a line."""
    return TITLES[field][:1].upper() + TITLES[field][1:]


def flaw_text(field: Field, flaw: Flaw, others: Sequence[Flaw] = ()) -> Text:
    """Return what is wrong (a noun with its place, or whole sentences), how it likely happened, and what it causes.

    `others` are more flaws of the same kind. Never holds a piece of a secret.
    """
    by_severity = {Severity.BLOCKS: _EFFECTS[field], Severity.SUSPICIOUS: _MAY_WORK, Severity.NOTE: _NO_ACTION}
    effect = by_severity[flaw.severity]
    if flaw.kind in _NOUNS:
        return Text(_noun_and_place(field, flaw, others), _NOUNS[flaw.kind][1], hint=effect)
    words = _SENTENCES[flaw.kind]
    facts = _facts(field, flaw)
    return Text(words.what.format_map(facts), words.cause.format_map(facts), hint=words.effect or effect)


def _noun_and_place(field: Field, flaw: Flaw, others: Sequence[Flaw]) -> str:
    noun = _NOUNS[flaw.kind][0]
    characters = dict.fromkeys(chain(*(each.characters for each in (flaw, *others))))
    names = [f"{char.name} {char.notation}" for char in characters]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    listed = f"{', '.join(names[:_MOST_NAMED])}{more}"
    size = f" ({flaw.end - flaw.start} characters)" if flaw.end - flaw.start > 1 else ""
    if flaw.kind is FlawKind.EMPTY:
        return f"{noun}, only {listed}{size}" if names else f"{noun}, the {TITLES[field]} is missing"
    place = f"after character {flaw.start}" if flaw.start else "at the start"
    again = f" and in {len(others)} more place{'s' if len(others) > 1 else ''}" if others else ""
    if flaw.side in (Side.LEADING, Side.TRAILING):
        noun = f"{flaw.side} {noun}"
    if names and flaw.kind not in _NOT_NAMED:
        noun += f" inside, {listed}" if flaw.side is Side.INSIDE else f", {listed}"
    return f"{noun}{size} {place}{again}"


def _facts(field: Field, flaw: Flaw) -> dict[str, str]:
    unit = "digit" if field == "app_id" else "character"
    shortest, longest = LENGTHS.get(field, (0, 0))
    return {
        "title": TITLES[field],
        "a_title": with_article(field),
        "where": _WHERE[field],
        "form": _FORMS.get(field, ""),
        "subject": f'"{flaw.quoted}" contains letters' if flaw.quoted else f"This is not {with_article(field)}",
        "counted": f"{flaw.number} {unit}{'s' if flaw.number != 1 else ''}",
        "length": str(shortest) if shortest == longest else f"{shortest} to {longest}",
        "times": "twice" if flaw.number == 2 else f"{flaw.number} times",
        "number": str(flaw.number),
        "rounded": ""
        if flaw.fixable
        else ", and the digits after the 15th may be rounded. Copy it from Meta's console",
        "elsewhere": _ELSEWHERE.get(flaw.shape, "").format(a_title=with_article(field)) if flaw.shape else "",
        "family": _FAMILIES.get(flaw.shape, "") if flaw.shape else "",
        "other": TITLES[flaw.other] if flaw.other else "",
    }


def describe(field: Field, flaw: Flaw) -> str:
    """Return what is wrong in one line, as in `trailing space, SPACE U+0020 after character 32`."""
    return flaw_text(field, flaw).what


def message(field: Field, flaw: Flaw, others: Sequence[Flaw] = ()) -> str:
    """Return what is wrong as one or more whole sentences."""
    what = flaw_text(field, flaw, others).what
    return f"{what[:1].upper()}{what[1:]}." if flaw.kind in _NOUNS else what


def flaw_lines(field: Field, flaws: Iterable[Flaw], prefix: str = "") -> Iterator[str]:
    """Return each flaw as `error: what is wrong`, after the prefix, and an indented line with cause and effect."""
    for first, *others in grouped(flaws):
        text = flaw_text(field, first, others)
        yield f"{prefix}{SEVERITIES[first.severity]}: {text.what}"
        yield f"  {text.why} {text.hint}"
