"""Tests of what a Word document says beside its text."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reportgen.published import BesideKind, BesideText, read_bytes


def found(document: object) -> list[BesideText]:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return list(read_bytes(buffer.getvalue(), "年报.docx").beside)


def beside(document: object) -> list[tuple[BesideKind, str]]:
    return [(text.kind, text.text) for text in found(document)]


def places(document: object) -> list[str]:
    return [text.place.place if text.place else "" for text in found(document)]


def test_the_number_of_a_page_is_not_counted() -> None:
    document = docx.Document()
    document.add_paragraph("正文")
    footer = document.sections[0].footer
    field = (
        f"<w:p {nsdecls('w')}><w:r><w:t>— </w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>第一</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t> —</w:t></w:r></w:p>'
    )
    footer._element.append(parse_xml(field))
    footer.add_paragraph("第 3 页 共 8 页")
    assert beside(document) == []


def test_headers_hidden_text_and_drawn_words_are_found_once() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("正文")
    paragraph.add_run("看不见").font.hidden = True
    paragraph.add_run("的话").font.hidden = True
    header = document.sections[0].header
    header.paragraphs[0].text = "内部资料"
    header.add_paragraph("内部资料")
    drawn = (
        f'<w:p {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape>'
        '<v:textpath string="样张"/></v:shape></w:pict></w:r></w:p>'
    )
    header._element.append(parse_xml(drawn))
    assert beside(document) == [
        (BesideKind.HIDDEN, "看不见的话"),
        (BesideKind.HEADER, "内部资料"),
        (BesideKind.HEADER, "样张"),
    ]
    assert places(document) == ["年报.docx 第1段", "年报.docx 页眉页脚", "年报.docx 页眉页脚"]


def test_footnotes_are_found() -> None:
    document = docx.Document()
    document.add_paragraph("正文")
    notes = (
        f"<w:footnotes {nsdecls('w')}>"
        '<w:footnote w:id="-1" w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>数据截至12月底。</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    part = Part(
        PackURI("/word/footnotes.xml"), CT.WML_FOOTNOTES, notes.encode(), document.part.package
    )
    document.part.relate_to(part, RT.FOOTNOTES)
    assert beside(document) == [(BesideKind.NOTE, "数据截至12月底。")]
    assert places(document) == [""]
    sign = f'<w:r {nsdecls("w")}><w:footnoteReference w:id="1"/></w:r>'
    document.paragraphs[0]._p.append(parse_xml(sign))
    assert beside(document) == [(BesideKind.NOTE, "数据截至12月底。")]
    assert places(document) == ["年报.docx 第1段"]


def changed(name: str, *texts: str) -> Any:
    """Return a change that is not settled: runs with *texts* within the element *name*."""
    tag = "delText" if name in ("del", "moveFrom") else "t"
    runs = "".join(f"<w:r><w:{tag}>{text}</w:{tag}></w:r>" for text in texts)
    return parse_xml(f'<w:{name} {nsdecls("w")} w:id="9" w:author="某人">{runs}</w:{name}>')


def test_tracked_changes_and_comments_are_found_at_their_paragraph_or_cell() -> None:
    document = docx.Document()
    first = document.add_paragraph("第一段")
    first._p.append(changed("ins", "补充", "两字"))
    gone = document.add_paragraph()
    gone._p.append(changed("del", "整段删去"))
    last = document.add_paragraph("第三段")
    document.add_comment(last.runs, text="请核对", author="某人")
    table = document.add_table(2, 3)
    for cell in (cell for row in table.rows for cell in row.cells):
        cell.text = "3"
    table.cell(1, 2).paragraphs[0]._p.append(changed("del", "4"))
    assert beside(document) == [
        (BesideKind.PUT_IN, "补充两字"),
        (BesideKind.TAKEN_OUT, "整段删去"),
        (BesideKind.COMMENT, "请核对"),
        (BesideKind.TAKEN_OUT, "4"),
    ]
    assert places(document) == [
        "年报.docx 第1段",
        "年报.docx 第2段",
        "年报.docx 第2段",
        "年报.docx 表1第2行第3列",
    ]


def test_rows_and_ends_of_paragraphs_that_were_changed_are_found() -> None:
    document = docx.Document()
    document.add_paragraph("第一段")
    table = document.add_table(3, 2)
    for number, row in enumerate(table.rows):
        for cell in row.cells:
            cell.text = str(number)
    mark = f'<w:trPr {nsdecls("w")}><w:del w:id="1" w:author="某人"/></w:trPr>'
    table.rows[1]._tr.insert(0, parse_xml(mark))
    end = f'<w:pPr {nsdecls("w")}><w:rPr><w:ins w:id="2" w:author="某人"/></w:rPr></w:pPr>'
    document.add_paragraph("末段")._p.insert(0, parse_xml(end))
    assert beside(document) == [(BesideKind.TAKEN_OUT, "11"), (BesideKind.PUT_IN, "段落标记")]
    assert places(document) == ["年报.docx 表1第1行第2列", "年报.docx 第2段"]
