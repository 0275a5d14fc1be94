"""Resources that the pages of a file share: font subsets and pictures (GB/T 33190-2016, 7.9).

A font is embedded with its own character map, by which readers find the glyphs.  Only a character
that is drawn by another one, or that the font lacks, needs its glyph stated (11.4).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from unicodedata import category

from msgspec import Struct

from reportgen.characters import drawn_as
from reportgen.document.nodes import Figure
from reportgen.fonts import (
    NOTDEF,
    Face,
    FontFacts,
    FontSet,
    cut_with_names,
    describe,
    font_errors,
)
from reportgen.layout.items import DrawnFigure, Image, Item, Pagination, TextRun, TurnedText
from reportgen.writers.ofd.elements import Element, add, root

COLOUR_SPACE = 1
"""The identifier of the colour space of all colours, RGB."""
PUBLIC_RESOURCES = "PublicRes.xml"
DOCUMENT_RESOURCES = "DocumentRes.xml"
_FOLDER = "Res"
_FORMATS = {"png": "PNG", "jpeg": "JPEG"}
_BOLD = 600
KEPT = 16  # subsets cached by a process, enough for two reports


class FontSubset(Struct, frozen=True):
    """The part of a font that the pages use."""

    data: bytes
    """The font file."""
    suffix: str
    glyphs: Mapping[int, int]
    """The glyph index for each code point of its character map."""
    shaped: Mapping[int, int]
    """The glyph index for each glyph of the whole font that a shaped text has."""
    facts: FontFacts


class OfdFont(Struct, frozen=True):
    """A font of the file."""

    key: int
    """Its identifier."""
    face: Face
    subset: FontSubset

    @property
    def file_name(self) -> str:
        """The name of its file in the folder of the resources."""
        return f"font_{self.key}{self.subset.suffix}"

    def glyph_of(self, char: str) -> int | None:
        """Return the glyph of *char*; None if readers find it in the character map."""
        if not self.face.covers(char):  # in drafts only
            return NOTDEF
        drawn = drawn_as(char)[0]
        same = drawn == char and category(char) != "Co"
        return None if same else self.subset.glyphs[ord(drawn)]

    def describe(self, fonts: Element) -> None:
        """Append the font (CT_Font, 11.1) to *fonts*."""
        facts = self.subset.facts
        tag = hashlib.sha256(self.subset.data).hexdigest()[:6].upper()
        # The tag tells the subset from a whole font of the same name on the reader's computer.
        font = add(
            fonts,
            "Font",
            ID=self.key,
            FontName=f"{tag}+{facts.name or 'Font'}",
            FamilyName=self.face.family,
        )
        for name, is_so in (
            ("Italic", facts.angle != 0),
            ("Bold", facts.weight >= _BOLD),
            ("Serif", facts.is_serif),
            ("FixedWidth", facts.is_fixed),
        ):
            if is_so:
                font.set(name, "true")
        add(font, "FontFile", self.file_name)


class OfdPicture(Struct, frozen=True):
    """A picture of the file."""

    key: int
    """Its identifier."""
    figure: Figure

    @property
    def file_name(self) -> str:
        """The name of its file in the folder of the resources."""
        return f"image_{self.key}.{self.figure.kind}"


class Resources(Struct, frozen=True):
    """The fonts and the pictures of a file."""

    fonts: Mapping[str, OfdFont]
    """The fonts by the ids of their faces."""
    pictures: Mapping[str, OfdPicture]
    """The pictures by their digests."""

    def public(self) -> Element:
        """Return the part that describes the colour space and the fonts (PublicRes)."""
        part = root("Res", BaseLoc=_FOLDER)
        spaces = add(part, "ColorSpaces")
        add(spaces, "ColorSpace", ID=COLOUR_SPACE, Type="RGB", BitsPerComponent=8)
        if self.fonts:
            described = add(part, "Fonts")
            for font in self.fonts.values():
                font.describe(described)
        return part

    def of_document(self) -> Element:
        """Return the part that describes the pictures (DocumentRes)."""
        part = root("Res", BaseLoc=_FOLDER)
        media = add(part, "MultiMedias")
        for picture in self.pictures.values():
            kind = _FORMATS[picture.figure.kind]
            described = add(media, "MultiMedia", ID=picture.key, Type="Image", Format=kind)
            add(described, "MediaFile", picture.file_name)
        return part

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files of the fonts and the pictures, with their paths below the parts.

        A picture is read when it is reached, so that the memory needed does not grow with their
        number.
        """
        for font in self.fonts.values():
            yield f"{_FOLDER}/{font.file_name}", font.subset.data
        for picture in self.pictures.values():
            yield f"{_FOLDER}/{picture.file_name}", picture.figure.picture.read_opaque()


def collect(pagination: Pagination, fonts: FontSet, keys: Iterator[int]) -> Resources:
    """Return what the pages of *pagination* use; the identifiers are taken from *keys*."""
    chars: dict[str, set[str]] = defaultdict(set)
    shaped: dict[str, set[int]] = defaultdict(set)
    figures: dict[str, Figure] = {}
    for item in chain.from_iterable(page.items for page in pagination.pages):
        if isinstance(item, Image):
            figures[item.node.digest] = item.node
        for run in _runs_of(item):
            chars[run.face].update("" if run.glyphs else run.text)
            shaped[run.face].update(glyph.glyph for glyph in run.glyphs)
    subsets = {name: _subset_of(fonts.face(name), chars[name], shaped[name]) for name in chars}
    return Resources(
        {name: OfdFont(next(keys), fonts.face(name), cut) for name, cut in subsets.items()},
        {digest: OfdPicture(next(keys), figure) for digest, figure in figures.items()},
    )


def _runs_of(item: Item) -> Sequence[TextRun]:
    if isinstance(item, DrawnFigure):
        return item.runs
    if isinstance(item, TurnedText):
        return (item.run,)
    return (item,) if isinstance(item, TextRun) else ()


def _subset_of(face: Face, chars: Iterable[str], shaped: Iterable[int]) -> FontSubset:
    """Return the subset of *face* with the glyphs *shaped*, for those of *chars* it covers."""
    drawn = frozenset(drawn_as(char)[0] for char in chars if face.covers(char))
    return _cut(face, drawn, frozenset(shaped))


@lru_cache(maxsize=KEPT)
def _cut(face: Face, chars: frozenset[str], shaped: frozenset[int]) -> FontSubset:
    with font_errors(face.path):
        subset, facts = cut_with_names(face.hb_face, chars, shaped), describe(face.hb_face)
    suffix = ".otf" if subset.is_cff else ".ttf"
    return FontSubset(subset.data, suffix, subset.glyphs, subset.shaped, facts)
