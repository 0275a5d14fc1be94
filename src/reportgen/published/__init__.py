"""Finished files read back.

A file and the known forms come in; the report in it goes out, its tables recognised by
their official labels.
"""

from __future__ import annotations

from reportgen.published.docx import read_docx_report

__all__ = [
    "read_docx_report",
]
