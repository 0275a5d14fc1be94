"""Edits of the data of a report folder: numbers and settings where they were typed.

A :class:`Placement` is what writes one difference: edits of ``report.yaml``, ``数据.xlsx`` or the
narrative, or the reason why there are none.
"""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

from reportgen.compare.content import Passage, TextKind
from reportgen.compare.differences import Difference
from reportgen.compare.narrative_edits import BY_HAND, TextEdit
from reportgen.forms import Form, NotANumberError, parse_quantity, plain_number
from reportgen.model import CellPath, Report
from reportgen.source import Place, SheetSpan, SourceFile, Span

_BLANKS = ("''", '""', "null", "~")
"""What is typed for a cell that is left blank, the usual one first; ``/`` would mean 0."""
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[亿万]?元)?")
"""A number that is typed into ``report.yaml`` as it is printed; others are written anew."""
_YAML_SAFE = re.compile(r"[^\s\x00-\x20:#\"'\[\]{},&*!|>%@`?-][^\x00-\x1f:#\"'\[\]{}`]*")
_PRINTED_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_TYPED_DATE = re.compile(r"\d{4}\D\d{1,2}\D\d{1,2}(?!\d)[日号]?")
_WRITABLE = (".xlsx", ".xlsm")


class CellEdit(Struct, frozen=True):
    """A number to be written into a cell of a workbook, empty to make it blank."""

    path: str
    sheet: str
    cell: str
    number: str


class Placement(Struct, frozen=True):
    """What writes one difference into the folder, or the ``reason`` why nothing does."""

    texts: tuple[tuple[SourceFile, TextEdit], ...] = ()
    cells: tuple[CellEdit, ...] = ()
    pictures: tuple[tuple[Path, bytes], ...] = ()
    """Files to be made, with their contents."""
    reason: str = ""
    """Why there is no edit, or why it may come to nothing: the key of a wording of the rule."""
    is_number: bool = False
    """Whether it is a number of the data, on which placeholders and computed sums depend."""
    together: str = ""
    """What it must be written together with: differences with the same word are one change."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.texts or self.cells or self.pictures)


def no_edit(reason: str) -> Placement:
    """Return that nothing is written, for *reason*."""
    return Placement(reason=reason)


def cell_placement(item: Difference, report: Report, form: Form) -> Placement:
    """Return what writes the number of a cell of an official table where it was typed."""
    if not item.cell:
        return no_edit("" if item.finding.slug == "printed-label-differs" else BY_HAND)
    path = CellPath.parse(item.cell)
    number = _number(path, item.document.value or "", form)
    if number is None:
        return no_edit("not-a-number")
    if not number and path in form.totals:  # one that is left blank is computed
        return no_edit("computed")
    place = item.data.place or report.gaps.get(path)
    if isinstance(place, SheetSpan):
        return _in_workbook(place, number, report.twins.get(path))
    if place is None or not (item.data.place or place.text in _BLANKS):
        return no_edit("computed" if path in form.totals else "untyped")
    if place.source.parts or not place.text:
        return no_edit(BY_HAND)
    edit = TextEdit(place.start, place.end, text=number or _BLANKS[0])
    return Placement(((place.source, edit),), is_number=True)


def _in_workbook(place: SheetSpan, number: str, twin: Place | None) -> Placement:
    """Return what writes *number* into a workbook, and at *twin*, where it stands again.

    What a formula gives is tried, in case it comes out as the formula has it.
    """
    if not place.path.lower().endswith(_WRITABLE):
        return no_edit("workbook")
    cell = CellEdit(place.path, place.source.name, place.locator, number)
    texts: tuple[tuple[SourceFile, TextEdit], ...] = ()
    if isinstance(twin, Span) and twin.text:
        texts = ((twin.source, TextEdit(twin.start, twin.end, text=number or _BLANKS[0])),)
    reason = "formula" if place.computed else ""
    return Placement(texts, (cell,), reason=reason, is_number=True)


def _number(path: CellPath, text: str, form: Form) -> str | None:
    """Return *text* as it is typed for a number of the cell *path*, None if it is none.

    Nothing remains nothing.
    """
    cell = form.value_cells.get(path)
    if cell is None:
        return None
    if not text.strip():
        return ""
    try:
        read = parse_quantity(text, cell.type)
    except NotANumberError:
        return None
    if read.number is None:  # a dash: blank in a finished file, 0 in the data
        return None
    bare = "".join(text.split())
    return bare if _PLAIN_NUMBER.fullmatch(bare) else plain_number(read.number)


def setting_placement(ours: Passage, text: str) -> Placement:
    """Return the edit of the title, organ or date in ``report.yaml``, if it was typed there."""
    reason = "title" if ours.kind is TextKind.TITLE else "signature"
    key, text = ours.place, "".join(text.split())
    if not isinstance(key, Span) or key.source.parts:
        return no_edit(reason)
    source, end = key.source, key.source.text.find("\n", key.end)
    line = source.text[key.end : end if end >= 0 else None]
    date = _PRINTED_DATE.fullmatch(text)
    old = _TYPED_DATE.search(line) if _PRINTED_DATE.fullmatch(ours.text) else None
    if date and old:
        new = f"{date[1]}-{int(date[2]):02}-{int(date[3]):02}"
        place = old.span()
    else:
        start = line.find(ours.text)
        if start < 0 or not _YAML_SAFE.fullmatch(text):
            return no_edit(reason)
        new, place = text, (start, start + len(ours.text))
    edit = TextEdit(key.end + place[0], key.end + place[1], text=new)
    return Placement(((source, edit),), is_number=True)
