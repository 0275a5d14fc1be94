"""Reported numbers, each with the text and the place it was typed."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from reportgen.source import Place, Placed

PATH_SEPARATOR = "/"


class Quantity(Placed, frozen=True):
    """One number of a table.

    ``number`` is None where the author wrote "no number" (blank, ``/``, ``—``):
    it counts as 0 in sums.  ``text`` is the value as typed, empty when
    ``computed``.  An ``invalid`` one was typed but could not be read: the finding
    is made, and nothing more is concluded from it.  Where it was typed does not
    take part in equality, so a report read back from its own dump compares equal.
    """

    aside: ClassVar[frozenset[str]] = frozenset({"text", "span", "computed"})

    number: int | Decimal | None
    text: str = ""
    span: Place | None = None
    computed: bool = False
    invalid: bool = False

    @property
    def amount(self) -> int | Decimal:
        """The number as it enters a sum."""
        return 0 if self.number is None else self.number


def join_path(path: tuple[str, ...]) -> str:
    """Return the name of a cell as messages and ``--format json`` show it."""
    return PATH_SEPARATOR.join(path)
