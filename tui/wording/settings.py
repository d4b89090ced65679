"""Words for settings: what is wrong with `config.toml`, the home or the changed keys, and what to do."""

from typing import assert_never

from tui.actions import shown_key
from tui.harmless import harmless
from tui.likely import closest
from tui.settings import META_GRAPH_URL, Problem, SettingsError
from tui.settings.errors import KeyFault, KeymapProblem
from tui.settings.schema import NEWEST_VERSION, Declared, Kind, UnknownKey
from tui.wording.text import Action, Do, Text

_KINDS = {
    Kind.TEXT: "text in quotes",
    Kind.NUMBER: "a whole number",
    Kind.SWITCH: "true or false",
    Kind.TEXTS: "a list of texts in quotes",
    Kind.TABLE: "a table",
}
_UNCHANGED = "Correct it there. The file was not changed."
_HOME_HINT = "Correct that folder's owner, mode or mount, or set IGAUTH_HOME to another folder."


def settings_error(error: SettingsError) -> Text:
    """Return what is wrong with the settings or the home."""
    key, path, detail = error.key, error.path, error.detail
    where = _where(error)
    named = f"{where}{key}" if key else str(path)
    match error.problem:
        case Problem.SYNTAX:
            return Text(f"{where}This is not valid TOML: {detail}.", hint=_UNCHANGED)
        case Problem.ENCODING:
            return Text(f"{path} is not UTF-8 text (byte {detail}).", hint="Save it as UTF-8. It was not changed.")
        case Problem.UNREADABLE:
            return Text(f"{path} cannot be read: {detail}.", hint="Check that path, its owner and mode.")
        case Problem.UNWRITABLE:
            return Text(
                f"{path} cannot be written: {detail}. Nothing was changed.",
                hint="Check the folder's owner, mode and free space.",
            )
        case Problem.LOCKED:
            return Text(f"Another igauth is changing {path}. Nothing was changed.", hint="Try again.")
        case Problem.WRONG_TYPE | Problem.OUT_OF_RANGE:
            return Text(f"{named} must be {_expected(error.expected)}.", hint=_UNCHANGED)
        case Problem.NOT_A_VERSION:
            return Text(f'{named} must be a version such as "{NEWEST_VERSION}".', hint=_UNCHANGED)
        case Problem.ADDRESS_WITH_USER:
            return Text(f"{named} contains a user name or password.", hint="Remove the part before the @.")
        case Problem.NOT_A_BASE_ADDRESS:
            return Text(
                f"{named} must be a base address without version or path.",
                hint=f"Use an address such as {META_GRAPH_URL} or http://127.0.0.1:8000.",
            )
        case Problem.ADDRESS_LOCALHOST:
            return Text(
                f"{named} uses localhost, which can resolve to another machine.",
                hint="Use http://127.0.0.1 or http://[::1].",
            )
        case Problem.ADDRESS_INSECURE:
            return Text(
                f"{named} must begin with https://.",
                "Secrets are sent there. Plain http is allowed for 127.0.0.1 and [::1] only.",
            )
        case Problem.PROFILE_NAME:
            return Text(
                f"{where}{key.partition('.')[2]!r} cannot be a profile's name. A name has 1 to 64 letters, digits,"
                " dots, dashes or underscores.",
                hint="Choose another name.",
            )
        case Problem.PROFILE_EXISTS:
            return Text(f"There is already a profile named {key.partition('.')[2]}.", hint="Choose another name.")
        case Problem.NO_PROFILE:
            return Text("There is no profile yet.", next=Action(Do.ADD_PROFILE))
        case Problem.HOME_BROKEN_LINK:
            return _unusable(error, f"{key} is a link to a missing file")
        case Problem.HOME_NOT_A_FOLDER:
            return _unusable(error, f"{key} is not a folder")
        case Problem.HOME_UNREADABLE:
            return _unusable(error, f"{key} cannot be read: {detail}")
        case Problem.HOME_UNWRITABLE:
            return _unusable(error, f"{key} cannot be written" + (f": {detail}" if detail else ""))
        case _:
            assert_never(error.problem)


def _unusable(error: SettingsError, why: str) -> Text:
    return Text(f"The home {error.path} cannot be used: {why}.", hint=_HOME_HINT)


def _where(error: SettingsError) -> str:
    if error.path is None:
        return ""
    place = f", line {error.place.line}, column {error.place.column}" if error.place else ""
    return f"{error.path}{place}: "


def _expected(expected: Kind | Declared | None) -> str:
    if isinstance(expected, Declared):
        lowest, highest = expected.key.limits or (0, 0)
        return f"a number from {lowest} to {highest}"
    return _KINDS[expected] if expected is not None else ""


def unknown_key(key: UnknownKey) -> str:
    """Return the notice about a key that is ignored, as in `Unknown key "window" ignored. Did you mean ...?`."""
    table, _, name = key.key.rpartition(".")
    meant = closest(name, key.declared)
    suggestion = f' Did you mean "{table}.{meant}"?' if table else f' Did you mean "{meant}"?'
    return f'Unknown key "{key.key}" ignored.{suggestion if meant else ""}'


def keymap_problem(problem: KeymapProblem) -> str:
    """Return what is wrong with an entry of [keys], in one sentence."""
    entry, key = f"keys.{harmless(problem.action)}", shown_key(harmless(problem.key))
    suggestion = f" Did you mean {problem.other}?" if problem.other else ""
    match problem.fault:
        case KeyFault.UNKNOWN_ACTION:
            return f"{entry} is not an action.{suggestion}"
        case KeyFault.NO_KEY:
            return f"{entry} names no key. The default key is used."
        case KeyFault.RESERVED:
            return f"{entry}: many terminals do not send {problem.key} to programs."
        case KeyFault.UNKNOWN_KEY:
            return f"{entry}: {harmless(problem.key)} is not a key.{suggestion}"
        case KeyFault.CONFLICT:
            return f"{key} is bound to both {problem.other} and {problem.action}."
        case _:
            assert_never(problem.fault)
