#!/usr/bin/env bash
# Textual 8.2.8, Python 3.11: `text-style: reverse` of a component class is lost where a widget draws with Content.
#
# Input: one widget, one component class with `text-style: bold reverse underline`. Seen, of the three attributes:
#     Widget.get_component_rich_style("mark--on")   bold, reverse, underline
#     Widget.get_visual_style("mark--on")           bold, underline
# `get_visual_style` (also behind a style named ".mark--on" in Content) hands over every attribute but reverse. Where
# there is no color, with NO_COLOR or in the ANSI themes, reverse is what marks a cell: the mark is then not seen at
# all, in the terminal and in exported pictures.
# What helps: `get_visual_style(name) + Style(reverse=get_component_styles(name).text_style.reverse)`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check textual==8.2.8
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio

from textual.app import App
from textual.widget import Widget


class Mark(Widget):
    COMPONENT_CLASSES = {"mark--on"}
    DEFAULT_CSS = "Mark .mark--on { text-style: bold reverse underline; }"


class OneMark(App):
    def compose(self):
        yield Mark()


def attributes(style) -> list[str]:
    return [name for name in ("bold", "reverse", "underline") if getattr(style, name)]


async def main() -> None:
    app = OneMark()
    async with app.run_test():
        mark = app.query_one(Mark)
        rich, visual = mark.get_component_rich_style("mark--on"), mark.get_visual_style("mark--on")
        print(attributes(rich), attributes(visual))
        assert attributes(rich) == ["bold", "reverse", "underline"]
        assert attributes(visual) == ["bold", "underline"]


asyncio.run(main())
PYTHON
echo "as described"
