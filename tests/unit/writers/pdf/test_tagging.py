"""Tests of the structure tree of a PDF."""

from __future__ import annotations

import io
import re
from typing import Any

import pdfplumber
import pytest
from pdfminer.pdftypes import resolve1

from reportgen.writers.pdf import PROFILES
from tests.unit.writers.pdf import pdf_sample
from tests.unit.writers.pdf.pdf_sample import flat


def test_headings_never_skip_a_level(opened: Any) -> None:
    tags = [element["type"] for element in flat(opened.structure_tree)]
    assert [tag for tag in tags if re.fullmatch(r"H\d", tag)] == ["H1", "H2", "H3", "H4", "H2"]


def test_the_tree_follows_the_document(opened: Any) -> None:
    (root,) = opened.structure_tree
    kids = [element["type"] for element in root["children"]]
    expected = "H1 H2 H3 P P H4 L Table Figure Figure Figure Figure H2 P P P"
    assert (root["type"], kids) == ("Document", expected.split())


def test_a_paragraph_over_a_page_break_is_one_element(opened: Any) -> None:
    (root,) = opened.structure_tree
    long = root["children"][4]
    assert long["type"] == "P"
    pages = {char["page_number"] for page in opened.pages[:2] for char in page.chars}
    assert pages == {1, 2}
    element = resolve1(resolve1(_root_kid(opened, 4)))
    kids = resolve1(element["K"])
    assert len(kids) == 2
    assert resolve1(kids[1])["Type"].name == "MCR"


def _root_kid(opened: Any, index: int) -> Any:
    tree = resolve1(opened.doc.catalog["StructTreeRoot"])
    (root,) = resolve1(tree["K"])
    return resolve1(resolve1(root)["K"])[index]


def test_every_cell_is_in_the_tree_and_names_its_headers(opened: Any) -> None:
    table = next(e for e in flat(opened.structure_tree) if e["type"] == "Table")
    rows = [resolve1(row)["K"] for row in resolve1(_root_kid(opened, 7))["K"]]
    assert [len(row) if isinstance(row, list) else 1 for row in rows] == [2, 3, 4, 5, 4, 1, 4, 4]
    assert [resolve1(cell)["S"].name for cell in rows[2]] == ["TH", "TD", "TD", "TD"]
    secret = table["children"][3]["children"]
    headers = [name.decode() for name in secret[2]["attributes"]["Headers"]]
    assert headers == ["t1r0c2", "t1r1c2", "t1r3c0", "t1r3c1"]
    assert secret[0]["attributes"]["RowSpan"] == 2


def test_a_second_head_replaces_the_first_and_a_caption_governs_below_it(opened: Any) -> None:
    table = next(e for e in flat(opened.structure_tree) if e["type"] == "Table")
    last = table["children"][-1]["children"][-1]
    headers = [name.decode() for name in last["attributes"]["Headers"]]
    assert headers == ["t1r5c0", "t1r6c4", "t1r7c0"]


def test_figures_have_words_and_a_place(opened: Any) -> None:
    figures = [e for e in flat(opened.structure_tree) if e["type"] == "Figure"]
    assert [f["alt_text"] for f in figures][:2] == ["门户网站公开专栏截图", "新闻发布会照片"]
    left, bottom, right, top = figures[0]["attributes"]["BBox"]
    assert (left, right - left, top - bottom) == (pdf_sample.LEFT, 120, pytest.approx(80))


def test_a_caption_is_the_last_child_of_its_picture(opened: Any) -> None:
    first, second = [e for e in flat(opened.structure_tree) if e["type"] == "Figure"][:2]
    assert [kid["type"] for kid in first["children"]] == ["Caption"]
    assert first["mcids"]
    assert "children" not in second


def test_the_signature_field_is_a_form_after_the_date() -> None:
    with pdfplumber.open(io.BytesIO(pdf_sample.written(signature_field=True))) as file:
        form = resolve1(_root_kid(file, -1))
        assert (form["S"].name, resolve1(form["K"])["Type"].name) == ("Form", "OBJR")


def test_the_top_of_a_file_of_pdf_2_is_in_its_namespace() -> None:
    for profile in PROFILES:
        with pdfplumber.open(io.BytesIO(pdf_sample.written(profile))) as file:
            tree = resolve1(file.doc.catalog["StructTreeRoot"])
            top = resolve1(resolve1(tree["K"])[0])
            found = resolve1(top["NS"])["NS"] if "NS" in top else None
            assert found == (b"http://iso.org/pdf2/ssn" if profile == "a-4f" else None)
