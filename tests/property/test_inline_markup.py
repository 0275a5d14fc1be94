"""Inline markup is found where the whole pattern finds it."""

from __future__ import annotations

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
    position = 0
    while found := inline_markup._PATTERN.search(text, position):
        here = inline_markup._next_markup(text, position, len(text))
        assert here is not None
        assert here.span() == found.span()
        position = found.end()
    assert inline_markup._next_markup(text, position, len(text)) is None
