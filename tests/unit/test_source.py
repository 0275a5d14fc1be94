"""Tests of source positions."""

from __future__ import annotations

import pytest

from reportgen.source import SourceFile, Span

TEXT = "单位: 某局\n年度: 2024\n\n末行"


@pytest.fixture
def source() -> SourceFile:
    return SourceFile("report.yaml", TEXT)


@pytest.mark.parametrize(
    ("part", "line", "column"),
    [("单位", 1, 1), ("某局", 1, 5), ("年度", 2, 1), ("2024", 2, 5), ("末行", 4, 1), ("行", 4, 2)],
)
def test_line_and_column_count_characters_from_one(
    source: SourceFile, part: str, line: int, column: int
) -> None:
    offset = TEXT.index(part)
    assert (source.line_of(offset), source.column_of(offset)) == (line, column)


def test_line_end_belongs_to_the_line_it_ends(source: SourceFile) -> None:
    assert source.line_of(TEXT.index("\n")) == 1


def test_end_of_the_text_is_a_place(source: SourceFile) -> None:
    assert (source.line_of(len(TEXT)), source.column_of(len(TEXT))) == (4, 3)


def test_line_text_comes_without_its_end(source: SourceFile) -> None:
    assert [source.line_text(line) for line in range(1, 6)] == [
        "单位: 某局",
        "年度: 2024",
        "",
        "末行",
        "",
    ]


def test_line_text_drops_a_carriage_return() -> None:
    assert SourceFile("a", "一\r\n二").line_text(1) == "一"


def test_offset_is_the_inverse_of_line_and_column(source: SourceFile) -> None:
    for offset in range(len(TEXT) + 1):
        assert source.offset_of(source.line_of(offset), source.column_of(offset)) == offset


def test_offset_past_the_end_is_the_end(source: SourceFile) -> None:
    assert source.offset_of(99) == len(TEXT)
    assert source.offset_of(4, 99) == len(TEXT)


def test_other_line_separators_do_not_end_a_line() -> None:
    assert SourceFile("a", "一\u2028二\x85三").line_of(4) == 1


def test_span_knows_its_text_and_first_place(source: SourceFile) -> None:
    span = source.span(TEXT.index("2024"), TEXT.index("2024") + 4)
    assert (span.text, span.path, span.line, span.column) == ("2024", "report.yaml", 2, 5)


def test_spans_of_equal_files_are_equal() -> None:
    assert Span(SourceFile("a", "文"), 0, 1) == Span(SourceFile("a", "文"), 0, 1)
    assert Span(SourceFile("a", "文"), 0, 1) != Span(SourceFile("b", "文"), 0, 1)


def test_empty_text_has_one_empty_line() -> None:
    source = SourceFile("a", "")
    assert (source.line_of(0), source.column_of(0), source.line_text(1)) == (1, 1, "")
