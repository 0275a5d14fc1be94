"""What a Word document shows to whoever opens it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml

from reportgen.published.docx import read_docx
from reportgen.published.found import FoundFile, FoundParagraph
from tests.unit.published.blocks import shown

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY_END = -1


def read(*parts: str) -> FoundFile:
    """Return what a document with the elements *parts* in its body holds."""
    document: Any = docx.Document()
    for part in parts:
        name = part[1:].replace(">", " ", 1).split(" ")[0]
        body = document.element.body
        body.insert(len(body) - 1, parse_xml(part.replace(name, f"{name} {W}", 1)))
    stream = io.BytesIO()
    document.save(stream)
    return read_docx(stream.getvalue(), "年报.docx")


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def par(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def cell(*paragraphs: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(paragraphs)}</w:tc>"


def test_insertions_are_taken_and_deletions_left_out() -> None:
    text = (
        run("公开")
        + f'<w:ins w:id="1" w:author="a">{run("25")}</w:ins>'
        + '<w:del w:id="2" w:author="a"><w:r><w:delText>24</w:delText></w:r></w:del>'
        + f'<w:moveFrom w:id="3" w:author="a">{run("旧")}</w:moveFrom>'
        + run("条")
    )
    assert shown(read(par(text))) == ["公开25条"]


def test_digits_in_runs_from_right_to_left_are_read_as_they_are_seen() -> None:
    rtl = "<w:rtl/>"
    number = par(run("6", rtl) + run("4", rtl), "<w:bidi/>")  # its digits keep their order
    assert shown(read(number, par(run("1,064", rtl)))) == ["64", "1,064"]


def test_number_of_a_note_is_no_digit_of_the_number_before_it() -> None:
    raised = run("1", '<w:vertAlign w:val="superscript"/>')
    assert shown(read(par(run("结转2") + raised + run("件")))) == ["结转2¹件"]


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ("<w:strike/>", "结转2件"),
        ("<w:dstrike/>", "结转2件"),
        ('<w:strike w:val="0"/>', "结转21件"),
        ('<w:vertAlign w:val="subscript"/>', "结转2₁件"),
        ('<w:vertAlign w:val="baseline"/>', "结转21件"),
    ],
)
def test_digits_struck_out_or_lowered_are_no_digits_of_a_number(properties: str, text: str) -> None:
    assert shown(read(par(run("结转2") + run("1", properties) + run("件")))) == [text]


def test_a_deleted_row_is_no_row() -> None:
    deleted = '<w:trPr><w:del w:id="1" w:author="a"/></w:trPr>'
    rows = (
        f"<w:tr>{cell(par(run('规章')))}{cell(par(run('1')))}</w:tr>"
        f"<w:tr>{deleted}{cell(par(run('旧')))}{cell(par(run('9')))}</w:tr>"
    )
    assert shown(read(f"<w:tbl>{rows}</w:tbl>")) == ["规章|1"]


def test_content_controls_and_text_boxes_are_read_where_they_stand() -> None:
    control = f"<w:sdt><w:sdtContent>{par(run('控件'))}</w:sdtContent></w:sdt>"
    box = f"<w:r><w:pict><w:txbxContent>{par(run('框里'))}</w:txbxContent></w:pict></w:r>"
    assert shown(read(control, par(run("框外") + box))) == ["控件", "框外", "框里"]


def test_a_label_in_several_paragraphs_is_one_and_merged_cells_are_read_once() -> None:
    merged = '<w:vMerge w:val="restart"/>'
    rows = (
        f"<w:tr>{cell(par(run('申请人')), par(run('情况')), properties=merged)}"
        f"{cell(par(run('1')))}</w:tr>"
        f"<w:tr>{cell(par(run('不显示')), properties='<w:vMerge/>')}{cell(par(run('2')))}</w:tr>"
    )
    assert shown(read(f"<w:tbl>{rows}</w:tbl>")) == ["申请人情况|1", "|2"]


def test_a_table_around_a_text_and_a_table_within_one_are_read() -> None:
    inner = f"<w:tbl><w:tr>{cell(par(run('规章')))}{cell(par(run('1')))}</w:tr></w:tbl>"
    frame = f"<w:tbl><w:tr>{cell(par(run('一段话')), inner, par(''))}</w:tr></w:tbl>"
    assert shown(read(frame)) == ["一段话", "规章|1"]


def test_hidden_text_is_not_read_and_headings_have_their_level() -> None:
    hidden = run("暗", "<w:vanish/>")
    document = read(par(run("明") + hidden), par(run("标题"), '<w:outlineLvl w:val="1"/>'))
    assert shown(document) == ["明", "## 标题"]


def test_numbers_that_word_puts_before_headings_are_read() -> None:
    document: Any = docx.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, (kind, text) in enumerate(
            [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")]
        )
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{levels}</w:abstractNum>')
    )
    numbering.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for text, level in (("总体情况", 0), ("公开", 1), ("回应", 1), ("主动公开情况", 0), ("甲", 2)):
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>')
        )
    stream = io.BytesIO()
    document.save(stream)
    assert shown(read_docx(stream.getvalue(), "a.docx")) == [
        "一、总体情况",
        "（一）公开",
        "（二）回应",
        "二、主动公开情况",
        "1. 甲",
    ]


def test_pictures_come_in_the_order_they_stand_with_their_captions() -> None:
    from PIL import Image

    document: Any = docx.Document()
    for number in (1, 2):
        stream = io.BytesIO()
        Image.new("RGB", (9, 9), (number, 0, 0)).save(stream, "PNG")
        document.add_picture(stream)
        document.add_paragraph(f"图{number}", style="Caption")
    stream = io.BytesIO()
    document.save(stream)
    found = read_docx(stream.getvalue(), "a.docx")
    assert shown(found) == ["[image1.png]", "图注 图1", "[image2.png]", "图注 图2"]


def package(document: bytes, **more: bytes) -> bytes:
    """Return the bytes of a DOCX whose document part is *document*."""
    made: Any = docx.Document()
    stream, changed = io.BytesIO(), io.BytesIO()
    made.save(stream)
    with zipfile.ZipFile(stream) as before, zipfile.ZipFile(changed, "w", 8) as after:
        for entry in before.infolist():
            data = document if entry.filename == "word/document.xml" else before.read(entry)
            after.writestr(entry, data)
    return changed.getvalue()


def test_entities_are_not_resolved() -> None:
    head = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    body = f"<w:document {W}><w:body><w:p><w:r><w:t>a&x;b</w:t></w:r></w:p></w:body></w:document>"
    assert shown(read_docx(package(head + body.encode()), "a.docx")) in (["a"], ["ab"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"text", package(b"<a"), package(b"<a/>")])
def test_what_is_no_docx_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"[一-鿿]"):
        read_docx(content, "a.docx")


def test_a_bomb_is_refused() -> None:
    with pytest.raises(ValueError, match="过大"):
        read_docx(package(b" " * 25_000_000), "a.docx")


def test_numbers_typed_in_the_style_of_a_list_are_markers_and_elsewhere_text() -> None:
    listed = '<w:pStyle w:val="List"/>'
    found = read(
        par(run("1.", "<w:b/>") + run(" 甲"), listed),
        par(run("1.5倍"), listed),
        par(run("2. 乙")),
        par(run("3. 丙"), '<w:pStyle w:val="ListParagraph"/>'),
    )
    assert shown(found) == ["1. 甲", "1.5倍", "2. 乙", "3. 丙"]
    assert [block.marker for block in found.blocks if isinstance(block, FoundParagraph)] == [
        "1.", "", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raised", "told"), [("2", ()), ("－3", ()), ("TM", ("TM",)), ("①", ("①",)), ("2a", ("²a",))]
)
def test_raised_text_without_raised_characters_is_told(raised: str, told: tuple[str, ...]) -> None:
    superscript = '<w:vertAlign w:val="superscript"/>'
    assert read(par(run("公开10") + run(raised, superscript) + run("。"))).flattened == told


def test_text_struck_through_is_left_out_and_told_and_hidden_text_is_left_out() -> None:
    found = read(
        par(run("公开") + run("24件", "<w:strike/>") + run("藏", "<w:vanish/>") + run("。"))
    )
    assert shown(found) == ["公开。"]
    assert found.struck == ("24件",)
