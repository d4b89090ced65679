"""The rules for the two addresses of a login: the one that starts it and the one that the browser ends at.

Shapes as in graph-api.md section 2: `.../vX.Y/dialog/oauth?client_id=&redirect_uri=&state=`, and
`REDIRECT?code=...&state=...#_=_`.
"""

import re
from urllib.parse import unquote

from tui.credentials.addresses import Address, Parameter, allowed_or_none, parameter_of, parameters, read_address
from tui.credentials.callback import authority_flaws, host_of, is_local, scheme_flaws
from tui.credentials.characters import kind_of
from tui.credentials.flaws import INVISIBLE, Context, Field, Flaw, FlawKind, Severity, Shape, is_fixable
from tui.credentials.packed_answers import has_marked_lines, packed_answer
from tui.credentials.shapes import shape_of

_ANSWER = re.compile(r"(?:^|[?&#])(?:code|access_token|error(?:_[a-z]+)?)=.")
_ENCODED_ENDING = re.compile(r"%23_(?:=|%3D)_$", re.IGNORECASE)
"""`#_=_`, which Facebook appends, percent-encoded by the program it was copied through."""
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
"""A server that redirects from http to https changes it."""
_META_HOST = re.compile(r"(?:[a-z0-9-]+\.)*facebook\.com", re.IGNORECASE)
_DIALOG_PATH = re.compile(r"(?:/v[0-9]+\.[0-9]+)?/dialog/oauth/?")
_DIALOG = re.compile(r"https?://[^/]+(?:/v[0-9.]+)?/dialog/oauth\?")
_FIT_FOR_LOGIN = (FlawKind.IP_ADDRESS, FlawKind.LOCALHOST, FlawKind.DEFAULT_PORT)
_FIT_FOR_REDIRECT = (
    *(*_FIT_FOR_LOGIN, FlawKind.CREDENTIALS_IN_ADDRESS, FlawKind.UPPER_CASE_HOST),
    *(FlawKind.NOT_HTTPS, FlawKind.UPPER_CASE_SCHEME),
)
"""Flaws of a callback that do not matter here."""
_DIFFERENCES = (FlawKind.CLIENT_ID_DIFFERS, FlawKind.REDIRECT_URI_DIFFERS, FlawKind.TRAILING_SLASH)


# --- the redirected address -------------------------------------------------------------------------------------


def redirect_flaws(field: Field, text: str, context: Context) -> list[Flaw]:
    """Return every flaw of the address that a browser ended at after the login.

    Where a character alone does not tell whether it is a part of it, but the login reads it, that is one flaw.
    """
    flaws = _flaws_of_redirect(field, text, context)
    are_marked = has_marked_lines(text)
    if is_fixable(flaws) and not are_marked:
        return flaws
    answer = packed_answer(text)
    if answer not in (None, text) and is_fixable(_flaws_of_redirect(field, answer, context)):
        if [flaw.kind for flaw in flaws] == [FlawKind.MISSING_SCHEME]:
            return [flaws[0]._replace(proposal=answer)]
        return [Flaw(FlawKind.ADDRESS_PACKED, 0, len(text), answer)]
    is_unsure = FlawKind.LINE_BREAK if are_marked else None
    return [flaw._replace(proposal=None) if flaw.kind is is_unsure else flaw for flaw in flaws]


def _flaws_of_redirect(field: Field, text: str, context: Context) -> list[Flaw]:
    flaws, address = read_address(field, text, context)
    if address is None:
        if _is_code(text):
            return [Flaw(FlawKind.CODE_ALONE, 0, len(text), severity=Severity.SUSPICIOUS)]
        return flaws
    parts = address.parts
    if parts is None and not _ANSWER.search(address.text):
        is_code = _is_code(address.text)
        severity = Severity.SUSPICIOUS if is_code else Severity.BLOCKS
        return [*flaws, address.whole(FlawKind.CODE_ALONE if is_code else FlawKind.NO_CODE, severity=severity)]
    if parts is None:
        return [*flaws, *(flaw._replace(severity=Severity.SUSPICIOUS) for flaw in scheme_flaws(address))]
    of_address = [*scheme_flaws(address), *authority_flaws(address, parts)]
    flaws += [flaw for flaw in of_address if flaw.kind not in _FIT_FOR_REDIRECT]
    if _DIALOG_PATH.fullmatch(parts["path"]):
        return [*flaws, address.whole(FlawKind.WRONG_FIELD)._replace(shape=Shape.LOGIN_ADDRESS)]
    return [*flaws, *_answer_flaws(address, parts, context)]


def _is_code(text: str) -> bool:
    """Return whether a text is the code of a login, alone or with its state behind a hash."""
    return shape_of(text.strip().partition("#")[0]) is Shape.CODE


def _answer_flaws(address: Address, parts: re.Match[str], context: Context) -> list[Flaw]:
    given = parameters(parts, "query") | parameters(parts, "fragment")
    if given.keys() & {"error", "error_code", "error_reason", "error_message"}:
        return [address.whole(FlawKind.REFUSAL, severity=Severity.NOTE)]
    answer = given.get("code") or given.get("access_token")
    if answer is None or not answer.raw:
        return [address.whole(FlawKind.NO_CODE)]
    dialog = context.get("dialog_url", "")
    flaws = _other_login(address, parts, parameter_of(dialog, "redirect_uri"))
    ending = _ENCODED_ENDING.search(address.text)
    if ending is not None:
        return [*flaws, address.flaw(FlawKind.ENDING_ENCODED, *ending.span(), "", Severity.SUSPICIOUS)]
    asked, state = parameter_of(dialog, "state"), given.get("state")
    if state is None and not address.foreign:
        end = len(address.text)
        flaws.append(address.flaw(FlawKind.NO_STATE, end, end))
    elif state is not None and asked and state.value != asked:
        flaws.append(address.flaw(FlawKind.STATE_DIFFERS, state.start, state.end))
    return flaws


def _other_login(address: Address, parts: re.Match[str], asked: str) -> list[Flaw]:
    end = parts.end("path")
    given, expected = (
        _SCHEME.sub("", part).lower().rstrip("/")
        for part in (address.text[:end], re.split(r"[?#]", asked, maxsplit=1)[0])
    )
    if not asked or given == expected:
        return []
    return [address.flaw(FlawKind.OTHER_LOGIN, 0, end, severity=Severity.SUSPICIOUS)]


# --- the login address ------------------------------------------------------------------------------------------


def dialog_flaws(field: Field, text: str, context: Context) -> list[Flaw]:
    """Return every flaw of a login address (`.../dialog/oauth?...`)."""
    flaws, address = read_address(field, text, context)
    if address is None:
        return flaws
    if (parts := address.parts) is None:
        return [*flaws, *scheme_flaws(address)]
    is_dialog = _DIALOG_PATH.fullmatch(parts["path"])
    following = parameters(parts, "query").get("next")
    if not is_dialog and following is not None and _DIALOG.match(inner := unquote(following.raw)):
        return [*flaws, address.whole(FlawKind.LOGIN_PAGE, allowed_or_none(inner))]  # matillion.md section 1.5
    host = host_of(parts["authority"])
    flaws += [flaw for flaw in scheme_flaws(address) if flaw.kind is not FlawKind.NOT_HTTPS or not is_local(host)]
    flaws += [flaw for flaw in authority_flaws(address, parts) if flaw.kind not in _FIT_FOR_LOGIN]
    if host and not address.foreign and not _META_HOST.fullmatch(host) and not is_local(host):
        start = parts.start("authority") + parts["authority"].rfind(host)
        flaws.append(address.flaw(FlawKind.UNKNOWN_HOST, start, start + len(host), severity=Severity.SUSPICIOUS))
    if not is_dialog:
        return [*flaws, address.flaw(FlawKind.NOT_THE_DIALOG, *parts.span("path"))]
    return [*flaws, *_parameter_flaws(address, parameters(parts, "query"), context)]


def _parameter_flaws(address: Address, given: dict[str, Parameter], context: Context) -> list[Flaw]:
    nothing = Parameter("", len(address.text), len(address.text))
    flaws: list[Flaw] = []
    for name, rule in (("client_id", _client_id_fault), ("redirect_uri", _redirect_uri_fault), ("code", _code_fault)):
        found = given.get(name, nothing)
        parameter = found if found.raw else nothing
        if (kind := rule(parameter.value, context)) is not None:
            severity = Severity.SUSPICIOUS if kind in _DIFFERENCES else Severity.BLOCKS
            flaws.append(address.flaw(kind, parameter.start, parameter.end, severity=severity))
    return flaws


def _code_fault(code: str, _context: Context) -> FlawKind | None:
    return FlawKind.CODE_IN_DIALOG if code else None


def _client_id_fault(client_id: str, context: Context) -> FlawKind | None:
    if not client_id:
        return FlawKind.NO_CLIENT_ID
    known = context.get("app_id", "").strip()
    digits = "".join(char for char in client_id if kind_of(char) not in INVISIBLE)
    if not re.fullmatch(r"[0-9]+", digits):
        return FlawKind.CLIENT_ID_NOT_DIGITS
    if client_id != digits:
        return FlawKind.CLIENT_ID_WITH_BLANK
    return FlawKind.CLIENT_ID_DIFFERS if known and client_id != known else None


def _redirect_uri_fault(address: str, context: Context) -> FlawKind | None:
    if not address:
        return FlawKind.NO_REDIRECT_URI
    known = context.get("callback_url", "").strip()
    if not re.match(r"https?://[^/\s]", address, re.IGNORECASE):
        return FlawKind.REDIRECT_URI_NOT_AN_ADDRESS
    if any(kind_of(char) in INVISIBLE for char in address):
        return FlawKind.REDIRECT_URI_WITH_BLANK
    if not known or known == address:
        return None
    return FlawKind.TRAILING_SLASH if known.rstrip("/") == address.rstrip("/") else FlawKind.REDIRECT_URI_DIFFERS
