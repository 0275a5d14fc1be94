"""Blocks found in a file → the blocks of a narrative.

Headings are told by their numbers or by the file itself, captions by where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.forms import normalise_key
from reportgen.heading_numbers import parse_number
from reportgen.model import (
    NarrativeBlock,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
)
from reportgen.pictures import SUFFIXES, image_kind
from reportgen.published.found import (
    FoundBlock,
    FoundCell,
    FoundParagraph,
    FoundPicture,
    FoundTable,
)
from reportgen.published.head import LONGEST_TITLE, SENTENCE_END
from reportgen.source import Span
from reportgen.styles import Align
from reportgen.text import Run, footnote_mark, without_marks

_LEVELS = {"（一）": 2, "1.": 3, "1、": 3, "（1）": 4}
_DEEPEST = 4
_LONGEST_CAPTION = 40
_BULLET = re.compile(r"\s*([·•●▪■◆◦])\s*(?=\S)")
_CAPTION = re.compile(r"图\s*[\d一二三四五六七八九十]+")
_SENTENCE = re.compile("[，。；：！？]")
_LINE_FEED = re.compile("(\n)")
_NO_NAME = re.compile(r'[\\/:*?"<>|()&#%{}\x00-\x1f]')
_LETTERS = re.compile(r"[^\W\d_]")
_GENERIC = re.compile("image|img|picture|photo|clip|微信图片|图片|图|截图|副本", re.I)
_FEWEST_LETTERS = 3
"""With fewer letters a name is a number: ``image1``, ``W020240115``."""
_LONGEST_NAME = 24
_LONGEST_STEM, _LONGEST_SUFFIX = 60, 5
_MOST_COLUMNS = 60

Item: TypeAlias = FoundParagraph | FoundTable | PictureGroup


class Narrator(Struct):
    """Converts the blocks of a file to blocks of a narrative."""

    top_level: int = 0
    """The level that the file gives the titles of the sections; 0 if it gives none."""
    pictures: dict[str, FoundPicture] = field(default_factory=dict)
    """The pictures of the narrative by the paths that its blocks name."""
    _taken: set[str] = field(default_factory=set)
    """The paths given so far in lower case, because Windows does not distinguish case."""

    def blocks(self, found: Sequence[FoundBlock]) -> Iterator[NarrativeBlock]:
        """Yield *found* as blocks of a narrative."""
        for kind, group in groupby(self._with_captions(map(_bulleted, found)), key=_kind):
            members = list(group)
            if kind == "item":
                yield from _lists([item for item in members if isinstance(item, FoundParagraph)])
            elif kind == "table":
                yield from _tables([item for item in members if isinstance(item, FoundTable)])
            else:
                for item in members:
                    if isinstance(item, FoundParagraph):
                        yield self._paragraph(item)
                    elif isinstance(item, PictureGroup):
                        yield item

    def _with_captions(self, found: Iterable[FoundBlock]) -> Iterator[Item]:
        """Yield *found*, neighbouring pictures as a group with the captions that follow them."""
        shown: list[FoundPicture] = []
        captions: list[FoundParagraph] = []
        for block in found:
            if isinstance(block, FoundPicture):
                shown.append(block)
            elif len(captions) < len(shown) and _is_caption(block, shown[len(captions)]):
                assert isinstance(block, FoundParagraph)  # noqa: S101 - it is a caption
                captions.append(block)
            else:
                yield from self._group(shown, captions)
                shown, captions = [], []
                yield block
        yield from self._group(shown, captions)

    def _group(
        self, shown: Sequence[FoundPicture], captions: Sequence[FoundParagraph]
    ) -> Iterator[PictureGroup]:
        if shown:
            texts = [caption.text.strip() for caption in captions]
            texts += [picture.alt for picture in shown[len(texts) :]]
            yield PictureGroup(
                tuple(
                    Picture(self._target(picture, text), text, span=picture.place)
                    for picture, text in zip(shown, texts, strict=True)
                )
            )

    def _target(self, picture: FoundPicture, caption: str) -> str:
        """Return a path for *picture* that no other has and that says what it shows."""
        own = PurePosixPath(_NO_NAME.sub("", picture.name).strip(". "))
        kind = image_kind(picture.data)
        suffix = SUFFIXES[kind] if kind else own.suffix[:_LONGEST_SUFFIX]
        stem = own.stem[:_LONGEST_STEM] if _tells_something(own.stem) else _short_name(caption)
        target, number = f"images/{stem or '图1'}{suffix}", 1
        while target.lower() in self._taken:
            number += 1
            target = f"images/{f'{stem}-' if stem else '图'}{number}{suffix}"
        self._taken.add(target.lower())
        self.pictures[target] = picture
        return target

    def _paragraph(self, block: FoundParagraph) -> NarrativeHeading | NarrativeParagraph:
        text = block.text.strip()
        is_short = len(text) <= LONGEST_TITLE and not text.endswith(SENTENCE_END)
        if block.is_text or not is_short:
            return NarrativeParagraph(plain_runs(block.runs), block.place)
        numbered = parse_number(text)
        level = _LEVELS.get(numbered.style, 0)
        if block.level and not level:
            level = min(max(2, block.level - self.top_level + 1), _DEEPEST)
        if not level:
            return NarrativeParagraph(plain_runs(block.runs), block.place)
        cut = len(block.text) - len(block.text.lstrip()) + len(text) - len(numbered.rest)
        runs = plain_runs(cut_runs(block.runs, cut))
        return NarrativeHeading(level, runs, numbered.number, block.place)


class FootnoteNumbers:
    """Numbers the marks of footnotes in the blocks of a narrative anew, in their order.

    Marks in headings are dropped: no footnote can stand there.
    """

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        """The numbers here by those in the file."""

    def blocks(self, blocks: Iterable[NarrativeBlock]) -> tuple[NarrativeBlock, ...]:
        """Return *blocks* with the numbers of this narrative."""
        return tuple(map(self._block, blocks))

    def _block(self, block: NarrativeBlock) -> NarrativeBlock:
        if isinstance(block, NarrativeParagraph):
            return replace(block, runs=self._runs(block.runs))
        if isinstance(block, NarrativeList):
            return replace(block, items=tuple(map(self._runs, block.items)))
        if isinstance(block, NarrativeHeading):
            return replace(block, runs=without_marks(block.runs))
        return block

    def _runs(self, runs: tuple[Run, ...]) -> tuple[Run, ...]:
        return tuple(self._run(run) if run.footnote else run for run in runs)

    def _run(self, run: Run) -> Run:
        number = self.numbers.setdefault(run.footnote, len(self.numbers) + 1)
        return replace(run, text=footnote_mark(number), footnote=number)


def _tells_something(stem: str) -> bool:
    """Return whether the name of a file was given by a person, not by Word or a website."""
    return len(_LETTERS.findall(_GENERIC.sub("", stem))) >= _FEWEST_LETTERS


def _short_name(caption: str) -> str:
    """Return the beginning of *caption* as the name of a file."""
    words = _NO_NAME.sub("", _CAPTION.sub("", caption, count=1))
    return re.sub(r"[\s%.。，、；：！？]+", "", words)[:_LONGEST_NAME]


def _bulleted(block: FoundBlock) -> FoundBlock:
    """Return *block*, a bullet at its start taken as the marker of an item."""
    if isinstance(block, FoundParagraph) and (bullet := _BULLET.match(block.text)):
        return replace(block, runs=cut_runs(block.runs, bullet.end()), marker=bullet[1])
    return block


def _kind(item: Item) -> str:
    if isinstance(item, FoundTable):
        return "table"
    return "item" if isinstance(item, FoundParagraph) and item.marker else "other"


def _is_caption(block: FoundBlock, picture: FoundPicture) -> bool:
    if not isinstance(block, FoundParagraph):
        return False
    text = block.text.strip()
    if block.is_caption or normalise_key(text) == normalise_key(picture.alt):
        return True
    if len(text) > _LONGEST_CAPTION or block.level or block.marker or block.is_text:
        return False
    if _CAPTION.match(text):
        return True
    return not (picture.alt or _SENTENCE.search(text) or parse_number(text).style)


def _lists(items: Sequence[FoundParagraph]) -> Iterator[NarrativeList]:
    """Yield the lists that *items* make: bullets, or numbers that count on."""
    first, begin = parse_number(items[0].marker).number, 0
    for position, item in enumerate(items):
        due = None if first is None else first + position - begin
        if (number := parse_number(item.marker).number) != due:
            yield _list(items[begin:position], first)
            first, begin = number, position
    yield _list(items[begin:], first)


def _list(items: Sequence[FoundParagraph], first: int | None) -> NarrativeList:
    return NarrativeList(tuple(plain_runs(item.runs) for item in items), first, items[0].place)


def plain_runs(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Return *runs* as a narrative has them: line feeds apart, none and no blank at either end."""
    text = "".join(run.text for run in runs)
    start = len(text) - len(text.lstrip())
    made: list[Run] = []
    for run in cut_runs(runs, start, len(text.rstrip())):
        place = 0
        for piece in _LINE_FEED.split(run.text):
            if piece:
                made.append(_piece(run, place, place + len(piece)))
            place += len(piece)
    return tuple(made)


def cut_runs(runs: tuple[Run, ...], start: int, end: int | None = None) -> tuple[Run, ...]:
    """Return the characters from *start* to *end* of *runs* as runs."""
    kept, place = [], 0
    for run in runs:
        first = max(0, start - place)
        last = len(run.text) if end is None else min(len(run.text), end - place)
        if first < last:
            kept.append(_piece(run, first, last))
        place += len(run.text)
    return tuple(kept)


def _piece(run: Run, start: int, end: int) -> Run:
    """Return the characters from *start* to *end* of *run*.

    A piece of a placeholder's value has the position of the whole placeholder.
    """
    span = run.span
    if span and span.end - span.start == len(run.text):
        span = span.source.span(span.start + start, span.start + end)
    return replace(run, text=run.text[start:end], span=span)


def _tables(found: Sequence[FoundTable]) -> Iterator[NarrativeTable]:
    """Yield *found*; one that begins like the one before goes on with it over a page."""
    rows: list[list[FoundCell | None]] = []
    for table in found:
        own = _grid(table)
        if rows and own and _texts(own[0]) == _texts(rows[0]) and any(_texts(own[0])):
            rows += own[1:]
            continue
        if rows:
            yield _table(rows)
        rows = own
    if rows:
        yield _table(rows)


def _texts(row: Sequence[FoundCell | None]) -> list[str]:
    return [cell.text if cell else "" for cell in row]


def _table(rows: Sequence[Sequence[FoundCell | None]]) -> NarrativeTable:
    made = [tuple(_runs(cell) for cell in row) for row in rows]
    place = next((cell.place for row in rows for cell in row if cell), None)
    span = place if isinstance(place, Span) else None
    return NarrativeTable(made[0], tuple(made[1:]), (Align.LEFT,) * len(made[0]), span)


def _runs(cell: FoundCell | None) -> tuple[Run, ...]:
    if cell is None or not cell.text:
        return ()
    return (Run(cell.text, span=cell.place if isinstance(cell.place, Span) else None),)


def _grid(table: FoundTable) -> list[list[FoundCell | None]]:
    """Return the cells of *table* by row and column, None under a merged cell."""
    taken: set[tuple[int, int]] = set()
    rows: list[list[FoundCell | None]] = []
    for number, cells in enumerate(table.rows):
        row: list[FoundCell | None] = []
        for cell in cells:
            while (number, len(row)) in taken:
                row.append(None)
            if len(row) >= _MOST_COLUMNS:
                break
            columns = range(len(row), min(len(row) + cell.column_span, _MOST_COLUMNS))
            below = range(number + 1, min(number + cell.row_span, len(table.rows)))
            taken.update((r, c) for r in below for c in columns)
            row += [cell, *(None for _ in columns[1:])]
        rows.append(row)
    width = max(map(len, rows), default=0)
    return [row + [None] * (width - len(row)) for row in rows if row]
