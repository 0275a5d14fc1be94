"""Marks that come in pairs, and enumerations (一是 … 二是 …) that count on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reportgen.checks.findings import make_finding
from reportgen.checks.texts import Text, Texts
from reportgen.diagnostics import Diagnostic
from reportgen.forms import Form, Rule, TextPart, chinese_numeral, parse_number
from reportgen.model import Report


def check_marks(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each bracket or quotation mark without its partner (kind ``marks``)."""
    for rule in form.rules:
        if rule.kind == "marks":
            openers = {closer: opener for opener, closer in rule.pairs.items()}
            mark = re.compile(f"[{re.escape(''.join([*rule.pairs, *openers]))}]")
            for text in texts.about(rule):
                for place in _unpaired(text.text, mark, openers):
                    values = {"原文": text.text[place]}
                    yield make_finding(rule, report, text.span(place, place + 1), values)


def _unpaired(text: str, mark: re.Pattern[str], openers: Mapping[str, str]) -> list[int]:
    """Return where *text* has an opening or closing mark without its partner.

    *openers* has the partner of each closing *mark*.  A closing bracket right behind a
    number or letter that begins an item (``1）``) needs none.
    """
    waiting: list[int] = []
    stray: list[int] = []
    for found in mark.finditer(text):
        place, char = found.start(), found[0]
        if char not in openers:
            waiting.append(place)
        else:
            match = next((w for w in reversed(waiting) if text[w] == openers[char]), None)
            if match is not None:
                stray.extend(w for w in waiting if w > match)
                waiting = [w for w in waiting if w < match]
            elif not _ends_item_number(text, place):
                stray.append(place)
    return sorted(stray + waiting)


def _ends_item_number(text: str, place: int) -> bool:
    head = text[:place].rsplit("。", 1)[-1].rsplit("；", 1)[-1].strip()
    return text[place] in ")）" and 0 < len(head) <= 2 and head.isalnum()


def check_enumerations(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each member of an enumeration out of order (kind ``enumeration``)."""
    for rule in form.rules:
        if rule.kind == "enumeration":
            yield from _gaps(rule, texts.about(rule), report)


def _gaps(rule: Rule, texts: list[Text], report: Report) -> Iterator[Diagnostic]:
    """Yield the gaps; an enumeration may hold another, and ends with its heading's text."""
    assert rule.pattern is not None  # noqa: S101 - the kind has one
    open_lists: list[int] = []
    section = ""
    for text in texts:
        if text.part == TextPart.HEADING or text.section != section:
            open_lists, section = [], text.section
        for match in rule.pattern.finditer(text.text):
            number = parse_number(match["序"] + "、").number
            if number is None:
                continue
            if number == 1:
                open_lists.append(1)
            elif number - 1 in open_lists:
                while open_lists.pop() != number - 1:
                    pass
                open_lists.append(number)
            else:
                wanted = chinese_numeral(min(99, open_lists[-1] + 1)) if open_lists else "一"
                open_lists[-1:] = [number]
                yield make_finding(
                    rule,
                    report,
                    text.span(match.start("序"), match.end()),
                    {"原文": match[0], "应为": match[0].replace(match["序"], wanted)},
                    expected=match[0].replace(match["序"], wanted),
                    actual=match[0],
                )
