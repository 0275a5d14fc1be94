"""What a PDF may cost to read.

pdfminer sets no limits: a few kilobytes can unpack to gigabytes, draw one form a billion times, or
name ranges of a billion characters.  Its decoders are therefore bound to ones that stop, and what
a page will draw is counted before it is drawn.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from types import SimpleNamespace
from typing import Any

from msgspec import Struct

MAX_DECODED = 60_000_000
"""Bytes that the streams of a file may unpack to, pictures not among them."""
MAX_PREDICTED = 4_000_000
"""Of these, the bytes that a predictor, slow in Python, is applied to."""
MAX_DRAWN = 8_000_000
"""Bytes of drawing operators of all pages, each form counted as often as it is drawn."""
_MAX_RANGE = 70_000
_MAX_DEPTH = 12
_DRAWN = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_BEGIN = re.compile(rb"begin(?:bf|cid|notdef)range")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{1,64})>\s*<([0-9A-Fa-f]{1,64})>\s*(?:<|\[|\d)")


class TooCostlyError(ValueError):
    """The file would take more time or memory than any report does."""

    def __init__(self) -> None:
        super().__init__("内容过于复杂，不像一份年度报告")


class _Budget(Struct):
    decoded: int = MAX_DECODED
    predicted: int = MAX_PREDICTED
    drawn: int = MAX_DRAWN


_budget: ContextVar[_Budget] = ContextVar("budget")


@contextmanager
def bounded() -> Iterator[None]:
    """Bound what pdfminer unpacks within the block; TooCostlyError where it would go further."""
    _bind_decoders()
    token = _budget.set(_Budget())
    try:
        yield
    finally:
        _budget.reset(token)


@cache
def _bind_decoders() -> None:
    """Bind the names by which pdfminer calls its decoders to those that stop.

    Outside of :func:`bounded` they decode all the same, as far as one file may.
    """
    from pdfminer import pdftypes

    names: Any = pdftypes
    names.zlib = SimpleNamespace(decompress=_inflate, error=zlib.error)
    names.decompress_corrupted = lambda data: _inflate(data, is_broken=True)
    names.rldecode = _run_lengths
    names.lzwdecode = _bounded_lzw
    names.apply_png_predictor = _predicting(names.apply_png_predictor)
    names.apply_tiff_predictor = _predicting(names.apply_tiff_predictor)


def _spend(size: int) -> None:
    budget = _budget.get(_Budget())
    budget.decoded -= size
    if budget.decoded < 0:
        raise TooCostlyError


def _inflate(data: bytes, *, is_broken: bool = False) -> bytes:
    """Return *data* unpacked; of what *is_broken*, as much as can be."""
    limit = _budget.get(_Budget()).decoded
    stream = zlib.decompressobj()
    pieces: list[bytes] = []
    size, rest = 0, data
    try:
        while rest and not stream.eof and size <= limit:
            piece = stream.decompress(rest, 1 << 20)
            rest = stream.unconsumed_tail
            pieces.append(piece)
            size += len(piece)
        if not (stream.eof or is_broken or size > limit):
            raise zlib.error("incomplete")
    except zlib.error:
        if not is_broken:
            raise
    _spend(size)
    return b"".join(pieces)


def _run_lengths(data: bytes) -> bytes:
    found = bytearray()
    place = 0
    while place < len(data) and data[place] != 128:
        length = data[place]
        if length < 128:
            found += data[place + 1 : place + 2 + length]
            place += length + 2
        else:
            found += data[place + 1 : place + 2] * (257 - length)
            place += 2
        if len(found) > MAX_DECODED:
            raise TooCostlyError
    _spend(len(found))
    return bytes(found)


def _bounded_lzw(data: bytes) -> bytes:
    from io import BytesIO

    from pdfminer.lzw import LZWDecoder

    pieces: list[bytes] = []
    for piece in LZWDecoder(BytesIO(data)).run():
        _spend(len(piece) + 40)  # each is a step in Python
        pieces.append(piece)
    return b"".join(pieces)


def _predicting(predictor: Callable[..., bytes]) -> Callable[..., bytes]:
    def bounded_predictor(*arguments: Any) -> bytes:
        budget = _budget.get(_Budget())
        budget.predicted -= len(arguments[-1])
        if budget.predicted < 0:
            raise TooCostlyError
        return predictor(*arguments)

    return bounded_predictor


def check_page(page: Any) -> None:
    """Raise TooCostlyError when drawing *page* (pdfminer's) would take too long."""
    budget = _budget.get(_Budget())
    budget.drawn -= _Cost({}).of(page.contents, page.resources, 0)
    if budget.drawn < 0:
        raise TooCostlyError


class _Cost(Struct):
    """Counts the bytes of operators; ``known`` are the forms already counted."""

    known: dict[int, int]

    def of(self, streams: Any, resources: Any, depth: int) -> int:
        """Return what *streams* draw with *resources*, forms in forms included."""
        from pdfminer.pdftypes import PDFStream, resolve1
        from pdfminer.psparser import literal_name

        if depth > _MAX_DEPTH:
            raise TooCostlyError
        resources = resolve1(resources) or {}
        _check_fonts(resources)
        found = [stream for item in streams if isinstance(stream := resolve1(item), PDFStream)]
        content = b" ".join(stream.get_data() for stream in found)
        forms = resolve1(resources.get("XObject")) or {}
        total = len(content)
        for name, times in Counter(_DRAWN.findall(content)).items():
            plain = _ESCAPE.sub(lambda code: bytes((int(code[1], 16),)), name)
            form = resolve1(forms.get(plain.decode("latin-1")))
            if isinstance(form, PDFStream) and literal_name(form.get("Subtype")) == "Form":
                total += times * self._of_form(form, resources, depth)
            if total > MAX_DRAWN:
                raise TooCostlyError
        return total

    def _of_form(self, form: Any, outer: Mapping[str, Any], depth: int) -> int:
        key = id(form)
        if key not in self.known:
            self.known[key] = 100 + self.of([form], form.get("Resources") or outer, depth + 1)
        return self.known[key]


def _check_fonts(resources: Mapping[str, Any]) -> None:
    """Raise TooCostlyError when a font names ranges that no font has."""
    from pdfminer.pdftypes import PDFStream, resolve1

    for item in (resolve1(resources.get("Font")) or {}).values():
        font = resolve1(item)
        if not isinstance(font, dict):
            continue
        below = [resolve1(one) for one in resolve1(font.get("DescendantFonts")) or ()]
        for one in (font, *(one for one in below if isinstance(one, dict))):
            for key in ("ToUnicode", "Encoding"):
                if isinstance(stream := resolve1(one.get(key)), PDFStream):
                    _check_ranges(stream.get_data())
            for key in ("W", "W2"):
                _check_widths(resolve1(one.get(key)) or ())


def _check_ranges(content: bytes) -> None:
    """Raise TooCostlyError when a CMap (9.7.5.4, ISO 32000-2) maps more than a font can have."""
    total = 0
    for piece in content.split(b"end"):
        if begin := _BEGIN.search(piece):
            for first, last in _RANGE.findall(piece, begin.end()):
                total += max(0, int(last, 16) - int(first, 16))
    if total > 4 * _MAX_RANGE:
        raise TooCostlyError


def _check_widths(widths: Any) -> None:
    from pdfminer.pdftypes import resolve1

    numbers = (resolve1(item) for item in widths)
    if any(isinstance(number, int | float) and number > _MAX_RANGE for number in numbers):
        raise TooCostlyError
