"""What is private to Textual is in one file, and the tight painter gives way to Textual's own."""

import ast
import importlib
import inspect
from functools import cache
from pathlib import Path

import pytest

from tests.screens.driving import opened
from tests.screens.test_quiet import written
from tui.sandbox import RunningSandbox
from tui.terminal import textual_internals

TUI = Path(textual_internals.__file__).parent.parent
THE_FILE = "terminal/textual_internals.py"


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def attribute_stores(tree: ast.AST) -> set[str]:
    """Names that are assigned as attributes of `self`."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }


def defined(tree: ast.AST) -> set[str]:
    """Names that a file defines itself: functions, classes, attributes, fields."""
    functions = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    fields = {
        node.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    return functions | fields | attribute_stores(tree)


@cache
def private_names_of(cls: type) -> frozenset[str]:
    """Private names of one of Textual's classes: methods, class attributes, and what is assigned to `self`."""
    return frozenset(name for name in {*vars(cls), *attribute_stores(source_tree(cls))} if is_private(name))


@cache
def source_tree(cls: type) -> ast.AST:
    return ast.parse(inspect.cleandoc("\n" + inspect.getsource(cls)))


def textual_bases(cls: type) -> list[type]:
    return [base for base in cls.__mro__ if base.__module__.split(".")[0] == "textual"]


def private_uses(path: Path) -> set[str]:
    """Private names of Textual and Rich that a file imports, reaches for, or overrides."""
    tree = ast.parse(path.read_text())
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("textual", "rich"):
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            found |= {name for name in names if is_private(name)}
        elif isinstance(node, ast.Attribute) and is_private(node.attr) and node.attr not in OWN:
            found.add(node.attr)
    module = "tui." + ".".join(path.relative_to(TUI).with_suffix("").parts)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and ("textual" in path.read_text()):
            bases = textual_bases(getattr(importlib.import_module(module), node.name))
            theirs = {name for base in bases for name in private_names_of(base)}
            found |= {name for name in defined(node) & theirs if is_private(name)}
    return found - {"_exit", "_asdict"}  # of `os` and of named tuples


FILES = sorted(path for path in TUI.rglob("*.py") if path.name != "__init__.py")
OWN = {
    name for path in FILES if str(path.relative_to(TUI)) != THE_FILE for name in defined(ast.parse(path.read_text()))
}


def test_private_textual_names_are_in_one_file() -> None:
    uses = {str(path.relative_to(TUI)): private_uses(path) for path in FILES}
    assert {path: names for path, names in uses.items() if names and path != THE_FILE} == {}
    assert len(uses[THE_FILE]) > 20


def test_the_file_is_written_for_the_pinned_textual() -> None:
    pinned = next(line for line in (TUI.parent / "pyproject.toml").read_text().splitlines() if '"textual==' in line)
    assert f'"textual=={textual_internals.TEXTUAL_VERSION}"' in pinned
    assert textual_internals.is_known_version()


@pytest.fixture(params=["IGAUTH_PAINT=plain", "another version"])
def plain_paint(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "another version":
        monkeypatch.setattr(textual_internals, "is_known_version", lambda: False)
    else:
        monkeypatch.setenv("IGAUTH_PAINT", "plain")


@pytest.mark.usefixtures("plain_paint")
async def test_textual_paints_where_the_tight_painter_may_not(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        assert type(person.screen._compositor).__module__ == "textual._compositor"
        await person.wait_for("user_due")
        with written(person) as frames:
            await person.press("down")
            await person.wait_for(lambda: person.selected == "user_long" and "user_long" in "".join(frames))
        await person.go("f6", "guide")
        await person.wait_for("[1 Guide]")
        assert "user_long" not in person.text
