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
    is_copy,
    is_report_folder,
    read_source,
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
    SUM_FILE,
    SUMMARY_FILES,
    UNIT_RECORD,
    hash_file,
    hash_inputs,
    input_files,
    own_output,
    previous_name,
    shipped_hash,
)
from reportgen.readers.schema import schema_of_folder
from reportgen.readers.survey import (
    REPLIES_FOLDER,
    FinishedFile,
    LeftOut,
    Survey,
    listed,
    survey_folder,
)

__all__ = [
    "DATA_FILE",
    "NARRATIVE_FILE",
    "OUTPUT_FOLDER",
    "REPLIES_FOLDER",
    "SUMMARY_FILES",
    "SUM_FILE",
    "UNIT_RECORD",
    "WORKBOOK_FILE",
    "FinishedFile",
    "LeftOut",
    "Reading",
    "Survey",
    "WordNarrative",
    "find_reports_below",
    "hash_file",
    "hash_inputs",
    "input_files",
    "is_copy",
    "is_report_folder",
    "listed",
    "official_form",
    "own_output",
    "previous_name",
    "read_folder",
    "read_source",
    "read_values",
    "schema_of_folder",
    "shipped_hash",
    "survey_folder",
]
