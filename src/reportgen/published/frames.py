"""Tables that are no more than frames around text, told from real ones.

Websites and Word documents lay out pages with tables; such a frame vanishes, and the blocks of its
cells stay.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from msgspec import Struct

from reportgen.published.found import (
    MARK_LINK,
    RawBlock,
    RawCell,
    RawParagraph,
    RawTable,
    joined_lines,
)

_LONGEST_CELL = 400
"""A cell with more characters than that holds an article."""
_LONGEST_LABEL = 80
_NUMBER_CELLS, _NUMBER_ROWS = 3, 2
"""Rows of so many short cells, and so many such rows, make a table whatever else is in it."""


class FrameCell(Struct, frozen=True):
    """A cell with the blocks in it."""

    blocks: Sequence[RawBlock]
    row_span: int = 1
    column_span: int = 1
    name: str = ""

    @property
    def text(self) -> str:
        """The paragraphs as one text; tables within are left out."""
        return joined_lines(
            line
            for block in self.blocks
            if isinstance(block, RawParagraph)
            for line in "".join(
                run.text for run in block.runs if not MARK_LINK.fullmatch(run.link or "")
            ).split("\n")
        )

    @property
    def origins(self) -> tuple[Hashable, ...]:
        """What the paragraphs were read from."""
        found = (block.origin for block in self.blocks if isinstance(block, RawParagraph))
        return tuple(origin for origin in found if origin is not None)


def settled(rows: Sequence[Sequence[FrameCell]]) -> Iterator[RawBlock]:
    """Yield what a table of *rows* is: itself with what its cells hold besides text, or a frame.

    A frame vanishes and leaves the blocks of its cells.
    """
    rows = [row for row in rows if row]
    if _is_table(rows):
        yield RawTable(
            [
                [
                    RawCell(box.text, box.row_span, box.column_span, box.name, origins=box.origins)
                    for box in row
                ]
                for row in rows
            ]
        )
        kept: tuple[type, ...] = (RawParagraph,)
    else:
        kept = ()
    for row in rows:
        for box in row:
            yield from (block for block in box.blocks if not isinstance(block, kept))


def _is_table(rows: Sequence[Sequence[FrameCell]]) -> bool:
    if all(len(row) < 2 for row in rows):
        return False
    if any(box.name for row in rows for box in row):
        return True
    texts = [[box.text for box in row] for row in rows]
    if sum(_is_row_of_cells(row) for row in texts) >= _NUMBER_ROWS:
        return True
    holds_more = any(
        not isinstance(block, RawParagraph) for row in rows for box in row for block in box.blocks
    )
    is_blank = not any(text for row in texts for text in row)
    longest = max((len(text) for row in texts for text in row), default=0)
    return not (holds_more or is_blank or longest > _LONGEST_CELL)


def _is_row_of_cells(texts: Sequence[str]) -> bool:
    short = sum(0 < len(text) <= _LONGEST_LABEL for text in texts)
    return short >= _NUMBER_CELLS and max(map(len, texts)) <= _LONGEST_CELL
