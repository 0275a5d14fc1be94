"""Numbers written into single cells of a workbook; everything else in it stays as it is.

Formulas stay too, and are worked out again as far as they add and subtract cells.  Any other one
that depends on a changed cell loses the result kept with it (ECMA-376 Part 1, 18.3.1.4), so that
nobody takes the old one for the new one; spreadsheet programs work it out when they open the file.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from msgspec import Struct

if TYPE_CHECKING:
    from openpyxl.formula.tokenizer import Token

Key: TypeAlias = tuple[str, str]
"""A sheet's name and the name of a cell in it."""

_CELL = re.compile(r"<c\b(?P<attributes>[^<>]*?)(?:/>|>(?P<inside>(?:(?!<c\b).)*?)</c>)", re.S)
_FORMULA = re.compile(r"<f\b[^<>]*/>|<f\b[^<]*</f>")
_VALUE = re.compile(r"<v\b[^<>]*>([^<]*)</v>")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)?")
_TYPE = re.compile(r"\st=\"[^\"]*\"")
_RELATION = re.compile(r"<Relationship\b[^<>]*>")
_SHEET_NAME = re.compile(r"<sheet\b[^<>]*>")
_REFERENCE = re.compile(r"(?:(?P<sheet>.*)!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?", re.S)
_BOOK = "xl/workbook.xml"
_MOST_LOOKED_AT = 10_000_000
"""The most formulas times cells of a workbook that is changed: a report has about 20,000."""
_DEEPEST = 100


def with_numbers(data: bytes, numbers: Mapping[Key, str]) -> bytes:
    """Return the workbook *data* with *numbers* in its cells, by sheet and name of the cell.

    An empty number makes its cell blank.  A cell with a formula gets what the formula gives, not
    its number.  Raises ValueError if a sheet or cell is not there, or if *data* is no workbook of
    this kind.
    """
    try:
        with ZipFile(BytesIO(data)) as source:
            return _Edited(source, numbers).packed()
    except (BadZipFile, KeyError) as error:
        raise ValueError("no XLSX") from error


class _KeptCell(Struct):
    """A cell: the formula that gives its value, empty for none, and the value as it is kept."""

    formula: str = ""
    value: str = ""
    is_number: bool = True
    """Whether the value is a number, or blank."""
    is_unknown: bool = False
    """Whether the value is what a formula gives that is not kept, or cannot be worked out here."""


class _Edited:
    """A workbook whose cells are changed."""

    def __init__(self, source: ZipFile, numbers: Mapping[Key, str]) -> None:
        self._source = source
        self._parts = _sheet_parts(source)
        self._texts = {part: source.read(part).decode() for part in self._parts.values()}
        self._cells: dict[str, dict[str, _KeptCell]] = {
            sheet: dict(_cells(self._texts[part])) for sheet, part in self._parts.items()
        }
        self._typed = {key: number for key, number in numbers.items() if not self._at(key).formula}
        for (sheet, name), number in self._typed.items():
            self._cells[sheet][name] = _KeptCell(value=number)
        self._needs = {key: list(self._operands(key)) for key in self._formulas()}
        self._new = self._dependents()
        self._begun: set[Key] = set()
        for key in self._new:
            self._at(key).is_unknown = True
        for key in self._new:
            self._work_out(key, 0)

    def _at(self, key: Key) -> _KeptCell:
        sheet, name = key
        if name not in self._cells.get(sheet, {}):
            raise ValueError(f"no cell {sheet}!{name}")
        return self._cells[sheet][name]

    def _formulas(self) -> list[Key]:
        found = [
            (sheet, name)
            for sheet, cells in self._cells.items()
            for name, cell in cells.items()
            if cell.formula
        ]
        if len(found) * sum(map(len, self._cells.values())) > _MOST_LOOKED_AT:
            raise ValueError("more formulas than a report has")
        return found

    # What formulas depend on

    def _operands(self, key: Key) -> Iterator[set[Key] | None]:
        """Yield the cells that each range in the formula of *key* has; None for an unknown one."""
        from openpyxl.formula.tokenizer import Token

        tokens = _tokens(self._at(key).formula)
        if tokens is None:
            yield None
        for token in tokens or ():
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                yield self._within(token.value, key[0])
            elif token.value.upper() in ("OFFSET(", "INDIRECT(", "INDEX("):
                yield None

    def _within(self, reference: str, sheet: str) -> set[Key] | None:
        """Return the cells of *reference*, as a formula in *sheet* has it; None for a name."""
        from openpyxl.utils.cell import range_boundaries

        found = _REFERENCE.fullmatch(reference)
        name = (found["sheet"] or sheet) if found else ""
        name = name[1:-1].replace("''", "'") if name.startswith("'") else name
        if found is None or name not in self._cells:
            return None
        left, top, right, bottom = range_boundaries(reference.rpartition("!")[2].replace("$", ""))
        return {
            (name, cell)
            for cell in self._cells[name]
            for row, column in [_place_of(cell)]
            if (top or 0) <= row <= (bottom or 0) and (left or 0) <= column <= (right or 0)
        }

    def _dependents(self) -> list[Key]:
        """Return the formulas that depend on what was typed, directly or not."""
        changed, found = set(self._typed), dict[Key, None]()
        is_growing = bool(changed)
        while is_growing:
            new = [
                key
                for key, needs in self._needs.items()
                if key not in found and any(some is None or some & changed for some in needs)
            ]
            found |= dict.fromkeys(new)
            changed.update(new)
            is_growing = bool(new)
        return list(found)

    # Working out

    def _work_out(self, key: Key, depth: int) -> None:
        """Work the formula of *key* out, those it depends on first."""
        cell = self._at(key)
        if not cell.is_unknown or key in self._begun or depth > _DEEPEST:
            return
        self._begun.add(key)
        for some in self._needs[key]:
            for other in some or ():
                if self._at(other).is_unknown:
                    self._work_out(other, depth + 1)
        result = self._sum(cell.formula, key[0])
        cell.value = "" if result is None else format(result.normalize(), "f")
        cell.is_unknown = result is None

    def _sum(self, formula: str, sheet: str) -> Decimal | None:
        """Return what *formula* gives; None unless it only adds and subtracts cells and numbers."""
        from openpyxl.formula.tokenizer import Token

        total, sign = Decimal(0), 1
        outside: list[int] = []  # the signs before the brackets that are open
        tokens = [token for token in _tokens(formula) or () if token.type != Token.WSPACE]
        for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
            if _begins(token) and _ends(before):  # a blank between ranges is their intersection
                return None
            if token.type == Token.OPERAND:
                is_single = ":" not in token.value
                amount = self._amount(token.value, sheet, is_single=is_single)
                if amount is None or not (is_single or _is_argument(before, after)):
                    return None
                total += sign * amount
            elif token.type in (Token.OP_PRE, Token.OP_IN) and token.value in ("+", "-"):
                plain = sign if token.type == Token.OP_PRE else (outside or [1])[-1]
                sign = -plain if token.value == "-" else plain
            elif token.type == Token.SEP and token.value == ",":
                sign = (outside or [1])[-1]
            elif token.type == Token.PAREN or token.value.upper() in ("SUM(", ")"):
                if token.subtype == Token.OPEN:
                    outside.append(sign)
                else:
                    outside.pop()
            else:
                return None
        return total if tokens and not outside else None

    def _amount(self, operand: str, sheet: str, *, is_single: bool) -> Decimal | None:
        """Return the number *operand*, or the sum of its cells; texts in a range count nothing."""
        if _NUMBER.fullmatch(operand):
            return Decimal(operand)
        places = self._within(operand, sheet)
        if places is None:
            return None
        total = Decimal(0)
        for cell in map(self._at, places):
            if cell.is_unknown or (is_single and not cell.is_number):
                return None
            if cell.is_number and cell.value:
                total += Decimal(cell.value)
        return total

    # Writing

    def packed(self) -> bytes:
        """Return the workbook as it is now."""
        sheets = {part: sheet for sheet, part in self._parts.items()}
        written = {*self._typed, *self._new}
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as target:
            for entry in self._source.infolist():
                data = self._source.read(entry)
                sheet = sheets.get(entry.filename)
                if sheet is not None:
                    names = {name for one, name in written if one == sheet}
                    data = self._sheet(sheet, names).encode() if names else data
                elif entry.filename == _BOOK and any(self._at(key).is_unknown for key in self._new):
                    data = _calculated_when_opened(data.decode()).encode()
                target.writestr(entry, data)
        return out.getvalue()

    def _sheet(self, sheet: str, names: set[str]) -> str:
        """Return the text of *sheet* with the values of the cells *names*."""

        def changed(found: re.Match[str]) -> str:
            name = _attribute(found["attributes"], "r")
            if name not in names:
                return found[0]
            value = self._cells[sheet][name].value
            formula = _FORMULA.search(found["inside"] or "")
            attributes = _TYPE.sub("", found["attributes"]).rstrip()
            inside = (formula[0] if formula else "") + (f"<v>{value}</v>" if value else "")
            return f"<c{attributes}>{inside}</c>"

        return _CELL.sub(changed, self._texts[self._parts[sheet]])


def _begins(token: Token) -> bool:
    """Return whether a value begins with *token*."""
    return token.type == token.OPERAND or token.subtype == token.OPEN


def _ends(token: Token | None) -> bool:
    """Return whether a value ends with *token*."""
    return token is not None and (token.type == token.OPERAND or token.subtype == token.CLOSE)


def _is_argument(before: Token | None, after: Token | None) -> bool:
    """Return whether what stands between two tokens is by itself an argument of SUM.

    A range elsewhere is no sum of its cells: a program takes the one in line with the formula.
    """
    opened = before is not None and before.value.upper() in ("SUM(", ",")
    return opened and after is not None and after.value in (",", ")")


def _tokens(formula: str) -> list[Token] | None:
    """Return the tokens of *formula*, None when it is none that a program would take."""
    from openpyxl.formula import Tokenizer
    from openpyxl.formula.tokenizer import TokenizerError

    try:
        return list(Tokenizer(f"={formula}").items)
    except (TokenizerError, IndexError):
        return None


@lru_cache(maxsize=1 << 16)
def _place_of(name: str) -> tuple[int, int]:
    """Return the row and column of the cell called *name*."""
    from openpyxl.utils.cell import coordinate_to_tuple

    return coordinate_to_tuple(name)


def _cells(text: str) -> Iterator[tuple[str, _KeptCell]]:
    """Yield the cells in the part *text* of a sheet by their names, shared formulas written out."""
    from openpyxl.formula.translate import Translator

    shared: dict[str, tuple[str, str]] = {}
    for found in _CELL.finditer(text):
        name, inside = _attribute(found["attributes"], "r"), found["inside"] or ""
        value = _VALUE.search(inside)
        typed = value[1].strip() if value else ""
        kind = _attribute(found["attributes"], "t") or "n"
        cell = _KeptCell(
            value=typed, is_number=kind == "n" and bool(_NUMBER.fullmatch(typed or "0"))
        )
        if mark := _FORMULA.search(inside):
            head, _, rest = mark[0].partition(">")
            formula = html.unescape(rest.removesuffix("</f>")).strip()
            group = _attribute(head, "si")
            if formula and group:
                shared[group] = (formula, name)
            elif group in shared:
                first, origin = shared[group]
                formula = Translator(f"={first}", origin).translate_formula(name)[1:]
            cell.formula = formula or "INDIRECT()"  # one of which nothing is known
            cell.is_unknown = kind == "n" and not typed  # saved without having been worked out
        yield name, cell


def _sheet_parts(package: ZipFile) -> dict[str, str]:
    """Return the part of each sheet by its name."""
    relations = package.read("xl/_rels/workbook.xml.rels").decode()
    targets = {
        _attribute(found, "Id"): _attribute(found, "Target")
        for found in _RELATION.findall(relations)
        if _attribute(found, "Type").endswith("/worksheet")
    }
    sheets = {
        html.unescape(_attribute(found, "name")): targets.get(_attribute(found, "r:id"), "")
        for found in _SHEET_NAME.findall(package.read(_BOOK).decode())
    }
    return {name: _part(target) for name, target in sheets.items() if target}


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _attribute(element: str, name: str) -> str:
    found = re.search(rf"(?<![\w:]){name}=\"([^\"]*)\"", element)
    return found[1] if found else ""


def _calculated_when_opened(book: str) -> str:
    """Return the part *book* with the order to work out all formulas (18.2.2, fullCalcOnLoad)."""
    order = ' fullCalcOnLoad="1"'
    if "<calcPr" in book:
        return book if order in book else book.replace("<calcPr", f"<calcPr{order}", 1)
    for end in ("</definedNames>", "</externalReferences>", "</functionGroups>", "</sheets>"):
        if end in book:
            return book.replace(end, f"{end}<calcPr{order}/>", 1)
    return book
