"""A text cut into known words, numbers with their units, and punctuation.

Look-alike characters are replaced and stray blanks are left out first; the positions in the text
as typed are kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from reportgen.forms import Sentences

YEAR, MONTH, RATE, COUNT, OTHER, UNKNOWN = "year", "month", "rate", "count", "number", "unknown"
STOP, SEMICOLON, COMMA, COLON, JOIN, OPEN, CLOSE = "。", "；", "，", "：", "、", "（", "）"
_MARKS = {
    **dict.fromkeys("。！？!?\n", STOP),
    **dict.fromkeys("；;", SEMICOLON),
    **dict.fromkeys("，,—", COMMA),
    **dict.fromkeys("：:", COLON),
    "、": JOIN,
    **dict.fromkeys("（([［【〔", OPEN),
    **dict.fromkeys("）)]］】〕", CLOSE),
}
_PARTING = tuple(mark for mark, role in _MARKS.items() if role in (COMMA, JOIN, OPEN))
_ROLES = {"plain": UNKNOWN, "joins": JOIN}
_QUOTES = frozenset("“”‘’\"'「」『』*_")
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]|[^。！？!?\n]+$")
_AMOUNT = re.compile(r"\d([^\d.,])")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3}){1,6}(?![\d,])|\d+(?:\.\d+)?")
_LARGE = ("万", "亿", "千", "百")
_RANGE = re.compile(r"\d[%％]?[-~～—－至到]$")
_DATE = re.compile(r"年度?|月份?(?:\d{1,2}[日号])?|[日号]")
_UNCOUNTED = re.compile(r"[A-Za-z第.]")
_MAX_DIGITS = 12
_YEAR_MARK, _MONTH_MARK, _YEAR_DIGITS = "年", "月", 4
_NOTHING = Decimal(0)


class Token(Struct, frozen=True, gc=False):
    """A piece of a text from ``start`` to ``end``, places in the text as typed.

    ``role`` is the role of a known word, a mark, or what kind of number or unknown text it
    is; ``name`` what the word stands for, or a number's unit.  ``text`` is as meant.
    """

    role: str
    name: str
    text: str
    start: int
    end: int
    after: int
    """Where the next token begins, after the unit if it is a number."""
    value: Decimal = _NOTHING
    vague: bool = False
    """Whether the number is an estimate, a round one, or one end of a range."""

    @property
    def is_number(self) -> bool:
        """Whether this is a number with a unit, or a per cent."""
        return self.role in (COUNT, RATE)


def tokenise(text: str, sentences: Sentences) -> list[Token]:
    """Return the tokens of *text*; quotation marks are left out, titles in 《》 are unknown.

    Of a sentence that states nothing only what it names is told, and nothing of a text in
    which no sentence states anything.
    """
    folded = fold(text)
    spans = [match.span() for match in _SENTENCE.finditer(folded.text)]
    stating = [_may_state(folded.text[start:end], sentences) for start, end in spans]
    if not any(stating):
        return []
    found: list[Token] = []
    for (start, end), full in zip(spans, stating, strict=True):
        found += (_scan if full else _named)(folded.text, start, end, sentences)
    if folded.places is None:
        return found
    place, last = folded.place, folded.end
    return [replace(t, start=place(t.start), end=last(t.end), after=last(t.after)) for t in found]


def _may_state(sentence: str, sentences: Sentences) -> bool:
    """Return whether *sentence* has a number that is no date, or says that there was none."""
    if any(match[1] in sentences.behind_numbers for match in _AMOUNT.finditer(sentence)):
        return True
    if not any(word in sentence for word in sentences.none_words):
        return False
    return any(word in sentence for word in sentences.topics)


def _named(text: str, start: int, end: int, sentences: Sentences) -> list[Token]:
    """Return the words of a sentence that states nothing by which it names what others count."""
    found = []
    for word in (*sentences.topics, *sentences.about_requests):
        place = text.find(word, start, end)
        meaning = sentences.words.get(word)
        if place >= 0 and meaning:
            after = place + len(word)
            found.append(Token(meaning.role, meaning.name, word, place, after, after))
    found.sort(key=lambda token: token.start)
    return [*found, Token(STOP, "", "", end, end, end)]


def _scan(text: str, position: int, end: int, sentences: Sentences) -> Iterator[Token]:
    unknown = -1
    while position < end:
        found = _at(text, position, sentences)
        if found is None:
            unknown = position if unknown < 0 else unknown
            position += 1
            continue
        if unknown >= 0:
            yield Token(UNKNOWN, "", text[unknown:position], unknown, position, position)
            unknown = -1
        if found.role:
            yield found
        position = found.after
    if unknown >= 0:
        yield Token(UNKNOWN, "", text[unknown:end], unknown, end, end)


def _at(text: str, position: int, sentences: Sentences) -> Token | None:
    """Return the token that begins at *position*; one without a role is to be left out."""
    char = text[position]
    if "0" <= char <= "9":
        return _number(text, position, sentences)
    if char in sentences.lengths and (word := sentences.word_at(text, position)):
        meaning, end = sentences.words[word], position + len(word)
        return Token(_ROLES.get(meaning.role, meaning.role), meaning.name, word, position, end, end)
    if char in _MARKS:
        return Token(_MARKS[char], "", char, position, position + 1, position + 1)
    if char in _QUOTES:
        return Token("", "", "", position, position + 1, position + 1)
    if char == "《":
        end = text.find("》", position) + 1 or len(text)
        return Token(UNKNOWN, "", text[position:end], position, end, end)
    return None


def _number(text: str, position: int, sentences: Sentences) -> Token:
    """Return the number at *position* with what follows it: a unit, %, or a part of a date."""
    match = _NUMBER.match(text, position)
    if match is None:  # never: a digit stands there
        raise AssertionError(text)
    digits, end = match[0], match.end()
    if len(digits) > _MAX_DIGITS or _UNCOUNTED.match(text, max(0, position - 1), position):
        return Token(OTHER, "", digits, position, end, end, vague=True)
    value = Decimal(digits.replace(",", ""))
    if dated := _DATE.match(text, end):
        return _date(text, position, dated, value)
    vague = bool(_RANGE.search(text, max(0, position - 3), position))
    while _role(text, end, sentences) == "roughly" or text[end : end + 1] in _LARGE:
        if _unit(text, end, sentences) in sentences.money:
            break
        vague, end = True, end + 1
    start, after = position, position + len(digits)
    if text[end : end + 1] in ("%", "％"):
        return Token(RATE, "%", digits, start, after, end + 1, value, vague)
    unit = _unit(text, end, sentences)
    if not unit and _has_share(text, end, sentences):
        return Token(COUNT, sentences.units[0], digits, start, after, end, value, vague)
    if not unit:
        return Token(OTHER, "", digits, start, after, end, value, vague)
    vague = vague or _role(text, end + len(unit), sentences) == "roughly"
    return Token(COUNT, unit, digits, start, after, end + len(unit), value, vague)


def _has_share(text: str, position: int, sentences: Sentences) -> bool:
    """Return whether the share of a number is told at *position*: 部分公开67，占4.61%."""
    is_parted = text[position : position + 1] in _PARTING
    return is_parted and _role(text, position + 1, sentences) == "share"


def _date(text: str, position: int, dated: re.Match[str], value: Decimal) -> Token:
    digits = text[position : dated.start()]
    unit, end = dated[0], dated.end()
    role = OTHER
    if unit[0] == _YEAR_MARK and len(digits) == _YEAR_DIGITS:
        role = YEAR
    elif unit[0] == _MONTH_MARK:
        role = MONTH
    return Token(role, unit, digits, position, dated.start(), end, value)


def _role(text: str, position: int, sentences: Sentences) -> str:
    """Return the role of the longest word at *position*, empty when there is none."""
    word = sentences.word_at(text, position)
    return sentences.words[word].role if word else ""


def _unit(text: str, position: int, sentences: Sentences) -> str:
    """Return the unit at *position*, empty when none stands there or it begins a longer word.

    In 8件次年办理 the unit is 件, though there is 件次: a known word begins in it and goes on.
    """
    fitting = [unit for unit in sentences.counters if text.startswith(unit, position)]
    for unit in fitting:
        shorter = (len(u) for u in fitting if len(u) < len(unit))
        words = ((size, sentences.word_at(text, position + size)) for size in shorter)
        if any(size + len(word) > len(unit) for size, word in words):
            continue
        return "" if len(sentences.word_at(text, position)) > len(unit) else unit
    return ""


_ODD = re.compile(
    r"[\s\u00ad\u200b-\u200f\u2060\ufeff\u2e80-\u2fdf\uf900-\ufaff０-９Ａ-Ｚａ-ｚ％．]"
)
_BLANKS = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
_THOUSANDS = re.compile(r"\d{3}(?!\d)")
_RADICALS = "⺠民⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻚页⻛风⻜飞⻝食⻢马⻥鱼⻦鸟⻩黄⻬齐⻮齿⻰龙⻳龟"
"""Radicals that Unicode does not fold itself, each with the character it looks like."""


class Folded(Struct, frozen=True):
    """A text to be read: ``places`` says where each character, and one more, was typed.

    None when every character stands where it was typed.
    """

    text: str
    places: tuple[int, ...] | None = None

    def place(self, index: int) -> int:
        """Return where the character at *index* was typed."""
        return index if self.places is None else self.places[index]

    def end(self, index: int) -> int:
        """Return where the character before *index* ends in the text as typed."""
        return index if self.places is None else self.places[index - 1] + 1


@lru_cache(maxsize=1)
def radicals() -> dict[int, str]:
    """Return the character meant for each radical and compatibility character like it."""
    folded = _folded(*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00))
    folded |= dict(zip(map(ord, _RADICALS[::2]), _RADICALS[1::2], strict=True))
    return {code: char for code, char in folded.items() if char != chr(code) and len(char) == 1}


@lru_cache(maxsize=1)
def _look_alikes() -> dict[int, str]:
    """Return the character meant for each that only looks like it."""
    wide = _folded(*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF5B), 0xFF05, 0xFF0E)
    return radicals() | wide


def _folded(*codes: int) -> dict[int, str]:
    return {code: unicodedata.normalize("NFKC", chr(code)) for code in codes}


def fold(text: str) -> Folded:
    """Return *text* without blanks and invisible characters, look-alikes replaced.

    A line feed stays, and so does a blank between two digits: 2024 100件 is not one number,
    unless it parts thousands.
    """
    if not _ODD.search(text):
        return Folded(text)
    swapped = text.translate(_look_alikes())
    left_out = {place for blanks in _BLANKS.finditer(swapped) for place in _needless(blanks)}
    if not left_out:
        return Folded(swapped)
    kept = [place for place in range(len(swapped)) if place not in left_out]
    return Folded("".join(swapped[place] for place in kept), (*kept, len(text)))


def _needless(blanks: re.Match[str]) -> Iterator[int]:
    """Yield the places of *blanks* that part neither two sentences nor two numbers."""
    text, (start, end) = blanks.string, blanks.span()
    digits = text[start - 1 : start].isdigit() and text[end : end + 1].isdigit()
    parting = digits and not _THOUSANDS.match(text, end)
    for place in range(start, end):
        if text[place] != "\n" and not (parting and text[place].isspace()):
            yield place
