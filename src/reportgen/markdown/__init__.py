"""The narrative's Markdown.

A text with its placeholders filled in comes in; a :class:`~reportgen.model.Narrative` goes
out: sections, headings, paragraphs, lists, tables and pictures, each with its place.
"""

from __future__ import annotations

from reportgen.markdown.chart_data import ChartNumbers
from reportgen.markdown.narrative import read_narrative
from reportgen.markdown.writing import write_narrative

__all__ = [
    "ChartNumbers",
    "read_narrative",
    "write_narrative",
]
