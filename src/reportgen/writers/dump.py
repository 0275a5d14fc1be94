"""Readable dumps of a document and of its pages, for golden tests and for debugging.

There is one line for each item.  Coordinates are rounded to 0.1 pt.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.document.nodes import (
    Block,
    Cell,
    Document,
    Figure,
    FigureGroup,
    Heading,
    ItemList,
    ListItem,
    Paragraph,
    Signature,
    Table,
)
from reportgen.layout.items import (
    DrawnFigure,
    Fill,
    Image,
    Item,
    Node,
    Pagination,
    RuleLine,
    TextRun,
    TurnedText,
)
from reportgen.text import Run, unreachable


def dump_document(document: Document) -> str:
    """Return *document* as text with one line for each paragraph, cell and picture."""
    meta = document.metadata
    lines = [f"document 「{meta.title}」 author={meta.author} date={meta.date} {meta.language}"]
    if document.stamp or document.watermark:
        lines.append(f"draft stamp=「{document.stamp}」 watermark=「{document.watermark}」")
    lines.extend(
        f"finding {item.number} {item.severity.value} {item.code} {item.place} 「{item.message}」"
        for item in document.findings
    )
    for block in document.blocks:
        lines.extend(_block_lines(block))
    lines.extend(
        f"attachment {item.name} {item.media_type} {len(item.data)} bytes"
        for item in document.attachments
    )
    return "\n".join(lines) + "\n"


def _block_lines(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        page = " on_new_page" if block.on_new_page else ""
        yield f"heading {block.level} {block.style} #{block.anchor}{page} {_marked(block.runs)}"
    elif isinstance(block, Paragraph):
        yield f"paragraph {block.style} {_marked(block.runs)}"
    elif isinstance(block, ItemList):
        yield f"list {block.style} {'ordered' if block.ordered else 'unordered'}"
        for item in block.items:
            yield f"  {item.marker} {_marked(item.paragraph.runs)}"
    elif isinstance(block, Table):
        yield from _table_lines(block)
    elif isinstance(block, FigureGroup):
        yield f"figures {len(block.figures)}"
        for figure in block.figures:
            yield f"  {_figure_text(figure)}"
            yield from (f"    part {_figure_text(part)}" for part in figure.parts)
    elif isinstance(block, Signature):
        yield from _signature_lines(block)
    else:
        unreachable(block)


def _marked(runs: tuple[Run, ...]) -> str:
    """Return the text of *runs* with markup for emphasis, links, forced breaks and notes."""
    return "".join(_marked_run(run) for run in runs)


def _marked_run(run: Run) -> str:
    text = "⏎" if run.text == "\n" else run.text
    if run.bold:
        text = f"**{text}**"
    if run.italic:
        text = f"*{text}*"
    if run.link:
        text = f"[{text}]({run.link})"
    return f"{{{text}}}{_note(run.notes)}" if run.notes else text


def _note(notes: tuple[int, ...]) -> str:
    """Return the numbers of findings as ``^3,5``; empty if there are none."""
    return f"^{','.join(map(str, notes))}" if notes else ""


def _table_lines(table: Table) -> Iterator[str]:
    widths = " ".join(f"{width:.3f}" for width in table.widths)
    landscape = " landscape" if table.landscape else ""
    head = f"table {table.name} 「{table.title}」 header_rows={table.header_rows}"
    yield f"{head} widths={widths}{landscape}"
    if table.caption:
        yield f"  caption {table.caption.style} {_marked(table.caption.runs)}"
    for row in table.rows:
        for cell in row:
            span = f" span={cell.row_span}x{cell.column_span}"
            spans = span if (cell.row_span, cell.column_span) != (1, 1) else ""
            place = f"  {cell.row},{cell.column}{spans} {cell.role} {cell.style}"
            yield f"{place} {_marked(cell.runs)}{_note(cell.notes)}".rstrip()


def _figure_text(figure: Figure) -> str:
    width, height = figure.pixels
    share = "auto" if figure.width is None else f"{figure.width:.3f}"
    caption = f" caption=「{figure.caption.text}」" if figure.caption else ""
    looks = f"width={share} alt=「{figure.alt}」{caption}{_note(figure.notes)}"
    return f"{figure.kind} {width}x{height} {looks}"


def _signature_lines(block: Signature) -> Iterator[str]:
    yield f"signature {_marked(block.organ.runs)}"
    yield f"date {_marked(block.date.runs)}"


def dump_pages(pagination: Pagination) -> str:
    """Return the pages as text with one line for each item, in painting order."""
    lines = []
    for page in pagination.pages:
        landscape = " landscape" if page.landscape else ""
        lines.append(f"p{page.number} page {page.width:.1f} x {page.height:.1f}{landscape}")
        lines.extend(f"p{page.number} {_item_text(item)}" for item in page.items)
    lines.extend(
        f"destination p{place.page} y={place.y:.1f} {place.heading.level} {place.heading.text}"
        for place in pagination.destinations
    )
    return "\n".join(lines) + "\n"


def _item_text(item: Item) -> str:
    if isinstance(item, TextRun):
        return _run_text(item)
    if isinstance(item, RuleLine):
        ends = f"{item.x0:.1f} {item.y0:.1f} -> {item.x1:.1f} {item.y1:.1f}"
        return f"rule {ends} width={item.width:.2f} #{item.colour}"
    if isinstance(item, TurnedText):
        return f"mark {item.x:.1f} {item.y:.1f} angle={item.angle:.1f} {_run_text(item.run)}"
    place = f"{item.x:.1f} {item.y:.1f} {item.width:.1f} x {item.height:.1f}"
    if isinstance(item, Fill):
        return f"fill {place} #{item.colour}"
    if isinstance(item, DrawnFigure):
        labels = " ".join(run.text for run in item.runs)
        return f"drawing {place} shapes={len(item.shapes)} 「{labels}」"
    return _image_text(item, place)


def _image_text(item: Image, place: str) -> str:
    return f"image {place} {item.node.kind} {item.node.digest[:12]} 「{item.node.alt}」"


def _run_text(run: TextRun) -> str:
    place = f"{run.x:.1f} {run.y:.1f} w={run.width:.1f} {run.face} {run.size:.1f}"
    return f"{run.artifact or _node_name(run.node, run.part)} {place}{_looks(run)} 「{run.text}」"


def _node_name(node: Node | None, part: str) -> str:
    """Return the kind of node that a run shows."""
    if isinstance(node, Cell):
        return f"cell {node.row},{node.column}"
    if isinstance(node, Heading):
        return f"heading{node.level}"
    if isinstance(node, ListItem):
        return f"item-{part}"
    return "text" if node is not None else "artifact"


def _looks(run: TextRun) -> str:
    """Return the properties in which *run* differs from plain black text."""
    looks = [
        f"#{run.colour}" if run.colour != "000000" else "",
        f"stroke={run.stroke:.2f}" if run.stroke else "",
        f"shear={run.shear:.1f}" if run.shear else "",
        f"link={run.link}" if run.link else "",
    ]
    return "".join(f" {look}" for look in looks if look)
