"""Comparing reports: a finished file with its data, one year or one organ with another.

:func:`verify_files` says where finished files and the folder that they were made of differ.
:func:`verify_page` shows it, side by side.
"""

from __future__ import annotations

from reportgen.compare.differences import Difference, DifferenceKind, SideValue
from reportgen.compare.page import verify_page
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
    "Difference",
    "DifferenceKind",
    "SideValue",
    "Verified",
    "difference_objects",
    "open_folder",
    "verify_file",
    "verify_files",
    "verify_page",
]
