"""Comparing reports: a finished file with its data, one year or one organ with another.

:func:`verify_files` says where finished files and the folder that they were made of differ.
:func:`verify_page` shows it, side by side.  :func:`diff_sources` puts one year or organ beside
another, :func:`diff_page` shows that.
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
    "difference_objects",
    "open_folder",
    "pull_changes",
    "verify_file",
    "verify_files",
    "verify_page",
]
