"""What the values of the program are made of: msgspec structs.

A ``msgspec.Struct`` is declared like a dataclass, but its methods are C: the 150 classes
are made in a tenth of the time at start-up, and so is each of their values.  This module
adds the one thing a dataclass has and a struct lacks, fields outside of comparison.
"""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct


class Placed(Struct, frozen=True):
    """A value that remembers more than it is: mostly where it was typed.

    The fields named in ``aside`` take no part in equality and hash, so a report read
    back from its own dump equals the one typed.
    """

    aside: ClassVar[frozenset[str]] = frozenset({"span"})

    def _compared(self) -> tuple[object, ...]:
        return tuple(getattr(self, n) for n in self.__struct_fields__ if n not in self.aside)

    def __eq__(self, other: object) -> bool:
        """Whether *other* is of the same type and alike in all but the fields aside."""
        if type(other) is not type(self):
            return NotImplemented
        return self._compared() == other._compared()

    def __hash__(self) -> int:
        """Return a hash of what is compared."""
        return hash(self._compared())
