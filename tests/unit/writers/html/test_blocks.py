"""Tests of the plain data of a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportgen.document.nodes import Document, Figure, FigureGroup, ListItem, Metadata, Paragraph
from reportgen.pictures import PictureKind
from reportgen.sandbox import Evaluation
from reportgen.text import Run
from reportgen.writers.html.blocks import Blocks, css_class
from tests.builders import FORMS, Held

SHEET = FORMS["2021"].sheet


def test_the_template_sees_plain_values_only() -> None:
    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(map(plain, value.values()))
        if isinstance(value, list):
            return all(map(plain, value))
        return value is None or callable(value) or isinstance(value, str | int | float)

    text = Paragraph("body", (Run("文", link="https://example.cn"), Run("\n")))
    figure = Figure(Held(b"1"), PictureKind.PNG, (1, 1), "d", "图", text)
    document = Document(Metadata("", "", "", (), ""), SHEET, (text, FigureGroup((figure,))))
    assert all(map(plain, Blocks(document, Evaluation()).all()))


def test_a_picture_is_read_when_it_is_written_and_then_widens_the_bounds_once() -> None:
    figure = Figure(Held(b"123"), PictureKind.PNG, (1, 1), "d", "图")
    document = Document(Metadata("", "", "", (), ""), SHEET, (FigureGroup((figure,)),))
    evaluation = Evaluation(max_size=0)
    (block,) = Blocks(document, evaluation).all()
    figures: Any = block["figures"]
    data: Callable[[], str] = figures[0]["data"]
    assert evaluation.max_size == 0
    assert data() == data() == "MTIz"
    assert evaluation.max_size == 4


def test_a_style_may_be_called_anything() -> None:
    assert css_class("我的 样式<1>") == "s-我的-样式-1-"


def test_footnotes_are_numbered() -> None:
    notes = tuple(ListItem(mark, Paragraph("footnote", (Run("注"),))) for mark in "①②")
    document = Document(Metadata("", "", "", (), ""), SHEET, (), footnotes=notes)
    found = list(Blocks(document, Evaluation()).footnotes())
    assert [(note["number"], note["marker"], note["class"]) for note in found] == [
        (1, "①", "s-footnote"),
        (2, "②", "s-footnote"),
    ]
