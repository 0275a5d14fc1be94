"""Pictures: sizes, rows of neighbours, and DrawingML (ECMA-376 20.4)."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.doctree.nodes import Figure, FigureGroup
from reportgen.styles import StyleSheet
from reportgen.units import emu, twips
from reportgen.writers.docx.context import Context
from reportgen.writers.docx.markup import attribute, paragraph_xml
from reportgen.writers.docx.runs import runs_xml
from reportgen.writers.docx.styles import PICTURE_STYLE
from reportgen.writers.docx.tables import cell_xml, column_widths, frame_xml, row_xml

POINTS_PER_PIXEL = 72 / 96
_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure and its size in points."""

    figure: Figure
    width: float
    height: float


def picture_size(figure: Figure, sheet: StyleSheet) -> tuple[float, float]:
    """Return width and height of *figure* alone in its row, in points, its proportions kept.

    Its wanted share of the type area; without one its size at 96 dpi, but not
    wider than the type area (reached at 600 pixels); never taller than
    ``sheet.figure.max_height``.
    """
    across, down = figure.pixels
    wanted = across * POINTS_PER_PIXEL
    if figure.width is not None:
        wanted = figure.width * sheet.page.text_width
    width = min(wanted, sheet.page.text_width, sheet.figure.max_height * across / down)
    return width, width * down / across


def picture_rows(group: FigureGroup, sheet: StyleSheet) -> list[list[Placed]]:
    """Return the figures of *group* in rows.

    Neighbours that are upright or of a wanted width share a row while their
    shares fit; every other picture has its own.
    """
    rows: list[list[Figure]] = []
    room = 0.0
    for figure in group.figures:
        share = _share(figure, sheet)
        if share <= room + _TOLERANCE:
            rows[-1].append(figure)
            room -= share
        else:
            rows.append([figure])
            room = 1 - share if _goes_beside(figure) else 0.0
    return [[_place(figure, sheet, alone=len(row) == 1) for figure in row] for row in rows]


def _goes_beside(figure: Figure) -> bool:
    return figure.width is not None or figure.pixels[1] > figure.pixels[0]


def _share(figure: Figure, sheet: StyleSheet) -> float:
    """Return the share of a row *figure* takes, its gap included; 1 if it stands alone."""
    if not _goes_beside(figure):
        return 1.0
    if figure.width is not None:
        return figure.width
    gap = sheet.figure.gap
    return (picture_size(figure, sheet)[0] + gap) / (sheet.page.text_width + gap)


def _place(figure: Figure, sheet: StyleSheet, *, alone: bool) -> Placed:
    """Return *figure* with its size; beside others a wanted share includes a gap."""
    width, height = picture_size(figure, sheet)
    if alone or figure.width is None:
        return Placed(figure, width, height)
    gap = sheet.figure.gap
    less = min(width, figure.width * (sheet.page.text_width + gap) - gap)
    return Placed(figure, less, height * less / width)


def group_xml(group: FigureGroup, context: Context) -> str:
    """Return *group*: one picture as paragraphs, several side by side in a table without rules."""
    return "".join(
        _single_xml(row[0], context) if len(row) == 1 else _side_by_side_xml(row, context)
        for row in picture_rows(group, context.sheet)
    )


def _single_xml(placed: Placed, context: Context) -> str:
    captioned = placed.figure.caption is not None
    return _picture_xml(placed, context, keep=captioned) + _caption_xml(placed.figure, context)


def _side_by_side_xml(row: list[Placed], context: Context) -> str:
    """Return pictures standing on one line above a row of captions, never parted."""
    widths = column_widths([placed.width for placed in row], context.geometry.width)
    captioned = any(placed.figure.caption for placed in row)
    pictures = (
        cell_xml(_picture_xml(placed, context, keep=captioned), width, '<w:vAlign w:val="bottom"/>')
        for placed, width in zip(row, widths, strict=True)
    )
    captions = (
        cell_xml(_caption_xml(placed.figure, context) or paragraph_xml(PICTURE_STYLE, ""), width)
        for placed, width in zip(row, widths, strict=True)
    )
    rows = row_xml(pictures) + (row_xml(captions) if captioned else "")
    return frame_xml(rows, widths)


def _picture_xml(placed: Placed, context: Context, *, keep: bool) -> str:
    """Return the picture's paragraph; *keep* holds its caption on the same page."""
    look = context.sheet.figure
    after = 0 if placed.figure.caption else twips(look.space_after)
    spacing = f'<w:spacing w:before="{twips(look.space_before)}" w:after="{after}"/>'
    extra = ("<w:keepNext/>" if keep else "") + spacing
    return paragraph_xml(PICTURE_STYLE, f"<w:r>{_drawing_xml(placed, context)}</w:r>", extra)


def _caption_xml(figure: Figure, context: Context) -> str:
    if figure.caption is None:
        return ""
    spacing = f'<w:spacing w:after="{twips(context.sheet.figure.space_after)}"/>'
    content = runs_xml(figure.caption.runs, context.relations)
    return paragraph_xml(context.style_id(figure.caption.style), content, spacing)


def _drawing_xml(placed: Placed, context: Context) -> str:
    """Return ``wp:inline`` (20.4.2.8) with the picture's text for those who cannot see it."""
    relation = context.relations.picture(placed.figure)
    number = context.relations.next_drawing()
    size = f'cx="{emu(placed.width)}" cy="{emu(placed.height)}"'
    name = f'id="{number}" name="图 {number}" descr="{attribute(placed.figure.alt)}"'
    uri = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    return (
        '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f"<wp:extent {size}/><wp:docPr {name}/>"
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{uri}"><pic:pic>'
        f"<pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
