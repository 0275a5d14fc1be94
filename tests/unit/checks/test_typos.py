"""Words with one wrong character, and the lists they are known by."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from reportgen.checks.typos import _sections, find_typos
from tests.unit.checks.written import found

WORDS = _sections("words.txt")
CHARACTERS = _sections("characters.txt")
ALL = [word for words in WORDS.values() for word in words]


def typos(text: str) -> list[tuple[str, str, int]]:
    return [(typo.typed, typo.meant, typo.start) for typo in find_typos(text)]


@pytest.mark.parametrize(
    ("text", "typed", "meant"),
    [
        ("会同主管部们办理", "主管部们", "主管部门"),  # sounds alike
        ("依法行正", "依法行正", "依法行政"),
        ("质量残差不齐", "残差不齐", "参差不齐"),
        ("统愁推进", "统愁推进", "统筹推进"),
        ("政务公升", "政务公升", "政务公开"),  # looks alike
        ("门户网占建设", "门户网占", "门户网站"),
        ("完善制度建没", "制度建没", "制度建设"),
        ("年度告报", "年度告报", "年度报告"),  # swapped
        ("被申请行政议复", "行政议复", "行政复议"),
        (
            "中华人明共和国政府信息公开条例",
            "中华人明共和国政府信息公开条例",
            "中华人民共和国政府信息公开条例",
        ),
    ],
)
def test_one_wrong_character_is_found(text: str, typed: str, meant: str) -> None:
    ((*words, start),) = typos(text)
    assert words == [typed, meant]
    assert text[start:].startswith(typed)


@pytest.mark.parametrize(
    "text",
    [
        "贯彻落实、主管部门、参差不齐、一如既往",
        "其它处理3件，上年转结2件，制订方案，即时公开，作出答复，权利清单",
        "财政预算决算、预决算公开",  # a word that is right covers the change
        "社会主义市场经济，企事业单位新媒体，关于政务公开的部署，建立政府信息公开台账",
        "丰富信息公开内容，政府信息公开职责，政府信息工作，服务重心下移",
        "12345 abcd 政府",
        "",
    ],
)
def test_right_words_are_left_alone(text: str) -> None:
    assert typos(text) == []


def test_a_slip_in_two_words_at_once_is_told_once() -> None:
    assert len(typos("做好政府信息工开工作")) == 1


def test_what_another_rule_lists_is_left_to_it() -> None:
    assert found("N422", "公开质量残差不齐。") == []
    assert len(found("N416", "公开质量残差不齐。")) == 1


def test_a_typo_in_a_heading_is_found_and_points_at_itself() -> None:
    (hit,) = found("N422", "## 政务公升情况\n\n公开。")
    assert (hit.expected, hit.actual) == ("政务公开", "政务公升")
    assert getattr(hit.span, "text", "") == "政务公升"


def test_every_word_is_found_when_one_of_its_characters_is_a_homophone() -> None:
    groups = [group for group in CHARACTERS["同音"] if len(group) > 1]
    both = CHARACTERS["两可"]
    known = set(ALL)
    missed = []
    for word in WORDS["公文用语"][::7] + WORDS["成语"][::40]:
        place = len(word) // 2
        group = next((g for g in groups if word[place] in g), "")
        others = [c for c in group if not any(c in b and word[place] in b for b in both)]
        typed = word[:place] + (others[-1] if others else "") + word[place + 1 :]
        if others and others[-1] != word[place] and typed not in known and not typos(typed):
            missed.append(typed)
    assert missed == []


def test_the_lists_hold_words_once_and_characters_alone() -> None:
    assert len(ALL) == len(set(ALL))
    assert all(re.fullmatch("[一-鿿]{4,}", word) for word in ALL)
    assert all(len(word) == 4 for word in (*WORDS["也对"], *WORDS["成语"]))
    for groups in CHARACTERS.values():
        assert all(re.fullmatch("[㐀-鿿]{2,}", group) for group in groups)
        assert all(len(set(group)) == len(group) for group in groups)


def test_neighbouring_sections_of_a_list_are_kept_apart() -> None:
    assert list(WORDS) == ["公文用语", "规定的名称", "也对", "成语"]
    assert all(one != other for one, other in pairwise(CHARACTERS))
