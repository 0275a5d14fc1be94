"""Look-alike characters and stray blanks."""

from __future__ import annotations

import pytest

from reportgen.checks.sentences.folding import fold


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("收到 12 件", "收到12件"),
        ("收到\u00a012\u2009件\u200b", "收到12件"),
        ("收到１２件，占５０．５％", "收到12件，占50.5%"),
        ("⼈⺠政府⾏政复议", "人民政府行政复议"),
        ("1 290件", "1290件"),
    ],
)
def test_a_text_is_read_as_it_is_meant(typed: str, meant: str) -> None:
    assert fold(typed).text == meant


def test_two_numbers_stay_two() -> None:
    assert fold("2024 12件").text == "2024 12件"
    assert fold("一段\n二段").text == "一段\n二段"


def test_every_character_knows_where_it_was_typed() -> None:
    folded = fold("收到 1２ 件")
    assert [folded.place(i) for i in range(len(folded.text))] == [0, 1, 3, 4, 6]
    assert folded.end(4) == 5
    assert fold("收到12件").places is None
