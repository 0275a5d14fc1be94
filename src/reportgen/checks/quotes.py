"""Numbers of the tables stated again in the narrative: recomputed and compared.

A stated number is compared only if the words leave no doubt about what it counts: not if it is
about another year, a part, or an estimate.  Numbers inserted by a placeholder are not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from reportgen.checks.arithmetic import find_breakdowns, find_growths, find_shares, find_totals
from reportgen.checks.completeness import was_left_out
from reportgen.checks.findings import make_finding
from reportgen.checks.lastyear import follows_previous, last_years_cells
from reportgen.checks.sentences import (
    Reader,
    SentencePart,
    Speaker,
    StatedNumber,
    split_parts,
    tokenise,
)
from reportgen.checks.texts import CONTACT, TITLE, Text, Texts
from reportgen.diagnostics import Diagnostic, Severity
from reportgen.forms import BoundStatement, Form, Sum, TextPart, plain_number
from reportgen.model import CellPath, Quantity, Report
from reportgen.source import Span

Amounts = Mapping[CellPath, int | Decimal]
_MANY_TERMS = 2
"""A sum of more cells is not told cell by cell."""


class _HeardText(Struct, frozen=True):
    """A text with its parts and what each of them states."""

    text: Text
    parts: Sequence[SentencePart]
    readings: Sequence[StatedNumber | None]

    def wrong(self) -> frozenset[int]:
        """Return the places of the numbers that contradict the tables."""
        return frozenset(
            place
            for place, reading in enumerate(self.readings)
            if reading is not None and reading.agreed is None
        )

    def agree(self, places: Iterable[int]) -> bool:
        """Return whether all numbers at *places* are those of the tables."""
        readings = (self.readings[place] for place in places)
        return all(reading is not None and reading.agreed is not None for reading in readings)


def check_stated(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each stated number that contradicts the tables or its own sentence.

    Also, as a hint, for right numbers that a placeholder could fetch.
    """
    if not form.sentences.words:
        return
    offered: set[tuple[str, str]] = set()
    amounts = {name: cell.amount for name, cell in report.cells.items() if not cell.invalid}
    for paragraph in _paragraphs(report, form, texts, amounts):
        for reading in paragraph.readings:
            if reading is None:
                continue
            if reading.agreed is None:
                yield from _mismatch(reading, paragraph.text, report, form, amounts)
            else:
                yield from _offer(reading, paragraph.text, report, form, offered)
        yield from _sums(paragraph, report, form)
        yield from _rates(paragraph, report, form, amounts)


def typed_statements(report: Report, form: Form, texts: Texts) -> Iterator[Sum]:
    """Yield the sum of cells that each number typed in the narrative was compared with."""
    amounts = {name: cell.amount for name, cell in report.cells.items() if not cell.invalid}
    for paragraph in _paragraphs(report, form, texts, amounts) if form.sentences.words else ():
        for reading in paragraph.readings:
            if reading and paragraph.text.is_typed(*reading.place):
                yield reading.agreed or reading.expected


def _paragraphs(report: Report, form: Form, texts: Texts, amounts: Amounts) -> Iterator[_HeardText]:
    """Yield the texts that state something, read."""
    speaker = Speaker(form.sentences, report.year, report.organ)
    statements = _usable(report, form, amounts)
    heading = ""
    for text in texts.all:
        if text.part == TextPart.HEADING:
            heading = text.text
        if text.section in (TITLE, CONTACT) or text.part == TextPart.CELL:
            continue
        parts = split_parts(tokenise(text.text, form.sentences))
        if not parts:
            continue
        about = any(word in heading for word in form.sentences.about_requests)
        reader = Reader(speaker, statements, amounts, about=about)
        if text.part != TextPart.HEADING:
            reader.entitle(heading)
        yield _HeardText(text, parts, reader.read(parts))


def _usable(report: Report, form: Form, amounts: Amounts) -> Mapping[str, Sequence[BoundStatement]]:
    """Return the statements about *report* whose sums can be calculated, by what they count."""
    found: dict[str, list[BoundStatement]] = {}
    for bound in form.statements:
        terms = (term for total in bound.equals for term in total.terms)
        if bound.rule.applies(report.organ, report.kind) and all(t.cell in amounts for t in terms):
            for topic in bound.statement.counted:
                found.setdefault(topic, []).append(bound)
    return found


def _mismatch(
    reading: StatedNumber, text: Text, report: Report, form: Form, amounts: Amounts
) -> Iterator[Diagnostic]:
    """Yield the finding that a typed number is not the table's."""
    start, end = reading.place
    if start == end:
        start = reading.start
    if not text.is_typed(start, end):
        return
    value = plain_number(reading.expected.value(amounts))
    statement = reading.statement.statement
    doubt = reading.trap or statement.doubt
    cells = {term.cell: report.cells[term.cell] for term in reading.expected.terms}
    is_blank = all(_is_blank(cell, path in form.totals) for path, cell in cells.items())
    yield make_finding(
        reading.statement.rule,
        report,
        text.span(start, end),
        {
            "原文": text.text[reading.start : reading.end],
            "表": value,
            "格": _named(reading.expected, form),
        },
        wording="blank" if is_blank else "",
        cells=tuple(cells),
        expected=None if is_blank else value,
        actual=plain_number(reading.number),
        severity=Severity.HINT if doubt else None,
        hint=doubt,
    )


def _named(expected: Sum, form: Form) -> str:
    """Return the cells of *expected* as people call them: a total by its row."""
    if len(expected.terms) > _MANY_TERMS or any(term.sign < 0 for term in expected.terms):
        return "相应各格之和"
    paths = (term.cell for term in expected.terms)
    return "加".join(p.row.column if p in form.row_totals else p.within_table for p in paths)


def _is_blank(cell: Quantity, is_total: bool) -> bool:
    """Return whether *cell* has no number: it holds a stroke or nothing, or was left out."""
    return cell.number is None or (not is_total and was_left_out(cell))


def _offer(
    reading: StatedNumber, text: Text, report: Report, form: Form, offered: set[tuple[str, str]]
) -> Iterator[Diagnostic]:
    """Yield the hint that a placeholder could fetch a right number that was typed."""
    rule = form.rule("placeholder-offer")
    cell = _repeated_cell(reading, text)
    if rule is None or cell is None or (cell, text.section) in offered:
        return
    offered.add((cell, text.section))
    values = {"数": plain_number(reading.number), "格": cell, "占位符": placeholder(cell)}
    yield make_finding(rule, report, text.span(*reading.place), values, cells=(cell,))


def _repeated_cell(reading: StatedNumber, text: Text) -> CellPath | None:
    """Return the one cell that a typed number surely repeats, None when there is no such cell."""
    agreed = reading.agreed
    if agreed is None or len(agreed.terms) != 1 or reading.number == 0:
        return None
    if reading.statement.statement.doubt or not text.is_typed(*reading.place):
        return None
    return agreed.terms[0].cell


def find_repeated_cells(report: Report, form: Form) -> Iterator[tuple[Span, CellPath, str]]:
    """Yield each number typed in the narrative that surely repeats a cell.

    With it come the cell and the placeholder that fetches it.
    """
    if not form.sentences.words:
        return
    amounts = {name: cell.amount for name, cell in report.cells.items() if not cell.invalid}
    for paragraph in _paragraphs(report, form, Texts.of(report, form), amounts):
        for reading in filter(None, paragraph.readings):
            span, cell = (
                paragraph.text.span(*reading.place),
                _repeated_cell(reading, paragraph.text),
            )
            if span and cell:
                yield span, cell, placeholder(cell)


def placeholder(cell: CellPath) -> str:
    """Return the placeholder that fetches *cell*: names joined by points, odd ones in brackets."""
    first, *rest = cell.keys
    parts = [f".{key}" if key.isidentifier() else f"['{key}']" for key in rest]
    return "{{ " + first + "".join(parts) + " }}"


def _sums(paragraph: _HeardText, report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each list whose parts do not make its total.

    Not where a number of it is already known to be wrong: that is the cause.  Nor where all are
    those of the tables: then some were chosen.
    """
    rule = form.rule("text-breakdown")
    if rule is None:
        return
    wrong, parts, sentences = paragraph.wrong(), paragraph.parts, form.sentences
    lists = find_breakdowns(parts, frozenset(sentences.apart))
    for found in (*lists, *find_totals(parts, sentences)):
        if found.is_wrong and not (wrong & found.places or paragraph.agree(found.places)):
            total, amount = found.total, sum(found.parts)
            yield make_finding(
                rule,
                report,
                paragraph.text.span(found.start, found.end),
                {"总数": total, "之和": amount, "相差": abs(amount - total)},
                expected=str(total),
                actual=f"{amount}（{' + '.join(map(str, found.parts))}）",
                wording=found.wording,
            )


def _rates(
    paragraph: _HeardText, report: Report, form: Form, amounts: Amounts
) -> Iterator[Diagnostic]:
    """Yield findings for the shares and growths stated behind the numbers of a paragraph."""
    wrong = paragraph.wrong()

    def bases(place: int) -> list[int | Decimal]:
        reading = paragraph.readings[place]
        if reading is None or reading.agreed is None:
            return []
        return [total.value(amounts) for total in reading.statement.shares]

    def last_year(place: int) -> int | Decimal | None:
        reading = paragraph.readings[place]
        return None if reading is None else _last_year(reading.agreed, report, form)

    shares = find_shares(paragraph.parts, bases, wrong)
    growths = find_growths(paragraph.parts, last_year, wrong)
    for slug, rates in (("text-share", shares), ("text-growth", growths)):
        rule = form.rule(slug)
        for rate in rates if rule else ():
            if rule is None or not paragraph.text.is_typed(*rate.place):
                continue
            yield make_finding(
                rule,
                report,
                paragraph.text.span(*rate.place),
                {"原文": paragraph.text.text[rate.start : rate.end], "应为": rate.exact},
                expected=rate.exact,
                actual=f"{rate.printed}%",
            )


def _last_year(agreed: Sum | None, report: Report, form: Form) -> int | Decimal | None:
    """Return what *agreed* was last year, None if last year's report does not state it."""
    if agreed is None or not follows_previous(report):
        return None
    cells = last_years_cells(report, form)
    known = {name: cell.amount for name, cell in cells.items() if not cell.invalid}
    if any(term.cell not in known for term in agreed.terms):
        return None
    return agreed.value(known)
