"""What an organ reports, free of presentation.

The readers fill these values in; checks, placeholders and the composer read them.  A value
knows where it was typed, but its place takes no part in equality.
"""

from __future__ import annotations

from reportgen.model.report import (
    Acceptance,
    Narrative,
    NarrativeBlock,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
    Report,
    Screenshot,
    Section,
)
from reportgen.model.tables import CellPath, Quantity

__all__ = [
    "Acceptance",
    "CellPath",
    "Narrative",
    "NarrativeBlock",
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
