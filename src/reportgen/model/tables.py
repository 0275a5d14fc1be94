"""Reported numbers, each with the cell it belongs to and the place it was typed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar

from reportgen.source import Place, Placed

_SEPARATOR = "/"


class CellPath(str):
    """The name of a cell, a row or a table: its ``keys`` from the table's down to the column's.

    It is the text that messages, formulas and ``--format json`` show, the keys joined by ``/``
    (``申请/本年新收/自然人``), so it is equal to that text and is found by it in a mapping.
    Its parts are never cut out of the text.
    """

    __slots__ = ("keys",)

    keys: tuple[str, ...]

    def __new__(cls, keys: Iterable[str]) -> CellPath:
        """Return the path of *keys*; of no keys it is the empty text."""
        known = tuple(keys)
        path = super().__new__(cls, _SEPARATOR.join(known))
        path.keys = known
        return path

    def __getnewargs__(self) -> tuple[tuple[str, ...]]:  # type: ignore[override]
        """Return what a copy in another process is made of."""
        return (self.keys,)

    @classmethod
    def parse(cls, text: str) -> CellPath:
        """Return the path that *text*, of a template or a message, names.

        A key that holds the separator (本年增/减) comes apart; the path is equal all the same.
        """
        return text if isinstance(text, cls) else _parsed(text)

    @property
    def table(self) -> str:
        """The key of the table; empty when there are no keys."""
        return self.keys[0] if self.keys else ""

    @property
    def row(self) -> CellPath:
        """The path of the row that the cell stands in, or of what a row belongs to."""
        return CellPath(self.keys[:-1])

    @property
    def column(self) -> str:
        """The last key: the column of a cell; empty when there are no keys."""
        return self.keys[-1] if self.keys else ""

    @property
    def within_table(self) -> CellPath:
        """The path without the table's key."""
        return CellPath(self.keys[1:])

    def below(self, key: str) -> CellPath:
        """Return the path with *key* after its last one."""
        return CellPath((*self.keys, key))

    def under(self, key: str) -> CellPath:
        """Return the path with *key* before its first one."""
        return CellPath((key, *self.keys))

    def is_within(self, other: CellPath) -> bool:
        """Return whether this is *other* or lies below it."""
        return self.keys[: len(other.keys)] == other.keys

    def moved(self, here: CellPath, there: CellPath) -> CellPath:
        """Return the path that lies below *there* as this lies below *here*."""
        return CellPath((*there.keys, *self.keys[len(here.keys) :]))


@lru_cache(maxsize=4096)
def _parsed(text: str) -> CellPath:
    return CellPath(text.split(_SEPARATOR) if text else ())


class Quantity(Placed, frozen=True):
    """One number of a table.

    Two are equal when they say the same number, wherever and however it was typed: a report
    read back from its own dump equals the one typed.
    """

    aside: ClassVar[frozenset[str]] = frozenset({"text", "span", "computed", "signed"})

    number: int | Decimal | None
    """The number in the unit of its cell, a decimal one with as many decimals as were typed.

    None where the author wrote "no number" (``/``, ``—``): it counts as 0 in sums.
    """

    text: str = ""
    """The value as typed, for messages; empty when ``computed``."""

    span: Place | None = None
    """Where it was typed."""

    computed: bool = False
    """Whether the program worked it out because the author left it out."""

    invalid: bool = False
    """Whether it was typed but could not be read.

    The finding is made; nothing more is concluded from the value.
    """

    signed: bool = False
    """Whether it was typed with a plus, which is printed again."""

    @property
    def amount(self) -> int | Decimal:
        """The number as it enters a sum."""
        return 0 if self.number is None else self.number
