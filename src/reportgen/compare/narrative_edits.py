"""Edits of the narrative's Markdown that make it say what a finished file says.

A character is edited where it was typed, so that comments, breaks of lines and markup around it
stay.  What a placeholder or the numbering gives is never edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain

from msgspec import Struct, field

from reportgen.compare.content import FOOTNOTE_SIGN, Passage, Row, TextKind, Unit
from reportgen.compare.differences import Altered
from reportgen.markdown import write_narrative
from reportgen.model import (
    Narrative,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
)
from reportgen.source import Place, SourceFile, Span
from reportgen.styles import Align
from reportgen.text import LINE_FEED, Run

GENERATED, NUMBERED, FIXED, IN_WORD = "placeholder", "numbered", "fixed", "word"
"""Why characters are not edited: a placeholder, the numbering or the form gives them, or they were
typed in a Word document."""
FOOTNOTE = "footnote"
"""Why characters are not edited: the mark of a footnote is among them."""
BY_HAND = "by-hand"
"""Why a change that could be written is left: tried, it came out otherwise."""
_ITEM = re.compile(r"\s*(?:[-*+]|(\d{1,9})[.．、)）])\s*")
_WRITTEN_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])\s")
_PRINTED_MARKER = re.compile(r"\s*(?:[·•]|(\d{1,3})[.．、)）])\s*")
_PICTURE = re.compile(r"!\[(?P<caption>.*)\]\((?P<target>[^()]*|<[^<>]*>)\)(?:\{[^{}]*\})?", re.S)
_BRACES = re.compile(r"\{[{%#]|[}%#]\}")
_RULER = re.compile(r"[\s|:-]+")


class TextEdit(Struct, frozen=True, order=True):
    """Characters of a text to be replaced; edits at one place are made in their ``order``."""

    start: int
    end: int
    order: int = 0
    text: str = ""


class StretchEdits(Struct):
    """The edits of the characters that differ in a text."""

    texts: list[tuple[SourceFile, TextEdit]] = field(default_factory=list)
    generated: str = ""
    """Why some of the characters were left: they are not typed."""
    is_cut: bool = False
    """Whether characters that are typed changed together with some that are not."""


def stretch_edits(
    ours: Passage, theirs: str, stretches: Sequence[Altered], narrative: str
) -> StretchEdits:
    """Return the edits that make *ours*, a text typed in the file *narrative*, say *theirs*.

    *stretches* are the characters that differ.
    """
    found = StretchEdits()
    ends = list(accumulate(len(run.text) for run in ours.runs))
    starts = [0, *ends]
    for item in stretches:
        new = typed(theirs[item.other_start : item.other_end])
        touched = list(_touched(item, starts, ends, ours, narrative))
        reasons = {_generated(ours, number, narrative) for number in touched}
        if FOOTNOTE_SIGN in theirs[item.other_start : item.other_end]:
            reasons.add(FOOTNOTE)
        if reasons == {""}:
            edits = list(_stretch(item, touched, starts, ours, new))
            if any(_BRACES.search(source.text, one.start, one.end) for source, one in edits):
                found.generated, found.is_cut = GENERATED, True  # one that has no value
            else:
                found.texts += edits
        else:
            found.generated = max(reasons)
            found.is_cut = found.is_cut or "" in reasons
    return found


def _touched(
    item: Altered, starts: Sequence[int], ends: Sequence[int], ours: Passage, narrative: str
) -> Iterator[int]:
    """Yield the numbers of the runs that *item* changes; of two beside a gap the typed one."""
    if item.start < item.end:
        pairs = enumerate(zip(starts, ends, strict=False))
        yield from (n for n, (start, end) in pairs if start < item.end and item.start < end)
        return
    beside = [n for n, end in enumerate(ends) if starts[n] <= item.start <= end]
    yield next((n for n in beside if not _generated(ours, n, narrative)), beside[0])


def _generated(ours: Passage, number: int, narrative: str) -> str:
    """Return why run *number* of *ours* is not typed, empty if it is."""
    run = ours.runs[number]
    is_first = number == 0
    if run.footnote:
        return FOOTNOTE
    if is_first and ours.kind is TextKind.ITEM:
        return NUMBERED
    if run.span is None or run.span.path != narrative:
        return FIXED
    if run.span.text.startswith(("{{", "{%")):
        return GENERATED
    if run.span.source.parts:
        return IN_WORD
    if is_first and ours.level > 1 and run.span.text != run.text:
        return NUMBERED
    return ""


def _stretch(
    item: Altered, touched: Sequence[int], starts: Sequence[int], ours: Passage, new: str
) -> Iterator[tuple[SourceFile, TextEdit]]:
    """Yield the edits of the runs *touched*; the first one takes the *new* text."""
    for number in touched:
        run, start = ours.runs[number], starts[number]
        span = run.span
        if span is None:
            continue
        first = max(0, item.start - start)
        last = max(first, min(len(run.text), item.end - start))
        kept = run.text[:first], run.text[last:]
        text = new if number == touched[0] else ""
        if len(span.text) == len(run.text):
            edit = TextEdit(span.start + first, span.start + last, text=text)
        else:  # written with an escape, which is not cut
            edit = TextEdit(span.start, span.end, text=typed(kept[0]) + text + typed(kept[1]))
        if not (any(kept) or text) and (run.bold or run.italic):
            edit = _with_stars(edit, span.source.text)
        yield span.source, edit


def _with_stars(edit: TextEdit, text: str) -> TextEdit:
    """Return *edit* with the stars around what it takes out."""
    start, end = edit.start, edit.end
    while start and text[start - 1] == "*" == text[end : end + 1]:
        start, end = start - 1, end + 1
    return TextEdit(start, end, edit.order, edit.text)


def marker_edit(ours: Passage, theirs: str) -> tuple[SourceFile, TextEdit] | None:
    """Return the edit of the number before an item; None if it is the same, or none is typed."""
    printed = [_PRINTED_MARKER.match(text) for text in (ours.text, theirs)]
    span = next((run.span for run in ours.runs if run.span), None)
    old, new = (found[1] if found else None for found in printed)
    if not (span and old and new) or old == new:
        return None
    start = span.source.text.rfind("\n", 0, span.start) + 1
    found = _ITEM.match(span.source.text, start)
    if found is None or found[1] is None:
        return None
    return span.source, TextEdit(found.start(1), found.end(1), text=new)


def caption_edit(
    place: Place | None, narrative: str, caption: str
) -> tuple[SourceFile, TextEdit] | None:
    """Return the edit of the caption of the picture at *place*."""
    written = write_narrative(Narrative(opening=(PictureGroup((Picture("x", caption.strip()),)),)))
    new = written.strip()[2 : -len("](x)")]
    return _picture_edit(place, narrative, "caption", new)


def target_edit(place: Place, target: str) -> tuple[SourceFile, TextEdit] | None:
    """Return the edit that makes the picture at *place* be the file *target*."""
    written = write_narrative(Narrative(opening=(PictureGroup((Picture(target, ""),)),)))
    return _picture_edit(place, place.path, "target", written.strip()[len("![](") : -1])


def _picture_edit(
    place: Place | None, narrative: str, part: str, new: str
) -> tuple[SourceFile, TextEdit] | None:
    if not isinstance(place, Span) or place.path != narrative or place.source.parts:
        return None
    found = _PICTURE.fullmatch(place.text)
    if found is None:
        return None
    start, end = found.span(part)
    return place.source, TextEdit(place.start + start, place.start + end, text=new)


# What is typed anew


def typed(text: str, *, whole: bool = False) -> str:
    """Return *text* as it is typed within a paragraph, or with *whole* as a paragraph."""
    lines = (text.strip() if whole else f"字{text}字").split("\n")
    runs = [part for line in lines for part in (Run(LINE_FEED), Run(line.strip()))][1:]
    written = write_narrative(Narrative(opening=(NarrativeParagraph(tuple(runs)),))).strip()
    return written if whole else written[1:-1]


def typed_row(texts: Sequence[str]) -> str:
    """Return the line of Markdown for a row of a table."""
    cells = tuple((Run(" ".join(text.split())),) for text in texts)
    table = NarrativeTable(cells, (), (Align.LEFT,) * len(cells))
    return write_narrative(Narrative(opening=(table,))).split("\n", 1)[0]


def removal(span: Span) -> TextEdit:
    """Return the edit that takes out the lines of *span*.

    Paragraphs before and after stay apart, and items or rows around stay together.
    """
    text, end = span.source.text, span.end
    is_paragraph = span.start == 0 or text[: span.start].endswith("\n\n")
    if text[end : end + 1] == "\n":
        end += 1
    while is_paragraph and text[end : end + 1] == "\n":
        end += 1
    return TextEdit(span.start, end)


class LineReader:
    """Finds the lines of the file *narrative* that units of a report were typed in."""

    def __init__(self, narrative: str) -> None:
        self._narrative = narrative

    def lines_of(self, unit: Unit) -> Span | None:
        """Return the whole lines of *unit*, those of a head with the line below; None without."""
        if isinstance(unit, Row):
            if unit.table:
                return None
            runs = tuple(chain.from_iterable(cell.runs for cell in unit.cells))
        else:
            runs = unit.runs
        spans = [run.span for run in runs if run.span and run.span.path == self._narrative]
        if not spans or spans[0].source.parts:
            return None
        first, last = min(span.start for span in spans), max(span.end for span in spans)
        lines = self.whole_lines(spans[0].source.span(first, last))
        if isinstance(unit, Row) and unit.is_head:
            end = lines.source.text.find("\n", lines.end + 1)
            below = lines.source.span(lines.end + 1, end if end >= 0 else len(lines.source.text))
            if _RULER.fullmatch(below.text):
                return lines.source.span(lines.start, below.end)
        return lines

    def whole_lines(self, span: Span) -> Span:
        """Return *span* from the beginning of its first line to the end of its last."""
        text = span.source.text
        end = text.find("\n", span.end)
        return span.source.span(text.rfind("\n", 0, span.start) + 1, len(text) if end < 0 else end)

    def fence_of(self, content: Span) -> Span:
        """Return the lines *content* between two fences together with these."""
        lines, text = self.whole_lines(content), content.source.text
        end = text.find("\n", lines.end + 1)
        start = text.rfind("\n", 0, max(0, lines.start - 1)) + 1
        return content.source.span(start, len(text) if end < 0 else end)

    def end_of_table(self, row: Span) -> int:
        """Return where the table ends whose last row *row* is: behind its attributes."""
        text, end = row.source.text, row.end
        if text[end + 1 : end + 2] in ("{", "｛"):
            stop = text.find("\n", end + 1)
            return stop if stop >= 0 else len(text)
        return end

    def item_like(self, before: Unit | None, text: str) -> str:
        """Return *text*, an item as printed, as it is typed below the item *before*.

        Empty if *before* is no item, or if *text* has no marker.
        """
        printed = _PRINTED_MARKER.match(text)
        extent = self.lines_of(before) if before else None
        if not (printed and extent and isinstance(before, Passage)):
            return ""
        found = _ITEM.match(extent.text) if before.kind is TextKind.ITEM else None
        if found is None or (found[1] is None) != (printed[1] is None):
            return ""
        marker = found[0]
        if found[1] is not None:
            start, end = found.start(1), found.end(1)
            marker = f"{marker[:start]}{printed[1]}{marker[end:]}"
        return marker + typed(text[printed.end() :], whole=True)

    def goes_on(self, before: Unit | None, text: str) -> bool:
        """Return whether *text*, as typed, is one more item of the list that *before* is in."""
        is_item = isinstance(before, Passage) and before.kind is TextKind.ITEM
        return is_item and _WRITTEN_ITEM.match(text.lstrip()) is not None
