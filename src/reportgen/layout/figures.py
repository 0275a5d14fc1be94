"""Sizes and positions of pictures, and the arrangement of adjacent pictures in rows.

Lengths are points; x is measured from the left edge of the type area.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from reportgen.document.nodes import Figure, FigureGroup
from reportgen.fonts import FontSet
from reportgen.layout.drawings import label_runs, place_drawing
from reportgen.layout.items import DrawnFigure, Image, TextRun
from reportgen.layout.runs import place_line
from reportgen.layout.text import Line, set_lines
from reportgen.pictures import natural_size, part_height
from reportgen.styles import FigureLook, Style, StyleSheet

_ALIKE = 0.85
"""The share of the greatest height in a row that the least must have for all to have the least."""
_TOLERANCE = 1e-6


class SizedFigure(Struct, frozen=True, eq=False):
    """A picture with its size and with its caption set in lines."""

    node: Figure
    width: float
    height: float
    middle: float
    """The x of the middle of the picture."""
    caption_left: float
    """The x of the left edge of the column that the caption is set in.  It is that of the picture,
    or the whole row below the last part of a long picture."""
    caption: tuple[Line, ...]
    """The lines of the caption; empty if there is none."""
    caption_style: Style | None
    labels: tuple[TextRun, ...] = ()
    """The labels of a drawing, relative to its upper left corner."""


class FigureRow(Struct, frozen=True, eq=False):
    """Pictures side by side, aligned at the bottom, with their captions below.

    Parts of a long picture are aligned at the top, because they are read like columns of text.
    """

    figures: tuple[SizedFigure, ...]
    picture_height: float
    """The height of the tallest picture."""
    caption_height: float
    """The height of the tallest caption."""
    least_scale: float
    """The share of its size to which the row may be shrunk, without its captions."""

    @property
    def height(self) -> float:
        """The height of the row at full size."""
        return self.picture_height + self.caption_height

    @property
    def least_height(self) -> float:
        """The height of the row with the pictures shrunk as far as possible."""
        return self.picture_height * self.least_scale + self.caption_height


def are_alike(one: FigureRow, other: FigureRow) -> bool:
    """Return whether one size suits two rows: about equally high, or of one requested width."""
    widths = {figure.node.width for row in (one, other) for figure in row.figures}
    heights = one.picture_height, other.picture_height
    return min(heights) >= _ALIKE * max(heights) or (len(widths) == 1 and None not in widths)


def measure_group(group: FigureGroup, sheet: StyleSheet, fonts: FontSet) -> tuple[FigureRow, ...]:
    """Return the rows of *group*; no picture exceeds the type area or the maximum height."""
    rows = arrange(group.figures, sheet.page.text_width, sheet.figure)
    return tuple(_measure_row(row, sheet, fonts) for row in rows)


def arrange(
    figures: Sequence[Figure], text_width: float, look: FigureLook
) -> list[tuple[Figure, ...]]:
    """Return *figures* arranged in rows; long pictures are replaced by their parts.

    Adjacent pictures share a row as long as their shares fit, if each of them is taller than
    wide or has a width requested by the author.  Every other picture has a row of its own, and
    the parts of a picture share rows with each other only.
    """
    rows: list[tuple[Figure, ...]] = []
    for is_whole, stretch in groupby(figures, key=lambda figure: not figure.parts):
        if is_whole:
            rows += _arrange(list(stretch), text_width, look)
        else:
            for figure in stretch:
                rows += _arrange(figure.parts, text_width, look)
    return rows


def _arrange(
    figures: Sequence[Figure], text_width: float, look: FigureLook
) -> list[tuple[Figure, ...]]:
    rows: list[list[Figure]] = []
    room = 0.0
    for figure in figures:
        share = _share(figure, text_width, look)
        if share <= room + _TOLERANCE:
            rows[-1].append(figure)
            room -= share
        else:
            rows.append([figure])
            room = 1 - share if _goes_beside(figure) else 0.0
    return [tuple(row) for row in rows]


def _goes_beside(figure: Figure) -> bool:
    columns, lines = figure.pixels
    return figure.width is not None or lines > columns


def _share(figure: Figure, text_width: float, look: FigureLook) -> float:
    """Return the share of a row that *figure* takes, with its gap; 1 if it stands alone."""
    if not _goes_beside(figure):
        return 1.0
    if figure.width is not None:
        return _requested(figure.width, text_width, look.gap)
    width, _ = natural_size(figure.pixels, None, text_width, look.max_height)
    return (width + look.gap) / (text_width + look.gap)


def _measure_row(row: Sequence[Figure], sheet: StyleSheet, fonts: FontSet) -> FigureRow:
    """Return *row* with the sizes of its pictures and the lines of their captions."""
    look, text_width = sheet.figure, sheet.page.text_width
    is_part = row[0].is_part
    limit = part_height(sheet.page) if is_part else min(look.max_height, sheet.page.text_height)
    sizes = [natural_size(figure.pixels, figure.width, text_width, limit) for figure in row]
    sizes = [_less_gap(size, figure, text_width, look.gap) for size, figure in _pair(sizes, row)]
    if not is_part and all(figure.width is None for figure in row):
        sizes = _equally_high(sizes)
    # The slots fill the row, in proportion to the widths of the pictures.
    unit = (text_width + look.gap) / sum(width + look.gap for width, _ in sizes)
    left, sized = 0.0, []
    for size, figure in _pair(sizes, row):
        slot = (size[0] + look.gap) * unit
        middle = left + (slot - look.gap) / 2
        column = (0.0, text_width) if is_part else (left, slot - look.gap)
        sized.append(_size_figure(figure, size, middle, column, sheet, fonts))
        left += slot
    return FigureRow(
        figures=tuple(sized),
        picture_height=max(figure.height for figure in sized),
        caption_height=max(_caption_height(figure) for figure in sized),
        least_scale=max(_least_scale(figure, look) for figure in row),
    )


def _least_scale(figure: Figure, look: FigureLook) -> float:
    """Return the share of its size to which *figure* may be shrunk.

    Parts of a long picture and charts are not shrunk: their text is as small as it may be.
    """
    if figure.is_part or figure.drawing:
        return 1.0
    return look.least_scale if figure.width is None else look.least_requested


def _pair(
    sizes: Sequence[tuple[float, float]], row: Sequence[Figure]
) -> Iterator[tuple[tuple[float, float], Figure]]:
    return zip(sizes, row, strict=True)


def _equally_high(sizes: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return *sizes* reduced to the least height, if the heights are alike."""
    least = min(height for _, height in sizes)
    if least < _ALIKE * max(height for _, height in sizes):
        return list(sizes)
    return [(width * least / height, least) for width, height in sizes]


def _less_gap(
    size: tuple[float, float], figure: Figure, text_width: float, gap: float
) -> tuple[float, float]:
    """Return *size* for a picture of a requested share, which includes a gap, as if in a row."""
    if figure.width is None:
        return size
    room = text_width + gap
    width = min(size[0], _requested(figure.width, text_width, gap) * room - gap)
    return width, size[1] * width / size[0]


def _requested(share: float, text_width: float, gap: float) -> float:
    """Return the *share* of a row that the author requested, or twice the gap, if that is more."""
    return max(share, 2 * gap / (text_width + gap))


def _size_figure(
    figure: Figure,
    size: tuple[float, float],
    middle: float,
    column: tuple[float, float],
    sheet: StyleSheet,
    fonts: FontSet,
) -> SizedFigure:
    lines: tuple[Line, ...] = ()
    style = None
    if figure.caption is not None:
        style = sheet[figure.caption.style]
        lines = set_lines(figure.caption.runs, style, column[1], fonts)
    labels = label_runs(figure, sheet, fonts)
    return SizedFigure(figure, *size, middle, column[0], lines, style, labels)


def _caption_height(figure: SizedFigure) -> float:
    """Return the height of the caption, including the space above it."""
    if figure.caption_style is None:
        return 0.0
    return figure.caption_style.space_before + len(figure.caption) * figure.caption_style.line_pitch


def paint_row(
    row: FigureRow, left: float, top: float, height: float
) -> Iterator[Image | DrawnFigure | TextRun]:
    """Yield the items of *row* with its upper edge at *top*.

    *left* is the left edge of the type area.  If *height* is less than the height of the row, the
    pictures are shrunk, not the captions.
    """
    foot = top + height - row.caption_height
    scale = (height - row.caption_height) / row.picture_height
    for figure in row.figures:
        width, tall = figure.width * scale, figure.height * scale
        upper = top if figure.node.is_part else foot - tall
        corner = left + figure.middle - width / 2
        if figure.node.drawing:
            yield place_drawing(figure.node, figure.labels, corner, upper, width)
        else:
            yield Image(corner, upper, width, tall, figure.node)
        if figure.caption_style:
            for line, x, y in place_caption(figure, left, foot):
                yield from place_line(line, figure.caption_style, x, y, figure.node.caption)


def place_caption(
    figure: SizedFigure, left: float, foot: float
) -> Iterator[tuple[Line, float, float]]:
    """Yield each line of the caption below *foot*, and the x and y of its upper left corner."""
    style = figure.caption_style
    if style is None:
        return
    for number, line in enumerate(figure.caption):
        y = foot + style.space_before + number * style.line_pitch
        yield line, left + figure.caption_left, y
