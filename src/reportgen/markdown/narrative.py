"""正文.md → :class:`Narrative`: placeholders filled in, Markdown read, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate, pairwise

from msgspec import Struct, field

from reportgen.charts import meant_as_chart
from reportgen.diagnostics import Finding
from reportgen.heading_numbers import number_label, parse_number
from reportgen.markdown.block_text import (
    LANDSCAPE,
    MAX_PARTS,
    PICTURE_PARTS,
    Runs,
    TextReader,
    meant_as_table,
    visible_text,
)
from reportgen.markdown.blocks import BlockKind, MarkdownBlock, parse_blocks, stray_delimiters
from reportgen.markdown.chart_data import ChartNumbers
from reportgen.markdown.charts import CHART, read_chart
from reportgen.markdown.footnotes import take_definitions
from reportgen.markdown.inline import InlineKind, InlinePiece, escape_markdown, parse_inline
from reportgen.markdown.runs import INDENT, cover, without_start
from reportgen.model import (
    Footnote,
    Narrative,
    NarrativeBlock,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
    Section,
)
from reportgen.placeholders import render_text
from reportgen.source import SourceFile, Span
from reportgen.text import Run, plain_text, shortened

_STRAY_ATTRIBUTE = re.compile(rf"[{{｛]\s*{LANDSCAPE}\s*[}}｝]")
_DEEPEST = 4
UNDRAWN_CHART = "【图表没有画出】"
"""What a draft shows in place of a chart with a mistake in it."""
_SENTENCE_END = re.compile(r"[。！？；：][”’」』）)]*$")
_NUMBERED = re.compile(
    r"[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}(?:、|是(?!否))|\d{1,2}[、.．](?!\d)|[①-⑳]"
)
_PICTURE_LINE = re.compile(r"\s*!\[|\s*\{")
_APART = re.compile(rf"\s*!\[|\s*\{{|{INDENT}")
"""How a line begins that is not read as going on with the one before."""
_SETTING = r"[^\s:：#|\-][^\n:：，。；、]{0,29}[:：][^\n]*\n"
_FRONT_MATTER = re.compile(
    r"[\ufeff\s]*-{3,}[ \t]*\n"
    rf"({_SETTING}(?:{_SETTING}|(?:[ \t]+|-[ \t])[^\n]*\n|\n)*)"
    r"(?<!\n\n)(?:-{3,}|\.{3})[ \t]*(?:\n|\Z)"
)
"""Settings at the head of a text, as other programs for Markdown read them.  An empty line beside
a ``---`` makes that a rule between paragraphs."""
_MOST_FRONT_MATTER = 5_000


def read_narrative(
    source: SourceFile,
    context: Mapping[str, object],
    numbers: Callable[[], ChartNumbers] = ChartNumbers,
) -> tuple[Narrative, list[Finding]]:
    """Return the narrative *source* holds, its placeholders evaluated in *context*.

    *numbers* is called for those that charts show, if there is a chart.  There is a narrative
    whatever the text; what is wrong with it is in the findings.
    """
    rendered, found = render_text(source, context, escape=escape_markdown)
    text = TextReader(rendered)
    for delimiter in stray_delimiters(rendered.text):
        span = rendered.span(delimiter.start, delimiter.end)
        if delimiter.is_arrow:
            text.report("markdown-unsupported", span, {"原文": span.text}, wording="arrow")
        else:
            wording = "" if delimiter.opens else "not-opened"
            text.report("comment-unclosed", span, wording=wording)
    blocks, definitions = take_definitions(parse_blocks(_without_front_matter(text)))
    text.define_footnotes(definitions)
    narrative = _NarrativeReader(text, numbers).read(blocks)
    return narrative, found + text.found


def _without_front_matter(text: TextReader) -> str:
    """Return the rendered text without settings at its head, reported; offsets are unchanged.

    Between two lines ``---`` Markdown has a heading, which would be printed.
    """
    rendered = text.rendered
    found = _FRONT_MATTER.match(rendered.text, 0, _MOST_FRONT_MATTER)
    if not found:
        return rendered.text
    text.report(
        "front-matter", rendered.span(*found.span(1)), {"原文": shortened(found[1].strip())}
    )
    blank = re.sub(r"[^\n]", " ", found[0])
    return blank + rendered.text[found.end() :]


class _OpenSection(Struct, dict=True):
    """A section while its blocks are gathered."""

    title: str
    number: int | None
    span: Span | None
    blocks: list[NarrativeBlock] = field(default_factory=list)


class _NarrativeReader:
    """Builds the narrative of one rendered text; findings gather in its text reader."""

    def __init__(self, text: TextReader, numbers: Callable[[], ChartNumbers]) -> None:
        self._text = text
        self._numbers = numbers
        self._counters: list[int] = []

    def read(self, blocks: list[MarkdownBlock]) -> Narrative:
        """Return the narrative of *blocks*, up to the one in which the text is full."""
        opening: list[NarrativeBlock] = []
        sections: list[_OpenSection] = []
        for block in blocks:
            if block.kind == BlockKind.HEADING and block.level == 1:
                sections.append(self._section(block))
                continue
            is_heading = block.kind == BlockKind.HEADING
            parts = list(self._heading(block) if is_heading else self._blocks(block))
            if self._text.is_full:
                limit = {"上限": MAX_PARTS // 10_000, "图片": PICTURE_PARTS}
                self._text.report("file-unreadable", self._text.span(block), limit, wording="full")
                break
            (sections[-1].blocks if sections else opening).extend(parts)
        return Narrative(
            _grouped(opening),
            tuple(Section(s.title, s.number, _grouped(s.blocks), s.span) for s in sections),
            tuple(self._footnotes()),
        )

    def _footnotes(self) -> Iterator[Footnote]:
        for runs, block in self._text.footnote_texts():
            self._check_lines(block)
            yield Footnote(runs, cover(runs))

    # Headings

    def _section(self, block: MarkdownBlock) -> _OpenSection:
        number, runs, pictures = self._title(block, 1)
        span = self._text.span(block)
        return _OpenSection(plain_text(runs), number, span, pictures)

    def _heading(self, block: MarkdownBlock) -> Iterator[NarrativeBlock]:
        level = min(block.level, _DEEPEST)
        span = self._text.span(block)
        if block.level > _DEEPEST:
            self._text.report("heading-too-deep", span, {"级": block.level})
        number, runs, pictures = self._title(block, level)
        yield NarrativeHeading(level, runs, number, span)
        yield from pictures

    def _title(
        self, block: MarkdownBlock, level: int
    ) -> tuple[int | None, Runs, list[NarrativeBlock]]:
        """Return the typed number of a heading, its text without it, and pictures found in it."""
        runs, pictures = self._text.flat(block)
        text = plain_text(runs)
        typed = parse_number(text)
        span = self._text.span(block)
        self._check_number(level, typed.number, span)
        after: list[NarrativeBlock] = [PictureGroup(pictures)] if pictures else []
        return typed.number, without_start(runs, len(text) - len(typed.rest)), after

    def _check_number(self, level: int, typed: int | None, span: Span) -> None:
        """Follow the numbering of *level*; report a typed number out of order."""
        self._counters = (self._counters + [0] * level)[:level]
        expected = self._counters[-1] + 1
        self._counters[-1] = expected if typed is None else typed
        if typed is None or typed == expected:
            return
        wanted = number_label(level, min(expected, 99))
        self._text.report("numbering-gap", span, {"应为": wanted, "序号": typed})

    # Blocks

    def _blocks(self, block: MarkdownBlock) -> Iterator[NarrativeBlock]:
        """Yield what *block* is in the model; nothing below a section is a heading here."""
        if block.kind == BlockKind.LIST:
            yield from self._list(block)
        elif block.kind == BlockKind.TABLE:
            yield from self._table(block)
        elif block.kind == BlockKind.FENCE:
            yield from self._fence(block)
        elif block.kind == BlockKind.RULE:
            self._text.report("rule-dropped", self._text.span(block, 0, 1))
        elif block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
            yield from self._paragraphs(block)
        else:
            for child in block.children:
                yield from self._blocks(child)

    def _paragraphs(self, block: MarkdownBlock) -> Iterator[NarrativeBlock]:
        """Yield the paragraphs of *block* and, where pictures stand in it, groups of them."""
        if chart := meant_as_chart(block.text):
            span = self._text.span(block, chart.start(), chart.end())
            yield self._undrawn(block, span, "mark")
            return
        if not self._holds_table(block):
            self._check_lines(block)
        pending: list[InlinePiece] = []
        for piece in [*self._text.pieces(block), InlinePiece(InlineKind.PARAGRAPH, "", 0, 0)]:
            if piece.kind == InlineKind.TEXT:
                pending.append(piece)
                continue
            runs = self._text.runs(pending, block)
            pending = []
            if runs:
                yield NarrativeParagraph(runs, cover(runs))
            if piece.kind == InlineKind.PICTURE:
                yield PictureGroup((self._text.picture(piece, block),))

    def _holds_table(self, block: MarkdownBlock) -> bool:
        """Return whether *block* was meant as a table, or as the attribute of one: reported."""
        table = meant_as_table(visible_text(block.text, parse_inline(block.text)))
        if table:
            self._text.report("table-syntax", self._text.span(block, table.start(), table.end()))
        attribute = _STRAY_ATTRIBUTE.search(block.text)
        if attribute:
            span = self._text.span(block, attribute.start(), attribute.end())
            values = {"设置": attribute[0]}
            self._text.report("table-attribute", span, values, wording="no-table")
        return bool(table or attribute)

    def _check_lines(self, block: MarkdownBlock) -> None:
        """Report lines that were meant as paragraphs: each ends a sentence, none is empty.

        Word's paragraphs, copied, are parted by one line end, which Markdown reads as none.
        """
        lines = block.text.split("\n")
        starts = [0, *accumulate(len(line) + 1 for line in lines)]
        joined = [
            number
            for number, (line, following) in enumerate(pairwise(lines), 1)
            if not (_PICTURE_LINE.match(line) or _APART.match(following))
        ]
        if joined and all(_is_cut(lines[number - 1], lines[number]) for number in joined):
            first = joined[0]
            span = self._text.span(block, starts[first], starts[first] + len(lines[first]))
            self._text.report("lines-joined", span, {"行数": len(joined)})

    def _fence(self, block: MarkdownBlock) -> Iterator[NarrativeBlock]:
        opening = self._text.rendered.span(*block.opening)
        is_chart = block.info == CHART
        if not is_chart and meant_as_chart(f"```{block.info}\n{block.text}"):
            yield self._undrawn(block, opening, "mark")
            return
        if is_chart and not block.is_closed:
            yield self._undrawn(block, opening, "unclosed")
            return
        span = self._text.span(block, 0, max(1, len(block.text.rstrip("\n"))))
        if is_chart:
            self._text.count_chart()
            chart = read_chart(block, self._text, self._numbers())
            yield chart or NarrativeParagraph((Run(UNDRAWN_CHART, span=span),), span)
            return
        if not block.is_closed:
            self._text.report("code-block", opening, wording="unclosed")
        elif block.text:
            self._text.report("code-block", span)
        start = 0
        for line in block.text.split("\n"):
            piece = InlinePiece(InlineKind.TEXT, line, start, start + len(line))
            start += len(line) + 1
            if runs := self._text.runs([piece], block):
                yield NarrativeParagraph(runs, cover(runs))

    def _undrawn(self, block: MarkdownBlock, place: Span, wording: str) -> NarrativeParagraph:
        """Report at *place* what keeps *block* from being a chart; return what a draft shows."""
        self._text.report(
            "chart-syntax", place, {"原文": shortened(place.text.strip())}, wording=wording
        )
        span = self._text.span(block)
        return NarrativeParagraph((Run(UNDRAWN_CHART, span=span),), span)

    def _list(self, block: MarkdownBlock, depth: int = 0) -> Iterator[NarrativeBlock]:
        """Yield *block* as lists: what an item cannot hold, lists too, stands between them.

        Numbers are kept as typed; where they jump another list begins, and a row of equal
        ones counts on.
        """
        items: list[Runs] = []
        first = expected = block.start
        is_counted = len({item.start for item in block.children}) > 1
        for item in block.children:
            if is_counted and item.start is not None and item.start != expected:
                self._report_number(item, expected)
                if items:
                    yield _item_list(items, first)
                items, first, expected = [], item.start, item.start
            expected = None if expected is None else expected + 1
            for part in self._item(item, depth):
                if isinstance(part, tuple):
                    items.append(part)
                    continue
                if items:
                    yield _item_list(items, first)
                items, first = [], expected
                yield part
            if not items:
                first = expected
        if items:
            yield _item_list(items, first)

    def _item(self, item: MarkdownBlock, depth: int) -> Iterator[Runs | NarrativeBlock]:
        """Yield the runs of a list's item, and behind them the blocks that it cannot hold."""
        own: list[Run] = []
        is_whole = False
        for child in item.children:
            if child.kind == BlockKind.LIST:
                self._report_nested(child, depth)
                parts = self._list(child, depth + 1)
            else:
                parts = self._blocks(child)
            for part in parts:
                if isinstance(part, NarrativeParagraph) and not is_whole:
                    own += [Run("\n"), *part.runs] if own else part.runs
                    continue
                if own and not is_whole:
                    yield tuple(own)
                is_whole = True
                yield part
        if own and not is_whole:
            yield tuple(own)

    def _report_number(self, item: MarkdownBlock, expected: int | None) -> None:
        values = {"应为": expected, "序号": item.start}
        self._text.report("list-numbers", self._text.span(_first_leaf(item)), values)

    def _report_nested(self, block: MarkdownBlock, depth: int) -> None:
        if depth == 0:
            self._text.report("list-nested", self._text.span(_first_leaf(block)))

    def _table(self, block: MarkdownBlock) -> Iterator[NarrativeBlock]:
        rows: list[tuple[Runs, ...]] = []
        pictures: list[Picture] = []
        for row in block.children:
            cells = [self._text.flat(cell) for cell in row.children]
            rows.append(tuple(runs for runs, _ in cells))
            pictures += [picture for _, found in cells for picture in found]
            self._check_row(row, len(block.children[0].children))
        runs = tuple(run for row in rows for cell in row for run in cell)
        aligns = tuple(cell.align for cell in block.children[0].children)
        landscape = self._text.is_landscape(block)
        yield NarrativeTable(rows[0], tuple(rows[1:]), aligns, cover(runs), landscape)
        if pictures:
            self._text.report("picture-in-table", pictures[0].span)
            yield PictureGroup(tuple(pictures))

    def _check_row(self, row: MarkdownBlock, columns: int) -> None:
        if row.typed_cells > columns:
            values = {"格数": row.typed_cells, "列数": columns}
            self._text.report("table-cells-lost", self._text.span(row.children[-1]), values)


def _is_cut(line: str, following: str) -> bool:
    """Return whether *line* was meant to end where it does: a sentence does, or a list goes on."""
    return bool(_SENTENCE_END.search(line) or _NUMBERED.match(following))


def _first_leaf(block: MarkdownBlock) -> MarkdownBlock:
    while block.children:
        block = block.children[0]
    return block


def _item_list(items: list[Runs], start: int | None) -> NarrativeList:
    runs = tuple(run for item in items for run in item)
    return NarrativeList(tuple(items), start, cover(runs))


def _grouped(blocks: list[NarrativeBlock]) -> tuple[NarrativeBlock, ...]:
    """Return *blocks* with neighbouring groups of pictures as one."""
    result: list[NarrativeBlock] = []
    for block in blocks:
        last = result[-1] if result else None
        if isinstance(block, PictureGroup) and isinstance(last, PictureGroup):
            result[-1] = PictureGroup(last.pictures + block.pictures)
        else:
            result.append(block)
    return tuple(result)
