"""The text of one block: pieces, runs and pictures, with what is odd in it reported.

Among it are ways of writing that other Markdown knows and a report does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Finding
from reportgen.markdown.blocks import MarkdownBlock
from reportgen.markdown.footnotes import Definition, Footnotes
from reportgen.markdown.inline import InlineKind, InlinePiece, parse_inline
from reportgen.markdown.runs import composed_text, make_runs, resolve_breaks, span_in
from reportgen.model import Picture
from reportgen.placeholders import RenderedText
from reportgen.source import Span
from reportgen.text import Run, footnote_mark, is_web_address

Runs: TypeAlias = tuple[Run, ...]

_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.I)


MAX_PARTS = 20_000
"""The most stretches of text (paragraphs, cells, words in bold): a hundred times those of reports.

They take more time than the characters in them, up to the pages.
"""
PICTURE_PARTS = 5
"""The stretches of text that take as much time as a picture, though it be the same again."""
CHART_PARTS = 100
"""The stretches of text that take as much time as a chart."""


class TextReader:
    """Reads the text of the blocks of one rendered text; findings gather in ``found``."""

    def __init__(self, rendered: RenderedText) -> None:
        self.rendered = rendered
        self.found: list[Finding] = []
        self.footnotes = Footnotes(self.found)
        self._parts = 0

    @property
    def is_full(self) -> bool:
        """Whether more parts were asked for than a text may have; they are empty then."""
        return self._parts > MAX_PARTS

    def report(
        self,
        slug: str,
        span: Span | None,
        values: Mapping[str, object] | None = None,
        *,
        wording: str = "",
    ) -> None:
        """Report what breaks the rule *slug*; without *span* it is about the whole file."""
        place = span or self.rendered.source.span(0, 0)
        self.found.append(Finding(slug, place, values or {}, wording=wording))

    def span(self, block: MarkdownBlock, start: int = 0, end: int | None = None) -> Span:
        """Return where characters *start* to *end* of *block* were typed, all by default."""
        return span_in(block, start, len(block.text) if end is None else end, self.rendered)

    def runs(self, pieces: list[InlinePiece], block: MarkdownBlock) -> Runs:
        """Return text *pieces* of *block* as runs."""
        runs = make_runs(pieces, block, self.rendered)
        self._parts += max(1, len(runs))
        return runs

    def count_chart(self) -> None:
        """Count a chart, which takes more time than a picture."""
        self._parts += CHART_PARTS

    def flat(self, block: MarkdownBlock) -> tuple[Runs, tuple[Picture, ...]]:
        """Return the text of a block that is one stretch, and the pictures found in it."""
        pieces = self.pieces(block, no_footnotes="place")
        text = [piece for piece in pieces if piece.kind == InlineKind.TEXT]
        pictures = tuple(self.picture(p, block) for p in pieces if p.kind == InlineKind.PICTURE)
        return self.runs(text, block), pictures

    def pieces(self, block: MarkdownBlock, *, no_footnotes: str = "") -> list[InlinePiece]:
        """Return the pieces of *block*, text and pictures; what is odd in it is reported.

        The marks of footnotes are text with their numbers, unless a wording of the rule about
        them says why there can be none.
        """
        if self.is_full:
            return []
        pieces = parse_inline(block.text)
        self._parts += PICTURE_PARTS * sum(piece.kind == InlineKind.PICTURE for piece in pieces)
        self._check_pieces(pieces, block)
        kept: list[InlinePiece] = []
        for piece in pieces:
            if piece.kind == InlineKind.NOTE:
                kept.append(self._footnote(piece, block, no_footnotes))
            elif piece.kind != InlineKind.TAG:
                kept.append(piece)
            elif _LINE_BREAK_TAG.fullmatch(piece.text):
                piece.kind = InlineKind.HARD
                kept.append(piece)
            elif not piece.text.startswith("</"):
                span = self.span(block, piece.start, piece.end)
                self.report("html-in-text", span, {"标记": piece.text[:30]})
        return resolve_breaks(kept)

    def _footnote(self, piece: InlinePiece, block: MarkdownBlock, refused: str) -> InlinePiece:
        """Return *piece*, the name of a footnote, as its mark; as it was typed if it is none."""
        span, name = self.span(block, piece.start, piece.end), piece.text
        number = 0
        if refused:
            self.footnotes.refuse(name, span, refused)
        else:
            number = self.footnotes.number(name, span)
        text = footnote_mark(number) if number else block.text[piece.start : piece.end]
        return replace(piece, kind=InlineKind.TEXT, text=text, footnote=number)

    def refuse_footnotes(self, text: str, span: Span) -> None:
        """Report each mark of a footnote in *text*, typed at *span*, where there can be none."""
        for name in _FOOTNOTE_NAME.findall(text):
            self.footnotes.refuse(name, span, "place")

    def define_footnotes(self, definitions: Sequence[Definition]) -> None:
        """Take *definitions* as those of the footnotes."""
        for item in definitions:
            self.footnotes.define(item, self.rendered.span(*item.place))

    def footnote_texts(self) -> Iterator[tuple[Runs, MarkdownBlock]]:
        """Yield the text of each footnote that was met, with its block."""
        for item in self.footnotes.texts():
            pieces = self.pieces(item.text, no_footnotes="nested")
            if any(piece.kind == InlineKind.PICTURE for piece in pieces):
                self.footnotes.refuse(item.name, self.span(item.text), "picture")
            yield self.runs([p for p in pieces if p.kind == InlineKind.TEXT], item.text), item.text

    def _check_pieces(self, pieces: list[InlinePiece], block: MarkdownBlock) -> None:
        """Report what was meant as markup and stays in the text, and links that lead nowhere."""
        visible = visible_text(block.text, pieces)
        before: InlinePiece | None = None
        broken = meant_as_picture(visible)
        unclosed = False
        for piece in pieces:
            broken = broken or bool(before and piece.link and before.text.endswith("！"))
            if piece.link and not (before and before.link == piece.link):
                broken = broken or is_picture_name(piece.link)
                self._check_link(piece, block)
            before = piece
            if not unclosed and piece.kind == "text" and re.fullmatch(r"\*{2,}", piece.text):
                unclosed = True
                span = self.span(block, piece.start, piece.end)
                self.report("emphasis-unclosed", span, {"原文": piece.text})
        if broken:
            self.report("picture-syntax", self.span(block))
        for form in () if broken else unsupported_forms(visible):
            typed = " ".join(block.text[form.start : form.end].split())
            span = self.span(block, form.start, form.end)
            self.report("markdown-unsupported", span, {"原文": typed[:30]}, wording=form.wording)

    def _check_link(self, piece: InlinePiece, block: MarkdownBlock) -> None:
        """Report a link that leads nowhere from a printed report; one to a picture is meant so."""
        target = piece.link or ""
        if not is_web_address(target) and not is_picture_name(target):
            span = self.span(block, piece.start, piece.end)
            values = {"目标": target}
            self.report("markdown-unsupported", span, values, wording="link-target")

    def picture(self, piece: InlinePiece, block: MarkdownBlock) -> Picture:
        """Return the picture that *piece* of *block* names; odd attributes are reported."""
        span = self.span(block, piece.start, piece.end)
        width, wrong = read_width(piece.attributes)
        for wording, setting in wrong:
            self.report("picture-attribute", span, {"设置": setting}, wording=wording)
        self.refuse_footnotes(piece.text, span)
        return Picture(piece.target, composed_text(piece.text), width, span)

    def is_landscape(self, table: MarkdownBlock) -> bool:
        """Return whether the attributes below *table* turn it; odd ones are reported."""
        landscape, wrong = read_direction(table.text)
        for setting in wrong:
            values = {"设置": setting, "写法": f"{{{LANDSCAPE}}}"}
            self.report("table-attribute", self.span(table), values, wording="unknown")
        return landscape


_FOOTNOTE_NAME = re.compile(r"\[\^([^\[\]]{1,60})\]")
LANDSCAPE = "横排"
Trouble: TypeAlias = tuple[str, str]
"""A wording of the rule picture-attribute, and the setting it is about."""

_PAIR = re.compile(r"([^=:]*)[=:](.*)")
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%")


def read_width(text: str | None) -> tuple[float | None, list[Trouble]]:
    """Return the width of a picture as a share of the type area, and what is wrong with it.

    Only 宽 is known.
    """
    width: float | None = None
    wrong: list[Trouble] = []
    for part in _parts(text or ""):
        found = _PAIR.match(part)
        key, value = (found[1].strip(), found[2].strip()) if found else (part, "")
        if key != "宽":
            wrong.append(("", key))
        elif (share := _SHARE.fullmatch(value)) and 0 < float(share[1]) <= 100:
            width = float(share[1]) / 100
        else:
            wrong.append(("width", value))
    return width, wrong


def read_direction(text: str) -> tuple[bool, list[str]]:
    """Return whether a table is to be printed across the page, and the settings not known.

    Only 横排 is.
    """
    parts = list(_parts(text.strip("{}｛｝")))
    return LANDSCAPE in parts, [part for part in parts if part != LANDSCAPE]


def _parts(text: str) -> Iterator[str]:
    """Yield the settings in *text*, those of the form ``宽: 80%`` as one."""
    plain = unicodedata.normalize("NFKC", text)
    tight = re.sub(r"(?<!\s)\s*([=:%])\s*", r"\1 ", plain).replace("= ", "=").replace(": ", ":")
    yield from filter(None, re.split(r"[,;、\s]+", tight))


_MASK = "\0"  # stands in no text of a file
_PICTURE_NAME = r"\.(?:png|jpe?g|webp|bmp|gif|tiff?)"
_PICTURE = rf"""
      [!！][ ]?[\[【［][^\n]{{0,200}}?[\]】］][ ]?[(（\[［]   # a caption, and a target in brackets
    | [!！][\[［]{{2}}
    | [\[【［][^\n\[\]【】［］]{{0,200}}[\]】］][ ]?[(（][^()（）\n]{{0,200}}{_PICTURE_NAME}
    | [\[【［][^\n\[\]【】［］]{{0,60}}images[/\\][^\n\[\]【】［］]{{1,200}}{_PICTURE_NAME}[\]】］]
"""
_PICTURE_FILE = rf"(?![a-z]+:).*{_PICTURE_NAME}"
_FORMS = {
    "footnote": re.compile(r"[\[［【〔][\^＾][^\[\]［］【】〔〕\n]{1,60}[\]］】〕]"),
    "struck": re.compile(r"~~[^~\n]{1,200}~~"),
    "reference": re.compile(
        r"(?<![!！])\[[^\[\]\n^]{1,200}\]\[[^\[\]\n]{0,60}\]"
        r"|^[ ]{0,3}\[[^\[\]\n^]{1,60}\][:：][ \t]*(?:https?:|www\.|[\w/-]+[./])[^\s]{1,200}$",
        re.MULTILINE,
    ),
    "task": re.compile(r"\A\[[ xX√✓]?\][ \t]"),
    "full-width-link": re.compile(
        r"[\[【［][^\n\[\]【】［］]{1,200}[\]】］][ ]?"
        r"[(（](?:https?:|www\.)[^\n()（）]{0,200}[)）]?"
    ),
    "": re.compile(
        r"==[^=\n]{1,200}==|(?<![!！])\[\[[^\[\]\n]{1,200}\]\]|^\[(?:toc|TOC)\]$"
        r"|^:{3}.{0,60}$",
        re.MULTILINE,
    ),
    "script": re.compile(r"(?<=\w)\^[^\s^]{1,8}\^|(?<=[A-Za-z0-9)\]])~[A-Za-z0-9.+-]{1,8}~"),
}
_BARS = "|｜│┃"
_DASHES = r"\-—–－─━=＝"
_SEPARATOR = (
    rf"^[ \t\u3000]*(?:[{_BARS}][ \t\u3000]*)?[:：]?[{_DASHES}]+[:：]?[ \t\u3000]*[{_BARS}]"
    rf"[ \t\u3000:：{_BARS}{_DASHES}]*$"
)
_TABLE = rf"""
      ^[ \t\u3000]*[+┌├└┼][{_DASHES}]+[+┬┼┴┐┤┘].*$                # drawn with plus signs
    | ^[ \t\u3000]*[{_BARS}].*[{_BARS}][ \t\u3000]*$                # a row between bars
    | ^[^\n{_BARS}]*[{_BARS}][^\n]*\n(?=[^\n{_BARS}]*[{_BARS}])    # two rows with bars in them
    # two rows of cells with tabs between them
    | ^[^\n\t]*\S[ ]*\t[ \t]*\S[^\n]*\n[^\n\t]*\S[ ]*\t[ \t]*\S
"""
# What each of these needs.  Hardly any paragraph has one of them, so the expressions are compiled
# when they are first used.
_MARK_OF_FORM = re.compile(r"[\[【［〔~^=:]")
_MARK_OF_PICTURE = re.compile(r"[\[【［]")
_MARK_OF_TABLE = re.compile(rf"[{_BARS}+┌├└┼\t]")


class Unsupported(Struct, frozen=True):
    """What stands from ``start`` to ``end`` of a block's text; ``wording`` is the rule's."""

    wording: str
    start: int
    end: int


def visible_text(text: str, pieces: Sequence[InlinePiece]) -> str:
    """Return the *text* of a block as long as before, only what is read as text left in it.

    Code, escaped characters, values, pictures and tags are blotted out.
    """
    read = [piece for piece in pieces if _is_read_as_text(piece)]
    if sum(piece.end - piece.start for piece in read) == len(text):  # as of most blocks
        return text
    shown = [char if char == "\n" else _MASK for char in text]
    for piece in read:
        shown[piece.start : piece.end] = text[piece.start : piece.end]
    return "".join(shown)


def _is_read_as_text(piece: InlinePiece) -> bool:
    if piece.kind in (InlineKind.SOFT, InlineKind.HARD, InlineKind.GAP):
        return True
    return piece.kind == InlineKind.TEXT and piece.is_verbatim and not piece.is_code


def unsupported_forms(visible: str) -> Iterator[Unsupported]:
    """Yield what is written in *visible* text in a way that only other Markdown knows."""
    if not _MARK_OF_FORM.search(visible):
        return
    taken = bytearray(len(visible) + 1)
    for wording, pattern in _FORMS.items():
        for found in pattern.finditer(visible):
            start, end = found.span()
            if not taken[start]:
                taken[start:end] = b"\1" * (end - start)
                yield Unsupported(wording, start, end)


def meant_as_picture(visible: str) -> bool:
    """Return whether *visible* text holds what was meant as a picture."""
    if not _MARK_OF_PICTURE.search(visible):
        return False
    return re.search(_PICTURE, visible, re.VERBOSE | re.IGNORECASE) is not None


def is_picture_name(target: str) -> bool:
    """Return whether a link's *target* is a picture file, so that a picture was meant."""
    return re.fullmatch(_PICTURE_FILE, target, re.IGNORECASE) is not None


def meant_as_table(text: str) -> re.Match[str] | None:
    """Return the line of *text* that tells it was meant as a table; None without any."""
    if not _MARK_OF_TABLE.search(text):
        return None
    return re.search(_SEPARATOR, text, re.MULTILINE) or re.search(
        _TABLE, text, re.VERBOSE | re.MULTILINE
    )
