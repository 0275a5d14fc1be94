"""reportlab's canvas and document, fit for tagged PDF/A and for files larger than memory.

reportlab makes the file: objects and their numbers, strings, names, pages, operators,
bookmarks, links, cross references.  Everything that depends on how it works inside is
here.  What 5.1 does otherwise, or not at all:

- it keeps the whole file in memory until the end: :class:`FileWriter` writes what is complete;
- a stream has no end of line before ``endstream``, which PDF/A asks for: :class:`Stream`;
- it leaves out page and catalog entries that it does not know;
- it selects Helvetica on every page, though nothing is set in it;
- the file identifier is drawn from the clock or the environment, not from the content;
- settings in the user's home folder and in the environment change what it writes;
- it cannot mark content, nor show text that is already encoded;
- it sets colours and line widths that already hold.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, BinaryIO

from reportlab import rl_config
from reportlab.lib.rl_accel import fp_str
from reportlab.pdfbase.pdfdoc import (
    BasicFonts,
    DummyDoc,
    PDFArray,
    PDFCrossReferenceTable,
    PDFDictionary,
    PDFDocument,
    PDFFile,
    PDFIndirectObject,
    PDFName,
    PDFObject,
    PDFStream,
    PDFString,
    PDFText,
    PDFTrailer,
    xObjectName,
)
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

FLATE_LEVEL = 2  # 6 takes more than twice the time and makes a file of text a twentieth smaller
_END_OF_LINE = b"\r\n"  # both: one alone makes a line end of two where content ends in the other
_UNENCRYPTED = DummyDoc()

Colour = tuple[float, float, float]
_BLACK: Colour = (0, 0, 0)

rl_config.pdfMultiLine = rl_config.pdfComments = 0  # equal input gives equal bytes


@lru_cache(maxsize=512)
def name(value: str) -> bytes:
    """Return the name object of *value*; reportlab leaves the slash of a media type as it is."""
    return ("/" + "#2F".join(PDFName(part)[1:] for part in value.split("/"))).encode("ascii")


def string(value: str) -> bytes:
    """Return the string object of *value*, for what is written many times."""
    shown: bytes = PDFString(value).format(_UNENCRYPTED)
    return shown


def dictionary(entries: Mapping[str, bytes]) -> bytes:
    """Return the dictionary object of *entries*, whose values are objects already.

    Equal keys share one form, filled in: a table has an element for every cell, and
    reportlab formats key by key, fifty times as long.
    """
    return _form_of(tuple(entries)) % tuple(entries.values())


@lru_cache(maxsize=256)
def _form_of(keys: tuple[str, ...]) -> bytes:
    form: bytes = PDFDictionary(OrderedDict.fromkeys(keys, b"%b")).format(_UNENCRYPTED)
    return form


class _Encoded(PDFObject):  # type: ignore[misc]
    """The data of a stream: the end of line behind them is not part of their length."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __len__(self) -> int:
        return len(self._data)

    def format(self, document: PDFDocument) -> bytes:
        return self._data + _END_OF_LINE


class Stream(PDFStream):  # type: ignore[misc]
    """A stream with *entries* in its dictionary: *data* deflated, or as they are if *encoded*."""

    def __init__(
        self, entries: Mapping[str, object], data: bytes, *, encoded: bool = False
    ) -> None:
        if not encoded:
            entries, data = {**entries, "Filter": name("FlateDecode")}, deflate(data)
        super().__init__(PDFDictionary(dict(entries)), _Encoded(data))


def deflate(data: bytes) -> bytes:
    """Return *data* as FlateDecode reads them (ISO 32000-1, 7.4.4)."""
    return zlib.compress(data, FLATE_LEVEL)


class _Output(PDFFile):  # type: ignore[misc]
    """reportlab's count of bytes, handing them on instead of keeping them."""

    def __init__(self, stream: BinaryIO, version: tuple[int, int]) -> None:
        super().__init__(version)
        stream.write(b"".join(self.strings))
        self.write = stream.write


class FileWriter(PDFDocument):  # type: ignore[misc]
    """A document whose objects go to *stream* when they are complete, the rest at the end.

    An object may say by a ``fingerprint`` what it adds to the file identifier; otherwise
    it adds all its bytes.
    """

    def __init__(self, stream: BinaryIO, version: tuple[int, int], language: str) -> None:
        super().__init__(pdfVersion=version, lang=language, invariant=1)
        self.signature = hashlib.md5(usedforsecurity=False)
        self.Catalog.__NoDefault__ = [*self.Catalog.__NoDefault__, "OutputIntents", "AF"]
        self._output = _Output(stream, version)
        self._references: dict[PDFObject, bytes] = {}

    def reference(self, thing: PDFObject) -> bytes:
        """Return the reference to *thing*, which gets its number at the first; remembered."""
        shown = self._references.get(thing)
        if shown is None:
            shown = self._references[thing] = self.Reference(thing).format(self)
        return shown

    def write(self, thing: PDFObject, key: str | None = None) -> Any:
        """Write *thing*, complete as it is, and return a reference to it; it is not kept.

        reportlab knows it by *key*, if there is one.
        """
        reference = self.Reference(thing, key)
        self._put(reference.name)
        return reference

    def add_font(self, resource: str, font: PDFObject) -> None:
        """Let every page know *font* as *resource*."""
        self.idToObject[BasicFonts].dict[resource] = self.write(font)

    def format(self) -> bytes:
        """Write what is left, the cross references and the trailer; return nothing more."""
        number = 0
        while number < len(self.numberToId):  # formatting an object may bring others
            number += 1
            if self.numberToId[number] not in self.idToOffset:
                self._put(self.numberToId[number])
        table = PDFCrossReferenceTable()
        table.addsection(0, list(self.numberToId.values()))
        trailer = PDFTrailer(
            startxref=self._output.add(table.format(self)),
            Size=number + 1,
            Root=self.Reference(self.Catalog),
            Info=self.Reference(self.info),
            ID=self.ID(),
        )
        self._output.add(trailer.format(self))
        return b""

    def _put(self, key: str) -> None:
        thing = self.idToObject[key]
        shown = PDFIndirectObject(key, thing).format(self)
        self.updateSignature(getattr(thing, "fingerprint", shown))
        self.idToOffset[key] = self._output.add(shown)
        self.idToObject[key] = None


class EncodedText(PDFTextObject):  # type: ignore[misc]
    """Text in a font of :meth:`FileWriter.add_font`, as codes of two bytes."""

    def set_font(self, resource: str, size: float) -> None:
        """Use the font known to pages as *resource*."""
        if self._canvas.font_in_use != (resource, size):
            self._canvas.font_in_use = (resource, size)
            self._code.append(_selection(resource, size))

    def set_spacing(self, spacing: float) -> None:
        """Put *spacing* points more between characters than their own widths, as from here."""
        if self._canvas.spacing_in_use != spacing:
            self._canvas.spacing_in_use = spacing
            self.setCharSpace(spacing)

    def show(self, parts: Sequence[bytes | int]) -> None:
        """Show the codes in *parts*; a number between them moves back by 1/1000 em."""
        if len(parts) == 1:
            self._code.append(f"{self._object(PDFText(parts[0]))} Tj")
        else:
            mixed = [PDFText(part) if isinstance(part, bytes) else part for part in parts]
            self._code.append(f"{self._object(PDFArray(mixed))} TJ")

    def _object(self, thing: PDFObject) -> str:
        shown: str = thing.format(self._doc).decode("ascii")
        return shown


class TaggedCanvas(Canvas):  # type: ignore[misc]
    """A canvas whose content is marked, and whose pages leave memory when they are shown."""

    def __init__(self, stream: BinaryIO, version: tuple[int, int], language: str) -> None:
        super().__init__(stream, pageCompression=0, invariant=1)
        # The constructor takes no document and makes one of its own, in which nothing is yet.
        self._doc = FileWriter(stream, version, language)

    @property
    def file(self) -> FileWriter:
        """The file that the pages go to."""
        return self._doc

    @property
    def page_reference(self) -> Any:
        """A reference to the page being painted."""
        return self._doc.thisPageRef()

    def _make_preamble(self) -> None:
        self._preamble = ""

    def init_graphics_state(self) -> None:
        """Begin a page: nothing holds but what PDF begins with."""
        super().init_graphics_state()
        self._fillColorObj = self._strokeColorObj = _BLACK
        self.font_in_use: tuple[str, float] | None = None
        self.spacing_in_use = 0.0

    def begin_tagged(self, tag: str, mcid: int) -> None:
        """Begin the content number *mcid* of the page, of an element *tag* (14.7.4.2)."""
        self._code.append(_opening(tag, (("MCID", mcid),)))

    def begin_artifact(self, properties: Mapping[str, str]) -> None:
        """Begin content that is no part of the document's text (14.8.2.2)."""
        named = ((key, name(value)) for key, value in properties.items())
        self._code.append(_opening("Artifact", tuple(named)))

    def end_marked(self) -> None:
        """End what was begun last."""
        self._code.append("EMC")

    def beginText(self, x: float = 0, y: float = 0, direction: object = None) -> EncodedText:  # noqa: N802
        """Return text that begins at (*x*, *y*)."""
        return EncodedText(self, x, y)

    def set_fill(self, colour: Colour) -> None:
        """Fill, and set text, in *colour*; grey as such, so that black is printed in black only."""
        if self._fillColorObj != colour:
            if colour[0] == colour[1] == colour[2]:
                self.setFillGray(colour[0])
            else:
                self.setFillColor(colour)

    def set_stroke(self, colour: Colour, width: float) -> None:
        """Draw lines in *colour*, *width* points wide."""
        if self._strokeColorObj != colour:
            if colour[0] == colour[1] == colour[2]:
                self.setStrokeGray(colour[0])
            else:
                self.setStrokeColor(colour)
        if self._lineWidth != width:
            self.setLineWidth(width)

    def add_picture(self, key: str, picture: PDFObject) -> None:
        """Write the image XObject *picture*, to be shown by :meth:`doForm` under *key*."""
        self._doc.write(picture, xObjectName(key))

    def add_link(self, uri: str, box: Sequence[float], **entries: object) -> Any:
        """Lay a link over the rectangle *box* of the page; return a reference to the annotation."""
        self.linkURL(uri, box, **entries)
        return self._annotationrefs[-1]

    def end_page(self, key: int) -> None:
        """Show the page, which the parent tree of the tags knows by *key*."""
        self.showPage()
        page = self._doc.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = key, name("S")
        page.Contents = self._doc.write(Stream({}, page.stream.encode("ascii")))
        page.stream = None


@lru_cache(maxsize=4096)
def _opening(tag: str, properties: tuple[tuple[str, object], ...]) -> str:
    """Return the operator that begins marked content (14.6)."""
    shown = PDFDictionary(dict(properties)).format(_UNENCRYPTED).decode()
    return f"{PDFName(tag)} {shown} BDC"


@lru_cache(maxsize=64)
def _selection(resource: str, size: float) -> str:
    """Return the operator that chooses a font (9.3.1)."""
    return f"{PDFName(resource)} {fp_str(size)} Tf"
