"""Tests of landscape tables, read back from the PDF as printed (GB/T 9704-2012 clause 8)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest

from reportgen.compare import open_folder, verify_file
from reportgen.published import read_bytes
from reportgen.published.found import FoundParagraph
from reportgen.styles import mm
from tests.visual.samples import build
from tests.wide_report import LINK, write_wide_report

LANDSCAPE = (4, 5, 7, 8)
"""The landscape pages of the report, of either parity and for either table."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wide_report(tmp_path_factory.mktemp("wide") / "report")


@pytest.fixture(scope="module")
def data(folder: Path) -> bytes:
    """Return the report as a PDF."""
    return build(folder)


@pytest.fixture(scope="module")
def sheets(data: bytes) -> Iterator[list[Any]]:
    """Return the sheets as they are printed: nothing turned for the screen."""
    printed = io.BytesIO()
    with pypdfium2.PdfDocument(data) as shown:
        for page in shown:
            page.set_rotation(0)
        shown.save(printed)
    with pdfplumber.open(printed) as opened:
        yield list(opened.pages)


def number_on(sheet: Any) -> list[Any]:
    return [char for char in sheet.chars if round(char["size"]) == 14]


def test_every_sheet_is_upright_and_landscape_pages_are_turned_on_screen(data: bytes) -> None:
    with pypdfium2.PdfDocument(data) as opened:
        boxes = {tuple(map(round, page.get_mediabox())) for page in opened}
        turned = [number for number, page in enumerate(opened, 1) if page.get_rotation() == 90]
    assert boxes == {(0, 0, round(mm(210)), round(mm(297)))}
    assert tuple(turned) == LANDSCAPE


def test_the_page_number_is_upright_where_it_stands_on_the_other_sheets(sheets: list[Any]) -> None:
    for number in LANDSCAPE:
        other = 9 if number % 2 else 6
        expected, found = number_on(sheets[other - 1]), number_on(sheets[number - 1])
        assert "".join(char["text"] for char in found) == f"— {number} —"
        assert all(char["upright"] for char in found)
        tops = [char["top"] for char in expected]
        assert [char["top"] for char in found] == pytest.approx(tops, abs=0.01)
        outer = -1 if number % 2 else 0  # digits differ in width, so that the inner dash moves
        assert found[outer]["x0"] == pytest.approx(expected[outer]["x0"], abs=0.01)


@pytest.mark.parametrize("number", LANDSCAPE)
def test_the_head_of_the_table_is_at_the_left_of_the_sheet(sheets: list[Any], number: int) -> None:
    sheet = sheets[number - 1]
    rules = [*sheet.lines, *sheet.rects]
    assert min(rule["x0"] for rule in rules) >= mm(28) - 0.5
    assert max(rule["x1"] for rule in rules) <= mm(28 + 156) + 0.5
    assert min(rule["top"] for rule in rules) == pytest.approx(mm(37), abs=0.5)
    assert max(rule["bottom"] for rule in rules) == pytest.approx(mm(37 + 225), abs=0.5)
    texts = [char for char in sheet.chars if round(char["size"]) != 14]
    assert {char["matrix"][:2] for char in texts} == {(0.0, 1.0)}  # each reads upwards
    head = min(char["x0"] for char in texts if char["text"] == "计")  # of 合计, 总计
    assert head < min(char["x0"] for char in texts if char["text"].isdigit())


def test_a_link_lies_over_its_text(sheets: list[Any]) -> None:
    sheet = sheets[LANDSCAPE[0] - 1]
    links = [link for link in sheet.annots if link["uri"] == LINK]
    assert len(links) > 10
    for link in links:
        edges = link["x0"], link["top"], link["x1"], link["bottom"]
        shown = sheet.crop(edges).chars
        assert shown
        assert all(char["text"].isdigit() for char in shown)


def test_a_bookmark_leads_to_the_heading_at_the_head_of_a_landscape_page(data: bytes) -> None:
    with pypdfium2.PdfDocument(data) as opened:
        entries = {entry.get_title(): entry.get_dest() for entry in opened.get_toc()}
        found = entries["三、收到和处理政府信息公开申请情况"]
        _, view = found.get_view()
        assert found.get_index() + 1 == LANDSCAPE[2]
    # Left and top on the sheet: the heading's upper edge, the foot as the page is turned.
    assert view[:2] == pytest.approx([mm(28), 0], abs=0.01)


def test_text_extracts_row_by_row(data: bytes) -> None:
    with pypdfium2.PdfDocument(data) as opened:
        text = opened[LANDSCAPE[0] - 1].get_textpage().get_text_range()
    lines = "".join(text.split())
    assert lines.index("街道、乡镇") < lines.index("一月") < lines.index("城东街道")


@pytest.mark.parametrize("kind", ["docx", "pdf", "html", "ofd"])
def test_page_numbers_on_end_are_not_read_as_text(folder: Path, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"成品.{kind}"
    path.write_bytes(build(folder, kind))
    assert verify_file(path, open_folder(folder)).differences == ()
    found = read_bytes(path.read_bytes(), path.name).blocks
    texts = [block.text for block in found if isinstance(block, FoundParagraph)]
    assert len(texts) > 10
    assert not [text for text in texts if len(text) == 1 or text.startswith("—")]
