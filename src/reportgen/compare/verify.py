"""Finished files against the report folder that they were made of.

The document that the folder gives now is compared with what the file says: every cell, every
paragraph, every picture, the official wording included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reportgen.api import TELL, Checked, check_folder
from reportgen.compare.content import (
    Content,
    PictureUnit,
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
    compare_contents,
)
from reportgen.compare.pictures import PicturePair, changed_pictures
from reportgen.compare.placing import PlacedChange, place_changes
from reportgen.diagnostics import Diagnostic, Finding, Label, first_error
from reportgen.document import PAGE_TITLE
from reportgen.files import NO_CACHE, Cache
from reportgen.finished import open_file, read_published
from reportgen.forms import Form, Library
from reportgen.pipeline import StrPath
from reportgen.problems import EnvironmentProblem
from reportgen.published import FoundFile, recognise
from reportgen.source import SheetSpan
from reportgen.text import shortened

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
        return replace(self, comparison=Comparison((), (), whole), diagnostics=told)

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
            f"先运行 reportgen check {folder}，改正后再比对",
        )
    return Against(checked, checked.form, content_of_document(checked.composed))


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
    places = _Places(comparison, data, content)
    pairs = tuple(changed_pictures(data.pictures, content.pictures, places.is_one))
    others = (*map(_picture, pairs), *(() if is_draft else _unsettled(found)))
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
    findings = (
        replace(item.finding, advice=reasons.get(id(item), ""), file=str(verified.file))
        for item in verified.differences
    )
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


class _Places:
    """Says whether pictures of both sides stand between the same texts."""

    def __init__(self, comparison: Comparison, data: Content, document: Content) -> None:
        self._data, self._document = _Neighbours(data.units), _Neighbours(document.units)
        self._pairs = {
            (id(ours), id(theirs))
            for line in comparison.lines
            for ours in line.data
            for theirs in line.document
        }

    def is_one(self, ours: PictureUnit, theirs: PictureUnit) -> bool:
        """Return whether the text before, or that after, is the same for both."""
        here, there = self._data, self._document
        return self._is_same(
            here.before[ours.number], there.before[theirs.number]
        ) or self._is_same(here.after[ours.number], there.after[theirs.number])

    def _is_same(self, one: Unit | None, other: Unit | None) -> bool:
        return one is other is None or (id(one), id(other)) in self._pairs


class _Neighbours:
    """The texts nearest to each position between units, captions left out.

    A caption may be the picture's own, and goes where the picture goes.
    """

    def __init__(self, units: Sequence[Unit]) -> None:
        texts = [None if _is_caption(unit) else unit for unit in units]
        self.before = [None, *accumulate(texts, _latest)]
        """By how many units come before the position; None where no text does."""
        self.after = [None, *accumulate(reversed(texts), _latest)][::-1]


def _is_caption(unit: Unit) -> bool:
    return getattr(unit, "kind", None) is TextKind.CAPTION


def _latest(one: Unit | None, other: Unit | None) -> Unit | None:
    return other or one


def _picture(pair: PicturePair) -> Difference:
    """Return that a picture is another one, missing, added or moved."""
    data, document = pair.data, pair.document
    wording = "moved" if pair.is_moved else "missing" if not document else "" if data else "added"
    shown = data or document
    finding = Finding(
        "printed-picture-differs",
        document.place if document else None,
        {"图片": (shown.alt if shown else "") or "没有图题"},
        wording=wording,
        labels=(Label(data.place, "数据里的图片"),) if data and data.place else (),
    )
    here, there = (
        SideValue(item.alt, item.place) if item else SideValue() for item in (document, data)
    )
    return Difference(DifferenceKind.PICTURE, finding, here, there)


def _unsettled(found: FoundFile) -> Iterator[Difference]:
    """Yield what is still open in the document, or stands beside its text."""
    for count, wording in ((found.revisions, ""), (found.comments, "comments")):
        if count:
            finding = Finding(
                "printed-unsettled", None, {"处数": count}, wording=wording, file=found.path
            )
            side = SideValue(str(count), found.source.span(0, 0))
            yield Difference(DifferenceKind.PARAGRAPH, finding, side, SideValue())
    for text in found.beside:
        values = {"何处": text.kind.value, "内容": shortened(text.text)}
        finding = Finding("printed-beside", None, values, file=found.path)
        side = SideValue(text.text, found.source.span(0, 0))
        yield Difference(DifferenceKind.PARAGRAPH, finding, side, SideValue())


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
