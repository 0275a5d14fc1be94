"""The text of a file → head, opening and sections of a report.

The wordings come from the form.  What was understood as head or 落款 is left out of the text, and
so is what stands outside the part of a page that holds the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.diagnostics import Finding
from reportgen.forms import Form, SectionSpec, normalise_key
from reportgen.heading_numbers import parse_number
from reportgen.model import Footnote, Narrative, NarrativeBlock, Section
from reportgen.published.found import (
    FoundBlock,
    FoundFile,
    FoundParagraph,
    FoundPicture,
    FoundTable,
)
from reportgen.published.head import (
    LONGEST_TITLE,
    SENTENCE_END,
    ReportHead,
    period_year,
    read_contact,
    read_ending,
    read_head,
    read_signature,
)
from reportgen.published.narrative import FootnoteNumbers, Narrator, cut_runs, plain_runs
from reportgen.published.rows import likeness_of
from reportgen.text import shortened

_SECTION_ALIKE = 0.8
_TITLE_STYLE = "一、"
_AFTER_TITLE = "。：:　 \n"

Blocks: TypeAlias = Sequence[FoundBlock]


class PublishedText(Struct, frozen=True):
    """The text of a report."""

    head: ReportHead
    narrative: Narrative
    pictures: Mapping[str, FoundPicture] = field(default_factory=dict)
    """The pictures of the narrative by the paths that its blocks name."""
    before: Blocks = ()
    """The blocks before the text: the title, and everything above it."""
    after: Blocks = ()
    """The blocks after the text: the 落款."""


def read_text_of(
    found: FoundFile, form: Form, used: frozenset[int], *, by_level: bool = False
) -> PublishedText:
    """Return the text of *found*; the tables *used* are the form's own and not part of it.

    With *by_level* the levels that the file gives its headings count: one as high as the titles
    of the sections is the title of a section, whatever its words.
    """
    own = {id(table) for number, table in enumerate(found.tables) if number in used}
    frame = _frame(found, form, by_level=by_level)

    def text(start: int, end: int) -> Blocks:
        return [block for block in frame.blocks[start:end] if id(block) not in own]

    bounds = [*frame.starts, len(frame.blocks)]
    titles = [frame.blocks[start] for start in frame.starts]
    levels = [t.level for t in titles if isinstance(t, FoundParagraph) and t.level]
    narrator = Narrator(min(levels, default=0))
    opening = text(frame.opening, bounds[0])
    sections = [
        _section(title, text(start + 1, end), narrator)
        for title, start, end in zip(titles, bounds, bounds[1:], strict=False)
    ]
    narrative = _with_footnotes(tuple(narrator.blocks(opening)), sections, found)
    head = replace(
        frame.head,
        contact=read_contact(_words(opening), form),
        year=frame.head.year or period_year(_words(frame.blocks)),
    )
    before = frame.blocks[: frame.opening]
    return PublishedText(head, narrative, narrator.pictures, before, frame.after)


def _with_footnotes(
    opening: Sequence[NarrativeBlock], sections: Sequence[Section], found: FoundFile
) -> Narrative:
    """Return the narrative of *opening* and *sections* with the footnotes of *found*."""
    numbers = FootnoteNumbers()
    opening = numbers.blocks(opening)
    sections = [replace(section, blocks=numbers.blocks(section.blocks)) for section in sections]
    texts = (found.footnotes[number - 1] for number in numbers.numbers)
    footnotes = tuple(Footnote(plain_runs(text.runs), text.place) for text in texts)
    return Narrative(opening, tuple(sections), footnotes)


def losses(text: PublishedText, found: FoundFile) -> Iterator[Finding]:
    """Yield what *text* does not have as *found* shows it."""
    if found.struck:
        values = {"原文": shortened(found.struck[0]), "处数": len(found.struck)}
        yield Finding("struck-left-out", None, values, file=found.path)
    if found.flattened:
        values = {"原文": shortened(found.flattened[0]), "处数": len(found.flattened)}
        yield Finding("level-lost", None, values, file=found.path)
    kept = {footnote.span for footnote in text.narrative.footnotes}
    for note in found.footnotes:
        if note.place not in kept:
            yield Finding("footnote-left-out", note.place, {"原文": shortened(note.text)})
    for picture in text.pictures.values():
        if not picture.data and not picture.name and picture.alt:
            said = shortened(picture.alt)
            yield Finding("picture-not-saved", picture.place, {"图片": said}, wording="drawing")
        elif not picture.data:
            yield Finding("picture-not-saved", picture.place, {"图片": picture.name})


class _Frame(Struct, frozen=True):
    """The blocks of a report, and the positions at which its parts begin."""

    blocks: Blocks
    """The blocks from the first of the file to the last before the 落款."""
    opening: int
    """The position of the first block after the title."""
    starts: Sequence[int]
    """The positions of the titles of the sections."""
    head: ReportHead
    after: Blocks
    """The 落款."""


def _frame(found: FoundFile, form: Form, *, by_level: bool) -> _Frame:
    begin, end = found.body or (0, len(found.blocks))
    blocks = list(_titles_parted(found.blocks, form))
    end += len(blocks) - len(found.blocks)
    starts = section_starts(blocks, form)
    if by_level:
        starts = sorted({*starts, *_leveled_starts(blocks, starts, form)})
    first = starts[0] if starts else len(blocks)
    if not starts or starts[-1] < end:
        del blocks[end:]
    head, after_title = read_head(blocks[:first], form, found.title)
    # What of the end is typed in the narrative of a folder belongs to it.
    head, signed = (read_signature if by_level else read_ending)(blocks, head)
    after = blocks[max(signed, first) :]
    del blocks[max(signed, first) :]
    opening = max(after_title, begin) if begin <= first else after_title
    return _Frame(blocks, min(opening, first), starts, head, after)


def _words(blocks: Blocks) -> list[str]:
    return [block.text for block in blocks if isinstance(block, FoundParagraph)]


def _section(title: FoundBlock, blocks: Blocks, narrator: Narrator) -> Section:
    assert isinstance(title, FoundParagraph)  # noqa: S101 - only paragraphs are titles
    numbered = parse_number(title.text.strip())
    name = numbered.rest.rstrip(_AFTER_TITLE)
    return Section(name, numbered.number, tuple(narrator.blocks(blocks)), title.place)


def section_starts(blocks: Blocks, form: Form) -> list[int]:
    """Return where the sections of *form* begin among *blocks*.

    A title is told by its wording; of two, the first that anything but a title follows counts,
    so a table of contents is passed over.  Behind the last, a title with the next number
    begins a section that the form does not know.
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
    known = sorted(starts.values())
    return [*known, *_unknown_starts(blocks, known)]


def _leveled_starts(blocks: Blocks, known: Sequence[int], form: Form) -> Iterator[int]:
    """Yield where headings stand that are as high as the titles of the sections *known*.

    Where the file gives those none they are the headings of level 1, but for the report's title.
    """
    levels = {block.level for place in known if isinstance(block := blocks[place], FoundParagraph)}
    top = min(levels - {0}, default=1)
    for place, block in enumerate(blocks):
        if not isinstance(block, FoundParagraph) or block.level != top or not _is_short(block):
            continue
        is_title = read_head([block], form, "")[1] > 0
        if not is_title and parse_number(block.text.strip()).style in ("", _TITLE_STYLE):
            yield place


def _unknown_starts(blocks: Blocks, known: Sequence[int]) -> Iterator[int]:
    number = _number(blocks[known[-1]]) if known else None
    for place in range(known[-1] + 1, len(blocks)) if number else ():
        if _number(blocks[place]) == (number or 0) + 1:
            number = (number or 0) + 1
            yield place


def _number(block: FoundBlock) -> int | None:
    """Return the number of *block* if it looks like the title of a section."""
    if not isinstance(block, FoundParagraph) or not _is_short(block):
        return None
    numbered = parse_number(block.text.strip())
    return numbered.number if numbered.style == _TITLE_STYLE else None


def _is_short(block: FoundParagraph) -> bool:
    text = block.text.strip()
    return 0 < len(text) <= LONGEST_TITLE and not text.endswith(SENTENCE_END) and not block.is_text


def _section_of(block: FoundParagraph, form: Form) -> SectionSpec | None:
    text = block.text.strip().rstrip(_AFTER_TITLE)
    if not text or len(text) > LONGEST_TITLE or block.is_text:
        return None
    key = normalise_key(text)
    if spec := form.section_names.get(key):
        return spec
    if not _is_short(block) or not (parse_number(text).style or block.level):
        return None
    best = max(form.section_names, key=lambda name: likeness_of(key, (name,)))
    return form.section_names[best] if likeness_of(key, (best,)) >= _SECTION_ALIKE else None


def _titles_parted(blocks: Blocks, form: Form) -> Iterator[FoundBlock]:
    """Yield *blocks*, a numbered title parted from the text that goes on in its line."""
    for block in blocks:
        if isinstance(block, FoundParagraph) and (cut := _title_end(block, form)):
            title = cut_runs(block.runs, 0, cut)
            rest = cut_runs(block.runs, cut + 1)
            yield replace(block, runs=title)
            yield replace(block, runs=rest, level=0, marker="")
        elif not isinstance(block, FoundTable) or block.rows:
            yield block


def _title_end(block: FoundParagraph, form: Form) -> int:
    """Return where the title ends in *block* when text goes on behind it, else 0."""
    text = block.text
    numbered = parse_number(text.strip())
    if numbered.style != _TITLE_STYLE or block.is_text:
        return 0
    start = text.index(numbered.rest) if numbered.rest else 0
    for spec in form.sections:
        for wording in spec.wordings:
            end = start + len(wording)
            if text.startswith(wording, start) and text[end : end + 1] in tuple(_AFTER_TITLE):
                return end if text[end + 1 :].strip() else 0
    return 0
