"""A report folder read.

A folder comes in; a report, the form it follows and findings go out.  Nothing is raised for
a mistake of the author's.
"""

from __future__ import annotations

from reportgen.readers.folder import DATA_FILE, NARRATIVE_FILE, WORKBOOK_FILE, Reading, read_folder
from reportgen.readers.inputs import (
    OUTPUT_FOLDER,
    SUMMARY_FILES,
    UNIT_RECORD,
    find_report_folders,
    hash_file,
    hash_inputs,
    input_files,
    previous_name,
)

__all__ = [
    "DATA_FILE",
    "NARRATIVE_FILE",
    "OUTPUT_FOLDER",
    "SUMMARY_FILES",
    "UNIT_RECORD",
    "WORKBOOK_FILE",
    "Reading",
    "find_report_folders",
    "hash_file",
    "hash_inputs",
    "input_files",
    "previous_name",
    "read_folder",
]
