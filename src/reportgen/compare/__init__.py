"""Comparing a report with another state of it: a finished file with its data, year with year.

Report folders and finished files go in.  :func:`verify_files` says where finished files and the
folder that they were made of differ, and :func:`pull_changes` writes what was changed by hand
back into the folder.  :func:`diff_sources` puts one year or organ beside another.  Out come lists
of differences with the places on both sides, and pages that show both sides.
"""

from __future__ import annotations

from reportgen.compare.diff import (
    DiffCell,
    DiffHead,
    ReportDiff,
    diff_object,
    diff_reports,
    diff_sources,
)
from reportgen.compare.diff_sheets import diff_workbook
from reportgen.compare.differences import Difference, DifferenceKind, SideValue
from reportgen.compare.page import diff_page, verify_page
from reportgen.compare.pull import Pulled, pull_changes
from reportgen.compare.verify import (
    Against,
    Verified,
    difference_objects,
    open_folder,
    verify_file,
    verify_files,
)

__all__ = [
    "Against",
    "DiffCell",
    "DiffHead",
    "Difference",
    "DifferenceKind",
    "Pulled",
    "ReportDiff",
    "SideValue",
    "Verified",
    "diff_object",
    "diff_page",
    "diff_reports",
    "diff_sources",
    "diff_workbook",
    "difference_objects",
    "open_folder",
    "pull_changes",
    "verify_file",
    "verify_files",
    "verify_page",
]
