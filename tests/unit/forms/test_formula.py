"""The language of identities."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reportgen.forms.formula import Identity, Sum, Term, Vocabulary, expand_each, parse_formula
from reportgen.forms.grid import TemplateError
from tests.builders import at

WORDS = Vocabulary(
    frozenset(
        at(f"表/{row}/{column}")
        for row in ("新收", "组/一", "组/二", "总计")
        for column in ("甲", "乙", "总计")
    ),
    {"人": ("甲", "乙"), "项": ("组/*",), "全": ("新收", "@项")},
)


def parse(text: str, **binding: str) -> Identity:
    return parse_formula(text, binding, WORDS)


def cells(side: Sum) -> list[str]:
    return [("" if term.sign > 0 else "-") + term.cell for term in side.terms]


def test_total_of_a_group() -> None:
    identity = parse("表/新收/总计 = 合计(表/新收/@人)")
    assert identity.relation == "="
    assert cells(identity.left) == ["表/新收/总计"]
    assert cells(identity.right) == ["表/新收/甲", "表/新收/乙"]
    assert identity.cells == ("表/新收/总计", "表/新收/甲", "表/新收/乙")


def test_wildcard_stands_for_one_key() -> None:
    assert cells(parse("表/总计/甲 = 合计(表/组/*/甲)").right) == ["表/组/一/甲", "表/组/二/甲"]
    assert cells(parse("0 = 合计(表/*/甲)").right) == ["表/总计/甲", "表/新收/甲"]


def test_group_may_hold_wildcards_and_stand_anywhere() -> None:
    assert cells(parse("0 = 合计(表/@项/@人)").right) == [
        "表/组/一/甲",
        "表/组/二/甲",
        "表/组/一/乙",
        "表/组/二/乙",
    ]


def test_variables_are_bound_by_the_rule() -> None:
    identity = parse("表/{行}/{列} = 3", 行="组/一", 列="乙")
    assert cells(identity.left) == ["表/组/一/乙"]


def test_sums_add_and_subtract_cells_and_numbers() -> None:
    side = parse("0 = 表/新收/甲 - 合计(表/组/*/甲) + 2 - 5").right
    assert cells(side) == ["表/新收/甲", "-表/组/一/甲", "-表/组/二/甲"]
    assert side.constant == -3


def test_several_paths_in_one_sum_count_each_cell_once_per_path() -> None:
    side = parse("0 = 合计(表/新收/甲, 表/新收/@人)").right
    assert cells(side) == ["表/新收/甲", "表/新收/甲", "表/新收/乙"]


def test_cell_written_twice_counts_twice() -> None:
    side = parse("0 = 表/新收/甲 + 表/新收/甲").right
    assert side.value({at("表/新收/甲"): 2}) == 4


def test_blanks_do_not_matter() -> None:
    assert parse("表/新收/甲=表/新收/乙+1") == parse("  表/新收/甲  =\t表/新收/乙 + 1  ")


@pytest.mark.parametrize(
    ("relation", "amount", "holds"),
    [("=", 3, True), ("=", 4, False), ("<=", 3, True), ("<=", 4, False), (">=", 3, True),
     (">=", 2, False)],
)  # fmt: skip
def test_relation_is_judged_exactly(relation: str, amount: int, holds: bool) -> None:
    assert parse(f"表/新收/甲 {relation} 3").holds({at("表/新收/甲"): amount}) is holds


def test_decimals_are_summed_exactly() -> None:
    amounts = {at("表/新收/甲"): Decimal("0.1"), at("表/新收/乙"): Decimal("0.2")}
    identity = parse("表/新收/甲 + 表/新收/乙 = 表/新收/总计")
    assert identity.holds({**amounts, at("表/新收/总计"): Decimal("0.3")})


def test_absent_cell_counts_as_zero() -> None:
    assert Sum((Term(1, at("表/新收/甲")),), 7).value({}) == 7


@pytest.mark.parametrize(
    ("text", "is_total"),
    [
        ("表/新收/总计 = 合计(表/新收/@人)", True),
        ("表/新收/总计 <= 合计(表/新收/@人)", False),
        ("表/新收/甲 + 表/新收/乙 = 表/新收/总计", False),
        ("表/新收/总计 + 1 = 合计(表/新收/@人)", False),
        ("3 = 表/新收/甲", False),
    ],
)
def test_total_is_one_cell_equal_to_a_sum(text: str, is_total: bool) -> None:
    assert parse(text).is_total is is_total


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "没有写完"),
        ("表/新收/甲", "没有写完"),
        ("表/新收/甲 =", "没有写完"),
        ("表/新收/甲 + 表/新收/乙", "没有写完"),
        ("表/新收/甲 = 表/新收/乙 = 1", "多出“=”"),
        ("表/新收/甲 表/新收/乙", "而不是“表/新收/乙”"),
        ("表/新收/甲 < 3", "无法读懂"),
        ("表/新收/甲 = 合计(表/新收/@人", "没有写完"),
        ("表/新收/甲 = (3)", "无法读懂"),
        ("表/新收/丙 = 3", "表中没有“表/新收/丙”"),
        ("表/新收/甲 = 合计(表/别组/*/甲)", "表中没有“表/别组/*/甲”"),
        ("表/新收/甲 = 合计(表/新收/@谁)", "@谁"),
        ("表/{行}/甲 = 3", "表中没有"),
        ("表/新收/甲 = ²", "表中没有"),
        ("表/新收/甲 = " + "9" * 5000, "位数过多"),
        ("表/新收/甲 = 合计(" + "@人/" * 40 + "甲)", "过多"),
        ("-3 = 表/新收/甲", "表中没有“-”"),
    ],
)
def test_wrong_formula_is_quoted_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(TemplateError) as caught:
        parse(text)
    assert str(caught.value).startswith(f"公式“{text}”：")
    assert says in str(caught.value).removeprefix(f"公式“{text}”：")


def test_group_whose_name_begins_another_is_not_mistaken_for_it() -> None:
    words = Vocabulary(
        frozenset({at("表/甲/一"), at("表/乙/二")}), {"组": ("甲",), "组员": ("一",)}
    )
    assert cells(parse_formula("0 = 合计(表/@组/@组员)", {}, words).right) == ["表/甲/一"]


def test_each_gives_every_combination_in_order() -> None:
    bindings = expand_each({"行": ["新收", "@项"], "列": ["@人"]}, "表", WORDS)
    assert [(b["行"], b["列"]) for b in bindings] == [
        ("新收", "甲"),
        ("新收", "乙"),
        ("组/一", "甲"),
        ("组/一", "乙"),
        ("组/二", "甲"),
        ("组/二", "乙"),
    ]


def test_each_of_nothing_is_one_empty_binding() -> None:
    assert expand_each({}, "表", WORDS) == [{}]


def test_each_spells_out_groups_of_groups_once() -> None:
    bindings = expand_each({"行": ["新收", "@全"]}, "表", WORDS)
    assert [b["行"] for b in bindings] == ["新收", "组/一", "组/二"]


@pytest.mark.parametrize(("member", "says"), [("@谁", "@谁"), ("别组/*", "别组")])
def test_each_of_something_unknown_is_refused(member: str, says: str) -> None:
    with pytest.raises(TemplateError, match=says):
        expand_each({"行": [member]}, "表", WORDS)


def test_more_combinations_than_a_form_can_have_are_refused() -> None:
    each = {f"v{number}": [str(digit) for digit in range(10)] for number in range(9)}
    with pytest.raises(TemplateError, match="组合起来有 1000000000 种"):
        expand_each(each, "", WORDS)
