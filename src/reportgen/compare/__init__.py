"""Reports compared: the units of an office with each other, with the roll, and with their sum."""

from __future__ import annotations

from reportgen.compare.roll import (
    Handed,
    Remark,
    Roll,
    Standing,
    common_year,
    compare_units,
    left_out_remarks,
    read_roll,
    shown_name,
    word_remarks,
)
from reportgen.compare.units import MOST_TOLD, Head, Tally, Told, UnitFinding, head_of, tally, tell

__all__ = [
    "MOST_TOLD",
    "Handed",
    "Head",
    "Remark",
    "Roll",
    "Standing",
    "Tally",
    "Told",
    "UnitFinding",
    "common_year",
    "compare_units",
    "head_of",
    "left_out_remarks",
    "read_roll",
    "shown_name",
    "tally",
    "tell",
    "word_remarks",
]
