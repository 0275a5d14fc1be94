"""Tests of documents and pages as text."""

from __future__ import annotations

from reportgen.document.nodes import (
    Paragraph,
)
from reportgen.text import Run
from reportgen.writers.dump import dump_document, dump_pages
from tests.builders import paginate
from tests.unit.layout.squares import (
    FONTS,
    draft,
    flagged,
    heading,
    lay_out,
    lines_of_text,
    make_document,
    plain_table,
    text,
    wide_table,
)


def test_dump_gives_one_line_per_item_rounded_to_a_tenth() -> None:
    head, text = heading("一、标题"), lines_of_text(2)
    lines = dump_pages(lay_out(head, text)).splitlines()
    assert lines[0] == "p1 page 595.3 x 841.9"
    assert lines[1] == "p1 heading1 111.0 125.5 w=63.2 square 16.0 「一、标题」"
    assert lines[2].startswith("p1 text 111.0 154.4 w=410.6 square 16.0 「字")
    assert lines[-1] == "destination p1 y=104.9 1 一、标题"


def test_dump_of_a_document_shows_its_markup() -> None:
    runs = (Run("粗", bold=True), Run("\n"), Run("链", link="https://a.example"))
    lines = dump_document(make_document(heading("题", 0), Paragraph("body", runs))).splitlines()
    assert lines[1:] == [
        "heading 0 title #h-题 题",
        "paragraph body **粗**⏎[链](https://a.example)",
    ]


def test_the_dump_says_what_is_landscape() -> None:
    made = make_document(wide_table(1))
    assert dump_document(made).splitlines()[1].endswith(" landscape")
    assert dump_pages(paginate(made, FONTS)).startswith("p1 page 841.9 x 595.3 landscape\n")


def test_dumps_show_what_is_flagged() -> None:
    found = draft(text(("甲", ()), ("乙", (1, 2))), flagged(plain_table(1), 1, 1, (2,)))
    assert "甲{乙}^1,2" in dump_document(found)
    assert "finding 2 warning N303 正文.md:1:1 「缺少」" in dump_document(found)
    assert "finding " in dump_pages(paginate(found, FONTS))
