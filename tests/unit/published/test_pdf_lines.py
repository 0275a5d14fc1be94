"""Characters of a page → lines, lines → paragraphs."""

from __future__ import annotations

import pytest

from reportgen.directions import base_direction, levels_of
from reportgen.published.pdf_lines import (
    PageLine,
    PageSize,
    edges_of,
    lines_of,
    paragraphs,
    without_margins,
)
from reportgen.published.pdf_order import in_logical_order, levelled

PAGE = PageSize(595, 842)
LEFT, RIGHT, INDENT = 80.0, 520.0, 32.0


def line(
    text: str, top: float, left: float = LEFT, right: float = RIGHT, page: int = 1
) -> PageLine:
    return PageLine(page, left, right, top, top + 16, 16, text)


def joined(*lines: PageLine) -> list[tuple[int, str]]:
    sizes = {one.page: PAGE for one in lines}
    kept = without_margins(lines, sizes)
    return list(paragraphs(kept, edges_of(kept, sizes)))


def test_a_paragraph_goes_on_over_full_lines_and_the_end_of_a_page() -> None:
    assert joined(
        line("全年公开", 700, LEFT + INDENT),
        line("信息二十五", 728),
        line("— 1 —", 800, 280, 320),
        line("条。", 100, right=120, page=2),
        line("下一段", 128, LEFT + INDENT, 200, page=2),
        line("— 2 —", 800, 280, 320, page=2),
    ) == [(1, "全年公开信息二十五条。"), (2, "下一段")]


def test_heads_that_run_through_are_left_out() -> None:
    found = joined(*(line(text, top, page=n) for n in (1, 2, 3) for text, top in
                     (("某市某局年度报告", 30), (f"正文{n}。", 300))))  # fmt: skip
    assert "某市某局年度报告" not in "".join(text for _, text in found)


@pytest.mark.parametrize("left", [70, 760])
def test_what_stands_on_end_at_the_left_or_right_is_in_the_margin(left: int) -> None:
    turned = PageSize(842, 595)
    pages = dict.fromkeys((1, 2, 3), turned)
    found = without_margins(
        [
            PageLine(n, at, at + 14, 93, 136, 14, text, on_end=True)
            for n in pages
            for at, text in ((left, f"— {n} —"), (left + 2, "某市某局年度报告"), (300, "2"))
        ],
        pages,
    )
    assert [one.text for one in found] == ["2"] * 3


def test_words_of_two_lines_stay_two_words() -> None:
    assert joined(line("see example", 300, LEFT + INDENT), line("page here", 328, right=200)) == [
        (1, "see example page here")
    ]


def drawn(text: str, *, by_letter: bool = False) -> list[dict[str, object]]:
    """Return the characters of *text* as a page shows them, each ten points wide.

    Words are drawn from left to right; *by_letter* their letters one by one as they are read.
    """
    levels = levels_of(text)
    order = list(range(len(text)))
    for level in range(max(levels), 0, -1):
        place = 0
        while place < len(order):
            end = place
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[place:end] = order[place:end][::-1]
            place = max(end, place + 1)
    chars = [
        {"text": text[at], "x0": 10.0 * x, "x1": 10.0 * x + 10, "y0": 98.0, "size": 10.0,
         "top": 92.0, "bottom": 102.0, "upright": True, "matrix": (1, 0, 0, 1, 0, 100.0)}
        for x, at in enumerate(order)
    ]  # fmt: skip
    if by_letter:
        return [
            char for _, char in sorted(zip(order, chars, strict=True), key=lambda pair: pair[0])
        ]
    return chars


@pytest.mark.parametrize("by_letter", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "ئۇيغۇر تىلى",
        "ئۇ 2024 يىل 95% تى",
        "ئۇ (政府 信息) تى",
        "其中ئۇيغۇر تىلى文",
        "名（ئۇ）字",
        "ئۇ «تى»، سا.",
    ],
)
def test_text_from_right_to_left_is_read_in_its_order(text: str, by_letter: bool) -> None:
    chars = list(levelled(drawn(text, by_letter=by_letter)))
    found = in_logical_order(chars, base_direction(text) == 1)
    assert "".join(str(char["text"]) for char in found) == text


def test_a_script_with_high_letters_shares_the_line() -> None:
    chars = drawn("字ئۇ字")
    for char in chars[1:3]:
        char["top"], char["bottom"], char["y0"] = 80.0, 92.0, 108.0
    (line,) = lines_of(levelled(chars), 1)
    assert line.text == "字ئۇ字"
    assert not line.turned


def test_a_paragraph_from_right_to_left_is_full_at_the_left() -> None:
    sizes = {1: PAGE}
    full = [
        PageLine(1, LEFT, RIGHT, 100.0 + 28 * n, 116.0 + 28 * n, 16, "文" * 9) for n in range(3)
    ]
    first = PageLine(1, LEFT, RIGHT - INDENT, 300, 316, 16, "ئۇ", turned=True)
    last = PageLine(1, 300, RIGHT, 328, 344, 16, "تى", turned=True)
    after = PageLine(1, LEFT, RIGHT - INDENT, 356, 372, 16, "سا", turned=True)
    edges = edges_of([*full, first, last, after], sizes)
    assert [text for _, text in paragraphs([first, last, after], edges)] == ["ئۇتى", "سا"]
