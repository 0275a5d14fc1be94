"""Tests of setting lines: breaks, justification, positions, and the cache of set texts."""

from __future__ import annotations

import gc
import weakref
from itertools import pairwise
from unittest.mock import Mock, patch

import pytest
from msgspec.structs import replace

from reportgen.characters import classify
from reportgen.fonts import FontSet, load_fonts
from reportgen.layout.text import lines as module
from reportgen.layout.text.lines import Line, set_characters, set_lines, set_once, set_paragraph
from reportgen.layout.text.measure import TOLERANCE, measure
from reportgen.source import SourceFile, Span
from reportgen.styles import Align, Style, mm
from reportgen.text import Run
from tests.unit.layout.squares import SHEET, SQUARE, SquareFonts

GRID = mm(156) / 28
BODY = Style("body", "正文", "仿宋", 16.0, GRID, 28.99, align=Align.JUSTIFY, first_line=2.0)
FLAT = replace(BODY, first_line=0.0)
LABEL = Style("cell", "表头", "宋体", 10.0, 10.0, 14.0, align=Align.CENTER)
FONTS: FontSet = load_fonts()


def set_text(text: str, zi: float, style: Style = FLAT) -> tuple[Line, ...]:
    return set_lines((Run(text),), style, zi * style.pitch, FONTS)


def texts(text: str, zi: float, style: Style = FLAT) -> list[str]:
    return [line.text for line in set_text(text, zi, style)]


def places(line: Line) -> list[float]:
    """Return the x of each character of *line*."""
    return [fragment.x + offset for fragment in line.fragments for offset in fragment.offsets]


def gaps(line: Line) -> list[float]:
    """Return the distances between neighbouring characters of *line*, rounded."""
    x = places(line)
    return [round(b - a, 3) for a, b in pairwise(x)]


def test_the_grid_holds_28_characters_and_26_after_the_indent() -> None:
    lines = set_text("字" * 54, 28, BODY)
    assert [len(line.text) for line in lines] == [26, 28]
    assert places(lines[0])[0] == pytest.approx(2 * GRID)
    assert lines[1].width == pytest.approx(mm(156))


def test_the_mark_of_a_footnote_is_raised_and_never_opens_a_line() -> None:
    for before in range(5, 12):
        runs = Run("字" * before), Run("①", footnote=1), Run("字" * 9)
        lines = set_lines(runs, FLAT, 6 * GRID, FONTS)
        assert all(line.text[0] == "字" for line in lines)
        (mark,) = [part for line in lines for part in line.fragments if part.text == "①"]
        assert mark.size < FLAT.size
        assert mark.rise > 0


@pytest.mark.parametrize("mark", "、，。：；！？…—～·％‰℃）》〉】〕」』”’),.;:!?%]")
def test_closing_mark_never_opens_a_line(mark: str) -> None:
    for before in range(5, 12):
        for line in texts("字" * before + mark + "字" * 9, 6)[1:]:
            assert line[0] != mark


@pytest.mark.parametrize("mark", "（《〈【〔「『“‘￥№([")
def test_opening_mark_never_closes_a_line(mark: str) -> None:
    for before in range(4, 12):
        for line in texts("字" * before + mark + "字" * 9, 6)[:-1]:
            assert line[-1] != mark


@pytest.mark.parametrize(
    "token",
    [
        "——",
        "……",
        "3892431",
        "12.5%",
        "12.5％",
        "3,892,431.08",
        "0558-2173663",
        "+11",
        "－11",
        "〔2021〕30号",
        "WeChat",
        "it’s",
        "qwzgk@163.com",
        "25°C",
        "１２３．５％",
        "－１２",
        "−5",
        "＋１２３．５％",
    ],
)
def test_token_is_not_broken(token: str) -> None:
    for before in range(1, 20):
        text = "字" * before + token + "字" * 20
        assert any(token in line for line in texts(text, 10)), before


def test_web_address_breaks_only_after_the_signs_within_it() -> None:
    address = "https://www.bzqc.gov.cn/xxgk/public/index.html?id=12345&type=7"
    for before in range(1, 12):
        lines = texts("字" * before + address + "等网站。", 12)
        inside = [line for line in lines[:-1] if line[-1].isascii()]
        assert inside
        assert all(line[-1] in "/?&.-_" or line.endswith("type=7") for line in inside)
        assert "".join(lines).count(address) == 1


ADDRESS = (
    "请登录https://www.example.gov.cn/zwgk/zfxxgknb/2024/index_20250131_4f2b9c0e7a.html?column=zfxxgk&"
    "lang=zh-CN#section-3查询，或搜索Pneumonoultramicroscopicsilicovolcanoconiosis、Internationalization。"
)


@pytest.mark.parametrize("before", range(29))
def test_a_line_with_an_address_is_not_torn_apart(before: int) -> None:
    lines = set_text("字" * before + ADDRESS, 28)
    for line in lines:
        between = [
            gap - (GRID if len(left.encode()) == 3 else 0)
            for gap, (left, right) in zip(gaps(line), pairwise(line.text), strict=True)
            if len(left.encode()) == len(right.encode()) == 3
        ]
        assert all(gap <= GRID / 2 + 0.01 for gap in between)


@pytest.mark.parametrize("before", range(29))
def test_a_mark_stays_with_the_word_it_closes(before: int) -> None:
    for line in set_text("字" * before + ADDRESS, 28):
        for fragment, following in pairwise(line.fragments):
            if fragment.text[-1].isascii() and following.text[0] in "、，。":
                end = fragment.x + fragment.width
                assert following.x - end < 1


def test_an_email_address_longer_than_the_line_is_broken_after_a_sign_within_it() -> None:
    address = "zhengfuxinxigongkai-dayangshu-administrative-committee@mail.hulunbuir.gov.example.cn"
    lines = texts(address, 20)
    assert all(line[-1] in "-@." for line in lines[:-1])
    assert not any(line[0] in "-@." for line in lines)


def test_a_line_does_not_end_before_a_quote_between_western_words_if_another_end_is_as_good() -> (
    None
):
    """LibreOffice cannot break there, so that the DOCX would differ."""
    text = "字" * 22 + "公开占95%，“5G”网络" + "字" * 30
    assert texts(text, 29)[0].endswith("字公开占")


def test_number_stays_with_its_counter_where_the_line_allows_it() -> None:
    lines = texts("字" * 25 + "816条，" + "字" * 30, 27)
    assert lines[1].startswith("816条")
    narrow = texts("字字字3892431条", 4)
    assert "3892431" in narrow


def test_justified_line_is_flush_and_the_last_one_natural() -> None:
    lines = set_text("全年公开政府信息3892431条，较上年增长12.5%，其中网站公开816条。" * 2, 17)
    assert all(line.width == pytest.approx(17 * GRID, abs=0.001) for line in lines[:-1])
    tracking = GRID - 16
    assert set(gaps(lines[-1])[-3:]) <= {
        round(GRID, 3),
        round(8 + tracking, 3),
        round(8 + tracking + 3.2, 3),
    }


def test_han_and_latin_stand_a_fifth_of_the_type_size_apart() -> None:
    (line,) = set_text("共816条", 10)
    tracking = GRID - 16
    assert gaps(line)[0] == pytest.approx(GRID + 3.2, abs=0.001)
    assert gaps(line)[-1] == pytest.approx(8 + tracking + 3.2, abs=0.001)
    (line,) = set_text("（2021）", 10)
    assert gaps(line)[0] == pytest.approx(GRID, abs=0.001)


def test_loose_line_is_widened_between_han_and_latin_first() -> None:
    first, *_ = set_text("字字字字2021字字字字" + "字" * 20, 10.42)
    assert first.text == "字字字字2021字字字字"
    wide = [gap for gap in gaps(first) if gap > GRID + 0.01]
    assert len(wide) == 1  # before 2021
    assert GRID + 3.2 < wide[0] < GRID + 0.25 * 16
    assert len(set(gaps(first)[4:7])) == 1  # within it


def test_looser_line_is_widened_evenly_between_han_characters() -> None:
    first, *_ = set_text("字" * 9 + "一二三四五六七", 9.5)
    assert len(set(gaps(first))) == 1
    assert first.width == pytest.approx(9.5 * GRID)


def test_space_between_han_characters_is_widened_no_more_than_any_gap() -> None:
    first, *_ = set_text("字字 字字字字字字字字字字字", 8.9)
    assert first.text.startswith("字字 字")
    widened, before_space, space, *_ = gaps(first)
    assert before_space == pytest.approx(GRID, abs=0.001)
    assert space - 4.0 == pytest.approx(widened - 16, abs=0.002)


def test_word_spaces_of_latin_text_stretch() -> None:
    lines = set_text("the quick brown fox jumps over the lazy dog again and again", 8)
    assert all(line.width == pytest.approx(8 * GRID) for line in lines[:-1])
    assert not any(line.text.startswith(" ") or line.text.endswith(" ") for line in lines)


@pytest.mark.parametrize("marks", ["》（", "”，", "。”", "））", "（《"])
def test_marks_that_meet_take_one_and_a_half_characters(marks: str) -> None:
    (line,) = set_text(f"字{marks}字", 10)
    before, _, after = places(line)[0], places(line)[1], places(line)[3]
    assert after - before == pytest.approx(2.5 * GRID)


def test_opening_mark_after_opening_mark_is_shifted_so_that_its_ink_fits() -> None:
    (line,) = set_text("（《字", 10)
    assert places(line) == pytest.approx([0, 8.0, 1.5 * GRID])


def test_no_han_character_overlaps_the_one_before_by_more_than_half_an_em() -> None:
    for text in ("（地址：示例路）。", "《甲《乙》》（丙），字", "字（字》）。"):
        for width in (6.0, 6.5, 10):
            for line in set_text(text, width):
                x = places(line)
                assert all(b - a >= 8.0 - 1e-6 for a, b in pairwise(x)), line.text


def test_joined_dash_is_never_pulled_apart() -> None:
    lines = set_text("字字字字字——字字字字字字字字", 9.4)
    x = places(lines[0])
    assert x[6] - x[5] == pytest.approx(GRID)


def test_mark_at_line_end_gives_up_its_blank_half() -> None:
    first, *_ = set_text("字字字字字字字字字，字字字字字", 9.5)
    assert first.text == "字字字字字字字字字，"
    assert set(gaps(first)) == {round(GRID, 3)}
    assert first.width == pytest.approx(9.5 * GRID)


def test_opening_mark_at_line_start_is_shifted_by_its_blank_half() -> None:
    (line,) = set_text("“字字字", 3.5)
    assert places(line) == pytest.approx([-GRID / 2, GRID / 2, 1.5 * GRID, 2.5 * GRID])
    assert line.width == pytest.approx(3.5 * GRID)


def test_single_character_is_not_left_alone_on_the_last_line() -> None:
    assert len(texts("字" * 57, 28)[-1]) == 2
    assert texts("字，字、" + "字" * 23 + "字。", 28)[-1] == "字字。"


def test_line_feed_ends_a_line_without_stretching_it() -> None:
    runs = (Run("字字字"), Run("\n"), Run("字"), Run("\n"), Run("\n"), Run("末"))
    lines = set_lines(runs, FLAT, 10 * GRID, FONTS)
    assert [line.text for line in lines] == ["字字字", "字", "", "末"]
    assert lines[0].width == pytest.approx(3 * GRID)


def test_only_the_first_line_of_a_paragraph_is_indented() -> None:
    runs = (Run("字" * 12), Run("\n"), Run("字字"))
    lines = set_lines(runs, BODY, 10 * GRID, FONTS, indent=1)
    assert [round(line.fragments[0].x / GRID, 3) for line in lines] == [3, 1, 1]


def test_indents_and_alignment_can_be_overridden() -> None:
    (line,) = set_lines((Run("字"),), BODY, 10 * GRID, FONTS, first_line=0, align=Align.RIGHT)
    assert line.fragments[0].x == pytest.approx(9 * GRID)
    assert line.width == pytest.approx(10 * GRID)


def test_right_indent_of_the_style_is_kept_free() -> None:
    style = replace(FLAT, align=Align.RIGHT, right_indent=2.0)
    (line,) = set_text("字", 10, style)
    assert line.width == pytest.approx(8 * GRID)


def test_indent_never_leaves_less_than_two_characters_of_room() -> None:
    assert texts("字字字字字", 3, BODY) == ["字字", "字字字"]


@pytest.mark.parametrize("align", [Align.CENTER, Align.LEFT, Align.RIGHT])
def test_label_of_four_characters_stacks_two_by_two(align: Align) -> None:
    style = replace(LABEL, align=align)
    assert texts("结果维持", 3, style) == ["结果", "维持"]


def test_centred_lines_are_about_equally_long() -> None:
    lengths = [len(line) for line in texts("字" * 22, 10, LABEL)]
    assert sorted(lengths) == [7, 7, 8]


def test_centred_line_stands_in_the_middle() -> None:
    (line,) = set_text("字字", 10, LABEL)
    assert places(line) == [40.0, 50.0]
    assert line.width == 60.0


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "平潭综合实验区管委会办公室2024年政府信息公开工作年度报告",
            ["平潭综合实验区管委会办公室", "2024年政府信息公开工作年度报告"],
        ),
        (
            "谯城区人民政府办公室关于政府信息公开工作的年度报告",
            ["谯城区人民政府办公室", "关于政府信息公开工作的年度报告"],
        ),
    ],
)
def test_title_breaks_by_meaning(title: str, lines: list[str]) -> None:
    style = replace(LABEL, face="小标宋", size=22.0, pitch=22.0)
    assert texts(title, 20, style) == lines


@pytest.mark.parametrize("room", [2.02, 2.08, 2.09, 2.5])
def test_of_ways_that_are_as_good_the_later_lines_are_the_longer_ones(room: float) -> None:
    style = replace(LABEL, face="楷体", size=10.0, pitch=10.0)
    expected = ["三、", "本", "年度", "办理", "结果"]
    assert texts("三、本年度办理结果", room, style) == expected


def test_heading_set_left_fills_its_first_line() -> None:
    style = replace(FLAT, align=Align.LEFT)
    assert [len(line) for line in texts("字" * 33, 28, style)] == [28, 5]


def test_run_wider_than_the_column_is_broken_between_characters() -> None:
    lines = set_text("3892431", 2, LABEL)
    assert "".join(line.text for line in lines) == "3892431"
    assert len(lines) == 2
    assert all(line.width <= 20.01 for line in lines)


@pytest.mark.parametrize("width", [-5.0, 0.0, 1.0, 7.0, 16.0, 40.0])
def test_no_width_loses_text(width: float) -> None:
    text = "（一）《ab12，》。——http://a.cn/b”"
    lines = set_lines((Run(text),), BODY, width, FONTS)
    assert "".join(line.text for line in lines) == text


def test_spaces_are_dropped_at_a_break_only() -> None:
    assert texts("abc   defg hij", 2) == ["abc", "defg", "hij"]
    assert texts("a  b", 10) == ["a  b"]


def test_no_text_gives_no_line() -> None:
    assert set_lines((), FLAT, 100, FONTS) == ()
    assert set_lines((Run(""),), FLAT, 100, FONTS) == ()


def test_fragments_tell_run_and_face() -> None:
    plain, bold = Run("共816条"), Run("信息", bold=True)
    (line,) = set_lines((plain, bold), FLAT, 1000, FONTS)
    assert [(f.text, f.face, f.run) for f in line.fragments] == [
        ("共", "仿宋", plain),
        ("816", "西文", plain),
        ("条", "仿宋", plain),
        ("信息", "仿宋", bold),
    ]
    tracking = GRID - 16
    assert line.fragments[1].offsets == pytest.approx((0.0, 8 + tracking, 16 + 2 * tracking))
    assert line.fragments[1].width == pytest.approx(24 + 3 * tracking)


def test_bold_and_italic_do_not_change_the_measures() -> None:
    plain, slanted = (
        set_lines((Run("信息abc", bold=on, italic=on),), FLAT, 1000, FONTS) for on in (False, True)
    )
    assert places(plain[0]) == places(slanted[0])


def test_stand_in_is_raised_to_the_height_of_its_neighbours() -> None:
    (line,) = set_text("国洺国", 10)
    rises = [fragment.rise for fragment in line.fragments]
    assert rises[0] == rises[2]
    assert -2 < rises[1] - rises[0] < -0.5


def test_character_without_a_face_keeps_its_place() -> None:
    (line,) = set_text("国\ue000国", 10)
    assert line.text == "国\ue000国"
    assert places(line) == pytest.approx([0, GRID, 2 * GRID])


def test_straight_quotes_open_and_close_by_turns() -> None:
    for before in range(4, 9):
        lines = texts("字" * before + '"信息"' + "字" * 6, 6)
        assert not any(line.endswith('字"') for line in lines)
        assert not any(line.startswith('"字') for line in lines[1:])


STYLE = SHEET["body"]
TEXT = "全年新收政府信息公开申请三件，均已办结。"


@pytest.fixture
def fonts() -> SquareFonts:
    return SquareFonts({"仿宋": [SQUARE]}, {}, {})


def test_a_paragraph_is_set_as_any_other_text(fonts: SquareFonts) -> None:
    runs = (Run("全年", bold=True), Run(TEXT))
    assert set_paragraph(runs, STYLE, 120.0, fonts) == set_lines(runs, STYLE, 120.0, fonts)


def test_an_unchanged_paragraph_is_not_set_again(fonts: SquareFonts) -> None:
    first = set_paragraph((Run(TEXT),), STYLE, 120.0, fonts)
    assert set_paragraph((Run(TEXT),), STYLE, 120.0, fonts) is first
    assert set_paragraph((Run(TEXT),), STYLE, 121.0, fonts) is not first
    assert set_paragraph((Run(TEXT, bold=True),), STYLE, 120.0, fonts) is not first


@pytest.mark.parametrize("other", [Run("816", bold=True), Run("816", notes=(1,)), Run("817")])
def test_texts_that_look_or_are_marked_otherwise_are_set_by_themselves(
    fonts: SquareFonts, other: Run
) -> None:
    set_text = Mock(side_effect=lambda runs: runs)
    assert set_once((Run("816"),), "room", fonts, set_text) == (Run("816"),)
    assert set_once((other,), "room", fonts, set_text) == (other,)
    assert set_text.call_count == 2


def test_what_is_remembered_keeps_no_text_file_alive(fonts: SquareFonts) -> None:
    typed = Run(TEXT, span=Span(SourceFile("正文.md", TEXT), 0, len(TEXT)))
    lines = set_paragraph((typed,), STYLE, 120.0, fonts)
    assert all(part.run.span is None for line in lines for part in line.fragments)


def test_so_many_texts_are_remembered_and_no_more(fonts: SquareFonts) -> None:
    with patch.object(module, "TEXTS_KEPT", 2):
        first = set_paragraph((Run("一"),), STYLE, 120.0, fonts)
        for text in "二三":
            set_paragraph((Run(text),), STYLE, 120.0, fonts)
        assert set_paragraph((Run("一"),), STYLE, 120.0, fonts) is not first


def test_nothing_is_remembered_longer_than_the_fonts() -> None:
    fonts = SquareFonts({"仿宋": [SQUARE]}, {}, {})
    set_paragraph((Run(TEXT),), STYLE, 120.0, fonts)
    kept = weakref.ref(fonts)
    del fonts
    gc.collect()
    assert kept() is None


def test_a_line_of_dots_without_gaps_is_not_stretched_over_a_trifle() -> None:
    dots = "……"  # between dots nothing is stretched
    text = measure(dots, classify(dots), [BODY.pitch] * len(dots), BODY.pitch)
    wide = text.width(0, len(dots)) + TOLERANCE / 2
    placed = set_characters(text, 0, len(dots), wide, flush=True)
    assert placed.width == text.width(0, len(dots))
