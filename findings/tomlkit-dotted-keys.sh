#!/usr/bin/env bash
# tomlkit 0.15.2, Python 3.11: a table that is added to dotted keys is written between them.
#
# Input, valid TOML:
#     team.red.size = 3
#     team.red.lead = "Ann"
# `document["team"]["blue"] = {"size": 1}` gives a document that equals what was wanted as long as it is in memory.
# Its text has the header [team.blue] behind the first line, so that `lead` belongs to another table when it is read:
#     team.red.size = 3
#
#     [team.blue]
#     size = 1
#     team.red.lead = "Ann"
# Seen: in memory   {'team': {'red': {'size': 3, 'lead': 'Ann'}, 'blue': {'size': 1}}}
#       read again  {'team': {'red': {'size': 3}, 'blue': {'size': 1, 'team': {'red': {'lead': 'Ann'}}}}}
# Nothing is raised. A program that edits its user's configuration this way moves a setting to where nobody looks.
# What helps: read the new text again and compare it with what was wanted, before it replaces the file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check tomlkit==0.15.2
"$folder/venv/bin/python" - <<'PYTHON'
import tomllib

import tomlkit

document = tomlkit.parse('team.red.size = 3\nteam.red.lead = "Ann"\n')
document["team"]["blue"] = {"size": 1}
again = tomllib.loads(tomlkit.dumps(document))
print("in memory ", document.unwrap())
print("read again", again)
assert document.unwrap() == {"team": {"red": {"size": 3, "lead": "Ann"}, "blue": {"size": 1}}}
assert again == {"team": {"red": {"size": 3}, "blue": {"size": 1, "team": {"red": {"lead": "Ann"}}}}}
PYTHON
echo "as described"
