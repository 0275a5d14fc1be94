"""A report: the numbers of the tables and the narrative of one organ for one year.

The narrative (正文) has the structure that the author typed: sections of blocks.  A number typed
before a heading is stored apart from its text, because the document tree numbers headings
itself.  This module does not know which sections a form requires.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, TypeAlias

from msgspec import Struct, field

from reportgen.charts import Drawable
from reportgen.pictures import JudgedPicture, PictureKind
from reportgen.source import Place, Placed, Span
from reportgen.styles import Align
from reportgen.text import Run, shortened

_SEPARATOR = "/"


class CellPath(str):
    """The path of a cell, a row or a table: its ``keys`` from the table down to the column.

    As a string it is the keys joined by ``/`` (``申请/本年新收/自然人``), as in messages, formulas
    and ``--format json``.  It equals that string and can be looked up by it in a mapping.  Use
    the properties for its parts instead of splitting the string: a key may contain ``/``.
    """

    __slots__ = ("keys",)

    keys: tuple[str, ...]

    def __new__(cls, keys: Iterable[str]) -> CellPath:
        """Return the path of *keys*; without keys it is the empty string."""
        known = tuple(keys)
        path = super().__new__(cls, _SEPARATOR.join(known))
        path.keys = known
        return path

    def __getnewargs__(self) -> tuple[tuple[str, ...]]:  # type: ignore[override]
        """Return the arguments from which a pickled copy is created."""
        return (self.keys,)

    @classmethod
    def parse(cls, text: str) -> CellPath:
        """Return the path for *text* from a template or a message.

        A key that contains the separator (本年增/减) is split; the path is still equal, as a
        string, to the one with the whole key.
        """
        return text if isinstance(text, cls) else _parsed(text)

    @property
    def table(self) -> str:
        """The first key, that of the table; empty if there are no keys."""
        return self.keys[0] if self.keys else ""

    @property
    def row(self) -> CellPath:
        """The path without its last key: the row of a cell, or the parent of a row."""
        return CellPath(self.keys[:-1])

    @property
    def column(self) -> str:
        """The last key, which is the column of a cell; empty if there are no keys."""
        return self.keys[-1] if self.keys else ""

    @property
    def within_table(self) -> CellPath:
        """The path without its first key, that of the table."""
        return CellPath(self.keys[1:])

    def below(self, key: str) -> CellPath:
        """Return the path with *key* appended."""
        return CellPath((*self.keys, key))

    def under(self, key: str) -> CellPath:
        """Return the path with *key* prepended."""
        return CellPath((key, *self.keys))

    def is_within(self, other: CellPath) -> bool:
        """Return whether this path is *other* or begins with it."""
        return self.keys[: len(other.keys)] == other.keys

    def moved(self, here: CellPath, there: CellPath) -> CellPath:
        """Return this path with its beginning *here* replaced by *there*."""
        return CellPath((*there.keys, *self.keys[len(here.keys) :]))


@lru_cache(maxsize=4096)
def _parsed(text: str) -> CellPath:
    return CellPath(text.split(_SEPARATOR) if text else ())


class Quantity(Placed, frozen=True):
    """One number of a table.

    Two quantities are equal if their numbers are, regardless of where and how they were typed,
    so a report read back from its own dump equals the one typed.
    """

    aside: ClassVar[frozenset[str]] = frozenset({"text", "span", "computed", "signed"})

    number: int | Decimal | None
    """The number in the unit of its cell; a Decimal keeps the decimals that were typed.

    None if the author typed a sign for "no number" (``/``, ``—``), which counts as 0 in sums.
    """

    text: str = ""
    """The value as typed, for messages; empty if ``computed``."""

    span: Place | None = None
    """Where the value was typed."""

    computed: bool = False
    """Whether the program computed the number because the author left it out."""

    invalid: bool = False
    """Whether the value was typed but could not be read.

    The reader has reported it, so the checks ignore the value.
    """

    signed: bool = False
    """Whether a plus sign was typed, which the outputs print as well."""

    @property
    def amount(self) -> int | Decimal:
        """The number for use in a sum: 0 if ``number`` is None."""
        return 0 if self.number is None else self.number


ORIGINAL_PICTURES = "原样"
"""The value of 图片 with which photographs are not reduced."""


class Acceptance(Placed, frozen=True):
    """A finding that the author accepts, with the reason.

    It applies to the findings of the rule that match all of ``cell``, ``text`` and ``actual``
    that are not empty.
    """

    rule: str
    """The code or slug of the rule."""
    reason: str
    cell: str = ""
    """A cell of the finding."""
    text: str = ""
    """The text that the finding points at."""
    actual: str = ""
    """The value that was found."""
    span: Span | None = None


class NarrativeHeading(Placed, frozen=True):
    """A heading below the section title."""

    level: int
    """2 for （一）, 3 for 1., 4 for （1）."""
    runs: tuple[Run, ...]
    """The text without its number."""
    number: int | None = None
    """The number that the author typed; None if there was none."""
    span: Span | None = None


class NarrativeParagraph(Placed, frozen=True):
    """A paragraph of running text."""

    runs: tuple[Run, ...]
    span: Span | None = None


class NarrativeList(Placed, frozen=True):
    """An ordered or unordered list."""

    items: tuple[tuple[Run, ...], ...]
    """The runs of each item."""
    start: int | None = None
    """The number of the first item; None for an unordered list."""
    span: Span | None = None


class Picture(Placed, frozen=True):
    """A reference to a screenshot."""

    target: str
    """The path of the file as written in the narrative."""
    caption: str
    """The caption, which is also the alternative text."""
    width: float | None = None
    """The requested share of the type area's width (0 < width ≤ 1); None for automatic."""
    span: Span | None = None


class PictureGroup(Struct, frozen=True):
    """Adjacent pictures, which form one group on the page."""

    pictures: tuple[Picture, ...]


class NarrativeTable(Placed, frozen=True):
    """A table written by the author."""

    head: tuple[tuple[Run, ...], ...]
    """The runs of each cell of the head."""
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    """The runs of each cell, row by row."""
    aligns: tuple[Align, ...]
    """The alignment of each column."""
    span: Span | None = None
    landscape: bool = False
    """Whether the table is to be placed on landscape pages."""


class NarrativeChart(Placed, frozen=True):
    """A chart of numbers of the tables, or a QR code: what a block ``图表`` makes."""

    aside: ClassVar[frozenset[str]] = frozenset({"span", "typed"})

    what: Drawable
    """What is drawn, with the numbers that the tables had when it was read."""
    caption: tuple[Run, ...] = ()
    width: float | None = None
    """The requested share of the type area's width; None for automatic, and for a QR code."""
    side: float | None = None
    """The side of a QR code in mm; None for a chart."""
    typed: str = ""
    """The lines of the block, so that it can be written again."""
    span: Span | None = None


NarrativeBlock: TypeAlias = (
    NarrativeHeading
    | NarrativeParagraph
    | NarrativeList
    | PictureGroup
    | NarrativeChart
    | NarrativeTable
)


class Section(Placed, frozen=True):
    """A level-1 section as the author typed it."""

    title: str
    """The title without its number."""
    number: int | None
    """The number that the author typed; None if there was none."""
    blocks: tuple[NarrativeBlock, ...]
    span: Span | None = None


class Narrative(Struct, frozen=True):
    """The whole text of a report."""

    opening: tuple[NarrativeBlock, ...] = ()
    """The blocks before the first heading."""
    sections: tuple[Section, ...] = ()
    unread: bool = False
    """Whether its file could not be read.

    The finding is made; nothing more is concluded from the empty text.
    """

    def pictures(self) -> Iterator[Picture]:
        """Yield all pictures in reading order."""
        for blocks in (self.opening, *(section.blocks for section in self.sections)):
            for block in blocks:
                if isinstance(block, PictureGroup):
                    yield from block.pictures


class Screenshot(Placed, frozen=True):
    """A picture file that was opened and is valid."""

    aside: ClassVar[frozenset[str]] = frozenset({"picture"})

    path: Path
    kind: PictureKind
    """The format in the outputs: PNG or JPEG."""
    width: int
    """The width in pixels, after applying the EXIF orientation."""
    height: int
    """The height in pixels, after applying the EXIF orientation."""
    digest: str
    """The hash of the file, which identifies equal pictures."""
    picture: JudgedPicture
    """The file, from which the outputs get their bytes."""


class Report(Placed, frozen=True):
    """A report, read from a folder or a finished file, or made of values."""

    aside: ClassVar[frozenset[str]] = frozenset({"narrative_path", "spans", "gaps", "twins"})

    organ: str
    """The full name of the organ."""
    year: int
    """The year reported on."""
    title: str
    kind: str
    """The id of the kind of report, a folder in ``templates/``."""
    form: str
    """The id of the form."""
    contact: Mapping[str, str] = field(default_factory=dict)
    """Address, telephone and so on, by their keys in ``report.yaml``."""
    date: datetime.date | None = None
    """成文日期; None if it was not given."""
    cells: Mapping[CellPath, Quantity] = field(default_factory=dict)
    """The numbers of the tables."""
    narrative: Narrative = field(default_factory=Narrative)
    screenshots: Mapping[str, Screenshot] = field(default_factory=dict)
    """The opened picture files, by their targets in the narrative."""
    previous: Report | None = None
    """Last year's report; None if it was not given."""
    accepted: tuple[Acceptance, ...] = ()
    """The findings that the author accepts."""
    narrative_path: str = ""
    """The path of the narrative's file as messages show it."""
    spans: Mapping[str, Span] = field(default_factory=dict)
    """Where each key of ``report.yaml`` was typed, and as ``联系方式/电话`` each contact value."""
    gaps: Mapping[CellPath, Place] = field(default_factory=dict)
    """Where the numbers belong of the cells that were left blank."""
    twins: Mapping[CellPath, Place] = field(default_factory=dict)
    """Where in ``report.yaml`` the numbers stand again that were taken from the workbook."""
    original_pictures: bool = False
    """Whether photographs keep all their pixels (图片: 原样)."""
    undated: bool = False
    """Whether 年度 could not be read: ``year`` only stands in for it, nothing follows from it."""

    def __repr__(self) -> str:
        head = f"{shortened(self.organ)} {self.year}, form {self.form}"
        sections, pictures = len(self.narrative.sections), len(self.screenshots)
        parts = f"{len(self.cells)} cells, {sections} sections, {pictures} pictures"
        return f"<Report {head}: {parts}>"
