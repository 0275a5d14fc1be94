"""Words without which an expression cannot match."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.needed_words import needed_words

from reportgen.forms.rules import LazyPattern, Rule
from tests.builders import FORMS

TESTS = Path(__file__).parents[2]
TEXTS = [
    path.read_text(encoding="utf-8")
    for root in (TESTS / "errors", TESTS.parent / "samples")
    for path in sorted(root.rglob("正文.md"))
]
"""Every narrative of the error gallery and of the samples."""


def patterns_of(rule: Rule) -> Iterator[LazyPattern]:
    """Yield every expression of *rule*."""
    yield from (p for p in (rule.pattern, rule.unless, rule.organ, *rule.items.values()) if p)


SHIPPED = {p.text: p for form in FORMS.values() for rule in form.rules for p in patterns_of(rule)}


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("信息处理费", ["信息处理费"]),
        ("甲|乙丙", ["乙丙|甲"]),
        ("(?:收到|接收)申请(?:共|合计)?", ["接收申请|收到申请"]),
        ("[（(]其中", ["(其中|（其中"]),
        (r"\d+年将(?:继续|加强)", ["年将加强|年将继续"]),
        (r"共收\d+件[，。]", ["共收", "件。|件，"]),
        ("(?<=甲)乙{2,}(?!丙)", ["甲", "乙"]),
        ("(?:无|(?:没有)+)收取", ["收取", "无|没有"]),
        ("(?P<名>.+)局$", ["局"]),
        ("甲?", []),
        ("甲*|乙", []),
        ("[一-鿿]{3}", []),
        ("[^甲]", []),
        ("(?i)abc", []),
        ("(?i:abc)d", ["d"]),
        ("(", []),
    ],
)
def test_words_are_read_off_the_expression(pattern: str, words: list[str]) -> None:
    assert ["|".join(group) for group in needed_words(pattern)] == words


@settings(max_examples=150)
@given(st.data())
def test_every_text_a_shipped_expression_matches_has_one_of_its_words(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from([p for p in SHIPPED.values() if p.words]))
    text = data.draw(st.from_regex(re.compile(pattern.text, pattern.flags)))
    assert pattern.may_match(text)


@pytest.mark.parametrize("pattern", SHIPPED.values(), ids=list(SHIPPED))
def test_a_shipped_expression_finds_the_same_with_its_words_as_without(
    pattern: LazyPattern,
) -> None:
    for text in TEXTS:
        found = [match.span() for match in pattern.finditer(text)]
        assert found == [match.span() for match in pattern.compiled.finditer(text)]


def test_an_expression_whose_words_are_missing_is_not_even_compiled() -> None:
    pattern = LazyPattern("信息处理费|\\d+元", words=(("信息处理费", "元"),))
    assert pattern.search("无此项") is None
    assert list(pattern.finditer("无此项")) == []
    assert "compiled" not in pattern.__dict__
    assert pattern.search("共20元") is not None
