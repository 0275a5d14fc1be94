"""正文.md → :class:`Narrative`: placeholders filled in, Markdown read, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from reportgen.diagnostics import Diagnostic, Severity
from reportgen.forms import number_label, parse_number
from reportgen.markdown.block_text import LANDSCAPE, Runs, TextReader
from reportgen.markdown.blocks import BlockKind, MarkdownBlock, parse_blocks
from reportgen.markdown.inline import InlineKind, InlinePiece, escape_markdown
from reportgen.markdown.runs import cover, without_start
from reportgen.model import (
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
from reportgen.text import Run, plain_text

_BROKEN_TABLE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*\|[ \t:|-]*$", re.M)
_STRAY_ATTRIBUTE = re.compile(rf"[{{｛]\s*{LANDSCAPE}\s*[}}｝]")
_DEEPEST = 4


def read_narrative(
    source: SourceFile, context: Mapping[str, object]
) -> tuple[Narrative, list[Diagnostic]]:
    """Return the narrative *source* holds, its placeholders evaluated in *context*.

    There is a narrative whatever the text; what is wrong with it is in the findings.
    """
    rendered, found = render_text(source, context, escape=escape_markdown)
    text = TextReader(rendered)
    narrative = _NarrativeReader(text).read(parse_blocks(rendered.text))
    return narrative, found + text.found


class _OpenSection(Struct, dict=True):
    """A section while its blocks are gathered."""

    title: str
    number: int | None
    span: Span | None
    blocks: list[NarrativeBlock] = field(default_factory=list)


class _NarrativeReader:
    """Builds the narrative of one rendered text; findings gather in its text reader."""

    def __init__(self, text: TextReader) -> None:
        self._text = text
        self._counters: list[int] = []

    def read(self, blocks: list[MarkdownBlock]) -> Narrative:
        """Return the narrative of *blocks*."""
        opening: list[NarrativeBlock] = []
        sections: list[_OpenSection] = []
        for block in blocks:
            if block.kind == BlockKind.HEADING and block.level == 1:
                sections.append(self._section(block))
                continue
            target = sections[-1].blocks if sections else opening
            target.extend(
                self._heading(block) if block.kind == BlockKind.HEADING else self._blocks(block)
            )
        return Narrative(
            _grouped(opening),
            tuple(Section(s.title, s.number, _grouped(s.blocks), s.span) for s in sections),
        )

    # Headings

    def _section(self, block: MarkdownBlock) -> _OpenSection:
        number, runs, pictures = self._title(block, 1)
        span = self._text.span(block)
        return _OpenSection(plain_text(runs), number, span, pictures)

    def _heading(self, block: MarkdownBlock) -> Iterator[NarrativeBlock]:
        level = min(block.level, _DEEPEST)
        span = self._text.span(block)
        if block.level > _DEEPEST:
            self._text.report(
                "N120",
                "heading-too-deep",
                Severity.WARNING,
                f"标题最多四级，这里是第 {block.level} 级，已按第四级处理",
                span,
                "减少标题前 # 的个数",
            )
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
        self._text.report(
            "N105",
            "numbering-gap",
            Severity.WARNING,
            f"标题序号不连续：这里应为“{wanted}”，写的是第 {typed} 项",
            span,
            "检查是否漏了一项或编号有误；序号也可以不写，由程序编排",
        )

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
            span = self._text.span(block, 0, 1)
            self._text.report(
                "N115", "rule-dropped", Severity.HINT, "正文中的分隔线不会印出", span, "删去这一行"
            )
        elif block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
            yield from self._paragraphs(block)
        else:
            for child in block.children:
                yield from self._blocks(child)

    def _paragraphs(self, block: MarkdownBlock) -> Iterator[NarrativeBlock]:
        """Yield the paragraphs of *block* and, where pictures stand in it, groups of them."""
        self._check_for_tables(block)
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

    def _check_for_tables(self, block: MarkdownBlock) -> None:
        """Report what is text, but was meant as a table or as the attribute of one."""
        if found := _BROKEN_TABLE.search(block.text):
            self._text.report(
                "N119",
                "table-syntax",
                Severity.ERROR,
                "这里像是表格，但没有被识别",
                self._text.span(block, found.start(), found.end()),
                "表头与分隔行的列数要相同，分隔行写成 | --- | --- |",
            )
        if found := _STRAY_ATTRIBUTE.search(block.text):
            self._text.report(
                "N121",
                "table-attribute",
                Severity.WARNING,
                f"“{found[0]}”前面没有表格，会照原样印出",
                self._text.span(block, found.start(), found.end()),
                "写在表格的下面，单独一行",
            )

    def _fence(self, block: MarkdownBlock) -> Iterator[NarrativeBlock]:
        if block.text:
            span = self._text.span(block, 0, max(1, len(block.text.rstrip("\n"))))
            message = "报告中没有代码块，已按普通段落处理"
            self._text.report(
                "N116", "code-block", Severity.HINT, message, span, "删去前后的 ``` 行"
            )
        start = 0
        for line in block.text.split("\n"):
            piece = InlinePiece(InlineKind.TEXT, line, start, start + len(line))
            start += len(line) + 1
            if runs := self._text.runs([piece], block):
                yield NarrativeParagraph(runs, cover(runs))

    def _list(self, block: MarkdownBlock) -> Iterator[NarrativeBlock]:
        """Yield *block* as lists: nested items flattened, other blocks between them."""
        items: list[Runs] = []
        start = block.start
        for item in self._items(block, 0):
            if isinstance(item, tuple):
                items.append(item)
                continue
            if items:
                yield _item_list(items, start)
                start = None if start is None else start + len(items)
                items = []
            yield item
        if items:
            yield _item_list(items, start)

    def _items(self, block: MarkdownBlock, depth: int) -> Iterator[Runs | NarrativeBlock]:
        """Yield the runs of each item of a list, and blocks an item cannot hold."""
        for item in block.children:
            own: list[Run] = []
            for child in item.children:
                if child.kind == BlockKind.LIST:
                    if own:
                        yield tuple(own)
                        own = []
                    self._report_nested(child, depth)
                    yield from self._items(child, depth + 1)
                    continue
                for part in self._blocks(child):
                    if isinstance(part, NarrativeParagraph):
                        own += [Run("\n"), *part.runs] if own else part.runs
                    else:
                        if own:
                            yield tuple(own)
                            own = []
                        yield part
            if own:
                yield tuple(own)

    def _report_nested(self, block: MarkdownBlock, depth: int) -> None:
        leaf = block
        while leaf.children:
            leaf = leaf.children[0]
        if depth == 0:
            self._text.report(
                "N114",
                "list-nested",
                Severity.HINT,
                "列表里又有列表，已合并为一层",
                self._text.span(leaf),
                "分层的内容改用标题（##、###）",
            )

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
            self._text.report(
                "N117",
                "picture-in-table",
                Severity.WARNING,
                "表格里不能放图片，已移到表格之后",
                pictures[0].span,
                "把图片写在表格前面或后面",
            )
            yield PictureGroup(tuple(pictures))

    def _check_row(self, row: MarkdownBlock, columns: int) -> None:
        if row.typed_cells > columns:
            last = row.children[-1]
            self._text.report(
                "N118",
                "table-cells-lost",
                Severity.ERROR,
                f"这一行有 {row.typed_cells} 格，表头只有 {columns} 列，多出的内容不会印出",
                self._text.span(last),
                "补上表头的列，或合并多出的格；文字中的竖线写成 \\|",
            )


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
