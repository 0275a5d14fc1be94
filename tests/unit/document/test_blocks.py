"""Tests of composing blocks and tables: numbering, pictures, cells, column widths."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from reportgen.document import nodes
from reportgen.document.blocks import BULLET, BlockComposer, compose_plain_table, compose_table
from reportgen.document.nodes import Table
from reportgen.model.report import (
    NarrativeBlock,
    NarrativeHeading,
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
    Picture,
    PictureGroup,
    Quantity,
    Screenshot,
)
from reportgen.pictures import JudgedPicture
from reportgen.styles import Align
from reportgen.text import Run
from tests.builders import FORMS, at, quantities, report, span_of, zeros
from tests.drawn import judged, page_of_text, photograph

SHEET = FORMS["2021"].sheet


def shot(picture: JudgedPicture) -> Screenshot:
    verdict = picture.verdict
    size = (verdict.width, verdict.height)
    return Screenshot(Path("images/专栏.png"), verdict.printed_kind, *size, picture.digest, picture)


SHOT = shot(judged(Image.new("RGB", (800, 600))))


def compose(
    *blocks: NarrativeBlock, shots: dict[str, Screenshot] | None = None
) -> list[nodes.Block]:
    return BlockComposer(shots or {}, SHEET).blocks(blocks)


def heading(level: int, text: str, number: int | None = None) -> NarrativeHeading:
    return NarrativeHeading(level, (Run(text),), number)


def texts(found: list[nodes.Block]) -> list[str]:
    return [node.text for node in found if isinstance(node, nodes.Heading | nodes.Paragraph)]


def test_headings_are_numbered_by_level() -> None:
    found = compose(heading(2, "甲"), heading(3, "乙"), heading(4, "丙"))
    assert texts(found) == ["（一）甲", "1.乙", "（1）丙"]
    assert [node.style for node in found if isinstance(node, nodes.Heading)] == [
        "heading2",
        "heading3",
        "heading4",
    ]


def test_numbers_restart_under_each_higher_heading() -> None:
    levels = [2, 3, 3, 2, 3, 4, 3, 4]
    found = compose(*(heading(level, "") for level in levels))
    assert texts(found) == ["（一）", "1.", "2.", "（二）", "1.", "（1）", "2.", "（1）"]


def test_headings_know_their_number() -> None:
    composer = BlockComposer({}, SHEET)
    (below,) = composer.blocks((heading(2, "甲", 5),))
    assert isinstance(below, nodes.Heading)
    assert below.label == "（一）"
    assert composer.heading(1, "三、总体情况").label == "三、"
    for other in ("总体情况", "3.总体情况"):
        assert not composer.heading(1, other).label


def test_fixed_heading_restarts_the_numbers_below() -> None:
    composer = BlockComposer({}, SHEET)
    composer.blocks((heading(2, "甲"),))
    fixed = composer.heading(1, "二、主动公开")
    (after,) = composer.blocks((heading(2, "乙"),))
    assert (fixed.level, fixed.style, fixed.text) == (1, "heading1", "二、主动公开")
    assert texts([after]) == ["（一）乙"]


def test_number_typed_wrongly_is_replaced_by_the_one_that_is_due() -> None:
    assert texts(compose(heading(2, "甲", 1), heading(2, "乙", 3))) == ["（一）甲", "（二）乙"]


def test_heading_too_deep_is_set_as_the_deepest() -> None:
    assert texts(compose(heading(6, "甲"), heading(5, "乙"))) == ["（1）甲", "（2）乙"]


def test_anchors_are_unique() -> None:
    composer = BlockComposer({}, SHEET)
    found = [composer.heading(1, "一"), *composer.blocks((heading(2, "甲"), heading(2, "甲")))]
    anchors = [node.anchor for node in found if isinstance(node, nodes.Heading)]
    assert len(set(anchors)) == 3


def test_paragraph_keeps_its_runs() -> None:
    runs = (Run("甲", bold=True), Run("乙", link="https://example.cn"))
    (found,) = compose(NarrativeParagraph(runs))
    assert isinstance(found, nodes.Paragraph)
    assert (found.style, found.runs) == ("body", runs)


@pytest.mark.parametrize(
    ("start", "markers"), [(None, [BULLET, BULLET]), (1, ["1.", "2."]), (9, ["9.", "10."])]
)
def test_list_items_carry_their_marker(start: int | None, markers: list[str]) -> None:
    (found,) = compose(NarrativeList(((Run("甲"),), (Run("乙"),)), start))
    assert isinstance(found, nodes.ItemList)
    assert found.ordered is (start is not None)
    assert [item.marker for item in found.items] == markers
    assert [item.paragraph.text for item in found.items] == ["甲", "乙"]


def test_authors_table_becomes_a_table() -> None:
    (found,) = compose(NarrativeTable(((Run("甲"),),), (((Run("1"),),),), (Align.LEFT,)))
    assert isinstance(found, nodes.Table)
    assert [cell.text for row in found.rows for cell in row] == ["甲", "1"]


TABLE = NarrativeTable(((Run("甲"),),), (((Run("1"),),),), (Align.LEFT,))


@pytest.mark.parametrize(
    "title",
    ["表1", "表 12　公开情况", "表三：公开情况", "表2-1 公开情况（单位：件）", "表1.2　情况"],
)
def test_a_paragraph_that_names_the_table_below_is_its_caption(title: str) -> None:
    before, found = compose(NarrativeParagraph((Run("前文。"),)), *titled(title, TABLE))
    assert isinstance(before, nodes.Paragraph)
    assert isinstance(found, nodes.Table) and found.caption
    assert (found.caption.style, found.caption.text) == ("table_title", title)
    assert found.title == title


@pytest.mark.parametrize(
    "text",
    ["表1为公开情况", "表1 公开情况如下：", "表1 公开情况。", "各表1", "表", "公开情况见表1"],
)
def test_a_sentence_above_a_table_stays_in_the_text(text: str) -> None:
    above, found = compose(*titled(text, TABLE))
    assert isinstance(above, nodes.Paragraph) and above.style == "body"
    assert isinstance(found, nodes.Table) and found.caption is None


def test_a_title_without_a_table_stays_in_the_text() -> None:
    first, _, table = compose(*titled("表1 甲", NarrativeParagraph((Run("乙"),))), TABLE)
    assert isinstance(first, nodes.Paragraph) and first.style == "body"
    assert isinstance(table, nodes.Table) and table.caption is None


def titled(text: str, below: NarrativeBlock) -> tuple[NarrativeBlock, ...]:
    return NarrativeParagraph((Run(text),)), below


def test_pictures_become_one_group_of_figures() -> None:
    pictures = PictureGroup((Picture("a.png", "专栏", 0.8), Picture("a.png", "目录")))
    (found,) = compose(pictures, shots={"a.png": SHOT})
    assert isinstance(found, nodes.FigureGroup)
    first, second = found.figures
    assert (first.picture, first.kind, first.pixels, first.digest) == (
        SHOT.picture,
        "png",
        (800, 600),
        SHOT.digest,
    )
    assert not (first.parts or first.is_reduced)
    assert (first.alt, first.width) == ("专栏", 0.8)
    assert first.caption is not None
    assert (first.caption.style, first.caption.text) == ("caption", "专栏")
    assert second.width is None


def test_a_long_picture_has_parts_and_the_last_one_its_caption() -> None:
    page = shot(judged(page_of_text(1080, 6_000, 44)))
    (found,) = compose(PictureGroup((Picture("a.png", "办事指南"),)), shots={"a.png": page})
    assert isinstance(found, nodes.FigureGroup)
    (whole,) = found.figures
    assert [part.alt for part in whole.parts] == [
        "办事指南（第 1 部分，共 2 部分）",
        "办事指南（第 2 部分，共 2 部分）",
    ]
    assert [part.caption for part in whole.parts] == [None, whole.caption]
    assert [part.is_part for part in (whole, *whole.parts)] == [False, True, True]
    assert (whole.alt, whole.pixels) == ("办事指南", (1080, 6_000))
    assert sum(part.pixels[1] for part in whole.parts) == whole.pixels[1]


def test_a_photograph_is_reduced_unless_the_author_keeps_it() -> None:
    shots = {"a.jpg": shot(judged(photograph(3000, 2000), "JPEG", quality=92))}
    pictures = PictureGroup((Picture("a.jpg", "会场"),))
    for original in (False, True):
        composer = BlockComposer(shots, SHEET, original_pictures=original)
        (found,) = composer.blocks((pictures,))
        assert isinstance(found, nodes.FigureGroup)
        assert found.figures[0].is_reduced is not original


def test_photographs_that_follow_each_other_stand_two_a_row() -> None:
    shots = {
        "photo.jpg": shot(judged(photograph(1200, 900), "JPEG", quality=92)),
        "page.jpg": shot(judged(page_of_text(1200, 900, 30), "JPEG", quality=92)),
        "page.png": shot(judged(page_of_text(1200, 900, 30))),
        "wide.jpg": shot(judged(photograph(1200, 400), "JPEG", quality=92)),
    }

    def widths(*pictures: tuple[str, float | None]) -> list[float | None]:
        made = PictureGroup(tuple(Picture(name, "图", width) for name, width in pictures))
        (found,) = compose(made, shots=shots)
        assert isinstance(found, nodes.FigureGroup)
        return [figure.width for figure in found.figures]

    photo = ("photo.jpg", None)
    assert widths(photo, photo, photo) == [0.48] * 3
    assert widths(photo) == [None]
    assert widths(photo, ("photo.jpg", 0.6), photo) == [None, 0.6, None]
    assert widths(("page.png", None), photo, photo) == [None, 0.48, 0.48]
    assert widths(("page.jpg", None), ("page.jpg", None)) == [None, None]
    assert widths(("wide.jpg", None), ("wide.jpg", None)) == [None, None]


def test_picture_without_caption_is_named_after_its_file() -> None:
    (found,) = compose(PictureGroup((Picture("a.png", ""),)), shots={"a.png": SHOT})
    assert isinstance(found, nodes.FigureGroup)
    assert (found.figures[0].alt, found.figures[0].caption) == ("专栏", None)


def test_missing_picture_leaves_a_note_in_a_draft() -> None:
    pictures = PictureGroup((Picture("b.png", "甲"), Picture("a.png", "乙")))
    note, group = compose(pictures, shots={"a.png": SHOT})
    assert isinstance(note, nodes.Paragraph)
    assert note.text == "【图片缺失：b.png】"
    assert isinstance(group, nodes.FigureGroup)
    assert len(group.figures) == 1


def test_group_of_missing_pictures_is_notes_alone() -> None:
    found = compose(PictureGroup((Picture("b.png", "甲"),)))
    assert [type(node) for node in found] == [nodes.Paragraph]


LOOK = FORMS["2021"].sheet.table


def compose_official(table: str, cells: dict[str, Quantity], form: str = "2021") -> Table:
    full = quantities(zeros(form)) | {at(name): cell for name, cell in cells.items()}
    return compose_table(FORMS[form].tables[table], report(form, full), LOOK)


def plain(*rows: tuple[str, ...], aligns: tuple[Align, ...] | None = None) -> Table:
    head, *body = [tuple((Run(text),) for text in row) for row in rows]
    return compose_plain_table(
        NarrativeTable(head, tuple(body), aligns or (Align.LEFT,) * len(head))
    )


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("table", ["proactive", "requests", "disputes"])
def test_composed_table_has_the_shape_of_its_grid(form: str, table: str) -> None:
    grid = FORMS[form].tables[table]
    composed = compose_official(table, {}, form)
    assert (composed.title, composed.name) == (grid.title, grid.key)
    assert (composed.widths, composed.header_rows) == (grid.widths, grid.header_rows)
    cells = [cell for row in composed.rows for cell in row]
    for cell, planned in zip(cells, grid.cells(), strict=True):
        assert (cell.row, cell.column) == (planned.row, planned.column)
        assert (cell.row_span, cell.column_span) == (planned.row_span, planned.column_span)
        assert (cell.role, cell.style, cell.name) == (planned.role, planned.style, planned.path)
        assert cell.text == ("0" if planned.role == "value" else planned.label) or "元" in cell.text


def text_of(table: Table, name: str) -> str:
    return next(cell.text for row in table.rows for cell in row if cell.name == name)


def test_number_is_printed_plainly_and_points_at_its_source() -> None:
    place = span_of("3,307", "3,307")
    name = "主动公开/行政许可/本年处理决定数量"
    table = compose_official("proactive", {name: Quantity(3307, "3,307", place)})
    cell = next(cell for row in table.rows for cell in row if cell.name == name)
    assert (cell.text, cell.span) == ("3307", place)
    assert cell.runs[0].span == place


def test_no_number_is_printed_as_zero() -> None:
    table = compose_official("proactive", {"主动公开/规章/本年制发件数": Quantity(None, "/")})
    assert text_of(table, "主动公开/规章/本年制发件数") == "0"


def test_unreadable_number_is_shown_as_typed_in_a_draft() -> None:
    table = compose_official(
        "proactive", {"主动公开/规章/本年制发件数": Quantity(None, "四", invalid=True)}
    )
    assert text_of(table, "主动公开/规章/本年制发件数") == "四"


def test_money_and_change_keep_unit_and_sign() -> None:
    table = compose_official(
        "proactive",
        {
            "主动公开/政府集中采购/采购总金额": Quantity(Decimal("75394432.52"), "75394432.52元"),
            "主动公开/行政许可/本年增/减": Quantity(11, "+11", signed=True),
        },
        "2019",
    )
    assert text_of(table, "主动公开/政府集中采购/采购总金额") == "75394432.52元"
    assert text_of(table, "主动公开/行政许可/本年增/减") == "+11"


def test_absent_number_leaves_its_cell_empty() -> None:
    table = compose_table(FORMS["2021"].tables["requests"], report(cells={}), LOOK)
    values = [cell for row in table.rows for cell in row if cell.role == "value"]
    assert all(cell.runs == () for cell in values)
    assert table.rows[0][0].text


def test_authors_table_has_a_head_and_aligned_cells() -> None:
    table = plain(
        ("项目", "件数", "说明"), ("甲", "1", "文"), aligns=(Align.LEFT, Align.RIGHT, Align.CENTER)
    )
    assert table.header_rows == 1
    assert [cell.role for cell in table.rows[0]] == ["header"] * 3
    assert [cell.role for cell in table.rows[1]] == ["value"] * 3
    assert [cell.style for cell in table.rows[0]] == ["cell_text"] * 3
    assert [cell.style for cell in table.rows[1]] == [
        "cell_text_left",
        "cell_text_right",
        "cell_text",
    ]
    assert [(cell.row, cell.column) for cell in table.rows[1]] == [(1, 0), (1, 1), (1, 2)]


def test_the_widths_of_an_authors_columns_are_left_to_the_layout() -> None:
    assert plain(("甲", "乙"), ("字" * 10, "字" * 5)).widths == ()


def test_table_of_a_head_alone_is_a_table() -> None:
    assert len(plain(("甲", "乙")).rows) == 1


def test_a_table_is_landscape_when_its_form_or_its_author_says_so() -> None:
    grid = FORMS["2021"].tables["requests"]
    assert not compose_table(grid, report(), LOOK).landscape
    assert compose_table(replace(grid, landscape=True), report(), LOOK).landscape
    typed = NarrativeTable(((Run("甲"),),), (((Run("1"),),),), (Align.LEFT,))
    assert not compose_plain_table(typed).landscape
    assert compose_plain_table(replace(typed, landscape=True)).landscape


def test_an_official_table_may_have_lengths_of_its_own() -> None:
    grid = replace(FORMS["2021"].tables["proactive"], spacing={})
    assert compose_table(grid, report(), LOOK).look is None
    own = compose_table(replace(grid, spacing={"padding_x": 1.0}), report(), LOOK).look
    assert own == replace(LOOK, padding_x=1.0)
