"""``style.yaml`` → :class:`reportgen.styles.StyleSheet`.

The shapes below say what the file may hold.  Bounds are wide: they keep out what no page can
be made of, not what looks bad.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, ClassVar, TypeAlias

from msgspec import Meta, Struct
from msgspec.structs import replace

from reportgen.files import resource_folder
from reportgen.located import load_data
from reportgen.shapes import MisplacedError
from reportgen.source import Span
from reportgen.styles import (
    ATTACHMENTS,
    FOOTNOTE,
    LATIN_ROLE,
    Align,
    CellRole,
    FigureLook,
    FindingLook,
    PageGeometry,
    Style,
    StyleSheet,
    TableLook,
    mm,
)

_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(mm|pt)", re.ASCII)
_GRID = re.compile(r"(\d{0,3}(?:\.\d{1,6})?)grid", re.ASCII)

STYLES = (
    "title", "heading1", "heading2", "heading3", "heading4", "body", "list", "caption",
    "signature", "page_number", "stamp", "watermark", "cell_caption", "cell_header", "cell_stub",
    "cell_value", "cell_text", "cell_text_left", "cell_text_right",
)  # fmt: skip
"""The styles that the program uses by name."""
TABLE_TITLE = "table_title"
"""The style of the titles of tables; a form without it sets them like captions of pictures."""

Colour: TypeAlias = Annotated[
    str, Meta(pattern=r"^[0-9A-Fa-f]{6}$", description="六位十六进制的颜色，如 FFD9D9")
]
StyleName: TypeAlias = Annotated[
    str,
    Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="小写英文字母、数字和下划线组成的名称"),
]
StyleLabel: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"""^[^\x00-\x1f"'<>&,;\\]{1,60}$""",
        description="不带引号、尖括号、逗号、分号、& 和 \\ 的名称",
    ),
]
Indent: TypeAlias = Annotated[float, Meta(ge=0, le=20)]
Scale: TypeAlias = Annotated[float, Meta(ge=0.2, le=1)]


class Length(float):
    """A length in points, typed as ``37mm`` or ``16pt``."""

    least: ClassVar[float] = 0
    most: ClassVar[float] = 3000

    @classmethod
    def read(cls, text: str) -> Length:
        """Return the length that *text* is; ValueError says what it should be."""
        match = _LENGTH.fullmatch(text)
        value = float(match[1]) if match else -1.0
        points = mm(value) if match and match[2] == "mm" else value
        if not cls.least <= points <= cls.most:
            raise ValueError(f" {cls.least:g}pt 到 {cls.most:g}pt 的长度，如 37mm 或 16pt")
        return cls(points)


class Side(Length):
    """The width or height of a page or a type area, which holds the indents and a character."""

    least = 100


class Height(Length):
    """The height of a picture."""

    least = 36


class Size(Length):
    """The size of type."""

    least, most = 1, 500


class Gap(Length):
    """A space, or the width of a rule."""

    most = 100


class GridLength:
    """A length in points or in lines or characters of the page's grid (``grid``, ``1.5grid``)."""

    def __init__(self, points: float = 0, grid: float = 0) -> None:
        self._points = points
        self._grid = grid

    @classmethod
    def read(cls, text: str) -> GridLength:
        """Return the length that *text* is; ValueError says what it should be."""
        match = _GRID.fullmatch(text)
        try:
            return cls(grid=float(match[1] or 1)) if match else cls(Length.read(text))
        except ValueError as error:
            raise ValueError(f"{error}，或者 grid、1.5grid") from None

    def points(self, step: float) -> float:
        """Return the length in points where the grid has one line or character every *step*."""
        return self._points + self._grid * step


class PageShape(Struct, frozen=True, kw_only=True):
    """``page``."""

    width: Side
    height: Side
    top: Length
    left: Length
    text_width: Side
    text_height: Side
    lines: Annotated[int, Meta(ge=1, le=200)]
    characters: Annotated[int, Meta(ge=1, le=200)]
    number_gap: Length
    seal: Length = Length(0)

    def __post_init__(self) -> None:
        """Raise ValueError when the type area is not on the page."""
        if self.left + self.text_width > self.width:
            raise ValueError("的 left 加 text_width 超过了 width")
        if self.top + self.text_height > self.height:
            raise ValueError("的 top 加 text_height 超过了 height")


class StyleShape(Struct, frozen=True, kw_only=True):
    """One of ``styles``."""

    place: Span
    label: StyleLabel
    face: str
    size: Size
    line_pitch: GridLength
    pitch: GridLength | None = None
    align: Align = Align.LEFT
    first_line: Indent = 0
    indent: Indent = 0
    right_indent: Indent = 0
    hanging: bool = False
    space_before: GridLength = GridLength()
    space_after: GridLength = GridLength()
    bold: bool = False
    colour: Colour = "000000"
    keep_with_next: bool = False
    latin: str = LATIN_ROLE
    outline_level: Annotated[int, Meta(ge=0, le=8)] | None = None

    def __post_init__(self) -> None:
        """Raise ValueError when no font plays the role of one of the style's faces."""
        for key, role in (("face", self.face), ("latin", self.latin)):
            if role not in _faces():
                raise ValueError(f"的 {key} 应为 {'、'.join(_faces())} 之一，写的是“{role}”")


class TableShape(Struct, frozen=True, kw_only=True):
    """``table``."""

    rule: Gap
    padding_x: Gap
    padding_y: Gap
    min_row_height: Gap
    shades: dict[CellRole, Colour] = {}


class FigureShape(Struct, frozen=True, kw_only=True):
    """``figure``; a form need not say what becomes of photographs and long pictures."""

    gap: Gap
    max_height: Height
    space_before: Gap
    space_after: Gap
    resolution: Annotated[float, Meta(ge=72, le=1200)] | None = None
    long: Annotated[float, Meta(ge=1.5, le=100)] | None = None
    least_text: Gap | None = None
    legible_text: Gap | None = None
    most_pages: Annotated[int, Meta(ge=1, le=50)] | None = None
    least_scale: Scale | None = None
    least_requested: Scale | None = None
    photo_width: Scale | None = None


class FindingShape(Struct, frozen=True, kw_only=True):
    """``finding``: how a draft shows findings; a form need not say so."""

    error: Colour | None = None
    warning: Colour | None = None
    hint: Colour | None = None
    number: Colour | None = None


class StyleFile(Struct, frozen=True, kw_only=True):
    """``style.yaml``."""

    page: PageShape
    styles: dict[StyleName, StyleShape]
    table: TableShape
    figure: FigureShape
    finding: FindingShape = FindingShape()

    def __post_init__(self) -> None:
        """Raise ValueError when a style is missing, or does not fit on the page."""
        if missing := [name for name in STYLES if name not in self.styles]:
            raise ValueError(f"的 styles 缺少程序用到的样式 {'、'.join(missing)}")
        labels: dict[str, str] = {}
        for name, style in self.styles.items():
            if other := labels.get(style.label):
                raise MisplacedError(style.place, f"{name} 的 label 与 {other} 的相同")
            labels[style.label] = name
            _refuse_unfit(name, _style(name, style, _page(self.page)), self.page, style.place)


def _refuse_unfit(name: str, style: Style, page: PageShape, place: Span) -> None:
    """Raise MisplacedError when not one character of *style* has room, however the page lies."""
    width, height = sorted((page.text_width, page.text_height))
    if not 1 <= style.line_pitch <= width:
        raise MisplacedError(place, f"{name} 的 line_pitch 应在 1pt 和版心的长宽之间")
    if not 1 <= style.pitch <= width:
        raise MisplacedError(place, f"{name} 的 pitch 应在 1pt 和版心的长宽之间")
    if (style.indent + style.right_indent + style.first_line + 1) * style.pitch > width:
        side = "text_width" if width == page.text_width else "text_height"
        message = f"{name} 的缩进超过了版心较短的一边：{width:g}pt（page 的 {side}）"
        raise MisplacedError(place, message)
    if max(style.space_before, style.space_after) > height:
        raise MisplacedError(place, f"{name} 的段前、段后超过了版心的高度")


@cache
def _faces() -> tuple[str, ...]:
    """Return the roles of fonts that a style may name."""
    return tuple(load_data(resource_folder("fonts") / "faces.yaml")["faces"])


def build_stylesheet(file: StyleFile) -> StyleSheet:
    """Return the style sheet that *file* describes, its lengths in points."""
    page = _page(file.page)
    styles = {name: _style(name, style, page) for name, style in file.styles.items()}
    usual = replace(styles["caption"], name=TABLE_TITLE, label="表题", keep_with_next=True)
    styles.setdefault(TABLE_TITLE, usual)
    styles.setdefault(ATTACHMENTS, _usual_attachments(styles["list"], page))
    styles.setdefault(FOOTNOTE, _usual_footnote(styles["cell_text_left"]))
    table, figure = file.table, file.figure
    return StyleSheet(
        page,
        styles,
        TableLook(
            rule=float(table.rule),
            padding_x=float(table.padding_x),
            padding_y=float(table.padding_y),
            min_row_height=float(table.min_row_height),
            shades={str(role): colour for role, colour in table.shades.items()},
        ),
        _figure(figure),
        _finding(file.finding),
    )


def _usual_attachments(items: Style, page: PageGeometry) -> Style:
    """Return the style of 附件说明 of a form that has none: a line below the text, like a list."""
    return replace(
        items, name=ATTACHMENTS, label="附件说明", align=Align.LEFT, hanging=True,
        space_before=page.line_pitch,
    )  # fmt: skip


def _usual_footnote(text: Style) -> Style:
    """Return the style of footnotes of a form that has none: that of the *text* in tables."""
    size, pitch = 10.5, 16.0
    return replace(
        text, name=FOOTNOTE, label="脚注", size=size, pitch=size, line_pitch=pitch,
        align=Align.JUSTIFY, first_line=2.0, space_before=0.0, space_after=0.0, outline_level=None,
    )  # fmt: skip


def _figure(shape: FigureShape) -> FigureLook:
    usual = FigureLook(
        gap=float(shape.gap),
        max_height=float(shape.max_height),
        space_before=float(shape.space_before),
        space_after=float(shape.space_after),
    )
    typed = {name: getattr(shape, name) for name in shape.__struct_fields__}
    return replace(usual, **{name: +value for name, value in typed.items() if value is not None})


def _page(shape: PageShape) -> PageGeometry:
    return PageGeometry(
        width=float(shape.width),
        height=float(shape.height),
        top=float(shape.top),
        left=float(shape.left),
        text_width=float(shape.text_width),
        text_height=float(shape.text_height),
        lines=shape.lines,
        characters=shape.characters,
        number_gap=float(shape.number_gap),
        seal=float(shape.seal),
    )


def _style(name: str, shape: StyleShape, page: PageGeometry) -> Style:
    across, down = page.text_width / page.characters, page.line_pitch
    return Style(
        name=name,
        label=shape.label,
        face=shape.face,
        size=float(shape.size),
        pitch=shape.pitch.points(across) if shape.pitch else float(shape.size),
        line_pitch=shape.line_pitch.points(down),
        align=shape.align,
        first_line=shape.first_line,
        indent=shape.indent,
        right_indent=shape.right_indent,
        hanging=shape.hanging,
        space_before=shape.space_before.points(down),
        space_after=shape.space_after.points(down),
        bold=shape.bold,
        colour=shape.colour,
        keep_with_next=shape.keep_with_next,
        latin=shape.latin,
        outline_level=shape.outline_level,
    )


def _finding(shape: FindingShape) -> FindingLook:
    usual = FindingLook()
    typed = {"error": shape.error, "warning": shape.warning, "hint": shape.hint}
    shades = {name: colour for name, colour in typed.items() if colour}
    return FindingLook({**usual.shades, **shades}, shape.number or usual.number)
