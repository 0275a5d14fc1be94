"""Numbers of the tables stated again in the narrative: recomputed and compared.

A stated number is compared only where the words leave no doubt what it counts:
not about another year, not a part, not an estimate.  What the author bound by a
placeholder is not questioned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from reportgen.checks.findings import make_finding
from reportgen.checks.texts import CONTACT, TITLE, Text, Texts
from reportgen.diagnostics import Diagnostic, Severity
from reportgen.forms import (
    BoundQuote,
    Form,
    LazyPattern,
    Rule,
    Sum,
    TextPart,
    agrees,
    growth_rate,
    plain_number,
    share_rate,
    stated_growth,
    whole_number,
)
from reportgen.model import CellPath, Report

_CLAUSE_END = LazyPattern(r"[，,。；;、：:（(！\n]")
_YEAR = LazyPattern(r"((?:19|20)\d{2})年(?!以来|起)")
_ANOTHER_YEAR = LazyPattern(
    r"上年(?!结转)|上一年(?!结转)|去年|前年|同期|历年|累计|近[一二三四五两\d]+年|以来"
)
_ESTIMATE = LazyPattern(r"(?:约|近|超|超过|逾|多达|不少于|不低于|第|达到?近)$")
_RATE = r"(?P<率>\d{1,5}(?:\.\d{1,4})?)[%％]"
_GROWTH = LazyPattern(
    r"[，,（(]?(?:同比|(?:较|比|与)(?:上年|去年)(?:同期)?(?:相比)?)[^，。；\d%]{0,4}?"
    rf"(?P<方向>增长|增加|上升|提高|下降|减少|降低)了?{_RATE}"
)
_SHARE = LazyPattern(rf"[，,（(]?占(?:比)?[^，。；、\d%]{{0,14}}?{_RATE}")


class _Stated(Struct, frozen=True):
    """A quote found in a text, with the sum its number agrees with, None when none does."""

    quote: BoundQuote
    text: Text
    match: re.Match[str]
    number: int
    agreed: Sum | None


def check_quotes(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each stated number that no sum of its rule equals.

    Also for per cents behind a right number, and, as a hint, for right numbers
    that a placeholder could fetch.
    """
    offered: set[tuple[str, str]] = set()
    amounts = {name: c.amount for name, c in report.cells.items() if not c.invalid}
    quotes = _usable(report, form, amounts)
    for text, quote in _candidates(quotes, texts):
        for stated in _stated(quote, text, report, amounts):
            if stated.agreed is None:
                yield from _mismatch(stated, report, amounts)
                continue
            yield from _rates(stated, report, form, amounts)
            yield from _offer(stated, report, form, offered)


def _usable(
    report: Report, form: Form, amounts: Mapping[CellPath, int | Decimal]
) -> list[BoundQuote]:
    """Return the quotes that are about *report* and whose sums can be calculated."""
    return [
        quote
        for quote in form.quotes
        if quote.rule.applies(report.organ, report.kind)
        and all(term.cell in amounts for side in quote.equals for term in side.terms)
    ]


def _candidates(quotes: list[BoundQuote], texts: Texts) -> Iterator[tuple[Text, BoundQuote]]:
    """Yield each text of the report's body with each quote that it may hold, in reading order."""
    found = sorted(
        (text, quote)
        for quote, bound in enumerate(quotes)
        for text in texts.holding(bound.spec.pattern)
    )
    for number, quote in found:
        text = texts.all[number]
        if text.section not in (TITLE, CONTACT) and text.part != TextPart.CELL:
            yield text, quotes[quote]


def _stated(
    quote: BoundQuote, text: Text, report: Report, amounts: Mapping[CellPath, int | Decimal]
) -> Iterator[_Stated]:
    spec = quote.spec
    for match in spec.pattern.compiled.finditer(text.text):
        if spec.needs and not spec.needs.search(text.text):
            return
        if _is_doubtful(quote, text.text, match, report.year):
            continue
        number = spec.number
        if number is None:
            number = whole_number(match["数"])
        agreed = next((side for side in quote.equals if side.value(amounts) == number), None)
        yield _Stated(quote, text, match, number, agreed)


def _is_doubtful(quote: BoundQuote, text: str, match: re.Match[str], year: int) -> bool:
    """Return whether the clause up to the match's end says that something else is counted."""
    before = text[: match.start()]
    clause = _CLAUSE_END.compiled.split(before)[-1] + match[0]
    years = _YEAR.compiled.findall(before + match[0])
    if years and int(years[-1]) != year:
        return True
    if _ANOTHER_YEAR.search(clause) or (quote.spec.unless and quote.spec.unless.search(clause)):
        return True
    lead = text[match.start() : match.start("数")] if quote.spec.number is None else ""
    return bool(_ESTIMATE.search(lead))


def _mismatch(
    stated: _Stated, report: Report, amounts: Mapping[CellPath, int | Decimal]
) -> Iterator[Diagnostic]:
    """Yield the finding that a typed number is not the table's."""
    start, end = _number_place(stated)
    if not stated.text.is_typed(start, end):
        return
    rule = stated.quote.rule
    value = plain_number(stated.quote.equals[0].value(amounts))
    trap = next((w for side, w in stated.quote.traps if side.value(amounts) == stated.number), "")
    yield make_finding(
        rule,
        report,
        stated.text.span(start, end),
        {"原文": stated.match[0], "表": value},
        cells=tuple(term.cell for term in stated.quote.equals[0].terms),
        expected=value,
        actual=str(stated.number),
        severity=Severity.HINT if trap else None,
        hint=trap,
    )


def _number_place(stated: _Stated) -> tuple[int, int]:
    match = stated.match
    if stated.quote.spec.number is None:
        return match.start("数"), match.end("数")
    return match.start(), match.end()


def _rates(
    stated: _Stated, report: Report, form: Form, amounts: Mapping[CellPath, int | Decimal]
) -> Iterator[Diagnostic]:
    """Yield findings for the growth or share stated right behind the number."""
    text, end = stated.text.text, stated.match.end()
    if (found := _GROWTH.compiled.match(text, end)) and (rule := form.rule("text-growth")):
        last = _last_year(stated, report)
        rate = None if last is None else growth_rate(stated.number, last)
        if rate is not None:
            stated_rate = stated_growth(found["方向"], rate)
            yield from _wrong_rate(rule, report, stated, found, [stated_rate])
    if (found := _SHARE.compiled.match(text, end)) and (rule := form.rule("text-share")):
        wholes = [side.value(amounts) for side in stated.quote.shares]
        shares = [share_rate(stated.number, whole) for whole in wholes]
        if rates := [share for share in shares if share is not None]:
            yield from _wrong_rate(rule, report, stated, found, rates)


def _last_year(stated: _Stated, report: Report) -> int | Decimal | None:
    previous = report.previous
    if stated.agreed is None or previous is None or previous.year != report.year - 1:
        return None
    known = {path: cell for path, cell in previous.cells.items() if not cell.invalid}
    if any(term.cell not in known for term in stated.agreed.terms):
        return None
    return stated.agreed.value({path: cell.amount for path, cell in known.items()})


def _wrong_rate(
    rule: Rule, report: Report, stated: _Stated, found: re.Match[str], rates: list[Decimal]
) -> Iterator[Diagnostic]:
    if any(agrees(found["率"], rate) for rate in rates):
        return
    start, end = found.span("率")
    if not stated.text.is_typed(start, end):
        return
    exact = f"{rates[0]:.2f}%"
    yield make_finding(
        rule,
        report,
        stated.text.span(start, end),
        {"原文": found[0].lstrip("，,（("), "应为": exact},
        expected=exact,
        actual=f"{found['率']}%",
    )


def _offer(
    stated: _Stated, report: Report, form: Form, offered: set[tuple[str, str]]
) -> Iterator[Diagnostic]:
    """Yield the hint that a placeholder could fetch a right number that was typed."""
    rule = form.rule("placeholder-offer")
    agreed = stated.agreed
    if rule is None or agreed is None or len(agreed.terms) != 1 or stated.quote.spec.number == 0:
        return
    cell = agreed.terms[0].cell
    start, end = _number_place(stated)
    key = (cell, stated.text.section)
    if stated.number == 0 or key in offered or not stated.text.is_typed(start, end):
        return
    offered.add(key)
    values = {"数": stated.number, "格": cell, "占位符": placeholder(cell)}
    yield make_finding(rule, report, stated.text.span(start, end), values, cells=(cell,))


def placeholder(cell: CellPath) -> str:
    """Return the placeholder that fetches *cell*: names joined by points, odd ones in brackets."""
    first, *rest = cell.keys
    parts = [f".{key}" if key.isidentifier() else f"['{key}']" for key in rest]
    return "{{ " + first + "".join(parts) + " }}"
