"""Blocks → ``document.xml`` (ECMA-376 17.2)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from reportgen.document.nodes import (
    Block,
    Document,
    FigureGroup,
    Heading,
    ItemList,
    Paragraph,
    Signature,
    Table,
    stand_landscape,
)
from reportgen.text import Run
from reportgen.writers.docx.context import Context
from reportgen.writers.docx.markup import paragraph_xml, part_xml
from reportgen.writers.docx.pictures import group_xml
from reportgen.writers.docx.runs import bookmark_name
from reportgen.writers.docx.sections import ending_section, section_xml
from reportgen.writers.docx.signature import signature_xml
from reportgen.writers.docx.tables import LEAST_LINE, ends_in_table, separator_xml, table_xml

KEEP_NEXT = "<w:keepNext/>"


def body_xml(document: Document, context: Context, *, headed: bool) -> bytes:
    """Return ``document.xml``; *headed* says that the pages have headers.

    Pictures and links met on the way are entered in the relations of *context*.
    """
    body: list[str] = []
    section = ""
    for landscape, blocks in _stretches(document.blocks):
        if body:
            body[-1] = ending_section(body[-1], section)
        body += _blocks_xml(blocks, context.turned() if landscape else context)
        section = section_xml(document.sheet, landscape=landscape, headed=headed)
    return part_xml("w:document", f"<w:body>{''.join(body)}{section}</w:body>", "w r wp a pic")


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


def _blocks_xml(blocks: Sequence[Block], context: Context) -> list[str]:
    """Return *blocks* piece by piece, the last one a paragraph: Word wants one."""
    pieces: list[str] = []
    previous: Block | None = None
    for block, following in zip_longest(blocks, blocks[1:]):
        if isinstance(block, FigureGroup):
            pieces.append(group_xml(block, context, after_table=ends_in_table(pieces)))
        else:
            if isinstance(block, Table) and isinstance(previous, Table | FigureGroup):
                pieces.append(separator_xml(context.geometry.line // 2))
            keep = KEEP_NEXT if isinstance(following, Signature) else ""
            pieces.append(block_xml(block, context, keep))
        previous = block
    if not pieces or ends_in_table(pieces):
        pieces.append(separator_xml(LEAST_LINE))
    return pieces


def block_xml(
    block: Paragraph | Heading | ItemList | Table | Signature, context: Context, keep: str = ""
) -> str:
    """Return *block* as paragraphs or a table.

    Text before the 落款 *keep*s with it, so that no page holds the 落款 alone.
    """
    if isinstance(block, Paragraph):
        return _text_xml(block.style, block.runs, block, context, keep)
    if isinstance(block, Heading):
        return _heading_xml(block, context)
    if isinstance(block, ItemList):
        return _list_xml(block, context, keep)
    if isinstance(block, Table):
        return table_xml(block, context)
    return signature_xml(block, context)


def _text_xml(
    style: str, runs: tuple[Run, ...], node: Paragraph, context: Context, extra: str
) -> str:
    content = context.runs(style, runs, node)
    return paragraph_xml(context.style_id(style), content, extra + context.gap_xml(node))


def _heading_xml(heading: Heading, context: Context) -> str:
    """Return the heading with a bookmark at its anchor (17.13.6.2), for links within the text."""
    number = context.relations.next_bookmark()
    start = f'<w:bookmarkStart w:id="{number}" w:name="{bookmark_name(heading.anchor)}"/>'
    inner = context.runs(heading.style, heading.runs, heading)
    content = f'{start}{inner}<w:bookmarkEnd w:id="{number}"/>'
    extra = "<w:pageBreakBefore/>" if heading.on_new_page else ""
    extra += context.gap_xml(heading)
    return paragraph_xml(context.style_id(heading.style), content, extra)


def _list_xml(items: ItemList, context: Context, keep: str) -> str:
    """Return the items as paragraphs that begin with their marker.

    The markers are text, not Word numbering: in a 公文 they must read the
    same in Word, WPS and LibreOffice, and survive copying.
    """
    last = len(items.items) - 1
    return "".join(
        _text_xml(
            items.style,
            (Run(item.marker), *item.paragraph.runs),
            item.paragraph,
            context,
            keep if number == last else "",
        )
        for number, item in enumerate(items.items)
    )
