#!/usr/bin/env bash
# Textual 8.2.8, Python 3.11: a key changed by `App.set_keymap` does nothing while an Input has the focus, where the
# binding's default key is a letter.
#
# Input: two bindings, `Binding("x", "act", id="letter")` and `Binding("f5", "act", id="function")`, and the keymap
# {"letter": "f11", "function": "f12"}. Seen, with the number of calls of the action:
#                       no Input has the focus    an Input has the focus
#     f11 (was x)       1                         0
#     f12 (was f5)      1                         1
# The keys that an Input would take as text are left out of its chain of bindings first, by their *default* key, and the
# keymap is laid over what is left. So a person who changes a letter to a function key, to have it in forms, has it
# everywhere but there, and the footer shows nothing.
# What helps: apply the keymap to the bindings of app and screens when these are made, or give the binding a default
# key beside the letter that no field takes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check textual==8.2.8
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio

from textual.app import App
from textual.binding import Binding
from textual.widgets import Button, Input


class Form(App):
    BINDINGS = [Binding("x", "act", id="letter"), Binding("f5", "act", id="function")]
    calls = 0

    def compose(self):
        yield Input()
        yield Button()

    def action_act(self):
        self.calls += 1


async def calls(key: str, focused: str) -> int:
    app = Form()
    app.set_keymap({"letter": "f11", "function": "f12"})
    async with app.run_test() as pilot:
        app.screen.query_one(focused).focus()
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        return app.calls


async def main() -> None:
    seen = {(key, focused): await calls(key, focused) for key in ("f11", "f12") for focused in ("Button", "Input")}
    print(seen)
    assert seen == {("f11", "Button"): 1, ("f11", "Input"): 0, ("f12", "Button"): 1, ("f12", "Input"): 1}


asyncio.run(main())
PYTHON
echo "as described"
