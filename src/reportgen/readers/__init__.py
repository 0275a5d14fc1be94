"""A report folder read, or values in its place.

A folder or values come in; a report, the form it follows and findings go out.  Nothing is
raised for a mistake of the author's.
"""

from __future__ import annotations

from reportgen.readers.files import (
    DATA_FILE,
    NARRATIVE_FILE,
    WORKBOOK_FILE,
    find_reports_below,
    is_report_folder,
)
from reportgen.readers.folder import (
    Reading,
    WordNarrative,
    official_form,
    read_folder,
    read_values,
)
from reportgen.readers.inputs import (
    OUTPUT_FOLDER,
    SUMMARY_FILES,
    UNIT_RECORD,
    find_report_folders,
    hash_file,
    hash_inputs,
    input_files,
    own_output,
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
    "WordNarrative",
    "find_report_folders",
    "find_reports_below",
    "hash_file",
    "hash_inputs",
    "input_files",
    "is_report_folder",
    "official_form",
    "own_output",
    "previous_name",
    "read_folder",
    "read_values",
]
