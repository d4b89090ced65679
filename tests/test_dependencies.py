"""What pyproject.toml requires: what the program imports and no more, in bounds, and locked for the tests."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "tests" / "requirements.txt"
NEEDED_BELOW = {"python-multipart", "h11", "idna", "jaraco.context", "pygments"}
"""Packages that only other packages import: forms in Starlette, and lower bounds for what those allow."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EVERY = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]


def imported() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "tui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found


def name_of(requirement: str) -> str:
    """Return the name in a requirement, as it is written."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return found[0]


def normalized(name: str) -> str:
    """Return a name as the package index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_is_imported() -> None:
    names = {name_of(one) for one in PROJECT["dependencies"]}
    assert names >= {"textual", "httpx", "platformdirs", "tomli-w", *NEEDED_BELOW}
    modules = {name.replace("-", "_") for name in names - NEEDED_BELOW}
    assert modules <= imported()


@pytest.mark.parametrize("requirement", EVERY)
def test_every_dependency_has_both_bounds(requirement: str) -> None:
    assert "==" in requirement or (">=" in requirement and "<" in requirement)


def test_the_lock_has_hashes_for_every_dependency_and_no_address() -> None:
    text = LOCK.read_text(encoding="utf-8")
    entries = re.findall(r"^(\S+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)", text, re.MULTILINE)
    names = {normalized(name) for name, _, _ in entries}
    assert {normalized(name_of(one)) for one in EVERY} <= names
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(entries) == len(lines), "an entry has no hash"
    assert "://" not in text


def test_every_locked_version_is_within_the_bounds() -> None:
    versions = dict(re.findall(r"^(\S+)==(\S+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    locked = {normalized(name): version for name, version in versions.items()}
    for one in EVERY:
        requirement = Requirement(one)
        assert locked[normalized(requirement.name)] in requirement.specifier, one
