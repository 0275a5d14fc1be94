"""What a finished file holds, in the order of its pages: tables, paragraphs and pictures.

Each reader of a file format returns a :class:`FoundFile`; :mod:`.recognise` makes a report of
it.  Nothing is concluded here: a table is rows of texts as they stand in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from reportgen.pictures import PictureSource
from reportgen.source import Place
from reportgen.text import Run, plain_text


class FoundCell(Struct, frozen=True):
    """A cell as the file writes it."""

    text: str
    place: Place
    row_span: int = 1
    column_span: int = 1


class FoundTable(Struct, frozen=True):
    """A table: the cells each of its rows begins, whatever their spans claim."""

    rows: tuple[tuple[FoundCell, ...], ...]


class FoundParagraph(Struct, frozen=True):
    """A paragraph of text."""

    runs: tuple[Run, ...]
    place: Place
    level: int = 0
    """1 and up for what the file itself calls a heading, 0 for text."""
    marker: str = ""
    """The number or bullet of an item of a list, as printed; empty for a paragraph."""

    @property
    def text(self) -> str:
        """The characters without markup."""
        return plain_text(self.runs)


class FoundPicture(Struct, frozen=True):
    """A picture: its file name in the source, what it shows, and where its bytes come from."""

    name: str
    alt: str
    place: Place
    source: PictureSource | None = None


FoundBlock: TypeAlias = FoundTable | FoundParagraph | FoundPicture


class FoundFile(Struct, frozen=True):
    """Everything found in one file, in reading order."""

    path: str
    blocks: tuple[FoundBlock, ...]
    title: str = ""
    """The title that the file states about itself, outside of its text."""

    @property
    def tables(self) -> Iterator[FoundTable]:
        """The tables, in reading order."""
        return (block for block in self.blocks if isinstance(block, FoundTable))
