"""The look of a document as values: page geometry and named styles.

The values come from a form's ``style.yaml``; this module has no defaults of
its own but for the marks of a draft.  Lengths are points, indents 字 (the
advance of one full-width character).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.text import Word


class Align(Word):
    """How the lines of a paragraph end."""

    JUSTIFY = "justify"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class CellRole(Word):
    """What a cell is in its table; it chooses shade and tagging."""

    CAPTION = "caption"
    """The line above the heads that says what the table is about."""
    HEADER = "header"
    """The head of a column."""
    STUB = "stub"
    """The label of a row."""
    VALUE = "value"
    ERROR = "error"
    """A value that shows how grave a finding is; so are the next two."""
    WARNING = "warning"
    HINT = "hint"


class PageGeometry(Struct, frozen=True):
    """The page and its type area (版心), GB/T 9704-2012 clause 5.2.

    ``lines`` × ``characters`` is the text grid; ``number_gap`` is the distance
    from the foot of the type area to the page number's line.
    """

    width: float
    height: float
    top: float
    left: float
    text_width: float
    text_height: float
    lines: int
    characters: int
    number_gap: float

    @property
    def line_pitch(self) -> float:
        """The distance between the base lines of the grid."""
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
        """Return the page as it is read across, the sheet turned clockwise: left becomes head.

        The grid keeps about its pitches; it holds as many whole lines and characters as fit.
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
    """How paragraphs of one kind are set.

    ``face`` is a role of ``fonts/faces.yaml`` (仿宋, 黑体 …); ``pitch`` the advance of
    one full-width character; ``line_pitch`` the distance of base lines;
    ``indent`` and ``first_line`` are in 字; ``space_before`` and ``space_after``
    in points.  ``label`` is the style's name as Word shows it.
    """

    name: str
    label: str
    face: str
    size: float
    pitch: float
    line_pitch: float
    align: Align = Align.LEFT
    first_line: float = 0.0
    indent: float = 0.0
    right_indent: float = 0.0
    space_before: float = 0.0
    space_after: float = 0.0
    bold: bool = False
    colour: str = "000000"
    keep_with_next: bool = False
    outline_level: int | None = None


class TableLook(Struct, frozen=True):
    """Rules, padding and shading of tables.

    ``rule`` is the line width; ``padding_x`` and ``padding_y`` the space between rule and
    text; ``shades`` maps a cell role (caption, header …) to an RRGGBB fill.
    """

    rule: float
    padding_x: float
    padding_y: float
    min_row_height: float
    shades: Mapping[str, str]


class FigureLook(Struct, frozen=True):
    """Limits of pictures: gap between neighbours, and the tallest one, in points."""

    gap: float
    max_height: float
    space_before: float
    space_after: float


def _finding_shades() -> Mapping[str, str]:
    return {"error": "FFD9D9", "warning": "FFF2CC", "hint": "E2F0D9"}


class FindingLook(Struct, frozen=True):
    """How a draft marks what is wrong.

    ``shades`` maps a severity (error, warning, hint) to the colour behind the text,
    ``number`` is the colour of the finding's number beside it.
    """

    shades: Mapping[str, str] = field(default_factory=_finding_shades)
    number: str = "C00000"


class StyleSheet(Struct, frozen=True):
    """Everything a writer or the layout must know about looks."""

    page: PageGeometry
    styles: Mapping[str, Style]
    table: TableLook
    figure: FigureLook
    finding: FindingLook = field(default_factory=FindingLook)

    def __getitem__(self, name: str) -> Style:
        """Return the style called *name*; KeyError if the form has none."""
        return self.styles[name]

    def turned(self) -> StyleSheet:
        """Return the sheet for landscape pages."""
        return replace(self, page=self.page.turned())


MM_PER_INCH = 25.4
PT_PER_INCH = 72.0
EMU_PER_PT = 12700
TWIPS_PER_PT = 20


def mm(value: float) -> float:
    """Return *value* millimetres in points."""
    return value * PT_PER_INCH / MM_PER_INCH


def twips(points: float) -> int:
    """Return *points* as whole twentieths of a point, the unit of WordprocessingML."""
    return round(points * TWIPS_PER_PT)


def half_points(points: float) -> int:
    """Return *points* as whole half points, the unit of ``w:sz``."""
    return round(points * 2)


def emu(points: float) -> int:
    """Return *points* as English Metric Units, the unit of DrawingML."""
    return round(points * EMU_PER_PT)
