"""No module of igauth imports in a circle: imports inside functions and for types only are counted too."""

import ast
from collections.abc import Container, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _imports() -> dict[str, set[str]]:
    files = {_module_name(path): path for path in (ROOT / "tui").rglob("*.py")}
    return {
        name: _imported(path.read_text("utf-8"), name if path.stem == "__init__" else name.rpartition(".")[0], files)
        - {name}
        for name, path in files.items()
    }


def _module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(source: str, package: str, known: Container[str]) -> set[str]:
    """Return the known modules that a module of a package imports, wherever in its text."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            members = {f"{module}.{alias.name}" for alias in node.names}
            names |= {member if member in known else module for member in members}
    return {name for name in names if name in known}


def _circle(imports: Mapping[str, set[str]]) -> list[str]:
    """Return the modules of which each imports another one of them, at least indirectly; empty where there is none."""
    left = dict(imports)
    while free := [name for name, imported in left.items() if not imported & left.keys()]:
        for name in free:
            del left[name]
    importers = {name: {other for other, imported in left.items() if name in imported} for name in left}
    while free := [name for name, others in importers.items() if not others & importers.keys()]:
        for name in free:
            del importers[name]
    return sorted(importers)


def test_no_module_imports_in_a_circle() -> None:
    imports = _imports()
    assert len(imports) > 150
    assert _circle(imports) == []


def test_only_services_use_the_vault_itself() -> None:
    places = ("app.py", "session.py", "commands", "plain", "screens", "widgets")
    files = (file for place in places for file in (ROOT / "tui" / place, *(ROOT / "tui" / place).rglob("*.py")))
    users = [
        file.name
        for file in files
        if file.is_file()
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "vault"
    ]
    assert users == []


def test_a_circle_is_found() -> None:
    assert _circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["b", "c"]


@pytest.mark.parametrize(
    "line",
    [
        "import tui.vault.store",
        "from tui.vault.store import Store",
        "from tui.vault import store",
        "from .vault import store",
        "from .vault.store import Store",
        "def later():\n    from .vault.store import Store",
        "if TYPE_CHECKING:\n    from tui.vault.store import Store",
    ],
)
def test_an_import_is_seen_wherever_and_however_it_is_written(line: str) -> None:
    assert _imported(line, "tui", {"tui.vault.store", "tui.log"}) == {"tui.vault.store"}


@pytest.mark.parametrize("line", ["from . import store", "from .store import Store", "from ..vault import store"])
def test_an_import_from_the_same_package_is_seen(line: str) -> None:
    assert _imported(line, "tui.vault", {"tui.vault.store", "tui.log"}) == {"tui.vault.store"}
