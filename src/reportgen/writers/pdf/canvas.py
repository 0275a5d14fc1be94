"""Subclasses of reportlab's canvas and document for tagged PDF/A and for files of any size.

reportlab makes the file: objects and their numbers, strings, names, pages, operators, bookmarks,
links, cross references.  All code that depends on its internals is in this module.  It changes
the following behaviour of reportlab 5.1:

- The whole file is kept in memory until the end.  :class:`FileWriter` writes each object when it
  is complete.
- There is no end of line before ``endstream``, which PDF/A requires.  :class:`Stream` adds it.
- Page and catalog entries that reportlab does not know are omitted.
- Helvetica is selected on every page, even if no text is set in it.
- The file identifier depends on the clock or the environment instead of the content.
- Settings in the user's home folder and in the environment change the output.
- Content cannot be marked, and text that is already encoded cannot be shown.
- Colours and line widths are set even if they do not change.
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

FLATE_LEVEL = 2  # level 6 takes more than twice the time and makes a text file 5 % smaller
_END_OF_LINE = b"\r\n"  # "\n" alone would form one line end with a "\r" at the end of the content
_UNENCRYPTED = DummyDoc()

Colour = tuple[float, float, float]
_BLACK: Colour = (0, 0, 0)

rl_config.pdfMultiLine = rl_config.pdfComments = 0  # equal input gives equal bytes


@lru_cache(maxsize=512)
def name(value: str) -> bytes:
    """Return the name object of *value*; the slash of a media type is escaped, unlike PDFName."""
    return ("/" + "#2F".join(PDFName(part)[1:] for part in value.split("/"))).encode("ascii")


def string(value: str) -> bytes:
    """Return the formatted string object of *value*."""
    shown: bytes = PDFString(value).format(_UNENCRYPTED)
    return shown


def dictionary(entries: Mapping[str, bytes]) -> bytes:
    """Return the formatted dictionary object of *entries*, whose values are formatted objects.

    Dictionaries with the same keys share a format string.  reportlab formats key by key, which
    takes fifty times as long, and a table has a structure element for each cell.
    """
    return _form_of(tuple(entries)) % tuple(entries.values())


@lru_cache(maxsize=256)
def _form_of(keys: tuple[str, ...]) -> bytes:
    form: bytes = PDFDictionary(OrderedDict.fromkeys(keys, b"%b")).format(_UNENCRYPTED)
    return form


class _Encoded(PDFObject):  # type: ignore[misc]
    """The data of a stream, followed by an end of line that does not count for the length."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __len__(self) -> int:
        return len(self._data)

    def format(self, document: PDFDocument) -> bytes:
        return self._data + _END_OF_LINE


class Stream(PDFStream):  # type: ignore[misc]
    """A stream with *entries* in its dictionary; *data* is deflated unless it is *encoded*."""

    def __init__(
        self, entries: Mapping[str, object], data: bytes, *, encoded: bool = False
    ) -> None:
        if not encoded:
            entries, data = {**entries, "Filter": name("FlateDecode")}, deflate(data)
        super().__init__(PDFDictionary(dict(entries)), _Encoded(data))


def deflate(data: bytes) -> bytes:
    """Return *data* compressed for FlateDecode (ISO 32000-1, 7.4.4)."""
    return zlib.compress(data, FLATE_LEVEL)


class _Output(PDFFile):  # type: ignore[misc]
    """A PDFFile that writes to a stream instead of collecting the bytes; it counts them."""

    def __init__(self, stream: BinaryIO, version: tuple[int, int]) -> None:
        super().__init__(version)
        stream.write(b"".join(self.strings))
        self.write = stream.write


class FileWriter(PDFDocument):  # type: ignore[misc]
    """A document that writes objects to *stream* when they are complete, and the rest at the end.

    The file identifier is a hash of the objects.  An object with an attribute ``fingerprint``
    contributes that instead of its bytes.
    """

    def __init__(self, stream: BinaryIO, version: tuple[int, int], language: str) -> None:
        super().__init__(pdfVersion=version, lang=language, invariant=1)
        self.signature = hashlib.md5(usedforsecurity=False)
        self.Catalog.__NoDefault__ = [*self.Catalog.__NoDefault__, "OutputIntents", "AF"]
        self._output = _Output(stream, version)
        self._references: dict[PDFObject, bytes] = {}

    def reference(self, thing: PDFObject) -> bytes:
        """Return the formatted reference to *thing*; the first call assigns its object number."""
        shown = self._references.get(thing)
        if shown is None:
            shown = self._references[thing] = self.Reference(thing).format(self)
        return shown

    def write(self, thing: PDFObject, key: str | None = None) -> Any:
        """Write the complete object *thing* and return a reference to it.

        The object is not kept.  *key* is the name by which reportlab refers to it, if any.
        """
        reference = self.Reference(thing, key)
        self._put(reference.name)
        return reference

    def add_font(self, resource: str, font: PDFObject) -> None:
        """Write *font* and add it to the resources of every page as *resource*."""
        self.idToObject[BasicFonts].dict[resource] = self.write(font)

    def format(self) -> bytes:
        """Write the remaining objects, the cross-reference table and the trailer.

        Returns no bytes, because everything has been written.
        """
        number = 0
        while number < len(self.numberToId):  # formatting an object may add others
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
    """A text object in fonts added by :meth:`FileWriter.add_font`, with codes of two bytes."""

    def setTextOrigin(self, x: float, y: float) -> None:  # noqa: N802
        """Set the text matrix to a translation to (*x*, *y*) (ISO 32000-1, 9.4.2)."""
        self._code.append(f"1 0 0 1 {_coordinate(x)} {_coordinate(y)} Tm")

    def set_font(self, resource: str, size: float) -> None:
        """Select the font *resource* at *size* points."""
        if self._canvas.font_in_use != (resource, size):
            self._canvas.font_in_use = (resource, size)
            self._code.append(_selection(resource, size))

    def set_spacing(self, spacing: float) -> None:
        """Set the character spacing to *spacing* points."""
        if self._canvas.spacing_in_use != spacing:
            self._canvas.spacing_in_use = spacing
            self.setCharSpace(spacing)

    def show(self, parts: Sequence[bytes | int]) -> None:
        """Show the codes in *parts*; a number moves the next code back, in 1/1000 em."""
        if len(parts) == 1:
            self._code.append(f"{self._object(PDFText(parts[0]))} Tj")
        else:
            mixed = [PDFText(part) if isinstance(part, bytes) else part for part in parts]
            self._code.append(f"{self._object(PDFArray(mixed))} TJ")

    def _object(self, thing: PDFObject) -> str:
        shown: str = thing.format(self._doc).decode("ascii")
        return shown


class TaggedCanvas(Canvas):  # type: ignore[misc]
    """A canvas with marked content, whose pages are written when they are complete."""

    def __init__(self, stream: BinaryIO, version: tuple[int, int], language: str) -> None:
        super().__init__(stream, pageCompression=0, invariant=1)
        # The constructor creates a document of its own; replace it while it is still empty.
        self._doc = FileWriter(stream, version, language)

    @property
    def file(self) -> FileWriter:
        """The document to which the pages are written."""
        return self._doc

    @property
    def page_reference(self) -> Any:
        """A reference to the page being painted."""
        return self._doc.thisPageRef()

    def _make_preamble(self) -> None:
        self._preamble = ""

    def init_graphics_state(self) -> None:
        """Reset the remembered state to the initial graphics state of a page."""
        super().init_graphics_state()
        self._fillColorObj = self._strokeColorObj = _BLACK
        self.font_in_use: tuple[str, float] | None = None
        self.spacing_in_use = 0.0

    def begin_tagged(self, tag: str, mcid: int) -> None:
        """Begin the marked content *mcid* of an element with *tag* (ISO 32000-1, 14.7.4.2)."""
        self._code.append(_opening(tag, (("MCID", mcid),)))

    def begin_artifact(self, properties: Mapping[str, str]) -> None:
        """Begin an artifact: content that is not part of the document's text (14.8.2.2)."""
        named = ((key, name(value)) for key, value in properties.items())
        self._code.append(_opening("Artifact", tuple(named)))

    def end_marked(self) -> None:
        """End the marked content that was begun last."""
        self._code.append("EMC")

    def beginText(self, x: float = 0, y: float = 0, direction: object = None) -> EncodedText:  # noqa: N802
        """Return a text object that begins at (*x*, *y*)."""
        return EncodedText(self, x, y)

    def set_fill(self, colour: Colour) -> None:
        """Set the colour of fills and text.

        Shades of grey are set in DeviceGray, so that black is printed with black ink only.
        """
        if self._fillColorObj != colour:
            if colour[0] == colour[1] == colour[2]:
                self.setFillGray(colour[0])
            else:
                self.setFillColor(colour)

    def set_stroke(self, colour: Colour, width: float) -> None:
        """Set the colour of lines, and their width in points."""
        if self._strokeColorObj != colour:
            if colour[0] == colour[1] == colour[2]:
                self.setStrokeGray(colour[0])
            else:
                self.setStrokeColor(colour)
        if self._lineWidth != width:
            self.setLineWidth(width)

    def add_picture(self, key: str, picture: PDFObject) -> None:
        """Write the image XObject *picture*, which ``doForm(key)`` shows."""
        self._doc.write(picture, xObjectName(key))

    def add_link(self, uri: str, box: Sequence[float], **entries: object) -> Any:
        """Add a link annotation for the rectangle *box* of the page; return a reference to it."""
        self.linkURL(uri, box, **entries)
        return self._annotationrefs[-1]

    def end_page(self, key: int) -> None:
        """Write the page; *key* is its key in the parent tree of the structure."""
        self.showPage()
        page = self._doc.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = key, name("S")
        page.Contents = self._doc.write(Stream({}, page.stream.encode("ascii")))
        page.stream = None


@lru_cache(maxsize=4096)
def _opening(tag: str, properties: tuple[tuple[str, object], ...]) -> str:
    """Return the operator that begins marked content (ISO 32000-1, 14.6)."""
    shown = PDFDictionary(dict(properties)).format(_UNENCRYPTED).decode()
    return f"{PDFName(tag)} {shown} BDC"


@lru_cache(maxsize=64)
def _selection(resource: str, size: float) -> str:
    """Return the operator that selects a font (ISO 32000-1, 9.3.1)."""
    return f"{PDFName(resource)} {fp_str(size)} Tf"


@lru_cache(maxsize=4096)
def _coordinate(value: float) -> str:
    """Return *value* formatted; most lines of a file begin at the same few coordinates."""
    shown: str = fp_str(value)
    return shown
