"""Every page that a comment cites is in this repository."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
_CITED = re.compile(r"[\w./-]*\w\.md\b")


def test_cited_pages_exist() -> None:
    pages = {path.name for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))}
    files = [path for place in ("tui", "tests", "styles") for path in (ROOT / place).rglob("*") if path.is_file()]
    texts = [path for path in files if path.suffix in {".py", ".toml", ".tcss"}]
    cited = {name for path in texts for name in _CITED.findall(path.read_text("utf-8"))}
    assert "graph-api.md" in cited
    assert {name for name in cited if Path(name).name not in pages} == set()
