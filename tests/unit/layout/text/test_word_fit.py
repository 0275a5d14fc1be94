"""Tests of the spacing with which a word processor breaks lines where the layout does."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from reportgen.characters import NEVER_FIRST, NEVER_LAST, WESTERN_KINDS, classify, is_western
from reportgen.fonts import FontSet, load_fonts
from reportgen.layout.text.lines import Line, set_lines
from reportgen.layout.text.measure import LATIN_GAP
from reportgen.layout.text.word_fit import GRACE, WIDE_GAP
from reportgen.styles import Align, Style, mm
from reportgen.text import Run

WIDTH = mm(156)
BODY = Style("body", "正文", "仿宋", 16.0, WIDTH / 28, 28.99, align=Align.JUSTIFY, first_line=2.0)
FONTS: FontSet = load_fonts()
HANGING = "，。、；：？！"
PROSE = (
    "2024年，我局承办的人大代表建议6件、政协提案9件全部按期办结，除依法不予公开的外，办理结果已在局网站公开。",
    "按照《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）对3件申请发出收费通知，均按量计收，"
    "其中2件申请人按期缴纳，分别为48页180元、85页550元，共收取信息处理费730元，已按规定上缴国库。",
    "落实“先审查、后公开”要求，信息发布实行承办科室初审、分管负责人复审、办公室核发的三级审核。",
)


def advance(char: str) -> float:
    """Return the width of *char* in the body, in points."""
    if not is_western(char):
        return WIDTH / 28
    face = FONTS.face_for("仿宋", char)
    assert face is not None
    return face.advance(char) * 16 + BODY.pitch - 16


def greedy(text: str, spacings: dict[int, float], gap: float, hang: bool) -> list[int]:
    """Return where the lines of *text* begin in a program that fills each as far as it can."""
    classes = classify(text)
    breaks = {
        place
        for place, (left, right) in enumerate(pairwise(classes), 1)
        if right not in NEVER_FIRST
        and left not in NEVER_LAST
        and not (left in WESTERN_KINDS and right in WESTERN_KINDS)
    }
    starts, x, room, last = [0], 0.0, WIDTH - 2 * BODY.pitch, 0
    place = 0
    while place < len(text):
        char = text[place]
        own = advance(char)
        if place > starts[-1] and char.isalnum() and text[place - 1].isalnum():
            x += gap * 16 * (is_western(char) != is_western(text[place - 1]))
        if place in breaks:
            last = place
        x += own + spacings.get(place, 0.0)
        if x > room + 0.4 and not (hang and char in HANGING and x - own <= room + 0.4):
            assert last > starts[-1]
            starts.append(last)
            x, room, place = 0.0, WIDTH, last
            continue
        place += 1
    return starts


def spacings_of(lines: tuple[Line, ...]) -> dict[int, float]:
    return {
        place: line.fit.spacing
        for line in lines
        for place in range(line.start, line.start + len(line.text))
    }


@pytest.mark.parametrize(("gap", "hang"), [(0.2, True), (0.2, False), (0.25, False)])
@pytest.mark.parametrize("text", PROSE)
def test_lines_are_broken_alike_by_a_program_that_knows_no_better(
    text: str, gap: float, hang: bool
) -> None:
    lines = set_lines((Run(text),), BODY, WIDTH, FONTS)
    assert greedy(text, spacings_of(lines), gap, hang) == [line.start for line in lines]


# Lines that are mostly Western are not spaced: more than half of each clause is Chinese.
clauses = st.lists(
    st.tuples(
        st.text("政府信息公开工作年度报告条件申请国", min_size=6, max_size=14),
        st.sampled_from(["，", "。", "、", "；", "816条，", "（12.5%）", "”，", "2024年"]),
    ).map("".join),
    min_size=3,
    max_size=25,
).map("".join)


# The third line is set closer: its year would slip into the line before.
CLOSER = (
    "件件件件件件件件件件816条，件件件件件、件件件件件”，件件、件件件件件件816条，件件件件件件件件件件2024年"
    "件件件件件2024年件件件件件件件件件件2024年件件件件件件件件件件件件件，件件件件件件件，件件件件件件件件件件"
    "2024年件件件件件件件件件件件件件件，件件件件件”，"
)


@given(clauses)
@example(CLOSER)
def test_any_prose_is_broken_alike(text: str) -> None:
    lines = set_lines((Run(text + "报告。"),), BODY, WIDTH, FONTS)
    starts = [line.start for line in lines]
    assert greedy(text + "报告。", spacings_of(lines), 0.2, True) == starts


def test_most_lines_need_no_spacing_and_none_needs_much() -> None:
    lines = [line for text in PROSE for line in set_lines((Run(text),), BODY, WIDTH, FONTS)]
    assert sum(line.fit.spacing != 0 for line in lines) <= len(lines) / 2
    assert all(abs(line.fit.spacing) < 1 for line in lines)


def test_ragged_lines_are_never_made_wider() -> None:
    style = replace(BODY, align=Align.LEFT)
    for text in PROSE:
        assert all(line.fit.spacing <= 0 for line in set_lines((Run(text),), style, WIDTH, FONTS))


def test_no_line_of_a_paragraph_with_a_long_address_is_made_wider() -> None:
    """The letters of an address would stand apart."""
    lines = set_lines((Run("请登录" + "x" * 52 + "查询。" + PROSE[0]),), BODY, WIDTH, FONTS)
    assert all(line.ragged for line in lines)
    assert all(line.fit.spacing <= 0 for line in lines)


OPENING = (
    "根据《中华人民共和国政府信息公开条例》（以下简称《条例》）和《中华人民共和国政府信息公开工作年度报告格式》"
    "（国办公开办函〔2021〕30号）要求，现公布本年度报告。本报告所列数据的统计期限自2024年1月1日起至2024年12月"
    "31日止。如有疑问，请与示例县发展和改革局办公室联系（地址：示例县示例路1号，邮编：000000，电话：0000-0000000）。"
)


def test_squeezed_line_keeps_a_reserve_for_programs_that_round_widths() -> None:
    """A twip too little, and the telephone number was broken at its hyphen."""
    last = set_lines((Run(OPENING),), BODY, WIDTH, FONTS)[-1]
    assert last.text.startswith("址：") and last.fit.spacing < 0
    gaps = 2  # beside the 1 of 路1号
    own = sum(map(advance, last.text)) + gaps * WIDE_GAP * BODY.size
    assert own + last.fit.spacing * len(last.text) <= WIDTH - GRACE


ADDRESS = (
    "请登录https://www.example.gov.cn/zwgk/zfxxgknb/2024/index_20250131_4f2b9c0e7a.html"
    "?column=zfxxgk&lang=zh-CN查询。"
)


def test_line_of_an_address_ends_with_as_much_space_as_keeps_the_next_character_from_fitting() -> (
    None
):
    """Its letters do not stand apart."""
    _, second, last = set_lines((Run(ADDRESS),), BODY, WIDTH, FONTS)
    assert (second.fit.spacing, last.text) == (0.0, "查询。")
    assert second.width + second.fit.tail < WIDTH
    assert second.width + second.fit.tail + advance("查") > WIDTH


@pytest.mark.parametrize(
    ("text", "led"),
    [
        ("字" * 22 + "公开网。2024年", True),
        ("字" * 23 + "公开网2024年", False),
        ("字" * 21 + "（公开）2024年", True),
        ("字" * 24 + "公开。全年", False),
        (ADDRESS, True),
    ],
)
def test_word_behind_a_mark_is_said_to_be_chinese(text: str, led: bool) -> None:
    """LibreOffice breaks no line before any other."""
    first, second, *_ = set_lines((Run(text + "字" * 30),), BODY, WIDTH, FONTS)
    assert (first.fit.lead, second.fit.lead) == (False, led)


def test_character_before_a_dash_does_not_slip_into_the_line_above() -> None:
    """LibreOffice begins lines with a dash; it would leave 化 before it."""
    first, second = set_lines((Run("字" * 24 + "深化——完成"),), BODY, WIDTH, FONTS)
    assert second.text.startswith("化——")
    room = WIDTH - 2 * BODY.pitch
    assert (advance("字") + first.fit.spacing) * 25 < room
    assert (advance("字") + first.fit.spacing) * 25 + advance("化") > room


def test_quote_behind_a_number_fits_on_the_line_that_ends_before_it() -> None:
    """LibreOffice breaks there if 互 is the first that does not fit, but not if “ is."""
    first, second = set_lines((Run("字" * 22 + "95.5%，“互联网”"),), BODY, WIDTH, FONTS)
    assert second.text == "“互联网”"
    assert first.fit.spacing < 0
    natural = sum(map(advance, first.text + "“")) + LATIN_GAP * BODY.size
    assert natural + first.fit.spacing * len(first.text) < WIDTH - 2 * BODY.pitch


def test_label_that_was_broken_by_meaning_is_given_a_narrower_column() -> None:
    style = Style("cell", "项目", "楷体", 10.0, 10.0, 14.0, align=Align.LEFT)
    lines = set_lines((Run("7.属于行政执法案卷"),), style, 82.0, FONTS)
    assert [line.text for line in lines] == ["7.属于行政执法", "案卷"]
    room = 82.0 - lines[0].narrowing
    assert lines[0].width < room < lines[0].width + 10
    assert lines[1].narrowing == 0


def test_label_that_breaks_so_anyway_keeps_its_column() -> None:
    style = Style("cell", "表头", "宋体", 10.0, 10.0, 14.0, align=Align.CENTER)
    lines = set_lines((Run("结果维持"),), style, 25.0, FONTS)
    assert [line.narrowing for line in lines] == [0, 0]
    lines = set_lines((Run("结果维持"),), style, 35.0, FONTS)
    assert 5 < lines[0].narrowing < 15


def test_label_that_no_width_breaks_by_meaning_says_so() -> None:
    style = Style("cell", "项目", "楷体", 10.0, 10.0, 14.0, align=Align.CENTER)
    lines = set_lines((Run("（三）不予公开"),), style, 43.0, FONTS)
    assert [line.text for line in lines] == ["（三）", "不予公开"]
    assert [line.narrowing for line in lines] == [inf, 0]
