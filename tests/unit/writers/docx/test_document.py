"""Tests of the body, the properties, the settings and the package of a DOCX."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from io import BytesIO
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.package import OpcPackage
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from msgspec.structs import replace

from reportgen.document.nodes import FigureGroup, Heading, ItemList, ListItem, Paragraph
from reportgen.text import Run
from reportgen.writers.docx import write_docx
from reportgen.writers.docx.document import save_package
from tests.unit.writers.docx.docx_sample import (
    FACES,
    ORGAN,
    TITLE,
    W,
    body,
    body_of,
    brief,
    build,
    document,
    everything,
    figure,
    found_in,
    heading,
    hints_for,
    part,
    runs,
    signature,
    table,
)


def test_list_items_begin_with_their_marker_as_text() -> None:
    items = (ListItem("1.", Paragraph("list", runs("甲"))), ListItem("2.", body("乙")))
    assert body_of(ItemList("list", True, items)) == [
        'p/(pPr/pStyle{val=List},r/t"1.",r/t"甲")',
        'p/(pPr/pStyle{val=List},r/t"2.",r/t"乙")',
    ]


def test_a_heading_is_a_bookmark() -> None:
    assert body_of(heading(1, "一、总体"), heading(1, "二、其他")) == [
        "p/(pPr/pStyle{val=Heading1},"
        f'bookmarkStart{{id={number},name=_s1_{text[0]}}},r/t"{text}",bookmarkEnd{{id={number}}})'
        for number, text in ((1, "一、总体"), (2, "二、其他"))
    ]


def test_a_paragraph_with_a_line_of_too_few_gaps_is_not_justified() -> None:
    torn = Paragraph("body", (Run("请登录" + "x" * 52 + "查询" + "字" * 40),))
    whole = Paragraph("body", (Run("字" * 60),))
    found = body_of(torn, whole)
    assert found[0].startswith("p/(pPr/(pStyle{val=BodyText},jc{val=left})")
    assert found[1].startswith("p/(pPr/pStyle{val=BodyText},")


def test_a_heading_on_a_new_page_breaks_it() -> None:
    found = body_of(body("甲"), Heading(1, "heading1", runs("乙"), "b", on_new_page=True))
    assert found[1].startswith("p/(pPr/(pStyle{val=Heading1},pageBreakBefore)")


def test_text_above_the_signature_stays_with_it() -> None:
    assert body_of(body("甲"), body("乙"), signature()) == [
        'p/(pPr/pStyle{val=BodyText},r/t"甲")',
        'p/(pPr/(pStyle{val=BodyText},keepNext),r/t"乙")',
        "p/(pPr/(pStyle{val=ReportSignature},keepNext,spacing{before=579},"
        f'ind{{rightChars=447,right=1412}},jc{{val=right}}),r/t"{ORGAN}")',
        "p/(pPr/(pStyle{val=ReportSignature},ind{rightChars=200,right=632},jc{val=right}),"
        'r/t"2024年1月20日")',
    ]


def test_a_paragraph_stays_with_the_list_or_table_that_it_introduces() -> None:
    items = ItemList("list", True, (ListItem("1.", body("甲")), ListItem("2.", body("乙："))))
    found = body_of(body("下列："), items, table())
    assert ["keepNext" in each for each in found[:3]] == [True, False, True]


def test_the_space_above_a_table_is_that_of_the_layout() -> None:
    first, _, last = body_of(body("甲"), table(), body("乙"))[:3]
    assert "spacing{after=" in first
    assert "spacing{before=" in last


def test_a_list_above_the_signature_stays_with_it_by_its_last_item() -> None:
    items = ItemList("list", True, (ListItem("1.", body("甲")), ListItem("2.", body("乙"))))
    first, last, *_ = body_of(items, signature())
    assert "keepNext" not in first
    assert "keepNext" in last


def test_tables_that_meet_stay_two_tables() -> None:
    found = body_of(table(), table())
    assert [line.partition("/")[0] for line in found] == ["tbl", "p", "tbl", "p"]
    assert found[1] == "p/pPr/(pStyle{val=Picture},spacing{line=260,lineRule=exact})"


def test_tables_that_meet_at_the_head_of_a_page_have_no_room_between_them() -> None:
    upper, lower = table(), table()
    source = document(upper, lower)
    hints = replace(hints_for(source), gaps={upper: 0.0, lower: 0.0})
    stream = BytesIO()
    write_docx(source, hints, stream, FACES)
    (found,) = part(stream.getvalue(), "word/document.xml")
    assert brief(found[1]) == "p/pPr/(pStyle{val=Picture},spacing{line=20,lineRule=exact})"


def test_the_last_thing_is_a_paragraph() -> None:
    empty = "p/pPr/(pStyle{val=Picture},spacing{line=20,lineRule=exact})"
    assert body_of() == [empty]
    assert body_of(table())[1:] == [empty]


def test_core_properties_come_from_the_report_and_never_from_the_clock() -> None:
    core = docx.Document(BytesIO(build(everything()))).core_properties
    assert (core.title, core.author, core.last_modified_by) == (TITLE, ORGAN, ORGAN)
    assert (core.language, core.revision) == ("zh-CN", 1)
    assert core.keywords == "政府信息公开；年报"
    assert core.created == core.modified == datetime(2024, 1, 20, tzinfo=timezone.utc)


def test_a_property_is_at_most_as_long_as_word_allows() -> None:
    source = document()
    long = replace(source, metadata=replace(source.metadata, title="标题" * 200))
    assert docx.Document(BytesIO(build(long))).core_properties.title == ("标题" * 200)[:255]


def test_a_control_character_never_breaks_the_file() -> None:
    source = document(body("甲\x0b乙\ud800丙<丁>&"), heading(1, "\x00一"))
    bad = replace(source, metadata=replace(source.metadata, author="单\x07位"))
    found = docx.Document(BytesIO(build(bad)))
    assert found.paragraphs[0].text == "甲乙丙<丁>&"
    assert found.core_properties.author == "单位"


def test_odd_and_even_pages_differ_and_are_not_mirrored() -> None:
    word = docx.Document(BytesIO(build(everything())))
    assert word.settings.odd_and_even_pages_header_footer
    assert word.settings.element.find(f"{W}mirrorMargins") is None


def test_word_lays_the_file_out_as_its_newest_versions_do() -> None:
    settings = part(build(everything()), "word/settings.xml")
    assert found_in(settings, "compatSetting")[0] == (
        "compatSetting{name=compatibilityMode,uri=http://schemas.microsoft.com/office/word,val=15}"
    )


class Asked(Part):
    """A part that records when its bytes are read."""

    def __init__(self, name: str, ask: Callable[[], bytes]) -> None:
        super().__init__(PackURI(name), "image/png")
        self._ask = ask

    @property
    def blob(self) -> bytes:
        return self._ask()


def test_two_builds_are_the_same_bytes() -> None:
    assert build(everything()) == build(everything())


def test_entries_are_ordered_and_carry_no_time() -> None:
    with ZipFile(BytesIO(build(everything("草稿", "草稿")))) as package:
        names = package.namelist()
        assert names[:2] == ["[Content_Types].xml", "_rels/.rels"]
        parts = [name for name in names[2:] if not name.endswith(".rels")]
        assert parts == sorted(parts)
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_pictures_are_stored_as_given_and_the_rest_deflated() -> None:
    picture = figure(640, 480)
    with ZipFile(BytesIO(build(document(FigureGroup((picture,)))))) as package:
        info = package.getinfo("word/media/image1.png")
        assert info.compress_type == ZIP_STORED
        assert package.read(info) == picture.picture.read()
        assert package.getinfo("word/document.xml").compress_type == ZIP_DEFLATED


def test_parts_are_asked_for_their_bytes_one_at_a_time_and_once() -> None:
    stream, asked, package = BytesIO(), [], OpcPackage()

    def ask() -> bytes:
        asked.append(stream.tell())
        return bytes(1000)

    for number in range(3):
        package.relate_to(Asked(f"/{number}.png", ask), RELATIONSHIP_TYPE.IMAGE)
    save_package(package, stream)
    assert len(asked) == 3
    assert all(later - earlier > 1000 for earlier, later in pairwise(asked))


def test_nothing_comes_along_that_the_document_does_not_need() -> None:
    with ZipFile(BytesIO(build(everything()))) as package:
        assert [name for name in package.namelist() if "media" not in name] == [
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/app.xml",
            "docProps/core.xml",
            "word/document.xml",
            "word/_rels/document.xml.rels",
            "word/fontTable.xml",
            "word/footer1.xml",
            "word/footer2.xml",
            "word/settings.xml",
            "word/styles.xml",
            "word/theme/theme1.xml",
        ]


def test_no_part_names_the_library_or_a_theme_font() -> None:
    with ZipFile(BytesIO(build(everything("草稿", "草稿")))) as package:
        parts = [package.read(name) for name in package.namelist() if name.endswith(".xml")]
    unwanted = rb"python-docx|generated by|(?:ascii|hAnsi|eastAsia|cs)[Tt]heme|<!--"
    assert not any(re.search(unwanted, content) for content in parts)
