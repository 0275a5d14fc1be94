"""The style sheet of a document: page geometry, named styles, and conversion of lengths.

The values come from a form's ``style.yaml``; only the marks of a draft have defaults here.
Lengths are in points, indents in 字 (the advance of one full-width character).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.text import Word


class Align(Word):
    """The alignment of a paragraph."""

    JUSTIFY = "justify"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class CellRole(Word):
    """The role of a cell in its table, which determines its shade and its tag."""

    CAPTION = "caption"
    """A line above the column heads that names the subject of the table."""
    HEADER = "header"
    """A column head."""
    STUB = "stub"
    """A row label."""
    VALUE = "value"
    """A data cell."""
    ERROR = "error"
    """A cell of a draft's findings page that shows the severity of an error."""
    WARNING = "warning"
    """A cell that shows the severity of a warning."""
    HINT = "hint"
    """A cell that shows the severity of a hint."""


LATIN_ROLE = "西文"
"""The role of ``fonts/faces.yaml`` for Latin letters and digits, unless a style names another."""

ATTACHMENTS = "attachments"
"""The style of 附件说明."""
FOOTNOTE = "footnote"
"""The style of footnotes."""
NOTE_SPACE = 12.0
"""The distance in points between the text and the footnotes, in whose middle their rule is."""


class PageGeometry(Struct, frozen=True):
    """The page and its type area (版心), GB/T 9704-2012 clause 5.2.  Lengths are points."""

    width: float
    height: float
    top: float
    """The top margin."""
    left: float
    """The left margin."""
    text_width: float
    """The width of the type area."""
    text_height: float
    """The height of the type area."""
    lines: int
    """The number of lines of the text grid."""
    characters: int
    """The number of full-width characters in a line of the grid."""
    number_gap: float
    """The distance from the foot of the type area to the dashes beside the page number."""
    seal: float = 0.0
    """The diameter of the organ's seal, which is the least size of the signature field."""

    @property
    def line_pitch(self) -> float:
        """The distance between adjacent base lines of the grid."""
        return self.text_height / self.lines

    @property
    def right(self) -> float:
        """The right margin."""
        return self.width - self.left - self.text_width

    @property
    def bottom(self) -> float:
        """The bottom margin."""
        return self.height - self.top - self.text_height

    def turned(self) -> PageGeometry:
        """Return the landscape page: the sheet turned clockwise, its left edge at the top.

        Line pitch and character pitch stay about the same; the grid has as many whole lines
        and characters as fit.
        """
        return replace(
            self,
            width=self.height,
            height=self.width,
            top=self.left,
            left=self.bottom,
            text_width=self.text_height,
            text_height=self.text_width,
            lines=int(self.text_width / self.line_pitch),
            characters=int(self.text_height * self.characters / self.text_width),
        )


class Style(Struct, frozen=True, omit_defaults=True):
    """The style of a kind of paragraph or cell.  Lengths are points unless stated otherwise."""

    name: str
    """The key by which the nodes of a document name the style."""
    label: str
    """The name that Word shows."""
    face: str
    """A role of ``fonts/faces.yaml`` (仿宋, 黑体 …)."""
    size: float
    pitch: float
    """The advance of one full-width character."""
    line_pitch: float
    """The distance between adjacent base lines."""
    align: Align = Align.LEFT
    first_line: float = 0.0
    """The additional indent of the first line, in 字."""
    indent: float = 0.0
    """The left indent, in 字."""
    right_indent: float = 0.0
    """The right indent, in 字."""
    hanging: bool = False
    """Whether the lines of a list item begin below the text of the first one, not its marker."""
    space_before: float = 0.0
    space_after: float = 0.0
    bold: bool = False
    colour: str = "000000"
    """The text colour as RRGGBB."""
    keep_with_next: bool = False
    """Whether the paragraph stays on the page of the next one."""
    latin: str = LATIN_ROLE
    """The role of the face for Latin letters and digits."""
    outline_level: int | None = None
    """The level in the outline: 0 for the title, 1 and more for headings, None for other text."""


class TableLook(Struct, frozen=True):
    """Rules, padding and shading of tables.  Lengths are points."""

    rule: float
    """The width of the rules."""
    padding_x: float
    """The horizontal space between a rule and the text."""
    padding_y: float
    """The least vertical space between a rule and the text."""
    min_row_height: float
    shades: Mapping[str, str]
    """The background colour (RRGGBB) of cells by their role."""


class FigureLook(Struct, frozen=True):
    """Sizes and spacing of pictures.  Lengths are points."""

    gap: float
    """The space between adjacent pictures."""
    max_height: float
    """The maximum height of a picture."""
    space_before: float
    """The space above a group of pictures."""
    space_after: float
    """The space below a group of pictures."""
    resolution: float = 220.0
    """The resolution, in pixels per inch, to which photographs are reduced."""
    long: float = 2.5
    """How many times as long as wide a picture is that may be cut into parts, and how many times
    as wide as high one whose text may be illegible."""
    least_text: float = 5.1
    """The least height of the text in the parts of a long picture."""
    legible_text: float = 2.8
    """The height below which the text in a picture is illegible."""
    most_pages: int = 6
    """The most pages that the parts of one picture may take."""
    least_scale: float = 0.7
    """The share of its size to which a picture may be shrunk to fill a page."""
    least_requested: float = 0.85
    """The same for a picture whose width the author requested."""
    photo_width: float = 0.48
    """The width of photographs that follow each other, as a share of the type area: two a row."""


def _finding_shades() -> Mapping[str, str]:
    return {"error": "FFD9D9", "warning": "FFF2CC", "hint": "E2F0D9"}


class FindingLook(Struct, frozen=True):
    """The colours (RRGGBB) of the finding marks in a draft."""

    shades: Mapping[str, str] = field(default_factory=_finding_shades)
    """The colour behind the text, by severity (error, warning, hint)."""
    number: str = "C00000"
    """The colour of the finding's number beside the text."""


class StyleSheet(Struct, frozen=True):
    """The page geometry and all styles of a document."""

    page: PageGeometry
    styles: Mapping[str, Style]
    table: TableLook
    figure: FigureLook
    finding: FindingLook = field(default_factory=FindingLook)

    def __getitem__(self, name: str) -> Style:
        """Return the style called *name*; raises KeyError if the form has none."""
        return self.styles[name]

    def turned(self) -> StyleSheet:
        """Return the sheet for landscape pages."""
        return replace(self, page=self.page.turned())


MM_PER_INCH = 25.4
PT_PER_INCH = 72.0
EMU_PER_PT = 12700
TWIPS_PER_PT = 20


def mm(value: float) -> float:
    """Return a length of *value* millimetres in points."""
    return value * PT_PER_INCH / MM_PER_INCH


def to_mm(points: float) -> float:
    """Return a length of *points* in millimetres."""
    return points * MM_PER_INCH / PT_PER_INCH


def twips(points: float) -> int:
    """Return *points* in whole twentieths of a point, the unit of WordprocessingML."""
    return round(points * TWIPS_PER_PT)


def half_points(points: float) -> int:
    """Return *points* in whole half-points, the unit of ``w:sz``."""
    return round(points * 2)


def emu(points: float) -> int:
    """Return *points* in English Metric Units (EMU), the unit of DrawingML."""
    return round(points * EMU_PER_PT)
