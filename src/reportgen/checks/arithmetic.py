"""Arithmetic inside a sentence: parts that add up to their total, per cents that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, zip_longest

from msgspec import Struct

from reportgen.checks.findings import make_finding
from reportgen.checks.texts import Text, Texts
from reportgen.diagnostics import Diagnostic
from reportgen.forms import (
    Form,
    LazyPattern,
    Rule,
    agrees,
    growth_rate,
    share_rate,
    stated_growth,
    whole_number,
)
from reportgen.model import Report

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
        exact = share_rate(whole_number(groups["部分"]), whole_number(groups["数"]))
    else:
        exact = growth_rate(whole_number(groups["本年"]), whole_number(groups["上年"]))
        exact = exact and stated_growth(groups["方向"], exact)
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
            total=whole_number(match["数"]),
            unit=match["单位"],
            parts=tuple(whole_number(part["数"]) for part in found[: 1 if mixed else None]),
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
    values = {"总数": found.total, "之和": amount, "相差": abs(amount - found.total)}
    return make_finding(
        rule,
        report,
        text.span(found.start, found.end),
        values,
        expected=str(found.total),
        actual=f"{amount}（{shown}）",
    )
