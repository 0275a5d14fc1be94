"""What word processors are told of the layout."""

from __future__ import annotations

import pytest

from reportgen.document.nodes import Block
from reportgen.layout.hints import word_hints
from reportgen.layout.items import Hints, Image
from reportgen.layout.placing import place_document
from tests.unit.layout.squares import (
    FONTS,
    SHEET,
    figure,
    group,
    lay_out,
    lines_of_text,
    make_document,
    paragraph,
    plain_table,
)


def hints_of(*blocks: Block) -> Hints:
    return word_hints(place_document(make_document(*blocks), FONTS), SHEET.page)


def test_word_processors_are_told_the_size_and_page_of_pictures() -> None:
    made = group(figure(400, 200), figure(300, 900))
    told = hints_of(lines_of_text(12), made).images
    painted = {
        item.node: (page.number, item)
        for page in lay_out(lines_of_text(12), made).pages
        for item in page.items
        if isinstance(item, Image)
    }
    assert told == painted
    assert {number for number, _ in told.values()} == {1, 2}


def test_word_processors_are_told_the_space_behind_tables_and_pictures() -> None:
    text, picture = paragraph("字"), figure(400, 200)
    told = hints_of(plain_table(2), text, group(picture), paragraph("末"))
    page = SHEET.page
    height = 3 * (SHEET.table.min_row_height + SHEET.table.rule)
    assert told.gaps[text] == pytest.approx(-height % page.line_pitch, abs=0.001)
    assert told.gaps[picture] == pytest.approx(SHEET.figure.space_before)


def test_word_processors_are_told_which_rows_stay_together() -> None:
    made = plain_table(4, header_rows=2)
    keeps = hints_of(made).keeps[made]
    assert {0, 1} <= keeps
    assert 3 not in keeps
