"""What was measured, beside its floor and the reach that is asked of it."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one thing, one a run."""

    name: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def spread(self) -> str:
        """Smallest, middle and largest."""
        return " / ".join(_short(value) for value in (min(self.values), self.median, max(self.values)))


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what igauth took, and what that may be: so many times the floor, or so many units.

    Without a reach it stands there for comparison.
    """

    part: str
    what: str
    unit: str
    measured: Series
    reach: float | None
    floor: Series | None = None

    @property
    def is_ratio(self) -> bool:
        """Whether the reach is a multiple of the floor."""
        return self.floor is not None

    @property
    def value(self) -> float:
        """What is held against the reach; runs are compared with the floor's run of the same round."""
        if self.floor is None:
            return self.measured.median
        pairs = zip(self.measured.values, self.floor.values, strict=False)
        return statistics.median(mine / floor for mine, floor in pairs if floor)

    @property
    def is_met(self) -> bool:
        """Whether the reach is kept."""
        return self.reach is None or self.value <= self.reach


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value below which `part` of all lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * len(ordered)))]


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as Markdown: ratios, and min / median / max of what was measured and of its floor."""
    lines = [
        "| what | igauth | reach | min / median / max | floor |",
        "|---|---:|---:|---|---|",
    ]
    for figure in figures:
        shown = f"{figure.value:.2f} x" if figure.is_ratio else f"{_short(figure.value)} {figure.unit}"
        unit = "x" if figure.is_ratio else figure.unit
        reach = "" if figure.reach is None else f"{figure.reach:g} {unit}"
        floor = "" if figure.floor is None else f"{figure.floor.spread} {figure.unit}, {figure.floor.name}"
        mark = "" if figure.is_met else " (!)"
        lines.append(f"| {figure.what} | {shown}{mark} | {reach} | {figure.measured.spread} {figure.unit} | {floor} |")
    return "\n".join(lines)


def as_json(figures: Sequence[Figure]) -> list[dict[str, object]]:
    """Return the figures with every run's value."""
    return [
        {
            "part": figure.part,
            "what": figure.what,
            "unit": figure.unit,
            "value": round(figure.value, 4),
            "is_ratio": figure.is_ratio,
            "reach": figure.reach,
            "is_met": figure.is_met,
            "runs": list(figure.measured.values),
            "floor": None if figure.floor is None else {"name": figure.floor.name, "runs": list(figure.floor.values)},
        }
        for figure in figures
    ]


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
