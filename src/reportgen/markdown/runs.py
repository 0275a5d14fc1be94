"""Pieces of inline markup become runs: breaks resolved, places found, like joined with like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from msgspec.structs import replace

from reportgen.markdown.blocks import MarkdownBlock
from reportgen.markdown.inline import InlineKind, InlinePiece
from reportgen.placeholders import RenderedText
from reportgen.source import Span
from reportgen.text import Run, is_latin, is_web_address

INDENT = "\u3000"
_ACCENTED = re.compile("[A-Za-z][\u0300-\u036f]+|[\u1100-\u11ff]+")
_DASHES = str.maketrans({"\u2015": "—", "\u2e3a": "——"})
"""Dashes that no Han face here joins, as the 破折号 that they stand for (GB/T 15834 4.10)."""


def resolve_breaks(pieces: list[InlinePiece]) -> list[InlinePiece]:
    """Return *pieces* without soft breaks and doubtful blanks.

    Chinese text is joined without a blank; two letters or digits keep one
    between them.  A line that begins with the ideographic indentation begins a
    paragraph: its break becomes a piece of kind paragraph.
    """
    resolved: list[InlinePiece] = []
    for index, piece in enumerate(pieces):
        if piece.kind == InlineKind.HARD:
            piece = replace(piece, kind=InlineKind.TEXT, text="\n")
        if piece.kind not in (InlineKind.SOFT, InlineKind.GAP):
            resolved.append(piece)
            continue
        following = pieces[index + 1].text[:1] if index + 1 < len(pieces) else ""
        before = resolved[-1].text[-1:] if resolved and resolved[-1].kind == InlineKind.TEXT else ""
        if piece.kind == InlineKind.SOFT and following == INDENT:
            resolved.append(replace(piece, kind=InlineKind.PARAGRAPH))
        elif is_latin(before) and is_latin(following):
            resolved.append(replace(piece, kind=InlineKind.TEXT, text=" "))
    return resolved


def make_runs(
    pieces: list[InlinePiece], block: MarkdownBlock, rendered: RenderedText
) -> tuple[Run, ...]:
    """Return the text *pieces* of *block* as runs, blanks and line breaks at both ends dropped.

    Two neighbouring runs of one style are joined where their text is contiguous in the source.
    So a run's characters can be counted from its place, unless it comes from a placeholder or
    an escape.
    """
    joining = _Joining()
    for piece in _trimmed(pieces):
        for part in _cut(piece, block, rendered):
            joining.add(_run(part, block, rendered))
    return tuple(map(_composed, joining.runs()))


def _composed(run: Run) -> Run:
    """Return *run*, letters and their accents as one character each where there is one.

    Fonts place an accent of its own (U+0301) beside the letter, not above it.  Dashes become
    those of Chinese text.
    """
    text = composed_text(run.text)
    return run if text == run.text else replace(run, text=text)


def composed_text(text: str) -> str:
    """Return *text* with accents on their letters and the dashes of Chinese text.

    The parts of Korean syllables become whole syllables.
    """
    accented = _ACCENTED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    return accented.translate(_DASHES)


class _Joining:
    """Joins runs where nothing is lost by it; texts are put together once, at the end."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._texts: list[list[str]] = []
        self._is_typed = False
        """Whether the last run so far has a character for each of its place."""

    def add(self, run: Run) -> None:
        """Add *run* behind the others."""
        last = self._runs[-1] if self._runs else None
        if last is None or run.text == "\n" or not self._joins(last, run):
            self._runs.append(run)
            self._texts.append([run.text])
            self._is_typed = run.is_as_typed
            return
        self._texts[-1].append(run.text)
        if last.span and run.span and last.span != run.span:
            self._runs[-1] = replace(last, span=replace(last.span, end=run.span.end))
        else:
            self._is_typed = False

    def _joins(self, last: Run, run: Run) -> bool:
        if last.text == "\n" or last.span is None or run.span is None:
            return False
        if (last.bold, last.italic, last.link) != (run.bold, run.italic, run.link):
            return False
        if last.footnote or run.footnote:
            return False
        if last.span == run.span:
            return True
        return last.span.end == run.span.start and self._is_typed and run.is_as_typed

    def runs(self) -> tuple[Run, ...]:
        """Return the runs."""
        pairs = zip(self._runs, self._texts, strict=True)
        return tuple(replace(run, text="".join(texts)) for run, texts in pairs)


def _trimmed(pieces: list[InlinePiece]) -> list[InlinePiece]:
    """Return *pieces* without white space at the ends and around line breaks."""
    result: list[InlinePiece] = []
    for piece in pieces:
        at_start = not result or result[-1].text == "\n"
        if piece.text == "\n":
            _trim_end(result)
            if result:
                result.append(piece)
            continue
        text = piece.text.lstrip() if at_start else piece.text
        if text:
            lost = len(piece.text) - len(text)
            start = piece.start + lost if piece.is_verbatim else piece.start
            result.append(replace(piece, text=text, start=start))
    while result and result[-1].text == "\n":
        result.pop()
        _trim_end(result)
    _trim_end(result)
    return result


def _trim_end(pieces: list[InlinePiece]) -> None:
    """Drop white space, but no line break, from the end of *pieces*."""
    while pieces and pieces[-1].text != "\n":
        last = pieces[-1]
        text = last.text.rstrip()
        end = last.end - (len(last.text) - len(text)) if last.is_verbatim else last.end
        pieces[-1] = replace(last, text=text, end=end)
        if text:
            return
        pieces.pop()


def _cut(piece: InlinePiece, block: MarkdownBlock, rendered: RenderedText) -> Iterator[InlinePiece]:
    """Yield *piece* in parts that do not cross the edge of a value."""
    if not piece.is_verbatim:
        yield piece
        return
    edges = block.edges(piece.start, piece.end)
    for begin, end in pairwise([piece.start, *edges, piece.end]):
        place = block.offset(begin)
        cuts = rendered.boundaries(place, place + end - begin)
        if not edges and not cuts:
            yield piece
            return
        for first, last in pairwise([begin, *(begin + cut - place for cut in cuts), end]):
            text = piece.text[first - piece.start : last - piece.start]
            yield replace(piece, text=text, start=first, end=last)


def span_in(block: MarkdownBlock, start: int, end: int, rendered: RenderedText) -> Span:
    """Return where characters *start* to *end* of the text of *block* were typed."""
    begin = block.offset(start)
    return rendered.span(begin, max(begin, block.offset(max(start, end - 1)) + (end > start)))


def _run(piece: InlinePiece, block: MarkdownBlock, rendered: RenderedText) -> Run:
    span = span_in(block, piece.start, piece.end, rendered)
    link = piece.link if piece.link and is_web_address(piece.link) else None
    if piece.footnote:
        return Run(piece.text, span=span, footnote=piece.footnote)
    return Run(piece.text, piece.bold, piece.italic, link, span)


def cover(runs: tuple[Run, ...]) -> Span | None:
    """Return the stretch from the first to the last of *runs*; None when there are none."""
    spans = [run.span for run in runs if run.span]
    return replace(spans[0], end=max(span.end for span in spans)) if spans else None


def without_start(runs: tuple[Run, ...], count: int) -> tuple[Run, ...]:
    """Return *runs* without their first *count* characters."""
    kept: list[Run] = []
    for run in runs:
        lost = min(count, len(run.text))
        count -= lost
        if lost < len(run.text):
            span = run.span
            if span and lost and run.is_as_typed:
                span = replace(span, start=span.start + lost)
            kept.append(replace(run, text=run.text[lost:], span=span))
    return tuple(kept)
