"""Arithmetic inside a sentence: parts that add up to their total, per cents that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate, zip_longest

from msgspec import Struct

from reportgen.checks.findings import make_finding
from reportgen.checks.texts import Text, Texts
from reportgen.diagnostics import Diagnostic
from reportgen.forms import Form, LazyPattern, Rule
from reportgen.model import Report

_FALLING = ("下降", "减少", "降低")
_FEWEST_PARTS = 3
_LIST_END = re.compile(r"[。；;\n]")
_ANY_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_OPEN_END = LazyPattern(r"等|主要|部分|左右|余|约|多(?:条|件|份|次|篇|个)")
_PART = LazyPattern(
    r"(?P<名>[^，。；、：:,;\d]{1,40}?)(?P<数>\d{1,3}(?:,\d{3})+|\d{1,12})(?![万亿])(?P<单位>[一-鿿]{1,2}?)"
    r"(?=[，、；。,;）)]|$|和|及|以及)"
)


def check_ratios(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each per cent that its own sentence contradicts (kind ``ratio``).

    The groups 部分, 数 (the whole) and 率 state a share; 本年, 上年, 率 and 方向 a growth.
    """
    for rule in form.rules:
        if rule.kind != "ratio" or rule.pattern is None:
            continue
        for text, match in texts.matches(rule.pattern, rule):
            yield from _ratio(rule, report, text, match)


def _ratio(rule: Rule, report: Report, text: Text, match: re.Match[str]) -> Iterator[Diagnostic]:
    groups = match.groupdict()
    if "部分" in groups:
        part, whole = _whole_number(groups["部分"]), _whole_number(groups["数"])
        exact = share_rate(part, whole) if whole else None
    else:
        now, before = _whole_number(groups["本年"]), _whole_number(groups["上年"])
        exact = growth_rate(now, before) if before else None
        if exact is not None and groups["方向"] in _FALLING:
            exact = -exact
    if exact is None or agrees(groups["率"], exact):
        return
    start, end = match.span("率")
    if text.is_typed(start, end):
        values = {"原文": match[0], "应为": f"{exact:.2f}%"}
        yield make_finding(
            rule,
            report,
            text.span(start, end),
            values,
            expected=values["应为"],
            actual=f"{groups['率']}%",
        )


def _whole_number(digits: str) -> int:
    return int(digits.replace(",", ""))


class Breakdown(Struct, frozen=True):
    """A total and the parts listed for it; ``complete`` when the list names them all."""

    total: int
    unit: str
    parts: tuple[int, ...]
    start: int
    end: int
    complete: bool

    @property
    def is_wrong(self) -> bool:
        """Whether the parts cannot make the total: too much, or too little though all named.

        Parts of which the first make the total exactly are right: what follows is
        about something else.  So is a part greater than the total.
        """
        sums = list(accumulate(self.parts))
        if self.total in sums[1:] or max(self.parts) > self.total:
            return False
        return sums[-1] > self.total or (self.complete and sums[-1] < self.total)


def check_breakdowns(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each “其中 …” whose parts do not make its total (``breakdown``)."""
    for rule in form.rules:
        if rule.kind != "breakdown" or rule.pattern is None:
            continue
        for text in texts.candidates(rule.pattern, rule):
            for found in find_breakdowns(text.text, rule.pattern, rule.unless):
                if found.is_wrong:
                    yield _breakdown_finding(rule, report, text, found)


def find_breakdowns(
    text: str, head: LazyPattern, stop: LazyPattern | None = None
) -> Iterator[Breakdown]:
    """Yield the breakdowns of *text*; *head* matches a total (数, 单位) up to the list.

    A part whose name *stop* matches is no part: something else is told there.
    """
    heads = list(head.finditer(text))
    for match, after in zip_longest(heads, heads[1:]):
        rest = _LIST_END.split(text[match.end() : after.start() if after else None])[0]
        found = _parts(rest, match["单位"], stop)
        if len(found) < 2:
            continue
        listed = rest[: found[-1].end()]
        mixed = "其中" in rest or len(_ANY_NUMBER.findall(listed)) != len(found)
        ends = rest[len(listed) :].strip("）) ") == ""
        yield Breakdown(
            total=_whole_number(match["数"]),
            unit=match["单位"],
            parts=tuple(_whole_number(part["数"]) for part in found[: 1 if mixed else None]),
            start=match.start("数"),
            end=match.end() + len(listed),
            complete=(
                len(found) >= _FEWEST_PARTS and ends and not mixed and not _OPEN_END.search(listed)
            ),
        )


def _parts(text: str, unit: str, stop: LazyPattern | None) -> list[re.Match[str]]:
    """Return the parts at the head of *text*: all of *unit*, joined by one kind of mark."""
    found: list[re.Match[str]] = []
    for part in _PART.finditer(text):
        if part["单位"] != unit or (stop and stop.search(part["名"])):
            break
        if len(found) > 1 and text[found[0].end()] == "、" and text[found[-1].end()] != "、":
            break
        found.append(part)
    return found


def _breakdown_finding(rule: Rule, report: Report, text: Text, found: Breakdown) -> Diagnostic:
    amount = sum(found.parts)
    shown = " + ".join(map(str, found.parts))
    values = {"总数": found.total, "之和": amount, "相差": abs(Decimal(amount - found.total))}
    return make_finding(
        rule,
        report,
        text.span(found.start, found.end),
        values,
        expected=str(found.total),
        actual=f"{amount}（{shown}）",
    )


Number = int | Decimal


def growth_rate(now: Number, before: Number) -> Decimal:
    """Return the growth from *before* to *now* in per cent; *before* must not be 0."""
    return Decimal(now - before) * 100 / Decimal(before)


def share_rate(part: Number, whole: Number) -> Decimal:
    """Return *part* of *whole* in per cent; *whole* must not be 0."""
    return Decimal(part) * 100 / Decimal(whole)


def agrees(printed: str, exact: Decimal) -> bool:
    """Return whether *printed* is *exact* rounded to as many decimals, either way from a half."""
    shown = Decimal(printed)
    _, _, exponent = shown.as_tuple()
    unit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(shown - exact) <= unit / 2
