"""Numbers of headings, read and written."""

from __future__ import annotations

import pytest

from reportgen.heading_numbers import chinese_numeral, number_label, parse_number


@pytest.mark.parametrize(
    ("title", "style", "number", "rest"),
    [
        ("一、总体情况", "一、", 1, "总体情况"),
        ("十二、附则", "一、", 12, "附则"),
        ("（三）平台建设", "（一）", 3, "平台建设"),
        ("(二十一) 其他", "（一）", 21, "其他"),
        ("1.强化领导", "1.", 1, "强化领导"),
        ("１２．强化领导", "1.", 12, "强化领导"),
        ("3、强化领导", "1、", 3, "强化领导"),
        ("（4）细则", "（1）", 4, "细则"),
        ("5）细则", "1)", 5, "细则"),
        ("① 细则", "①", 1, "细则"),
        ("㉑细则", "①", 21, "细则"),
        ("㈡细则", "（一）", 2, "细则"),
    ],
)
def test_a_typed_number_is_taken_off_the_title(
    title: str, style: str, number: int, rest: str
) -> None:
    assert parse_number(title) == (style, number, rest)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "2020年工作",
        "1.5倍",
        "一是提高认识",
        "十全十美",
        "一二、无此数",
        "（试行）办法",
        "123.过大",
    ],
)
def test_what_only_looks_like_a_number_stays_in_the_title(title: str) -> None:
    assert parse_number(title) == ("", None, title)


def test_numerals_are_those_of_official_documents() -> None:
    made = [chinese_numeral(n) for n in (1, 10, 11, 20, 21, 99, 100, 101, 110, 2024)]
    assert made == [
        "一",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
        "一百",
        "一百零一",
        "一百一十",
        "二千零二十四",
    ]


@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_a_numeral_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="1 至 9999"):
        chinese_numeral(number)


def test_each_level_has_its_official_label_and_reads_back() -> None:
    assert [number_label(level, 3) for level in (1, 2, 3, 4)] == ["三、", "（三）", "3.", "（3）"]
    assert [number_label(level, 10_000) for level in (1, 2)] == ["10000、", "（10000）"]
    for level in (1, 2, 3, 4):
        for number in range(1, 100):
            parsed = parse_number(number_label(level, number) + "标题")
            assert (parsed.number, parsed.rest) == (number, "标题")
