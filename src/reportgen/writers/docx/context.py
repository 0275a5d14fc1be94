"""What every part of the body writer needs to know."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from reportgen.layout.items import Hints, Node
from reportgen.styles import Style, StyleSheet, twips
from reportgen.text import Run
from reportgen.writers.docx.geometry import Geometry, letter_spacing
from reportgen.writers.docx.names import WordName
from reportgen.writers.docx.notes import Notes
from reportgen.writers.docx.relations import Relations
from reportgen.writers.docx.runs import Spacing, runs_xml

GRACE = 1.5
"""Points taken off the space behind a picture or table, for the last line of the page to fit
whatever was rounded above it."""


class Context(Struct, frozen=True):
    """The sheet in Word's units and names, the layout's hints, and what was gathered so far.

    ``notes`` mark the findings of a draft.
    """

    sheet: StyleSheet
    hints: Hints
    geometry: Geometry
    names: Mapping[str, WordName]
    relations: Relations
    notes: Notes | None = None

    def turned(self) -> Context:
        """Return the same context, what was gathered included, for landscape pages."""
        sheet = self.sheet.turned()
        return replace(self, sheet=sheet, geometry=Geometry(sheet))

    def style_id(self, name: str) -> str:
        """Return the ``w:styleId`` of the sheet's style *name*; KeyError if there is none."""
        return self.names[name].id

    def runs(self, style: str, runs: tuple[Run, ...], node: Node | None = None) -> str:
        """Return *runs*, the text of *node* in the sheet's style *style*, as ``w:r`` elements."""
        fits = self.hints.fits.get(node, ()) if node else ()
        spacings = [
            Spacing(fit.start, fit.end, letter_spacing(self.sheet[style]) + twips(fit.spacing))
            for fit in fits
        ]
        return runs_xml(runs, self.relations, spacings, self.notes)

    def noted(self, content: str, numbers: tuple[int, ...]) -> str:
        """Return *content*, a cell's or picture's runs, marked with the findings *numbers*."""
        if self.notes is None or not numbers:
            return content
        return f"{self.notes.start(numbers)}{content}{self.notes.end(numbers)}"

    def gap_xml(self, node: Node) -> str:
        """Return ``w:spacing`` for the space that the layout left above *node*, if any.

        A little less: see GRACE.
        """
        gap = twips(self.hints.gaps.get(node, 0.0) - GRACE)
        return f'<w:spacing w:before="{gap}"/>' if gap > 0 else ""

    def column_xml(self, style: str, node: Node) -> str:
        """Return ``w:ind`` that makes the lines of *node* as short as the layout broke them."""
        less = twips(self.hints.narrowings.get(node, 0.0))
        if not less:
            return ""
        if self.sheet[style].align != "center":
            return f'<w:ind w:right="{less}"/>'
        return f'<w:ind w:left="{less // 2}" w:right="{less // 2}"/>'

    def style(self, name: str) -> Style:
        """Return the sheet's style *name*."""
        return self.sheet[name]
