"""The grammar of sentences: read from data, bound to cells."""

from __future__ import annotations

import pytest

from reportgen.forms.grid import TemplateError
from reportgen.forms.sentences import build_sentences
from tests.builders import FORMS


def test_words_know_their_roles_and_the_longest_wins() -> None:
    grammar = build_sentences({"acts": {"收到": "收 收到"}, "fillers": "共"})
    assert grammar.words["收到"].name == "收到"
    assert grammar.word_at("共收到3件", 1) == "收到"
    assert grammar.word_at("共收到3件", 3) == ""


def test_a_word_has_one_role() -> None:
    with pytest.raises(TemplateError, match="“共”既在 acts，又在 fillers"):
        build_sentences({"acts": {"收到": "共"}, "fillers": "共"})


@pytest.mark.parametrize(
    "data",
    [{"acts": "收到"}, {"statements": [{"says": ["收到"]}]}, {"money": {"元": "一"}},
     {"statements": [{"rule": "r", "shares": "无"}]}],
)  # fmt: skip
def test_data_of_another_shape_is_told(data: object) -> None:
    with pytest.raises(TemplateError, match=r"sentences\.yaml"):
        build_sentences(data)  # type: ignore[arg-type]


def test_each_makes_a_statement_for_every_member() -> None:
    spec = {"rule": "r", "each": {"甲": ["一", "二"]}, "counted": ["{甲}"], "equals": ["表/{甲}"]}
    statements = build_sentences({"statements": [spec]}).statements
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
        assert {("acts", name) for name in acts} <= names
        assert all(text in grammar.words for text in statement.besides)
    assert {("acts", name) for name in grammar.apart} <= names
