"""The unit of an amount of money, as a file states it.

It stands in the label of the row, in the head of the column or in a note beside the table
(``单位：元``), and need not be the unit of the form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

from msgspec.structs import replace

from reportgen.forms import UNITS, ValueKind, ValueType, normalise_key, parse_quantity
from reportgen.model import Quantity
from reportgen.published.found import FoundBlock, FoundParagraph, FoundTable
from reportgen.source import Place

_NAMES = "|".join(r"\s*".join(name) for name in sorted(UNITS, key=len, reverse=True))
_STATED = re.compile(rf"(?:^|[^\w]|单位[为是]?|人民币|金额|总额)({_NAMES})(?!\w)")
_NOTED = re.compile(rf"单位[为是]?:?\W*(?:\w{{1,2}}\W+){{0,3}}(?:人民币)?({_NAMES})(?!\w)")
_WITH_UNIT = re.compile(rf"(?:{_NAMES})\s*$")
_AT_END = re.compile(
    rf"[(\[【〔,、/:]?(?:(?:(?<=[(\[【〔])(?:计量|金额))?单位:?)?(?:人民币)?(?:{_NAMES})(?:人民币)?[)\]】〕]?$"
)
NOTHING = frozenset(("", "无"))
"""What stands in a cell in place of a number, strokes aside."""
_IDLE_DECIMALS = re.compile(r"[.．][0０]+\s*$")


def without_idle_decimals(count: str) -> str:
    """Return *count* (``12.00``, as spreadsheets show it) without decimals that are all 0."""
    return _IDLE_DECIMALS.sub("", count)


@lru_cache(maxsize=1 << 12)
def units_in(label: str) -> frozenset[str]:
    """Return the units of money that *label* names."""
    return _found(_STATED, label)


@lru_cache(maxsize=1 << 12)
def label_key(label: str) -> str:
    """Return *label* as :func:`normalise_key` has it, without the unit of money at its end.

    其它 is another spelling of 其他.
    """
    key = normalise_key(label).replace("它", "他")
    return _AT_END.sub("", key) if units_in(label) else key


def note_units(text: str) -> frozenset[str]:
    """Return the units of money that the note *text* (``单位：件、万元``) names."""
    return _found(_NOTED, text)


def _found(pattern: re.Pattern[str], text: str) -> frozenset[str]:
    found = pattern.findall(unicodedata.normalize("NFKC", text))
    return frozenset("".join(unit.split()) for unit in found)


def noted_units(blocks: Iterable[FoundBlock]) -> dict[int, frozenset[str]]:
    """Return the units named in notes right before or behind tables, by number of the table.

    A table that follows another without a word between them has the notes before that one, too.
    """
    units: dict[int, set[str]] = {}
    before: set[str] = set()
    table = -1
    follows = False
    for block in blocks:
        if isinstance(block, FoundTable):
            table += 1
            units[table] = set(before)
            follows = True
            continue
        named = set(note_units(block.text)) if isinstance(block, FoundParagraph) else set()
        if follows:
            units[table] |= named
        before, follows = named, False
    return {number: frozenset(named) for number, named in units.items() if named}


def parse_amount(
    text: str, kind: ValueType, stated: Collection[str], place: Place
) -> tuple[Quantity, str]:
    """Return the quantity that *text* states in a cell of *kind*, and the slug of what to say.

    *stated* are the units named around the cell.  A unit behind the number itself counts before
    them; an amount of 0 needs none.  Without a unit that of *kind* is taken; of two different
    ones neither, and the quantity is invalid.  Raises NotANumberError.
    """
    if text in NOTHING:
        return Quantity(None, text, place), ""
    if kind.kind == ValueKind.COUNT:
        text = without_idle_decimals(text)
    quantity = parse_quantity(text, kind, place)
    is_money = kind.kind == ValueKind.MONEY and kind.unit in UNITS
    if not (is_money and quantity.number) or _WITH_UNIT.search(text):
        return quantity, ""
    if not stated:
        return quantity, "unit-missing"
    if len(stated) > 1:
        return replace(quantity, number=None, invalid=True), "unit-unclear"
    (unit,) = stated
    if unit == kind.unit:
        return quantity, ""
    return replace(parse_quantity(text + unit, kind, place), text=text), "unit-converted"
