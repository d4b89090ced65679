"""Reads a painted QR code back: cells to modules, and modules by OpenCV's decoder, which shares nothing with igauth."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest

Matrix = list[list[bool]]
"""Rows of modules; True is dark."""

DARK = {"black", "000000"}
LIGHT = {"white", "brightwhite", "ffffff"}
"""What pyte calls the colors of a code."""


class Painted(NamedTuple):
    """One cell."""

    sign: str
    is_dark: bool
    is_on_dark: bool


def modules_of(lines: Sequence[Sequence[Painted]]) -> Matrix:
    """Return what a camera sees: two modules a cell where there are half blocks, else a module for every two cells."""
    if not any(cell.sign in "▀▄" for line in lines for cell in line):
        return [[cell.is_on_dark for cell in line[::2]] for line in lines]
    modules: Matrix = []
    for line in lines:
        for full in "▀▄":
            modules.append([cell.is_dark if cell.sign == full else cell.is_on_dark for cell in line])
    return modules


def painted_on(cells: Sequence[Sequence[tuple[object, ...]]]) -> list[list[Painted]]:
    """Return the cells of an emulator's screen that are black and white, which must be a rectangle."""
    found = [
        [(x, Painted(str(cell[0]), cell[1] in DARK, cell[2] in DARK)) for x, cell in enumerate(line) if _is_set(cell)]
        for line in cells
    ]
    lines = [line for line in found if line]
    assert len({(line[0][0], line[-1][0], len(line)) for line in lines}) == 1, {
        (cell[1], cell[2]) for line in cells for cell in line
    }
    return [[cell for _, cell in line] for line in lines]


def _is_set(cell: tuple[object, ...]) -> bool:
    return {cell[1], cell[2]} <= DARK | LIGHT


def decoded(modules: Matrix) -> str:
    """Read modules, on a dark desk."""
    cv2 = pytest.importorskip("cv2", reason="opencv-python-headless is not installed: no independent decoder")
    numpy = pytest.importorskip("numpy")
    dark = numpy.pad(numpy.array(modules, dtype=bool), 8, constant_values=True)
    image = numpy.where(numpy.kron(dark, numpy.ones((5, 5))) > 0, 0, 255).astype("uint8")
    return str(cv2.QRCodeDetectorAruco().detectAndDecode(image)[0])
