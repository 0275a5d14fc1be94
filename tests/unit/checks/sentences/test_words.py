"""What the words of a part say."""

from __future__ import annotations

from reportgen.checks.sentences import Speaker, split_parts, tokenise
from reportgen.checks.sentences.words import Said, said
from tests.builders import FORMS

GRAMMAR = FORMS["2021"].sentences


def told(text: str, organ: str = "某市某局", named: tuple[str, ...] = ()) -> Said | None:
    (part,) = split_parts(tokenise(text, GRAMMAR))
    return said(part, Speaker(GRAMMAR, 2024, organ), named)


def test_what_is_counted_and_what_was_done() -> None:
    found = told("2023年结转政府信息公开申请3件")
    assert found is not None
    assert found.counted == ("申请",)
    assert found.acts == {"结转", "上年"}


def test_joined_things_are_counted_together() -> None:
    found = told("被申请行政复议、提起行政诉讼3件")
    assert found is not None
    assert found.counted == ("诉讼", "复议")


def test_the_thing_may_follow_the_number() -> None:
    found = told("收到3份政府信息公开申请")
    assert found is not None
    assert found.counted == ("申请",)


def test_unknown_words_next_to_the_number_leave_it_open() -> None:
    assert told("收到政府信息公开申请材料3份") is None
    assert told("收到救助申请3份") is None
    assert told("涉及征地的政府信息公开申请3件") is None
    assert told("某某办结3件") is None


def test_limits_and_scopes() -> None:
    for text in ("网上收到申请3件", "2020年收到申请3件"):
        found = told(text)
        assert found is not None
        assert found.limited
    found = told("各乡镇收到申请3件")
    assert found is not None
    assert found.scoped
    found = told("街道收到申请3件", organ="某区某街道办事处")
    assert found is not None
    assert not found.scoped


def test_a_word_stands_for_what_was_named_only() -> None:
    assert told("现行有效文件3件") is None
    assert told("现行有效文件3件", named=("规范性文件",)) is not None
