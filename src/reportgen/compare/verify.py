"""Finished files against the report folder that they were made of.

The document that the folder gives now is compared with what the file says: every cell, every
paragraph, every picture, the official wording included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reportgen.api import TELL, Checked, check_folder
from reportgen.compare.content import (
    Content,
    Row,
    TextKind,
    Unit,
    content_of_document,
    content_of_file,
    content_of_report,
    significant,
)
from reportgen.compare.differences import (
    Comparison,
    Difference,
    DifferenceKind,
    SideValue,
    Whereabouts,
    compare_contents,
)
from reportgen.compare.pictures import Gap, PictureGaps, PicturePair, changed_pictures
from reportgen.compare.placing import PlacedChange, place_changes
from reportgen.diagnostics import Diagnostic, Finding, Label, first_error
from reportgen.document import PAGE_TITLE
from reportgen.files import NO_CACHE, Cache
from reportgen.finished import open_file, read_published
from reportgen.forms import Form, Library
from reportgen.pipeline import StrPath, with_charts
from reportgen.problems import EnvironmentProblem, typed_path
from reportgen.published import REVISIONS, BesideKind, BesideText, FoundFile, recognise
from reportgen.source import SheetSpan, Span
from reportgen.text import shortened

FOLLOWED = "followed"
"""The wording of a difference that is there since other numbers were written back."""
_FEWEST = 0.1
"""The share of the folder's units that a file must have to be compared with it at all."""
_UNREAD = ("file-unreadable", "path-outside", "narrative-twice")
"""The rules that a narrative breaks that cannot be read."""
_MANY = 20
"""From so many differences on it is seen whether the file is another report."""


class Against(Struct, frozen=True):
    """A report folder as the finished files of it are compared with it."""

    checked: Checked
    form: Form
    content: Content

    @property
    def lacking(self) -> tuple[Diagnostic, ...]:
        """Why the narrative of the folder could not be read; its text is missing then."""
        report = self.checked.report
        if report is None or not report.narrative.unread:
            return ()
        found = self.checked.diagnostics
        return tuple(item for item in found if item.slug in _UNREAD)


class Verified(Struct, frozen=True):
    """A finished file beside the data of its folder."""

    file: Path
    against: Against
    comparison: Comparison
    diagnostics: tuple[Diagnostic, ...]
    """What differs, in the words of the rules: one for each of ``differences``, in their order."""

    changes: tuple[PlacedChange, ...]
    """Where each difference is to be written in the folder, see :func:`.place_changes`."""
    found: FoundFile
    """What was read from the file."""
    source: StrPath | bytes
    """The file, or its bytes, as it was given."""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What differs, in the order of the document."""
        return self.comparison.differences

    @property
    def is_summary(self) -> bool:
        """Whether the single differences tell a reader nothing.

        The file is another report, or a draft whose pages mix its text with the marks.
        """
        whole = self.comparison.whole
        paged = any("page" in part.place for part in self.found.source.parts[:1])
        return any(paged or item.finding.wording != "draft" for item in whole)

    @property
    def is_equal(self) -> bool:
        """Whether the file says what the data say, and nothing is left open in it."""
        return not self.diagnostics

    def summary(self) -> Verified:
        """Return what is to be said of the file as a whole, without the single differences."""
        whole = self.comparison.whole
        told = self.diagnostics[: len(whole)]
        comparison = replace(self.comparison, lines=(), others=())
        return replace(self, comparison=comparison, diagnostics=told)

    def __repr__(self) -> str:
        return f"<Verified {self.file.name}: {len(self.diagnostics)} differences>"


def verify_files(
    files: Sequence[StrPath | bytes],
    folder: StrPath,
    library: Library | None = None,
    cache: Cache = NO_CACHE,
    *,
    own_templates: str = TELL,
) -> list[Verified]:
    """Compare the finished *files* (DOCX, PDF, web page …) with the report in *folder*.

    A file may also be its bytes, as they come from standard input.  The report may have errors:
    a document is compared with the data as they are.
    *library*, *cache* and *own_templates* are as in :func:`reportgen.check_folder`.
    Raises EnvironmentProblem if the folder or a file cannot be read, or if a file has nothing
    in common with the report.
    """
    against = open_folder(folder, library, cache, own_templates=own_templates)
    return [verify_file(file, against) for file in files]


def open_folder(
    folder: StrPath,
    library: Library | None = None,
    cache: Cache = NO_CACHE,
    *,
    own_templates: str = TELL,
) -> Against:
    """Return the report in *folder*, composed; EnvironmentProblem if there is none to compare."""
    checked = check_folder(folder, library, cache, own_templates=own_templates)
    if checked.form is None or checked.composed is None:
        raise EnvironmentProblem(
            f"{folder} 里的报告读不出来{first_error(checked.diagnostics)}",
            f"先运行 reportgen check {typed_path(folder)}，改正后再比对",
        )
    composed = with_charts(checked.composed, checked.folder)
    return Against(checked, checked.form, content_of_document(composed))


def verify_file(file: StrPath | bytes, against: Against) -> Verified:
    """Return how the finished *file*, or its bytes, differs from the report it was made of.

    Raises EnvironmentProblem if it cannot be read or has nothing in common with the report.
    """
    return verify_found(open_file(file), file, against)


def verify_found(found: FoundFile, file: StrPath | bytes, against: Against) -> Verified:
    """Return how *found*, which was read from *file*, differs from the report it was made of.

    Raises EnvironmentProblem if it has nothing in common with the report.
    """
    path = Path(found.path)
    data, content = _sides(found, file, against)
    content, is_draft = _without_findings(content, data)
    comparison = compare_contents(data, content, against.form)
    matched = sum(bool(line.data and line.document) for line in comparison.lines)
    if not data.units or matched < _FEWEST * len(data.units):
        raise EnvironmentProblem(
            f"{path} 和 {against.checked.folder} 不像同一份报告", "检查文件和 --against 是否写对"
        )
    where = comparison.whereabouts
    pairs = tuple(changed_pictures(data.pictures, content.pictures, _gaps(comparison)))
    pictures = (_picture(pair, where) for pair in pairs)
    others = (*pictures, *(() if is_draft else _beside(found, where)))
    comparison = replace(comparison, others=others)
    whole = _draft(found) if is_draft else _other_report(found, comparison, against)
    comparison = replace(comparison, whole=whole)
    report = against.checked.report
    changes = tuple(place_changes(comparison, pairs, report, against.form)) if report else ()
    verified = Verified(path, against, comparison, (), changes, found, file)
    return word_differences(verified, changes)


def _without_findings(content: Content, data: Content) -> tuple[Content, bool]:
    """Return *content* without the findings at the end of a draft, and whether it is a draft."""
    title = significant(PAGE_TITLE)[0]
    units = content.units
    if any(unit.key == title for unit in data.units):
        return content, False
    place = next((n for n in reversed(range(len(units))) if units[n].key == title), None)
    if place is None:
        return content, False
    return replace(content, units=units[:place]), True


def _draft(found: FoundFile) -> tuple[Difference, ...]:
    return (_about_file(found, {}, "draft"),)


def _other_report(
    found: FoundFile, comparison: Comparison, against: Against
) -> tuple[Difference, ...]:
    """Return that *found* is the report of another organ or year, if very much differs."""
    ours = against.checked.report
    if ours is None or len(comparison.differences) < _MANY:
        return ()
    library = against.checked.library
    forms = [form for kind in library.report_kinds().values() for form in library.forms(kind)]
    read = recognise(found, forms)
    if read is None or not (read.report.organ and read.report.year):
        return ()
    theirs = read.report
    if (theirs.organ, theirs.year) == (ours.organ, ours.year):
        return ()
    values = {"单位": ours.organ, "年度": ours.year}
    values |= {"文件单位": theirs.organ, "文件年度": theirs.year}
    return (_about_file(found, values, ""),)


def _about_file(found: FoundFile, values: Mapping[str, object], wording: str) -> Difference:
    finding = Finding("printed-other-report", None, values, wording=wording, file=found.path)
    side = SideValue(None, found.source.span(0, 0))
    return Difference(DifferenceKind.PARAGRAPH, finding, side, SideValue())


def word_differences(verified: Verified, changes: Sequence[PlacedChange]) -> Verified:
    """Return *verified* in the words of the rules, with hints that fit the reasons in *changes*."""
    reasons = {id(item): change.reason for item, change in changes}
    findings = []
    for item in verified.differences:
        reason = reasons.get(id(item), "")
        wording = reason if reason == FOLLOWED else item.finding.wording
        made = replace(item.finding, wording=wording, advice=reason, file=str(verified.file))
        findings.append(made)
    told = verified.against.form.rulebook.word_all(findings)
    return replace(verified, diagnostics=tuple(told))


def _sides(found: FoundFile, file: StrPath | bytes, against: Against) -> tuple[Content, Content]:
    """Return what the data and the file say: as documents, or as data if the file holds data.

    A workbook has no text; without one, the text is not compared.
    """
    cells = (cell for table in found.tables for row in table.rows for cell in row)
    is_workbook = any(isinstance(cell.place, SheetSpan) for cell in cells)
    if not (found.stated or is_workbook):
        return against.content, content_of_file(found)
    read = read_published(file)
    report = against.checked.report
    if report is None or read.report is None or read.form is None:
        return Content((), ()), Content((), ())
    sides = content_of_report(report, against.form), content_of_report(read.report, read.form)
    if is_workbook:
        return _rows_of(sides[0]), _rows_of(sides[1])
    return sides


def _rows_of(content: Content) -> Content:
    return Content(tuple(unit for unit in content.units if isinstance(unit, Row)), ())


def _gaps(comparison: Comparison) -> PictureGaps:
    """Return the gaps between the texts of both sides.

    Captions are no such texts: one may be the picture's own, and goes where the picture goes.
    """
    gaps: tuple[list[Gap], list[Gap]] = [(0, 0)], [(0, 0)]
    shared = 0
    for line in comparison.lines:
        is_shared = bool(line.data and line.document) and not any(map(_is_caption, line.data))
        within, shared = (shared, shared + is_shared), shared + is_shared
        for side, units in zip(gaps, (line.data, line.document), strict=True):
            side += [within] * (len(units) - 1) + [(shared, shared)] * bool(units)
    return PictureGaps(*gaps)


def _is_caption(unit: Unit) -> bool:
    return getattr(unit, "kind", None) is TextKind.CAPTION


def _picture(pair: PicturePair, where: Whereabouts) -> Difference:
    """Return that a picture is another one, missing, added or moved."""
    data, document = pair.data, pair.document
    wording = "moved" if pair.is_moved else "missing" if not document else "" if data else "added"
    if data and data.is_chart and not pair.is_moved:
        wording = "chart" if document else "no-chart"
    shown = data or document
    here, there = (SideValue(item.alt, item.place) if item else None for item in (document, data))
    here = here or SideValue(None, where.in_document(data.number) if data else None)
    there = there or SideValue(None, where.in_data(document.number) if document else None)
    words = "数据里的图片" if data else "数据里没有，应在这里之前"
    finding = Finding(
        "printed-picture-differs",
        here.place,
        {"图片": (shortened(shown.alt) if shown else "") or "没有图题"},
        wording=wording,
        labels=(Label(there.place, words),) if there.place else (),
    )
    return Difference(DifferenceKind.PICTURE, finding, here, there)


def _beside(found: FoundFile, where: Whereabouts) -> Iterator[Difference]:
    """Yield what is still open in the document, by the paragraph, or stands beside its text."""
    for (slug, wording, _, place), texts in groupby(found.beside, _sort_of_beside):
        some = list(texts)
        shown = [f"{_WAYS.get(text.kind, '')}“{shortened(text.text)}”" for text in some]
        left = len(shown) - _MOST_SHOWN
        values = {
            "处数": len(some),
            "何处": some[0].kind.value,
            "内容": "，".join(shown[:_MOST_SHOWN]) + (f"，另有 {left} 处" if left > 0 else ""),
        }
        place = place or found.source.span(0, 0)
        data = where.counterpart(place) if where.is_in_text(place) else None
        labels = (Label(data, "在数据的这里"),) if data else ()
        finding = Finding(slug, place, values, wording=wording, labels=labels)
        here = SideValue("，".join(text.text for text in some), place)
        yield Difference(DifferenceKind.PARAGRAPH, finding, here, SideValue(None, data))


_WAYS = {BesideKind.PUT_IN: "加了", BesideKind.TAKEN_OUT: "删了"}
_MOST_SHOWN = 3
"""The most tracked changes, or comments, of a paragraph that a message quotes."""


def _sort_of_beside(text: BesideText) -> tuple[str, str, str, Span | None]:
    """Return the rule for *text*, its wording, what is told and where: the same is one finding."""
    if text.kind in REVISIONS:
        return "printed-unsettled", "", "", text.place
    if text.kind is BesideKind.COMMENT:
        return "printed-unsettled", "comments", "", text.place
    return "printed-beside", "", text.kind, text.place


def difference_objects(verified: Iterable[Verified]) -> list[dict[str, object]]:
    """Return the differences as ``verify --format json`` prints them; the keys are stable."""
    return [
        {
            "code": told.code,
            "kind": item.kind.value,
            "cell": str(item.cell) or None,
            "document": _side_object(item.document),
            "data": _side_object(item.data),
            "message": told.message,
            "slug": told.slug,
            "severity": told.severity.value,
            "hint": told.hint,
            "file": str(one.file),
        }
        for one in verified
        for item, told in zip(one.differences, one.diagnostics, strict=True)
    ]


def _side_object(side: SideValue) -> dict[str, object]:
    return {"value": side.value, "place": side.place.place if side.place else None}
