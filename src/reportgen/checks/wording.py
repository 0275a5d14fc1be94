"""Wording and punctuation of the narrative.

The form's pattern rules, characters no font can have, organs of another place, punctuation
that comes in pairs, and enumerations (一是 … 二是 …) that count on.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from reportgen.checks.findings import make_finding
from reportgen.checks.texts import CONTACT, UNPLACED, Text, Texts
from reportgen.diagnostics import Diagnostic, Finding
from reportgen.forms import Form, Rule, TextPart, whole_number
from reportgen.heading_numbers import chinese_numeral, parse_number
from reportgen.model import Report
from reportgen.source import Span
from reportgen.text import Run
from reportgen.writing_systems import joiner_places

_SHOWN_PAIRS = 8
_SHOWN_CHARACTERS = 30
_SLUGS = {"Co": "missing-glyph", "Cc": "control-character", "Cf": "control-character"}
"""The rule that a character breaks, by its general category."""


def check_patterns(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each match of a pattern rule in the texts it is about."""
    for rule in form.rules:
        if rule.kind != "pattern" or not rule.applies(report.organ, report.kind):
            continue
        found = _whole(rule, texts, report) if rule.whole else _matches(rule, texts, report)
        for number, finding in enumerate(found):
            if number and rule.once:
                break
            yield finding


def check_attached(report: Report, form: Form, runs: Iterable[Run]) -> Iterator[Diagnostic]:
    """Yield what the rules for attached sources find in *runs*, the text of one."""
    texts = Texts([Text(UNPLACED, TextPart.PARAGRAPH, tuple(runs))])
    for rule in form.rules:
        if rule.attached and rule.applies(report.organ, report.kind):
            yield from _matches(rule, texts, report)


def _whole(rule: Rule, texts: Texts, report: Report) -> Iterator[Diagnostic]:
    """Yield a finding when the texts of a section are one that matches as a whole."""
    bodies = [text for text in texts.about(rule) if text.part != TextPart.HEADING]
    if len(bodies) == 1 and rule.pattern and rule.pattern.fullmatch(bodies[0].text.strip()):
        yield make_finding(rule, report, bodies[0].span(0, len(bodies[0].text)))


def _matches(rule: Rule, texts: Texts, report: Report) -> Iterator[Diagnostic]:
    for text, match in texts.met(rule):
        if text.is_unfilled(*match.span()):
            continue
        if rule.proof and not PROOFS[rule.proof](match, report, rule):
            continue
        yield _pattern_finding(rule, report, text, match)


def _pattern_finding(rule: Rule, report: Report, text: Text, match: re.Match[str]) -> Diagnostic:
    groups = {name: value or "" for name, value in match.groupdict().items()}
    values = {**groups, "原文": _short(match[0])}
    expected = match.expand(rule.expected) if rule.expected else None
    return make_finding(
        rule,
        report,
        text.span(match.start(), match.end()),
        values,
        expected=expected,
        actual=match[0] if expected else None,
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1]}…"


def check_pairs(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for words that have another form: one a word, or one in all (``once``)."""
    for rule in form.rules:
        if rule.kind == "pairs" and rule.pairs:
            found = _pairs_found(rule, texts)
            if rule.once and found:
                yield _pairs_finding(rule, report, found)
            elif not rule.once:
                yield from (_pairs_finding(rule, report, [item]) for item in found)


def _pairs_found(rule: Rule, texts: Texts) -> list[tuple[str, Span | None]]:
    words = texts.occurring(rule.pairs)
    if not words:
        return []
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    return [
        (match[0], text.span(match.start(), match.end()))
        for text in texts.about(rule)
        for match in pattern.finditer(text.text)
        if not text.is_unfilled(*match.span())
    ]


def _pairs_finding(
    rule: Rule, report: Report, found: Sequence[tuple[str, Span | None]]
) -> Diagnostic:
    words = list(dict.fromkeys(word for word, _ in found))
    shown = "、".join(f"{word}（{rule.pairs[word]}）" for word in words[:_SHOWN_PAIRS])
    values = {"词": shown + ("等" if len(words) > _SHOWN_PAIRS else ""), "个数": len(found)}
    right = None if rule.once else rule.pairs[words[0]]
    return make_finding(
        rule, report, found[0][1], values, expected=right, actual=None if rule.once else words[0]
    )


def check_characters(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each distinct character that is private (造字) or a control character.

    No font is certain to have them; characters that the available fonts lack are reported later.
    """
    seen: set[str] = set()
    for text in texts.all:
        if text.text.isprintable():
            continue
        joiners = joiner_places(text.text)
        for index, char in enumerate(text.text):
            if char in seen or char == "\n" or char.isprintable() or index in joiners:
                continue
            seen.add(char)
            slug = _SLUGS.get(unicodedata.category(char))
            if slug:
                span = text.span(index, index + 1)
                yield form.rulebook.word(Finding(slug, span, {"编码": f"U+{ord(char):04X}"}))


def check_radicals(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield one finding when radicals stand for the characters that they look like.

    Copied from a PDF, ⾏ (U+2F8F) looks like 行 and is found by no search.
    """
    meant: dict[str, str] = {}
    first: Span | None = None
    for text in texts.all:
        if text.typed == text.text:
            continue
        for place, (typed, char) in enumerate(zip(text.typed, text.text, strict=True)):
            if typed != char:
                first = first if meant else text.span(place, place + 1)
                meant[typed] = char
    if meant:
        shown = "、".join(
            f"{t}（U+{ord(t):04X}，{c}）" for t, c in list(meant.items())[:_SHOWN_PAIRS]
        )
        more = "等" if len(meant) > _SHOWN_PAIRS else ""
        finding = Finding("radical-character", first, {"词": shown + more, "个数": len(meant)})
        yield form.rulebook.word(finding)


Proof = Callable[["re.Match[str]", Report, Rule], bool]

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PLACE_LENGTH = 2  # characters of a place name that tell it from another
_ID_CHECKS = "10X98765432"


def _digits(text: str) -> str:
    return re.sub(r"[^0-9Xx]", "", _narrow(text)).upper()


def _narrow(text: str) -> str:
    """Return *text* with half-width digits, letters and signs."""
    return unicodedata.normalize("NFKC", text).replace("。", ".")


def _is_identity_number(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether the match is an 18-digit identity number: birthday and check digit."""
    number = _digits(match[0])
    if len(number) != 18 or not number[:17].isascii() or not number[:17].isdigit():
        return False
    if not _exists(int(number[6:10]), int(number[10:12]), int(number[12:14])):
        return False
    total = sum(int(d) * weight for d, weight in zip(number, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == number[17]


def _passes_luhn(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether the match is a bank-card number by its check digit, and no identity number."""
    number = _digits(match[0])
    if not (number.isascii() and number.isdigit()) or len(set(number)) < 4:
        return False
    doubled = [2 * int(digit) for digit in number[-2::-2]]
    total = sum(map(int, number[-1::-2])) + sum(value // 10 + value % 10 for value in doubled)
    return total % 10 == 0 and not _is_identity_number(match, report, rule)


def _is_no_date(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether the groups 年 (if any), 月 and 日 name a day that does not exist."""
    groups = match.groupdict()
    year = int(groups.get("年") or 2000)  # a leap year: 29 February alone is no mistake
    return not _exists(year, int(groups["月"]), int(groups["日"]))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        datetime.date(year, month, day)
    except (ValueError, OverflowError):
        return False
    return True


def _is_other_year(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether the group 年 is none of the years the rule allows (``options.years``)."""
    allowed = rule.options.get("years", [0])
    return int(match["年"]) not in [report.year + int(offset) for offset in allowed]


def _is_this_year(match: re.Match[str], report: Report, rule: Rule) -> bool:
    return int(match["年"]) == report.year


def _is_odd_fee(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether the amount 数 is no multiple of the smallest step of the scale."""
    return whole_number(match["数"]) % int(rule.limit) != 0


def _is_wrong_fee(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether 数 is not what the scale (``options.scale``) gives for 页."""
    return whole_number(match["数"]) != fee_of(int(match["页"]), rule.options)


def fee_of(pages: int, options: Mapping[str, list[list[int]]]) -> int:
    """Return the fee for *pages* on a scale of ``[up to page, fee per page]`` steps."""
    fee = before = 0
    for last, rate in options["scale"]:
        fee += max(0, min(pages, last) - before) * rate
        before = last
    return fee


def _is_other_contact(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether the number 号 is in none of the contact's values, one of its kind given."""
    number = _digits(match["号"])
    values = [_digits(value) for value in report.contact.values()]
    is_given = bool(report.contact.get(str(rule.options["contact"])))
    return is_given and not any(number in value or value.endswith(number) for value in values)


def _is_other_organ(match: re.Match[str], report: Report, rule: Rule) -> bool:
    """Return whether 机关 is of the organ's own place, yet neither its name nor short for it."""
    named, own = match["机关"], report.organ
    if named[:_PLACE_LENGTH] != own[:_PLACE_LENGTH]:
        return False
    return not _is_within(named, own)


PROOFS: dict[str, Proof] = {
    "id-card": _is_identity_number,
    "luhn": _passes_luhn,
    "no-such-date": _is_no_date,
    "other-year": _is_other_year,
    "this-year": _is_this_year,
    "fee-step": _is_odd_fee,
    "fee-pages": _is_wrong_fee,
    "other-contact": _is_other_contact,
    "other-organ": _is_other_organ,
}
"""Name → test of match, report and rule; true when the match is a finding."""


def check_contact(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each typed contact value that is not of its form (kind ``contact``).

    Values read from a finished file may have words around them and are left alone.
    """
    for rule in form.rules:
        if rule.kind != "contact":
            continue
        for key, pattern in rule.items.items():
            value, span = report.contact.get(key, ""), report.spans.get(f"联系方式/{key}")
            if not (value and span) or pattern.fullmatch(value):
                continue
            narrow = _narrow(value)
            is_wide = pattern.fullmatch(narrow) is not None
            values = {"项": key, "原文": _short(value), "半角": narrow}
            yield make_finding(rule, report, span, values, wording="全角" if is_wide else key)


def check_told_contact(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each contact value in the text that differs from the typed one.

    The kind is ``told-contact``; the group 值 of a pattern in ``items`` is the value of its key.
    A value may leave out characters of the other one (an address without the number of the room).
    """
    for rule in form.rules:
        if rule.kind != "told-contact":
            continue
        for key, pattern in rule.items.items():
            own = _plain(report.contact.get(key, ""))
            if not own or not report.spans.get(f"联系方式/{key}"):
                continue
            for text, match in texts.matches(pattern, rule):
                told = _plain(match["值"])
                if not (_is_within(told, own) or _is_within(own, told)):
                    values = {"项": key, "原文": match["值"], "应为": report.contact[key]}
                    span = text.span(*match.span("值"))
                    yield make_finding(rule, report, span, values)


def _plain(text: str) -> str:
    return "".join(_narrow(text).split())


def _is_within(part: str, whole: str) -> bool:
    """Return whether the characters of *part* stand in *whole* in this order."""
    rest = iter(whole)
    return all(char in rest for char in part)


def check_repeated_paragraphs(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each paragraph that stands in the text a second time.

    Paragraphs shorter than the rule's limit, in characters, may be equal (无此类情况。).
    """
    rule = form.rule("paragraph-repeated")
    if rule is None:
        return
    seen: dict[str, Text] = {}
    for text in texts.all:
        body = "".join(text.text.split())
        if text.part not in (TextPart.PARAGRAPH, TextPart.ITEM) or len(body) < rule.limit:
            continue
        first = seen.setdefault(body, text)
        span = first.span(0, 1)
        if first is not text:
            values = {"行号": span.line if span else "", "原文": _short(text.text)}
            yield make_finding(rule, report, text.span(0, len(text.text)), values)


def check_places(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each organ named as ours that is of another place (kind ``place``).

    The rule's pattern finds the name (group 机关); ``options.place`` says what a
    place's name looks like.
    """
    for rule in form.rules:
        if rule.kind != "place" or rule.pattern is None:
            continue
        ours = _place(report.organ, rule)
        if not ours:
            continue
        for text in texts.within((*rule.sections, CONTACT)):
            yield from _foreign(rule, report, text, ours)


def _foreign(rule: Rule, report: Report, text: Text, ours: str) -> Iterator[Diagnostic]:
    pattern = rule.items["联系方式"] if text.section == CONTACT else rule.pattern
    for match in pattern.finditer(text.text) if pattern else ():
        place = _place(match["机关"], rule)
        if place and place not in report.organ and ours not in match["机关"]:
            start, end = match.span("机关")
            values = {"机关": match["机关"], "地名": place}
            yield make_finding(rule, report, text.span(start, end), values)


def _place(organ: str, rule: Rule) -> str:
    """Return the name of the place that *organ* begins with, empty when it names none."""
    found = rule.items["地名"].match(organ)
    return found[0] if found else ""


def check_unpaired(report: Report, form: Form, texts: Texts) -> Iterator[Diagnostic]:
    """Yield a finding for each unpaired bracket or quotation mark (kind ``unpaired``)."""
    for rule in form.rules:
        if rule.kind == "unpaired":
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
    counts: Counter[str] = Counter()
    stray: list[int] = []
    for found in mark.finditer(text):
        place, char = found.start(), found[0]
        if char not in openers:
            waiting.append(place)
            counts[char] += 1
        elif counts[openers[char]]:
            while True:
                last = waiting.pop()
                counts[text[last]] -= 1
                if text[last] == openers[char]:
                    break
                stray.append(last)
        elif not _ends_item_number(text, place):
            stray.append(place)
    return sorted(stray + waiting)


_ITEM_NUMBER = 40
"""How far before a bracket its item may begin, with blanks."""


def _ends_item_number(text: str, place: int) -> bool:
    head = (
        text[max(0, place - _ITEM_NUMBER) : place].rsplit("。", 1)[-1].rsplit("；", 1)[-1].strip()
    )
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
