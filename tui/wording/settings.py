"""Words for settings: what is wrong with `config.toml`, the home or the changed keys, and what to do."""

from shlex import quote

from tui.actions import shown_key
from tui.harmless import harmless
from tui.likely import closest, suggestion
from tui.settings import META_GRAPH_URL, SettingsError
from tui.settings.errors import KeymapProblem
from tui.settings.schema import NEWEST_VERSION, Declared, Destination, IgnoredKeys, Kind, UnknownKey, declared_keys
from tui.wording.names import not_a_name
from tui.wording.text import Text
from tui.wording.texts import phrase, text_of


def settings_error(error: SettingsError) -> Text:
    """Return what is wrong with the settings or the home."""
    facts: dict[str, object] = {
        "where": _where(error),
        "path": harmless(str(error.path or "")),
        "quoted": quote(str(error.path or "")),
        "key": error.key,
        "name": error.key.partition(".")[2],
        "rule": not_a_name(error.key.partition(".")[2]),
        "detail": error.detail,
        "reason": f": {error.detail}" if error.detail else "",
        "expected": _expected(error.expected),
        "newest_version": NEWEST_VERSION,
        "meta": META_GRAPH_URL,
        "deliver_keys": ", ".join(declared_keys(Destination)),
        "suggestion": suggestion(error.key.rpartition(".")[2], declared_keys(Destination)),
    }
    if error.character:
        facts |= _foreign(error.character, error.detail)
    return text_of("settings", error.problem, facts, "problem")


def _foreign(foreign: str, plain: str) -> dict[str, object]:
    from tui.credentials.characters import character  # only where something is wrong

    code = "nothing" if not plain else "space" if plain == " " else "character"
    found, instead = character(foreign), phrase("settings", "instead", code).format(plain=plain)
    return {"character": f"{found.name} {found.notation}", "instead": instead}


def _where(error: SettingsError) -> str:
    if error.path is None:
        return ""
    place = f", line {error.place.line}, column {error.place.column}" if error.place else ""
    return f"{harmless(str(error.path))}{place}: "


def _expected(expected: Kind | Declared | None) -> str:
    if isinstance(expected, Declared):
        if expected.key.choices:
            return " or ".join(f'"{choice}"' for choice in expected.key.choices)
        lowest, highest = expected.key.limits or (0, 0)
        return f"a number from {lowest} to {highest}"
    return phrase("settings", "kind", expected.name.lower()) if expected is not None else ""


def ignored_keys(ignored: IgnoredKeys) -> Text:
    """Return the notice about keys that are not obeyed because others can change the file."""
    facts = {
        "path": ignored.path,
        "quoted": quote(str(ignored.path)),
        "mode": f"{ignored.mode:04o}",
        "owner": ignored.owner,
        "keys": ", ".join(ignored.keys),
        "withheld": "" if ignored.graph_url == META_GRAPH_URL else "Nothing is sent to Facebook meanwhile.",
    }
    return text_of("settings", "owner" if ignored.owner else "others", facts, "ignored")


def unknown_key(key: UnknownKey) -> str:
    """Return the notice about a key that is ignored, as in `Unknown key "window" in config.toml ignored.`."""
    table, _, name = key.key.rpartition(".")
    meant = closest(name, key.declared)
    whole = f"{table}.{meant}" if table else meant
    return f'Unknown key "{key.key}" in config.toml ignored.' + (f' Did you mean "{whole}"?' if meant else "")


def keymap_problem(problem: KeymapProblem) -> str:
    """Return what is wrong with an entry of [keys], in one sentence."""
    facts = {
        "entry": f"keys.{harmless(problem.action)}",
        "action": problem.action,
        "other": problem.other,
        "key": shown_key(harmless(problem.key)),
        "typed": harmless(problem.key),
        "suggestion": f" Did you mean {problem.other}?" if problem.other else "",
    }
    return text_of("settings", problem.fault, facts, "keys").what
