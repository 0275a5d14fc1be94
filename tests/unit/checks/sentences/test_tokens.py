"""Texts cut into words, numbers and marks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reportgen.checks.sentences import Token, tokenise
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
