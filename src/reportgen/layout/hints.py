"""Layout hints: what the DOCX must state for a word processor to give the same pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from math import inf

from reportgen.document.nodes import (
    Document,
    Figure,
    FigureGroup,
    Paragraph,
    Signature,
    Table,
)
from reportgen.layout.boxes import ContentBox, Flow, TableRow, TextLine
from reportgen.layout.figures import FigureRow, paint_row
from reportgen.layout.flow import Keep
from reportgen.layout.items import DrawnFigure, Fit, Hints, Image, Node
from reportgen.layout.text import TOLERANCE, Line
from reportgen.styles import StyleSheet
from reportgen.text import LINE_FEED


def word_hints(flows: Sequence[Flow], document: Document) -> Hints:
    """Return the hints for *document*, which was placed as *flows*."""
    lines = tuple(_lines_of(flows))
    breaks = dict(_label_breaks(flows))
    return Hints(
        rows=_picture_rows(flows, document),
        fits=_fits((node, line) for node, line in lines if node not in breaks),
        gaps=dict(chain.from_iterable(map(_gaps, flows))),
        gaps_below=dict(chain.from_iterable(_gaps_below(flow, document.sheet) for flow in flows)),
        introducing=frozenset(_introducing(flows)),
        keeps=_keeps(flows),
        divided=dict(_divided(flows)),
        held=frozenset(_held(flows)),
        narrowings={node: line.narrowing for node, line in lines if 0 < line.narrowing < inf},
        label_breaks=breaks,
        ragged=frozenset(node for node, line in lines if line.ragged),
        right_indents=_right_indents(flows, document),
        hangs=dict(_hangs(flows)),
        centred=_centred(flows, document),
    )


def _picture_rows(
    flows: Sequence[Flow], document: Document
) -> Mapping[FigureGroup, tuple[tuple[Image | DrawnFigure, ...], ...]]:
    """Return the rows of each group of pictures, in the sizes that they have on the pages."""
    groups = [block for block in document.blocks if isinstance(block, FigureGroup)]
    group_of = {
        figure: group
        for group in groups
        for whole in group.figures
        for figure in whole.parts or (whole,)
    }
    rows: dict[FigureGroup, list[tuple[Image | DrawnFigure, ...]]] = defaultdict(list)
    for placed in chain.from_iterable(flows):
        row = placed.box.content
        if isinstance(row, FigureRow):
            items = paint_row(row, 0.0, 0.0, placed.height)
            images = tuple(item for item in items if isinstance(item, Image | DrawnFigure))
            rows[group_of[images[0].node]].append(images)
    return {group: tuple(found) for group, found in rows.items()}


def _right_indents(flows: Sequence[Flow], document: Document) -> Mapping[Paragraph, float]:
    """Return the distance, in 字, between the right edge and the end of each line of a 落款."""
    signatures = [block for block in document.blocks if isinstance(block, Signature)]
    ends = {node: 0.0 for block in signatures for node in (block.organ, block.date)}
    for placed in chain.from_iterable(flows):
        text = placed.box.content
        if isinstance(text, TextLine) and isinstance(text.node, Paragraph) and text.node in ends:
            ends[text.node] = max(ends[text.node], text.left + text.line.width)
    width = document.sheet.page.text_width
    return {
        node: max(0.0, width - end) / document.sheet[node.style].pitch for node, end in ends.items()
    }


def _centred(flows: Sequence[Flow], document: Document) -> Mapping[Paragraph, float]:
    """Return the left indent of each name in a 落款 that has several lines, in 字."""
    names = {block.organ for block in document.blocks if isinstance(block, Signature)}
    lefts: dict[Paragraph, list[float]] = defaultdict(list)
    for placed in chain.from_iterable(flows):
        text = placed.box.content
        if isinstance(text, TextLine) and isinstance(text.node, Paragraph) and text.node in names:
            lefts[text.node].append(text.left)
    return {
        node: min(found) / document.sheet[node.style].pitch
        for node, found in lefts.items()
        if len(found) > 1
    }


def _hangs(flows: Sequence[Flow]) -> Iterator[tuple[Paragraph, float]]:
    """Yield the hanging indent of each list item that has one, in 字."""
    for placed in chain.from_iterable(flows):
        text = placed.box.content
        if isinstance(text, TextLine) and text.style.hanging and isinstance(text.node, Paragraph):
            yield text.node, -text.style.first_line


def _fits(lines: Iterable[tuple[Node, Line]]) -> Mapping[Node, tuple[Fit, ...]]:
    """Return what the lines of each node need that a word processor would break elsewhere."""
    found: dict[Node, list[Fit]] = defaultdict(list)
    for node, line in lines:
        found[node] += fits_of(line)
    return {node: tuple(fits) for node, fits in found.items() if fits}


def fits_of(line: Line) -> Iterator[Fit]:
    """Yield what the first character of *line* needs, those between, and the last one."""
    fit, start, end = line.fit, line.start, line.start + len(line.text)
    first, last = start + fit.lead, end - (fit.tail > 0)
    if fit.lead:
        yield Fit(start, first, fit.spacing + (fit.tail if first == end else 0.0), chinese=True)
    if fit.spacing and first < last:
        yield Fit(first, last, fit.spacing)
    if max(first, last) < end:
        yield Fit(max(first, last), end, fit.spacing + fit.tail)


def _lines_of(flows: Sequence[Flow]) -> Iterator[tuple[Node, Line]]:
    """Yield each node and line of the document; those of a table come with its first row."""
    for placed in chain.from_iterable(flows):
        content = placed.box.content
        if isinstance(content, TextLine):
            yield content.node, content.line
        elif isinstance(content, FigureRow):
            for figure in content.figures:
                if figure.node.caption:
                    yield from ((figure.node.caption, line) for line in figure.caption)
        elif content.row == 0:
            for cell in content.table.cells:
                yield from [(cell.node, line) for line in cell.lines]


def _label_breaks(flows: Sequence[Flow]) -> Iterator[tuple[Node, tuple[int, ...]]]:
    """Yield the labels of official tables that no column breaks as on the pages, and where."""
    for placed in chain.from_iterable(flows):
        content = placed.box.content
        if not isinstance(content, TableRow) or content.row or not content.table.node.name:
            continue
        for cell in content.table.cells:
            text = cell.node.text
            if not cell.node.name and any(line.narrowing == inf for line in cell.lines):
                starts = [line.start for line in cell.lines[1:]]
                yield cell.node, tuple(start for start in starts if text[start - 1] != LINE_FEED)


def _gaps(flow: Flow) -> Iterator[tuple[Node | Table, float]]:
    """Yield the space above each picture and table, and each text that does not follow a text.

    So it is for the title of a table after lines on the grid.
    """
    previous: ContentBox | None = None
    for placed in flow:
        content = placed.box.content
        gap = placed.top - previous.bottom if previous else 0.0
        follows_text = (
            previous is not None
            and isinstance(previous.box.content, TextLine)
            and previous.box.on_grid <= placed.box.on_grid
        )
        if isinstance(content, FigureRow):
            yield from ((figure.node, gap) for figure in content.figures)
        elif isinstance(content, TableRow) and content.row == 0:
            yield content.table.node, gap
        elif isinstance(content, TextLine) and not (follows_text or content.line.start):
            yield content.node, gap
        previous = placed


def _gaps_below(flow: Flow, sheet: StyleSheet) -> Iterator[tuple[Node, float]]:
    """Yield the space below a text if it is more than that of its style, because of the grid.

    This is below a title, whose lines are off the grid, and above a table.
    """
    for above, below in pairwise(flow):
        text, following = above.box.content, below.box.content
        if isinstance(text, TextLine) and (
            isinstance(following, TableRow)
            or (isinstance(following, TextLine) and above.box.on_grid < below.box.on_grid)
        ):
            gap = below.top - above.bottom
            if gap > sheet[text.node.style].space_after + TOLERANCE:
                yield text.node, gap


def _introducing(flows: Sequence[Flow]) -> Iterator[Paragraph]:
    """Yield each paragraph that is kept on the page of what it introduces."""
    for above, _ in chain.from_iterable(map(pairwise, flows)):
        text, is_soft = above.box.content, above.box.keep is Keep.SOFT
        if is_soft and isinstance(text, TextLine) and isinstance(text.node, Paragraph):
            yield text.node


def _keeps(flows: Sequence[Flow]) -> Mapping[Table, frozenset[int]]:
    """Return the rows of each table that are kept together with the next row.

    The last row on a page is not.  Of a table on several pages, neither are those that are loosely
    kept: a word processor would keep it whole.  A row divided in strips is kept as its last one.
    """
    parts: dict[Table, list[list[tuple[int, Keep]]]] = defaultdict(list)
    for flow in flows:
        rows: dict[Table, list[tuple[int, Keep]]] = defaultdict(list)
        for placed in flow:
            content = placed.box.content
            if isinstance(content, TableRow):
                source = content.table.sources[content.row]
                rows[content.table.node].append((source, placed.box.keep))
        for table, part in rows.items():
            pairs = pairwise(part)
            parts[table].append([row for row, below in pairs if row[0] != below[0]])
    return {
        table: frozenset(row for row, keep in chain.from_iterable(found) if keep >= least)
        for table, found in parts.items()
        for least in [Keep.LOOSE if len(found) == 1 else Keep.SOFT]
    }


def _divided(flows: Iterable[Flow]) -> Iterator[tuple[Table, frozenset[int]]]:
    """Yield each table with rows that are taller than a page, and these rows."""
    for placed in chain.from_iterable(flows):
        content = placed.box.content
        if isinstance(content, TableRow) and content.row == 0:
            sources = content.table.sources
            strips = {row for row, below in pairwise(sources) if row == below}
            if strips:
                yield content.table.node, frozenset(strips)


def _held(flows: Sequence[Flow]) -> Iterator[Figure]:
    """Yield the pictures of each row that is kept together with the next row on the page."""
    for above, below in chain.from_iterable(map(pairwise, flows)):
        row, is_kept = above.box.content, above.box.keep is not Keep.FREE
        if is_kept and isinstance(row, FigureRow) and isinstance(below.box.content, FigureRow):
            yield from (figure.node for figure in row.figures)
