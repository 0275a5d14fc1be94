"""The text of a file → title, organ, year, date and the sections of a report.

The wordings come from the form.  What stands before the first section is the opening; what was
understood as head or 落款 is left out of the text.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import TypeAlias

from msgspec import Struct, field

from reportgen.forms import Form, SectionSpec, normalise_key, parse_number
from reportgen.model import (
    Narrative,
    NarrativeBlock,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
    Section,
)
from reportgen.published.found import (
    FoundBlock,
    FoundFile,
    FoundParagraph,
    FoundPicture,
    FoundTable,
)
from reportgen.published.rows import likeness_of
from reportgen.text import Run

_LONGEST_TITLE = 60
_TITLE_ALIKE = 0.6
_SECTION_ALIKE = 0.8
_HEAD_PARAGRAPHS = 12
_LEVELS = {"（一）": 2, "1.": 3, "1、": 3, "（1）": 4}
_SENTENCE_END = tuple("。；：，,;:")
_YEAR = re.compile(r"(20\d\d)\s*年度?")
_DATE = re.compile(r"\s*(20\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*")
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}")

Blocks: TypeAlias = Sequence[FoundBlock]


class Head(Struct, frozen=True):
    """What the words at the head and foot of a report say; empty where they say nothing."""

    title: str = ""
    organ: str = ""
    year: int | None = None
    date: datetime.date | None = None


class ReadText(Struct, frozen=True):
    """The text of a report; ``pictures`` are those it shows, by the target its blocks name."""

    head: Head
    narrative: Narrative
    pictures: Mapping[str, FoundPicture] = field(default_factory=dict)


def read_text_of(found: FoundFile, form: Form, used: frozenset[int]) -> ReadText:
    """Return the text of *found*; the tables *used* are the form's own and not part of it."""
    blocks: Blocks = list(_without_tables(found.blocks, used))
    starts = section_starts(blocks, form)
    first = min(starts.values(), default=len(blocks))
    head, opening = _read_head(blocks[:first], form, found.title)
    blocks, date = _without_signature(blocks, first, head.organ)
    pictures: dict[str, FoundPicture] = {}
    sections = []
    order = sorted(starts.items(), key=lambda item: item[1])
    for (_, start), end in zip(
        order, [*(start for _, start in order[1:]), len(blocks)], strict=True
    ):
        title = blocks[start]
        assert isinstance(title, FoundParagraph)  # noqa: S101 - section_starts found it
        numbered = parse_number(title.text.strip())
        sections.append(
            Section(
                numbered.rest,
                numbered.number,
                tuple(_narrative(blocks[start + 1 : end], pictures)),
                title.place,
            )
        )
    narrative = Narrative(tuple(_narrative(opening, pictures)), tuple(sections))
    head = Head(head.title, head.organ, head.year, date)
    return ReadText(head, narrative, pictures)


def _without_tables(blocks: Blocks, used: frozenset[int]) -> Iterator[FoundBlock]:
    number = -1
    for block in blocks:
        number += isinstance(block, FoundTable)
        if not (isinstance(block, FoundTable) and number in used):
            yield block


def section_starts(blocks: Blocks, form: Form) -> dict[str, int]:
    """Return where each section of *form* begins among *blocks*, by the section's id.

    A title is told by its wording; of two, the first that anything but a title follows counts,
    so a table of contents is passed over.
    """
    titles = {
        place: spec
        for place, block in enumerate(blocks)
        if isinstance(block, FoundParagraph) and (spec := _section_of(block, form))
    }
    starts: dict[str, int] = {}
    for place, spec in titles.items():
        before = starts.get(spec.id)
        if before is None or before + 1 in titles:
            starts[spec.id] = place
    return starts


def _section_of(block: FoundParagraph, form: Form) -> SectionSpec | None:
    text = block.text.strip()
    if not text or len(text) > _LONGEST_TITLE or text.endswith(_SENTENCE_END):
        return None
    key = normalise_key(text)
    if spec := form.section_names.get(key):
        return spec
    if not parse_number(text).style and not block.level:
        return None
    best = max(form.section_names, key=lambda name: likeness_of(key, (name,)))
    return form.section_names[best] if likeness_of(key, (best,)) >= _SECTION_ALIKE else None


def _read_head(blocks: Blocks, form: Form, title: str) -> tuple[Head, Blocks]:
    """Return what *blocks*, those before the first section, say, and those that are text."""
    texts = [block.text if isinstance(block, FoundParagraph) else "" for block in blocks]
    for start in range(min(len(texts), _HEAD_PARAGRAPHS)):
        for end in range(start + 1, min(start + 4, len(texts)) + 1):
            joined = re.sub(r"\s", "", "".join(texts[start:end]))
            if head := _title(joined, form):
                return head, blocks[end:]
    return (_title(re.sub(r"\s", "", title), form) or Head()), blocks


def _title(text: str, form: Form) -> Head | None:
    """Return what *text* says if it is worded like the title of *form*: organ, year, name."""
    literal = _PLACEHOLDER.split(form.title)[-1].lstrip("年")
    place = text.find(literal[:4])
    if not text or len(text) > _LONGEST_TITLE or place < 0:
        return None
    years = _YEAR.findall(text)
    name = _YEAR.sub("", text[place:]).strip("（）()")
    if SequenceMatcher(None, name, literal, autojunk=False).ratio() < _TITLE_ALIKE:
        return None
    organ = _YEAR.sub("", text[:place])
    return Head(text, organ, int(years[0]) if years else None)


def _without_signature(
    blocks: Blocks, first: int, organ: str
) -> tuple[Sequence[FoundBlock], datetime.date | None]:
    """Return *blocks* without the 落款 at their end (organ, date), and the date it states."""
    kept, date = list(blocks), None
    while len(kept) > first and isinstance(last := kept[-1], FoundParagraph):
        text = re.sub(r"\s", "", last.text)
        if found := _DATE.fullmatch(text):
            try:
                date = datetime.date(*map(int, found.groups()))
            except ValueError:  # no such day
                break
        elif not (date and organ and (text == organ or text == f"（{organ}）")):
            break
        kept.pop()
    return kept, date


def _narrative(blocks: Blocks, pictures: dict[str, FoundPicture]) -> Iterator[NarrativeBlock]:
    """Yield *blocks* as those of a narrative; pictures are put into *pictures* by target."""
    for kind, group in groupby(blocks, key=_kind):
        members = list(group)
        if kind == "picture":
            yield PictureGroup(tuple(_picture(item, pictures) for item in members))
        elif kind == "item":
            yield _list(members)
        else:
            for block in members:
                if isinstance(block, FoundTable):
                    yield _table(block)
                elif isinstance(block, FoundParagraph):
                    yield _paragraph(block)


def _kind(block: FoundBlock) -> str:
    if isinstance(block, FoundPicture):
        return "picture"
    return "item" if isinstance(block, FoundParagraph) and block.marker else "other"


def _picture(block: FoundBlock, pictures: dict[str, FoundPicture]) -> Picture:
    assert isinstance(block, FoundPicture)  # noqa: S101 - grouped by kind
    target = f"images/{block.name}"
    pictures[target] = block
    return Picture(target, block.alt, span=block.place)


def _list(members: Blocks) -> NarrativeList:
    items = [block for block in members if isinstance(block, FoundParagraph)]
    first = parse_number(items[0].marker)
    return NarrativeList(tuple(item.runs for item in items), first.number, items[0].place)


def _paragraph(block: FoundParagraph) -> NarrativeHeading | NarrativeParagraph:
    text = block.text.strip()
    numbered = parse_number(text)
    level = _LEVELS.get(numbered.style, max(2, block.level) if block.level else 0)
    if level and len(text) <= _LONGEST_TITLE and not text.endswith(_SENTENCE_END):
        cut = len(block.text) - len(block.text.lstrip()) + len(text) - len(numbered.rest)
        return NarrativeHeading(
            level, _without_start(block.runs, cut), numbered.number, block.place
        )
    return NarrativeParagraph(block.runs, block.place)


def _without_start(runs: tuple[Run, ...], count: int) -> tuple[Run, ...]:
    """Return *runs* without their first *count* characters."""
    kept = []
    for run in runs:
        taken = min(count, len(run.text))
        count -= taken
        if taken < len(run.text):
            span = run.span
            place = span.source.span(span.start + taken, span.end) if span else None
            kept.append(Run(run.text[taken:], run.bold, run.italic, run.link, place))
    return tuple(kept)


def _table(block: FoundTable) -> NarrativeTable:
    rows = [tuple((Run(cell.text, span=cell.place),) for cell in row) for row in block.rows]
    width = max(map(len, rows))
    blank = ((),) * width
    full = [(row + blank)[:width] for row in rows]
    place = block.rows[0][0].place if block.rows[0] else None
    return NarrativeTable(full[0], tuple(full[1:]), ("left",) * width, place)
