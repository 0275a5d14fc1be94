"""The words at the head and foot of a report → organ, year, title, date, contact.

The wordings come from the form.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.forms import Form, parse_date
from reportgen.published.found import FoundBlock, FoundParagraph

LONGEST_TITLE = 60
SENTENCE_END = tuple("。；：，,;:")
_TITLE_ALIKE = 0.6
_ORGAN_ALIKE = 0.5
_LONGEST_ORGAN = 30
_HEAD_PARAGRAPHS = 30
_TITLE_LINES = 4
_SHORTEST_LINE = 3
"""Shorter than the first line of any title: 返回, a button above it."""
_YEAR = re.compile(r"(20\d\d)\s*年(?:度(?!报告))?")
_CHINESE_YEAR = re.compile(
    r"二[〇○零OＯ0]([〇○零OＯ0一二三四五六七八九])([〇○零OＯ0一二三四五六七八九])年"
)
_PERIOD = re.compile(r"(20\d\d)\s*年\s*1\s*月\s*1\s*日[^。]{0,12}12\s*月\s*31\s*日")
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
_TRAIL = re.compile(r"[>＞›»]")
"""Stands in the line that says where on a site a page is."""
_BESIDE_TITLE = re.compile(r"[_|｜\-–—]")
_VALUE = (
    r"[：:为是]?\s*((?:https?:)?"
    r"(?:[^，,。；;、（）()：:\s]|(?<=\S) (?=\d{1,5} ?号)|(?<=\d) (?=号)){2,60})"
)
"""A way to reach the organ, to the next mark or space; ``https:`` and ``8 号`` are not parted."""
_REMARK = re.compile(r"[（(]([^（()）]{1,200})[)）]")
_ATTACHMENTS = re.compile(r"附\s*件\s*[：:]")
_ITEM = re.compile(r"(\d{1,2})\s*[.．、]\s*")
_MOST_ATTACHMENTS = 30
"""Paragraphs that 附件说明 may have."""
_DIGITS = "〇一二三四五六七八九"

Blocks: TypeAlias = Sequence[FoundBlock]


class ReportHead(Struct, frozen=True):
    """What the words at the head and foot of a report say; empty where they say nothing."""

    title: str = ""
    organ: str = ""
    year: int | None = None
    date: datetime.date | None = None
    contact: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[str, ...] = ()
    """The names of 附件说明, without numbers."""
    remark: str = ""
    """附注, without its brackets."""


def read_head(blocks: Blocks, form: Form, title: str) -> tuple[ReportHead, int]:
    """Return what *blocks*, those before the first section, say, and how many are the title.

    *title* is what the file says of itself, for the case that its text has none.
    """
    texts = [block.text if isinstance(block, FoundParagraph) else "" for block in blocks]
    for place, text in enumerate(texts[:_HEAD_PARAGRAPHS]):
        if (head := _title(text, form)) and head.organ and head.year:
            return head, place + 1
    texts = ["" if _TRAIL.search(text) else text for text in texts]
    for start in range(min(len(texts), _HEAD_PARAGRAPHS)):
        is_button = len(texts[start].strip()) < _SHORTEST_LINE
        lines = 1 if is_button else _TITLE_LINES
        for end in range(start + 1, min(start + lines, len(texts)) + 1):
            if head := _title("".join(texts[start:end]), form):
                return head, end
    candidates = (_title(part, form) for part in _BESIDE_TITLE.split(title))
    return next((head for head in candidates if head), ReportHead()), 0


def _title(text: str, form: Form) -> ReportHead | None:
    """Return what *text* says if it is worded like the title of *form*: organ, year, name."""
    text = _with_digits(_TRAIL.split(re.sub(r"\s", "", text))[-1])
    if not text or len(text) > LONGEST_TITLE:
        return None
    years = _YEAR.findall(text)
    plain = _YEAR.sub("", text).strip("（）()")
    name = _name_in(plain, form)
    if name is None:
        return None
    organ = plain[: plain.index(name)].removesuffix("关于").strip("《")
    return ReportHead(text, organ, int(years[0]) if years else None)


def _name_in(text: str, form: Form) -> str | None:
    """Return the name of the report as *text* ends with it, None when it does not."""
    official = _PLACEHOLDER.split(form.title)[-1].lstrip("年度")
    for name in (official, *form.title_aliases):
        if text.endswith(name):
            return name
    place = text.find(official[:4])
    found = text[place:]
    if place < 0 or SequenceMatcher(None, found, official, autojunk=False).ratio() < _TITLE_ALIKE:
        return None
    return found


def _with_digits(text: str) -> str:
    """Return *text* with years and days in Chinese numerals as digits."""
    return _CHINESE_YEAR.sub(lambda found: f"20{_digit(found[1])}{_digit(found[2])}年", text)


def _digit(char: str) -> int:
    return max(0, _DIGITS.find(char))


def read_ending(blocks: Blocks, head: ReportHead) -> tuple[ReportHead, int]:
    """Return *head* with what the end of *blocks* says, and how many are before it.

    The end is 附件说明, the 落款 and 附注 (GB/T 9704-2012, 7.3.4, 7.3.5 and 7.3.7).  Paragraphs
    that the file calls text are no 附件说明.
    """
    end = len(blocks)
    remark = _REMARK.fullmatch(_text_of(blocks[-1]).strip()) if end > 1 else None
    if remark and _date(blocks[end - 2]):
        head, end = replace(head, remark=remark[1]), end - 1
    head, end = read_signature(blocks[:end], head)
    for start in range(max(0, end - _MOST_ATTACHMENTS), end):
        texts = [_text_of(block).strip() for block in blocks[start:end]]
        if names := _attachments(texts):
            return replace(head, attachments=tuple(names)), start
    return head, end


def _text_of(block: FoundBlock) -> str:
    return block.text if isinstance(block, FoundParagraph) and not block.is_text else ""


def _attachments(texts: Sequence[str]) -> list[str]:
    """Return the names that *texts* list: one, or several with numbers from 1; empty if none.

    A text without a number goes on with the name before it, unless it is a sentence.
    """
    begun = _ATTACHMENTS.match(texts[0])
    if not begun or not all(texts):
        return []
    names: list[str] = []
    first, *others = texts[0][begun.end() :].strip(), *texts[1:]
    for text in (first, *others) if first else others:
        number = _ITEM.match(text)
        if number and int(number[1]) == len(names) + 1:
            names.append(text[number.end() :])
        elif not names and text is first:
            names.append(text)
        elif names and not number and not text.endswith(SENTENCE_END):
            names[-1] += text
        else:
            return []
    return names


def read_signature(blocks: Blocks, head: ReportHead) -> tuple[ReportHead, int]:
    """Return *head* with what the 落款 at the end of *blocks* says, and how many are not it."""
    end = len(blocks)
    date = _date(blocks[end - 1]) if end else None
    if date is None:
        return head, end
    end -= 1
    above = blocks[end - 1] if end else None
    if isinstance(above, FoundParagraph):
        text = re.sub(r"[\s（）()]", "", above.text)
        if _is_organ(text, head.organ):
            return replace(head, date=date, organ=head.organ or text), end - 1
    return replace(head, date=date), end


def _is_organ(text: str, organ: str) -> bool:
    if not 2 < len(text) <= _LONGEST_ORGAN or text.endswith(SENTENCE_END):
        return False
    ratio = SequenceMatcher(None, text, organ, autojunk=False).ratio()
    return not organ or ratio >= _ORGAN_ALIKE


def _date(block: FoundBlock) -> datetime.date | None:
    """Return the date that is all *block* says, None when it says anything else."""
    if not isinstance(block, FoundParagraph) or len(block.text) > LONGEST_TITLE:
        return None
    text = re.sub(r"[（）()]", "", block.text)
    return parse_date(text) if "年" in text else None  # else a page says when it was put online


def period_year(texts: Sequence[str]) -> int | None:
    """Return the year of the period (1月1日 to 12月31日) that *texts* name, None without one."""
    found = (_PERIOD.search(text[:5000]) for text in texts)
    return next((int(period[1]) for period in found if period), None)


def read_contact(texts: Sequence[str], form: Form) -> dict[str, str]:
    """Return the ways to reach the organ that *texts* state, by the keys of *form*."""
    found: dict[str, str] = {}
    for text in texts:
        for key, value in _contacts(text[:5000], form):
            found.setdefault(key, value)
    return {key: found[key] for key in form.contact_keys if key in found}


def _contacts(text: str, form: Form) -> Iterator[tuple[str, str]]:
    for key, wordings in form.contact_words.items():
        for wording in wordings:
            before, _, after = wording.partition("{}")
            pattern = re.escape(before) + (
                _VALUE if not after else rf"(.{{2,40}}?){re.escape(after)}"
            )
            if value := re.search(pattern, text):
                yield key, value[1].strip()
                break
