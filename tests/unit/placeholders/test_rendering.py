"""Tests of what is wrong with placeholders: everything is reported in one run, at its place."""

from __future__ import annotations

import pytest

from reportgen.sandbox import compiled
from tests.unit.placeholders.texts import findings, output, render

# Trouble


def test_every_undefined_name_is_reported_in_one_run_with_the_nearest_one() -> None:
    text = "{{ 申请.本年新受.总计 }}\n {{ 年渡 }}{{ 同期(1, 2) }}"
    _, found = render(text)
    assert [(d.code, d.span.line, d.span.column) for d in found if d.span] == [
        ("N202", 1, 1),
        ("N202", 2, 2),
        ("N202", 2, 10),
    ]
    assert [d.message for d in found] == [
        "“申请”中没有“本年新受”",
        "没有名为“年渡”的数据",
        "没有名为“同期”的数据",
    ]
    assert [d.hint for d in found] == [
        "是否想写“本年新收”？",
        "是否想写“年度”？",
        "是否想写“同比”？",
    ]


@pytest.mark.parametrize(
    "expression",
    [
        "缺 + 1",
        "1 - 缺",
        "缺|万元",
        "同比(缺, 1)",
        "缺.甲.乙",
        "缺['甲']",
        "缺 ~ '件'",
        "缺 > 1",
        "-缺",
    ],
)
def test_an_undefined_name_is_reported_once_however_it_is_used(expression: str) -> None:
    assert [code for code, *_ in findings("{{ " + expression + " }}")] == ["N202"]


def test_an_undefined_name_in_a_condition_or_loop_is_located_there() -> None:
    assert findings("甲{% if 缺 > 1 %}乙{% endif %}")[0][:3] == ("N202", 1, 2)
    assert findings("甲{% for i in 缺 %}乙{% endfor %}")[0][:3] == ("N202", 1, 2)
    assert findings("{% if 1 > 2 %}{% elif 缺 %}{% endif %}")[0][:3] == ("N202", 1, 15)


def test_asking_whether_a_name_is_defined_is_no_use_of_it() -> None:
    assert output("{% if 上年 is defined %}有{% else %}无{% endif %}") == "无"


def test_a_missing_previous_year_says_what_to_do() -> None:
    _, found = render("{{ 上年.申请.总计 }}")
    assert found[0].message == "没有上年的数据可以引用"
    assert "上年 is defined" in found[0].hint


def test_failed_calculations_are_reported_with_everything_else() -> None:
    text = "{{ 1 / 0 }} {{ 缺 }} {{ 申请 }} {{ 空 }} {{ 10000|中文数字 }} {{ '甲' + 1 }} {{ 年度 }}"
    rendered, found = render(text)
    assert sorted(d.code for d in found) == ["N202", "N203", "N203", "N203", "N203", "N203"]
    assert rendered.text.endswith(" 2020")
    assert "{{ 1 / 0 }}" in rendered.text
    assert any("除数为零" in d.message for d in found)
    assert any("写到其中具体的一格" in d.message for d in found)


@pytest.mark.parametrize(
    ("text", "column", "part"),
    [
        ("甲{{ 年度", 2, "缺少 }}"),
        ("甲{{ 同比（1，2） }}", 2, "写法有误"),
        ("甲{{ 年度 年度 }}", 2, "写法有误"),
        ("甲{{ }}", 2, "没有内容"),
        ("甲{{ 年度|万圆 }}", 2, "没有名为“万圆”的过滤器"),
        ("甲{% if 年度 %}乙", 2, "没有对应的结束标记"),
        ("甲{% endif %}", 2, "没有对应的开始标记"),
        ("甲{% include '乙' %}", 2, "不支持的标记"),
        ("甲{% if 年度 年度 %}{% endif %}", 2, "写法有误"),
        ("甲{{ " + "1+" * 2000 + "1 }}", 2, "过长"),
    ],
)
def test_a_mistake_of_writing_is_located_and_explained(text: str, column: int, part: str) -> None:
    found = findings(text)
    assert len(found) == 1
    assert found[0][:3] == ("N201", 1, column)
    assert part in found[0][3]


def test_one_badly_written_placeholder_does_not_hide_the_others() -> None:
    rendered, found = render("{{ 年度（） }} {{ 年度 }} {{ 缺 }}")
    assert [d.code for d in found] == ["N201", "N202"]
    assert rendered.text == "{{ 年度（） }} 2020 {{ 缺 }}"


def test_full_width_marks_in_a_placeholder_are_pointed_out() -> None:
    assert "半角" in render("{{ 占比（1，2） }}")[1][0].hint


def test_what_fails_is_passed_over_without_compiling_the_text_again() -> None:
    compiled.cache_clear()
    rendered, found = render("{{ 1 / 0 }}{{ 年度 + 0 }}" * 40)
    assert [item.code for item in found] == ["N203"] * 40
    assert rendered.text == "{{ 1 / 0 }}2020" * 40
    assert compiled.cache_info().misses == 2


def test_a_text_is_rendered_again_only_until_as_much_was_done_as_one_rendering_may() -> None:
    loop = "{% for a in range(5000) %}{% set b = a + a %}{% endfor %}"
    found = findings(loop * 3 + "{{ 1 / 0 }}" * 40)
    assert 1 < len(found) < 20
    assert {code for code, *_ in found} == {"N203"}


def test_too_many_placeholders_are_reported_once_and_none_is_evaluated() -> None:
    text = "{{ 1 + 1 }}" * 5_001
    rendered, found = render(text)
    assert rendered.text == text
    (finding,) = found
    assert finding.message == "占位符过多，从这里起没有计算"
    assert finding.span is not None
    assert finding.span.column == 5_000 * 11 + 1


def test_placeholders_of_too_much_code_are_reported_once() -> None:
    one = "{{ " + "+".join(["1"] * 900) + " }}"
    (finding,) = findings(one * 200)
    assert finding[3] == "占位符过多，从这里起没有计算"
