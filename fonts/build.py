"""Build the font files shipped in this folder from the fonts as their publishers released them.

Run::

    python fonts/build.py SOURCE [--into FOLDER]

SOURCE is a folder with the unaltered originals (`NOTICE` names the package and version of
each), laid out as in `recipes`. An original whose SHA-256 is not the recorded one is refused.

What is done to a font is one of three things:

* ``copy``: byte for byte;
* ``subset``: glyphs outside `repertoire` are left out, with layout tables and hinting (HarfBuzz);
* ``convert``: cubic CFF outlines become quadratic TrueType ones, and the family is renamed.

The result is the same, byte for byte, on every run: nothing is taken from the clock, and the
``head`` table keeps the dates of the source. Built with fontTools 4.68.0 and uharfbuzz 0.57.0;
other versions may give other bytes. The program itself never runs this script.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import uharfbuzz as hb
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.tables.DefaultTable import DefaultTable
from fontTools.ttLib.ttGlyphSet import _TTGlyph

HERE = Path(__file__).resolve().parent

CHARACTER_LIST = HERE / "standard-characters.txt"

# Greatest distance between a CFF outline and its TrueType copy, in font units (1000 to the em).
# FandolFang's outlines are traced ones with about 240 points a glyph, so that a looser bound
# saves next to nothing (2.0: 6 %) and a closer one shows nothing at any printer's resolution.
MAX_ERROR = 1.0

# The modified version of FandolFang says in its own name table what it is, since a font file
# is often passed on alone.
FANGSONG_FAMILY = "Reportgen FangSong"
FANGSONG_NAMES = {
    1: FANGSONG_FAMILY,
    2: "Regular",
    3: "1.300;reportgen;ReportgenFangSong-Regular",
    4: FANGSONG_FAMILY,
    5: "Version 1.300; TrueType conversion of 2026-11-22",
    6: "ReportgenFangSong-Regular",
    10: (
        "Modified version of FandolFang Regular 1.300 by the Fandol team, made on 2026-11-22 for "
        "reportgen: outlines converted from CFF to TrueType, layout tables dropped, renamed."
    ),
    13: (
        "GNU General Public License, version 3, with the font exception of the Fandol fonts, "
        "which is extended to this modified version."
    ),
}

# Layout, baseline, style-linking and vertical-setting tables: the program sets horizontally,
# with one glyph for one character. DSIG would be void after any change.
DROPPED = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "STAT", "gasp", "vhea", "vmtx")
DROPPED_WITH_CFF = ("CFF ", "VORG")

# Names 0-25 describe the font (copyright, family, licence, ...); higher ones serve tables that
# are dropped.
NAME_IDS = range(26)
LICENCE_NAME = 13

# Symbols and punctuation, as ranges of code points, ends included: Latin to arrows, mathematics,
# enclosed numbers, geometric shapes; CJK radicals, punctuation, kana, bopomofo, units; vertical
# and small forms; full- and half-width forms.
SYMBOL_RANGES = (
    (0x0000, 0x2BFF),
    (0x2E00, 0x33FF),
    (0xFE10, 0xFE6F),
    (0xFF00, 0xFFEF),
)

# Han characters kept whenever the font has them: late additions to the basic block (they hold
# names of elements) and everything beyond the basic plane. Few, and hard to find elsewhere.
RARE_HAN_RANGES = ((0x9FA6, 0x9FFF), (0x20000, 0x323AF))

# Characters that the last-resort face must draw: from names of persons and places that occur
# in real reports, and the signs that 仿宋 or 楷体 lack.
LAST_RESORT = "昇璟珺燊玥翀旸洺埇鄠浉堃喆赟\U0002cb73\U0002b413〇㎡㎏㎜㎞⑪⑫⑳†―–"


class BuildError(Exception):
    """An original is missing or not the recorded one, or a built font is not fit to ship."""


@dataclass(frozen=True)
class Recipe:
    """How one shipped file comes about.

    `target` is its name in the output folder; `source` the path of the original inside SOURCE
    and `sha256` the original's checksum; `make` turns the original into the bytes to ship;
    `required` is the text which the result must be able to draw.
    """

    target: str
    source: str
    sha256: str
    make: Callable[[Path], bytes]
    required: str


def double_byte(codec: str, leads: range, trails: range) -> set[int]:
    """Return the code points that `codec` assigns to the two-byte codes `leads` x `trails`."""
    pairs = (bytes((lead, trail)) for lead in leads for trail in trails)
    decoded = (pair.decode(codec, errors="ignore") for pair in pairs)
    return {ord(text) for text in decoded if len(text) == 1}


def gb2312() -> set[int]:
    """Return the repertoire of GB 2312-80: 6,763 Han characters and its symbols."""
    return double_byte("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF))


def big5_level_1() -> set[int]:
    """Return the 5,401 Han characters in common use of Big5 (lead bytes A4 to C6)."""
    return {c for c in double_byte("big5", range(0xA4, 0xC7), range(0x40, 0xFF)) if c >= 0x4E00}


def general_standard(path: Path = CHARACTER_LIST) -> set[int]:
    """Return the 8,105 characters of the 通用规范汉字表 (2013), read from `path`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {ord(char) for line in lines if not line.startswith("#") for char in line}


def spread(ranges: Iterable[tuple[int, int]]) -> set[int]:
    """Return all code points of `ranges`, whose ends are included."""
    return {code for first, last in ranges for code in range(first, last + 1)}


def repertoire() -> set[int]:
    """Return the code points a subset face keeps, as far as the original has them."""
    symbols = spread(SYMBOL_RANGES) | spread(RARE_HAN_RANGES)
    return gb2312() | general_standard() | big5_level_1() | symbols


def text_of(codes: Iterable[int]) -> str:
    """Return the characters of `codes` as one string, in code point order."""
    return "".join(map(chr, sorted(codes)))


def copy(path: Path) -> bytes:
    """Return the original unaltered."""
    return path.read_bytes()


def tag(name: str) -> int:
    """Return an OpenType table tag as the number by which HarfBuzz knows it."""
    return int.from_bytes(name.encode("ascii"), "big")


def subset(path: Path) -> bytes:
    """Return the font at `path` cut down to `repertoire`, without layout tables and hinting.

    The name table keeps its descriptive records, the licence among them. HarfBuzz keeps English
    records only, and the originals have no others.
    """
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(repertoire())
    wanted.flags = hb.SubsetFlags.NO_HINTING
    wanted.drop_table_tag_set.update(map(tag, DROPPED))
    wanted.name_id_set.update(NAME_IDS)
    return bytes(hb.subset(open_face(path.read_bytes()), wanted).blob.data)


def convert(path: Path) -> bytes:
    """Return the CFF font at `path` (FandolFang) as a TrueType font under its new name."""
    font = TTFont(path, recalcTimestamp=False)
    set_outlines(font)
    set_character_map(font)
    set_names(font, FANGSONG_NAMES)
    for name in (*DROPPED, *DROPPED_WITH_CFF):
        if name in font:
            del font[name]
    font.sfntVersion = "\x00\x01\x00\x00"
    return saved(font)


def set_outlines(font: TTFont) -> None:
    """Give `font` quadratic outlines in place of its cubic ones, within `MAX_ERROR`."""
    order = font.getGlyphOrder()
    cubic = font.getGlyphSet()
    glyf = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = {name: quadratic(cubic[name]) for name in order}
    font["loca"] = newTable("loca")
    font["glyf"] = glyf
    font["maxp"] = maximum_profile(len(order))
    font["post"].formatType = 3.0
    metrics = font["hmtx"].metrics
    for name, glyph in glyf.glyphs.items():
        glyph.recalcBounds(glyf)
        metrics[name] = (metrics[name][0], getattr(glyph, "xMin", 0))


def quadratic(outline: _TTGlyph) -> Glyph:
    """Return the TrueType form of one cubic `outline` of a fontTools glyph set."""
    pen = TTGlyphPen(None)
    outline.draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
    return pen.glyph(dropImpliedOnCurves=True)


def maximum_profile(glyphs: int) -> DefaultTable:
    """Return a `maxp` table without instructions; fontTools fills in the outline counts."""
    table = newTable("maxp")
    table.tableVersion = 0x00010000
    table.numGlyphs = glyphs
    table.maxZones = 1
    for field in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
    ):
        setattr(table, field, 0)
    return table


def set_character_map(font: TTFont) -> None:
    """Replace the character maps by Unicode ones, formats 4 and 12, without control characters."""
    full = {code: name for code, name in font.getBestCmap().items() if code >= 0x20}
    basic = {code: name for code, name in full.items() if code <= 0xFFFF}
    table = newTable("cmap")
    table.tableVersion = 0
    table.tables = [
        character_map(4, 0, 3, basic),
        character_map(12, 0, 4, full),
        character_map(4, 3, 1, basic),
        character_map(12, 3, 10, full),
    ]
    font["cmap"] = table


def character_map(form: int, platform: int, encoding: int, names: dict[int, str]) -> CmapSubtable:
    """Return one `cmap` subtable of format `form`, from code points to glyph names."""
    table = CmapSubtable.newSubtable(form)
    table.platformID, table.platEncID, table.language = platform, encoding, 0
    table.cmap = names
    return table


def set_names(font: TTFont, names: dict[int, str]) -> None:
    """Set `names` (by name ID) in English for Windows; drop the Macintosh records and ID 16."""
    table = font["name"]
    table.names = [name for name in table.names if name.platformID == 3 and name.nameID != 16]
    for name_id, text in names.items():
        table.setName(text, name_id, 3, 1, 0x409)


def saved(font: TTFont) -> bytes:
    """Return the bytes of `font` as a font file."""
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def open_face(data: bytes) -> hb.Face:
    """Return the font file `data` as a HarfBuzz face."""
    return hb.Face(hb.Blob(data))


def undrawable(data: bytes, text: str) -> str:
    """Return what of `text` the font `data` does not map, or maps to an empty outline."""
    font = hb.Font(open_face(data))
    return "".join(char for char in text if not has_ink(font, char))


def has_ink(font: hb.Font, char: str) -> bool:
    """Tell whether `font` maps `char` to a glyph with an outline; white space needs none."""
    glyph = font.get_nominal_glyph(ord(char))
    if not glyph:
        return False
    extents = font.get_glyph_extents(glyph)
    return char.isspace() or bool(extents and extents.width and extents.height)


def original(recipe: Recipe, source: Path) -> Path:
    """Return the path of the recipe's original in `source`, checked to be the recorded one."""
    path = source / recipe.source
    if not path.is_file():
        raise BuildError(f"{recipe.source}: not found in the source folder")
    if checksum(path.read_bytes()) != recipe.sha256:
        raise BuildError(f"{recipe.source}: not the recorded version (SHA-256 differs)")
    return path


def build(recipe: Recipe, source: Path, into: Path) -> str:
    """Write the recipe's file into the folder `into`; return its SHA-256."""
    data = recipe.make(original(recipe, source))
    missing = undrawable(data, recipe.required)
    if missing:
        raise BuildError(f"{recipe.target}: cannot draw {missing[:40]}")
    if not open_face(data).get_name(LICENCE_NAME):
        raise BuildError(f"{recipe.target}: the name table has lost its licence")
    (into / recipe.target).write_bytes(data)
    sys.stdout.write(f"{recipe.target}  {len(data):,} bytes\n")
    return checksum(data)


def checksum(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def recipes() -> tuple[Recipe, ...]:
    """Return how each shipped font is made, in the order of the roles in `faces.yaml`."""
    hanzi = text_of(code for code in gb2312() if 0x4E00 <= code <= 0x9FFF)
    broad = text_of(general_standard() | big5_level_1()) + hanzi
    return (
        Recipe(
            "NotoSerifSC-SemiBold.subset.ttf",
            "noto-serif-sc/NotoSerifSC_600SemiBold.ttf",
            "5d19e0f438d4a30371f584d34a87c9232dba0a85237db63fe5337fe743487def",
            subset,
            broad,
        ),
        Recipe(
            "ReportgenFangSong-Regular.ttf",
            "fandol/FandolFang-Regular.otf",
            "d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9",
            convert,
            hanzi,
        ),
        Recipe(
            "NotoSansSC-Regular.subset.ttf",
            "noto-sans-sc/NotoSansSC_400Regular.ttf",
            "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
            subset,
            broad,
        ),
        Recipe(
            "gkai00mp.ttf",
            "arphic/gkai00mp.ttf",
            "61519fb9bdda4a1a3aa02a12cbb76c2ef897ce879775d7ea2265d0a65fe54d16",
            copy,
            hanzi,
        ),
        Recipe(
            "NotoSerifSC-Regular.ttf",
            "noto-serif-sc/NotoSerifSC_400Regular.ttf",
            "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742",
            copy,
            broad + LAST_RESORT,
        ),
        Recipe(
            "LiberationSerif-Regular.ttf",
            "liberation/LiberationSerif-Regular.ttf",
            "29d12439831b7f59194efec85872f24f54eff05738933f9a860220d2abff88ba",
            copy,
            text_of(range(0x21, 0x7F)),
        ),
    )


def main(arguments: list[str] | None = None) -> int:
    """Build every font and write `SHA256SUMS` beside them; 1 when something is wrong."""
    parser = argparse.ArgumentParser(description="Build the shipped fonts from the originals.")
    parser.add_argument("source", type=Path, help="folder with the original fonts")
    parser.add_argument("--into", type=Path, default=HERE, help="output folder (default: fonts/)")
    options = parser.parse_args(arguments)
    options.into.mkdir(parents=True, exist_ok=True)
    try:
        sums = {r.target: build(r, options.source, options.into) for r in recipes()}
    except BuildError as error:
        sys.stderr.write(f"build.py: {error}\n")
        return 1
    lines = [f"{digest}  {name}\n" for name, digest in sorted(sums.items())]
    (options.into / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
