"""How time and memory grow from one token to ten thousand, and a plot of it."""

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log10

from tests.bench.homes import environment, homes, igauth
from tests.bench.processes import peak_mib, run
from tests.bench.screens import tokens_screen
from tests.bench.storing import opened, time_of

SIZES = (1, 10, 100, 1_000, 10_000)
Growth = dict[str, list[float]]

_LEFT, _TOP, _WIDTH, _HEIGHT, _LINE = 70, 20, 470, 240, 15
_COLORS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd")


def growth(runs: int) -> Growth:
    """Return the medians of each measurement, one a size."""
    found: dict[str, list[list[float]]] = defaultdict(lambda: [[] for _ in SIZES])
    with homes(*SIZES) as made:
        for _ in range(runs):
            for place, size in enumerate(SIZES):
                with tokens_screen(made[size], size).open() as terminal:
                    ready = terminal.wait("shop-")
                    found["first screen, ms"][place].append((ready - terminal.started) * 1000)
                    terminal.follow(2.0)
                    found["memory of the screen, MiB"][place].append(peak_mib(terminal.pid))
                done = run(igauth("status"), environment(made[size]))
                found["igauth status, ms"][place].append(done.wall)
                vault = opened(made[size])
                found["list of the vault, ms"][place].append(time_of(vault.tokens.brief_tokens))
                vault.close()
    return {name: [statistics.median(values) for values in columns] for name, columns in found.items()}


def plot(found: Mapping[str, Sequence[float]]) -> str:
    """Return the growth as SVG, both axes by powers of ten."""
    top = max(max(values) for values in found.values())
    bottom = min(min(values) for values in found.values())
    low, high = _floor_power(bottom), _floor_power(top) + 1

    def x(size: float) -> float:
        return _LEFT + log10(size) / log10(SIZES[-1]) * _WIDTH

    def y(value: float) -> float:
        return _TOP + (high - log10(value)) / (high - low) * _HEIGHT

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 210} {_TOP + _HEIGHT + 50}"'
        ' font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<line x1="{_LEFT}" y1="{at:.1f}" x2="{_LEFT + _WIDTH}" y2="{at:.1f}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    below = f'y="{_TOP + _HEIGHT + 20}" text-anchor="middle"'
    parts += [f'<text x="{x(size):.1f}" {below}>{size:,}</text>' for size in SIZES]
    parts.append(f'<text x="{_LEFT + _WIDTH / 2}" y="{_TOP + _HEIGHT + 40}" text-anchor="middle">tokens</text>')
    places = _apart({name: y(values[-1]) + 4 for name, values in found.items()})
    for color, (name, values) in zip(_COLORS, found.items(), strict=True):
        points = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in zip(SIZES, values, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts.append(f'<text x="{_LEFT + _WIDTH + 10}" y="{places[name]:.1f}" fill="{color}">{name}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _apart(places: Mapping[str, float]) -> dict[str, float]:
    """Return where labels stand: in their order, none over another."""
    moved: dict[str, float] = {}
    below = float("-inf")
    for name, at in sorted(places.items(), key=lambda entry: entry[1]):
        below = max(at, below + _LINE)
        moved[name] = below
    return moved


def _floor_power(value: float) -> int:
    return int(log10(value) // 1)
