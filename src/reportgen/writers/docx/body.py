"""Blocks in their order and their sections → the body of a document (ECMA-376 17.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from reportgen.document.nodes import (
    Block,
    FigureGroup,
    Heading,
    ItemList,
    Paragraph,
    Signature,
    Table,
    stand_landscape,
)
from reportgen.text import Run, unreachable
from reportgen.writers.docx.elements import Element, add, add_paragraph
from reportgen.writers.docx.geometry import indents
from reportgen.writers.docx.pictures import add_pictures
from reportgen.writers.docx.tables import LEAST_LINE, add_separator, add_table, ends_in_table
from reportgen.writers.docx.text import WordContext, add_gap, add_heading, add_runs


def fill_body(
    body: Element, blocks: Sequence[Block], sections: Mapping[bool, Element], context: WordContext
) -> None:
    """Append *blocks*, each stretch of pages of one direction as a section of its own.

    The last paragraph of a section holds its properties (17.6.18); the last section's are
    the last child of *body*.
    """
    body.remove(body.sectPr)
    last = sections[False]
    for landscape, stretch in _stretches(blocks):
        if len(body):
            body[-1].set_sectPr(last.clone())
        last = sections[landscape]
        _add_blocks(body, stretch, context.turned() if landscape else context)
    body.append(last)


def _stretches(blocks: Sequence[Block]) -> list[tuple[bool, list[Block]]]:
    """Return *blocks* in stretches on upright pages and on landscape ones, a table each."""
    stretches: list[tuple[bool, list[Block]]] = []
    current: bool | None = None
    for block, landscape in zip(blocks, stand_landscape(blocks), strict=True):
        if landscape != current:
            stretches.append((landscape, []))
        stretches[-1][1].append(block)
        current = None if landscape and isinstance(block, Table) else landscape
    return stretches or [(False, [])]


def _add_blocks(body: Element, blocks: Sequence[Block], context: WordContext) -> None:
    """Append *blocks*, the last thing a paragraph: Word wants one."""
    previous: Block | None = None
    for block, following in zip_longest(blocks, blocks[1:]):
        if isinstance(block, Table) and isinstance(previous, Table | FigureGroup):
            add_separator(body, context.geometry.line // 2)
        add_block(body, block, context, keep=isinstance(following, Signature))
        previous = block
    if not blocks or ends_in_table(body):
        add_separator(body, LEAST_LINE)


def add_block(body: Element, block: Block, context: WordContext, *, keep: bool) -> None:
    """Append *block*.

    Text before the 落款 *keep*s with it, so that no page holds the 落款 alone.
    """
    if isinstance(block, Paragraph):
        _add_text(body, block.style, block.runs, block, context, keep=keep)
    elif isinstance(block, Heading):
        paragraph, properties = add_paragraph(body, context.style_id(block.style))
        if block.on_new_page:
            add(properties, "pageBreakBefore")
        add_gap(properties, block, context)
        add_heading(paragraph, block, context)
    elif isinstance(block, ItemList):
        _add_list(body, block, context, keep=keep)
    elif isinstance(block, Table):
        add_table(body, block, context)
    elif isinstance(block, FigureGroup):
        add_pictures(body, block, context)
    elif isinstance(block, Signature):
        _add_signature(body, block, context)
    else:
        unreachable(block)


def _add_text(
    body: Element,
    style: str,
    runs: tuple[Run, ...],
    node: Paragraph,
    context: WordContext,
    *,
    keep: bool,
) -> None:
    paragraph, properties = add_paragraph(body, context.style_id(style))
    if keep:
        add(properties, "keepNext")
    add_gap(properties, node, context)
    add_runs(paragraph, style, runs, context, node)


def _add_list(body: Element, items: ItemList, context: WordContext, *, keep: bool) -> None:
    """Append the items as paragraphs that begin with their marker.

    The markers are text, not Word numbering: in a 公文 they must read the
    same in Word, WPS and LibreOffice, and survive copying.
    """
    for item in items.items:
        runs = (Run(item.marker), *item.paragraph.runs)
        held = keep and item is items.items[-1]
        _add_text(body, items.style, runs, item.paragraph, context, keep=held)


def _add_signature(body: Element, signature: Signature, context: WordContext) -> None:
    """Append the 落款 (GB/T 9704-2012 clause 7.3.5.2): a blank line, the organ, the date.

    They are never parted, and end where the layout says.
    """
    for line in (signature.organ, signature.date):
        style = context.sheet[line.style]
        paragraph, properties = add_paragraph(body, context.style_id(line.style))
        if line is signature.organ:
            add(properties, "keepNext")
            add(properties, "spacing", before=context.geometry.line)
        right = context.hints.right_indents.get(line, style.right_indent)
        add(properties, "ind", **indents(style, right=right))
        add(properties, "jc", val="right")
        add_runs(paragraph, line.style, line.runs, context, line)
