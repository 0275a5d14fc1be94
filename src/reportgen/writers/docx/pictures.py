"""Pictures of a DOCX: image parts, rows of adjacent pictures, DrawingML (ECMA-376 20.4)."""

from __future__ import annotations

from collections.abc import Sequence

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.shape import CT_Inline
from docx.parts.image import ImagePart
from docx.shared import Emu

from reportgen.document.nodes import Figure, FigureGroup
from reportgen.layout.items import DrawnFigure, Image
from reportgen.pictures import PictureSource
from reportgen.styles import emu, twips
from reportgen.writers.docx.elements import Element, add, add_paragraph, clean
from reportgen.writers.docx.styles import PICTURE_STYLE
from reportgen.writers.docx.tables import (
    LEAST_LINE,
    add_cell,
    add_frame,
    add_row,
    add_separator,
    column_widths,
    ends_in_table,
)
from reportgen.writers.docx.text import WordContext, add_gap, add_narrowing, add_runs


class PicturePart(ImagePart):
    """An image part whose bytes are read when the package is written, and not kept.

    The memory needed does not grow with the number of pictures.
    """

    def __init__(self, name: PackURI, kind: str, picture: PictureSource) -> None:
        super().__init__(name, f"image/{kind}", b"")
        self._picture = picture

    @property
    def blob(self) -> bytes:
        """The picture file without metadata."""
        return self._picture.read()


def add_pictures(parent: Element, group: FigureGroup, context: WordContext) -> None:
    """Append the rows of *group*.

    A single picture and its caption are paragraphs.  Pictures side by side are in a table
    without rules, which is separated from a table before it by an empty line; the caption of
    the parts of a picture is a paragraph below it.
    """
    is_held = False
    for row in context.hints.rows[group]:
        if len(row) == 1:
            _add_single(parent, row[0], context)
        elif ends_in_table(parent):
            gap = twips(context.hints.gaps.get(row[0].node, 0.0))
            add_separator(parent, max(gap, LEAST_LINE), keep=is_held)
            _add_side_by_side(parent, row, context, gapped=False)
        else:
            _add_side_by_side(parent, row, context, gapped=True)
        is_held = row[-1].node in context.hints.held


def _add_single(parent: Element, image: Image | DrawnFigure, context: WordContext) -> None:
    keep = image.node.caption is not None or image.node in context.hints.held
    _add_picture(parent, image, context, keep=keep, gapped=True)
    if image.node.caption:
        _add_caption(parent, image.node, context)


def _add_side_by_side(
    parent: Element, row: tuple[Image | DrawnFigure, ...], context: WordContext, *, gapped: bool
) -> None:
    """Append the pictures of *row* in a table, and their captions on the same page.

    With *gapped*, the space above the pictures is that of the layout.
    """
    gap = context.sheet.figure.gap
    widths = column_widths([image.width + gap for image in row], context.geometry.width)
    captioned = any(image.node.caption for image in row)
    last = row[-1].node
    keep = captioned or last in context.hints.held
    frame = add_frame(parent, widths)
    pictures = add_row(frame)
    for image, width in zip(row, widths, strict=True):
        cell, properties = add_cell(pictures, width)
        add(properties, "vAlign", val="top" if last.is_part else "bottom")
        _add_picture(cell, image, context, keep=keep, gapped=gapped)
    if captioned and last.is_part:
        _add_caption(parent, last, context)
    elif captioned:
        _add_captions(frame, row, widths, context)


def _add_captions(
    frame: Element,
    row: tuple[Image | DrawnFigure, ...],
    widths: Sequence[int],
    context: WordContext,
) -> None:
    """Append a row with the captions of the pictures of *row*."""
    captions = add_row(frame)
    for image, width in zip(row, widths, strict=True):
        cell, _ = add_cell(captions, width)
        if image.node.caption:
            _add_caption(cell, image.node, context)
            continue
        _, properties = add_paragraph(cell, PICTURE_STYLE)
        if image.node in context.hints.held:
            add(properties, "keepNext")


def _add_picture(
    parent: Element, image: Image | DrawnFigure, context: WordContext, *, keep: bool, gapped: bool
) -> None:
    """Append the paragraph of a picture; with *keep* it stays on the page of the next paragraph."""
    paragraph, properties = add_paragraph(parent, PICTURE_STYLE)
    if keep:
        add(properties, "keepNext")
    if gapped:
        add_gap(properties, image.node, context)
    context.comments.start(paragraph, image.node.notes)
    add(paragraph, "r").add_drawing(_inline(image, context))
    context.comments.end(paragraph, image.node.notes)


def _add_caption(parent: Element, figure: Figure, context: WordContext) -> None:
    caption = figure.caption
    assert caption is not None  # noqa: S101 - checked by the caller
    paragraph, properties = add_paragraph(parent, context.style_id(caption.style))
    if figure in context.hints.held:
        add(properties, "keepNext")
    add_narrowing(properties, caption.style, caption, context)
    add_runs(paragraph, caption.style, caption.runs, context, caption)


def _inline(image: Image | DrawnFigure, context: WordContext) -> CT_Inline:
    """Return the ``wp:inline`` (20.4.2.8) of a picture, with its alternative text."""
    number = next(context.drawings)
    width, height = Emu(emu(image.width)), Emu(emu(image.height))
    relation = _relationship(image.node, context)
    inline = CT_Inline.new_pic_inline(number, relation, f"图 {number}", width, height)
    properties: Element = inline.docPr
    properties.name = f"图 {number}"
    properties.set("descr", clean(image.node.alt))
    for side in "TBLR":
        inline.set(f"dist{side}", "0")
    return inline


def _relationship(figure: Figure, context: WordContext) -> str:
    """Return the id of the relationship to the picture of *figure*; equal pictures share a part."""
    known = context.pictures
    if figure.digest not in known:
        name = PackURI(f"/word/media/image{len(known) + 1}.{figure.kind}")
        part = PicturePart(name, figure.kind, figure.picture)
        known[figure.digest] = context.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    return known[figure.digest]
