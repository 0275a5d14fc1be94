"""What every part of the body writer needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.styles import Style, StyleSheet
from reportgen.writers.docx.geometry import Geometry
from reportgen.writers.docx.names import WordName
from reportgen.writers.docx.relations import Relations


@dataclass(frozen=True, slots=True)
class Context:
    """The sheet in Word's units and names, and the relationships gathered so far."""

    sheet: StyleSheet
    geometry: Geometry
    names: Mapping[str, WordName]
    relations: Relations

    def style_id(self, name: str) -> str:
        """Return the ``w:styleId`` of the sheet's style *name*; KeyError if there is none."""
        return self.names[name].id

    def style(self, name: str) -> Style:
        """Return the sheet's style *name*."""
        return self.sheet[name]
