"""Fitting tables and titles to the page, before the document is laid out and written.

A number is never broken, and the cells of a table look alike.  This is therefore decided for a
table as a whole, so that all outputs agree:

- The columns of a table of the author are as wide as their longest number.  As far as there is
  room, a label of a row takes one line, any other one line or two.  If the table is too wide, its
  cells get less padding, then smaller type.
- The columns of an official table have the widths of the form.  If a number is too wide, all
  numbers of the table get less padding, then smaller type.

A heading, or the organ in the 落款, that is too long for one line is broken where the document
allows it.  GB/T 9704-2012 clause 7.3.1 requires complete words in each line (词意完整), and lines
arranged as a trapezoid or a rhombus.

Lengths are points.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, pairwise
from math import floor, inf, sqrt

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Finding
from reportgen.document.nodes import Block, Cell, Document, Heading, Signature, Table
from reportgen.fonts import FontSet
from reportgen.layout.runs import natural, scaled
from reportgen.layout.text import TOLERANCE, UNBROKEN, Extent, Line, extent_of, set_lines, set_once
from reportgen.styles import Style, StyleSheet
from reportgen.text import LINE_FEED, Run, plain_text

SIZES = (inf, 10.5, 9.0, 7.5)
"""The largest type in the ways to set numbers: that of the style, 五号, 小五 and 六号, the smallest
that is readable."""
TEXT_STEPS = ((inf, 4), (10.5, 4), (9.0, 4), (9.0, 3), (7.5, 3), (7.5, 2))
"""The largest type in the ways to set texts, and the width of a text in 字: one that is shorter
takes one line, one of twice this width takes two, a longer one has at least this width."""
TIGHT, TIGHTEST = 2.0, 1.2
"""The padding to which that of the cells is reduced before their type is; the second one only if
the form prescribes the widths of the columns."""
RESERVE = 0.6
"""The width left beside a text: half a rule, and what word processors round."""
LONGEST_WORD = 8
"""The width, in 字, beyond which a word may be broken."""
LABEL = 8
"""The most 字 of the labels of the rows that take one line if there is room for it."""
HEAD = 4
"""The most 字 of a head that wants one line; a longer one wants two."""
AIR = 12.0
"""The width by which a column that wants little is favoured where there is room."""
MOST_COLUMNS = 63
"""The most columns that a table of a Word document can have."""
_BISECTIONS = 50


class _Way(Struct, frozen=True):
    """A way to set the cells of a table."""

    size: float
    """The size of the largest type; other type is reduced in proportion."""
    text: int
    """The width of a text, see :data:`TEXT_STEPS`."""
    padding: float
    """The horizontal padding of the cells."""
    flush: bool
    """Whether the indents within the cells are given up."""


class _ColumnNeed(Struct, frozen=True):
    """The widths that suit a column, padding included."""

    least: float
    """The width in which nothing is broken that should not be."""
    wanted: float
    """The width in which every text takes one line, and a head two at most."""


class _FittedTable(Struct, frozen=True):
    """A table, set in the first way that fits, or else in the last one."""

    table: Table
    styles: Collection[Style] = ()
    """The styles of the cells."""
    fits: bool = True
    """Whether nothing is broken that should not be."""
    wide: Sequence[Cell] = ()
    """The cells whose numbers do not fit the widths of the form."""


def fit_tables(document: Document, fonts: FontSet) -> Document:
    """Return *document* with every table fitted to the page.

    The style sheet of the result has the additional styles for smaller type.
    """
    blocks, styles = list(document.blocks), dict(document.sheet.styles)
    for number, block in enumerate(blocks):
        if isinstance(block, Table):
            fit = _fit(block, document.sheet, fonts)
            blocks[number] = fit.table
            styles |= {style.name: style for style in fit.styles}
    return replace(document, blocks=tuple(blocks), sheet=replace(document.sheet, styles=styles))


def find_wide_tables(document: Document, fonts: FontSet) -> Iterator[Finding]:
    """Yield the findings about tables that do not fit the page in any way.

    *document* is not fitted yet.  In a table with the widths of a form, each number that is too
    wide is a finding.
    """
    for table in document.blocks:
        if not isinstance(table, Table):
            continue
        fit = _fit(table, document.sheet, fonts)
        for cell in fit.wide:
            values = {"数": cell.text, "格": cell.name}
            yield Finding("table-too-wide", cell.span, values, wording="number")
        if not (fit.fits or fit.wide):
            wording = "landscape" if table.landscape else ""
            columns = {"列数": len(fit.table.widths)}
            yield Finding("table-too-wide", table.span, columns, wording=wording)


def _fit(table: Table, sheet: StyleSheet, fonts: FontSet) -> _FittedTable:
    fitting = _Fitting(table, sheet.turned() if table.landscape else sheet, fonts)
    return fitting.fit_numbers() if table.widths else fitting.fit_columns()


class _Fitting:
    """A table and the ways to set it."""

    def __init__(self, table: Table, sheet: StyleSheet, fonts: FontSet) -> None:
        self._table, self._sheet, self._fonts = table, sheet, fonts
        self._look = table.look or sheet.table
        self._cells = list(chain.from_iterable(table.rows))

    def fit_numbers(self) -> _FittedTable:
        """Return the table with its numbers fitted to the widths that its columns have."""
        numbers = [cell for cell in self._cells if cell.is_number]
        extents = {cell: self._extent(cell) for cell in numbers}
        steps = [(size, 0) for size in SIZES]
        fit = _FittedTable(self._table)
        for way in self._ways(numbers, steps, (TIGHT, TIGHTEST)):
            styles = self._styles(numbers, way)
            wide = [
                cell
                for cell, extent in extents.items()
                if self._width(extent.whole, cell.style, styles, way) > self._room(cell)
            ]
            fit = self._set(numbers, self._table.widths, styles, way, fits=not wide, wide=wide)
            if fit.fits:
                break
        return fit

    def _room(self, cell: Cell) -> float:
        """Return the width of the columns of *cell*."""
        columns = self._table.widths[cell.column : cell.column + cell.column_span]
        return sum(columns) * self._sheet.page.text_width

    def fit_columns(self) -> _FittedTable:
        """Return the table with widths for its columns."""
        room = self._sheet.page.text_width
        members: dict[int, list[tuple[Cell, Extent]]] = defaultdict(list)
        for cell in self._cells:
            members[cell.column].append((cell, self._extent(cell)))
        ways = list(self._ways(self._cells, TEXT_STEPS, (TIGHT,)))
        may_fit = len(members) <= MOST_COLUMNS
        fit = _FittedTable(self._table)
        for way in ways if may_fit else ways[-1:]:
            styles = self._styles(self._cells, way)
            columns = [self._column(texts, styles, way) for texts in members.values()]
            columns = _with_whole_labels(columns, room, max(one.pitch for one in styles.values()))
            fits = may_fit and sum(column.least for column in columns) <= room
            fit = self._set(self._cells, _shares(columns, room), styles, way, fits=fits)
            if fit.fits:
                break
        return fit

    def _column(
        self, texts: Iterable[tuple[Cell, Extent]], styles: Mapping[str, Style], way: _Way
    ) -> _ColumnNeed:
        """Return the widths that suit the column with *texts*."""
        least = wanted = 0.0
        for cell, extent in texts:
            pitch, whole = self._sheet[cell.style].pitch, extent.whole
            needed = whole if cell.is_number else _least_width(extent, way.text * pitch, pitch)
            if cell.row < self._table.header_rows and whole > HEAD * pitch:
                whole = extent.halved
            least = max(least, self._width(needed, cell.style, styles, way))
            wanted = max(wanted, self._width(whole, cell.style, styles, way))
        return _ColumnNeed(least, max(least, wanted))

    def _ways(
        self, cells: Sequence[Cell], steps: Sequence[tuple[float, int]], paddings: Sequence[float]
    ) -> Iterator[_Way]:
        """Yield the ways to set *cells*, the best one first; none if there are no cells."""
        usual = max((self._sheet[cell.style].size for cell in cells), default=0.0)
        for size, text in steps:
            if usual and (size < usual or size == inf):
                yield _Way(min(size, usual), text, self._look.padding_x, flush=False)
                for padding in paddings:
                    if padding < self._look.padding_x:
                        yield _Way(min(size, usual), text, padding, flush=True)

    def _styles(self, cells: Iterable[Cell], way: _Way) -> dict[str, Style]:
        """Return the style in which *way* sets *cells*, by the name of that which they have."""
        usual = {cell.style: self._sheet[cell.style] for cell in cells}
        ratio = way.size / max(style.size for style in usual.values())
        return {name: _reduced(style, ratio, way.flush) for name, style in usual.items()}

    def _extent(self, cell: Cell) -> Extent:
        """Return the extent of the text of *cell* in the style that it has."""
        style, fonts = self._sheet[cell.style], self._fonts
        return set_once(
            cell.runs, ("extent", style), fonts, lambda runs: extent_of(runs, style, fonts)
        )

    def _width(self, width: float, name: str, styles: Mapping[str, Style], way: _Way) -> float:
        """Return the width of a cell for text that has *width* in the style called *name*."""
        style = styles[name]
        indents = (style.first_line + style.indent + style.right_indent) * style.pitch
        text = width * style.size / self._sheet[name].size
        return text + indents + 2 * way.padding + RESERVE

    def _set(
        self,
        cells: Iterable[Cell],
        widths: tuple[float, ...],
        styles: Mapping[str, Style],
        way: _Way,
        *,
        fits: bool,
        wide: Sequence[Cell] = (),
    ) -> _FittedTable:
        """Return the table with columns of *widths* and *cells* set in *styles*."""
        changed = {
            cell: replace(cell, style=styles[cell.style].name)
            for cell in cells
            if styles[cell.style].name != cell.style
        }
        rows = tuple(tuple(changed.get(cell, cell) for cell in row) for row in self._table.rows)
        look = self._table.look
        if way.padding != self._look.padding_x:
            look = replace(self._look, padding_x=way.padding)
        table = replace(self._table, widths=widths, rows=rows, look=look)
        return _FittedTable(table, styles.values(), fits, wide)


def _with_whole_labels(columns: list[_ColumnNeed], room: float, pitch: float) -> list[_ColumnNeed]:
    """Return *columns*, the first of them with its texts on one line if that fits *room*.

    Its texts are the labels of the rows; texts longer than labels are left as they are.
    """
    first, others = columns[0], columns[1:]
    whole = first.wanted + sum(column.least for column in others) <= room
    if not whole or first.wanted > LABEL * pitch:
        return columns
    return [replace(first, least=first.wanted), *others]


def _least_width(extent: Extent, width: float, pitch: float) -> float:
    """Return the least width of a text of which *width* is to be on a line."""
    least = width
    if extent.whole <= width:
        least = extent.whole
    elif extent.whole <= 2 * width:
        least = extent.halved
    return max(least, min(extent.piece, LONGEST_WORD * pitch))


def _reduced(style: Style, ratio: float, flush: bool) -> Style:
    """Return *style* with type of *ratio* times the size and, if *flush*, without indents.

    The size is a whole number of half points.  The new style has a name of its own.
    """
    name, label = style.name, style.label
    size = floor(style.size * ratio * 2 + 0.001) / 2
    made = replace(scaled(style, size), line_pitch=style.line_pitch * size / style.size)
    if size < style.size:
        name, label = f"{name}@{size:g}", f"{label} {size:g}磅"
    if flush and (style.first_line or style.indent or style.right_indent):
        made = replace(made, first_line=0.0, indent=0.0, right_indent=0.0)
        name, label = f"{name}@flush", f"{label} 顶格"
    return replace(made, name=name, label=label)


def _shares(columns: Sequence[_ColumnNeed], room: float) -> tuple[float, ...]:
    """Return the shares of *room* for *columns*, which add up to 1.

    If there is room, a column has at least the width that it wants, and more in proportion to it.
    Otherwise the widths are in proportion to the square root of those wanted, which makes the sum
    of the heights lowest.
    """
    least, wanted = [one.least for one in columns], [one.wanted for one in columns]
    if sum(wanted) <= room:
        widths = _fill(room, wanted, [inf] * len(columns), [each + AIR for each in wanted])
    else:
        weights = [sqrt(min(each, 2 * room)) for each in wanted]
        widths = _fill(room, least, wanted, weights)
    return tuple(width / sum(widths) for width in widths)


def _fill(
    room: float, low: Sequence[float], high: Sequence[float], weights: Sequence[float]
) -> list[float]:
    """Return widths that fill *room*, in proportion to *weights* between *low* and *high*.

    If *low* fills more than *room*, it is returned.
    """
    widths, below, above = list(low), 0.0, room / min(weights)
    for _ in range(_BISECTIONS):
        middle = (below + above) / 2
        widths = [
            min(max(middle * weight, least), most)
            for weight, least, most in zip(weights, low, high, strict=True)
        ]
        below, above = (middle, above) if sum(widths) < room else (below, middle)
    return widths


_MOST_PLACES = 10
"""The most places among which the best are chosen; every combination is tried."""


def break_titles(document: Document, fonts: FontSet) -> Document:
    """Return *document* with every heading and 落款 too long for one line broken at ``breaks``."""
    blocks = tuple(_broken(block, document.sheet, fonts) for block in document.blocks)
    return replace(document, blocks=blocks)


def _broken(block: Block, sheet: StyleSheet, fonts: FontSet) -> Block:
    room = sheet.page.text_width + TOLERANCE
    if isinstance(block, Heading) and block.breaks:
        style = natural(sheet[block.style])
        runs = _Title(block.runs, block.breaks, style, fonts).lines(room)
        if runs is block.runs:
            return block
        return replace(block, runs=runs, breaks=_behind_lines(block.breaks, plain_text(runs)))
    if isinstance(block, Signature) and block.breaks:
        organ, style = block.organ, sheet[block.organ.style]
        room -= style.right_indent * style.pitch
        runs = _Title(organ.runs, block.breaks, natural(style), fonts).lines(room)
        return block if runs is organ.runs else replace(block, organ=replace(organ, runs=runs))
    return block


def _behind_lines(breaks: Iterable[int], text: str) -> tuple[int, ...]:
    """Return *breaks* as offsets in *text*, into which line feeds have been put."""
    feeds = (place for place, char in enumerate(text) if char == LINE_FEED)
    starts = [place - before for before, place in enumerate(feeds)]
    return tuple(place + sum(start <= place for start in starts) for place in breaks)


class _Title:
    """A text with the places where it may be broken, and the widths of its stretches."""

    def __init__(
        self, runs: tuple[Run, ...], breaks: tuple[int, ...], style: Style, fonts: FontSet
    ) -> None:
        self._runs, self._breaks = runs, breaks[:_MOST_PLACES]
        self._length = sum(len(run.text) for run in runs)
        self._style, self._fonts = style, fonts
        self._widths: dict[tuple[int, int], float] = {}

    def width(self, start: int, end: int) -> float:
        """Return the width of the text from *start* to *end* on one line."""
        if (start, end) not in self._widths:
            runs = _cut(self._runs, start, end)
            lines: tuple[Line, ...] = set_lines(runs, self._style, UNBROKEN, self._fonts)
            self._widths[start, end] = sum(line.width for line in lines)
        return self._widths[start, end]

    def lines(self, room: float) -> tuple[Run, ...]:
        """Return the runs, with a line feed at each break if they are wider than *room*."""
        runs = self._runs
        if self.width(0, self._length) > room:
            ends = pairwise((0, *self.places(room), self._length))
            lines = [(Run(LINE_FEED), *_cut(runs, *line)) for line in ends]
            runs = tuple(chain.from_iterable(lines))[1:]
        return runs

    def places(self, room: float) -> list[int]:
        """Return the offsets at which to break lines of the width *room*, ascending.

        A stretch between two breaks that is wider than *room* is broken like any other text.
        """
        places: list[int] = []
        for start, end in pairwise((0, *self._best(room), self._length)):
            lines = set_lines(_cut(self._runs, start, end), self._style, room, self._fonts)
            places += [start + line.start for line in lines]
        return places[1:]

    def _best(self, room: float) -> tuple[int, ...]:
        """Return the breaks with which the lines exceed *room* least.

        Of several such choices, those with the fewest lines are preferred, then those with the
        best place, then a trapezoid or a rhombus, then lines of similar width.
        """
        ways = [
            tuple(sorted(chosen))
            for count in range(1, len(self._breaks) + 1)
            for chosen in combinations(self._breaks, count)
        ]
        return min(ways, key=lambda way: self._price(way, room))

    def _price(self, way: tuple[int, ...], room: float) -> tuple[float, int, bool, bool, float]:
        widths = [self.width(*ends) for ends in pairwise((0, *way, self._length))]
        excess = sum(max(0.0, width - room) for width in widths)
        waist = any(
            before > width < after
            for before, width, after in zip(widths, widths[1:], widths[2:], strict=False)
        )
        uneven = max(widths) - min(widths)
        return (excess, len(way), self._breaks[0] not in way, waist, uneven)


def _cut(runs: tuple[Run, ...], start: int, end: int) -> tuple[Run, ...]:
    """Return the runs of the text from *start* to *end*."""
    found: list[Run] = []
    place = 0
    for run in runs:
        text = run.text[max(0, start - place) : max(0, end - place)]
        if text:
            found.append(replace(run, text=text))
        place += len(run.text)
    return tuple(found)
