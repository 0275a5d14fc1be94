"""Tests of what a document says otherwise than the data."""

from __future__ import annotations

import pytest

from reportgen.compare.content import Content, Passage, Row, RowCell, TextKind, Unit
from reportgen.compare.differences import Difference, DifferenceKind, compare_contents, differing
from reportgen.source import SourceFile
from reportgen.text import Run
from tests.builders import FORMS

FORM = FORMS["2021"]
MONEY = "主动公开/行政事业性收费/本年收费金额"
COUNT = "主动公开/行政许可/本年处理决定数量"


def text(words: str, path: str = "") -> Passage:
    span = SourceFile(path, words).span(0, len(words)) if path else None
    return Passage((Run(words, span=span),), span)


def row(label: str, number: str, name: str = COUNT) -> Row:
    return Row((RowCell(label, None, is_label=True), RowCell(number, None, name)), "主动公开")


def found_row(*texts: str) -> Row:
    return Row(tuple(RowCell(words, None) for words in texts))


def differences(data: list[Unit], document: list[Unit]) -> tuple[Difference, ...]:
    return compare_contents(
        Content(tuple(data), ()), Content(tuple(document), ()), FORM
    ).differences


@pytest.mark.parametrize(
    ("printed", "found"), [("12.6", "12.60"), ("12.6", "１２.６"), ("1234", "1,234"), ("0", "０")]
)
def test_numbers_are_compared_as_numbers(printed: str, found: str) -> None:
    name = MONEY if "." in printed else COUNT
    assert not differences([row("收费", printed, name)], [found_row("收费", found)])


@pytest.mark.parametrize(("printed", "found"), [("3", "4"), ("0", ""), ("0", "/"), ("3", "三")])
def test_another_number_is_one_difference_at_its_cell(printed: str, found: str) -> None:
    (only,) = differences([row("许可", printed)], [found_row("许可", found)])
    assert (only.kind, only.cell) == (DifferenceKind.CELL, COUNT)
    assert (only.data.value, only.document.value) == (printed, found)


def test_another_label_is_a_difference_of_its_own() -> None:
    (only,) = differences([row("行政许可", "3")], [found_row("行政审批", "3")])
    assert only.kind is DifferenceKind.LABEL
    assert only.finding.slug == "printed-label-differs"


def test_a_row_left_out_is_one_difference() -> None:
    data: list[Unit] = [row("行政许可", "3"), row("行政处罚", "5")]
    (only,) = differences(data, [found_row("行政许可", "3")])
    assert only.finding.slug == "printed-text-missing"
    assert only.cell == "主动公开/行政许可"


def test_heads_repeated_on_the_next_page_are_no_rows_of_their_own() -> None:
    head = Row((RowCell("信息内容", None, is_label=True),), "主动公开", is_head=True)
    again = found_row("信息内容")
    data: list[Unit] = [head, row("行政许可", "3"), row("行政处罚", "5")]
    document: list[Unit] = [
        found_row("信息内容"),
        found_row("行政许可", "3"),
        again,
        found_row("行政处罚", "5"),
    ]
    assert not differences(data, document)


def test_a_row_put_in_is_told() -> None:
    (only,) = differences([row("许可", "3")], [found_row("许可", "3"), found_row("其他", "9")])
    assert only.finding.slug == "printed-text-added"
    assert only.finding.wording == "row"


def test_a_number_beside_what_changed_is_not_cut() -> None:
    data, document = (
        text("全年许可18642件，新收41件，共3件。"),
        text("全年许可18642件，新收14件，共3件。"),
    )
    (only,) = differences([data], [document])
    assert (
        only.finding.values["改动"]
        == "“…18642件，新收41件，共3件。”成了“…18642件，新收14件，共3件。”"
    )


def test_a_changed_paragraph_tells_both_numbers_whole() -> None:
    data, document = text("全年新收41件，办结40件。", "正文.md"), text("全年新收14件，办结40件。")
    (only,) = differences([data], [document])
    assert only.kind is DifferenceKind.PARAGRAPH
    assert only.finding.values["改动"] == "“全年新收41件，办结40…”成了“全年新收14件，办结40…”"
    assert only.data.place is not None
    assert only.data.place.text == "41"


def test_a_number_of_a_placeholder_is_told_with_the_placeholder() -> None:
    source = SourceFile("正文.md", "新收{{ 申请.本年新收.总计 }}件")
    value = Run("41", span=source.span(2, len(source.text) - 1))
    data = Passage((Run("新收", span=source.span(0, 2)), value, Run("件")), None)
    (only,) = differences([data], [text("新收42件")])
    assert only.finding.wording == "placeholder"
    assert only.finding.values["占位符"] == "{{ 申请.本年新收.总计 }}"


def test_two_paragraphs_in_each_others_place_are_one_that_moved() -> None:
    one, other = "网站专栏更新及时，运行正常。", "举办培训三期。"
    (only,) = differences([text(one), text(other)], [text(other), text(one)])
    assert only.finding.slug == "printed-text-moved"


def test_a_lost_caption_is_called_one() -> None:
    caption = Passage((Run("局网站专栏"),), None, TextKind.CAPTION)
    (only,) = differences([text("一段文字在前。"), caption], [text("一段文字在前。")])
    assert only.finding.values["何处"] == "图题"


def test_the_stretches_are_offsets_in_the_texts_as_they_are() -> None:
    one, other = "新收 41 件，办结3件", "新收\n14件，办结 5 件"
    found = [
        (one[s.start : s.end], other[s.other_start : s.other_end]) for s in differing(one, other)
    ]
    assert found == [("41", "14"), ("3", "5")]


def test_texts_too_long_to_compare_by_characters_differ_as_a_whole() -> None:
    one, other = "文" * 5000, "字" * 5000
    (only,) = differing(one, other)
    assert (only.start, only.end, only.other_end) == (0, 5000, 5000)
