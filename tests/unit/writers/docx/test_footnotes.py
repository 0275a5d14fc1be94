"""Tests of the footnotes of a DOCX."""

from __future__ import annotations

import io
from zipfile import ZipFile

from lxml import etree
from msgspec.structs import replace

from reportgen.document.nodes import ListItem, Paragraph
from reportgen.text import Run
from tests.unit.writers.docx.docx_sample import W, body_of, build, document, found_in, part, runs

NOTES = (
    ListItem("①", Paragraph("footnote", (Run("含转载"), Run("12条", bold=True)))),
    ListItem("②", Paragraph("footnote", (Run("见官网", link="https://www.example.gov.cn/"),))),
)
MARKED = Paragraph(
    "body", (Run("公开100条"), Run("①", footnote=1), Run("，办结5件"), Run("②", footnote=2))
)
NOTED = replace(document(MARKED), footnotes=NOTES)


def written() -> ZipFile:
    return ZipFile(io.BytesIO(build(NOTED)))


def test_a_mark_is_a_reference_that_word_numbers() -> None:
    with written() as package:
        root = etree.fromstring(package.read("word/document.xml"))
        settings = etree.fromstring(package.read("word/settings.xml"))
    marks = list(root.iter(W + "footnoteReference"))
    assert [mark.get(W + "id") for mark in marks] == ["1", "2"]
    assert "①" not in "".join(map(str, root.itertext()))
    assert found_in(root, "rStyle") == ["rStyle{val=FootnoteReference}"] * 2
    for owner in (settings, root):
        assert found_in(owner, "numFmt") == ["numFmt{val=decimalEnclosedCircle}"]


def test_the_texts_are_in_a_part_with_its_own_links_and_separators() -> None:
    with written() as package:
        root = etree.fromstring(package.read("word/footnotes.xml"))
        links = package.read("word/_rels/footnotes.xml.rels").decode()
    found = {note.get(W + "id"): "".join(map(str, note.itertext())) for note in root}
    assert found == {"-1": "", "0": "", "1": "含转载12条", "2": "见官网"}
    assert [note.get(W + "type") for note in root][:2] == ["separator", "continuationSeparator"]
    assert len(list(root.iter(W + "footnoteRef"))) == 2
    assert "https://www.example.gov.cn/" in links


def test_a_document_without_footnotes_has_neither_part_nor_style() -> None:
    with ZipFile(io.BytesIO(build(document(Paragraph("body", runs("甲")))))) as package:
        assert "word/footnotes.xml" not in package.namelist()
        assert b"FootnoteReference" not in package.read("word/styles.xml")
    assert body_of(Paragraph("body", runs("甲"))) == ['p/(pPr/pStyle{val=BodyText},r/t"甲")']


def test_the_same_document_gives_the_same_bytes() -> None:
    assert build(NOTED) == build(NOTED)
    assert part(build(NOTED), "word/footnotes.xml") is not None
