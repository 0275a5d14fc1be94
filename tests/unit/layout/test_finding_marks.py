"""Tests of finding marks, which must not move anything on the pages."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.diagnostics import Severity
from reportgen.document.nodes import (
    Block,
    Document,
    FigureGroup,
    Heading,
    Paragraph,
    Table,
)
from reportgen.findings_text import ShownFinding
from reportgen.layout.items import Fill, Page, Pagination, TextRun
from reportgen.text import Run
from reportgen.writers.dump import dump_document, dump_pages
from tests.builders import paginate
from tests.unit.layout.squares import (
    FONTS,
    PAGE,
    SHEET,
    content_on,
    figure,
    group,
    heading,
    lines_of_text,
    make_document,
    plain_table,
    runs_on,
)

FINDINGS = (
    ShownFinding(Severity.ERROR, "错误", "T301", "不符", "report.yaml:1:1", number=1),
    ShownFinding(Severity.WARNING, "警告", "N303", "缺少", "正文.md:1:1", number=2),
)
SHADES = SHEET.finding.shades
Glyph = tuple[int, str, float, float, str]


def draft(*blocks: Block) -> Document:
    return replace(make_document(*blocks, stamp="未定稿"), findings=FINDINGS)


def lay(*blocks: Block) -> Pagination:
    return paginate(draft(*blocks), FONTS)


def text(*pieces: tuple[str, tuple[int, ...]]) -> Paragraph:
    return Paragraph("body", tuple(Run(piece, notes=notes) for piece, notes in pieces))


def flagged(table: Table, row: int, column: int, notes: tuple[int, ...]) -> Table:
    rows = [list(cells) for cells in table.rows]
    rows[row][column] = replace(rows[row][column], notes=notes)
    return replace(table, rows=tuple(map(tuple, rows)))


def numbers_on(page: Page) -> list[TextRun]:
    return [run for run in runs_on(page) if run.artifact == "finding"]


def fills_on(page: Page) -> list[Fill]:
    return [item for item in page.items if isinstance(item, Fill)]


def glyphs(result: Pagination) -> list[Glyph]:
    """Return every character of the text with its face and its place on its page."""
    return [
        (page.number, char, pytest.approx(run.x + offset), pytest.approx(run.y), run.face)  # type: ignore[misc]
        for page in result.pages
        for run in content_on(page)
        for char, offset in zip(run.text, run.offsets, strict=True)
    ]


def test_marks_move_no_glyph() -> None:
    pieces = ("甲" * 20 + "，2024", "年度" * 30 + "。", "公开 3 件" * 4)
    notes: tuple[tuple[int, ...], ...] = ((), (1, 2), (2,))
    table = plain_table(30)
    plain = lay(text(("".join(pieces), ())), table)
    marked = lay(
        text(*zip(pieces, notes, strict=True)), flagged(flagged(table, 1, 0, (1,)), 25, 1, (2,))
    )
    assert glyphs(marked) == glyphs(plain)
    assert len(marked.pages) == len(plain.pages)


def test_flagged_text_lies_on_the_colour_of_the_worst_finding() -> None:
    page = lay(text(("甲", ()), ("乙", (2,)), ("丙", (1, 2)))).pages[0]
    first, second = fills_on(page)
    assert (first.colour, second.colour) == (SHADES["warning"], SHADES["error"])
    run = content_on(page)[1]
    assert first.x == pytest.approx(run.x)
    assert first.y < run.y - 0.88 * 16 < run.y < first.y + first.height
    assert second.x == pytest.approx(first.x + first.width)


def test_number_stands_once_at_the_end_of_what_it_is_about() -> None:
    page = lay(text(("甲" * 40, (1,)), ("乙", (1, 2)), ("丙", ()))).pages[0]
    (number,) = numbers_on(page)
    last = next(run for run in content_on(page) if run.text.startswith("乙"))
    assert number.text == "1,2"
    assert number.x == pytest.approx(last.x + last.width, abs=0.5)
    assert number.y < last.y - 0.5 * 16
    assert number.node is None


def test_text_broken_over_lines_is_coloured_on_each() -> None:
    page = lay(text(("甲" * 60, (1,)))).pages[0]
    assert len(fills_on(page)) == 3
    assert len(numbers_on(page)) == 1


def test_flagged_cell_is_filled_and_numbered_in_its_upper_right_corner() -> None:
    page = lay(flagged(plain_table(2), 2, 1, (2,))).pages[0]
    fill = next(item for item in fills_on(page) if item.colour == SHADES["warning"])
    (number,) = numbers_on(page)
    assert fill.x + fill.width == pytest.approx(PAGE.left + PAGE.text_width)
    assert number.x + number.width == pytest.approx(fill.x + fill.width, abs=2)
    assert fill.y < number.y < fill.y + fill.height / 2 + 1


def test_flagged_picture_is_numbered_and_its_caption_coloured() -> None:
    bare, titled = figure(600, 300), figure(600, 300, "图注")
    assert titled.caption
    caption = replace(titled.caption, runs=(Run("图注", notes=(1,)),))
    figures: FigureGroup = group(replace(bare, notes=(2,)), replace(titled, caption=caption))
    page = lay(figures).pages[0]
    assert [run.text for run in numbers_on(page)] == ["2", "1"]
    assert [item.colour for item in fills_on(page)] == [SHADES["error"]]


def test_heading_on_a_new_page_begins_one() -> None:
    begun: Heading = replace(heading("核对意见"), on_new_page=True)
    result = lay(lines_of_text(3), begun)
    assert [len(content_on(page)) for page in result.pages] == [3, 1]
    assert [place.page for place in result.destinations] == [2]


def test_marks_are_drawn_below_and_above_everything_else() -> None:
    items = lay(text(("甲", (1,)))).pages[0].items
    kinds = [item.artifact or "text" for item in items if isinstance(item, TextRun)]
    assert kinds.index("finding") > kinds.index("text")
    fill = next(place for place, item in enumerate(items) if isinstance(item, Fill))
    shown = next(
        place for place, item in enumerate(items) if isinstance(item, TextRun) and item.node
    )
    assert fill < shown


def test_dumps_show_what_is_flagged() -> None:
    found = draft(text(("甲", ()), ("乙", (1, 2))), flagged(plain_table(1), 1, 1, (2,)))
    assert "甲{乙}^1,2" in dump_document(found)
    assert "finding 2 warning N303 正文.md:1:1 「缺少」" in dump_document(found)
    assert "finding " in dump_pages(paginate(found, FONTS))
