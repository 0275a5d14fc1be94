"""The text of one block: pieces, runs and pictures, with what is odd in it reported."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TypeAlias

from reportgen.diagnostics import Diagnostic, Severity
from reportgen.markdown.blocks import MarkdownBlock
from reportgen.markdown.inline import InlineKind, InlinePiece, parse_inline
from reportgen.markdown.runs import make_runs, resolve_breaks, span_in
from reportgen.model import Picture
from reportgen.placeholders import RenderedText
from reportgen.source import Span
from reportgen.text import Run

Runs: TypeAlias = tuple[Run, ...]

_BROKEN_PICTURE = re.compile(r"[!！]\[[^\[\]\n]*\]\s*[(（]")
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.I)


class TextReader:
    """Reads the text of the blocks of one rendered text; findings gather in ``found``."""

    def __init__(self, rendered: RenderedText) -> None:
        self.rendered = rendered
        self.found: list[Diagnostic] = []

    def report(
        self, code: str, slug: str, severity: Severity, message: str, span: Span | None, hint: str
    ) -> None:
        """Add a finding; one without *span* is about the whole file."""
        place = span or self.rendered.source.span(0, 0)
        self.found.append(Diagnostic(code, slug, severity, message, place, hint=hint))

    def span(self, block: MarkdownBlock, start: int = 0, end: int | None = None) -> Span:
        """Return where characters *start* to *end* of *block* were typed, all by default."""
        return span_in(block, start, len(block.text) if end is None else end, self.rendered)

    def runs(self, pieces: list[InlinePiece], block: MarkdownBlock) -> Runs:
        """Return text *pieces* of *block* as runs."""
        return make_runs(pieces, block, self.rendered)

    def flat(self, block: MarkdownBlock) -> tuple[Runs, tuple[Picture, ...]]:
        """Return the text of a block that is one stretch, and the pictures found in it."""
        pieces = self.pieces(block)
        text = [piece for piece in pieces if piece.kind == InlineKind.TEXT]
        pictures = tuple(self.picture(p, block) for p in pieces if p.kind == InlineKind.PICTURE)
        return self.runs(text, block), pictures

    def pieces(self, block: MarkdownBlock) -> list[InlinePiece]:
        """Return the pieces of *block*, text and pictures; what is odd in it is reported."""
        pieces = parse_inline(block.text)
        self._check_pieces(pieces, block)
        kept: list[InlinePiece] = []
        for piece in pieces:
            if piece.kind != InlineKind.TAG:
                kept.append(piece)
            elif _LINE_BREAK_TAG.fullmatch(piece.text):
                piece.kind = InlineKind.HARD
                kept.append(piece)
            elif not piece.text.startswith("</"):
                self.report(
                    "N110",
                    "html-in-text",
                    Severity.WARNING,
                    f"正文中的 HTML 标记 {piece.text[:30]} 不起作用，已去掉",
                    self.span(block, piece.start, piece.end),
                    "删去标记；图片写成 ![说明](images/文件名.png)",
                )
        return resolve_breaks(kept)

    def _check_pieces(self, pieces: list[InlinePiece], block: MarkdownBlock) -> None:
        """Report emphasis and pictures that were not recognised and stay in the text."""
        text = "".join(piece.text for piece in pieces if piece.kind == InlineKind.TEXT)
        before: InlinePiece | None = None
        broken = _BROKEN_PICTURE.search(text) is not None
        for piece in pieces:
            broken = broken or bool(before and piece.link and before.text.endswith("！"))
            before = piece
            if piece.kind == InlineKind.TEXT and re.fullmatch(r"\*{2,}", piece.text):
                self.report(
                    "N113",
                    "emphasis-unclosed",
                    Severity.WARNING,
                    f"正文中留有不成对的“{piece.text}”，会照原样印出",
                    self.span(block, piece.start, piece.end),
                    "加粗写成 **文字**，星号与文字之间不留空格；不需要加粗就删去星号",
                )
        if broken:
            self.report(
                "N112",
                "picture-syntax",
                Severity.ERROR,
                "图片的写法有误，没有被识别为图片",
                self.span(block),
                "写成 ![说明](images/文件名.png)，感叹号和括号要用半角",
            )

    def picture(self, piece: InlinePiece, block: MarkdownBlock) -> Picture:
        """Return the picture that *piece* of *block* names; odd attributes are reported."""
        span = self.span(block, piece.start, piece.end)
        width, wrong = read_width(piece.attributes)
        for message, hint in wrong:
            self.report("N111", "picture-attribute", Severity.WARNING, message, span, hint)
        return Picture(piece.target, piece.text, width, span)

    def is_landscape(self, table: MarkdownBlock) -> bool:
        """Return whether the attributes below *table* turn it; odd ones are reported."""
        landscape, wrong = read_direction(table.text)
        for message, hint in wrong:
            self.report(
                "N121", "table-attribute", Severity.WARNING, message, self.span(table), hint
            )
        return landscape


LANDSCAPE = "横排"
Trouble: TypeAlias = tuple[str, str]

_PAIR = re.compile(r"([^=:]*)[=:](.*)")
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%")


def read_width(text: str | None) -> tuple[float | None, list[Trouble]]:
    """Return the width of a picture as a share of the type area; only 宽 is known."""
    width: float | None = None
    wrong: list[Trouble] = []
    for part in _parts(text or ""):
        found = _PAIR.match(part)
        key, value = (found[1].strip(), found[2].strip()) if found else (part, "")
        if key != "宽":
            wrong.append((f"图片不支持设置“{key}”", "只能设置宽度，写成 {宽=80%}"))
        elif (share := _SHARE.fullmatch(value)) and 0 < float(share[1]) <= 100:
            width = float(share[1]) / 100
        else:
            wrong.append(
                (f"图片宽度“{value}”无法识别", "写成版心宽度的百分比，1% 至 100%，如 {宽=80%}")
            )
    return width, wrong


def read_direction(text: str) -> tuple[bool, list[Trouble]]:
    """Return whether a table is to be printed across the page; only 横排 is known."""
    parts = list(_parts(text.strip("{}｛｝")))
    hint = f"只能设置横排，写成 {{{LANDSCAPE}}}；不需要就删去这一行"
    wrong = [(f"表格不支持设置“{part}”", hint) for part in parts if part != LANDSCAPE]
    return LANDSCAPE in parts, wrong


def _parts(text: str) -> Iterator[str]:
    """Yield the settings in *text*, those of the form ``宽: 80%`` as one."""
    plain = unicodedata.normalize("NFKC", text)
    tight = re.sub(r"\s*([=:%])\s*", r"\1 ", plain).replace("= ", "=").replace(": ", ":")
    yield from filter(None, re.split(r"[,;、\s]+", tight))
