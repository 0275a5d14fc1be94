"""Inline markup is found where the whole pattern finds it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reportgen.markdown import inline as inline_markup

PIECES = [
    "文字", "a", " ", "  ", "\t", "\n", "\\", "*", "**", "_", "`", "``", "&amp;", "&", "<br>",
    "<", ">", "<http://a.cn>", "<a@b.cn>", "!", "![图](a.png)", "{宽=80%}", "[", "](b)",
    "[甲](乙)", "\xa0", "\u200b", "\xad", "\x00", "\x1f", "\x7f", "\u2028", "\ufeff", "\u3000",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_looking_only_at_certain_characters_misses_no_markup(text: str) -> None:
    position, end = 0, len(text)
    while found := inline_markup._PATTERN.search(text, position):
        start, here = inline_markup._next_markup(text, position, end, {})
        assert here is not None
        assert (start, here.span()) == (found.start(), found.span())
        position = found.end()
    assert inline_markup._next_markup(text, position, end, {}) == (end, None)


_CODE = re.compile(
    r"\\[!-/:-@\[-`{-~]|(?P<code>(?<!`)(?P<ticks>`+)(?!`)(?:[^`]+|[^`].*?[^`])(?<!`)(?P=ticks)(?!`))",
    re.DOTALL,
)


@given(
    st.lists(st.sampled_from(["甲", " ", "`", "``", "```", "\\", "\n"]), max_size=14).map("".join)
)
def test_code_stands_between_rows_of_as_many_backticks(text: str) -> None:
    expected = [found.span() for found in _CODE.finditer(text) if found["code"]]
    pieces = [piece for piece in inline_markup.parse_inline(text) if piece.is_code]
    assert len(pieces) == len(expected)
    for piece, (start, end) in zip(pieces, expected, strict=True):
        assert start < piece.start <= piece.end < end
