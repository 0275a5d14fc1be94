"""Tests of the font table, the theme and embedded fonts."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import uharfbuzz as hb
from lxml import etree

from reportgen.problems import EnvironmentProblem
from reportgen.writers.docx import write_docx
from reportgen.writers.docx.fonts import EmbeddedFont, embed_fonts, may_embed, obfuscate
from tests.builders import write_damaged_font
from tests.unit.writers.docx.docx_sample import (
    FACES,
    FONTS,
    W,
    brief,
    build,
    everything,
    hints_for,
    part,
)

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def test_the_table_lists_each_font_once_with_its_substitutes() -> None:
    fonts = [brief(font) for font in part(build(everything()), "word/fontTable.xml")]
    assert sorted(fonts) == sorted(
        f"font{{name={face.docx}}}/(altName{{val={face.docx}_GBK,SimSun}},"
        "panose1{val=02010609030101010101},charset{val=86},family{val=modern},pitch{val=fixed})"
        for face in FACES.values()
    )


def test_the_theme_offers_the_fonts_of_the_body() -> None:
    theme = part(build(everything()), "word/theme/theme1.xml")
    fonts = [brief(font) for kind in ("majorFont", "minorFont") for font in theme.iter(A + kind)]
    inner = "a:latin{typeface=Times New Roman},a:ea{typeface=仿宋_GB2312},a:cs{typeface=}"
    assert fonts == [f"a:majorFont/({inner})", f"a:minorFont/({inner})"]


SOURCE = everything()
FILES = {role: FONTS.faces_of(role)[0] for role in FONTS.roles}
EMBEDDED = embed_fonts(SOURCE, lambda name, _chars: FILES.get(name))
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def build_embedded() -> bytes:
    stream = BytesIO()
    write_docx(SOURCE, hints_for(SOURCE), stream, FACES, EMBEDDED)
    return stream.getvalue()


def revealed(font: EmbeddedFont) -> bytes:
    """Return the font without its obfuscation (ECMA-376 17.8.1)."""
    mask = bytes.fromhex(font.key.strip("{}").replace("-", ""))[::-1]
    return bytes(b ^ mask[i % 16] for i, b in enumerate(font.data[:32])) + font.data[32:]


def test_faces_are_embedded_as_far_as_their_licence_allows() -> None:
    assert {"仿宋", "宋体", "黑体", "小标宋", "西文"} >= EMBEDDED.keys() >= {"仿宋", "西文"}
    assert not may_embed(FONTS.faces_of("楷体")[0].hb_face)


@pytest.mark.parametrize(("table", "length"), [("maxp", 2), ("cmap", 6), ("GPOS", 6), ("post", 6)])
def test_a_damaged_font_is_an_environment_problem(tmp_path: Path, table: str, length: int) -> None:
    face = write_damaged_font(tmp_path / "own.ttf", table, length=length)
    with pytest.raises(EnvironmentProblem, match=r"字体文件.*own\.ttf"):
        embed_fonts(SOURCE, lambda _name, _chars: face)


def test_the_mask_covers_the_first_32_bytes_and_is_drawn_from_the_content() -> None:
    data, key = obfuscate(bytes(64))
    assert data[:16] == data[16:32] != bytes(16)
    assert data[32:] == bytes(32)
    assert (data, key) == obfuscate(bytes(64))


def test_an_embedded_font_opens_again_and_has_the_text() -> None:
    face = hb.Face(revealed(EMBEDDED["仿宋"]))
    font = hb.Font(face)
    assert face.get_name(1) == EMBEDDED["仿宋"].family
    assert all(font.get_nominal_glyph(ord(char)) for char in "根据“条例”要求编制。")


def test_styles_name_the_embedded_font_and_the_official_one_stands_behind_it() -> None:
    data = build_embedded()
    table = part(data, "word/fontTable.xml")
    fonts = {font.get(f"{W}name"): font for font in table}
    font = fonts[EMBEDDED["仿宋"].family]
    other = font.find(f"{W}altName")
    carried = font.find(f"{W}embedRegular")
    assert other is not None
    assert str(other.get(f"{W}val")).startswith("仿宋_GB2312,")
    assert carried is not None
    assert carried.get(f"{W}fontKey") == EMBEDDED["仿宋"].key
    assert fonts["楷体_GB2312"].find(f"{W}embedRegular") is None
    with ZipFile(BytesIO(data)) as package:
        relations = etree.fromstring(package.read("word/_rels/fontTable.xml.rels"))
        targets = {r.get("Id"): f"word/{r.get('Target')}" for r in relations}
        assert package.read(targets[carried.get(f"{R}id")]) == EMBEDDED["仿宋"].data


def test_settings_say_that_fonts_are_embedded_in_part() -> None:
    settings = part(build_embedded(), "word/settings.xml")
    tags = [child.tag.removeprefix(W) for child in settings][:3]
    assert tags == ["zoom", "embedTrueTypeFonts", "saveSubsetFonts"]


def test_equal_documents_with_fonts_are_equal_files() -> None:
    assert build_embedded() == build_embedded()
