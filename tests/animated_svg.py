"""Several terminal pictures as one animated SVG, which browsers and GitHub play without a script.

What stays the same from picture to picture is written once; each part is shown while its pictures are on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_RULE = re.compile(r"\.terminal-(r\d+) \{ ([^}]*) \}")
_CLASS = re.compile(r'class="terminal-(r\d+)"')
_TITLE = re.compile(r'<text class="terminal-title".*?</text>', re.S)
_SCREEN = re.compile(
    r'(<g transform="translate\([^"]*"[^>]*clip-path[^>]*>)(.*?<g class="terminal-matrix">)(.*?)</g>\s*</g>', re.S
)
_PART = re.compile(r"<rect[^>]*/>|<text[^>]*>.*?</text>", re.S)


@dataclass(frozen=True)
class Frame:
    """One picture as Textual exports it, and for how many seconds it is shown."""

    svg: str
    seconds: float


def animated(frames: Sequence[Frame]) -> str:
    """Return the frames as one SVG that plays them over and over; still, on the last, where motion is not wanted."""
    styles: dict[str, str] = {}
    under: dict[str, set[int]] = {}
    over: dict[str, set[int]] = {}
    titles: dict[str, set[int]] = {}
    for number, frame in enumerate(frames):
        _note(titles, [_title_of(frame.svg)], number)
        rects, texts = _parts_of(frame.svg, styles)
        _note(under, rects, number)
        _note(over, texts, number)
    timing = _Timing(frames)
    first = frames[0].svg
    screen = _SCREEN.search(first)
    assert screen is not None
    head = _TITLE.sub("", first[: screen.start()])
    body = [timing.groups(titles), screen[1], timing.groups(under), '<g class="terminal-matrix">', timing.groups(over)]
    rules = "\n".join(f".{name} {{ {rule} }}" for rule, name in styles.items())
    head = head.replace("</style>", f"{rules}\n{timing.rules()}\n</style>", 1)
    head = "\n".join(line for line in head.splitlines() if not _RULE.search(line))
    return head + "\n".join(body) + "</g></g></svg>\n"


def _title_of(svg: str) -> str:
    found = _TITLE.search(svg)
    assert found is not None
    return found[0]


def _parts_of(svg: str, styles: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return a picture's grounds and texts, their classes renamed so that one name means the same in every picture."""
    rules = dict(_RULE.findall(svg))

    def renamed(found: re.Match[str]) -> str:
        return f'class="{styles.setdefault(rules[found[1]].strip(), f"c{len(styles)}")}"'

    screen = _SCREEN.search(svg)
    assert screen is not None
    texts = [_CLASS.sub(renamed, part) for part in _PART.findall(screen[3])]
    return _PART.findall(screen[2]), texts


def _note(parts: dict[str, set[int]], found: list[str], number: int) -> None:
    for part in found:
        parts.setdefault(part, set()).add(number)


class _Timing:
    """When which group of parts is shown."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self._seconds = [frame.seconds for frame in frames]
        self._names: dict[tuple[int, ...], str] = {}

    def groups(self, parts: dict[str, set[int]]) -> str:
        """Return the parts, those that are shown together in one group."""
        together: dict[tuple[int, ...], list[str]] = {}
        for part, shown in parts.items():
            together.setdefault(tuple(sorted(shown)), []).append(part)
        return "\n".join(f'<g class="{self._name(shown)}">{"".join(held)}</g>' for shown, held in together.items())

    def _name(self, shown: tuple[int, ...]) -> str:
        return self._names.setdefault(shown, f"k{len(self._names)}")

    def rules(self) -> str:
        """Return the style rules that play."""
        total = sum(self._seconds)
        starts = [sum(self._seconds[:place]) / total * 100 for place in range(len(self._seconds))]
        last = len(self._seconds) - 1
        lines = []
        for shown, name in self._names.items():
            steps = " ".join(
                f"{start:.3f}% {{ visibility: {'visible' if place in shown else 'hidden'} }}"
                for place, start in enumerate(starts)
            )
            rest = "visible" if last in shown else "hidden"
            lines.append(f"@keyframes {name} {{ {steps} }}")
            lines.append(f".{name} {{ visibility: {rest}; animation: {name} {total:g}s step-end infinite }}")
        lines.append("@media (prefers-reduced-motion: reduce) { g { animation: none !important } }")
        return "\n".join(lines)
