"""Which tables hold numbers and which only frame what is in them."""

from __future__ import annotations

from reportgen.published.found import RawBlock, RawTable
from reportgen.published.frames import FrameCell, settled
from tests.unit.published.blocks import p, picture, table


def cells(*contents: list[RawBlock]) -> list[FrameCell]:
    return [FrameCell(blocks) for blocks in contents]


def test_a_table_of_one_column_is_a_frame() -> None:
    text: list[RawBlock] = [p("甲"), p("乙")]
    assert list(settled([cells(text)])) == text


def test_a_table_of_short_texts_is_a_table() -> None:
    (found,) = settled([cells([p("甲")], [p("1")])])
    assert isinstance(found, RawTable)
    assert [[cell.text for cell in row] for row in found.rows] == [["甲", "1"]]


def test_cells_with_pictures_or_articles_make_a_frame() -> None:
    shown: list[RawBlock] = [picture("a.png"), picture("b.png"), p("图1"), p("图2")]
    grid = [cells([shown[0]], [shown[1]]), cells([shown[2]], [shown[3]])]
    assert list(settled(grid)) == shown
    article = p("字" * 500)
    assert list(settled([cells([p("导航")], [article])]))[1] is article


def test_a_table_of_numbers_stays_one_with_a_table_in_it() -> None:
    inner = table("内|1")
    rows = [cells([p("甲")], [p("1")], [p("2")]), cells([p("乙")], [p("3")], [p("4"), inner])]
    outer, found = settled(rows)
    assert isinstance(outer, RawTable)
    assert found is inner
