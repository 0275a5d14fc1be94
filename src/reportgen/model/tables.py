"""The numbers of the tables, and the paths that name their cells."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar

from reportgen.source import Place, Placed

_SEPARATOR = "/"


class CellPath(str):
    """The path of a cell, a row or a table: its ``keys`` from the table down to the column.

    As a string it is the keys joined by ``/`` (``申请/本年新收/自然人``), as in messages, formulas
    and ``--format json``.  It equals that string and can be looked up by it in a mapping.  Use
    the properties for its parts instead of splitting the string: a key may contain ``/``.
    """

    __slots__ = ("keys",)

    keys: tuple[str, ...]

    def __new__(cls, keys: Iterable[str]) -> CellPath:
        """Return the path of *keys*; without keys it is the empty string."""
        known = tuple(keys)
        path = super().__new__(cls, _SEPARATOR.join(known))
        path.keys = known
        return path

    def __getnewargs__(self) -> tuple[tuple[str, ...]]:  # type: ignore[override]
        """Return the arguments from which a pickled copy is created."""
        return (self.keys,)

    @classmethod
    def parse(cls, text: str) -> CellPath:
        """Return the path for *text* from a template or a message.

        A key that contains the separator (本年增/减) is split; the path is still equal, as a
        string, to the one with the whole key.
        """
        return text if isinstance(text, cls) else _parsed(text)

    @property
    def table(self) -> str:
        """The first key, that of the table; empty if there are no keys."""
        return self.keys[0] if self.keys else ""

    @property
    def row(self) -> CellPath:
        """The path without its last key: the row of a cell, or the parent of a row."""
        return CellPath(self.keys[:-1])

    @property
    def column(self) -> str:
        """The last key, which is the column of a cell; empty if there are no keys."""
        return self.keys[-1] if self.keys else ""

    @property
    def within_table(self) -> CellPath:
        """The path without its first key, that of the table."""
        return CellPath(self.keys[1:])

    def below(self, key: str) -> CellPath:
        """Return the path with *key* appended."""
        return CellPath((*self.keys, key))

    def under(self, key: str) -> CellPath:
        """Return the path with *key* prepended."""
        return CellPath((key, *self.keys))

    def is_within(self, other: CellPath) -> bool:
        """Return whether this path is *other* or begins with it."""
        return self.keys[: len(other.keys)] == other.keys

    def moved(self, here: CellPath, there: CellPath) -> CellPath:
        """Return this path with its beginning *here* replaced by *there*."""
        return CellPath((*there.keys, *self.keys[len(here.keys) :]))


@lru_cache(maxsize=4096)
def _parsed(text: str) -> CellPath:
    return CellPath(text.split(_SEPARATOR) if text else ())


class Quantity(Placed, frozen=True):
    """One number of a table.

    Two quantities are equal if their numbers are, regardless of where and how they were typed,
    so a report read back from its own dump equals the one typed.
    """

    aside: ClassVar[frozenset[str]] = frozenset({"text", "span", "computed", "signed"})

    number: int | Decimal | None
    """The number in the unit of its cell; a Decimal keeps the decimals that were typed.

    None if the author typed a sign for "no number" (``/``, ``—``), which counts as 0 in sums.
    """

    text: str = ""
    """The value as typed, for messages; empty if ``computed``."""

    span: Place | None = None
    """Where the value was typed."""

    computed: bool = False
    """Whether the program computed the number because the author left it out."""

    invalid: bool = False
    """Whether the value was typed but could not be read.

    The reader has reported it, so the checks ignore the value.
    """

    signed: bool = False
    """Whether a plus sign was typed, which the outputs print as well."""

    @property
    def amount(self) -> int | Decimal:
        """The number for use in a sum: 0 if ``number`` is None."""
        return 0 if self.number is None else self.number
