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
- A file of PDF 2.0 has an Info dictionary, and its bookmarks do not lead to structure elements.
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
    Destination,
    DummyDoc,
    OutlineEntryObject,
    PDFArray,
    PDFCrossReferenceTable,
    PDFDictionary,
    PDFDocument,
    PDFFile,
    PDFIndirectObject,
    PDFInfo,
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
PRINTED = 4
"""The flag of annotations that are printed, which PDF/A requires of all (ISO 19005-1, 6.5.3)."""
_HAS_SIGNATURE_FIELDS = 1  # ISO 32000-1, table 219

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


class _NoInfo(PDFInfo):  # type: ignore[misc]
    """The place of the document information dictionary in a file that has none."""

    def format(self, document: PDFDocument) -> bytes:
        return b"null"


class _Bookmark(PDFObject):  # type: ignore[misc]
    """A bookmark of PDF 2.0 made of reportlab's *entry*: it leads to a structure element.

    The action has the place on the page as well, for programs that do not know structure
    destinations (ISO 32000-2, 12.6.4.2).
    """

    def __init__(self, entry: OutlineEntryObject) -> None:
        self._entry = entry

    def format(self, document: FileWriter) -> bytes:
        entry, place = self._entry, self._entry.Dest
        entries = {"Title": PDFString(entry.Title), "Parent": entry.Parent}
        entries["A"] = PDFDictionary({"S": name("GoTo"), **document.both_places(place)})
        for key in ("Prev", "Next", "First", "Last", "Count"):
            value = getattr(entry, key)
            if value is not None:
                entries[key] = value
        shown: bytes = PDFDictionary(entries).format(document)
        return shown


class FileWriter(PDFDocument):  # type: ignore[misc]
    """A document that writes objects to *stream* when they are complete, and the rest at the end.

    The file identifier is a hash of the objects.  An object with an attribute ``fingerprint``
    contributes that instead of its bytes.
    """

    def __init__(self, stream: BinaryIO, version: tuple[int, int], language: str) -> None:
        super().__init__(pdfVersion=version, lang=language, invariant=1)
        self.signature = hashlib.md5(usedforsecurity=False)
        self.Catalog.__NoDefault__ = [*self.Catalog.__NoDefault__, "OutputIntents", "AF"]
        self._pdf_2 = version >= (2, 0)
        if self._pdf_2:
            self.info = _NoInfo()
        self._elements: dict[Destination, PDFObject] = {}
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

    def lead(self, place: Destination, element: PDFObject) -> None:
        """Make the bookmarks to *place* lead to the structure *element* in a file of PDF 2.0."""
        self._elements[place] = element

    def both_places(self, place: Destination) -> dict[str, bytes]:
        """Return the entries for *place* on its page and for the structure element there."""
        page = place.page
        on_page = place.format(self)
        place.setPage(self.Reference(self._elements[place]))
        in_structure = place.format(self)
        place.setPage(page)
        return {"D": on_page, "SD": in_structure}

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
            Info=None if self._pdf_2 else self.Reference(self.info),
            ID=self.ID(),
        )
        self._output.add(trailer.format(self))
        return b""

    def _put(self, key: str) -> None:
        thing = self.idToObject[key]
        if self._pdf_2 and isinstance(thing, OutlineEntryObject):
            thing = _Bookmark(thing)
        shown = PDFIndirectObject(key, thing).format(self)
        self.updateSignature(getattr(thing, "fingerprint", shown))
        self.idToOffset[key] = self._output.add(shown)
        self.idToObject[key] = None


class EncodedText(PDFTextObject):  # type: ignore[misc]
    """A text object in fonts added by :meth:`FileWriter.add_font`, with codes of two bytes."""

    _risen = 0.0

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

    def set_rise(self, rise: float) -> None:
        """Set how far text is raised above the base line, in points (9.3.7)."""
        if self._risen != rise:
            self._risen = rise
            self._code.append(f"{fp_str(rise)} Ts")

    def show(self, parts: Sequence[bytes | int]) -> None:
        """Show the codes in *parts*; a number moves the next code back, in 1/1000 em."""
        if len(parts) == 1 and isinstance(parts[0], bytes):
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

    def begin_span(self, language: str, text: str) -> None:
        """Begin content in *language* (RFC 5646) that stands for *text* (14.9.2, 14.9.4).

        Either may be empty.
        """
        entries = {"Lang": language, "ActualText": text}
        told = {key: PDFString(value) for key, value in entries.items() if value}
        shown = PDFDictionary(told).format(_UNENCRYPTED).decode("ascii")
        self._code.append(f"{PDFName('Span')} {shown} BDC")

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

    def add_bookmark(
        self, title: str, element: PDFObject, depth: int, *, closed: bool, **view: float
    ) -> None:
        """Add a bookmark to the structure *element*; *view* is its place on the current page.

        *depth* is that of the bookmark in the outline, *closed* whether those below are hidden.
        """
        key = f"h{len(self._destinations)}"
        place = self.bookmarkPage(key, fit="XYZ", **view)
        self._doc.lead(place, element)
        self.addOutlineEntry(title, key, depth, closed)

    def add_signature_field(self, box: Sequence[float], title: str, key: int) -> Any:
        """Add an empty signature field for the rectangle *box* of the page; return a reference.

        *title* names it for people and for the programs that sign (ISO 32000-1, 12.7.4.5); *key*
        is its key in the parent tree of the structure.  It shows nothing until it is signed.
        """
        left, bottom, right, top = box
        shape = PDFArray([0, 0, right - left, top - bottom])
        form = {"Type": name("XObject"), "Subtype": name("Form"), "BBox": shape}
        appearance = self._doc.write(Stream({**form, "Resources": PDFDictionary({})}, b""))
        shown = PDFString(title)
        widget = {
            "Type": name("Annot"),
            "Subtype": name("Widget"),
            "FT": name("Sig"),
            "T": shown,
            "TU": shown,
            "Contents": shown,
            "F": PRINTED,
            "Rect": PDFArray(list(box)),
            "P": self.page_reference,
            "AP": PDFDictionary({"N": appearance}),
            "StructParent": key,
        }
        self._addAnnotation(PDFDictionary(widget))
        field = self._annotationrefs[-1]
        self._doc.Catalog.__NoDefault__ = [*self._doc.Catalog.__NoDefault__, "AcroForm"]
        form_fields = {"Fields": PDFArray([field]), "SigFlags": _HAS_SIGNATURE_FIELDS}
        self.setCatalogEntry("AcroForm", form_fields)
        return field

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
