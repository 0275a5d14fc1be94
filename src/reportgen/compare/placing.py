"""Where in the report folder a change made by hand in a finished file is to be written.

Each difference has a :class:`Placement`: the edits that would write it into ``report.yaml``,
``数据.xlsx`` or ``正文.md``, or the reason why there are none.  A reason is the key of a wording
of the rule in ``checks.yaml``, whose hint says what to do instead.  Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from reportgen.compare.alignment import similarity
from reportgen.compare.content import (
    FOOTNOTE_SIGN,
    Passage,
    PictureUnit,
    Row,
    TextKind,
    Unit,
    joined,
)
from reportgen.compare.data_edits import Placement, cell_placement, no_edit, setting_placement
from reportgen.compare.differences import Altered, Comparison, Difference, Matched, differing
from reportgen.compare.narrative_edits import (
    BY_HAND,
    FOOTNOTE,
    GENERATED,
    IN_WORD,
    LineReader,
    TextEdit,
    caption_edit,
    marker_edit,
    removal,
    stretch_edits,
    target_edit,
    typed,
    typed_row,
)
from reportgen.compare.pictures import PicturePair
from reportgen.files import read_file
from reportgen.forms import Form
from reportgen.heading_numbers import parse_number
from reportgen.markdown import write_narrative
from reportgen.model import Narrative, NarrativeChart, Picture, PictureGroup, Report
from reportgen.pictures import SUFFIXES, image_kind
from reportgen.source import Place, SourceFile, Span

_MOVABLE = (TextKind.PARAGRAPH, TextKind.ITEM, TextKind.HEADING)
_LEAST_ALIKE = 0.7
"""The least similarity, 0 to 1, of a text left out and one put in that are taken for one moved."""
_MOST_PAIRS = 4_000
"""The most pairs of texts left out and put in that are looked at; more is another document."""
_MARKDOWN = (".md", ".markdown", ".txt")


PlacedChange: TypeAlias = tuple[Difference | None, Placement]
"""A difference and what writes it; without a difference, the new place of a moved paragraph."""


def place_changes(
    comparison: Comparison, pictures: Sequence[PicturePair], report: Report, form: Form
) -> list[PlacedChange]:
    """Return each difference of *comparison* with what writes it into the folder.

    *report* is what the folder holds, *pictures* are those of the differences about pictures, in
    their order.  A paragraph that was moved has two placements, the second without a difference.
    """
    placer = _Placer(comparison, report, form)
    found = [item for number in range(len(comparison.lines)) for item in placer.line(number)]
    barred = {change.together: change for _, change in found if change.together and change.reason}
    found = [(item, barred.get(change.together, change)) for item, change in found]
    pairs: list[PicturePair | None] = [*pictures]
    pairs += [None] * (len(comparison.others) - len(pairs))
    for other, pair in zip(comparison.others, pairs, strict=True):
        found.append((other, placer.picture(pair) if pair else Placement()))
    return found


class _Spot(Struct, frozen=True):
    """A place in the narrative: behind a unit of the document."""

    line: int
    """The number of the line of the comparison."""
    anchor: Span | None
    """The lines to go on behind; None where nothing can be typed."""
    before: Unit | None
    """What was typed there."""


class _Placer:
    """Places the lines of one comparison, which have to be asked for in their order."""

    def __init__(self, comparison: Comparison, report: Report, form: Form) -> None:
        self._lines = comparison.lines
        self._report, self._form = report, form
        self._reader = LineReader(report.narrative_path)
        is_word = not report.narrative_path.lower().endswith(_MARKDOWN)
        narrative = report.narrative
        blocks = (narrative.opening, *(section.blocks for section in narrative.sections))
        charts = (item for part in blocks for item in part if isinstance(item, NarrativeChart))
        self._charts = [self._reader.fence_of(item.span) for item in charts if item.span]
        """The lines of the charts, from one fence to the other: nothing is typed between them."""
        self._left = IN_WORD if is_word else BY_HAND
        """Why there is no edit where nothing more is known."""
        self._gone = {
            item.data.place
            for item in comparison.others
            if item.document.value is None and item.data.place
        }
        """The places of pictures that the document does not have."""
        self._moved = {line.document[0].key for line in self._lines if line.is_moved}
        self._captioned = {
            unit.place
            for line in self._lines
            for unit in line.data
            if isinstance(unit, Passage) and unit.kind is TextKind.CAPTION
            if line.document or unit.key in self._moved
        }
        """The places of pictures whose captions the document has."""
        lost = (line.data[0] for line in reversed(self._lines) if not line.document)
        self._lost = {unit.key: unit for unit in lost}
        """What the document has not at its place, by what it says."""
        self._origins = dict(self._find_origins())
        """What the document has changed and at another place: by the number of its new line."""
        self._last: Unit | None = None
        """The unit of the data before the line."""
        self._anchor: Span | None = None
        """The last lines of the narrative so far, behind which something can be typed."""
        self._before: Unit | None = None
        """What was typed there."""
        self._heading: Passage | None = None
        """The title of the section, if the narrative does not have it."""
        self._is_closed = False
        """Whether nothing can follow here: below an official table, and below the signature."""
        self._new_row = -2
        """The line of the last row of a new table."""
        self._spots: list[_Spot] = []
        """Where to go on behind each unit of the document."""
        self._made: dict[Path, bytes] = {}
        """The pictures that are to be made."""

    def _find_origins(self) -> Iterator[tuple[int, Passage]]:
        """Yield each new text that one left out elsewhere is most like, with that."""
        lost = [
            unit
            for line in self._lines
            if not line.document
            for unit in line.data
            if isinstance(unit, Passage) and unit.kind in _MOVABLE and unit.key not in self._moved
        ]
        new = [
            (number, unit)
            for number, line in enumerate(self._lines)
            for unit in line.document[:1]
            if not line.data and not line.is_moved
            if isinstance(unit, Passage) and unit.kind is not TextKind.CAPTION
        ]
        if len(new) * len(lost) > _MOST_PAIRS:
            return
        for number, unit in new:
            if not lost:
                return
            alike, place = max((similarity(one, unit), -n) for n, one in enumerate(lost))
            if alike >= _LEAST_ALIKE:
                yield number, lost.pop(-place)

    def line(self, number: int) -> Iterator[PlacedChange]:
        """Yield the differences in line *number*, each with its placement."""
        line = self._lines[number]
        if line.is_moved and not line.data:
            moving = _moving(line.document[0])
            yield None, replace(self._new(line, number), together=moving)
        elif not line.data:
            origin = self._origins.get(number)
            new = self._new(line, number)
            new = replace(new, together=_moving(origin)) if origin else new
            yield from ((item, new) for item in line.differences)
        elif not line.document:
            is_moved = line.data[0].key in self._moved or line.data[0] in self._origins.values()
            moving = _moving(line.data[0]) if is_moved else ""
            removed = replace(self._removed(line.data[0]), together=moving)
            yield from ((item, removed) for item in line.differences)
        elif isinstance(line.data[0], Row):
            yield from self._row(line)
        elif line.differences:
            yield line.differences[0], self._text(line)
        self._pass(line)
        open_at = None if self._is_closed or self._heading else self._anchor
        spot = _Spot(number, open_at, self._before)
        self._spots += [spot] * len(line.document)

    def _pass(self, line: Matched) -> None:
        """Remember where the reading is after *line*."""
        if not line.data:
            return
        unit = self._last = line.data[-1]
        is_end = isinstance(unit, Passage) and unit.kind is TextKind.SIGNATURE
        if is_end or (isinstance(unit, Row) and unit.table):
            self._is_closed = True
        is_section = isinstance(unit, Passage) and unit.level == 1
        extent = self._reader.lines_of(unit)
        extent = next((c for c in self._charts if extent and _holds_span(c, extent)), extent)
        if is_section:
            self._is_closed = False
            self._heading = unit if isinstance(unit, Passage) and not extent else None
        if extent and line.document:  # lines that are taken out are no place to go on from
            self._anchor, self._before = extent, unit
            self._heading = None

    # Rows

    def _row(self, line: Matched) -> Iterator[tuple[Difference, Placement]]:
        row, theirs = line.data[0], line.document[0]
        if not isinstance(row, Row) or not isinstance(theirs, Row):
            return
        if row.table:
            yield from (
                (item, cell_placement(item, self._report, self._form)) for item in line.differences
            )
            return
        whole = self._whole_row(row, theirs)
        for item in line.differences:
            ours, found = item.cells
            if ours and ours.runs and found:
                text = Passage(ours.runs, ours.place)
                stretches = tuple(differing(ours.text, found.text))
                yield item, self._stretches(text, found.text, stretches)
            else:
                yield item, whole

    def _whole_row(self, row: Row, theirs: Row) -> Placement:
        """Return the edit that types the *row* of a table of the author anew."""
        extent = self._reader.lines_of(row)
        if extent is None or row.is_head or "{{" in extent.text:
            return no_edit(self._left)
        new = typed_row([cell.text for cell in theirs.cells])
        edit = TextEdit(extent.start, extent.end, text=new)
        return Placement(((extent.source, edit),), together=f"row {extent.start}")

    # Texts

    def _text(self, line: Matched) -> Placement:
        ours = joined([unit for unit in line.data if isinstance(unit, Passage)])
        theirs = joined([unit for unit in line.document if isinstance(unit, Passage)])
        if ours.kind in (TextKind.TITLE, TextKind.SIGNATURE):
            return setting_placement(ours, theirs.text)
        if ours.level == 1:
            return no_edit("fixed")
        if ours.kind is TextKind.CAPTION:
            return self._caption(ours, theirs.text)
        edits = self._stretches(ours, theirs.text, line.stretches)
        if ours.kind is TextKind.ITEM and (marker := marker_edit(ours, theirs.text)):
            return replace(edits, texts=(*edits.texts, marker), reason="")
        return edits

    def _stretches(self, ours: Passage, theirs: str, stretches: Sequence[Altered]) -> Placement:
        """Return the edits of the characters that differ, where they were typed."""
        edits = stretch_edits(ours, theirs, stretches, self._report.narrative_path)
        if edits.is_cut:
            told = edits.generated in (GENERATED, FOOTNOTE)
            return no_edit(edits.generated if told else self._left)
        if not edits.texts:
            return no_edit(edits.generated or self._left)
        return Placement(tuple(edits.texts), reason=edits.generated)

    def _caption(self, ours: Passage, text: str) -> Placement:
        edit = caption_edit(ours.place, self._report.narrative_path, text)
        return Placement((edit,)) if edit else no_edit(self._left)

    # What only one side has

    def _removed(self, unit: Unit) -> Placement:
        """Return the edit that takes *unit* out of the narrative."""
        if isinstance(unit, Row) and unit.table:
            return no_edit("")
        if isinstance(unit, Passage):
            if unit.kind in (TextKind.TITLE, TextKind.SIGNATURE) or unit.level == 1:
                return no_edit("fixed")
            if unit.kind is TextKind.FOOTNOTE:
                return no_edit(FOOTNOTE)
            if unit.kind is TextKind.CAPTION and unit.place not in self._gone:
                return self._caption(unit, "")
        extent = self._reader.lines_of(unit)
        if extent is None:
            is_typed = isinstance(unit.place, Span) and bool(unit.place.source.parts)
            return no_edit(IN_WORD if is_typed else "fixed")
        return Placement(((extent.source, removal(extent)),))

    def _new(self, line: Matched, number: int) -> Placement:
        """Return the edit that types what only the document has at its place."""
        unit = line.document[0]
        official = isinstance(self._last, Row) and self._is_closed
        if isinstance(unit, Row):
            if official:
                return no_edit("")
            if number == self._new_row + 1 or not isinstance(self._before, Row):
                return self._row_of_new_table(unit, number)
        elif unit.kind is TextKind.CAPTION:
            return no_edit("caption")
        elif unit.kind is TextKind.FOOTNOTE or FOOTNOTE_SIGN in unit.text:
            return no_edit(FOOTNOTE)
        elif unit.kind is TextKind.HEADING and not line.is_moved and not _is_numbered(unit):
            return no_edit("heading")
        elif self._is_closed:
            return no_edit("closed")
        origin = self._origins.get(number)
        if origin:
            text, reason = self._changed_text(origin, unit.text)
            if reason:
                return no_edit(reason)
        else:
            text = (line.is_moved and self._moved_text(unit)) or self._new_text(unit)
        source = self._anchor.source if self._anchor else self._narrative
        if not text or source is None or source.parts:
            return no_edit(self._left)
        if self._heading:
            title = typed(self._heading.text)
            text, self._heading = f"# {title}\n\n{text}", None
        edit = self._insertion(source, text, 2 * number)
        return Placement(((source, edit),))

    def _row_of_new_table(self, row: Row, number: int) -> Placement:
        """Return the edit that types a row of a table that only the document has."""
        if self._is_closed or self._anchor is None or self._anchor.source.parts:
            return no_edit("closed" if self._is_closed else self._left)
        is_first, source = number != self._new_row + 1, self._anchor.source
        self._new_row = number
        text = typed_row([cell.text for cell in row.cells])
        if not is_first:
            edit = TextEdit(self._anchor.end, self._anchor.end, 2 * number, f"\n{text}")
            return Placement(((source, edit),))
        text += f"\n|{' --- |' * len(row.cells)}"
        if self._heading:
            text, self._heading = f"# {typed(self._heading.text)}\n\n{text}", None
        return Placement(((source, self._insertion(source, text, 2 * number)),))

    def _insertion(self, source: SourceFile, text: str, number: int) -> TextEdit:
        if self._anchor is None:
            return TextEdit(0, 0, number, f"{text}\n\n")
        end = self._anchor.end
        is_same_block = isinstance(self._before, Row) or self._reader.goes_on(self._before, text)
        if isinstance(self._before, Row) and not text.startswith("|"):
            is_same_block, end = False, self._reader.end_of_table(self._anchor)
        if is_same_block:
            return TextEdit(end, end, number, f"\n{text}")
        below = self._anchor.source.text[end : end + 2].strip(" \t")
        is_apart = below in ("", "\n", "\n\n")
        return TextEdit(end, end, number, f"\n\n{text}" + ("" if is_apart else "\n"))

    @cached_property
    def _narrative(self) -> SourceFile | None:
        """The text of the narrative; None if nothing was typed in it."""
        units = (unit for line in self._lines for unit in line.data)
        found = (self._reader.lines_of(unit) for unit in units)
        return next((span.source for span in found if span), None)

    def _moved_text(self, unit: Unit) -> str:
        moved = self._lost.get(unit.key)
        extent = self._reader.lines_of(moved) if moved else None
        return extent.text if extent else ""

    def _changed_text(self, ours: Passage, theirs: str) -> tuple[str, str]:
        """Return how *ours* is typed once it says *theirs*, or why it cannot be typed.

        Its placeholders, markup and comments stay.
        """
        extent = self._reader.lines_of(ours)
        change = self._stretches(ours, theirs, tuple(differing(ours.text, theirs)))
        if extent is None or change.reason:
            return "", change.reason or self._left
        text = extent.text
        for _, edit in sorted(change.texts, key=lambda item: item[1], reverse=True):
            start, end = edit.start - extent.start, edit.end - extent.start
            text = text[:start] + edit.text + text[end:]
        return text, ""

    def _new_text(self, unit: Unit) -> str:
        if isinstance(unit, Row):
            return typed_row([cell.text for cell in unit.cells])
        if unit.kind is TextKind.HEADING:
            return f"{'#' * unit.level} {typed(unit.text)}"
        item = self._reader.item_like(self._before, unit.text)
        return item or typed(unit.text, whole=True)

    # Pictures

    def picture(self, pair: PicturePair) -> Placement:
        """Return what writes that a picture was replaced, taken out or put in."""
        if pair.is_moved or (pair.data and pair.data.is_chart):
            return no_edit("")
        if pair.data is None:
            return self._put_in(pair.document) if pair.document else no_edit("")
        place, narrative = pair.data.place, self._report.narrative_path
        if not isinstance(place, Span) or place.path != narrative or place.source.parts:
            return no_edit(self._left)
        if pair.document is None:
            return self._taken_out(pair.data, place)
        return self._replaced(pair, place)

    def _taken_out(self, picture: PictureUnit, place: Span) -> Placement:
        """Return what takes the *picture* at *place* out, with its caption."""
        if place in self._captioned:
            return no_edit("captioned")
        if picture.is_part:
            return no_edit(BY_HAND)
        extent = self._reader.whole_lines(place)
        is_alone = extent.text.strip() == place.text
        edit = removal(extent) if is_alone else TextEdit(place.start, place.end)
        return Placement(((place.source, edit),))

    def _replaced(self, pair: PicturePair, place: Place) -> Placement:
        data = pair.document.read() if pair.document else b""
        kind = image_kind(data)
        old = next((one for one in self._report.narrative.pictures() if one.span == place), None)
        if kind is None or old is None or (pair.data and pair.data.is_part):
            return no_edit(BY_HAND)
        path = Path(self._report.narrative_path).parent / old.target
        new = self._free_name(path, SUFFIXES[kind], data)
        target = f"{old.target.rpartition('/')[0]}/{new.name}".lstrip("/")
        edit = target_edit(place, target)
        return Placement((edit,), pictures=((new, data),)) if edit else no_edit(BY_HAND)

    def _put_in(self, picture: PictureUnit) -> Placement:
        """Return what puts *picture* where the document has it, with its caption."""
        kind, spots = image_kind(picture.read()), self._spots
        spot = spots[picture.number - 1] if 0 < picture.number <= len(spots) else None
        if kind is None or spot is None or spot.anchor is None or spot.anchor.source.parts:
            return no_edit(BY_HAND if kind is None else self._left)
        path = Path(self._report.narrative_path).parent / "images" / "新图.png"
        new = self._free_name(path, SUFFIXES[kind], picture.read())
        caption = self._new_captions.get(picture.number, "")
        written = Narrative(
            opening=(PictureGroup((Picture(f"{new.parent.name}/{new.name}", caption),)),)
        )
        self._anchor, self._before = spot.anchor, spot.before
        source = spot.anchor.source
        edit = self._insertion(source, write_narrative(written).strip(), 2 * spot.line + 1)
        return Placement(((source, edit),), pictures=((new, picture.read()),))

    @cached_property
    def _new_captions(self) -> dict[int, str]:
        """The captions that only the document has, by how many units come before them."""
        found, number = dict[int, str](), 0
        for line in self._lines:
            unit = line.document[0] if line.document else None
            if isinstance(unit, Passage) and unit.kind is TextKind.CAPTION and not line.data:
                found[number] = unit.text
            number += len(line.document)
        return found

    def _free_name(self, path: Path, suffix: str, data: bytes) -> Path:
        """Return the first path beside *path* that is not taken: 首页-2.png for 首页.png.

        One that holds *data* is not: a run that was ended may have left it.
        """
        number, new = 2, path.with_name(f"{path.stem}-2{suffix}")
        while self._made.get(new, data) != data or (new.exists() and not _holds(new, data)):
            number += 1
            new = path.with_name(f"{path.stem}-{number}{suffix}")
        self._made[new] = data
        return new


def _holds(path: Path, data: bytes) -> bool:
    try:
        return read_file(path, len(data)) == data
    except OSError:
        return False


def _is_numbered(heading: Passage) -> bool:
    """Return whether *heading* may be typed: its number will be put before it, too."""
    return heading.level > 1 and parse_number(heading.text.strip()).number is not None


def _holds_span(outer: Span, inner: Span) -> bool:
    return outer.source == inner.source and outer.start <= inner.start <= inner.end <= outer.end


def _moving(unit: Unit) -> str:
    return f"moved {unit.key}"
