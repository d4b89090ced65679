"""Writes `docs/settings.md` from the declarations: `python -m tests.settings.reference_page`."""

import json
from pathlib import Path

from tui.settings.schema import (
    Declared,
    Destination,
    Form,
    Hooks,
    Kind,
    MatillionTarget,
    Profile,
    Settings,
    declared_keys,
)

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"

_INTRODUCTION = """\
# Settings

`config.toml` is in the platform's configuration folder (`igauth doctor` prints the path), or in the folder that
`IGAUTH_HOME` names: a regular file in UTF-8 (a byte order mark may be at its start) of at most 1 MB. It holds no
secret. igauth changes it in place: comments, order and keys that it does not know stay as they are. Every key is
optional. An option comes before the environment, the environment before the file, and the file before the default.

```toml
window_days = 10

[profiles.acme]
app_id = "1234567890123456"
callback_url = "https://etl.example.com/rest/v0/oauth/callback"

[keys]
refresh_selected = "f11"

[hooks]
expired = ["/usr/local/bin/notify", "--urgent"]
```

Keys that run commands or say where secrets go ({guarded}) are obeyed only from a file that nobody
else can change: others may write neither `config.toml` nor its folder. Until then they are ignored with a notice. A
`config.toml` that belongs to another user than you or root is not used at all.

This page is made from the declarations in `tui/settings/schema.py`: `python -m tests.settings.reference_page`.
"""
_KINDS = {Kind.TEXT: "text", Kind.NUMBER: "whole number", Kind.SWITCH: "`true` or `false`", Kind.TEXTS: "list of texts"}
_FORMS = {Form.VERSION: "version, such as `v26.0`", Form.ADDRESS: "https address", Form.VARIABLE: "name of a variable"}


def page() -> str:
    """Return the reference page."""
    return "\n".join(
        (
            _INTRODUCTION.replace("{guarded}", _guarded_keys()),
            _section("Top level", "", Settings),
            _section("[profiles.NAME]", "One table for each registered Facebook app.", Profile),
            _section("[profiles.NAME.matillion]", "The Matillion ETL instance of a profile.", MatillionTarget),
            _section(
                "[hooks]",
                "Each command is a list of its name and arguments; no shell reads it. Its environment has the facts.",
                Hooks,
            ),
            _section(
                "[[deliver]]",
                "One entry for each place that gets tokens; it needs `tokens` or `profile`, and `command` or `file`."
                "\n`{name}` in an argument or in the file's path is the token's name. See [delivery.md](delivery.md).",
                Destination,
            ),
            "## [keys]\n",
            "One entry for each action, with one or more keys separated by commas, such as"
            ' `refresh_selected = "f11"`.\nThe manual page (`igauth manual`) lists the actions, `igauth doctor` reports'
            " keys that cannot work.\n",
        )
    )


def _guarded_keys() -> str:
    names = [declared.name for declared in declared_keys(Settings).values() if declared.key.is_guarded]
    target = [declared.name for declared in declared_keys(MatillionTarget).values() if declared.key.is_guarded]
    return ", ".join(f"`{name}`" for name in (*names, *target)) + ", `[hooks]`, `[[deliver]]`"


def _section(title: str, about: str, table: type) -> str:
    rows = [_row(declared) for declared in declared_keys(table).values()]
    head = ["| key | value | default | meaning |", "| --- | --- | --- | --- |"]
    return "\n".join((f"## {title}\n", *([f"{about}\n"] if about else []), *head, *rows, ""))


def _row(declared: Declared) -> str:
    key = declared.key
    value = _FORMS.get(key.form, _KINDS[declared.kind])
    if key.choices:
        value = ", ".join(f"`{choice}`" for choice in key.choices)
    if key.limits is not None:
        value += f", {key.limits[0]} to {key.limits[1]}"
    default = "" if declared.default in (None, "", ()) else f"`{json.dumps(declared.default)}`"
    variable = f" Environment: `{key.variable}`." if key.variable else ""
    return f"| `{declared.name}` | {value} | {default} | {key.about}{variable} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
