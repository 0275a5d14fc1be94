"""Characters of a page → lines, lines → paragraphs."""

from __future__ import annotations

from reportgen.published.pdf_lines import (
    PageLine,
    PageSize,
    edges_of,
    paragraphs,
    without_margins,
)

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


def test_words_of_two_lines_stay_two_words() -> None:
    assert joined(line("see example", 300, LEFT + INDENT), line("page here", 328, right=200)) == [
        (1, "see example page here")
    ]
