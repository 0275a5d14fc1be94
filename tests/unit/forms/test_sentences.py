"""The grammar of sentences: read from data, bound to cells."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reportgen.forms.sentences import SentenceFile, Sentences, build_sentences
from reportgen.shapes import ShapeError
from tests.builders import FORMS, shaped

MANY = {name: [str(number) for number in range(10)] for name in "甲乙丙丁"}


def grammar_of(data: Mapping[str, object]) -> Sentences:
    return build_sentences(shaped(data, SentenceFile))


def test_words_know_their_roles_and_the_longest_wins() -> None:
    grammar = grammar_of({"acts": {"收到": "收 收到"}, "fillers": "共"})
    assert grammar.words["收到"].name == "收到"
    assert grammar.word_at("共收到3件", 1) == "收到"
    assert grammar.word_at("共收到3件", 3) == ""


def test_a_word_has_one_role() -> None:
    with pytest.raises(ShapeError, match="“共”既在 acts，又在 fillers"):
        grammar_of({"acts": {"收到": "共"}, "fillers": "共"})


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"acts": "收到"}, "acts 应写成“键: 值”的形式，写的是“收到”"),
        ({"statements": [{"says": ["收到"]}]}, "statements/第 1 项 缺少 rule"),
        ({"statements": [{"rule": "r", "about": "far"}]}, "about 应为 、near、sentence 之一"),
        ({"statements": [{"rule": "r", "shares": "无"}]}, "bases 中没有 无"),
        ({"statements": [{"rule": "r", "each": MANY}]}, "each 代入的次数过多"),
        ({"money": {"元": "一"}}, "money/元 应为数，写的是“一”"),
        ({"filler": "共"}, "没有 filler 这一项，是否应为 fillers？"),
    ],
)
def test_data_of_another_shape_is_told(data: dict[str, object], says: str) -> None:
    with pytest.raises(ShapeError) as caught:
        grammar_of(data)
    assert says in str(caught.value)


def test_each_makes_a_statement_for_every_member() -> None:
    spec = {"rule": "r", "each": {"甲": ["一", "二"]}, "counted": ["{甲}"], "equals": ["表/{甲}"]}
    statements = grammar_of({"statements": [spec]}).statements
    assert [s.equals for s in statements] == [("表/一",), ("表/二",)]


def test_sums_about_cells_of_another_form_are_left_out() -> None:
    bound = [b for b in FORMS["2019"].statements if "有效" in b.statement.says]
    cells = {term.cell for b in bound for total in b.equals for term in total.terms}
    assert cells == {"主动公开/规章/对外公开总数量", "主动公开/规范性文件/对外公开总数量"}


def test_every_name_a_statement_uses_has_words() -> None:
    grammar = FORMS["2021"].sentences
    names = {(word.role, word.name) for word in grammar.words.values()}
    for statement in grammar.statements:
        assert {("counted", name) for name in statement.counted} <= names
        acts = (*statement.says, *statement.may, *statement.follows)
        assert all(("acts", name) in names or ("fillers", name) in names for name in acts)
        assert all(text in grammar.words for text in statement.besides)
    assert {("acts", name) for name in grammar.apart} <= names
