"""Footnotes in the narrative: marks and texts, numbered by their marks."""

from __future__ import annotations

import pytest

from reportgen.markdown.writing import write_narrative
from reportgen.model import NarrativeList, NarrativeParagraph
from reportgen.text import MOST_FOOTNOTES, footnotes_in, plain_text
from tests.unit.markdown.reading import read


def texts(markdown: str) -> list[str]:
    narrative, found = read(markdown)
    assert found == []
    return [plain_text(footnote.runs) for footnote in narrative.footnotes]


def messages(markdown: str) -> list[tuple[str, int, int]]:
    found = read(markdown)[1]
    assert {item.code for item in found} <= {"N126"}
    return [(item.message, item.span.line, item.span.column) for item in found if item.span]


def test_the_numbers_follow_the_marks_not_the_texts() -> None:
    markdown = "公开100条[^转载]，办结5件[^2]。\n\n[^2]: 含上年结转。\n[^转载]：含转载。"
    narrative, found = read(markdown)
    (paragraph,) = narrative.opening
    assert isinstance(paragraph, NarrativeParagraph)
    assert found == []
    assert plain_text(paragraph.runs) == "公开100条①，办结5件②。"
    assert footnotes_in(paragraph.runs) == (1, 2)
    assert texts(markdown) == ["含转载。", "含上年结转。"]


def test_a_mark_knows_where_it_was_typed() -> None:
    narrative, _ = read("公开[^a]。\n\n[^a]: 含转载。")
    (paragraph,) = narrative.opening
    assert isinstance(paragraph, NarrativeParagraph)
    mark = next(run for run in paragraph.runs if run.footnote)
    assert mark.span is not None
    assert mark.span.text == "[^a]"
    text = narrative.footnotes[0].span
    assert text is not None
    assert (text.line, text.text) == (3, "含转载。")


def test_a_text_goes_on_to_the_next_empty_line_and_has_markup() -> None:
    narrative, found = read("公开[^1]。\n\n[^1]: 见**附件**，\n另行公布。\n\n后面的一段。")
    assert found == []
    assert [(run.text, run.bold) for run in narrative.footnotes[0].runs] == [
        ("见", False), ("附件", True), ("，", False), ("另行公布。", False),
    ]  # fmt: skip
    assert len(narrative.opening) == 2


def test_a_text_may_follow_its_paragraph_without_an_empty_line() -> None:
    narrative, found = read("公开[^1]。\n[^1]: 含转载。")
    assert found == []
    assert (len(narrative.opening), len(narrative.footnotes)) == (1, 1)


def test_items_of_a_list_have_footnotes_and_hold_their_texts() -> None:
    narrative, found = read("- 甲[^1]\n- 乙[^2]\n\n  [^2]: 乙的注。\n\n[^1]: 甲的注。")
    assert found == []
    (items,) = narrative.opening
    assert isinstance(items, NarrativeList)
    assert [plain_text(item) for item in items.items] == ["甲①", "乙②"]
    assert [plain_text(one.runs) for one in narrative.footnotes] == ["甲的注。", "乙的注。"]


@pytest.mark.parametrize("typed", ["\\[^1]", "`[^1]`", "m[^ 1]"])
def test_what_is_no_mark_stays_text(typed: str) -> None:
    narrative, _ = read(f"公开{typed}。")
    assert narrative.footnotes == ()


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("公开[^1]。", [("脚注 [^1] 没有内容", 1, 3)]),
        ("公开。\n\n[^1]: 注。", [("脚注 [^1] 的内容在正文中没有用到，不会印出", 3, 1)]),
        ("甲[^1]。\n\n乙[^1]。\n\n[^1]: 注。", [("脚注 [^1] 用了两次", 3, 2)]),
        ("甲[^1]。\n\n[^1]: 注。\n[^1]: 又注。", [("脚注 [^1] 有两段内容", 4, 1)]),
        ("甲[^1]。\n\n[^1]:", [("脚注 [^1] 的内容是空的", 3, 1)]),
        (
            "# 一、总体[^1]\n\n甲[^2]。\n\n[^1]: 注。\n\n[^2]: 又[^1]。",
            [
                ("标题、表格和图片说明中不能加脚注，[^1] 会照原样印出", 1, 7),
                ("脚注的内容里不能再加脚注，[^1] 会照原样印出", 7, 8),
            ],
        ),
        (
            "| 甲[^1] |\n| --- |\n| 1 |\n\n![图[^1]](a.png)\n\n[^1]: 注。",
            [
                ("标题、表格和图片说明中不能加脚注，[^1] 会照原样印出", 1, 4),
                ("标题、表格和图片说明中不能加脚注，[^1] 会照原样印出", 5, 1),
            ],
        ),
        ("甲[^1]。\n\n[^1]: ![图](a.png)", [("脚注 [^1] 的内容里不能有图片，图片不会印出", 3, 7)]),
    ],
)
def test_a_mark_without_a_text_of_its_own_is_an_error(
    markdown: str, expected: list[tuple[str, int, int]]
) -> None:
    assert messages(markdown) == expected


def test_there_are_no_more_footnotes_than_marks() -> None:
    count = MOST_FOOTNOTES + 1
    marks = "".join(f"字[^{number}]" for number in range(count))
    definitions = "\n".join(f"[^{number}]: 注。" for number in range(count))
    found = messages(f"{marks}\n\n{definitions}")
    assert [message for message, *_ in found] == [
        "脚注多于 20 条，[^20] 会照原样印出",
        "脚注 [^20] 的内容在正文中没有用到，不会印出",
    ]


def test_a_full_width_mark_is_told() -> None:
    assert [item.message for item in read("公开［^1］。")[1]] == [
        "“［^1］”不是脚注的写法，会照原样印出"
    ]


def test_footnotes_are_written_behind_their_section_and_read_again() -> None:
    texts = "[^a]: 一。\n[^b]: 二。\n[^c]: 零。"
    narrative, _ = read(f"开头[^c]。\n\n# 一、甲\n\n文[^a]字[^b]。\n\n{texts}")
    written = write_narrative(narrative)
    assert written.index("[^1]: 零。") < written.index("# 一、甲") < written.index("[^2]: 一。")
    assert read(written) == (narrative, [])
