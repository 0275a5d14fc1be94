"""Tests of embedded fonts: subsets, CMaps, descriptors."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1

from reportgen.document.nodes import Paragraph
from reportgen.fonts.faces import Face, FontSet
from reportgen.fonts.files import cut, describe
from reportgen.layout.items import Page, Pagination, TextRun
from reportgen.problems import EnvironmentProblem
from reportgen.text import Run
from reportgen.writers.pdf import PROFILES, write_pdf
from reportgen.writers.pdf.fonts import CompositeFont, program_of, to_unicode
from tests.builders import write_damaged_font
from tests.opentype import write_cff_font
from tests.unit.writers.pdf import pdf_sample


def _fonts(profile: str) -> list[Any]:
    document = PDFDocument(PDFParser(io.BytesIO(pdf_sample.written(profile))))
    page = resolve1(resolve1(resolve1(document.catalog["Pages"])["Kids"][0]))
    fonts = resolve1(resolve1(page["Resources"])["Font"])
    return [resolve1(font) for font in fonts.values()]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_font_is_embedded_and_cut_down(profile: str) -> None:
    found = _fonts(profile)
    assert len(found) == 6
    for font in found:
        descendant = resolve1(resolve1(font["DescendantFonts"])[0])
        descriptor = resolve1(descendant["FontDescriptor"])
        program = resolve1(descriptor["FontFile2"]).get_data()
        tag, plus, rest = font["BaseFont"].name.partition("+")
        assert (len(tag), plus, tag.isupper(), bool(rest)) == (6, "+", True, True)
        assert descendant["BaseFont"].name == descriptor["FontName"].name == font["BaseFont"].name
        assert program[:4] == b"\0\1\0\0"
        assert len(program) < 100_000
        assert ("CIDSet" in descriptor) is (profile == "a-1a")


def test_every_subset_is_symbolic_and_only_the_latin_one_has_serifs() -> None:
    flags = {}
    for font in _fonts("a-3a"):
        descendant = resolve1(resolve1(font["DescendantFonts"])[0])
        name = font["BaseFont"].name.partition("+")[2]
        flags[name] = resolve1(descendant["FontDescriptor"])["Flags"]
    assert flags.pop("LiberationSerif") == 4 + 2
    assert all(value & 4 and not value & 64 for value in flags.values())


def test_only_the_faces_used_are_embedded() -> None:
    names = {font["BaseFont"].name.partition("+")[2] for font in _fonts("a-3a")}
    assert "ReportgenFangSong-Regular" in names
    assert len(names) == 6


def test_the_cmap_has_blocks_of_at_most_a_hundred_and_surrogates() -> None:
    chars = [chr(0x4E00 + index) for index in range(199)] + ["𬭳"]
    shown = to_unicode(chars).decode("ascii")
    assert shown.count("100 beginbfchar") == 2
    assert "<0001> <4e00>" in shown
    assert "<00C8> <d872df73>" in shown


def test_a_private_character_is_extracted_as_unknown() -> None:
    shown = to_unicode("国\ue000\U000f0000").decode("ascii")
    for row in ("<0001> <56fd>", "<0002> <fffd>", "<0003> <fffd>"):
        assert row in shown


def test_a_subset_differs_with_its_characters_and_not_with_when_it_was_cut() -> None:
    face = pdf_sample.fonts().face("仿宋")
    one = cut(face.hb_face, "公")
    assert cut(face.hb_face, "公") == one
    assert program_of(face, frozenset("开")).name != program_of(face, frozenset("公")).name


def test_a_subset_of_the_same_characters_is_cut_once() -> None:
    face = pdf_sample.fonts().face("仿宋")
    one = program_of(face, frozenset("政府"))
    assert program_of(face, frozenset("府政")) is one


@pytest.mark.parametrize(("table", "length"), [("hhea", 0), ("head", 6), ("maxp", 2)])
def test_a_damaged_font_is_an_environment_problem(tmp_path: Path, table: str, length: int) -> None:
    path = tmp_path / "own.ttf"
    face = write_damaged_font(path, table, length=length)
    with pytest.raises(EnvironmentProblem, match=r"字体文件.*own\.ttf"):
        program_of(face, frozenset("ab"))


def test_a_character_that_the_face_lacks_is_shown_as_a_square_and_extracted_as_typed() -> None:
    node = Paragraph("body", (Run("😀"),))
    run = TextRun(10, 100, "宋体", 16, "😀", (0.0,), 16, node)
    pages = Pagination((Page(1, 595, 842, (run,)),), ())
    buffer = io.BytesIO()
    write_pdf(pdf_sample.document((node,)), pages, pdf_sample.fonts(), buffer)
    with pypdfium2.PdfDocument(buffer.getvalue()) as opened:
        assert opened[0].get_textpage().get_text_range() == "😀"
        ink = opened[0].render(scale=2).to_pil().convert("L").crop((20, 170, 56, 210))
        assert ink.getextrema()[0] < 100


def test_a_letter_without_glyph_in_a_shaped_text_is_as_wide_as_the_square() -> None:
    face = pdf_sample.fonts().face("宋体")
    assert CompositeFont(face, "F1").encode_glyph(0, "ئ") == (b"\0\1", face.advance("□") * 1000)


def test_a_subset_renumbers_its_glyphs() -> None:
    program = cut(pdf_sample.fonts().face("仿宋").hb_face, "龙")
    assert 0 < program.glyphs[ord("龙")] < 10


def test_a_subset_holds_nothing_but_its_glyphs() -> None:
    program = cut(pdf_sample.fonts().face("西文").hb_face, "(")
    assert program.glyphs == {ord("("): 1}  # not the closing bracket that mirrors it
    (count,) = struct.unpack_from(">H", _table(program.data, b"maxp"), 4)
    assert count == 2  # and .notdef


def _table(font: bytes, tag: bytes) -> bytes:
    """Return the table *tag* of the font file *font*."""
    offset, length = struct.unpack_from(">II", font, font.index(tag, 12) + 8)
    return font[offset : offset + length]


def test_a_font_is_described_in_thousandths_of_an_em() -> None:
    latin = describe(pdf_sample.fonts().face("西文").hb_face)
    assert (latin.ascent, latin.descent, latin.angle) == (693, -216, 0)
    assert (latin.is_serif, latin.is_fixed) == (True, False)
    assert latin.name == "LiberationSerif"


def test_cff_outlines_are_embedded_as_such(tmp_path: Path) -> None:
    own = write_cff_font(tmp_path / "own.otf", pdf_sample.fonts().face("西文"), "0123")
    fonts = FontSet({"西文": [Face("user:cff", "西文", "Own", own)]}, {}, {})
    node = Paragraph("body", (Run("202011"),))
    offsets = tuple(10.0 * index for index in range(6))
    run = TextRun(10, 100, "user:cff", 16, "202011", offsets, 60, node)
    buffer = io.BytesIO()
    pages = Pagination((Page(1, 595, 842, (run,)),), ())
    write_pdf(pdf_sample.document((node,)), pages, fonts, buffer)
    with pypdfium2.PdfDocument(buffer.getvalue()) as opened:
        assert opened[0].get_textpage().get_text_range() == "202011"
        ink = opened[0].render(scale=2).to_pil().convert("L").crop((20, 170, 150, 210))
        assert ink.getextrema()[0] < 50
    program = cut(fonts.face("user:cff").hb_face, "20")
    assert program.is_cff
    assert program.data[:2] == b"\1\0"
