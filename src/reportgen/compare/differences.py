"""Where a finished file says something else than the data: cell by cell, paragraph by paragraph.

:func:`compare_contents` makes one :class:`Difference` for each thing that was changed, left out,
put in or moved, with the place on both sides and the characters that differ.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain

from msgspec import Struct

from reportgen.compare.alignment import Counterparts, align, align_cells, opcodes
from reportgen.compare.content import (
    Content,
    Passage,
    Row,
    RowCell,
    Unit,
    joined,
    place_in,
    significant,
)
from reportgen.diagnostics import Finding, Label
from reportgen.forms import Form, NotANumberError, parse_quantity
from reportgen.model import CellPath
from reportgen.source import Place, SheetSpan, Span
from reportgen.text import Word, shortened

_CONTEXT = 6
"""Characters shown on either side of those that differ."""
_MOST_SHOWN = 60
_MOST_STRETCHES = 3
_EQUAL_EACH, _FEW_EQUAL = 40, 5_000
"""How many equal ones a character of two texts may have, on average, and altogether at least, for
the texts to be compared in full.  In a text of 4,000 characters one has about 30."""


class DifferenceKind(Word):
    """What a difference is in, as ``--format json`` names it."""

    CELL = "cell"
    LABEL = "label"
    PARAGRAPH = "paragraph"
    PICTURE = "picture"


class SideValue(Struct, frozen=True):
    """What one side says, and where; None for nothing, or for fixed wording."""

    value: str | None = None
    place: Place | None = None


class Altered(Struct, frozen=True):
    """Characters of a text that differ, from ``start`` to ``end``, and those there instead."""

    start: int
    end: int
    other_start: int
    other_end: int


class Difference(Struct, frozen=True):
    """One thing that the document says otherwise than the data."""

    kind: DifferenceKind
    finding: Finding
    """The rule that is broken, with the values of its message and both places."""
    document: SideValue
    data: SideValue
    cell: str = ""
    """The path of the cell or row, if it is one of an official table."""
    cells: tuple[RowCell | None, RowCell | None] = (None, None)
    """The cells of the data and of the document, if it is a cell of a table."""


class Matched(Struct, frozen=True):
    """Units that stand for each other, with what differs: a line of a side by side page."""

    data: tuple[Unit, ...]
    document: tuple[Unit, ...]
    differences: tuple[Difference, ...] = ()
    stretches: tuple[Altered, ...] = ()
    """The characters of the data's text that differ; only for texts on both sides."""
    is_moved: bool = False
    """Whether the document has here what another line has of the data."""


class Whereabouts:
    """Tells where something that one side does not have would stand there.

    *shared* are the pairs of the units that stand for each other, in their order.
    """

    def __init__(
        self, data: Sequence[Unit], document: Sequence[Unit], shared: Sequence[Counterparts]
    ) -> None:
        self._data, self._document, self._shared = data, document, shared

    def in_document(self, number: int) -> Place | None:
        """Return the place before which the document lacks what is at unit *number* of the data."""
        after = bisect_left(self._shared, number, key=lambda pair: pair.expected[0])
        if after < len(self._shared):
            return self._document[self._shared[after].found[0]].place
        return self._document[-1].place if self._document else None

    def in_data(self, number: int) -> Place | None:
        """Return the place of the data that what is at unit *number* of the document goes before.

        Fixed wording has no place; then it is the next text that has one, or the last.
        """
        after = bisect_left(self._shared, number, key=lambda pair: pair.found[0])
        behind = (self._data[i].place for pair in self._shared[after:] for i in pair.expected)
        before = (unit.place for unit in reversed(self._data))
        return next((place for place in chain(behind, before) if place), None)

    def is_in_text(self, place: Place) -> bool:
        """Return whether *place* is one of the text of the document, not of a header beside it."""
        first = next((unit.place for unit in self._document if unit.place), None)
        return first is None or first.source is place.source or isinstance(place, SheetSpan)

    def counterpart(self, place: Place) -> Place | None:
        """Return the place in the data of what the document has at *place*, or nearest above."""
        starts = self._starts
        found = bisect_right(starts, place.order, key=lambda item: item[0]) - 1
        return starts[found][1] if found >= 0 else None

    @cached_property
    def _starts(self) -> list[tuple[tuple[int, ...], Place]]:
        """The order of each place in the document, with that of what stands for it."""
        found = []
        for pair in self._shared:
            data = next((p for i in pair.expected if (p := self._data[i].place)), None)
            for unit in (self._document[j] for j in pair.found):
                places = [c.place for c in unit.cells] if isinstance(unit, Row) else [unit.place]
                found += [(place.order, data) for place in places if place and data]
        return sorted(found, key=lambda item: item[0])


class Comparison(Struct, frozen=True):
    """A whole document beside the data."""

    lines: tuple[Matched, ...]
    whereabouts: Whereabouts
    others: tuple[Difference, ...] = ()
    """What differs beside the text: pictures, changes that are not settled, headers."""
    whole: tuple[Difference, ...] = ()
    """What is wrong with the file as a whole: another report, or a draft."""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Everything that differs: the file as a whole, then in the order of the document.

        What the document does not have comes before what stands there; headers come last.
        """
        texts = (item for line in self.lines for item in line.differences)
        return (*self.whole, *sorted((*texts, *self.others), key=self._order))

    def _order(self, item: Difference) -> tuple[int, tuple[int, ...], bool]:
        place = item.document.place
        if place is None or not self.whereabouts.is_in_text(place):
            return 1, (), True
        return 0, place.order, item.document.value is not None


def compare_contents(data: Content, document: Content, form: Form) -> Comparison:
    """Return how *document* differs from *data*, the content of a report of *form*."""
    return _Comparer(data.units, document.units, form).compared()


class _Comparer:
    """Compares two sequences of units."""

    def __init__(self, data: Sequence[Unit], document: Sequence[Unit], form: Form) -> None:
        self._data, self._document, self._form = data, document, form
        alignment = align(data, document)
        self._pairs, self._moved = alignment.pairs, alignment.moved
        self._shared = [pair for pair in self._pairs if pair.expected and pair.found]
        self._moved_here = frozenset(self._moved.values())
        self._whereabouts = Whereabouts(data, document, self._shared)

    def compared(self) -> Comparison:
        """Return the lines of the comparison."""
        return Comparison(tuple(self._line(pair) for pair in self._pairs), self._whereabouts)

    def _line(self, pair: Counterparts) -> Matched:
        ours = tuple(self._data[i] for i in pair.expected)
        theirs = tuple(self._document[j] for j in pair.found)
        if not theirs:
            return Matched(ours, theirs, tuple(self._lost(pair.expected[0])))
        if not ours:
            is_moved = pair.found[0] in self._moved_here
            return Matched(ours, theirs, tuple(self._put_in(pair.found[0])), is_moved=is_moved)
        if isinstance(ours[0], Row) and isinstance(theirs[0], Row):
            return Matched(ours, theirs, tuple(self._row(ours[0], theirs[0])))
        return self._texts(ours, theirs)

    # Rows

    def _row(self, ours: Row, theirs: Row) -> Iterator[Difference]:
        for cell, found in align_cells(ours, theirs):
            if cell is None and found is not None:
                if found.key:
                    yield self._cell(None, found, ours)
            elif cell is not None and not cell.is_repeated and not self._says(cell, found):
                yield self._cell(cell, found, ours, theirs.place)

    def _says(self, cell: RowCell, found: RowCell | None) -> bool:
        """Return whether *found* says the same as *cell*; numbers are compared as numbers."""
        if found is None:
            return False
        if cell.key == found.key:
            return True
        kind = self._form.value_cells.get(CellPath.parse(cell.name)) if cell.name else None
        if kind is None or not found.key:
            return False
        try:
            ours, theirs = (parse_quantity(c.text, kind.type) for c in (cell, found))
        except NotANumberError:
            return False
        return ours.number == theirs.number

    def _cell(
        self, ours: RowCell | None, theirs: RowCell | None, row: Row, near: Place | None = None
    ) -> Difference:
        """Return that a cell of *row* differs; *near* is the place of one that is not there."""
        cell, found = ours or RowCell("", row.place), theirs or RowCell("", near)
        is_label = cell.is_label
        kind = DifferenceKind.LABEL if is_label else DifferenceKind.CELL
        values = {
            "格": cell.name or _named(row),
            "文件": _shown(found.text),
            "数据": _shown(cell.text),
        }
        finding = Finding(
            "printed-label-differs" if is_label else "printed-number-differs",
            found.place,
            values,
            wording="" if row.table and (cell.name or is_label) else "plain",
            labels=_labels(cell.place, cell.text),
            cells=(cell.name,) if cell.name else (),
            expected=cell.text or None,
            actual=found.text or None,
        )
        sides = SideValue(found.text, found.place), SideValue(cell.text, cell.place)
        return Difference(kind, finding, *sides, cell=cell.name, cells=(ours, theirs))

    # What only one side has

    def _lost(self, number: int) -> Iterator[Difference]:
        unit = self._data[number]
        if not unit.key:
            return
        own = isinstance(unit, Row) and not unit.table
        near = self._whereabouts.in_document(number)
        slug, document = "printed-text-missing", SideValue(None, near)
        if number in self._moved:
            found = self._document[self._moved[number]]
            slug, document = "printed-text-moved", SideValue(found.text, found.place)
        yield self._whole(slug, unit, document, SideValue(unit.text, unit.place), own=own)

    def _put_in(self, number: int) -> Iterator[Difference]:
        unit = self._document[number]
        if not unit.key or number in self._moved_here or self._is_repeated_head(unit):
            return
        document = SideValue(unit.text, unit.place)
        data = SideValue(None, self._whereabouts.in_data(number))
        own = self._is_own_row(number)
        yield self._whole("printed-text-added", unit, document, data, own=own)

    def _is_own_row(self, number: int) -> bool:
        """Return whether unit *number* of the document stands below a row of the author."""
        before = bisect_left(self._shared, number, key=lambda pair: pair.found[-1])
        unit = self._data[self._shared[before - 1].expected[-1]] if before else None
        return isinstance(unit, Row) and not unit.table

    def _is_repeated_head(self, unit: Unit) -> bool:
        """Return whether *unit* is a row of heads that a table repeats at the top of a page."""
        return isinstance(unit, Row) and unit.key in self._heads

    @cached_property
    def _heads(self) -> frozenset[tuple[str, ...]]:
        """The rows of heads that the document has in place of those of the data."""
        return frozenset(
            theirs.key
            for pair in self._pairs
            for i, j in zip(pair.expected, pair.found, strict=False)
            if isinstance(ours := self._data[i], Row)
            and ours.is_head
            and isinstance(theirs := self._document[j], Row)
        )

    def _whole(
        self,
        slug: str,
        unit: Unit,
        document: SideValue,
        data: SideValue,
        *,
        own: bool,
    ) -> Difference:
        """Return that a whole row or text is missing, moved or added.

        The row is that of a table of the author if *own*.
        """
        is_row, is_extra = isinstance(unit, Row), data.value is None
        named = _named(unit) if isinstance(unit, Row) else unit.kind.value
        words = "数据里没有，应在这里之前" if is_extra else "在数据的这里"
        finding = Finding(
            slug,
            document.place,
            {"何处": named, "内容": _shown(unit.text)},
            wording="own-row" if is_row and own else "row" if is_row else "",
            labels=(Label(data.place, words),) if data.place else (),
            cells=_cells(unit) if not is_extra else (),
        )
        kind = DifferenceKind.CELL if is_row else DifferenceKind.PARAGRAPH
        row = _row_path(unit) if isinstance(unit, Row) else ""
        return Difference(kind, finding, document, data, row)

    # Texts

    def _texts(self, ours: tuple[Unit, ...], theirs: tuple[Unit, ...]) -> Matched:
        one = joined([unit for unit in ours if isinstance(unit, Passage)])
        other = joined([unit for unit in theirs if isinstance(unit, Passage)])
        if one.key == other.key:
            return Matched(ours, theirs)
        stretches = tuple(differing(one.text, other.text))
        return Matched(ours, theirs, (_changed(one, other, stretches),), stretches)


def _changed(data: Passage, document: Passage, stretches: Sequence[Altered]) -> Difference:
    first = stretches[0]
    here = place_in(document, first.other_start, first.other_end)
    there = place_in(data, first.start, first.end)
    placeholder = _placeholder(there)
    finding = Finding(
        "printed-text-differs",
        here,
        {
            "何处": data.kind.value,
            "改动": _changes(data.text, document.text, stretches),
            "占位符": placeholder,
            "文件": _around(document.text, first.other_start, first.other_end),
            "数据": _around(data.text, first.start, first.end),
        },
        wording="placeholder" if placeholder else "",
        labels=_labels(there, data.text[first.start : first.end], "没有这些字"),
        expected=_around(data.text, first.start, first.end),
        actual=_around(document.text, first.other_start, first.other_end),
    )
    sides = SideValue(document.text, here), SideValue(data.text, there)
    return Difference(DifferenceKind.PARAGRAPH, finding, *sides)


def _placeholder(place: Place | None) -> str:
    """Return the placeholder that *place* is, empty if it is none."""
    text = place.text if isinstance(place, Span) else ""
    return text if text.startswith("{{") else ""


def differing(one: str, other: str) -> Iterator[Altered]:
    """Yield the stretches in which the texts *one* and *other* differ; numbers are kept whole."""
    (ours, at), (theirs, there) = significant(one), significant(other)
    most = max(_FEW_EQUAL, _EQUAL_EACH * (len(ours) + len(theirs)))
    last: tuple[int, int, int, int] | None = None
    for tag, i1, i2, j1, j2 in opcodes(ours, theirs, most):
        if tag == "equal":
            continue
        i1, j1, i2, j2 = _with_digits(ours, theirs, i1, j1, i2, j2)
        if last and i1 <= last[1]:
            last = (last[0], i2, last[2], j2)
            continue
        if last:
            yield _stretch(last, at, there, one, other)
        last = (i1, i2, j1, j2)
    if last:
        yield _stretch(last, at, there, one, other)


def _with_digits(
    ours: str, theirs: str, i1: int, j1: int, i2: int, j2: int
) -> tuple[int, int, int, int]:
    """Return the bounds of a stretch moved outwards while they divide a number."""

    def is_inside(i: int, j: int) -> bool:
        pairs = ((ours, i), (theirs, j))
        return any(
            0 < at < len(text) and text[at - 1].isdigit() and text[at].isdigit()
            for text, at in pairs
        )

    while min(i1, j1) > 0 and ours[i1 - 1] == theirs[j1 - 1] and is_inside(i1, j1):
        i1, j1 = i1 - 1, j1 - 1
    while i2 < len(ours) and j2 < len(theirs) and ours[i2] == theirs[j2] and is_inside(i2, j2):
        i2, j2 = i2 + 1, j2 + 1
    return i1, j1, i2, j2


def _stretch(
    bounds: tuple[int, int, int, int],
    at: Sequence[int],
    there: Sequence[int],
    one: str,
    other: str,
) -> Altered:
    """Return the stretch of the texts themselves for *bounds* in their significant characters."""
    i1, i2, j1, j2 = bounds
    return Altered(*_offsets(i1, i2, at, one), *_offsets(j1, j2, there, other))


def _offsets(first: int, last: int, at: Sequence[int], text: str) -> tuple[int, int]:
    start = at[first] if first < len(at) else len(text)
    return start, at[last - 1] + 1 if last > first else start


def _changes(data: str, document: str, stretches: Sequence[Altered]) -> str:
    """Return the differing stretches as a message has them."""
    parts = [
        f"“{_around(data, s.start, s.end)}”成了“{_around(document, s.other_start, s.other_end)}”"
        for s in stretches[:_MOST_STRETCHES]
    ]
    left = len(stretches) - len(parts)
    return "；".join(parts) + (f"；另有 {left} 处" if left else "")


def _around(text: str, start: int, end: int) -> str:
    """Return the characters *start* to *end* of *text* with a few on either side, numbers whole."""
    first, last = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
    while first > 0 and text[first - 1 : first + 1].isdigit():
        first -= 1
    while last < len(text) and text[last - 1 : last + 1].isdigit():
        last += 1
    shown = " ".join(shortened(text[first:last], _MOST_SHOWN).split())
    return ("…" if first else "") + shown + ("…" if last < len(text) else "")


def _shown(text: str) -> str:
    return shortened(" ".join(text.split()), _MOST_SHOWN) or "空"


def _labels(place: Place | None, text: str, blank: str = "是空的") -> tuple[Label, ...]:
    """Return the place of the data with what stands there, *blank* for nothing."""
    words = f"数据里是“{_shown(text)}”" if text.strip() else f"数据里{blank}"
    return (Label(place, words),) if place else ()


def _named(row: Row) -> str:
    """Return what messages call *row*: its last label, or its table if it has numbers only."""
    labels = [c.text for c in row.cells if c.text.strip() and (c.is_label or not c.name)]
    return _shown(labels[-1] if row.table and labels else next(iter(labels), row.table))


def _row_path(row: Row) -> str:
    names = [CellPath.parse(cell.name) for cell in row.cells if cell.name]
    return str(names[0].row) if names else ""


def _cells(unit: Unit) -> tuple[str, ...]:
    return tuple(c.name for c in unit.cells if c.name) if isinstance(unit, Row) else ()
