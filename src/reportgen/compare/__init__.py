"""Reports compared: the units of an office with each other, with the roll, and with their sum."""

from __future__ import annotations

from reportgen.compare.aggregate import (
    Aggregate,
    CellSum,
    UnitJob,
    UnitReport,
    UnitResult,
    Unread,
    add_up,
    build_aggregate,
    lost_unit,
    read_unit,
    sum_quantities,
)
from reportgen.compare.journal import JOURNAL_FILE, Journal, merge
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
from reportgen.compare.sources import (
    Sources,
    find_sources,
    findings_of,
    has_problems,
    soften_loose,
    sum_up,
)
from reportgen.compare.sum_sheets import sum_workbook
from reportgen.compare.units import MOST_TOLD, Head, Tally, Told, UnitFinding, head_of, tally, tell

__all__ = [
    "JOURNAL_FILE",
    "MOST_TOLD",
    "Aggregate",
    "CellSum",
    "Handed",
    "Head",
    "Journal",
    "Remark",
    "Roll",
    "Sources",
    "Standing",
    "Tally",
    "Told",
    "UnitFinding",
    "UnitJob",
    "UnitReport",
    "UnitResult",
    "Unread",
    "add_up",
    "build_aggregate",
    "common_year",
    "compare_units",
    "find_sources",
    "findings_of",
    "has_problems",
    "head_of",
    "left_out_remarks",
    "lost_unit",
    "merge",
    "read_roll",
    "read_unit",
    "shown_name",
    "soften_loose",
    "sum_quantities",
    "sum_up",
    "sum_workbook",
    "tally",
    "tell",
    "word_remarks",
]
