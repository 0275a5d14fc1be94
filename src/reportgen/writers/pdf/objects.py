"""The syntax of a PDF file: tokens, indirect objects, cross references (ISO 32000-1 clause 7).

Nothing here knows what the objects mean.  Values are Python's own: a mapping is
a dictionary, a sequence an array, ``str`` a text string, ``bytes`` a token
already in PDF syntax (:func:`name`, :func:`ref`, or written out in one go where
there are thousands).

The only module that knows reportlab, and only where a string needs its escapes:
``reportlab.lib`` loads Pillow with it, a tenth of what a short report takes.  Its
``PDFDocument`` is not used, because it keeps every picture in memory until the
end, has no object streams, and leaves out the end of line before ``endstream``
that PDF/A asks for.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import BinaryIO, TypeAlias

Token: TypeAlias = bytes | str | bool | int | float | Sequence["Token"] | Mapping[str, "Token"]
Chunk: TypeAlias = bytes | memoryview

FLATE_LEVEL = 2  # 6 takes more than twice the time and makes a file of text a twentieth smaller
PACK_SIZE = 200  # objects in one object stream
_BINARY_MARK = b"%\xe2\xe3\xcf\xd3\n"  # ISO 19005-1, 6.1.2: four bytes above 127
_IRREGULAR = re.compile(rb"[^!-~]|[()<>\[\]{}/%#]")  # in a name (7.3.5)
_ESCAPED = re.compile(r"[^ -~]|[()\\]")  # in a literal string (7.3.4.2)
_STREAM_END = b"\r\nendstream\nendobj\n"
"""An end of line before ``endstream`` (ISO 19005-1, 6.1.7), both characters of it: one alone
would make a line end of two where the content happens to end in the other."""
_XREF_ROW = struct.Struct(">BIH")


@lru_cache(maxsize=512)
def name(value: str) -> bytes:
    """Return the name object of *value*, irregular bytes as ``#xx`` (7.3.5)."""
    return b"/" + _IRREGULAR.sub(lambda found: b"#%02x" % ord(found[0]), value.encode())


def ref(number: int) -> bytes:
    """Return an indirect reference to object *number* (7.3.10)."""
    return b"%d 0 R" % number


def text(value: str) -> bytes:
    """Return a text string: a literal for ASCII, else UTF-16BE with a mark (7.9.2.2)."""
    if not value.isascii():
        return b"<feff%b>" % value.encode("utf-16-be").hex().encode()
    if _ESCAPED.search(value):
        from reportlab.lib.rl_accel import escapePDF

        value = escapePDF(value)
    return b"(%b)" % value.encode()


def hexadecimal(value: bytes) -> bytes:
    """Return the byte string *value* written in hexadecimal (7.3.4.3)."""
    return b"<" + value.hex().upper().encode() + b">"


@lru_cache(maxsize=4096)
def decimal(value: float, places: int = 3) -> str:
    """Return *value* to so many places, without exponent or idle zeros (7.3.3).

    Remembered: pages repeat their base lines, tables their edges.
    """
    if isinstance(value, int):
        return str(value)
    shown = f"{value:.{places}f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def token(value: Token) -> bytes:
    """Return *value* in PDF syntax."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return text(value)
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, int | float):
        return decimal(value).encode()
    if isinstance(value, Mapping):
        return b"<<%b>>" % b"".join([b"%b %b" % (name(k), token(v)) for k, v in value.items()])
    return b"[%b]" % b" ".join([token(item) for item in value])


def references(numbers: Iterable[int]) -> bytes:
    """Return *numbers* as an array of indirect references."""
    return b"[%b]" % b" ".join([b"%d 0 R" % number for number in numbers])


def deflate(data: bytes) -> bytes:
    """Return *data* as FlateDecode reads it (7.4.4)."""
    return zlib.compress(data, FLATE_LEVEL)


class PdfFile:
    """A PDF file being written to *stream* from its first byte to its last.

    Objects leave memory as they come.  With ``version`` 1.5 or later those
    without a stream are packed into object streams (7.5.7) under a cross
    reference stream (7.5.8); before, everything is plain (ISO 19005-1, 6.1.4).
    """

    def __init__(self, stream: BinaryIO, version: tuple[int, int]) -> None:
        self._stream = stream
        self._offset = 0
        self._count = 0
        self._places: dict[int, tuple[int, int, int]] = {}  # number: type, field 2, field 3
        self._packing = version >= (1, 5)
        self._waiting: list[tuple[int, bytes]] = []
        self._hash = hashlib.blake2b(digest_size=16)
        self._write(b"%%PDF-%d.%d\n" % version + _BINARY_MARK)

    def reserve(self) -> int:
        """Return the number of an object to be written later."""
        self._count += 1
        return self._count

    def add(self, value: Token, number: int | None = None) -> int:
        """Write *value* as object *number* (a new one if None) and return its number."""
        number = number or self.reserve()
        body = token(value)
        if not self._packing:
            self._place(number)
            self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
            return number
        self._waiting.append((number, body))
        if len(self._waiting) >= PACK_SIZE:
            self._flush()
        return number

    def add_stream(
        self,
        entries: Mapping[str, Token],
        chunks: Sequence[Chunk],
        number: int | None = None,
        fingerprint: bytes = b"",
    ) -> int:
        """Write a stream of *chunks*, encoded as *entries* say; return its number.

        *fingerprint* stands for the content in the file identifier where the
        caller already has a hash of it.
        """
        number = number or self.reserve()
        length = sum(len(chunk) for chunk in chunks)
        self._place(number)
        self._write(b"%d 0 obj\n%s\nstream\n" % (number, token({**entries, "Length": length})))
        if fingerprint:
            self._hash.update(fingerprint)
        for chunk in chunks:
            self._write(chunk, hashed=not fingerprint)
        self._write(_STREAM_END)
        return number

    def add_flate(
        self, entries: Mapping[str, Token], data: bytes, number: int | None = None
    ) -> int:
        """Compress *data* and write it as a stream; return its number."""
        return self.add_deflated(entries, deflate(data), number)

    def add_deflated(
        self, entries: Mapping[str, Token], packed: bytes, number: int | None = None
    ) -> int:
        """Write *packed*, which :func:`deflate` made, as a stream; return its number."""
        return self.add_stream({**entries, "Filter": name("FlateDecode")}, [packed], number)

    def finish(self, catalog: int, info: int) -> None:
        """Write cross references and trailer; the file identifier is a hash of the content."""
        self._flush()
        identifier = hexadecimal(self._hash.digest())
        trailer: dict[str, Token] = {
            "Root": ref(catalog),
            "Info": ref(info),
            "ID": [identifier, identifier],
        }
        start = self._offset
        if self._packing:
            self._finish_with_stream(trailer)
        else:
            self._finish_with_table(trailer)
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _finish_with_table(self, trailer: dict[str, Token]) -> None:
        lines = [b"xref\n0 %d\n0000000000 65535 f \n" % (self._count + 1)]
        lines += [b"%010d 00000 n \n" % self._places[n][1] for n in range(1, self._count + 1)]
        self._write(b"".join(lines))
        self._write(b"trailer\n" + token({"Size": self._count + 1, **trailer}) + b"\n")

    def _finish_with_stream(self, trailer: dict[str, Token]) -> None:
        number = self.reserve()
        self._place(number)
        rows = [_XREF_ROW.pack(0, 0, 0xFFFF)]
        rows += [_XREF_ROW.pack(*self._places[n]) for n in range(1, self._count + 1)]
        entries: dict[str, Token] = {
            "Type": name("XRef"),
            "Size": self._count + 1,
            "W": [1, 4, 2],
            **trailer,
        }
        self.add_flate(entries, b"".join(rows), number)

    def _flush(self) -> None:
        if not self._waiting:
            return
        number = self.reserve()
        starts = accumulate([len(body) + 1 for _, body in self._waiting], initial=0)
        head: list[str] = []
        for index, ((member, _), start) in enumerate(zip(self._waiting, starts, strict=False)):
            head.append(f"{member} {start}")
            self._places[member] = (2, number, index)
        first = (" ".join(head) + "\n").encode()
        bodies = b"\n".join([body for _, body in self._waiting])
        entries: dict[str, Token] = {
            "Type": name("ObjStm"),
            "N": len(self._waiting),
            "First": len(first),
        }
        self._waiting = []
        self.add_flate(entries, first + bodies, number)

    def _place(self, number: int) -> None:
        self._places[number] = (1, self._offset, 0)

    def _write(self, data: Chunk, hashed: bool = True) -> None:
        self._stream.write(data)
        self._offset += len(data)
        if hashed:
            self._hash.update(data)
