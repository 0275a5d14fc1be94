"""Texts cut into words, numbers and marks.

Look-alike characters and stray blanks.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from reportgen.checks.sentences import Token, tokenise
from reportgen.checks.sentences.tokens import fold
from tests.builders import FORMS

GRAMMAR = FORMS["2021"].sentences


def shown(text: str) -> list[str]:
    """Return the tokens of *text* as role:text."""
    return [f"{t.role}:{t.text}{t.name if t.is_number else ''}" for t in tokenise(text, GRAMMAR)]


def numbers(text: str) -> list[Token]:
    return [t for t in tokenise(text, GRAMMAR) if t.is_number]


def test_the_longest_word_is_taken_and_the_rest_is_unknown() -> None:
    assert shown("某局新收政府信息公开申请12件。") == [
        "unknown:某", "scopes:局", "acts:新收", "counted:政府信息公开申请", "count:12件", "。:。",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("2024年12月31日收到3件", ["year", "month", "acts", "count"]),
        (
            "第3件，3号，共3件",
            ["unknown", "number", "fillers", "，", "number", "，", "fillers", "count"],
        ),
        ("《2023年3件事》3件", ["unknown", "count"]),
        ("“予以公开”3件", ["acts", "count"]),
        ("占3.5%，3个部门", ["share", "rate", "，", "count", "scopes"]),
    ],
)
def test_numbers_are_told_from_dates_and_numerals(text: str, roles: list[str]) -> None:
    assert [t.role for t in tokenise(text, GRAMMAR)] == roles


@pytest.mark.parametrize("text", ["1.2万余件", "30余件", "30件左右", "20至30件", "3万件"])
def test_a_round_number_is_vague(text: str) -> None:
    assert numbers(text)[-1].vague


def test_the_place_is_that_of_the_digits() -> None:
    (number,) = numbers("共 １２ 件")
    assert (number.start, number.end, number.after) == (2, 4, 6)
    assert number.value == Decimal(12)


def test_a_longer_word_is_no_unit() -> None:
    assert numbers("12部门，12条例，12件次")[0].name == "件次"


def test_a_sentence_that_states_nothing_only_names() -> None:
    tokens = tokenise("规范办理依申请公开。2024年，我局收到3件。", GRAMMAR)
    assert [t.text for t in tokens[:2]] == ["依申请公开", "依申请"]
    assert tokenise("2024年，规范办理依申请公开。", GRAMMAR) == []


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
