"""Formulas of identities (勾稽关系): a small language of sums, never ``eval``.

``申请/本年新收/总计 = 合计(申请/本年新收/@申请人)``

A formula is two sums joined by ``=``, ``<=`` or ``>=``.  A sum adds and subtracts
cells (key paths), whole numbers and ``合计(…)``.  Inside ``合计`` a path may hold
``@组`` (a group of the table), ``*`` (any one key) and anywhere ``{名}``, a
variable bound by the rule.  ``上年/`` before a path means last year's cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain, product
from math import prod

from msgspec import Struct

from reportgen.forms.grid import TemplateError
from reportgen.model import CellPath

MAX_DIGITS = 15
MAX_GROUPS = 3
RELATIONS = ("=", "<=", ">=")
PREVIOUS = "上年"
_LEXEME = re.compile(r"\s*(合计\(|[+\-,)]|<=|>=|=|\d+(?![^\s+\-,)<>=])|[^\s+\-,()<>=]+)")


class Term(Struct, frozen=True):
    """A signed cell of a sum."""

    sign: int
    cell: CellPath


class Sum(Struct, frozen=True):
    """Signed cells plus a constant."""

    terms: tuple[Term, ...]
    constant: int = 0

    def value(self, cells: Mapping[CellPath, int | Decimal]) -> int | Decimal:
        """Return the sum over *cells*; a cell that is not there counts as 0."""
        total: int | Decimal = self.constant
        for term in self.terms:
            total += term.sign * cells.get(term.cell, 0)
        return total


class Identity(Struct, frozen=True, dict=True):
    """A relation that must hold between two sums."""

    left: Sum
    relation: str
    right: Sum

    @cached_property
    def cells(self) -> tuple[CellPath, ...]:
        """Every cell the identity mentions, left side first."""
        return tuple(dict.fromkeys(term.cell for term in (*self.left.terms, *self.right.terms)))

    @property
    def is_total(self) -> bool:
        """Whether it says that one cell, on the left, is the sum of others."""
        left = self.left
        return self.relation == "=" and len(left.terms) == 1 and left.constant == 0

    def holds(self, cells: Mapping[CellPath, int | Decimal]) -> bool:
        """Return whether the relation is true of *cells*."""
        left, right = self.left.value(cells), self.right.value(cells)
        if self.relation == "=":
            return left == right
        return left <= right if self.relation == "<=" else left >= right


class Vocabulary(Struct, frozen=True, dict=True):
    """The cells of a form and the groups of its tables, by which paths are expanded."""

    cells: frozenset[CellPath]
    groups: Mapping[str, tuple[str, ...]]

    @cached_property
    def _ordered(self) -> list[CellPath]:
        return sorted(self.cells)

    def matching(self, pattern: CellPath, *, longer: bool = False) -> list[CellPath]:
        """Return the cells like *pattern*, whose ``*`` stand for any one key, in order.

        With *longer* those that have more keys behind it.
        """
        size, known = len(pattern.keys), pattern.partition("*")[0]
        return [
            cell
            for cell in self._ordered
            if cell.startswith(known)  # which rules out most
            and (len(cell.keys) > size if longer else len(cell.keys) == size)
            and _is_like(cell.keys[:size], pattern.keys)
        ]

    @cached_property
    def names(self) -> Mapping[str, CellPath]:
        """The cells by their names."""
        return {cell: cell for cell in self.cells}

    @cached_property
    def with_previous(self) -> Vocabulary:
        """The vocabulary that knows last year's cells too."""
        last_year = {cell.under(PREVIOUS) for cell in self.cells}
        return Vocabulary(self.cells | last_year, self.groups)


MAX_BINDINGS = 5_000
"""How many relations all rules of a form may state together; the shipped ones have hundreds."""


def expand_each(
    each: Mapping[str, Iterable[str]], table: str, vocabulary: Vocabulary
) -> list[dict[str, str]]:
    """Return every binding of the variables of *each*; ``@组`` members are spelled out.

    A member with ``*`` is matched against the rows of *table*.  Raises TemplateError for more
    than MAX_BINDINGS of them.
    """
    names = list(each)
    choices = [_members(each[name], table, vocabulary) for name in names]
    check_product(choices)
    return [dict(zip(names, values, strict=True)) for values in product(*choices)]


def check_product(choices: Iterable[Sequence[str]]) -> None:
    """Raise TemplateError when there are too many ways to choose one of each of *choices*."""
    if (count := prod(map(len, choices))) > MAX_BINDINGS:
        raise TemplateError(f"each 的各项组合起来有 {count} 种，最多 {MAX_BINDINGS} 种")


def _members(items: Iterable[str], table: str, vocabulary: Vocabulary) -> list[str]:
    found: list[str] = []
    for item in items:
        if item.startswith("@"):
            found.extend(_members(_group(item[1:], vocabulary), table, vocabulary))
        elif "*" in item:
            found.extend(_matching_rows(CellPath.parse(item).under(table), vocabulary))
        else:
            found.append(item)
    return list(dict.fromkeys(found))


def _group(name: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    try:
        return vocabulary.groups[name]
    except KeyError:
        raise TemplateError(f"公式用到未定义的组 @{name}") from None


def _matching_rows(pattern: CellPath, vocabulary: Vocabulary) -> list[str]:
    depth = len(pattern.keys)
    rows = (CellPath(cell.keys[1:depth]) for cell in vocabulary.matching(pattern, longer=True))
    found = [str(row) for row in dict.fromkeys(rows)]
    if not found:
        raise TemplateError(f"表中没有“{pattern}”")
    return found


def _is_like(keys: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    """Return whether *keys* are those of *pattern*, in which ``*`` stands for any one key."""
    pairs = zip(keys, pattern, strict=True)
    return all(wanted in (key, "*") for key, wanted in pairs)


def first_table(text: str) -> str:
    """Return the key of the table that the formula *text* begins with."""
    first = next(iter(_lexemeise(text)), "")
    return CellPath.parse(first).table


def parse_formula(text: str, binding: Mapping[str, str], vocabulary: Vocabulary) -> Identity:
    """Return the identity *text* states under *binding*.

    Raises TemplateError, quoting the formula, on bad syntax or an unknown cell.
    """
    bound = text
    for name, value in binding.items():
        bound = bound.replace("{" + name + "}", value)
    try:
        return _Parser(bound, vocabulary).identity()
    except TemplateError as error:
        raise TemplateError(f"公式“{text}”：{error}") from None


def parse_sum(text: str, vocabulary: Vocabulary) -> Sum:
    """Return the sum *text* states; raises TemplateError as :func:`parse_formula` does."""
    try:
        return _Parser(text, vocabulary).only_sum()
    except TemplateError as error:
        raise TemplateError(f"公式“{text}”：{error}") from None


class _Parser:
    """Recursive descent over the lexemes of one formula."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._lexemes = _lexemeise(text)
        self._vocabulary = vocabulary

    def only_sum(self) -> Sum:
        found = self._sum()
        if self._lexemes:
            raise TemplateError(f"多出“{self._lexemes[0]}”")
        return found

    def identity(self) -> Identity:
        left = self._sum()
        relation = self._take()
        if relation not in RELATIONS:
            raise TemplateError(f"此处应为 = 、<= 或 >=，而不是“{relation}”")
        right = self._sum()
        if self._lexemes:
            raise TemplateError(f"多出“{self._lexemes[0]}”")
        return Identity(left, relation, right)

    def _sum(self) -> Sum:
        terms: list[Term] = []
        constant = 0
        sign = 1
        while True:
            lexeme = self._take()
            if lexeme == "合计(":
                terms.extend(Term(sign, cell) for cell in self._arguments())
            elif lexeme.isdecimal():
                constant += sign * _whole_number(lexeme)
            else:
                terms.extend(Term(sign, cell) for cell in self._cells(lexeme))
            if not self._lexemes or self._lexemes[0] not in "+-":
                return Sum(tuple(terms), constant)
            sign = 1 if self._take() == "+" else -1

    def _arguments(self) -> list[CellPath]:
        cells: list[CellPath] = []
        while True:
            cells.extend(self._cells(self._take()))
            if self._take() == ")":
                return cells

    def _cells(self, path: str) -> list[CellPath]:
        """Return the cells *path* names, wildcards and groups spelled out."""
        if path.count("@") > MAX_GROUPS:
            raise TemplateError(f"“{path}”中的 @ 过多")
        choices = [
            [CellPath.parse(name).keys for name in _group(key[1:], self._vocabulary)]
            if key.startswith("@")
            else [(key,)]
            for key in CellPath.parse(path).keys
        ]
        found: list[CellPath] = []
        for parts in product(*choices):
            found.extend(self._match(CellPath(chain.from_iterable(parts))))
        return list(dict.fromkeys(found))

    def _match(self, path: CellPath) -> list[CellPath]:
        if "*" not in path.keys:
            if path not in self._vocabulary.names:
                raise TemplateError(f"表中没有“{path}”")
            return [self._vocabulary.names[path]]
        found = self._vocabulary.matching(path)
        if not found:
            raise TemplateError(f"表中没有“{path}”")
        return found

    def _take(self) -> str:
        if not self._lexemes:
            raise TemplateError("没有写完")
        return self._lexemes.pop(0)


def _whole_number(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise TemplateError(f"“{digits}”位数过多")
    return int(digits)


def _lexemeise(text: str) -> list[str]:
    lexemes = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = _LEXEME.match(stripped, position)
        if not match:
            raise TemplateError(f"无法读懂“{stripped[position:]}”")
        lexemes.append(match[1])
        position = match.end()
    return lexemes
