"""What a PDF may cost to read.

pdfminer sets no limits: a few kilobytes can unpack to gigabytes, draw one form a billion times, or
name ranges of a billion characters.  The places where it does its work are therefore bound to
functions that count, and stop when a file has had its share.  The counts do not depend on the
machine, so a file is read everywhere or nowhere.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from types import SimpleNamespace
from typing import Any

from msgspec import Struct

MAX_DECODED = 60_000_000
"""Bytes that the streams of a file may unpack to, pictures not among them."""
MAX_STEPS = 600_000
"""Steps of the interpreter, some 10 µs each; a report of ten pages takes 80,000."""
_CHARACTER, _PATH, _PREDICTED = 12, 80, 0.1
"""What else counts as steps: characters and paths drawn, bytes put to a predictor."""
_MAX_CODE = 70_000


class TooCostlyError(ValueError):
    """The file would take more time or memory than any report does."""

    def __init__(self) -> None:
        super().__init__("内容过于复杂，不像一份年度报告")


class _Budget(Struct):
    decoded: int = MAX_DECODED
    steps: float = MAX_STEPS


_budget: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def bounded() -> Iterator[None]:
    """Bound what pdfminer does within the block; TooCostlyError where it would go further."""
    _bind()
    token = _budget.set(_Budget())
    try:
        yield
    finally:
        _budget.reset(token)


def _spend(*, steps: float = 0, decoded: int = 0) -> None:
    budget = _budget.get()
    if budget is not None:
        budget.steps -= steps
        budget.decoded -= decoded
        if budget.steps < 0 or budget.decoded < 0:
            raise TooCostlyError


@cache
def _bind() -> None:
    """Bind the names by which pdfminer calls its decoders and loops to those that count."""
    from pdfminer import cmapdb, converter, pdffont, pdftypes, psparser

    # or Python prints on standard error what pdfminer thinks of a damaged file
    logging.getLogger("pdfminer").addHandler(logging.NullHandler())
    decoders: Any = pdftypes
    decoders.zlib = SimpleNamespace(decompress=_inflate, error=zlib.error)
    decoders.decompress_corrupted = lambda data: _inflate(data, is_broken=True)
    decoders.rldecode = _run_lengths
    decoders.lzwdecode = _bounded_lzw
    for name in ("apply_png_predictor", "apply_tiff_predictor"):
        _count(decoders, name, lambda arguments: len(arguments[-1]) * _PREDICTED)
    _count(psparser.PSBaseParser, "nexttoken", lambda _: 1)
    _count(converter.PDFLayoutAnalyzer, "render_char", lambda _: _CHARACTER)
    _count(converter.PDFLayoutAnalyzer, "paint_path", lambda _: _PATH)
    _count(cmapdb.FileUnicodeMap, "add_cid2unichr", lambda _: 1)
    for name in ("get_widths", "get_widths2"):
        _count(pdffont, name, lambda arguments: _cost_of_widths(arguments[0]))


def _count(owner: Any, name: str, cost: Callable[[tuple[Any, ...]], float]) -> None:
    """Bind *name* of *owner* to a function that spends *cost* of its arguments at each call."""
    work = getattr(owner, name)

    @wraps(work)
    def counted(*arguments: Any) -> Any:
        _spend(steps=cost(arguments))
        return work(*arguments)

    setattr(owner, name, counted)


def _cost_of_widths(widths: Iterable[Any]) -> float:
    """Return what the array *widths* (W, 9.7.4.3 of ISO 32000-2) costs: all of its ranges."""
    from pdfminer.pdftypes import resolve1

    numbers = [number for item in widths if isinstance(number := resolve1(item), int | float)]
    return MAX_STEPS if max(numbers, default=0) > _MAX_CODE else len(numbers)


def _inflate(data: bytes, *, is_broken: bool = False) -> bytes:
    """Return *data* unpacked; of what *is_broken*, as much as can be."""
    stream = zlib.decompressobj()
    pieces: list[bytes] = []
    rest = data
    try:
        while rest and not stream.eof:
            pieces.append(stream.decompress(rest, 1 << 20))
            rest = stream.unconsumed_tail
            _spend(decoded=len(pieces[-1]))
        if not (stream.eof or is_broken):
            raise zlib.error("incomplete")
    except zlib.error:
        if not is_broken:
            raise
    return b"".join(pieces)


def _run_lengths(data: bytes) -> bytes:
    """Return *data*, in the encoding of 7.4.5 of ISO 32000-2, unpacked."""
    found = bytearray()
    place = 0
    while place < len(data) and data[place] != 128:
        length, before = data[place], len(found)
        if length < 128:
            found += data[place + 1 : place + 2 + length]
            place += length + 2
        else:
            found += data[place + 1 : place + 2] * (257 - length)
            place += 2
        _spend(decoded=len(found) - before, steps=0.1)
    return bytes(found)


def _bounded_lzw(data: bytes) -> bytes:
    from io import BytesIO

    from pdfminer.lzw import LZWDecoder

    pieces: list[bytes] = []
    for piece in LZWDecoder(BytesIO(data)).run():
        _spend(decoded=len(piece), steps=1)
        pieces.append(piece)
    return b"".join(pieces)
