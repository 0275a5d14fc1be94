"""What a workbook holds, whatever the format of its file: sheets of cells.

Read is what a report needs: the values as last saved, which of them are formulas, number formats,
hidden sheets, rows and columns, merged cells.

A cell may show another number than it holds (ECMA-376-1, 18.8.31): ``#,##0,`` shows thousands,
``0.0`` hides digits, ``0"元"`` adds a unit.  Whoever signs the report has seen what is shown.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TypeAlias

from msgspec import Struct

from reportgen.source import Sheet, SheetSpan
from reportgen.text import Word

GENERAL = "General"
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|(?P<space>[_*].)|\[(?P<bracket>[^\[\]]*)\]'
    r"|(?P<general>General|G/通用格式|@)|(?P<exponent>E[+-][0#?]+)|(?P<digit>[0#?])"
    r"|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<end>;)|(?P<literal>.)",
    re.DOTALL | re.IGNORECASE,
)
_CURRENCY = re.compile(r"\$([^-]*)")
_ELAPSED = re.compile("h+|m+|s+", re.IGNORECASE)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")
_SCALES = "十百千万亿兆kKmM%‰"
"""Words of a number format that make another number of the digits before them."""
_DIGITS = 400
"""More than the largest number of a spreadsheet, 1E+308, has."""
_PLACES_OF_GENERAL = 11
"""So many characters, the point among them, the format General shows of a number."""


class ShownNumber(Struct, frozen=True):
    """What a cell shows: the number without its sign, and the words before and behind it.

    ``number`` is None when no digit is shown, or when words stand between the digits.
    """

    number: Decimal | None
    before: str = ""
    behind: str = ""

    @property
    def text(self) -> str:
        """What is read in the cell."""
        digits = "" if self.number is None else format(self.number, "f")
        return f"{self.before}{digits}{self.behind}"


class _FormatPart(Struct, frozen=True):
    """A token of a format: its kind, which is the name of a group of _TOKEN, and its text."""

    kind: str
    text: str


_Section: TypeAlias = Sequence[_FormatPart]


def show_number(number: Decimal, number_format: str) -> ShownNumber:
    """Return what a cell of the format *number_format* shows of *number*."""
    section, amount = _section_for(number, _sections(number_format or GENERAL))
    kinds = [part.kind for part in section]
    if "general" in kinds:
        return _framed(section, ("general",), _in_general(amount))
    if "digit" not in kinds:
        return ShownNumber(None, _words(section))
    if "exponent" in kinds or _FormatPart("literal", "/") in section:
        return ShownNumber(abs(amount), "-" if amount < 0 else "")  # written as a power or fraction
    return _framed(section, ("digit", "point", "comma", "percent"), _fitted(amount, section))


def is_same_number(number: Decimal, shown: ShownNumber, words: str) -> bool:
    """Return whether *shown* is *number*, apart from digits left out at the end.

    Both are without their signs.  *words* are those around the digits that may make another
    number of them (``12千``).
    """
    if shown.number is None:
        return number == 0
    if number and any(char in _SCALES or char.isdigit() for char in words):
        return False
    decimals = len(format(shown.number, "f").partition(".")[2])
    return abs(shown.number - number) <= Decimal(5).scaleb(-decimals - 1)


def _sections(number_format: str) -> list[_Section]:
    sections: list[list[_FormatPart]] = [[]]
    for found in _TOKEN.finditer(number_format):
        kind = found.lastgroup or "literal"
        if kind == "end":
            sections.append([])
        else:
            sections[-1].append(_FormatPart(kind, found[kind]))
    return list(sections)


def _section_for(number: Decimal, sections: list[_Section]) -> tuple[_Section, Decimal]:
    """Return the section that *number* is shown by, and the number as it shows it.

    There are up to four, for positive numbers, negative ones, zero and texts, unless they say
    for which numbers they are.  The one for negative numbers leaves the sign out.
    """
    conditions = [_condition_of(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(number, *condition):
                return section, number
        return [_FormatPart("general", GENERAL)], number
    if number < 0 and len(sections) > 1:
        return sections[1], -number
    if number == 0 and len(sections) > 2:
        return sections[2], number
    return sections[0], number


def _condition_of(section: _Section) -> tuple[str, Decimal] | None:
    for part in section:
        if part.kind == "bracket" and (found := _CONDITION.fullmatch(part.text)):
            return found[1], Decimal(found[2])
    return None


def _holds(number: Decimal, sign: str, limit: Decimal) -> bool:
    return {
        "<": number < limit,
        "<=": number <= limit,
        ">": number > limit,
        ">=": number >= limit,
        "=": number == limit,
        "<>": number != limit,
    }[sign]


def _words(parts: _Section) -> str:
    """Return the words that *parts* show beside the digits."""
    texts = []
    for part in parts:
        if part.kind in ("quoted", "escaped", "literal"):
            texts.append(part.text)
        elif part.kind == "bracket" and (currency := _CURRENCY.match(part.text)):
            texts.append(currency[1])
    return "".join(texts).strip()


def _framed(section: _Section, places: tuple[str, ...], digits: str) -> ShownNumber:
    """Return *digits* between the words before the first and behind the last of *places*."""
    at = [index for index, part in enumerate(section) if part.kind in places]
    before, behind = _words(section[: at[0]]), _words(section[at[-1] + 1 :])
    if digits.startswith("-"):
        before, digits = f"-{before}", digits[1:]
    if any(part.kind == "percent" for part in section):
        behind = f"%{behind}"
    try:
        return ShownNumber(Decimal(digits), before, behind)
    except ArithmeticError:
        return ShownNumber(None, f"{before}{digits}", behind)


def _in_general(amount: Decimal) -> str:
    digits = format(amount, "f")
    if len(digits.lstrip("-")) <= _PLACES_OF_GENERAL or "." not in digits:
        return digits
    whole = len(digits.partition(".")[0].lstrip("-"))
    return _rounded(amount, max(0, _PLACES_OF_GENERAL - 1 - whole))


def _rounded(amount: Decimal, decimals: int) -> str:
    with localcontext() as context:
        context.prec = _DIGITS
        return format(amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), "f")


def _fitted(amount: Decimal, section: _Section) -> str:
    """Return the digits of *amount* as *section* shows them, with the words between them."""
    kinds = [part.kind for part in section]
    point = kinds.index("point") if "point" in kinds else len(kinds)
    places = [index for index, kind in enumerate(kinds) if kind == "digit"]
    decimals = sum(1 for index in places if index > point)
    scale = sum(1 for index in _scaling_commas(kinds, places, point))
    scaled = amount * 100 ** kinds.count("percent") / 1000**scale
    whole, _, fraction = _rounded(abs(scaled), decimals).partition(".")
    is_negative = scaled < 0 and (whole + fraction).strip("0")
    text = _filled(whole, section, [index for index in places if index < point])
    return ("-" if is_negative else "") + (f"{text}.{fraction}" if fraction else text)


def _scaling_commas(kinds: Sequence[str], places: Sequence[int], point: int) -> set[int]:
    """Return where the commas stand that divide by a thousand.

    They are behind the last digit on either side of the point.
    """
    lasts = (max((index for index in places if index < point), default=-1), places[-1])
    found = set()
    for last in lasts:
        index = last + 1
        while index < len(kinds) and kinds[index] == "comma":
            found.add(index)
            index += 1
    return found


def _filled(whole: str, section: _Section, places: Sequence[int]) -> str:
    """Return the digits *whole* put into *places* from the right; the first takes what is left."""
    if not places:
        return whole
    texts: dict[int, str] = {}
    rest = whole
    for index in reversed(places[1:]):
        texts[index], rest = rest[-1:] or "0", rest[:-1]
    texts[places[0]] = rest or "0"
    inside = range(places[0], places[-1] + 1)
    return "".join(texts.get(index) or _words([section[index]]) for index in inside)


def is_date_format(number_format: str) -> bool:
    """Return whether cells of the format *number_format* show their number as a day or a time."""
    return any(
        (part.kind == "literal" and part.text in "dmyhsDMYHS")
        or (part.kind == "bracket" and _ELAPSED.fullmatch(part.text))
        for part in _sections(number_format)[0]
    )


MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 10_000, 200, 20
MAX_CELLS = 100_000
"""Cells that hold something, in all sheets."""
MAX_CELL_CHARS = 1000
_NAMED = 5
"""Sheets that a message names."""
MAX_MERGED = 2_000
"""Merged areas of a sheet; the official tables have some twenty."""

Area: TypeAlias = tuple[int, int, int, int]
"""Merged cells: first row, first column, last row, last column, from 1."""

DAY_ZERO, DAY_ZERO_1904 = datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1)
"""The days that numbers of days are counted from: of most workbooks, and of old ones of a Mac."""
_LAST_DAY = 2_958_465
_DECIMALS = re.compile(r"\+?0\.(0{1,9})")


class TooFullError(ValueError):
    """The workbook holds more cells than a report can have."""


class SheetCellKind(Word):
    """What a spreadsheet takes a cell for."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    ERROR = "error"
    """A formula that failed, its text ``#REF!`` or the like."""
    FORMULA = "formula"
    """A formula whose result nobody has computed yet, its text empty."""


class SheetCell(Struct, frozen=True):
    """A cell that is not blank: its text, and what it is.

    A number is in plain digits, whatever its ``number_format`` makes of them, which is empty
    when there is none.  ``computed`` says whether a formula made the value.
    """

    text: str
    kind: SheetCellKind = SheetCellKind.TEXT
    number_format: str = ""
    computed: bool = False


NOTES_SHEET = "填写说明"
"""The name of the sheet that says how to fill in the others."""


class SheetData(Struct, frozen=True):
    """One sheet: its cells by 1-based row and column, and what is hidden or merged in it."""

    sheet: Sheet
    cells: Mapping[tuple[int, int], SheetCell]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: Sequence[Area] = ()
    is_cut: bool = False
    """Whether it holds something below MAX_ROWS or right of MAX_COLUMNS, which was not read."""

    def place(self, row: int, column: int) -> SheetSpan:
        """Return the cell at *row* and *column* as a place to point at."""
        cell = self.cells.get((row, column))
        if cell is None:
            return SheetSpan(self.sheet, row, column)
        computed = cell.computed or cell.kind is SheetCellKind.FORMULA
        return SheetSpan(self.sheet, row, column, cell.text, computed)


class Workbook(Struct, frozen=True):
    """The sheets of one file, in order."""

    path: str
    sheets: tuple[SheetData, ...]
    passed_over: tuple[str, ...] = ()
    """The names of the sheets behind the first MAX_SHEETS, which were not read."""

    @property
    def unread(self) -> str:
        """What was not read, as a user is told; empty when all of it was."""
        cut = "、".join(f"“{data.sheet.name}”" for data in self.sheets if data.is_cut)
        others = "、".join(f"“{name}”" for name in self.passed_over[:_NAMED])
        more = f"等 {len(self.passed_over)} 张" if len(self.passed_over) > _NAMED else ""
        within = f"{cut}第 {MAX_ROWS} 行以下或第 {MAX_COLUMNS} 列以右" if cut else ""
        behind = f"第 {MAX_SHEETS} 张以后的工作表（{others}{more}）" if others else ""
        return "；".join(part for part in (within, behind) if part)


def number_cell(
    number: float, number_format: str, day_zero: datetime.datetime, *, computed: bool = False
) -> SheetCell | None:
    """Return the cell that holds *number*, or the day that it stands for; None if it is infinite.

    Spreadsheets keep fifteen digits of a number.
    """
    exact = Decimal(f"{number:.15g}")
    if not exact.is_finite():
        return None
    if is_date_format(number_format) and 0 <= number <= _LAST_DAY:
        day = day_zero + datetime.timedelta(days=number)
        return SheetCell(str(day).removesuffix(" 00:00:00"), SheetCellKind.DATE)
    text = _number_text(exact, number_format)
    return SheetCell(text, SheetCellKind.NUMBER, number_format, computed)


def _number_text(number: Decimal, number_format: str) -> str:
    """Return *number* in plain digits.

    A plus sign and closing zeros are added where *number_format* shows them.
    """
    text = format(number, "f")
    if decimals := _DECIMALS.match(number_format):
        whole, _, fraction = text.partition(".")
        text = f"{whole}.{fraction.ljust(len(decimals[1]), '0')}"
    return f"+{text}" if number > 0 and number_format.startswith("+") else text
