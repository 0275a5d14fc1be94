"""Tests of what a Word document says beside its text."""

from __future__ import annotations

import io

import docx
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reportgen.published import BesideKind, BesideText, read_bytes


def beside(document: object) -> tuple[BesideText, ...]:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return read_bytes(buffer.getvalue(), "年报.docx").beside


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
    assert beside(document) == ()


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
    assert beside(document) == (
        BesideText(BesideKind.HIDDEN, "看不见的话"),
        BesideText(BesideKind.HEADER, "内部资料"),
        BesideText(BesideKind.HEADER, "样张"),
    )


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
    assert beside(document) == (BesideText(BesideKind.NOTE, "数据截至12月底。"),)
