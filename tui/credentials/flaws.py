"""The values of this package: the fields, the kinds of flaws, and a flaw with its place and facts."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal, NamedTuple, get_args

Field = Literal["app_id", "app_secret", "client_token", "token", "callback_url", "pasted_redirect", "dialog_url"]
FIELDS: tuple[Field, ...] = get_args(Field)
SECRETS: tuple[Field, ...] = ("app_secret", "client_token", "token")
SHOWN: tuple[Field, ...] = ("app_id", "callback_url", "dialog_url")
"""Fields that are no secret and contain none."""
Context = Mapping[Field, str]
"""The values of other fields, where they are known."""


class Severity(StrEnum):
    """How certain it is that a value with this flaw does not work; the gravest first."""

    BLOCKS = "blocks"
    SUSPICIOUS = "suspicious"
    NOTE = "note"


class FlawKind(StrEnum):
    """Everything that can be wrong with a value. The order matters to `INVISIBLE`, `AT_EDGES` and `OF_CHARACTERS`.

    Rules find them: `flaw_rules.py`, `access_token.py`, `callback.py`, `logins.py`. `wording/flaws.toml` has the words.
    """

    # characters that no credential contains and that can be removed without losing a part of the value
    SPACE = "space"
    TAB = "tab"
    LINE_BREAK = "line_break"
    BYTE_ORDER_MARK = "byte_order_mark"
    SOFT_HYPHEN = "soft_hyphen"
    ZERO_WIDTH = "zero_width"
    BLANK_LETTER = "blank_letter"
    DIRECTION_MARK = "direction_mark"
    VARIATION_SELECTOR = "variation_selector"
    TAG_CHARACTER = "tag_character"
    FORMAT_CHARACTER = "format_character"
    COMBINING_MARK = "combining_mark"
    CONTROL_CHARACTER = "control_character"
    LONE_SURROGATE = "lone_surrogate"
    PRIVATE_USE = "private_use"
    UNASSIGNED = "unassigned"
    OBJECT_CHARACTER = "object_character"
    EMOJI = "emoji"

    # characters that may stand for a part of the value, but not at its ends
    QUOTE = "quote"
    ANGLE_BRACKET = "angle_bracket"
    BRACKET = "bracket"
    PUNCTUATION = "punctuation"
    BACKSLASH = "backslash"
    SHELL_MARK = "shell_mark"
    SYMBOL = "symbol"

    # characters that may stand for a part of the value
    REPLACEMENT_CHARACTER = "replacement_character"
    STRAY_PERCENT = "stray_percent"
    LETTER = "letter"
    DIGIT = "digit"
    FOREIGN_LETTER = "foreign_letter"
    LOOK_ALIKE = "look_alike"
    UPPER_CASE = "upper_case"
    NON_ASCII_DIGIT = "non_ascii_digit"
    INTERNATIONALIZED_HOST = "internationalized_host"
    MASKED = "masked"
    TRUNCATED = "truncated"
    THOUSANDS_SEPARATOR = "thousands_separator"

    # several characters that are written for others
    ESCAPE_SEQUENCE = "escape_sequence"
    PERCENT_ENCODED = "percent_encoded"
    HTML_ENTITY = "html_entity"
    WRITTEN_ESCAPE = "written_escape"
    # up to here messages name the characters, which of the kinds below could be a piece of a secret

    # text copied with the value
    LABEL = "label"
    BEARER = "bearer"
    JSON_FRAGMENT = "json_fragment"
    MARKUP = "markup"
    PASTED_ALONG = "pasted_along"
    APP_ID_BEFORE = "app_id_before"

    # the value as a whole
    EMPTY = "empty"
    UTF_16 = "utf_16"
    PLACEHOLDER = "placeholder"
    PLACEHOLDER_INSIDE = "placeholder_inside"
    WRONG_SHAPE = "wrong_shape"
    WRONG_LENGTH = "wrong_length"
    DOUBLED = "doubled"
    TWO_VALUES = "two_values"
    TWO_ADDRESSES = "two_addresses"
    SPREADSHEET_NUMBER = "spreadsheet_number"
    DECIMALS = "decimals"
    WRONG_FIELD = "wrong_field"
    SWAPPED = "swapped"
    WRONG_FAMILY = "wrong_family"
    INSTAGRAM_PRODUCT = "instagram_product"
    THREADS_PRODUCT = "threads_product"
    INSTAGRAM_ACCOUNT = "instagram_account"
    SAME_AS_OTHER_FIELD = "same_as_other_field"
    UNUSUAL_BEGINNING = "unusual_beginning"
    UNUSUAL_CHARACTERS = "unusual_characters"
    SHORT_TOKEN = "short_token"  # noqa: S105 - the name of a flaw

    # addresses
    MISSING_SCHEME = "missing_scheme"
    MISSPELLED_SCHEME = "misspelled_scheme"
    OTHER_SCHEME = "other_scheme"
    NOT_HTTPS = "not_https"
    UPPER_CASE_SCHEME = "upper_case_scheme"
    UPPER_CASE_HOST = "upper_case_host"
    CREDENTIALS_IN_ADDRESS = "credentials_in_address"
    MISSING_HOST = "missing_host"
    BAD_HOST = "bad_host"
    LOCALHOST = "localhost"
    IP_ADDRESS = "ip_address"
    DEFAULT_PORT = "default_port"
    PORT_NOT_A_NUMBER = "port_not_a_number"
    PORT_OUT_OF_RANGE = "port_out_of_range"
    PORT_WITH_ZEROS = "port_with_zeros"
    PORT_OF_OTHER_SCHEME = "port_of_other_scheme"
    NO_PATH = "no_path"
    FRAGMENT = "fragment"
    TRAILING_SLASH = "trailing_slash"
    DIFFERS = "differs"
    MATILLION_LOGIN = "matillion_login"
    ADDRESS_ENCODED = "address_encoded"
    ADDRESS_PACKED = "address_packed"
    DOUBLE_ENCODED = "double_encoded"
    NEEDLESS_PERCENT = "needless_percent"
    PERCENT_LOWER_CASE = "percent_lower_case"

    # the addresses of a login
    UNKNOWN_HOST = "unknown_host"
    NOT_THE_DIALOG = "not_the_dialog"
    LOGIN_PAGE = "login_page"
    NO_CLIENT_ID = "no_client_id"
    CLIENT_ID_WITH_BLANK = "client_id_with_blank"
    CLIENT_ID_NOT_DIGITS = "client_id_not_digits"
    CLIENT_ID_DIFFERS = "client_id_differs"
    NO_REDIRECT_URI = "no_redirect_uri"
    REDIRECT_URI_WITH_BLANK = "redirect_uri_with_blank"
    REDIRECT_URI_NOT_AN_ADDRESS = "redirect_uri_not_an_address"
    REDIRECT_URI_DIFFERS = "redirect_uri_differs"
    CODE_IN_DIALOG = "code_in_dialog"
    NO_CODE = "no_code"
    CODE_ALONE = "code_alone"
    NO_STATE = "no_state"
    STATE_DIFFERS = "state_differs"
    OTHER_LOGIN = "other_login"
    ENDING_ENCODED = "ending_encoded"
    REFUSAL = "refusal"


_KINDS = list(FlawKind)
INVISIBLE = frozenset(_KINDS[: _KINDS.index(FlawKind.EMOJI) + 1])
AT_EDGES = frozenset(_KINDS[_KINDS.index(FlawKind.QUOTE) : _KINDS.index(FlawKind.SYMBOL) + 1])
"""Kinds that are no part of the value at its beginning or end, though they may be inside."""
OF_CHARACTERS = frozenset((*_KINDS[: _KINDS.index(FlawKind.WRITTEN_ESCAPE) + 1], FlawKind.EMPTY))
"""Kinds whose characters may be named; of every other kind they could be a piece of a secret."""


class Shape(StrEnum):
    """What a value looks like, by its form alone."""

    APP_ID = "app_id"
    HEX = "hex"
    APP_SECRET = "app_secret"  # noqa: S105 - the name of a shape
    CLIENT_TOKEN = "client_token"  # noqa: S105
    TOKEN = "token"  # noqa: S105
    APP_TOKEN = "app_token"  # noqa: S105
    INSTAGRAM_TOKEN = "instagram_token"  # noqa: S105
    THREADS_TOKEN = "threads_token"  # noqa: S105
    CODE = "code"
    ADDRESS = "address"
    LOGIN_ADDRESS = "login_address"
    REDIRECTED_ADDRESS = "redirected_address"


class Side(StrEnum):
    """Where a flaw is, relative to the value."""

    LEADING = "leading"
    TRAILING = "trailing"
    INSIDE = "inside"
    OTHER = "other"


class Character(NamedTuple):
    """One code point and the name Unicode gives it."""

    code_point: int
    name: str

    @property
    def notation(self) -> str:
        """The usual way to write it, as in `U+00A0`."""
        return f"U+{self.code_point:04X}"


class Flaw(NamedTuple):
    """One thing that is wrong with a text, and where.

    `start` and `end` are code points, `end` exclusive. `proposal` is the text to put in its place, None where only
    the person can know. `side` is where it is relative to the value. `characters` names what is
    there, for kinds of `OF_CHARACTERS`. The other facts are set where the kind has them: `number`
    (characters, repetitions, or a port), `shape` (what the value looks like), `other` (the field that holds the same
    value), `quoted` (the value, where it cannot be a secret). Nothing here holds a piece of a secret.
    """

    kind: FlawKind
    start: int
    end: int
    proposal: str | None = None
    severity: Severity = Severity.BLOCKS
    side: Side = Side.OTHER
    characters: tuple[Character, ...] = ()
    number: int = 0
    shape: Shape | None = None
    other: Field | None = None
    quoted: str = ""

    @property
    def fixable(self) -> bool:
        """Whether it can be fixed without asking."""
        return self.proposal is not None


def is_fixable(flaws: Iterable[Flaw]) -> bool:
    """Return whether nothing but notes remains once what can be fixed is fixed."""
    return all(flaw.fixable or flaw.severity is Severity.NOTE for flaw in flaws)


LENGTHS: Mapping[Field, tuple[int, int]] = {"app_id": (12, 18), "app_secret": (32, 32), "client_token": (32, 32)}
"""The least and the most characters of a value, where that is known (graph-api.md section 12)."""
