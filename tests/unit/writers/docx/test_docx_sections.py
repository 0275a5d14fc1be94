"""Landscape tables have sections of their own, the number where it stands on every sheet."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from msgspec.structs import replace

from reportgen.document.nodes import Table
from reportgen.styles import mm, twips
from tests.unit.writers.docx.docx_sample import (
    W,
    attributes,
    body,
    build,
    document,
    everything,
    heading,
    main_part,
    part,
    signature,
    table,
)


def wide() -> Table:
    return replace(table(), landscape=True)


def directions(data: bytes) -> list[str]:
    return [section.orientation.name for section in docx.Document(BytesIO(data)).sections]


def footers(data: bytes) -> list[str]:
    with ZipFile(BytesIO(data)) as package:
        return [name for name in package.namelist() if "footer" in name]


def test_a_report_of_upright_pages_is_one_section_with_two_footers() -> None:
    data = build(everything())
    assert directions(data) == ["PORTRAIT"]
    assert footers(data) == ["word/footer1.xml", "word/footer2.xml"]


def test_a_landscape_table_is_a_section_between_upright_ones() -> None:
    data = build(document(body("甲"), wide(), body("乙"), signature()))
    assert directions(data) == ["PORTRAIT", "LANDSCAPE", "PORTRAIT"]


def test_text_above_the_table_ends_its_section_without_an_empty_line() -> None:
    root = main_part(body("甲"), wide(), body("乙")).find(f"{W}body")
    assert root is not None
    found = [
        (str(child.tag).removeprefix(W), child.find(f"{W}pPr/{W}sectPr") is not None)
        for child in root
    ]
    assert found == [
        ("p", True),
        ("tbl", False),
        ("p", True),
        ("p", False),
        ("sectPr", False),
    ]


def test_the_heading_of_a_landscape_table_stands_above_it() -> None:
    data = build(document(body("甲"), heading(1, "一、总表"), wide()))
    assert directions(data) == ["PORTRAIT", "LANDSCAPE"]
    found = list(part(data, "word/document.xml").iter(f"{W}p"))
    ends = [paragraph.find(f"{W}pPr/{W}sectPr") is not None for paragraph in found[:2]]
    assert ends == [True, False]


def test_each_landscape_table_begins_a_page() -> None:
    assert directions(build(document(wide(), wide()))) == ["LANDSCAPE", "LANDSCAPE"]


def test_the_landscape_page_is_the_sheet_turned_and_the_table_fills_its_type_area() -> None:
    root = main_part(wide())
    size, margins = attributes(root, "pgSz"), attributes(root, "pgMar")
    assert size == {"w": "16838", "h": "11906", "orient": "landscape"}
    for side, wanted in {"top": 28, "right": 37, "bottom": 26, "left": 35}.items():
        assert int(margins[side]) == pytest.approx(twips(mm(wanted)), abs=2)
    assert int(attributes(root, "tblW")["w"]) == twips(mm(225))


@pytest.mark.parametrize(("number", "align"), [(3, "right"), (4, "left")])
def test_the_number_reads_downwards_at_the_left_edge(number: int, align: str) -> None:
    footer = part(build(document(wide())), f"word/footer{number}.xml")
    assert attributes(footer, "textDirection") == {"val": "tbRl"}
    assert attributes(footer, "jc") == {"val": align}
    place = attributes(footer, "tblpPr")
    assert int(place["tblpY"]) == twips(mm(28))
    assert int(attributes(footer, "trHeight")["val"]) == twips(mm(156))
    right_edge = int(place["tblpX"]) + int(attributes(footer, "tblW")["w"])
    assert right_edge == pytest.approx(twips(mm(28)), abs=1)  # 7 mm outside the type area


def test_a_landscape_section_has_footers_of_its_own_and_the_headers_of_all() -> None:
    source = document(body("甲"), wide(), body("乙"), stamp="未定稿")
    root = part(build(source), "word/document.xml")
    ids = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    footers, headers = (
        [
            [reference.get(ids) for reference in section.findall(f"{W}{kind}Reference")]
            for section in root.iter(f"{W}sectPr")
        ]
        for kind in ("footer", "header")
    )
    assert footers[0] == footers[2]
    assert not set(footers[0]) & set(footers[1])
    assert headers[0] == headers[1] == headers[2]
