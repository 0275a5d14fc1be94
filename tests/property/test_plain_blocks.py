"""Headings and paragraphs found without markdown-it are those it finds."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.markdown import blocks as markdown
from reportgen.markdown.blocks import plain_tokens

STARTS = [
    "", " ", "    ", "\t", "   \t", "\u3000\u3000", "#", "##", "# ", "＃ ", "####### ", "#一、",
    "#5", ">", "-", "- ", "--", "+", "+ ", "*", "* ", "**", "***", "_", "___", "=", "===",
    "1.", "1. ", "12) ", "1.\u3000", "１. ", "```", "``", "~~~", "|", "| - |", ":-:", "\\",
    "<div>", "[a]: b", "![图](a.png)", "{横排}",
]  # fmt: skip
ENDS = [
    "",
    " ",
    "  ",
    "文字",
    "文字。 ##",
    "**重点**",
    "a|b",
    "---",
    "\u3000",
    "\x0b",
    "\xa0",
    "\t",
]
LINES = st.tuples(st.sampled_from(STARTS), st.sampled_from(STARTS), st.sampled_from(ENDS))


@given(st.lists(LINES.map("".join), max_size=6).map("\n".join))
@example("文字\n    # 不是标题")
@example("\u3000\n文字")
@example("文字\n\t# 标题")
def test_blocks_found_without_markdown_it_are_those_it_finds(text: str) -> None:
    tokens = plain_tokens(text)
    if tokens is not None:
        parsed = markdown._parser().parse(text)
        build = markdown._Builder(text).build
        assert [shown(block) for block in build(tokens)] == [
            shown(block) for block in build(parsed)
        ]


def shown(block: markdown.MarkdownBlock) -> tuple[object, ...]:
    return (block.kind, block.level, block.text, block.places, list(map(shown, block.children)))


def test_a_usual_narrative_is_plain() -> None:
    text = "# 一、总体情况\n\n2024年……\n**重点**工作：\n![图](a.png)\n\n## （一）公开\n\n1.2万件。"
    tokens = plain_tokens(text)
    assert tokens is not None
    assert [token.tag for token in tokens if token.tag] == [
        "h1",
        "h1",
        "p",
        "p",
        "h2",
        "h2",
        "p",
        "p",
    ]


def test_lists_tables_and_quotations_are_left_to_markdown_it() -> None:
    for text in ("- 甲", "1. 甲", "> 甲", "甲\n===", "| 甲 |\n| --- |", "***", "```\n甲\n```"):
        assert plain_tokens(text) is None
