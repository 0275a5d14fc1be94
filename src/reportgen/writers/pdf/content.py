"""Content streams: the items of a page as PDF operators (ISO 32000-1, clauses 8, 9 and 14.6).

Pages count from the upper left corner downwards, PDF from the lower left
upwards; the sign changes here and nowhere else.
"""

from __future__ import annotations

import math
from typing import TypeAlias

from msgspec import Struct, field

from reportgen.layout.frames import Fill, Image, Mark, Page, Rule, TextRun
from reportgen.writers.pdf.fonts import EmbeddedFont, FontBook
from reportgen.writers.pdf.images import ImageStore
from reportgen.writers.pdf.links import LinkBook
from reportgen.writers.pdf.objects import decimal
from reportgen.writers.pdf.structure import Element, StructureTree
from reportgen.writers.pdf.tagging import Index

_LAYOUT = "/Type/Layout"  # artifacts, table 330
_PAGINATION = {
    "header": "/Type/Pagination/Subtype/Header",
    "footer": "/Type/Pagination/Subtype/Footer",
    "watermark": "/Type/Pagination/Subtype/Watermark",
}

Target: TypeAlias = Element | str
"""Where content belongs: a structure element, or the properties of an artifact."""


class Painter(Struct):
    """What the pages of one file share."""

    fonts: FontBook
    images: ImageStore
    links: LinkBook
    tree: StructureTree
    index: Index

    def paint(self, page: Page, number: int) -> PageContent:
        """Return the content of *page*, whose page object has *number*."""
        content = PageContent(self, page.height, number)
        for item in page.items:
            if isinstance(item, TextRun):
                content.text(item)
            elif isinstance(item, Rule):
                content.rule(item)
            elif isinstance(item, Fill):
                content.fill(item)
            elif isinstance(item, Image):
                content.image(item)
            else:
                content.mark(item)
        content.close()
        return content


class PageContent(Struct):
    """One content stream in the making.

    ``images`` maps resource names to object numbers.  The private fields mirror
    the graphics state, so that nothing is set twice.
    """

    painter: Painter
    height: float
    number: int
    images: dict[str, int] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)
    _target: Target | None = None
    _in_text: bool = False
    _font: tuple[str, float] = ("", 0.0)
    _fill: str = "000000"
    _stroke: str = "000000"
    _line_width: float = 1.0
    _render: int = 0

    @property
    def data(self) -> bytes:
        """The stream, not yet compressed."""
        return "\n".join(self._lines).encode("ascii")

    def text(self, run: TextRun) -> None:
        """Set *run* with every character at its own offset."""
        if not run.text:
            return
        self._enter(self._target_of(run))
        x, y = decimal(run.x), decimal(self.height - run.y)
        self._set_text(run)
        self._lines.append(f"1 0 {decimal(run.shear)} 1 {x} {y} Tm")
        self._lines.append(show(self.painter.fonts.use(run.face), run))

    def mark(self, mark: Mark) -> None:
        """Set the text *mark* about its point; positive angles turn left.

        Its run is placed from that point, along and across the turned line.
        """
        run = mark.run
        self._enter(_PAGINATION["watermark"])
        self._set_text(run)
        angle = math.radians(mark.angle)
        cos, sin = math.cos(angle), math.sin(angle)
        x = mark.x + run.x * cos + run.y * sin
        y = self.height - mark.y + run.x * sin - run.y * cos
        matrix = [f"{value:.5f}" for value in (cos, sin, -sin, cos)]
        self._lines.append(f"{' '.join(matrix)} {decimal(x)} {decimal(y)} Tm")
        self._lines.append(show(self.painter.fonts.use(run.face), run))

    def rule(self, rule: Rule) -> None:
        """Stroke *rule*."""
        self._enter(_LAYOUT)
        self._end_text()
        self._set_stroke(rule.colour, rule.width)
        x0, y0 = decimal(rule.x0), decimal(self.height - rule.y0)
        x1, y1 = decimal(rule.x1), decimal(self.height - rule.y1)
        self._lines.append(f"{x0} {y0} m {x1} {y1} l S")

    def fill(self, fill: Fill) -> None:
        """Fill the rectangle *fill*."""
        self._enter(_LAYOUT)
        self._end_text()
        self._set_fill(fill.colour)
        box = (fill.x, self.height - fill.y - fill.height, fill.width, fill.height)
        self._lines.append(f"{' '.join(map(decimal, box))} re f")

    def image(self, image: Image) -> None:
        """Show the picture *image*."""
        resource, number = self.painter.images.place(image.node)
        self.images[resource] = number
        element = self.painter.index[id(image.node), "text"]
        x, y = image.x, self.height - image.y - image.height
        box = [round(v, 2) for v in (x, y, x + image.width, y + image.height)]
        element.set("Layout", "BBox", box)
        self._enter(element)
        self._end_text()
        matrix = f"{decimal(image.width)} 0 0 {decimal(image.height)} {decimal(x)} {decimal(y)} cm"
        self._lines.append(f"q {matrix} /{resource} Do Q")

    def close(self) -> None:
        """End whatever is open."""
        self._end_text()
        if self._target is not None:
            self._lines.append("EMC")
            self._target = None

    def _target_of(self, run: TextRun) -> Target:
        if run.node is None:
            return _PAGINATION.get(run.artifact, _LAYOUT)
        element = self.painter.index[id(run.node), run.part]
        return self.painter.links.target(element, run, self.number, self.height)

    def _enter(self, target: Target) -> None:
        """Let what follows belong to *target*."""
        if self._target == target:
            return
        self.close()
        self._target = target
        if isinstance(target, Element):
            mcid = self.painter.tree.mark(target, self.number)
            self._lines.append(f"/{target.tag} <</MCID {mcid}>> BDC")
        else:
            self._lines.append(f"/Artifact <<{target}>> BDC")

    def _set_text(self, run: TextRun) -> None:
        if not self._in_text:
            self._lines.append("BT")
            self._in_text = True
        font = (self.painter.fonts.use(run.face).resource, run.size)
        if self._font != font:
            self._font = font
            self._lines.append(f"/{font[0]} {decimal(font[1])} Tf")
        self._set_fill(run.colour)
        render = 2 if run.stroke > 0 else 0
        if self._render != render:
            self._render = render
            self._lines.append(f"{render} Tr")
        if render:
            self._set_stroke(run.colour, run.stroke)

    def _end_text(self) -> None:
        if self._in_text:
            self._lines.append("ET")
            self._in_text = False

    def _set_fill(self, colour: str) -> None:
        if self._fill != colour:
            self._fill = colour
            self._lines.append(_colour(colour, "g", "rg"))

    def _set_stroke(self, colour: str, width: float) -> None:
        if self._stroke != colour:
            self._stroke = colour
            self._lines.append(_colour(colour, "G", "RG"))
        if self._line_width != width:
            self._line_width = width
            self._lines.append(f"{decimal(width)} w")


def show(font: EmbeddedFont, run: TextRun) -> str:
    """Return the TJ operator placing each character of *run* within 0.0005 em of its offset."""
    codes, scale = font.codes, 1000 / run.size
    parts: list[str] = []
    pending: list[str] = []
    pen = 0.0  # where the next glyph would land, 1/1000 em from the start
    for char, offset in zip(run.text, run.offsets, strict=True):
        code, advance = codes.get(char) or font.add(char)
        back = round(pen - offset * scale)
        if back:
            if pending:
                parts.append(f"<{''.join(pending)}>")
                pending = []
            parts.append(str(back))
            pen -= back
        pending.append(code)
        pen += advance
    parts.append(f"<{''.join(pending)}>")
    return parts[0] + " Tj" if len(parts) == 1 else f"[{''.join(parts)}] TJ"


def _colour(colour: str, grey: str, rgb: str) -> str:
    """Return the operator setting the colour RRGGBB, in DeviceGray where it can be."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    if red == green == blue:
        return f"{decimal(red)} {grey}"
    return f"{decimal(red)} {decimal(green)} {decimal(blue)} {rgb}"
