"""`python -m tests.bench`: every figure of speed, memory and bytes beside its floor, in one run.

Prints a table; `--json` and `--plot` write the same and the growth; `--readme` puts all into README.md. Linux only.
"""

import argparse
import json
import os
import platform
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.commands import commands
from tests.bench.figures import Figure, as_json, table
from tests.bench.growth import SIZES, Growth, growth, plot
from tests.bench.refreshing import refreshing
from tests.bench.screens import keys, opening, quiet
from tests.bench.storing import storing

ROOT = Path(__file__).parents[2]
PLOT = Path(__file__).with_name("growth.svg")
_TERMINALS = ("open", "keys", "quiet")
_SECTION = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.DOTALL)


def main() -> int:
    """Measure, print, write; the exit status is 0 whatever was measured."""
    options = _arguments()
    parts: dict[str, Callable[[], list[Figure]]] = {
        "open": lambda: opening(options.runs),
        "keys": lambda: keys(options.presses),
        "quiet": lambda: quiet(options.idle, 3 if options.runs > 2 else 1),
        "commands": lambda: commands(options.runs * 3),
        "refresh": lambda: refreshing(options.tokens),
        "vault": lambda: storing(options.runs),
    }
    wanted = options.part or [*parts, "growth"]
    usual = sys.getswitchinterval()
    figures: list[Figure] = []
    for name, measure in parts.items():
        if name in wanted:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            # threads that stamp output must not wait for the one that draws it; a sandbox's thread is left in peace
            sys.setswitchinterval(0.0002 if name in _TERMINALS else usual)
            figures += measure()
    grown: Growth = {}
    if "growth" in wanted:
        print("measuring: growth", file=sys.stderr, flush=True)
        sys.setswitchinterval(0.0002)
        grown = growth(max(1, options.runs // 2))
    machine = f"{_machine()}, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d', time.gmtime())}"
    text = table(figures)
    print(f"{machine}\n\n{text}")
    if options.json:
        content = {"machine": machine, "figures": as_json(figures), "sizes": SIZES, "growth": grown}
        options.json.write_text(json.dumps(content, indent=1) + "\n")
    if grown:
        print(
            "\n" + "\n".join(f"{name}: {', '.join(f'{value:.1f}' for value in line)}" for name, line in grown.items())
        )
        if options.readme or options.plot:
            (options.plot or PLOT).write_text(plot(grown))
    if options.readme:
        shown = f"\n\n![Growth from 1 to {SIZES[-1]:,} tokens]({PLOT.relative_to(ROOT)})" if PLOT.exists() else ""
        _write_readme(f"{machine}.\n\n{text}{shown}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = ("open", "keys", "quiet", "commands", "refresh", "vault", "growth")
    parser.add_argument("--part", action="append", choices=names, help="only this part; may be given again")
    parser.add_argument("--runs", type=int, default=7, help="rounds of everything that is started (7)")
    parser.add_argument("--presses", type=int, default=50, help="presses of each key (50)")
    parser.add_argument("--idle", type=float, default=30.0, help="seconds that all is left alone, three times (30)")
    parser.add_argument("--tokens", type=int, default=500, help="tokens that are refreshed (500)")
    parser.add_argument("--json", type=Path, help="write every run's value there")
    parser.add_argument("--plot", type=Path, help="write the growth as SVG there")
    parser.add_argument("--readme", action="store_true", help="put the table into README.md and the plot beside this")
    return parser.parse_args()


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _write_readme(text: str) -> None:
    readme = ROOT / "README.md"
    before = readme.read_text()
    after = _SECTION.sub(lambda found: f"{found[1]}{text}\n{found[2]}", before)
    if after == before:
        raise SystemExit("README.md has no <!-- figures --> section, or nothing in it changed.")
    readme.write_text(after)


if __name__ == "__main__":
    sys.exit(main())
