"""A report: one organ's data and narrative of one year.

The narrative (正文) is as the author wrote it: sections of blocks.  Numbering typed by the
author is taken off headings and kept beside them; the document tree numbers anew.  Nothing here
knows which sections a form wants.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar, TypeAlias

from msgspec import Struct, field

from reportgen.model.tables import CellPath, Quantity
from reportgen.pictures import PictureKind, PictureSource
from reportgen.source import Place, Placed, Span
from reportgen.styles import Align
from reportgen.text import Run, shortened


class Acceptance(Placed, frozen=True):
    """The finding meant and why it stays: rule code or slug, reason, and what tells it apart.

    ``cell`` is a cell of the finding, ``text`` the words it points at, ``actual``
    the value it complains about; an empty one is not asked for.
    """

    rule: str
    reason: str
    cell: str = ""
    text: str = ""
    actual: str = ""
    span: Span | None = None


class NarrativeHeading(Placed, frozen=True):
    """A heading below the section title: ``level`` 2 for （一）, 3 for 1., 4 for （1）.

    ``number`` is the number the author typed, None where there was none.
    """

    level: int
    runs: tuple[Run, ...]
    number: int | None = None
    span: Span | None = None


class NarrativeParagraph(Placed, frozen=True):
    """A paragraph of running text."""

    runs: tuple[Run, ...]
    span: Span | None = None


class NarrativeList(Placed, frozen=True):
    """A list; each item is the runs of its paragraph.  ``start`` is None for a bullet list."""

    items: tuple[tuple[Run, ...], ...]
    start: int | None = None
    span: Span | None = None


class Picture(Placed, frozen=True):
    """A reference to a screenshot.

    ``caption`` doubles as the text for readers who cannot see the picture.
    ``width`` is the wanted share of the type area (0 < width ≤ 1), None for
    automatic.
    """

    target: str
    caption: str
    width: float | None = None
    span: Span | None = None


class PictureGroup(Struct, frozen=True):
    """Neighbouring pictures: one group on the page."""

    pictures: tuple[Picture, ...]


class NarrativeTable(Placed, frozen=True):
    """An author's own table: a row of heads and rows of cells, each a tuple of runs.

    ``aligns`` holds one for every column.  A ``landscape`` table
    asks for pages turned a quarter.
    """

    head: tuple[tuple[Run, ...], ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    aligns: tuple[Align, ...]
    span: Span | None = None
    landscape: bool = False


NarrativeBlock: TypeAlias = (
    NarrativeHeading | NarrativeParagraph | NarrativeList | PictureGroup | NarrativeTable
)


class Section(Placed, frozen=True):
    """A level-1 section as typed: title without its number, then blocks."""

    title: str
    number: int | None
    blocks: tuple[NarrativeBlock, ...]
    span: Span | None = None


class Narrative(Struct, frozen=True):
    """The whole text: blocks before the first heading, then sections."""

    opening: tuple[NarrativeBlock, ...] = ()
    sections: tuple[Section, ...] = ()
    unread: bool = False
    """Whether its file could not be read.

    The finding is made; nothing more is concluded from the empty text.
    """

    def pictures(self) -> Iterator[Picture]:
        """Yield every picture in reading order."""
        for blocks in (self.opening, *(section.blocks for section in self.sections)):
            for block in blocks:
                if isinstance(block, PictureGroup):
                    yield from block.pictures


class Screenshot(Placed, frozen=True):
    """A picture file that was opened and found sound.

    ``kind`` is PNG or JPEG, as printed; ``width`` and ``height`` are pixels after the
    orientation of its EXIF data is applied.  ``digest`` is a hash of the file, by which
    equal pictures are known; ``picture`` gives what goes into the outputs.
    """

    aside: ClassVar[frozenset[str]] = frozenset({"picture"})

    path: Path
    kind: PictureKind
    width: int
    height: int
    digest: str
    picture: PictureSource


class Report(Placed, frozen=True):
    """What was read from a report folder, or made of values.

    ``cells`` holds the numbers by their cells.
    ``spans`` says where each key of ``report.yaml`` was typed, ``gaps`` where the number
    of a cell left blank belongs.  ``narrative_path`` is the narrative's
    file as messages name it.  ``screenshots`` maps a picture's target as written in
    the narrative to the opened file.  ``accepted`` are the findings the author stands by.
    ``undated`` says that 年度 could not be read: ``year`` only stands in for it, and nothing
    is concluded from it.
    """

    aside: ClassVar[frozenset[str]] = frozenset({"narrative_path", "spans", "gaps"})

    organ: str
    year: int
    title: str
    kind: str
    form: str
    contact: Mapping[str, str] = field(default_factory=dict)
    date: datetime.date | None = None
    cells: Mapping[CellPath, Quantity] = field(default_factory=dict)
    narrative: Narrative = field(default_factory=Narrative)
    screenshots: Mapping[str, Screenshot] = field(default_factory=dict)
    previous: Report | None = None
    accepted: tuple[Acceptance, ...] = ()
    narrative_path: str = ""
    spans: Mapping[str, Span] = field(default_factory=dict)
    gaps: Mapping[CellPath, Place] = field(default_factory=dict)
    undated: bool = False

    def __repr__(self) -> str:
        head = f"{shortened(self.organ)} {self.year}, form {self.form}"
        sections, pictures = len(self.narrative.sections), len(self.screenshots)
        parts = f"{len(self.cells)} cells, {sections} sections, {pictures} pictures"
        return f"<Report {head}: {parts}>"
