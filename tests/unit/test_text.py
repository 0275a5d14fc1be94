"""How wide text is on a terminal."""

from __future__ import annotations

import pytest

from reportgen.text import display_width


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("ab", 2), ("汉字", 4), ("Ａ。", 4), ("e\u0301", 1), ("か\u3099", 2), ("𠮷", 2)],
)
def test_display_width_counts_terminal_cells(text: str, width: int) -> None:
    assert display_width(text) == width
