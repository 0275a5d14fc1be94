"""Texts of a report by the rules that are about them and the words they hold."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tools.needed_words import needed_words

from reportgen.checks import check_report
from reportgen.checks.texts import CONTACT, Text, Texts
from reportgen.diagnostics import Severity
from reportgen.forms import TextPart
from reportgen.forms.rules import LazyPattern, Rule
from reportgen.text import Run
from tests.builders import FORMS
from tests.unit.checks.written import written

PATTERNS = ("甲乙", "甲.{0,2}丙", "(?:甲|乙丙)(?:丁|乙)", "[甲乙]+丁", "^甲", "丁|$")


def texts(*contents: str, section: str = "overview", part: TextPart = TextPart.PARAGRAPH) -> Texts:
    return Texts(Text(section, part, (Run(content),)) for content in contents)


def pattern(text: str) -> LazyPattern:
    return LazyPattern(text, re.MULTILINE, needed_words(text, re.MULTILINE))


def rule(**limits: tuple[str, ...]) -> Rule:
    return replace(Rule("T999", "test", Severity.HINT, "pattern", ""), **limits)


@given(st.lists(st.text("甲乙丙丁\n", max_size=6), max_size=8), st.sampled_from(PATTERNS))
def test_no_text_that_matches_is_passed_over(contents: list[str], expression: str) -> None:
    held = set(texts(*contents).holding(pattern(expression)))
    matching = {n for n, text in enumerate(contents) if re.search(expression, text, re.MULTILINE)}
    assert matching <= held


def test_a_text_without_the_needed_words_is_passed_over() -> None:
    assert list(texts("甲乙丙", "乙甲", "甲丙", "").holding(pattern("甲.{0,2}丙"))) == [0, 2]


def test_a_word_split_over_two_texts_stands_in_neither() -> None:
    found = texts("政府", "信息")
    assert found.occurring(["政府信息", "信息", "府"]) == ["信息", "府"]
    assert list(found.holding(pattern("府信"))) == []


def test_candidates_are_those_the_rule_is_about() -> None:
    found = Texts(
        [
            Text("overview", TextPart.HEADING, (Run("甲"),)),
            Text("overview", TextPart.PARAGRAPH, (Run("甲"),)),
            Text("problems", TextPart.PARAGRAPH, (Run("甲"),)),
            Text(CONTACT, TextPart.CONTACT, (Run("甲"),)),
        ]
    )

    def sections(**limits: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(t.section, t.part) for t in found.candidates(pattern("甲"), rule(**limits))]

    assert sections(sections=("problems",)) == [("problems", "paragraph")]
    assert sections(parts=("heading",)) == [("overview", "heading")]
    assert sections(parts=("paragraph", CONTACT))[-1] == (CONTACT, CONTACT)
    assert (CONTACT, CONTACT) not in sections()


def test_contact_of_a_finished_file_is_not_told_twice() -> None:
    report = written("电子邮箱：someone@qq.com。", section="opening")
    read_back = replace(report, contact={"电子邮箱": "someone@qq.com", "电话": "0558-2173663"})
    found = [d for d in check_report(read_back, FORMS["2021"]) if d.code == "P104"]
    assert [d.span is None for d in found] == [False]


def test_only_texts_with_radicals_are_rewritten() -> None:
    common = (
        "豆谷车轮龙门辰采里鸟鱼鿿"  # their codes are between those of the two kinds of radicals
    )
    assert texts(common).all[0].text is texts(common).all[0].typed
    assert texts("⼈⺠\uf90a").all[0].text == "人民金"
