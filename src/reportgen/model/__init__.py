"""The data of a report: numbers, narrative and pictures, without presentation.

The readers create these values; checks, placeholders and the composer use them.  A value
knows where it was typed, but its position takes no part in equality.
"""

from __future__ import annotations

from reportgen.model.report import (
    ORIGINAL_PICTURES,
    Acceptance,
    CellPath,
    Narrative,
    NarrativeBlock,
    NarrativeChart,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
    Quantity,
    Report,
    Screenshot,
    Section,
)

__all__ = [
    "ORIGINAL_PICTURES",
    "Acceptance",
    "CellPath",
    "Narrative",
    "NarrativeBlock",
    "NarrativeChart",
    "NarrativeHeading",
    "NarrativeList",
    "NarrativeParagraph",
    "NarrativeTable",
    "Picture",
    "PictureGroup",
    "Quantity",
    "Report",
    "Screenshot",
    "Section",
]
