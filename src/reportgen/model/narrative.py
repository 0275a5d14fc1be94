"""The narrative (正文) as the author wrote it: sections of blocks.

Numbering typed by the author is taken off headings and kept beside them; the
document tree numbers anew.  Nothing here knows which sections a form wants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from reportgen.inline import Run
from reportgen.source import Span


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the section title: ``level`` 2 for （一）, 3 for 1., 4 for （1）.

    ``number`` is the number the author typed, None where there was none.
    """

    level: int
    runs: tuple[Run, ...]
    number: int | None = None
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    runs: tuple[Run, ...]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list; each item is the runs of its paragraph.  ``start`` is None for a bullet list."""

    items: tuple[tuple[Run, ...], ...]
    start: int | None = None
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """A reference to a screenshot.

    ``caption`` doubles as the text for readers who cannot see the picture.
    ``width`` is the wanted share of the type area (0 < width ≤ 1), None for
    automatic.
    """

    target: str
    caption: str
    width: float | None = None
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PictureGroup:
    """Neighbouring pictures: one group on the page."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class PlainTable:
    """An author's own table: a row of heads and rows of cells, each a tuple of runs.

    ``aligns`` holds left, center or right for every column.
    """

    head: tuple[tuple[Run, ...], ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    aligns: tuple[str, ...]
    span: Span | None = field(default=None, compare=False)


Block: TypeAlias = Heading | Paragraph | ItemList | PictureGroup | PlainTable


@dataclass(frozen=True, slots=True)
class Section:
    """A level-1 section as typed: title without its number, then blocks."""

    title: str
    number: int | None
    blocks: tuple[Block, ...]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Narrative:
    """The whole text: blocks before the first heading, then sections."""

    opening: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()

    def pictures(self) -> Iterator[Picture]:
        """Yield every picture in reading order."""
        for blocks in (self.opening, *(section.blocks for section in self.sections)):
            for block in blocks:
                if isinstance(block, PictureGroup):
                    yield from block.pictures


@dataclass(frozen=True, slots=True)
class Screenshot:
    """A picture file that was opened and found sound.

    ``kind`` is png or jpeg; ``width`` and ``height`` are pixels after the
    orientation of its EXIF data is applied.  ``data`` is what goes into the
    outputs: the file itself when it can pass untouched (no metadata, no
    transparency, no orientation), else a cleaned copy.
    """

    path: Path
    kind: str
    width: int
    height: int
    data: bytes = field(repr=False)
    digest: str = ""
