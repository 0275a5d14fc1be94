"""Tests of the findings about characters that no font draws, and about words no font can set."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import uharfbuzz as hb

from reportgen.document.nodes import Document, Metadata, Paragraph
from reportgen.fonts import load_fonts, missing_characters, replaced_characters
from reportgen.source import SourceFile, Span
from reportgen.styles import Style
from reportgen.text import Run
from tests.builders import FORMS, worded

FONTS = load_fonts()
SCRIPTS = Path(__file__).parents[2] / "data" / "scripts"


def make_document(*runs: Run) -> Document:
    return Document(Metadata("", "", "", (), ""), FORMS["2021"].sheet, (Paragraph("body", runs),))


def test_missing_character_is_reported_once_with_its_place() -> None:
    source = SourceFile("报告.md", "前\n字\U00030000字\U00030000")
    run = Run(source.text[2:], span=source.span(2, 6))
    (found,) = worded(missing_characters(make_document(run, run), FONTS))
    assert (found.code, found.slug) == ("G101", "missing-glyph")
    assert "U+30000" in found.message
    assert "\U00030000" in found.message
    assert found.span == source.span(3, 4)


@pytest.mark.parametrize(("char", "plain"), [("⅐", "1/7"), ("ⱼ", "j")])
def test_what_to_write_in_place_of_a_raised_or_lowered_sign_is_said(char: str, plain: str) -> None:
    (found,) = worded(missing_characters(make_document(Run(f"CO{char}")), FONTS))
    assert f"“{plain}”" in found.hint


def test_private_use_character_is_called_a_made_up_one() -> None:
    (found,) = worded(missing_characters(make_document(Run("字\ue123")), FONTS))
    assert "U+E123" in found.message
    assert "自造字" in found.message
    assert found.span is None


def test_control_character_is_reported() -> None:
    source = SourceFile("报告.md", "*字\u200b\x07*")
    run = Run("字\u200b\x07", span=source.span(0, 5))
    found = worded(missing_characters(make_document(run), FONTS))
    assert [item.code for item in found] == ["G102", "G102"]
    assert [item.span for item in found] == [source.span(2, 3), source.span(3, 4)]


def test_a_variation_selector_is_invisible_not_a_character_to_find_a_font_for() -> None:
    (found,) = worded(missing_characters(make_document(Run("二〇\ufe0f二五")), FONTS))
    assert found.code == "G102"
    assert "U+FE0F" in found.message


def test_clean_text_and_forced_breaks_give_no_finding() -> None:
    style: Style = make_document().sheet["body"]
    assert style.face == "仿宋"
    document = make_document(Run("〇二〇二一年，㎡①洺 abc"), Run("\n"), Run("末　尾"))
    assert missing_characters(document, FONTS) == []


def test_replaced_characters_are_those_another_face_draws() -> None:
    document = make_document(Run("国堃①—堃A"))
    assert replaced_characters(document, FONTS) == ("堃",)


@pytest.mark.parametrize(
    ("text", "name", "file"),
    [
        ("前ئۇيغۇر تىلى、ئۇچۇر", "维吾尔文", "msuighur.ttf"),
        ("前བོད་སྐད་ཀྱི", "藏文", "himalaya.ttf"),
        ("前ᠮᠣᠩᠭᠣᠯ", "蒙古文", "monbaiti.ttf"),
        ("前한국어", "朝鲜文", "malgun.ttf"),
        ("前ᥖᥭᥰ", "德宏傣文", "taile.ttf"),
        ("前ᦟᦲᧉ", "西双版纳傣文", "ntailu.ttf"),
    ],
)
def test_a_script_without_a_font_is_one_finding_with_the_font_to_take(
    text: str, name: str, file: str
) -> None:
    source = SourceFile("报告.md", text)
    run = Run(text, span=source.span(0, len(text)))
    (found,) = worded(missing_characters(make_document(run), FONTS))
    assert name in found.message
    assert file in found.hint
    assert isinstance(found.span, Span)
    assert found.span.start == 1


@pytest.mark.parametrize("text", ["ไทย", "हिन्दी", "ខ្មែរ", "x\u0e01"])
def test_any_other_script_without_a_font_is_told(text: str) -> None:
    found = worded(missing_characters(make_document(Run(text)), FONTS))
    assert found
    assert {item.slug for item in found} == {"missing-glyph"}


def test_a_font_whose_letters_would_not_join_is_not_taken(tmp_path: Path) -> None:
    # Times New Roman and others have letters of Arabic; some fonts have no more than these.
    face = hb.Face(hb.Blob.from_file_path(str(SCRIPTS / "Arabic.ttf")))
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, "ئۇيغۇر"))
    wanted.drop_table_tag_set.update({int.from_bytes(b"GSUB", "big")})
    (tmp_path / "letters.ttf").write_bytes(hb.subset(face, wanted).blob.data)
    document = make_document(Run("ئۇيغۇر"))
    (found,) = worded(missing_characters(document, load_fonts([tmp_path])))
    assert "Noto Naskh Arabic" in found.message
    assert "连写" in found.message
    shutil.copy(SCRIPTS / "Arabic.ttf", tmp_path / "z.ttf")
    assert missing_characters(document, load_fonts([tmp_path])) == []


def test_joiners_belong_to_words_of_scripts_that_join_and_nowhere_else() -> None:
    fonts = load_fonts([SCRIPTS])
    assert missing_characters(make_document(Run("ᠣᠷᠳᠣᠨ\u180eᠠ")), fonts) == []
    (found,) = worded(missing_characters(make_document(Run("字\u180e字")), fonts))
    assert found.code == "G102"


def test_an_accent_is_set_on_its_letter_or_told() -> None:
    assert missing_characters(make_document(Run("q\u0303")), FONTS) == []
    (found,) = worded(missing_characters(make_document(Run("字\u0303")), FONTS))
    assert found.slug == "missing-glyph"
