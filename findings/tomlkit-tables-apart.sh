#!/usr/bin/env bash
# tomlkit 0.15.2, Python 3.11: a table whose parts stand apart in the file is not the mapping it looks like.
#
# Input, valid TOML, as people write who add a team at the end of a file:
#     [team.red]
#     size = 3
#     [rules]
#     open = true
#     [team.blue]
#     size = 1
# `document["team"]` is an OutOfOrderTableProxy there, a MutableMapping by its type. Seen:
#   1. team.setdefault("green", {})["size"] = 5   raises nothing, and `green` is empty in memory and in the text.
#      With the parts side by side the same line stores 5.
#   2. team.clear()                               raises IndexError: list index out of range.
# So code that is tested with a tidy file loses a value, or stops, with the file of somebody else.
# What helps: assign the finished table in one step (team["green"] = {"size": 5} works), and compare before writing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check tomlkit==0.15.2
"$folder/venv/bin/python" - <<'PYTHON'
import tomllib

import tomlkit

APART = "[team.red]\nsize = 3\n[rules]\nopen = true\n[team.blue]\nsize = 1\n"
TIDY = "[team.red]\nsize = 3\n[team.blue]\nsize = 1\n[rules]\nopen = true\n"


def green_of(text: str) -> dict:
    document = tomlkit.parse(text)
    document["team"].setdefault("green", {})["size"] = 5
    assert document.unwrap()["team"]["green"] == tomllib.loads(tomlkit.dumps(document))["team"]["green"]
    return document.unwrap()["team"]["green"]


tidy, apart = green_of(TIDY), green_of(APART)
print("green, parts side by side:", tidy)
print("green, parts apart:       ", apart)
assert (tidy, apart) == ({"size": 5}, {})
document = tomlkit.parse(TIDY)
document["team"].clear()
try:
    tomlkit.parse(APART)["team"].clear()
except IndexError as error:
    print("clear, parts apart:        IndexError:", error)
else:
    raise AssertionError("clear() works")
PYTHON
echo "as described"
