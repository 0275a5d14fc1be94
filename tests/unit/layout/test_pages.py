"""Tests of pages: the grid, keeps, page numbers, marks of a draft, landscape tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reportgen.document.nodes import (
    Block,
    FigureGroup,
    ItemList,
    ListItem,
    Paragraph,
    walk_text,
)
from reportgen.fonts import CENTRE
from reportgen.layout.items import Fill, Image, Page, Pagination, RuleLine, TextRun, TurnedText
from reportgen.styles import mm
from reportgen.text import Run
from reportgen.writers.dump import dump_pages
from tests.builders import paginate
from tests.unit.layout.squares import (
    FONTS,
    PAGE,
    PITCH,
    SHEET,
    all_content,
    body_line,
    content_on,
    directions,
    figure,
    flagged,
    group,
    heading,
    lay,
    lay_out,
    lines_of_text,
    lines_on,
    make_document,
    paragraph,
    plain_table,
    runs_on,
    signature,
    text,
    wide_table,
)


def artifacts(page: Page, kind: str) -> list[TextRun]:
    return [run for run in runs_on(page) if run.artifact == kind]


def test_a_page_holds_22_lines_of_28_characters() -> None:
    pages = lay_out(lines_of_text(44)).pages
    assert [len(lines_on(page)) for page in pages] == [22, 22]


def test_body_text_is_centred_in_the_lines_of_the_grid() -> None:
    page = lay_out(lines_of_text(3)).pages[0]
    first = content_on(page)[0]
    assert first.y == pytest.approx(PAGE.top + (PITCH - 16) / 2 + 0.88 * 16)
    assert [body_line(page, run) for run in content_on(page)] == pytest.approx([0, 1, 2])


def test_date_begins_two_characters_right_of_the_organ() -> None:
    page = lay_out(lines_of_text(2), signature("机" * 12, "2" * 10)).pages[0]
    organ, date = content_on(page)[-2:]
    pitch = SHEET["signature"].pitch
    assert organ.x + organ.width == pytest.approx(PAGE.left + PAGE.text_width - 2 * pitch, abs=1)
    assert date.x - organ.x == pytest.approx(2 * pitch)


def test_a_date_longer_than_the_organ_ends_two_characters_before_the_edge() -> None:
    page = lay_out(lines_of_text(2), signature("机" * 4, "2" * 10)).pages[0]
    organ, date = content_on(page)[-2:]
    pitch = SHEET["signature"].pitch
    assert date.x + date.width == pytest.approx(PAGE.left + PAGE.text_width - 2 * pitch, abs=1)
    assert date.x - organ.x == pytest.approx(2 * pitch)


def test_the_seal_covers_organ_and_date_and_no_text_above() -> None:
    laid = lay_out(lines_of_text(2), block := signature("机" * 12, "2" * 10))
    organ, date = content_on(laid.pages[0])[-2:]
    seal = laid.seal
    assert seal
    assert (seal.signature, seal.page, seal.side) == (block, 1, SHEET.page.seal)
    assert seal.x + seal.side / 2 == pytest.approx(date.x + date.width / 2)
    assert seal.y == pytest.approx(PAGE.top + 2 * PITCH)  # where the text ends
    assert seal.y + seal.side / 2 < date.y < seal.y + seal.side
    assert seal.y < organ.y - organ.size


def test_the_seal_is_on_the_page_of_the_signature_and_within_the_sheet() -> None:
    laid = lay_out(lines_of_text(40), signature("机", "2"))
    assert laid.seal
    assert laid.seal.page == 2
    assert laid.seal.x + laid.seal.side <= PAGE.width
    assert lay_out(lines_of_text(3)).seal is None


def test_list_marker_belongs_to_the_item_and_text_to_its_paragraph() -> None:
    item = ListItem("1.", paragraph("字" * 40, "list"))
    page = lay_out(ItemList("list", True, (item,))).pages[0]
    marker, *texts = content_on(page)
    assert (marker.node, marker.part, marker.text) == (item, "marker", "1.")
    assert all(run.node is item.paragraph and run.part == "text" for run in texts)
    assert marker.x == pytest.approx(PAGE.left + 2 * SHEET["list"].pitch)
    assert texts[-1].x == pytest.approx(PAGE.left)


def test_text_is_content_once_and_in_order() -> None:
    text = paragraph("".join(chr(0x4E00 + i) for i in range(2000)))
    assert "".join(run.text for run in all_content(lay_out(text))) == text.text


def test_odd_pages_are_numbered_right_and_even_pages_left() -> None:
    result = lay_out(lines_of_text(50))
    style = SHEET["page_number"]
    numbers = [artifacts(page, "footer") for page in result.pages]
    assert ["".join(r.text for r in runs).strip() for runs in numbers] == [
        "— 1 —",
        "— 2 —",
        "— 3 —",
    ]
    right = PAGE.left + PAGE.text_width - style.pitch
    assert numbers[0][-1].x + numbers[0][-1].width == pytest.approx(right)
    assert numbers[1][0].x == pytest.approx(PAGE.left + style.pitch)


def test_dashes_beside_the_page_number_are_7_mm_below_the_type_area() -> None:
    page = lay_out(lines_of_text(1)).pages[0]
    run = artifacts(page, "footer")[0]
    assert run.y - CENTRE * 14 == pytest.approx(mm(37 + 225 + 7))


def test_watermark_is_painted_first_on_every_page() -> None:
    result = lay_out(lines_of_text(30), plain_table(3), watermark="草稿")
    for page in result.pages:
        mark = page.items[0]
        assert isinstance(mark, TurnedText)
        assert (mark.x, mark.y) == pytest.approx((PAGE.width / 2, PAGE.height / 2))
        assert mark.run.node is None


def test_long_watermark_is_made_to_fit() -> None:
    mark = lay_out(lines_of_text(1), watermark="征求意见稿内部资料").pages[0].items[0]
    assert isinstance(mark, TurnedText)
    assert mark.run.width <= PAGE.width + 0.1


def test_stamp_stands_above_the_type_area_of_every_page() -> None:
    for page in lay_out(lines_of_text(30), stamp="草稿，不得报送").pages:
        run = artifacts(page, "header")[0]
        assert run.y == pytest.approx(mm(20))
        assert run.colour == SHEET["stamp"].colour


def test_every_heading_below_the_title_has_a_destination() -> None:
    first, second = heading("一、甲"), heading("（一）乙", 2)
    blocks = heading("题", 0), first, lines_of_text(25), second, lines_of_text(2)
    found = lay_out(*blocks).destinations
    assert [(place.heading.text, place.page) for place in found] == [("一、甲", 1), ("（一）乙", 2)]


def test_emphasis_links_and_colour_reach_the_runs() -> None:
    runs = (Run("粗", bold=True), Run("斜", italic=True), Run("链", link="https://a.example"))
    bold, italic, link = content_on(lay_out(Paragraph("body", runs)).pages[0])
    assert bold.stroke == pytest.approx(0.03 * 16)
    assert italic.shear == pytest.approx(0.2)
    assert link.link == "https://a.example"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("段题表图"), st.integers(1, 30)), max_size=12))
def test_whatever_the_blocks_all_is_shown_once_in_order_and_on_the_page(
    plan: list[tuple[str, int]],
) -> None:
    makers: dict[str, Callable[[int], Block]] = {
        "段": lines_of_text,
        "题": lambda size: heading("标题" * size),
        "表": plain_table,
        "图": lambda size: group(figure(900, 30 * size, "说明"), figure(300, 20 * size)),
    }
    document = make_document(*(makers[kind](size) for kind, size in plan))
    result = paginate(document, FONTS)
    assert "".join(run.text for run in all_content(result)) == "".join(
        run.text for _, run in walk_text(document)
    )
    for page in result.pages:
        assert all(run.y < PAGE.top + PAGE.text_height for run in content_on(page))
        foot = [item.y + item.height for item in page.items if isinstance(item, Image)]
        assert all(y <= PAGE.top + PAGE.text_height + 0.1 for y in foot)


def test_pages_are_the_same_each_time() -> None:
    document = make_document(heading("题", 0), lines_of_text(30), plain_table(40), stamp="稿")
    assert dump_pages(paginate(document, FONTS)) == dump_pages(paginate(document, FONTS))


def test_empty_document_has_no_pages() -> None:
    assert lay_out().pages == ()


def number_on(page: Page) -> list[TurnedText]:
    return [
        item
        for item in page.items
        if isinstance(item, TurnedText) and item.run.artifact == "footer"
    ]


def test_a_landscape_page_is_the_sheet_turned() -> None:
    page = lay_out(wide_table(2)).pages[0]
    assert (page.width, page.height) == (PAGE.height, PAGE.width)


def test_its_type_area_is_225_by_156_mm_with_the_margins_turned_along() -> None:
    rules = [item for item in lay_out(wide_table(2)).pages[0].items if isinstance(item, RuleLine)]
    assert min(rule.y0 for rule in rules) == pytest.approx(mm(28), abs=0.5)
    assert min(rule.x0 for rule in rules) == pytest.approx(mm(35), abs=0.5)
    assert max(rule.x1 for rule in rules) == pytest.approx(mm(35 + 225), abs=0.5)
    turned = PAGE.turned()
    assert turned.right == pytest.approx(PAGE.top)
    assert turned.bottom == pytest.approx(PAGE.right)


def test_it_goes_on_over_landscape_pages_under_its_repeated_head() -> None:
    made = wide_table(60, header_rows=2)
    pages = lay_out(made, lines_of_text(2)).pages
    assert directions(*pages) == [True] * (len(pages) - 1) + [False]
    assert len(pages) > 3
    heads = [[r.text for r in runs_on(page) if r.artifact == "header"] for page in pages[:-1]]
    assert heads == [[]] + [["头00", "头01", "头10", "头11"]] * (len(heads) - 1)
    for page in pages[:-1]:
        assert all(run.y < PAGE.left + PAGE.text_width for run in content_on(page))


@pytest.mark.parametrize("leading", [0, 1])
def test_the_page_number_stands_where_it_stands_on_the_other_sheets(leading: int) -> None:
    before = [lines_of_text(22)] * leading
    page = lay_out(*before, wide_table(2)).pages[leading]
    other = lay_out(lines_of_text(22 * (leading + 1))).pages[leading]
    expected = [run for run in runs_on(other) if run.artifact == "footer"]
    marks = number_on(page)
    assert [mark.run.text for mark in marks] == [run.text for run in expected]
    for mark, run in zip(marks, expected, strict=True):
        # The sheet's left edge is the head of the turned page, its foot the left edge.
        assert (mark.y, PAGE.height - mark.x) == pytest.approx((run.x, run.y))
        assert mark.angle == -90


def test_draft_marks_stand_as_the_page_is_read() -> None:
    page = lay_out(wide_table(2), stamp="草稿，不得报送", watermark="草稿").pages[0]
    mark = page.items[0]
    assert isinstance(mark, TurnedText)
    assert (mark.x, mark.y) == pytest.approx((PAGE.height / 2, PAGE.width / 2))
    stamp = next(run for run in runs_on(page) if run.artifact == "header")
    assert stamp.y == pytest.approx(mm(20))
    assert stamp.x >= mm(35)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("段题横竖"), st.integers(1, 30)), max_size=10))
def test_whatever_the_blocks_all_is_shown_once_in_order(plan: list[tuple[str, int]]) -> None:
    makers: dict[str, Callable[[int], Block]] = {
        "段": lines_of_text,
        "题": lambda size: heading("标题" * size),
        "横": wide_table,
        "竖": plain_table,
    }
    document = make_document(*(makers[kind](size) for kind, size in plan))
    result = paginate(document, FONTS)
    assert "".join(run.text for run in all_content(result)) == "".join(
        run.text for _, run in walk_text(document)
    )
    for page in result.pages:
        text_height = PAGE.text_width if page.landscape else PAGE.text_height
        head = PAGE.left if page.landscape else PAGE.top
        assert all(head < run.y < head + text_height for run in content_on(page))


SHADES = SHEET.finding.shades
Glyph = tuple[int, str, float, float, str]


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


def test_marks_are_drawn_below_and_above_everything_else() -> None:
    items = lay(text(("甲", (1,)))).pages[0].items
    kinds = [item.artifact or "text" for item in items if isinstance(item, TextRun)]
    assert kinds.index("finding") > kinds.index("text")
    fill = next(place for place, item in enumerate(items) if isinstance(item, Fill))
    shown = next(
        place for place, item in enumerate(items) if isinstance(item, TextRun) and item.node
    )
    assert fill < shown
