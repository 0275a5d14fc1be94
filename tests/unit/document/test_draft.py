"""Tests of marking findings in a draft, and of the findings page."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reportgen.diagnostics import MOST_SHOWN, Diagnostic, Label, Severity
from reportgen.document.compose import compose_document
from reportgen.document.draft import MOST_NOTES, Stretch, annotate, mark_runs
from reportgen.document.nodes import (
    Block,
    Cell,
    Document,
    Figure,
    FigureGroup,
    Heading,
    Paragraph,
    Table,
    walk_text,
)
from reportgen.pictures import PictureKind
from reportgen.source import Place, Sheet, SheetSpan, SourceFile, Span
from reportgen.text import Run, plain_text
from tests.builders import FORMS, NO_PICTURE, at, report

TEXT = "全年主动公开信息236条。\n\n# 一、总体情况\n\n![截图](a.png)\n"
SOURCE = SourceFile("某局/正文.md", TEXT)


def span_of(part: str) -> Span:
    start = TEXT.index(part)
    return SOURCE.span(start, start + len(part))


def finding(span: Place | None = None, **changes: object) -> Diagnostic:
    base = Diagnostic("T301", "x", Severity.ERROR, "不对", span)
    return replace(base, **changes)


def document(*blocks: Block) -> Document:
    return replace(compose_document(report("2021"), FORMS["2021"]), blocks=blocks)


def sentence(*runs: Run) -> Paragraph:
    text = "全年主动公开信息236条。"
    return Paragraph("body", runs or (Run(text, span=span_of(text)),))


def marked(block: Block, *found: Diagnostic) -> Block:
    return annotate(document(block), found).blocks[0]


def noted(block: Block) -> list[tuple[str, tuple[int, ...]]]:
    """Return the flagged stretches of a text with their numbers."""
    assert isinstance(block, Paragraph | Heading)
    return [(run.text, run.notes) for run in block.runs if run.notes]


def cells_of(found: Document) -> dict[str, Cell]:
    tables = [block for block in found.blocks if isinstance(block, Table)]
    return {cell.name: cell for table in tables for row in table.rows for cell in row if cell.name}


def rows_of(found: Document) -> list[list[str]]:
    """Return the texts of the findings table below its head."""
    table = found.blocks[-1]
    assert isinstance(table, Table)
    return [[cell.text for cell in row] for row in table.rows[1:]]


def test_run_is_divided_exactly_at_the_flagged_characters() -> None:
    block = marked(sentence(), finding(span_of("236")))
    assert isinstance(block, Paragraph)
    assert [run.text for run in block.runs] == ["全年主动公开信息", "236", "条。"]
    assert noted(block) == [("236", (1,))]
    assert [run.span.text for run in block.runs if run.span] == [run.text for run in block.runs]


def test_overlapping_findings_share_the_characters_both_point_at() -> None:
    block = marked(sentence(), finding(span_of("信息236")), finding(span_of("236条")))
    assert noted(block) == [("信息", (1,)), ("236", (1, 2)), ("条", (2,))]


def test_text_and_emphasis_stay_as_they_were() -> None:
    number = Run("236", bold=True, link="https://a.cn", span=span_of("236"))
    before = sentence(Run("全年主动公开信息", span=span_of("全年主动公开信息")), number)
    after = marked(before, finding(span_of("公开信息23")))
    assert isinstance(after, Paragraph)
    assert plain_text(after.runs) == before.text
    assert [(run.text, run.bold, run.link) for run in after.runs if run.notes] == [
        ("公开信息", False, None),
        ("23", True, "https://a.cn"),
    ]


def test_number_filled_in_for_a_placeholder_is_flagged_whole() -> None:
    filled = Run("一千二百", span=span_of("236"))
    assert noted(marked(sentence(filled), finding(span_of("23")))) == [("一千二百", (1,))]


def test_number_before_a_heading_is_not_flagged_with_a_word_of_it() -> None:
    whole = span_of("# 一、总体情况")
    runs = (Run("二、", span=whole), Run("总体情况", span=span_of("总体情况")))
    heading = Heading(1, "heading1", runs, "h1", whole)
    assert noted(marked(heading, finding(span_of("情况")))) == [("情况", (1,))]


def test_word_of_a_heading_of_fixed_wording_is_found_in_it() -> None:
    heading = Heading(1, "heading1", (Run("一、总体情况", span=span_of("# 一、总体情况")),), "h1")
    assert noted(marked(heading, finding(span_of("总体")))) == [("总体", (1,))]


def test_text_without_places_of_its_own_goes_by_its_node() -> None:
    line = Paragraph("signature", (Run("某市某局"),), span_of("236"))
    assert noted(marked(line, finding(span_of("236")))) == [("某市某局", (1,))]


def test_blanks_at_the_ends_are_not_flagged() -> None:
    assert noted(marked(sentence(), finding(SOURCE.span(0, 0)))) == []
    text = Run("甲 乙", span=SOURCE.span(0, 3))
    assert noted(marked(Paragraph("body", (text,)), finding(SOURCE.span(0, 2)))) == [("甲", (1,))]


def test_same_place_in_another_file_is_not_flagged() -> None:
    other = SourceFile("某局/report.yaml", TEXT)
    assert noted(marked(sentence(), finding(other.span(8, 11)))) == []


def test_a_finding_whose_place_is_not_printed_is_flagged_at_its_further_places() -> None:
    year = SourceFile("某局/report.yaml", "年度: 2023\n").span(0, 2)
    labels = (Label(span_of("公开信息"), "写的是 2024 年"),)
    assert noted(marked(sentence(), finding(year, labels=labels))) == [("公开信息", (1,))]
    own = finding(span_of("全年"), labels=labels)
    assert noted(marked(sentence(), own)) == [("全年", (1,))]


@pytest.mark.parametrize("caption", ["截图", ""])
def test_picture_is_flagged_at_its_caption_or_else_itself(caption: str) -> None:
    place = span_of("![截图](a.png)")
    line = Paragraph("caption", (Run(caption, span=place),), place) if caption else None
    figure = Figure(NO_PICTURE, PictureKind.PNG, (2, 1), "0", "图", line, None, place)
    group = marked(FigureGroup((figure,)), finding(place))
    assert isinstance(group, FigureGroup)
    shown = group.figures[0]
    assert shown.notes == (() if caption else (1,))
    assert shown.caption is None or noted(shown.caption) == [("截图", (1,))]


def official(**spans: Place) -> Document:
    """Return the document of a report with some cells typed at *spans*."""
    base = report("2021")
    cells = dict(base.cells)
    for name, span in spans.items():
        key = at(f"申请/本年新收/{name}")
        cells[key] = replace(cells[key], span=span)
    return compose_document(replace(base, cells=cells), FORMS["2021"])


def test_cell_that_a_finding_points_at_is_flagged_alone() -> None:
    names = ("申请/本年新收/总计", "申请/本年新收/自然人")
    found = finding(span_of("236"), cells=names)
    cells = cells_of(annotate(official(总计=span_of("236")), [found]))
    assert {name for name, cell in cells.items() if cell.notes} == {"申请/本年新收/总计"}


def test_cell_of_a_workbook_is_flagged() -> None:
    place = SheetSpan(Sheet("某局/数据.xlsx", "表二", 2), 5, 3)
    cells = cells_of(annotate(official(其他=place), [finding(place)]))
    assert {name: cell.notes for name, cell in cells.items() if cell.notes} == {
        "申请/本年新收/其他": (1,)
    }


def test_finding_that_points_at_no_cell_flags_all_it_names() -> None:
    found = [
        finding(cells=("申请/本年新收/总计",)),
        finding(cells=("申请/本年新收/总计", "申请/上年结转/总计")),
    ]
    cells = cells_of(annotate(official(), found))
    assert cells["申请/本年新收/总计"].notes == (1, 2)
    assert cells["申请/上年结转/总计"].notes == (2,)


def test_finding_about_a_row_flags_its_cells() -> None:
    cells = cells_of(annotate(official(), [finding(cells=("申请/上年结转",))]))
    flagged = {name for name, cell in cells.items() if cell.notes}
    assert len(flagged) == 7
    assert all(name.startswith("申请/上年结转/") for name in flagged)


def test_list_names_every_finding_once_in_order() -> None:
    place = SheetSpan(Sheet("某局/数据.xlsx", "表三", 3), 12, 6)
    found = [
        finding(span_of("236"), expected="6", actual="7", hint="核对"),
        finding(severity=Severity.WARNING, code="N101", file="某局/正文.md"),
        finding(place, severity=Severity.HINT, code="E201"),
        finding(replace(span_of("236"), source=SourceFile("/home/x/某局-2019/report.yaml", TEXT))),
    ]
    after = annotate(document(sentence()), found, Path("某局"))
    assert rows_of(after) == [
        ["1", "错误\nT301", "正文.md:1:9", "不对\n应为：6；实为：7", "核对"],
        ["2", "警告\nN101", "正文.md", "不对", ""],
        ["3", "提示\nE201", "数据.xlsx 表三!F12", "不对", ""],
        ["4", "错误\nT301", "某局-2019/report.yaml:1:9", "不对", ""],
    ]
    assert [item.number for item in after.findings] == [1, 2, 3, 4]


def test_list_begins_a_page_under_its_heading() -> None:
    heading = annotate(document(sentence()), [finding()]).blocks[1]
    assert isinstance(heading, Heading)
    assert (heading.text, heading.level, heading.on_new_page) == ("核对意见", 1, True)


def test_list_shows_no_personal_number_and_no_character_without_a_font() -> None:
    message = "身份证号 110101199003074610 中有\u0007字符𬙂"
    found = [finding(message=message, actual="110101199003074610")]
    after = annotate(document(sentence()), found, undrawn="𬙂")
    text = "".join(run.text for _, run in walk_text(after))
    assert "19900307" not in text
    assert "中有 字符〓" in text


def test_document_without_findings_is_left_alone() -> None:
    before = document(sentence())
    assert annotate(before, []) is before


def test_of_very_many_findings_the_gravest_are_marked_and_the_others_counted() -> None:
    hints = [finding(severity=Severity.HINT)] * 400
    marked_document = annotate(document(), [*hints, finding(code="T999")])
    assert len(marked_document.findings) == MOST_SHOWN
    assert marked_document.findings[-1].code == "T999"
    note = marked_document.blocks[-2]
    assert isinstance(note, Paragraph)
    assert plain_text(note.runs).endswith("另有 101 条没有列出，改正以上各条后再检查。")


@given(st.lists(st.integers(0, 3), max_size=12), st.data())
def test_marks_are_those_of_every_stretch_over_a_character(
    lengths: list[int], data: st.DataObject
) -> None:
    runs = tuple(Run("甲乙丙"[:length]) for length in lengths)
    places = st.integers(0, sum(lengths))
    drawn = data.draw(st.lists(st.tuples(places, places, st.integers(1, 4))))
    stretches = [Stretch(min(a, b), max(a, b), number) for a, b, number in drawn]
    found = mark_runs(runs, stretches)
    assert plain_text(found) == plain_text(runs)
    assert [run.notes for run in found for _ in run.text] == [
        tuple(sorted({s.number for s in stretches if s.start <= place < s.end}))
        for place in range(sum(lengths))
    ]


def test_text_in_very_many_runs_with_very_many_findings() -> None:
    source = SourceFile("正文.md", "甲" * 100_000)
    runs = (Run("甲", span=source.span(i, i + 1)) for i in range(100_000))
    found = [finding(source.span(i, i + 1_000)) for i in range(300)]
    block = marked(sentence(*runs), *found)
    assert isinstance(block, Paragraph)
    assert block.runs[9].notes == tuple(range(1, 11))
    assert block.runs[299].notes == block.runs[999].notes == tuple(range(1, 1 + MOST_NOTES))
    assert not any(run.notes for run in block.runs[1_299:])
