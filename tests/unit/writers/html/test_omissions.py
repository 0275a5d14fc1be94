"""Tests of what a page leaves out of its document."""

from __future__ import annotations

import pytest

from reportgen.document.nodes import (
    Block,
    Cell,
    Document,
    Figure,
    FigureGroup,
    Heading,
    Metadata,
    Paragraph,
    Table,
)
from reportgen.pictures import PictureKind
from reportgen.styles import CellRole
from reportgen.text import Run
from reportgen.writers.html.omissions import PageText
from tests.builders import FORMS, NO_PICTURE

HEADING = Heading(1, "heading1", (Run("一、总体情况"),), "h1")
TEXT = Paragraph("body", (Run("全年公开 "), Run("12", bold=True), Run(" 条 <信息>。")))
VALUE = Cell(0, 0, 1, 1, CellRole.VALUE, "cell_value", (Run("7"),))
TABLE = Table("申请情况", (1.0,), 0, ((VALUE,),))
PICTURES = FigureGroup((Figure(NO_PICTURE, PictureKind.PNG, (1, 1), "", "图", None),) * 2)


def omitted(page: str | list[str], *blocks: Block) -> list[str]:
    text = PageText()
    for lines in [page] if isinstance(page, str) else page:
        text.feed(lines)
    return text.omissions(Document(Metadata("", "", "", (), ""), FORMS["2021"].sheet, blocks))


def test_a_page_that_shows_everything_leaves_nothing_out() -> None:
    page = "<h1>一、总体情况</h1><p>全年公开 <b>12</b> 条 &lt;信息&gt;。</p><td>7</td>"
    assert omitted(page, HEADING, TEXT, TABLE) == []


def test_blanks_and_line_breaks_of_the_page_do_not_matter() -> None:
    assert omitted("<p>全年\n  公开12条&lt;信息&gt;。", TEXT) == []


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- {} -->",
        "<style>{}</style>",
        "<title>{}</title>",
        "<p title='{}'>",
        "<STYLE>{}</STYLE>",
    ],
)
def test_what_a_browser_does_not_show_does_not_count(hidden: str) -> None:
    assert omitted(hidden.format("一、总体情况"), HEADING) == ["标题“一、总体情况”"]


def test_a_comment_may_go_on_over_several_chunks() -> None:
    assert omitted(["<!-- 看", "一、总体情况", "--><p>7"], HEADING, TABLE) == ["标题“一、总体情况”"]


def test_a_number_that_stands_before_its_heading_is_not_in_its_place() -> None:
    assert omitted("<td>7</td><h1>一、总体情况</h1>", HEADING, TABLE) == ["表“申请情况”"]


def test_a_long_text_is_quoted_in_part() -> None:
    (name,) = omitted("", Paragraph("body", (Run("公开" * 30),)))
    assert name == f"文字“{'公开' * 10}…”"


def test_pictures_that_are_missing_are_counted() -> None:
    assert omitted('<img src="a">', PICTURES) == ["1 幅图片"]
    assert omitted('<img src="a"><img src="b">', PICTURES) == []
