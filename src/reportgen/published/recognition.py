"""A finished file → the report in it.

Which form it follows is told from the labels of its tables, never from the year, if it has tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Diagnostic, Finding
from reportgen.forms import Form, RetiredForm, canonical_data, normalise_key
from reportgen.heading_numbers import parse_number
from reportgen.model import CellPath, Quantity, Report
from reportgen.published.found import FoundFile
from reportgen.published.head import ReportHead, read_head
from reportgen.published.sections import PublishedText, losses, read_text_of, section_starts
from reportgen.published.tables import ReadTables, best_form
from reportgen.published.units import noted_units
from reportgen.text import Run

ENOUGH = 0.5
"""The share of a form's rows, or of its sections, that a file must have to be a report."""
_DIFFERS = "attached-data-differs"
_ORGAN, _YEAR, _TITLE, _NARRATIVE = "单位", "年度", "标题", "正文"
_ATTACHMENTS, _REMARK = "附件", "附注"


class Published(Struct, frozen=True):
    """A report read back from a finished file.

    Every cell of the form is in the report; one that was not read is invalid, and one of the
    ``findings`` is about it.
    """

    report: Report
    form: Form
    text: PublishedText
    findings: tuple[Finding, ...]
    attached: Report | None = None
    """The report that the file carries along, as data or as what it was made of."""

    def diagnostics(self) -> list[Diagnostic]:
        """Return the findings in the words of the form's rules."""
        return self.form.rulebook.word_all(self.findings)

    @property
    def is_as_attached(self) -> bool:
        """Whether the file carries a report along that has the numbers and words that it prints."""
        if self.attached is None or any(item.slug == _DIFFERS for item in self.findings):
            return False
        printed, typed = (
            canonical_data(report, self.form)[_NARRATIVE] for report in (self.report, self.attached)
        )
        assert isinstance(printed, dict)  # noqa: S101 - as canonical data have it
        assert isinstance(typed, dict)  # noqa: S101
        return {title: _words(text) for title, text in printed.items()} == {
            title: _words(text) for title, text in typed.items()
        }

    def data(self) -> dict[str, object]:
        """Return the report as canonical data; what was not read is None.

        A text that the file carries along with the same words is given as it is there, its lines
        parted as they were typed.
        """
        data = canonical_data(self.report, self.form)
        texts = data[_NARRATIVE]
        if self.attached and isinstance(texts, dict):
            typed = canonical_data(self.attached, self.form)[_NARRATIVE]
            data[_NARRATIVE] = _with_typed_lines(texts, typed if isinstance(typed, dict) else {})
        head = self.text.head
        return data | {_ORGAN: head.organ or None, _YEAR: self.report.year or None}


def recognise(
    found: FoundFile,
    forms: Sequence[Form],
    year: int | None = None,
    source: Report | None = None,
) -> Published | None:
    """Return the report that *found* holds, None when it holds none that follows one of *forms*.

    Its tables decide, or, where they are pictures or not there, the titles of its sections.
    *year* is the year meant where the file does not say; without either it is 0.  *source* is the
    report that the sources attached to the file make.
    """
    data = recognise(found.attached, forms, year) if found.attached else None
    attached = source or (data.report if data else None)
    tables = _tables(found, forms, year)
    if tables is None:
        return data
    text = read_text_of(found, tables.form, tables.used)
    head = _stated(text.head, found.stated)
    text = replace(text, head=head)
    cells, findings = _complete(tables), (*tables.findings, *_about(text, found, tables.form))
    if attached and attached.form == tables.form.id:
        cells, findings = _compared(cells, findings, attached)
    report = Report(
        organ=head.organ,
        year=head.year or year or 0,
        title=head.title,
        kind=next(iter(tables.form.kinds), ""),
        form=tables.form.id,
        contact={**head.contact, **(attached.contact if attached else {})},
        date=head.date,
        attachments=tuple(map(Run, head.attachments)),
        remark=Run(head.remark) if head.remark else None,
        cells=cells,
        narrative=text.narrative,
        narrative_path=found.path,
    )
    placed = (item if item.span else replace(item, file=found.path) for item in findings)
    return Published(report, tables.form, text, tuple(placed), attached)


def _tables(found: FoundFile, forms: Sequence[Form], year: int | None) -> ReadTables | None:
    """Return the tables of *found*, read by the form it follows; None when it follows none."""
    read = list(best_form(list(found.tables), forms, noted_units(found.blocks)))
    if read and read[0].share >= ENOUGH:
        return read[0]
    for tables in read:
        form = tables.form
        year = read_head(found.blocks, form, found.title)[0].year or year
        titled = len(section_starts(found.blocks, form)) > ENOUGH * len(form.sections)
        if titled and year and form.in_force(year):
            return tables
    return None


def _with_typed_lines(printed: dict[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """Return *printed*, each text that has the same words as *typed* as it is there."""
    return {
        title: other if _words(other := typed.get(title, "")) == _words(text) else text
        for title, text in printed.items()
    }


def _words(text: str) -> str:
    """Return the words of *text*, without blanks and without the numbers before its lines."""
    lines = (parse_number(line.strip()).rest for line in text.split("\n"))
    return "".join("".join(lines).split())


def why_unrecognised(
    found: FoundFile, forms: Sequence[Form], retired: Sequence[RetiredForm]
) -> Finding:
    """Return why :func:`recognise` makes no report of *found*.

    It may follow one of the forms *retired*, by the words of its tables or by its year.
    """
    place = found.source.span(0, 0)
    labels = {normalise_key(c.text) for table in found.tables for row in table.rows for c in row}
    for form in retired:
        known = sum(_is_among(normalise_key(word), labels) for word in form.words)
        if known >= ENOUGH * len(form.words):
            return Finding("form-retired", place, {"格式": form.name})
    heads = (read_head(found.blocks, form, found.title)[0] for form in forms)
    year = next((head.year for head in heads if head.year), None)
    first = min((form.first_year for form in forms), default=0)
    if year and year < first:
        return Finding("form-retired", place, {"格式": f"{first - 1} 年度及以前的格式"})
    return Finding("no-report-found", place, {"个数": len(list(found.tables))})


def _is_among(word: str, labels: Collection[str]) -> bool:
    return any(word in label for label in labels)


def _stated(head: ReportHead, stated: Mapping[str, tuple[str, ...]]) -> ReportHead:
    """Return *head* with what our own data says by its keys."""
    organ, year, title, remark = (
        "".join(stated.get(key, ())) for key in (_ORGAN, _YEAR, _TITLE, _REMARK)
    )
    return replace(
        head,
        organ=organ or head.organ,
        year=int(year) if year.isdecimal() and len(year) == 4 else head.year,
        title=title or head.title,
        attachments=stated.get(_ATTACHMENTS) or head.attachments,
        remark=remark or head.remark,
    )


def _complete(tables: ReadTables) -> dict[CellPath, Quantity]:
    """Return every cell of the form: one that was not read is invalid."""
    lost = Quantity(None, invalid=True)
    return {name: tables.cells.get(name, lost) for name in tables.form.value_cells}


def _about(text: PublishedText, found: FoundFile, form: Form) -> Iterator[Finding]:
    """Yield what the words of *found* leave open."""
    head, place = text.head, found.source.span(0, 0)
    if not head.organ:
        yield Finding("organ-not-found", place)
    if not head.year:
        yield Finding("year-not-found", place)
    elif not form.in_force(head.year):
        values = {"年度": head.year, "版式": form.name, "施行": form.years}
        yield Finding("form-of-other-years", place, values)
    if found.unread_pages:
        pages = "、".join(map(str, found.unread_pages))
        yield Finding("pages-are-pictures", place, {"页": pages})
    if found.unread:
        yield Finding("sheets-not-read", place, {"部分": found.unread})
    yield from losses(text, found)


def _compared(
    cells: Mapping[CellPath, Quantity], findings: Sequence[Finding], attached: Report
) -> tuple[dict[CellPath, Quantity], tuple[Finding, ...]]:
    """Return *cells*, those not read taken from the data *attached*, and what remains to say.

    What is printed counts; where the data says something else, that is said.
    """
    lost = Quantity(None, invalid=True)
    data = {name: attached.cells.get(name, lost) for name in cells}
    filled = {
        name: data[name] if cell.invalid and not data[name].invalid else cell
        for name, cell in cells.items()
    }
    settled = {name for name in cells if filled[name] is not cells[name]}
    kept = [
        finding for finding in findings if not finding.cells or not set(finding.cells) <= settled
    ]
    for name, cell in filled.items():
        other = data[name]
        if not (cell.invalid or other.invalid) and cell.amount != other.amount:
            values = {"格": name, "印出": cell.text or "空", "数据": other.text or "空"}
            kept.append(Finding(_DIFFERS, cell.span, values, cells=(name,)))
    return filled, tuple(kept)
