"""Pictures: sizes, rows of neighbours, and DrawingML (ECMA-376 20.4)."""

from __future__ import annotations

from reportgen.document.nodes import Figure, FigureGroup
from reportgen.layout.items import Image
from reportgen.styles import emu, twips
from reportgen.writers.docx.context import Context
from reportgen.writers.docx.markup import attribute, paragraph_xml
from reportgen.writers.docx.styles import PICTURE_STYLE
from reportgen.writers.docx.tables import (
    LEAST_LINE,
    cell_xml,
    column_widths,
    ends_in_table,
    frame_xml,
    row_xml,
    separator_xml,
)

KEEP_NEXT = "<w:keepNext/>"
_TOLERANCE = 0.01


def picture_rows(group: FigureGroup, context: Context) -> list[list[Image]]:
    """Return the pictures of *group* as the layout placed them, row by row.

    Neighbours whose lower edges meet the same line of the same page share a row.
    """
    rows: list[list[Image]] = []
    last: tuple[int, float] = (0, 0.0)
    for number, image in (context.hints.images[figure] for figure in group.figures):
        foot = image.y + image.height
        if rows and number == last[0] and abs(foot - last[1]) < _TOLERANCE:
            rows[-1].append(image)
        else:
            rows.append([image])
        last = number, foot
    return rows


def group_xml(group: FigureGroup, context: Context, *, after_table: bool = False) -> str:
    """Return *group*: one picture as paragraphs, several side by side in a table without rules.

    A table *after_table*, or after another row's, is set apart by an empty line.
    """
    pieces: list[str] = []
    for row in picture_rows(group, context):
        if len(row) == 1:
            pieces.append(_single_xml(row[0], context))
        elif ends_in_table(pieces) or (after_table and not pieces):
            gap = twips(context.hints.gaps.get(row[0].node, 0.0))
            pieces.append(separator_xml(max(gap, LEAST_LINE)))
            pieces.append(_side_by_side_xml(row, context, gapped=False))
        else:
            pieces.append(_side_by_side_xml(row, context, gapped=True))
    return "".join(pieces)


def _single_xml(image: Image, context: Context) -> str:
    keep = KEEP_NEXT if image.node.caption else ""
    extra = keep + context.gap_xml(image.node)
    return _picture_xml(image, context, extra) + _caption_xml(image.node, context)


def _side_by_side_xml(row: list[Image], context: Context, *, gapped: bool) -> str:
    """Return pictures standing on one line above a row of captions, never parted.

    *gapped* keeps the space that the layout left above them.
    """
    gap = context.sheet.figure.gap
    widths = column_widths([image.width + gap for image in row], context.geometry.width)
    captioned = any(image.node.caption for image in row)
    above = context.gap_xml(row[0].node) if gapped else ""
    extra = (KEEP_NEXT if captioned else "") + above
    pictures = (
        cell_xml(_picture_xml(image, context, extra), width, '<w:vAlign w:val="bottom"/>')
        for image, width in zip(row, widths, strict=True)
    )
    captions = (
        cell_xml(_caption_xml(image.node, context) or paragraph_xml(PICTURE_STYLE, ""), width)
        for image, width in zip(row, widths, strict=True)
    )
    rows = row_xml(pictures) + (row_xml(captions) if captioned else "")
    return frame_xml(rows, widths)


def _picture_xml(image: Image, context: Context, extra: str) -> str:
    """Return the picture's paragraph with the properties *extra*."""
    drawing = f"<w:r>{_drawing_xml(image, context)}</w:r>"
    return paragraph_xml(PICTURE_STYLE, context.noted(drawing, image.node.notes), extra)


def _caption_xml(figure: Figure, context: Context) -> str:
    if figure.caption is None:
        return ""
    style = figure.caption.style
    content = context.runs(style, figure.caption.runs, figure.caption)
    column = context.column_xml(style, figure.caption)
    return paragraph_xml(context.style_id(style), content, column)


def _drawing_xml(image: Image, context: Context) -> str:
    """Return ``wp:inline`` (20.4.2.8) with the picture's text for those who cannot see it."""
    relation = context.relations.picture(image.node)
    number = context.relations.next_drawing()
    size = f'cx="{emu(image.width)}" cy="{emu(image.height)}"'
    name = f'id="{number}" name="图 {number}" descr="{attribute(image.node.alt)}"'
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
