"""Words that were replaced by plainer ones do not come back, in names, comments or texts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
INSTEAD = {
    "mend": "fix",
    "mends": "fixes",
    "mended": "fixed",
    "mending": "fixing",
    "mendable": "fixable",
    "anew": "again",
    "whoever": "anyone who",
    "whatever happens": "always",
    "told": "said, reported, shown",
    "twin": "copy, concurrent run",
    "twins": "copies, concurrent runs",
    "the dead": "unusable tokens",
    "dead": "expired, unusable",
    "dies": "expires, ends",
    "in front": "current, selected",
    "taken in": "imported",
    "take in": "import",
    "said so": "reported",
    "dawdler": "slow",
    "door": "login method",
    "doors": "login methods",
    "diary": "history",
    "strongbox": "secret store",
    "rung": "secret store",
    "dress": "apply the theme",
    "second hand": "timer",
    "come home": "restore",
    "bring home": "restore",
    "left away": "removed",
    "of old": "earlier",
    "authorise": "authorize",
    "authorised": "authorized",
    "authorisation": "authorization",
    "colour": "color",
    "colours": "colors",
    "coloured": "colored",
    "behaviour": "behavior",
    "recognise": "recognize",
    "recognised": "recognized",
    "honour": "honor",
    "honoured": "honored",
    "normalise": "normalize",
    "normalised": "normalized",
    "catalogue": "catalog",
    "licence": "license",
}
_WORDS = re.compile(r"\b(" + "|".join(sorted(map(re.escape, INSTEAD), key=len, reverse=True)) + r")\b")
_PLACES = ("tui", "tests", "styles", "docs", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "pyproject.toml")
_KINDS = {".py", ".toml", ".tcss", ".md", ".1"}
_QUOTES = ("docs/facts", "tests/test_words.py")
"""These quote: other people's software, and the words themselves."""
_INTERFACE = re.compile(
    r"mend_(one|all|flaws?)\b|--mend|\bmended\b|\bmend: bool|\bor mend\b|authorised_at|app_id_in_front|hooks/told"
)
"""Names in files and JSON of earlier versions, which still work."""


def _files() -> Iterator[Path]:
    for place in _PLACES:
        path = ROOT / place
        for file in sorted(path.rglob("*")) if path.is_dir() else (path,):
            name = file.relative_to(ROOT).as_posix()
            if file.suffix in _KINDS and not any(name.startswith(quote) for quote in _QUOTES):
                yield file


def _plain(line: str) -> str:
    """Return a line in lower case with the words of identifiers apart: `DoorClosed` and `door_name` hold a door."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _INTERFACE.sub("", line)).replace("_", " ").lower()


def _found(text: str) -> list[str]:
    return [
        f"{number}: {word}, better: {INSTEAD[word]}"
        for number, line in enumerate(text.splitlines(), 1)
        for word in _WORDS.findall(_plain(line))
    ]


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_has_no_replaced_word(path: Path) -> None:
    assert _found(path.read_text("utf-8")) == []


def test_replaced_words_are_found_in_names() -> None:
    assert [found.split(",")[0] for found in _found("class DoorClosed:\n    mend_it = 'Told'")] == [
        "1: door",
        "2: mend",
        "2: told",
    ]


def test_names_of_tests_are_short() -> None:
    names = (
        name for path in (ROOT / "tests").rglob("*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    )
    assert [name for name in names if len(name) > 60] == []
