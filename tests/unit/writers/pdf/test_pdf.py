"""Tests of whole files: determinism, metadata, bookmarks, structure, links, attachments."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import pdfplumber
import pypdfium2
import pytest
from pdfminer.pdftypes import resolve1

from reportgen.document.nodes import Figure, FigureGroup, Paragraph
from reportgen.layout.items import Image, Page, Pagination, TextRun
from reportgen.pictures import PictureKind
from reportgen.text import Run
from reportgen.writers.pdf import PROFILES, write_pdf
from tests.builders import Held
from tests.unit.writers.pdf import pdf_sample
from tests.unit.writers.pdf.pdf_sample import flat

TITLE = "阜阳市应急管理局2020年政府信息公开工作年度报告"


@pytest.fixture(scope="module")
def catalog(opened: Any) -> Any:
    return opened.doc.catalog


@pytest.mark.parametrize("profile", PROFILES)
def test_the_same_input_gives_the_same_bytes(profile: str) -> None:
    assert pdf_sample.written(profile) == pdf_sample.written(profile)


def test_an_unknown_profile_is_refused() -> None:
    made, pages = pdf_sample.sample()
    with pytest.raises(KeyError):
        write_pdf(made, pages, pdf_sample.fonts(), io.BytesIO(), profile="x-1")


def test_the_writer_needs_only_write() -> None:
    class Sink:
        def __init__(self) -> None:
            self.data = b""

        def write(self, chunk: bytes) -> int:
            self.data += chunk
            return len(chunk)

    made, pages = pdf_sample.sample()
    sink = Sink()
    write_pdf(made, pages, pdf_sample.fonts(), sink)  # type: ignore[arg-type]
    assert sink.data == pdf_sample.written()


def test_a_picture_is_in_the_file_before_the_next_is_read() -> None:
    stream = io.BytesIO()
    sizes: list[int] = []  # of the file when each picture was read

    class Watched(Held, frozen=True):
        def read_opaque(self) -> bytes:
            sizes.append(len(stream.getvalue()))
            return self.data

    data = [pdf_sample.jpeg(size=(200 + n, 200)) for n in range(3)]
    figures = tuple(
        Figure(Watched(shown), PictureKind.JPEG, (200, 200), str(number), "图")
        for number, shown in enumerate(data)
    )
    items = tuple(Image(100, 100, 60, 40, figure) for figure in figures)
    pages = Pagination((Page(1, pdf_sample.WIDTH, pdf_sample.HEIGHT, items),), ())
    write_pdf(pdf_sample.document((FigureGroup(figures),)), pages, pdf_sample.fonts(), stream)
    grown = [after - before for before, after in pairwise(sizes)]
    assert len(grown) == 2
    assert all(more > len(shown) for more, shown in zip(grown, data, strict=False))


@pytest.mark.parametrize(("profile", "part"), [("a-3a", b"3"), ("a-2a", b"2"), ("a-1a", b"1")])
def test_the_metadata_claims_both_standards(profile: str, part: bytes) -> None:
    data = pdf_sample.written(profile)
    assert b"<pdfaid:part>" + part + b"</pdfaid:part>" in data
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    assert "政府信息公开工作年度报告 &lt;2020&gt; &amp; 附表".encode() in data


def test_a_file_of_pdf_2_claims_the_standards_of_pdf_2() -> None:
    data = pdf_sample.written("a-4f")
    assert data.startswith(b"%PDF-2.0")
    for claim in ("pdfaid:part>4", "pdfaid:conformance>F", "pdfuaid:part>2", "#reuse1.0"):
        assert f"{claim}<".encode() in data
    with pdfplumber.open(io.BytesIO(data)) as file:
        assert file.metadata == {}
        assert not any("Info" in xref.get_trailer() for xref in file.doc.xrefs)


def test_dates_come_from_the_report(opened: Any) -> None:
    assert opened.metadata["CreationDate"] == "D:20210126000000+08'00'"
    assert opened.metadata["Title"] == TITLE
    assert opened.metadata["Producer"] == "reportgen"


def test_the_catalog_says_what_readers_need(catalog: Any) -> None:
    assert catalog["Lang"] == b"zh-CN"
    assert resolve1(catalog["MarkInfo"]) == {"Marked": True}
    assert resolve1(catalog["ViewerPreferences"]) == {"DisplayDocTitle": True}
    assert len(resolve1(catalog["OutputIntents"])) == 1
    assert "OpenAction" not in catalog


@pytest.mark.parametrize("profile", PROFILES)
def test_bookmarks_are_nested_by_level(profile: str) -> None:
    with pypdfium2.PdfDocument(pdf_sample.written(profile)) as file:
        found = [
            (mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in file.get_toc()
        ]
    assert found == [
        (0, TITLE, 0),
        (1, "一、总体情况", 0),
        (2, "（一）主动公开", 0),
        (3, "（1）跳级标题", 1),
        (1, "二、存在的问题", 3),
    ]


def test_bookmarks_of_pdf_2_lead_to_the_headings_in_the_structure() -> None:
    with pdfplumber.open(io.BytesIO(pdf_sample.written("a-4f"))) as file:
        places = [resolve1(resolve1(entry[3])["SD"])[0] for entry in file.doc.get_outlines()]
        assert [resolve1(place)["S"].name for place in places] == ["H1", "H2", "H3", "H4", "H2"]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_signature_field_is_empty_and_where_the_layout_put_it(profile: str) -> None:
    data = pdf_sample.written(profile, signature_field=True)
    with pdfplumber.open(io.BytesIO(data)) as file:
        (field,) = (resolve1(kid) for kid in resolve1(file.doc.catalog["AcroForm"])["Fields"])
        assert (field["FT"].name, "V" in field, field["F"]) == ("Sig", False, 4)
        assert field["TU"].decode("utf-16") == "单位盖章"
        (shown,) = (
            item for item in file.pages[-1].annots if item["data"]["Subtype"].name != "Link"
        )
        seal = pdf_sample.sample()[1].seal
        assert seal
        assert (shown["x0"], shown["top"]) == pytest.approx((seal.x, seal.y), abs=0.02)
        assert (shown["width"], shown["height"]) == pytest.approx((seal.side,) * 2, abs=0.02)


def test_there_is_no_signature_field_unless_asked_for(catalog: Any) -> None:
    assert "AcroForm" not in catalog


def test_a_link_leads_out_and_says_where_to(opened: Any) -> None:
    (link,) = opened.pages[3].annots
    assert link["uri"] == "https://www.fy.gov.cn/%E5%85%AC%E5%BC%80?a=1"
    assert link["x0"] == pytest.approx(pdf_sample.LEFT + 2 * pdf_sample.PITCH, abs=0.01)
    element = next(e for e in flat(opened.structure_tree) if e["type"] == "Link")
    assert element["alt_text"] == f"门户网站 {pdf_sample.LINK}"


def test_a_link_over_a_page_break_is_one_element_with_two_areas() -> None:
    node = Paragraph("body", (Run("门户网站", link=pdf_sample.LINK),))
    items = [
        TextRun(10, 100, "仿宋", 16, text, (0.0, 16.0), 32, node, link=pdf_sample.LINK)
        for text in ("门户", "网站")
    ]
    pages = tuple(Page(number, 595, 842, (item,)) for number, item in enumerate(items, 1))
    buffer = io.BytesIO()
    write_pdf(pdf_sample.document((node,)), Pagination(pages, ()), pdf_sample.fonts(), buffer)
    with pdfplumber.open(buffer) as file:
        contents = [annotation["contents"] for page in file.pages for annotation in page.annots]
        links = [e for e in flat(file.structure_tree) if e["type"] == "Link"]
    assert contents == [f"门户网站 {pdf_sample.LINK}"] * 2
    assert [link["alt_text"] for link in links] == contents[:1]


def test_the_source_is_attached_where_the_standard_allows() -> None:
    for profile in ("a-3a", "a-4f"):
        with pypdfium2.PdfDocument(pdf_sample.written(profile)) as file:
            assert file.count_attachments() == 1
            attachment = file.get_attachment(0)
            assert attachment.get_name() == "报告.yaml"
            assert bytes(attachment.get_data()).decode() == pdf_sample.SOURCE
    for profile in ("a-1a", "a-2a"):
        with pypdfium2.PdfDocument(pdf_sample.written(profile)) as file:
            assert file.count_attachments() == 0
