"""Comparing reports: a finished file with its data, one year or organ with another, many units.

:func:`verify_files` says where finished files and the folder that they were made of differ.
:func:`diff_sources` puts one year or organ beside another.  Both can be shown as a page.
The reports of many units are compared with each other and with the roll, and added up, by
:func:`sum_up`.
"""

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
from reportgen.compare.diff import (
    DiffCell,
    DiffHead,
    ReportDiff,
    diff_object,
    diff_reports,
    diff_sources,
)
from reportgen.compare.differences import Difference, DifferenceKind, SideValue
from reportgen.compare.journal import JOURNAL_FILE, Journal, merge
from reportgen.compare.page import diff_page, verify_page
from reportgen.compare.pull import Pulled, pull_changes
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
from reportgen.compare.verify import (
    Against,
    Verified,
    difference_objects,
    open_folder,
    verify_file,
    verify_files,
)

__all__ = [
    "JOURNAL_FILE",
    "MOST_TOLD",
    "Against",
    "Aggregate",
    "CellSum",
    "DiffCell",
    "DiffHead",
    "Difference",
    "DifferenceKind",
    "Handed",
    "Head",
    "Journal",
    "Pulled",
    "Remark",
    "ReportDiff",
    "Roll",
    "SideValue",
    "Sources",
    "Standing",
    "Tally",
    "Told",
    "UnitFinding",
    "UnitJob",
    "UnitReport",
    "UnitResult",
    "Unread",
    "Verified",
    "add_up",
    "build_aggregate",
    "common_year",
    "compare_units",
    "diff_object",
    "diff_page",
    "diff_reports",
    "diff_sources",
    "difference_objects",
    "find_sources",
    "findings_of",
    "has_problems",
    "head_of",
    "left_out_remarks",
    "lost_unit",
    "merge",
    "open_folder",
    "pull_changes",
    "read_roll",
    "read_unit",
    "shown_name",
    "soften_loose",
    "sum_quantities",
    "sum_up",
    "sum_workbook",
    "tally",
    "tell",
    "verify_file",
    "verify_files",
    "verify_page",
    "word_remarks",
]
