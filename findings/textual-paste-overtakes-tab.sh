#!/usr/bin/env bash
# Textual 8.2.8, Python 3.11: a bracketed paste that arrives together with a tab lands in the field before the tab.
#
# Input, two Inputs, the first focused, in one write of the terminal: tab, then a paste of "second" (as a slow SSH line,
# an expect script or a password manager sends it). Seen:
#     first field   "second"
#     second field  ""          (and it has the focus)
# The app sends both events to the widget that is focused when they arrive. The key goes up through every parent
# before its binding moves the focus; the paste needs one step. A letter behind escape overtakes it in the same way.
# What helps: hold input events back until a message has gone the way of the key.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check textual==8.2.8
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio

from textual import events
from textual.app import App
from textual.widgets import Input


class TwoFields(App):
    def compose(self):
        yield Input(id="first")
        yield Input(id="second")


async def main() -> None:
    app = TwoFields()
    async with app.run_test() as pilot:
        first, second = app.query_one("#first", Input), app.query_one("#second", Input)
        first.focus()
        await pilot.pause()
        app.post_message(events.Key("tab", None))
        app.post_message(events.Paste("second"))
        await pilot.pause()
        await pilot.pause()
        print(repr(first.value), repr(second.value), app.focused.id)
        assert (first.value, second.value, app.focused.id) == ("second", "", "second")


asyncio.run(main())
PYTHON
echo "as described"
