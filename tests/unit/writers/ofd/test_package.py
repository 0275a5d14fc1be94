"""Tests of the parts besides the pages: description, page areas, outline, attachments."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from reportgen.document.nodes import Attachment, Heading
from reportgen.layout.items import Destination, Page, Pagination
from reportgen.text import Run
from reportgen.writers.ofd import write_ofd
from tests.unit.writers.ofd.ofd_reading import Element, OfdFile, find, points
from tests.unit.writers.pdf import pdf_sample
from tests.unit.writers.pdf.pdf_sample import HEIGHT, WIDTH


def file_of(*pages: Page, attachments: tuple[Attachment, ...] = (), **more: object) -> OfdFile:
    shown = pages or (Page(1, WIDTH, HEIGHT, ()),)
    pagination = replace(Pagination(shown, ()), **more)
    stream = io.BytesIO()
    write_ofd(
        pdf_sample.document(()), pagination, pdf_sample.fonts(), stream, attachments=attachments
    )
    return OfdFile(stream.getvalue())


def test_the_file_is_described_by_its_report_and_by_nothing_else() -> None:
    (info,) = find(file_of().entry, "DocBody/DocInfo")
    told = {element.tag.rpartition("}")[2]: element.text for element in info}
    assert len(told.pop("DocID") or "") == 32
    assert told == {
        "Title": "阜阳市应急管理局2020年政府信息公开工作年度报告",
        "Author": "阜阳市应急管理局",
        "Subject": "政府信息公开工作年度报告 <2020> & 附表",
        "CreationDate": "2021-01-26",
        "ModDate": "2021-01-26",
        "Keywords": None,
        "Creator": "reportgen",
    }
    assert [word.text for word in find(info, "Keywords/Keyword")] == ["政府信息公开", "年度报告"]


def test_sheet_and_type_area_are_stated() -> None:
    file = file_of()
    (sheet,) = find(file.document, "CommonData/PageArea/PhysicalBox")
    assert points(sheet.text or "") == pytest.approx([0, 0, WIDTH, HEIGHT], abs=0.01)
    (area,) = find(file.document, "CommonData/PageArea/ContentBox")
    assert points(area.text or "") == pytest.approx([80, 100, 442.2, 637.8], abs=0.01)
    (page,) = file.pages()
    assert find(page, "Area") == []


def test_a_landscape_page_has_a_landscape_sheet() -> None:
    _, page = file_of(
        Page(1, WIDTH, HEIGHT, ()), Page(2, HEIGHT, WIDTH, (), landscape=True)
    ).pages()
    (sheet,) = find(page, "Area/PhysicalBox")
    assert points(sheet.text or "") == pytest.approx([0, 0, HEIGHT, WIDTH], abs=0.01)


def outline(parent: Element) -> Iterator[tuple[str, bool, list[object]]]:
    for entry in find(parent, "OutlineElem"):
        is_open = entry.attrib["Expanded"] == "true"
        yield entry.attrib["Title"], is_open, list(outline(entry))


def headings(*levels: int) -> tuple[Destination, ...]:
    nodes = (Heading(level, "body", (Run(f"第{level}级"),), "x") for level in levels)
    return tuple(Destination(node, 2, 100.0 + index) for index, node in enumerate(nodes))


def test_the_outline_is_nested_by_the_levels_of_the_headings() -> None:
    pages = Page(1, WIDTH, HEIGHT, ()), Page(2, WIDTH, HEIGHT, ())
    file = file_of(*pages, destinations=headings(1, 2, 4, 2, 1))
    (top,) = find(file.document, "Outlines")
    assert list(outline(top)) == [
        ("第1级", True, [("第2级", False, [("第4级", False, [])]), ("第2级", False, [])]),
        ("第1级", True, []),
    ]


def test_an_entry_of_the_outline_leads_to_its_heading() -> None:
    pages = Page(1, WIDTH, HEIGHT, ()), Page(2, WIDTH, HEIGHT, ())
    file = file_of(*pages, destinations=headings(1))
    (target,) = find(file.document, "Outlines/OutlineElem/Actions/Action/Goto/Dest")
    assert target.attrib["Type"] == "XYZ"
    assert target.attrib["PageID"] == file.page_keys[1]
    assert points(target.attrib["Top"]) == pytest.approx([100], abs=0.01)


def test_without_headings_there_is_no_outline() -> None:
    assert find(file_of().document, "Outlines") == []


def test_without_attachments_there_is_no_list_of_them() -> None:
    file = file_of()
    assert find(file.document, "Attachments") == []
    assert not any("Attach" in name for name in file.names)


def test_attachments_are_listed_and_included() -> None:
    data = b'{"n": 1}' * 256
    given = (
        Attachment("报告数据.json", "application/json", data, "数据"),
        Attachment("正文.稿", "text/markdown", b"#", "正文"),
    )
    file = file_of(attachments=given)
    (place,) = find(file.document, "Attachments")
    first, second = find(file.part(file.at(place.text or "")), "Attachment")
    assert first.attrib["Name"] == "报告数据.json"
    assert first.attrib["Format"] == "json"
    assert first.attrib["CreationDate"] == "2021-01-26T00:00:00"
    assert first.attrib["Size"] == "2"  # KB
    for entry, attachment in ((first, given[0]), (second, given[1])):
        (location,) = find(entry, "FileLoc")
        path = (location.text or "").removeprefix("/")
        assert path.isascii()
        assert file.package.read(path) == attachment.data
