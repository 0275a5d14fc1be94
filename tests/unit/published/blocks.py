"""Short ways to say what a file holds, for tests."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.published.found import (
    Finder,
    FoundFile,
    FoundParagraph,
    FoundPicture,
    RawBlock,
    RawCell,
    RawParagraph,
    RawPicture,
    RawRun,
    RawTable,
)
from reportgen.published.sections import PublishedText, read_text_of
from tests.builders import FORMS

FORM = FORMS["2021"]


def p(text: str, level: int = 0) -> RawParagraph:
    """Return a paragraph of *text*."""
    return RawParagraph([RawRun(text)], level)


def table(*rows: str) -> RawTable:
    """Return a table of *rows*, their cells parted by bars."""
    return RawTable([[RawCell(text.strip()) for text in row.split("|")] for row in rows])


def picture(name: str = "a.png", alt: str = "") -> RawPicture:
    """Return a picture."""
    return RawPicture(name, alt, b"picture")


def file_of(*blocks: RawBlock, title: str = "") -> FoundFile:
    """Return a file of *blocks*."""
    finder = Finder("年报.html")
    for block in blocks:
        finder.add(block)
    return finder.finished(title)


def text_of(*blocks: RawBlock, title: str = "") -> PublishedText:
    """Return the text that *blocks* are read as; *title* is the title of the file."""
    return read_text_of(file_of(*blocks, title=title), FORM, frozenset())


def shown(found: FoundFile) -> list[str]:
    """Return the blocks of *found* as lines: ``# title``, text, ``[picture]``, ``cell|cell``."""
    return list(_lines(found))


def _lines(found: FoundFile) -> Iterable[str]:
    for block in found.blocks:
        if isinstance(block, FoundParagraph):
            mark = "#" * block.level or block.marker or ("图注" if block.is_caption else "")
            yield f"{mark} {block.text}".strip()
        elif isinstance(block, FoundPicture):
            yield f"[{block.name} {block.alt}]".replace(" ]", "]")
        else:
            yield from ("|".join(cell.text for cell in row) for row in block.rows)
