"""Every number and every span of a sample, read back out of the finished DOCX and PDF.

The readers here are other people's: python-docx finds merged cells, pdfplumber finds
cells by the rules drawn around them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import docx
import pdfplumber
import pytest

from reportgen.api import Checked, check_folder
from reportgen.forms.grid import TableGrid
from reportgen.forms.numbers import show_quantity
from tests.visual.samples import SAMPLES, build_sample, sound_samples

NAMES = sound_samples()
NEAR = 1.0  # pt; rules nearer than this are one


@dataclass(frozen=True)
class Area:
    """A cell as found in a file: where it begins, how far it reaches, what it says."""

    row: int
    column: int
    rows: int
    columns: int
    text: str

    @property
    def places(self) -> set[tuple[int, int]]:
        """The positions of the grid it covers."""
        rows = range(self.row, self.row + self.rows)
        return {(r, c) for r in rows for c in range(self.column, self.column + self.columns)}


@cache
def checked(name: str) -> Checked:
    return check_folder(SAMPLES / name)


def official(name: str) -> list[TableGrid]:
    """Return the tables of the sample's form in the order they are printed."""
    form = checked(name).form
    assert form is not None
    return [form.tables[section.table] for section in form.sections if section.table]


def wanted(name: str, grid: TableGrid) -> list[Area]:
    """Return the cells of *grid* as they must be printed, with the sample's numbers."""
    report = checked(name).report
    assert report is not None
    areas = []
    for cell in grid.cells():
        text = cell.label
        if cell.role == "value":
            text = show_quantity(report.cells[cell.path], cell.type)
        areas.append(Area(cell.row, cell.column, cell.row_span, cell.column_span, squeezed(text)))
    return areas


def squeezed(text: str) -> str:
    """Return *text* without blanks and line ends, which only lay it out."""
    return "".join(text.split())


# DOCX


def docx_areas(table: Any) -> list[Area]:
    """Return the cells of a table of python-docx, merged ones whole."""
    across, cells = len(table.columns), table._cells
    places = defaultdict(list)
    for index, cell in enumerate(cells):
        places[cell._tc].append(divmod(index, across))
    texts = {cell._tc: squeezed(cell.text) for cell in cells}
    return [_area(found, texts[tc]) for tc, found in places.items()]


def _area(places: list[tuple[int, int]], text: str) -> Area:
    rows, columns = [row for row, _ in places], [column for _, column in places]
    top, left = min(rows), min(columns)
    return Area(top, left, max(rows) - top + 1, max(columns) - left + 1, text)


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_the_docx_is_in_its_place(name: str) -> None:
    tables = docx.Document(BytesIO(build_sample(name, "docx"))).tables
    found = [docx_areas(table) for table in tables]
    for grid in official(name):
        expected = sorted(wanted(name, grid), key=lambda area: (area.row, area.column))
        assert expected in [sorted(areas, key=lambda a: (a.row, a.column)) for areas in found]


# PDF


@dataclass(frozen=True)
class Part:
    """What one page shows of a table: its cells by their edges on the page."""

    boxes: tuple[tuple[float, float, float, float], ...]
    texts: tuple[str, ...]

    @property
    def tops(self) -> list[float]:
        """Where its rows begin."""
        return edges(top for _, top, _, _ in self.boxes)

    @property
    def first_text(self) -> str:
        """What its first cell says."""
        return self.texts[0]


def edges(values: Iterable[float]) -> list[float]:
    """Return *values* in order, those that are nearly the same once."""
    result: list[float] = []
    for value in sorted(values):
        if not result or value - result[-1] > NEAR:
            result.append(value)
    return result


def index(edge: float, known: list[float]) -> int:
    """Return which of *known* the *edge* is."""
    place = bisect_left(known, edge - NEAR)
    assert abs(known[place] - edge) <= NEAR
    return place


@cache
def parts(name: str) -> tuple[Part, ...]:
    """Return every ruled table of the sample's PDF, page by page."""
    found = []
    with pdfplumber.open(BytesIO(build_sample(name))) as pdf:
        for page in pdf.pages:
            for table in page.find_tables():
                boxes = sorted(table.cells, key=lambda box: (round(box[1]), box[0]))
                texts = [squeezed(page.crop(box).extract_text()) for box in boxes]
                found.append(Part(tuple(boxes), tuple(texts)))
    return tuple(found)


def parts_of(grid: TableGrid, left: Iterator[Part]) -> list[tuple[list[int], Part]]:
    """Take the parts of *grid* out of *left*; each with the row of the grid each of its rows is.

    A part on a later page begins with the heads again.
    """
    first = squeezed(grid.cells()[0].label)
    part = next(part for part in left if part.first_text == first)
    done = len(part.tops)
    found = [(list(range(done)), part)]
    while done < len(grid.rows):
        part = next(left)
        heads = header_rows(grid) if part.first_text == first else 0
        new = len(part.tops) - heads
        found.append(([*range(heads), *range(done, done + new)], part))
        done += new
    assert done == len(grid.rows)
    return found


def header_rows(grid: TableGrid) -> int:
    """Return how many rows at the top hold nothing but heads."""
    return min(cell.row for cell in grid.cells() if cell.role in ("value", "stub"))


def pdf_areas(found: list[tuple[list[int], Part]]) -> list[Area]:
    """Return the cells of all parts of a table; one that two pages share comes twice."""
    columns = edges(x for _, part in found for box in part.boxes for x in (box[0], box[2]))
    areas = []
    for numbers, part in found:
        rows = edges(y for box in part.boxes for y in (box[1], box[3]))
        for (x0, top, x1, bottom), text in zip(part.boxes, part.texts, strict=True):
            row, column = index(top, rows), index(x0, columns)
            size = index(bottom, rows) - row, index(x1, columns) - column
            areas.append(Area(numbers[row], column, *size, text))
    return areas


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_the_pdf_is_in_its_place(name: str) -> None:
    left = iter(parts(name))
    for grid in official(name):
        expected = wanted(name, grid)
        whole = {place: want for want in expected for place in want.places}
        found = pdf_areas(parts_of(grid, left))
        for area in found:
            cell = whole[area.row, area.column]
            assert (area.column, area.columns) == (cell.column, cell.columns)
            assert area.places <= cell.places
            assert area.text == cell.text or (area.places < cell.places and not area.text)
        assert {place for area in found for place in area.places} == whole.keys()
