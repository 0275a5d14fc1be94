"""The rows of a form's tables ↔ the rows found in a file, and the numbers behind their labels.

Only labels decide, never positions: the rows of each table of the form are looked for, in their
order, among all rows of the file.  A table torn in two, a repeated head, a row left out or
put in therefore do no harm.

Mostly there is one text for each cell of a row.  Where there are fewer, because digits ran
together (``5845546``), the row's own arithmetic may leave only one way to split them.  Nothing
is invented.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import Enum
from functools import cached_property, lru_cache
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from reportgen.forms import GridCell, TableGrid, pairs_in_order
from reportgen.published.found import FoundCell, FoundTable
from reportgen.published.units import NOTHING, label_key, without_idle_decimals
from reportgen.styles import CellRole

SIMILAR = 0.75
"""From this likeness on a label counts as the official one; below it, two rows of a form differ."""
_UNALIKE_DISCOUNT = 0.9
_GROUP_BONUS = 0.05
_NUMBERLESS_DISCOUNT = 0.3
_STROKES = frozenset("/-—–－／\\")
_NUMBER = re.compile(r"[+\-−]?\d[\d,.\s]*(?:[十百千万亿]*元)?")


class FoundRow(Struct, frozen=True, dict=True):
    """A row of a table in a file."""

    table: int
    """The number of the table in the file, counted from 0."""
    row: int
    """The number of the row in the table, counted from 0."""
    labels: tuple[FoundCell, ...]
    """The cells up to the last label."""
    values: tuple[FoundCell, ...]
    """The cells after the last label."""
    is_guessed: bool = False
    """Whether its texts were recognised in a picture."""

    @property
    def is_head(self) -> bool:
        """Whether the row holds labels and nothing else."""
        return bool(self.labels) and not self.is_filled

    @cached_property
    def is_filled(self) -> bool:
        """Whether anything stands behind the labels."""
        return any(cell.text.strip() for cell in self.values)


class WantedRow(Struct, frozen=True):
    """A row of a form that holds numbers."""

    names: tuple[str, ...]
    """The wordings of its label, as :func:`label_key` returns them; empty for a row without a
    label."""
    group: str
    """The label of the rows to which it belongs; empty if it belongs to none."""
    cells: tuple[GridCell, ...]
    """The cells with numbers, from left to right."""


class Match(Struct, frozen=True):
    """A row of the form and the row of the file that was found for it."""

    wanted: WantedRow
    found: FoundRow
    likeness: float
    """How similar their labels are, from 0 to 1; 1 if they are equal."""


def found_rows(
    tables: Iterable[FoundTable], names: Collection[str], counters: Iterable[str]
) -> list[FoundRow]:
    """Return the rows of *tables*, each parted into labels and values.

    *names* are those of the form's rows, as :func:`label_key` has them.  *counters* are words
    that may stand behind a count (``12件``); they are left out.
    """
    counted = re.compile(
        rf"\s*(\d[\d,，.．\s]*)[(（]?(?:{'|'.join(map(re.escape, counters))})[)）]?\s*"
    )
    return [
        _part(number, row, [_counted(cell, counted) for cell in cells], names, table.is_guessed)
        for number, table in enumerate(tables)
        for row, cells in enumerate(table.rows)
    ]


def _counted(cell: FoundCell, counted: re.Pattern[str]) -> FoundCell:
    """Return *cell*, if it holds a count with a word behind it, without that word."""
    count = counted.fullmatch(cell.text)
    return replace(cell, text=count[1]) if count else cell


def _part(
    table: int, row: int, cells: Sequence[FoundCell], names: Collection[str], is_guessed: bool
) -> FoundRow:
    texts = [i for i, cell in enumerate(cells) if not (cell.is_unsure or is_value(cell.text))]
    last = max(texts, default=-1)
    numbers = (cell.text for i, cell in enumerate(cells) if i not in texts)
    has_numbers = any(char.isdecimal() for text in numbers for char in text)
    if texts and has_numbers and label_key(cells[last].text) not in names:
        # 十九 behind the name of a row is a number that cannot be read, no label
        last = max((i for i in texts if label_key(cells[i].text) in names), default=last)
    labels = tuple(cell for cell in cells[: last + 1] if cell.text.strip())
    return FoundRow(table, row, labels, tuple(cells[last + 1 :]), is_guessed)


@lru_cache(maxsize=1 << 12)
def is_value(text: str) -> bool:
    """Return whether *text* may stand where a number belongs: a number, a stroke or a blank."""
    folded = unicodedata.normalize("NFKC", text).strip()
    return folded in NOTHING or set(folded) <= _STROKES or _NUMBER.fullmatch(folded) is not None


def wanted_rows(grid: TableGrid) -> tuple[WantedRow, ...]:
    """Return the rows of *grid* that hold numbers, from top to bottom."""
    return tuple(_wanted_rows(grid))


def _wanted_rows(grid: TableGrid) -> Iterator[WantedRow]:
    for row in grid.rows:
        cells = tuple(cell for cell in row if cell.role == CellRole.VALUE)
        if not cells:
            continue
        beside = (grid.cell_at(cells[0].row, column) for column in range(cells[0].column))
        stubs = list(dict.fromkeys(c.label for c in beside if c and c.role == CellRole.STUB))
        own = stubs[-1] if stubs else ""
        group = stubs[-2] if len(stubs) > 1 else ""
        key = cells[0].path.row.column
        names = (own, key, group + own) if own else ()
        yield WantedRow(
            tuple(dict.fromkeys(label_key(name) for name in names)),
            label_key(group),
            cells,
        )


def table_copies(wanted: Sequence[WantedRow], found: Sequence[FoundRow]) -> list[list[FoundRow]]:
    """Return *found* in parts, in each of which the rows *wanted* stand once.

    There is one part unless half of them stand there twice: last year's table below this year's.
    """
    parts: list[list[FoundRow]] = [[]]
    numbers: list[set[int]] = [set()]
    last = 0
    for row in found:
        number = _nearest(wanted, row)
        if number is not None:
            if numbers[-1] and last - number >= (len(wanted) - 1) / 2:
                parts.append([])
                numbers.append(set())
            numbers[-1].add(number)
            last = number
        parts[-1].append(row)
    once: set[int] = set()
    twice: set[int] = set()
    for known in numbers:
        twice |= once & known
        once |= known
    return parts if 0 < len(wanted) <= 2 * len(twice) else [list(found)]


def _nearest(wanted: Sequence[WantedRow], found: FoundRow) -> int | None:
    """Return which of *wanted* has the labels of *found*, None when none has or it is a head."""
    if not found.is_filled and len(found.labels) > 1:
        return None
    labels = tuple(label_key(cell.text) for cell in found.labels)
    worth = [_likeness(row, found, labels)[0] for row in wanted]
    best = max(worth, default=0)
    return worth.index(best) if best else None


def match_rows(wanted: Sequence[WantedRow], found: Sequence[FoundRow]) -> list[Match]:
    """Return the pairs, in order on both sides, whose labels are most alike altogether."""
    labels = [tuple(label_key(cell.text) for cell in row.labels) for row in found]
    alike = [
        [_likeness(ours, theirs, names) for theirs, names in zip(found, labels, strict=True)]
        for ours in wanted
    ]
    worth = [[score for score, _ in row] for row in alike]
    return [Match(wanted[i], found[j], alike[i][j][1]) for i, j in pairs_in_order(worth)]


def _likeness(wanted: WantedRow, found: FoundRow, labels: tuple[str, ...]) -> tuple[float, float]:
    """Return what the pair is worth, 0 when it is none, and how much the labels are alike."""
    if not wanted.names:
        count = sum(max(1, len(cell.text.split())) for cell in found.values)
        fits = not labels and count >= len(wanted.cells) and found.is_filled
        return (1.0, 1.0) if fits else (0.0, 0.0)
    if not labels:
        return 0.0, 0.0
    likeness = likeness_of(labels[-1], wanted.names)
    if len(labels) > 1 and likeness < 1:
        likeness = max(likeness, likeness_of("".join(labels), wanted.names))
    if likeness < SIMILAR:
        return 0.0, 0.0
    score = likeness if likeness == 1 else likeness * _UNALIKE_DISCOUNT
    if wanted.group and likeness_of(labels[0], (wanted.group,)) >= SIMILAR:
        score += _GROUP_BONUS
    return (score if found.is_filled else score * _NUMBERLESS_DISCOUNT), likeness


@lru_cache(maxsize=1 << 14)
def likeness_of(label: str, names: tuple[str, ...]) -> float:
    """Return how much the normalised *label* is like the nearest of *names*: 0 to 1."""
    return 1.0 if label in names else max((_ratio(label, name) for name in names), default=0.0)


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < SIMILAR or matcher.quick_ratio() < SIMILAR:
        return 0.0
    return matcher.ratio()


_MOST_WAYS = 20_000
_DIGITS = re.compile(r"\d+")


class How(Enum):
    """How the texts of a row were brought to its cells."""

    PLAIN = "plain"
    CLOSED_UP = "closed up"
    """Blanks between them were left out."""
    PARTED = "parted"
    SPACED = "spaced"
    """Several stood in one cell with blanks between them."""
    UNCLEAR = "unclear"


class Settled(Struct, frozen=True):
    """Which text belongs to which cell of a row."""

    cells: tuple[FoundCell, ...]
    """The cell of the file for each cell of the row; empty if this is unclear."""
    how: How
    balances: bool = True
    """Whether the numbers, in their places, satisfy the identities of the row."""


def settle(
    values: Sequence[FoundCell],
    spans: Sequence[int],
    balances: Callable[[Sequence[int]], bool] | None,
) -> Settled:
    """Return the texts for the cells of a row, which take *spans* columns, out of *values*.

    *balances* tells whether whole numbers fit the identities of the row; None when it has none.
    A blank may be a 0 in its place, or no place at all: where the identities do not tell, the
    row is unclear.
    """
    count = len(spans)
    filled = [cell for cell in values if cell.text.strip()]
    if not filled:
        blank = values[0] if values else None
        return Settled((blank,) * count if blank else (), How.PLAIN if blank else How.UNCLEAR)
    if count == 1 and len({cell.text.strip() for cell in filled}) == 1:
        return Settled((filled[0],), How.PLAIN)  # a merged cell, written once for each column
    placed = _placed(values, filled, spans)
    if placed and (len(filled) == count or _fits(placed, filled, balances)):
        fits = not balances or not _are_numbers(placed) or balances(_numbers(placed))
        return Settled(tuple(placed), How.PLAIN, fits)
    if len(filled) == count and balances and balances(_numbers(filled)):
        return Settled(tuple(filled), How.CLOSED_UP)
    if len(filled) < count and (spaced := _at_blanks(filled, count, balances)):
        return Settled(spaced, How.SPACED)
    way = _only_way(filled, count, balances) if len(filled) < count and balances else None
    return Settled(way, How.PARTED) if way else Settled((), How.UNCLEAR)


def _at_blanks(
    filled: Sequence[FoundCell], count: int, balances: Callable[[Sequence[int]], bool] | None
) -> tuple[FoundCell, ...]:
    """Return *filled* parted at its blanks if that gives *count* numbers that fit, else nothing."""
    parts = tuple(FoundCell(part, cell.place) for cell in filled for part in cell.text.split())
    fits = len(parts) == count and (not balances or balances(_numbers(parts)))
    return parts if fits and not any(cell.is_unsure for cell in filled) else ()


def _placed(
    values: Sequence[FoundCell], filled: Sequence[FoundCell], spans: Sequence[int]
) -> Sequence[FoundCell] | None:
    """Return those of *values* that stand where the cells of a row do, None when none are known.

    There is one for each, or each has blanks behind it for the columns it spans.
    """
    if len(values) == len(spans):
        return values
    starts = list(accumulate(spans[:-1], initial=0))
    if len(values) == sum(spans) and [values[start] for start in starts] == filled:
        return filled
    is_closed = len(filled) == len(spans) and list(values[: len(spans)]) == filled
    return filled if is_closed else None


def _fits(
    placed: Sequence[FoundCell],
    filled: Sequence[FoundCell],
    balances: Callable[[Sequence[int]], bool] | None,
) -> bool:
    """Return whether *placed*, some of them blank, are the numbers of a row, a blank being 0."""
    if balances:
        return balances(_numbers(placed))
    return not _is_run_together(filled, len(placed))


def _are_numbers(cells: Iterable[FoundCell]) -> bool:
    texts = (_plain(cell) for cell in cells)
    return all(_DIGITS.fullmatch(text) or not text or set(text) <= _STROKES for text in texts)


def _numbers(cells: Iterable[FoundCell]) -> list[int]:
    """Return the whole numbers of *cells*, 0 for what is none."""
    return [int(text) if _DIGITS.fullmatch(text := _plain(cell)) else 0 for cell in cells]


def _plain(cell: FoundCell) -> str:
    """Return the text of *cell* in half width, without blanks, separators and idle decimals."""
    plain = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", cell.text))
    return "" if plain in NOTHING else without_idle_decimals(plain)


def _only_way(
    filled: Sequence[FoundCell], count: int, balances: Callable[[Sequence[int]], bool]
) -> tuple[FoundCell, ...] | None:
    """Return the only way to part the digits of *filled* that *balances*, None without one."""
    fitting = []
    for tried, way in enumerate(_ways(filled, count)):
        if tried == _MOST_WAYS:
            return None
        if balances([int(cell.text) for cell in way]):
            fitting.append(way)
            if len(fitting) > 1:
                return None
    return fitting[0] if fitting else None


def _is_run_together(filled: Sequence[FoundCell], count: int) -> bool:
    """Return whether the texts of few cells may hold the digits of all *count*."""
    digits = sum(len("".join(_DIGITS.findall(cell.text))) for cell in filled)
    return 0 < len(filled) < count <= digits and any(
        len(cell.text.strip()) >= count - len(filled) + 1 for cell in filled
    )


def _ways(filled: Sequence[FoundCell], count: int) -> Iterator[tuple[FoundCell, ...]]:
    """Yield the ways to part the digits of *filled* into *count* whole numbers, in order."""
    texts = [re.sub(r"\s", "", cell.text) for cell in filled]
    if not all(_DIGITS.fullmatch(text) for text in texts):
        return
    for parts in _parted(texts, count):
        yield tuple(
            FoundCell(part, cell.place)
            for cell, pieces in zip(filled, parts, strict=True)
            for part in pieces
        )


def _parted(texts: Sequence[str], count: int) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield *texts*, each parted into one number or more, *count* of them altogether."""
    first, rest = texts[0], texts[1:]
    most = count - len(rest)
    for pieces in range(1, min(most, len(first)) + 1):
        if not rest and pieces != count:
            continue
        for parts in _split(first, pieces):
            if not rest:
                yield (parts,)
            else:
                for others in _parted(rest, count - pieces):
                    yield (parts, *others)


def _split(digits: str, pieces: int) -> Iterator[tuple[str, ...]]:
    """Yield *digits* in so many *pieces*, none of which begins with an idle 0."""
    if pieces == 1:
        if digits == "0" or not digits.startswith("0"):
            yield (digits,)
        return
    for end in range(1, len(digits) - pieces + 2):
        head = digits[:end]
        if head != "0" and head.startswith("0"):
            return
        for tail in _split(digits[end:], pieces - 1):
            yield (head, *tail)
