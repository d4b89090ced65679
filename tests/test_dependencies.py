"""What pyproject.toml requires is what the program imports: none is left over."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
IMPORTED_AS = {"python-multipart": None, "rich": "rich"}
"""Packages by another name, or that only another package imports (forms in Starlette)."""


def imported() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "tui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found


def test_every_dependency_is_imported() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = [re.match(r"[A-Za-z0-9_-]+", one)[0] for one in wanted]  # type: ignore[index]
    assert {"textual", "httpx", "platformdirs", "tomli-w"} <= set(names)
    modules = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in names} - {None}
    assert modules <= imported()
