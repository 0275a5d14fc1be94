"""The reports of many units, read, compared with each other and the roll, and added up.

Report folders and finished files go in (:func:`find_sources`).  Worker processes read each
(:func:`read_unit`) and keep only its numbers and its findings.  :func:`sum_up` compares the
reports with each other and with the roll (名册) of who must report, and adds up the cells.  Out
come the sums, what is to be said of each unit, and a workbook of both (:func:`sum_workbook`).
``batch`` builds on the same workers, roll and findings.
"""

from __future__ import annotations

from reportgen.units.aggregate import (
    Aggregate,
    CellSum,
    add_up,
    build_aggregate,
    sum_quantities,
)
from reportgen.units.journal import JOURNAL_FILE, Journal, merge
from reportgen.units.reading import (
    Head,
    Tally,
    Told,
    UnitFinding,
    UnitJob,
    UnitReport,
    UnitResult,
    head_of,
    lines_of,
    lost_unit,
    read_unit,
    tally,
    tell,
    template_lines,
)
from reportgen.units.roll import Roll, read_roll, without_suffix
from reportgen.units.sources import (
    Sources,
    find_sources,
    findings_of,
    has_problems,
    soften_loose,
    sum_up,
)
from reportgen.units.standing import (
    Handed,
    Remark,
    common_year,
    compare_units,
    left_out_remarks,
    shown_name,
    word_remarks,
)
from reportgen.units.sum_sheets import sum_workbook
from reportgen.units.workers import Progress, attempt, duration, working_on

__all__ = [
    "JOURNAL_FILE",
    "Aggregate",
    "CellSum",
    "Handed",
    "Head",
    "Journal",
    "Progress",
    "Remark",
    "Roll",
    "Sources",
    "Tally",
    "Told",
    "UnitFinding",
    "UnitJob",
    "UnitReport",
    "UnitResult",
    "add_up",
    "attempt",
    "build_aggregate",
    "common_year",
    "compare_units",
    "duration",
    "find_sources",
    "findings_of",
    "has_problems",
    "head_of",
    "left_out_remarks",
    "lines_of",
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
    "template_lines",
    "without_suffix",
    "word_remarks",
    "working_on",
]
