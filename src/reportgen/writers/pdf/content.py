"""Content streams: the items of a page as PDF operators (ISO 32000-1, clauses 8, 9 and 14.6).

Pages count from the upper left corner downwards, PDF from the lower left
upwards; the sign changes here.  What is placed outside of the content stream
goes through :mod:`reportgen.writers.pdf.sheet`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import accumulate
from operator import sub
from typing import TypeAlias

from msgspec import Struct, field

from reportgen.layout.items import Fill, Image, Node, Page, Rule, TextRun, TurnedText
from reportgen.writers.pdf.fonts import FontBook, SizedFont
from reportgen.writers.pdf.images import ImageStore
from reportgen.writers.pdf.links import LinkBook
from reportgen.writers.pdf.objects import decimal
from reportgen.writers.pdf.sheet import on_sheet, turning
from reportgen.writers.pdf.structure import Element, StructureTree
from reportgen.writers.pdf.tagging import Index

_LAYOUT = "/Type/Layout"  # artifacts, table 330
_PAGINATION = {
    "header": "/Type/Pagination/Subtype/Header",
    "footer": "/Type/Pagination/Subtype/Footer",
    "watermark": "/Type/Pagination/Subtype/Watermark",
}

_SAME_SPACING = 0.00001  # points: a line of characters adds up to nothing that could be seen

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
        content = PageContent(self, page, number)
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
                content.turned(item)
        content.close()
        return content


class PageContent(Struct):
    """One content stream in the making.

    ``images`` maps resource names to object numbers.  The private fields mirror
    the graphics state, so that nothing is set twice.
    """

    painter: Painter
    page: Page
    number: int
    images: dict[str, int] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)
    _target: Target | None = None
    _node: Node | None = None  # what the last text shows, no link: more of it has its target
    _part: str = ""
    _in_text: bool = False
    _font: SizedFont | None = None
    _spacing: float = 0.0
    _fill: str = "000000"
    _stroke: str = "000000"
    _line_width: float = 1.0
    _render: int = 0

    @property
    def data(self) -> bytes:
        """The stream, not yet compressed."""
        return "\n".join([*turning(self.page), *self._lines]).encode("ascii")

    def text(self, run: TextRun) -> None:
        """Set *run* with every character at its own offset."""
        if not run.text:
            return
        if run.node is None or run.link or run.node is not self._node or run.part != self._part:
            self._enter(self._target_of(run))
            self._node, self._part = (None if run.link else run.node), run.part
        x, y = decimal(run.x + run.offsets[0]), decimal(self.page.height - run.y)
        self._show(run, f"1 0 {decimal(run.shear)} 1 {x} {y}")

    def turned(self, turned: TurnedText) -> None:
        """Set the text *turned* about its point."""
        run = turned.run
        self._enter(self._target_of(run))
        angle = math.radians(turned.angle)
        cos, sin = math.cos(angle), math.sin(angle)
        start = run.x + run.offsets[0]
        x = turned.x + start * cos + run.y * sin
        y = self.page.height - turned.y + start * sin - run.y * cos
        matrix = [decimal(value, 5) for value in (cos, sin, -sin, cos)]
        self._show(run, f"{' '.join(matrix)} {decimal(x)} {decimal(y)}")

    def rule(self, rule: Rule) -> None:
        """Stroke *rule*."""
        self._enter(_LAYOUT)
        self._end_text()
        self._set_stroke(rule.colour, rule.width)
        x0, y0 = decimal(rule.x0), decimal(self.page.height - rule.y0)
        x1, y1 = decimal(rule.x1), decimal(self.page.height - rule.y1)
        self._lines.append(f"{x0} {y0} m {x1} {y1} l S")

    def fill(self, fill: Fill) -> None:
        """Fill the rectangle *fill*."""
        self._enter(_LAYOUT)
        self._end_text()
        self._set_fill(fill.colour)
        box = (fill.x, self.page.height - fill.y - fill.height, fill.width, fill.height)
        self._lines.append(f"{' '.join(map(decimal, box))} re f")

    def image(self, image: Image) -> None:
        """Show the picture *image*."""
        resource, number = self.painter.images.place(image.node)
        self.images[resource] = number
        element = self.painter.index[id(image.node), "text"]
        x, y = image.x, self.page.height - image.y - image.height
        corner = image.x + image.width, image.y + image.height
        box = [round(edge, 2) for edge in on_sheet(self.page, image.x, image.y, *corner)]
        element.describe("Layout", {"Placement": b"/Block", "BBox": box})
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
        return self.painter.links.target(element, run, self.number, self.page)

    def _enter(self, target: Target) -> None:
        """Let what follows belong to *target*."""
        if self._target is target:
            return
        self.close()
        self._target, self._node = target, None
        if isinstance(target, Element):
            mcid = self.painter.tree.mark(target, self.number)
            self._lines.append(f"/{target.tag} <</MCID {mcid}>> BDC")
        else:
            self._lines.append(f"/Artifact <<{target}>> BDC")

    def _show(self, run: TextRun, matrix: str) -> None:
        """Show the characters of *run* from the origin of *matrix*."""
        if not self._in_text:
            self._lines.append("BT")
            self._in_text = True
        font = self.painter.fonts.use(run.face, run.size)
        if self._font is not font:
            self._font = font
            self._lines.append(font.selection)
        if self._fill != run.colour:
            self._set_fill(run.colour)
        if run.stroke or self._render:
            self._set_render(run)
        spacing, operator = show(font, run)
        if spacing is not None and abs(self._spacing - spacing) >= _SAME_SPACING:
            self._spacing = spacing
            self._lines.append(f"{decimal(spacing, 5)} Tc")
        self._lines.append(f"{matrix} Tm {operator}")

    def _set_render(self, run: TextRun) -> None:
        """Let the outlines of *run* be stroked too if it is to be bold."""
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


def show(font: SizedFont, run: TextRun) -> tuple[float | None, str]:
    """Return the character spacing that *run* needs (None: any) and the operator showing it.

    Together they place each character within 0.0005 em of its offset.  Lines are
    widened or narrowed evenly, so the spacing (9.3.2) mostly does it all; a character
    that strays from it is moved by TJ.
    """
    codes = font.encode(run.text)
    offsets = run.offsets
    if len(offsets) == 1:
        return None, f"<{codes}> Tj"
    steps = map(sub, offsets[1:], offsets)
    gaps = list(map(sub, steps, map(font.widths.__getitem__, run.text)))
    least, most = min(gaps), max(gaps)
    unit = run.size / 1000
    if (most - least) * len(gaps) <= unit / 2:
        return (least + most) / 2, f"<{codes}> Tj"
    usual = sorted(gaps)[len(gaps) // 2]
    strays = accumulate([(usual - gap) / unit for gap in gaps], initial=0.0)
    return usual, f"[{_moved(codes, map(round, strays))}] TJ"


def _moved(codes: str, strays: Iterable[int]) -> str:
    """Return *codes* with each character moved back by what it strays, in 1/1000 em."""
    parts: list[str] = []
    start, back = 0, 0
    for index, stray in enumerate(strays):
        if stray != back:
            parts.append(f"<{codes[start * 4 : index * 4]}>{stray - back}")
            start, back = index, stray
    return f"{''.join(parts)}<{codes[start * 4 :]}>"


def _colour(colour: str, grey: str, rgb: str) -> str:
    """Return the operator setting the colour RRGGBB, in DeviceGray where it can be."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    if red == green == blue:
        return f"{decimal(red)} {grey}"
    return f"{decimal(red)} {decimal(green)} {decimal(blue)} {rgb}"
