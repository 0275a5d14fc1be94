"""What the writers of blocks need to know, and the numbers they give out."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from docx.parts.document import DocumentPart
from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.layout.items import Hints
from reportgen.styles import StyleSheet
from reportgen.writers.docx.comments import Comments
from reportgen.writers.docx.geometry import Geometry
from reportgen.writers.docx.names import WordName


class WordContext(Struct, frozen=True):
    """One document on its way into *part*."""

    part: DocumentPart
    """The part that links and pictures are related to."""
    sheet: StyleSheet
    geometry: Geometry
    """*sheet* in Word's units."""
    names: Mapping[str, WordName]
    """The Word style of each style of *sheet*."""
    hints: Hints
    """What the layout has to tell."""
    comments: Comments
    """What marks the findings of a draft; of a filing copy there are none."""
    pictures: dict[str, str] = field(default_factory=dict)
    """The relationship of each picture, by its digest."""
    drawings: count[int] = field(default_factory=lambda: count(1))
    """Numbers for ``wp:docPr``, unique in the document."""
    bookmarks: count[int] = field(default_factory=lambda: count(1))
    """Numbers for ``w:bookmarkStart``, unique in the document."""

    def turned(self) -> WordContext:
        """Return the same context for landscape pages."""
        sheet = self.sheet.turned()
        return replace(self, sheet=sheet, geometry=Geometry(sheet))

    def style_id(self, name: str) -> str:
        """Return the ``w:styleId`` of the sheet's style *name*; KeyError if there is none."""
        return self.names[name].id
