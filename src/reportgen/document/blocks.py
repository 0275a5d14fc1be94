"""The narrative's blocks as document nodes: numbering and pictures are settled here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportgen.document import nodes
from reportgen.document.tables import compose_plain_table
from reportgen.forms import number_label
from reportgen.model import (
    NarrativeBlock,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
    Screenshot,
)
from reportgen.source import Span
from reportgen.text import Run, unreachable

BULLET = "·"
DEEPEST = 4


class BlockComposer:
    """Turns blocks into nodes, counting headings as it goes.

    Numbers restart under each higher heading; a number the author typed is
    replaced by the one that is due.
    """

    def __init__(self, screenshots: Mapping[str, Screenshot]) -> None:
        self._screenshots = screenshots
        self._counts = [0] * (DEEPEST + 1)
        self._anchors = 0

    def heading(self, level: int, text: str, span: Span | None = None) -> nodes.Heading:
        """Return a heading of fixed wording, number included; deeper numbers restart."""
        self._counts[level:] = [0] * len(self._counts[level:])
        return self._node(level, (Run(text, span=span),), span)

    def blocks(self, blocks: tuple[NarrativeBlock, ...]) -> list[nodes.Block]:
        """Return the nodes of *blocks* in order."""
        return [node for block in blocks for node in self._compose(block)]

    def _compose(self, block: NarrativeBlock) -> Iterator[nodes.Block]:
        if isinstance(block, NarrativeHeading):
            yield self._numbered(block)
        elif isinstance(block, NarrativeParagraph):
            yield nodes.Paragraph("body", block.runs, block.span)
        elif isinstance(block, NarrativeList):
            yield self._list(block)
        elif isinstance(block, NarrativeTable):
            yield compose_plain_table(block)
        elif isinstance(block, PictureGroup):
            yield from self._group(block)
        else:
            unreachable(block)

    def _numbered(self, heading: NarrativeHeading) -> nodes.Heading:
        level = min(heading.level, DEEPEST)
        self._counts[level] += 1
        self._counts[level + 1 :] = [0] * len(self._counts[level + 1 :])
        label = Run(number_label(level, self._counts[level]), span=heading.span)
        return self._node(level, (label, *heading.runs), heading.span)

    def _node(self, level: int, runs: tuple[Run, ...], span: Span | None) -> nodes.Heading:
        self._anchors += 1
        return nodes.Heading(level, f"heading{level}", runs, f"h{self._anchors}", span)

    def _list(self, block: NarrativeList) -> nodes.ItemList:
        items = []
        for offset, runs in enumerate(block.items):
            marker = BULLET if block.start is None else number_label(3, block.start + offset)
            items.append(nodes.ListItem(marker, nodes.Paragraph("list", runs, block.span)))
        return nodes.ItemList("list", block.start is not None, tuple(items))

    def _group(self, group: PictureGroup) -> Iterator[nodes.Block]:
        """Yield the figures of *group*; a picture that could not be read leaves a note."""
        figures = []
        for picture in group.pictures:
            screenshot = self._screenshots.get(picture.target)
            if screenshot is None:
                note = Run(f"【图片缺失：{picture.target}】", span=picture.span)
                yield nodes.Paragraph("caption", (note,), picture.span)
            else:
                figures.append(_figure(picture, screenshot))
        if figures:
            yield nodes.FigureGroup(tuple(figures))


def _figure(picture: Picture, screenshot: Screenshot) -> nodes.Figure:
    caption = None
    if picture.caption:
        run = Run(picture.caption, span=picture.span)
        caption = nodes.Paragraph("caption", (run,), picture.span)
    return nodes.Figure(
        picture=screenshot.picture,
        kind=screenshot.kind,
        pixels=(screenshot.width, screenshot.height),
        digest=screenshot.digest,
        alt=picture.caption or screenshot.path.stem,
        caption=caption,
        width=picture.width,
        span=picture.span,
    )
