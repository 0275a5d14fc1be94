"""Pictures of pages (scans, photographs) → tables and paragraphs, by the extra ``ocr``.

The rules of a table are found first.  Each field between them is a cell, and its characters are
recognised on their own, because whole pages lose lone digits.  Cells are recognised twice, in two
sizes; what is not the same both times, or is not sure, is marked as unsure.  Whether a number is
right can only be told from the original, so the tables are marked as guessed.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from reportgen.published.found import Finder, FoundFile, RawCell, RawTable, joined_lines
from reportgen.published.pdf_lines import PageContents, PageLine, PageSize, PlacedBlock, add_pages

HOW_TO_INSTALL = "pip install rapidocr onnxruntime pypdfium2（压缩包里的程序装不了）"
MAX_PAGES = 60
MAX_PIXELS = 50_000_000
MAX_TEXTS = 3_000
"""Cells and lines of one page; a report's page has some two hundred."""
_TOO_LARGE = "图片过大，不像一份年度报告"
_LONG_SIDE = 2400
"""Pixels that the longer side of a page is brought to: 205 dots per inch of A4."""
_POINTS = 842 / _LONG_SIDE
"""Points for each pixel, the longer side taken for that of A4."""
_SURE = 0.8
"""Confidence below which a text is unsure; digits that are right mostly have more than 0.95."""
_LEAST_ANGLE, _MOST_ANGLE = 0.05, 5.0
"""Degrees by which a page may stand askew."""
_LEAST_CELL = 12
"""Fields lower or narrower than so many pixels are gaps between double rules."""
_FULL = 0.6
"""The share of its box that a field fills; less is the paper around a drawing."""
_AROUND = 4
"""Pixels of paper around characters that are recognised."""
MAX_REGIONS = 5_000
_NEAR = 0.4
"""Boxes whose tops are nearer than this share of their usual height are in one row."""
_ALIKE = 0.3
"""Lines whose height differs by less than this share are set in one size."""
_OTHER_SCALE = 1.5
_HIGH = 0.5
"""The share of the height of a number that its digits have, and its point has not."""
_CHINESE = re.compile("[\u4e00-\u9fff]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LEAST_INK = 8
"""Dark pixels of a cell that is not blank."""
_TALL = 1.5
"""A text so many times as high as wide, and as other lines, stands character below character."""
_GRID = 4.0
"""Edges of lines are rounded to so many points: the recogniser finds them only so exactly."""

Picture: TypeAlias = Any
"""A page as an array of grey values (numpy), 0 for black."""


class _PixelBox(Struct, frozen=True, order=True):
    """A rectangle in pixels from the top left; boxes are in order from top to bottom."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def common(self, other: _PixelBox) -> _PixelBox:
        """Return the part of both; its width or height is negative where there is none."""
        return _PixelBox(
            max(self.top, other.top),
            max(self.left, other.left),
            min(self.bottom, other.bottom),
            min(self.right, other.right),
        )

    def moved(self, down: int, right: int) -> _PixelBox:
        return _PixelBox(self.top + down, self.left + right, self.bottom + down, self.right + right)

    def grown(self, by: int) -> _PixelBox:
        return _PixelBox(self.top - by, self.left - by, self.bottom + by, self.right + by)

    def of(self, picture: Picture) -> Picture:
        """Return the pixels of *picture* in the box."""
        return picture[max(0, self.top) : self.bottom, max(0, self.left) : self.right]


def ocr_is_installed() -> bool:
    """Return whether the extra ``ocr`` is there."""
    from importlib.util import find_spec

    return all(find_spec(name) for name in ("rapidocr", "onnxruntime", "pypdfium2"))


def read_picture(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return what the pages in the picture *data* (PNG, JPEG, TIFF) show; *path* names it.

    Raises ValueError, worded for the user, when it cannot be read or the extra is not there.
    """
    if not ocr_is_installed():
        raise ValueError(f"这是图片，要识别其中的文字才能读取，识别功能另外安装：{HOW_TO_INSTALL}")
    finder = Finder(path)
    add_pages([scanned_page(page, n) for n, page in enumerate(_frames(data), 1)], finder)
    return finder.finished()


def _frames(data: bytes) -> Iterator[Picture]:
    """Yield the pages of the picture *data*, which are several in a TIFF."""
    import numpy
    from PIL import Image, ImageOps, ImageSequence

    try:
        with Image.open(io.BytesIO(data)) as picture:
            for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
                if number > MAX_PAGES or frame.width * frame.height > MAX_PIXELS:
                    raise ValueError(_TOO_LARGE)
                yield numpy.array(ImageOps.exif_transpose(frame).convert("L"))
    except Image.DecompressionBombError as error:
        raise ValueError(_TOO_LARGE) from error
    except (OSError, SyntaxError) as error:
        raise ValueError("图片已损坏，无法读取") from error


def draw_pages(data: bytes, numbers: Sequence[int]) -> Iterator[Picture]:
    """Yield the pages *numbers*, from 1, of the PDF *data* as pictures."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        for number in numbers[:MAX_PAGES]:
            page = document[number - 1]
            scale = _LONG_SIDE / max(1, *page.get_size())
            yield page.render(scale=scale, grayscale=True).to_numpy().squeeze()


def scanned_page(picture: Picture, number: int) -> PageContents:
    """Return what is recognised on the page *picture*, the page *number* of its file."""
    picture = _upright(_scaled(picture))
    height, width = picture.shape
    texts = _PageTexts(picture)
    placed = [PlacedBlock(number, box.top * _POINTS, table) for box, table in texts.tables()]
    size = PageSize(round(width * _POINTS), round(height * _POINTS))
    return PageContents(number, size, list(texts.lines(number)), placed)


def _scaled(picture: Picture) -> Picture:
    import cv2

    height, width = picture.shape
    scale = _LONG_SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, size, interpolation=way)


def _dark(picture: Picture) -> Picture:
    """Return where *picture* is darker than around, which shadows of a photograph are not."""
    import cv2

    way, kind = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    return cv2.adaptiveThreshold(picture, 255, way, kind, 25, 12)


def _upright(picture: Picture) -> Picture:
    """Return *picture* turned so that its long lines are level."""
    import cv2

    height, width = picture.shape
    turn, most = math.pi / 2, math.radians(_MOST_ANGLE)
    lines = cv2.HoughLines(
        _dark(picture), 1, math.pi / 3600, width // 4, min_theta=turn - most, max_theta=turn + most
    )
    if lines is None:
        return picture
    angles = sorted(math.degrees(float(line.reshape(-1)[1]) - turn) for line in lines[:20])
    angle = angles[len(angles) // 2]
    if abs(angle) < _LEAST_ANGLE:
        return picture
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)


class _PageRules:
    """The tables on a page as their rules part them."""

    def __init__(self, picture: Picture) -> None:
        import cv2
        import numpy

        self.dark = _dark(picture)
        height, width = picture.shape
        level = cv2.getStructuringElement(cv2.MORPH_RECT, (width // 30, 1))
        upright = cv2.getStructuringElement(cv2.MORPH_RECT, (1, height // 70))
        found = cv2.morphologyEx(self.dark, cv2.MORPH_OPEN, level)
        found |= cv2.morphologyEx(self.dark, cv2.MORPH_OPEN, upright)
        found = cv2.dilate(found, numpy.ones((3, 3), numpy.uint8))
        found = cv2.morphologyEx(found, cv2.MORPH_CLOSE, numpy.ones((9, 9), numpy.uint8))
        self.pixels = numpy.zeros(found.shape, bool)
        """Where the rules of tables are; strokes of characters may be as long."""
        self.tables: list[tuple[_PixelBox, list[_PixelBox]]] = []
        """The box of each table and those of its cells."""
        for box, rules in _regions(found):
            if box.width > width / 4 and len(cells := list(_fields(box, rules))) > 2:
                box.of(self.pixels)[rules] = True
                self.tables.append((box, cells))
        self.tables.sort()


def _fields(table: _PixelBox, rules: Picture) -> Iterator[_PixelBox]:
    """Yield the fields between the *rules* of *table*."""
    for field, own in _regions(~rules):
        if min(field.width, field.height) >= _LEAST_CELL and own.mean() > _FULL:
            yield field.moved(table.top, table.left)


def _regions(mask: Picture) -> Iterator[tuple[_PixelBox, Picture]]:
    """Yield the box of each connected region of *mask*, and which of its pixels are in it."""
    import cv2
    import numpy

    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (mask > 0).astype(numpy.uint8), connectivity=4
    )
    for number in range(1, min(count, MAX_REGIONS)):
        left, top, width, height = (int(value) for value in stats[number][:4])
        box = _PixelBox(top, left, top + height, left + width)
        yield box, box.of(labels) == number


class _PageTexts:
    """The texts of a page: those of its cells, and the lines outside of its tables."""

    def __init__(self, picture: Picture) -> None:
        rules = _PageRules(picture)
        self._tables = rules.tables
        self._dark = (rules.dark > 0) & ~rules.pixels
        self._picture = picture.copy()
        self._picture[rules.pixels] = 255
        self._found = list(_detect(picture))[:MAX_TEXTS]
        self._usual = _middle([box.height for box in self._found])

    def tables(self) -> Iterator[tuple[_PixelBox, RawTable]]:
        """Yield the tables with the texts of their cells."""
        for box, cells in self._tables:
            rows = [[self._cell(cell) for cell in row] for row in _in_rows(cells)]
            yield box, RawTable(rows, is_guessed=True)

    def lines(self, page: int) -> Iterator[PageLine]:
        """Yield the lines that stand outside of the tables."""
        outside = [
            box for box in self._found if not any(_part_in(box, table) for table, _ in self._tables)
        ]
        for row in _in_rows(outside):
            texts = [_recognise(box.of(self._picture))[0] for box in row]
            top, bottom = min(box.top for box in row), max(box.bottom for box in row)
            is_usual = abs(row[0].height - self._usual) < _ALIKE * self._usual
            edges = (
                row[0].left,
                row[-1].right,
                top,
                bottom,
                self._usual if is_usual else row[0].height,
            )
            left, right, above, below, size = (_rounded(edge * _POINTS) for edge in edges)
            if text := " ".join(filter(None, texts)):
                yield PageLine(page, left, right, above, below, size, text)

    def _cell(self, cell: _PixelBox) -> RawCell:
        """Return the text of *cell* and whether it is unsure; a short one is read twice."""
        boxes = [part for box in self._found if (part := _part_in(box, cell))]
        ink = _ink(cell, self._dark)
        if ink and (not boxes or (len(boxes) == 1 and ink.height < _TALL * boxes[0].height)):
            boxes = [ink]  # the detector cuts lone digits too closely
        cuts = [cut for row in _in_rows(boxes) for box in row for cut in self._cuts(box)]
        read = [_recognise(cut) for cut in cuts]
        text = joined_lines(part for part, _ in read)
        if not read or _CHINESE.search(text):  # a label, which need not be exact
            return RawCell(text)
        is_sure = len(cuts) == 1 and self._is_number(boxes[0], cuts[0], *read[0])
        return RawCell(text, is_unsure=not is_sure)

    def _is_number(self, box: _PixelBox, cut: Picture, text: str, confidence: float) -> bool:
        """Return whether *text*, recognised in the *cut* at *box*, is surely the number there.

        It is recognised again in another size, and as many shapes must stand there as it has
        digits: a lone 1 is sometimes taken for 11.
        """
        digits = _NUMBER.fullmatch(text)
        return (
            digits is not None
            and confidence >= _SURE
            and _recognise(cut, _OTHER_SCALE)[0] == text
            and _count_shapes(box.of(self._dark)) == sum(map(str.isdecimal, text))
        )

    def _cuts(self, box: _PixelBox) -> Iterator[Picture]:
        """Yield the picture of the line in *box*, a column of characters laid flat."""
        import numpy

        if box.height < _TALL * max(box.width, self._usual):
            yield box.of(self._picture)
            return
        count = round(box.height / box.width)
        edges = [box.top + box.height * n // count for n in range(count + 1)]
        parts = [_PixelBox(a, box.left, b, box.right).of(self._picture) for a, b in pairwise(edges)]
        height = min(part.shape[0] for part in parts)
        yield numpy.hstack([part[:height] for part in parts])


def _in_rows(boxes: Sequence[_PixelBox]) -> Iterator[list[_PixelBox]]:
    """Yield *boxes* by the rows they begin in, each from left to right."""
    near = _middle([box.height for box in boxes]) * _NEAR
    row: list[_PixelBox] = []
    for box in sorted(boxes):
        if row and box.top - row[0].top > near:
            yield sorted(row, key=lambda one: one.left)
            row = []
        row.append(box)
    if row:
        yield sorted(row, key=lambda one: one.left)


def _middle(numbers: Sequence[int]) -> int:
    return sorted(numbers)[len(numbers) // 2] if numbers else 0


def _part_in(box: _PixelBox, cell: _PixelBox) -> _PixelBox | None:
    """Return the part of *box*, a line of text, that is in *cell*; None when it is hardly any."""
    part = box.common(cell)
    is_most = part.height * 2 > box.height and part.width > 0.3 * min(box.width, cell.width)
    return part if part.width > 0 and part.height > 0 and is_most else None


def _ink(cell: _PixelBox, dark: Picture) -> _PixelBox | None:
    """Return the box around what is dark in *cell*, None when it is blank."""
    import numpy

    inside = cell.grown(-2)
    downs, acrosses = numpy.nonzero(inside.of(dark))
    if len(downs) < _LEAST_INK:
        return None
    around = _PixelBox(
        *map(int, (downs.min(), acrosses.min(), downs.max() + 1, acrosses.max() + 1))
    )
    return around.moved(inside.top, inside.left).grown(_AROUND).common(cell)


def _count_shapes(dark: Picture) -> int:
    """Return how many shapes of about the height of the highest stand beside each other."""
    shapes = [box for box, _ in _regions(dark)]
    highest = max((box.height for box in shapes), default=0)
    return sum(box.height > _HIGH * highest for box in shapes)


def _rounded(points: float) -> float:
    return round(points / _GRID) * _GRID


# The recogniser


@lru_cache(maxsize=1)
def _recogniser() -> Any:
    """Return the recogniser, with the models that come with it; nothing is loaded from elsewhere.

    OpenCV and numpy come with it.
    """
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    named = {
        f"{part.title()}.model_path": str(next(iter(sorted(models.glob(f"*_{part}_*.onnx")))))
        for part in ("det", "rec")
    }
    settings = {"Global.log_level": "critical", "Global.use_cls": False, **named}
    return rapidocr.RapidOCR(params=settings)


def _detect(picture: Picture) -> Iterator[_PixelBox]:
    """Yield where lines of text stand on *picture*."""
    import cv2

    coloured = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
    found = _recogniser()(coloured, use_det=True, use_cls=False, use_rec=False)
    for corners in () if found.boxes is None else found.boxes:
        left, top = (int(value) for value in corners.min(axis=0))
        right, bottom = (math.ceil(value) for value in corners.max(axis=0))
        yield _PixelBox(max(0, top), max(0, left), bottom, right)


def _recognise(line: Picture, scale: float = 1.0) -> tuple[str, float]:
    """Return the text of the picture *line*, brought to *scale*, and how sure it is: 0 to 1."""
    import cv2

    if 0 in line.shape:
        return "", 1.0
    if scale != 1:
        line = cv2.resize(line, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    around = [round(_AROUND * scale)] * 2 + [round(2 * _AROUND * scale)] * 2
    line = cv2.copyMakeBorder(line, *around, cv2.BORDER_CONSTANT, value=255)
    coloured = cv2.cvtColor(line, cv2.COLOR_GRAY2BGR)
    found = _recogniser()(coloured, use_det=False, use_cls=False, use_rec=True)
    return (found.txts[0].strip(), float(found.scores[0])) if found.txts else ("", 0.0)
