"""Placeholders are filled in, located, and cannot do harm."""

from __future__ import annotations

import subprocess
import sys
import time
from decimal import Decimal

import pytest

from reportgen.diagnostics import Diagnostic
from reportgen.forms.grid import TemplateError
from reportgen.placeholders.engine import render_template, render_text
from reportgen.placeholders.rendered import Names, RenderedText
from reportgen.sandbox import compiled
from reportgen.source import SourceFile
from tests.builders import FORMS, worded

RULES = FORMS["2021"].rulebook
CONTEXT: dict[str, object] = {
    "年度": 2020,
    "申请": {"本年新收": {"自然人": 3, "总计": 12}, "总计": {"总计": 11}, "items": 7},
    "主动公开": {
        "行政许可": {"本年增/减": -3},
        "行政事业性收费": {"本年收费金额": Decimal("3.50")},
    },
    "空": None,
}


def render(text: str) -> tuple[RenderedText, list[Diagnostic]]:
    rendered, found = render_text(SourceFile("正文.md", text), CONTEXT)
    return rendered, worded(found)


def output(text: str) -> str:
    rendered, found = render(text)
    assert found == []
    return rendered.text


def findings(text: str) -> list[tuple[str, int, int, str]]:
    return [
        (item.code, item.span.line, item.span.column, item.message)
        for item in render(text)[1]
        if item.span
    ]


# Values


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("申请.本年新收.总计", "12"),
        ("主动公开.行政许可['本年增/减']", "-3"),
        ("主动公开.行政事业性收费.本年收费金额", "3.50"),
        ("申请['（一） 本年新收'].总计", "12"),
        ("申请.items", "7"),
        ("申请.本年新收.总计 - 申请.本年新收.自然人", "9"),
        ("6 / 2", "3"),
        ("0.1 + 0.2", "0.3"),
        ("1e3 * 3", "3000"),
        ("年度 ~ '年'", "2020年"),
        ("没有|default(0)", "0"),
        ("同比(12, 10)", "增长20.00%"),
        ("同比(9, 10)", "下降10.00%"),
        ("同比(10, 10)", "持平"),
        ("同比(1000001, 1000000)", "基本持平"),
        ("同比(10, 0)", "上年为零"),
        ("占比(1, 3)", "33.33%"),
        ("占比(0, 0)", "0%"),
        ("3892431|万元", "389.2431"),
        ("1230000|万元", "123"),
        ("12345678|千分位", "12,345,678"),
        ("12|中文数字", "十二"),
        ("2.345|小数(2)", "2.35"),
        ("2/3|小数(1)", "0.6666666667"),
        ("1/8", "0.125"),
        ("[1, 2, 3]|sum", "6"),
    ],
)
def test_a_placeholder_shows_its_value(expression: str, shown: str) -> None:
    assert output("共{{ " + expression + " }}件") == f"共{shown}件"


def test_conditions_and_loops_work_and_their_lines_vanish() -> None:
    text = (
        "{% if 申请.本年新收.总计 > 10 %}\n多\n{% else %}\n少\n{% endif %}\n"
        "{% for 名称, 数 in 申请.本年新收.items() %}\n- {{ 名称 }}{{ 数 }}\n{% endfor %}\n"
    )
    assert output(text) == "多\n- 自然人3\n- 总计12\n"


def test_a_later_branch_is_chosen_by_its_own_condition() -> None:
    assert output("{% if 1 > 2 %}a{% elif 年度 == 2020 %}b{% endif %}") == "b"


def test_comments_and_raw_stretches_are_not_evaluated() -> None:
    assert output("a{# 说明 #}b{% raw %}{{ x }}{% endraw %}") == "ab{{ x }}"


def test_each_value_is_escaped_and_typed_text_is_not() -> None:
    source = SourceFile("x", "*{{ '*' }}")
    assert render_text(source, {}, escape=lambda text: "\\" + text)[0].text == "*\\*"


# Places


def test_a_stretch_of_the_output_knows_where_it_was_typed() -> None:
    rendered, _ = render("全年{{ 申请.本年新收.总计 }}件\n完")
    assert rendered.text == "全年12件\n完"
    assert rendered.span(0, 2).text == "全年"
    assert rendered.span(2, 3).text == "{{ 申请.本年新收.总计 }}"
    assert rendered.span(4, 5).text == "件"
    assert rendered.span(1, 5).text == "年{{ 申请.本年新收.总计 }}件"
    assert (rendered.span(6, 7).line, rendered.span(6, 7).column) == (2, 1)


def test_places_hold_after_stripped_blanks_and_in_loops() -> None:
    rendered, _ = render("a \n{%- for i in [1, 2] %}\n  乙{{ i }}\n{% endfor -%}\n  丙")
    assert [rendered.span(i, i + 1).text for i, c in enumerate(rendered.text) if c == "乙"] == [
        "乙",
        "乙",
    ]
    last = rendered.text.index("丙")
    assert rendered.span(last, last + 1).text == "丙"


def test_windows_line_ends_become_plain_and_keep_line_and_column() -> None:
    rendered, found = render("甲\r\n乙{{ x }}\r\n丙{{ 年度 }}")
    assert rendered.text == "甲\n乙{{ x }}\n丙2020"
    assert [(d.span.line, d.span.column) for d in found if d.span] == [(2, 2)]


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


def test_an_internal_character_is_refused() -> None:
    rendered, found = render("甲\ufdd0乙{{ 年度 }}")
    assert [d.code for d in found] == ["N204"]
    assert rendered.text == "甲\ufffd乙{{ 年度 }}"


# Safety


@pytest.mark.parametrize(
    "text",
    [
        "{{ 10 ** 10 ** 10 }}",
        "{{ '甲' * 1000000000 }}",
        "{{ range(1000000000)|list }}",
        "{{ '%999999999d' % 1 }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "{% for a in range(9999) %}{% for b in range(9999) %}甲乙丙丁{% endfor %}{% endfor %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ 申请._data }}",
        "{{ 同比.__globals__ }}",
        "{{ 'a'.join(['b']) }}",
        "{{" + "(" * 900 + "1" + ")" * 900 + "}}",
        "{%" * 1000,
        "{{" * 1000,
        "{% if 1 %}" * 300 + "{% endif %}" * 300,
        "{% set a = 'x' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    ],
)
def test_what_would_run_away_or_break_out_is_refused_quickly(text: str) -> None:
    begin = time.process_time()
    _, found = render(text)
    assert found
    assert time.process_time() - begin < 10


@pytest.mark.parametrize(
    "text",
    [
        "{{ 1.5e300 / 1 * 1e300 }}",
        "{% set a = 1.5e300 / 1 %}{{ a ** 10 }}",
        "{{ 10 ** (10 ** 9) }}",
        "{{ (1.5e300 / 1)|int * (1.5e300 / 1)|int }}",
    ],
)
def test_numbers_of_many_digits_are_refused(text: str) -> None:
    (finding,) = findings(text)
    assert finding[0] == "N203"
    assert "过大" in finding[3]


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


@pytest.mark.parametrize("name", ["_0_at", "_0_out", "_1_raw", "__at", "__names"])
def test_an_author_cannot_call_what_a_rendering_calls(name: str) -> None:
    (finding,) = findings(f"{{{{ {name}(99999) }}}}{{{{ 1 / 1 }}}}")
    assert finding[0] == "N202"


def test_tags_alone_on_a_line_are_told_without_going_back() -> None:
    text = "甲{% raw %}" + "{#" * 150_000 + "{% endraw %}\n乙"
    assert output(text) == "甲" + "{#" * 150_000 + "\n乙"


def test_a_text_without_placeholders_does_not_load_the_template_library() -> None:
    program = (
        "import sys; from reportgen.source import SourceFile; "
        "from reportgen.placeholders.engine import render_text; "
        "assert render_text(SourceFile('x', '甲{乙}'), {})[0].text == '甲{乙}'; "
        "sys.exit('jinja2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# Names and shipped templates


def test_names_are_looked_up_whatever_their_width_blanks_and_numbering() -> None:
    names = Names({"（一）予以公开": {"总 计": 1}})
    inner = names["予以公开"]
    assert isinstance(inner, Names)
    assert inner["总计"] == 1
    assert inner.path == ("（一）予以公开",)
    with pytest.raises(KeyError):
        names["不予公开"]


def test_a_shipped_template_is_evaluated() -> None:
    assert render_template("标题", "{{ 年度 }}年", CONTEXT, RULES) == "2020年"


def test_a_mistake_in_a_shipped_template_names_template_and_line() -> None:
    with pytest.raises(TemplateError, match=r"report\.md\.j2 第 2 行.*缺"):
        render_template("report.md.j2", "甲\n{{ 缺 }}", CONTEXT, RULES)


# Line ends behind tags


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{% if 年度 %}甲。{% endif %}\n\n乙。", "甲。\n\n乙。"),
        ("{% if not 年度 %}甲。{% else %}丙。{% endif %}\n\n乙。", "丙。\n\n乙。"),
        ("甲。{# 备注 #}\n\n乙。", "甲。\n\n乙。"),
        ("{% raw %}{{ 甲 }}{% endraw %}\n\n乙。", "{{ 甲 }}\n\n乙。"),
        ("{% for 数 in [1, 2] %}第{{ 数 }}件；{% endfor %}\n\n乙。", "第1件；第2件；\n\n乙。"),
        ("| 甲 |{% if 年度 %}\n| 乙 |{% endif %}\n\n丙", "| 甲 |\n| 乙 |\n\n丙"),
    ],
)
def test_a_tag_behind_text_leaves_the_line_end_and_the_blank_line(text: str, shown: str) -> None:
    assert output(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("甲。\n{% if 年度 %}\n乙。\n{% endif %}\n\n丙。", "甲。\n乙。\n\n丙。"),
        ("{% set 数 = 1 %}{# 备注 #}\n甲。", "甲。"),
        ("{% for 数 in [1, 2] %}\n- {{ 数 }}\n{% endfor %}\n", "- 1\n- 2\n"),
        ("甲。{% if 年度 -%}\n\n乙。{% endif %}", "甲。乙。"),
    ],
)
def test_a_line_of_tags_alone_leaves_no_trace(text: str, shown: str) -> None:
    assert output(text) == shown


# Calculating


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("12.6 * 10000", "126000"),
        ("主动公开.行政事业性收费.本年收费金额 + 0.5", "4"),
        ("主动公开.行政事业性收费.本年收费金额 * 3", "10.5"),
        ("[主动公开.行政事业性收费.本年收费金额, 0.5] | sum", "4"),
        ("100 * 1.0", "100"),
        ("(主动公开.行政事业性收费.本年收费金额 * 2) | 小数(2)", "7.00"),
    ],
)
def test_a_result_has_no_zeros_at_the_end_of_its_decimals(expression: str, shown: str) -> None:
    assert output(f"{{{{ {expression} }}}}") == shown


@pytest.mark.parametrize(
    "text",
    [
        "{% set 和 = 0 %}{% for 数 in [3, 2] %}{% set 和 = 和 + 数 %}{% endfor %}{{ 和 }}",
        "{% set 有 = 0 %}{% for 数 in [3] %}{% if 数 %}{% set 有 = 1 %}{% endif %}{% endfor %}",
        "{% for 甲 in [1] %}{% set 和 = 0 %}{% for 乙 in [2] %}{% set 和 = 乙 %}{% endfor %}"
        "{{ 和 }}{% endfor %}",
        "{% set 句 %}甲{% endset %}{% for 数 in [3] %}{% set 句 %}乙{% endset %}{% endfor %}",
    ],
)
def test_a_name_of_outside_cannot_be_set_in_a_loop(text: str) -> None:
    ((code, _, _, message),) = findings(text)
    assert code == "N201"
    assert "循环外面" in message


def test_a_name_of_its_own_can_be_set_in_a_loop() -> None:
    assert output("{% for 数 in [3, 2] %}{% set 倍 = 数 * 2 %}{{ 倍 }}；{% endfor %}") == "6；4；"


def test_a_character_that_no_file_can_hold_is_a_finding() -> None:
    rendered, found = render(r'甲{{ "\ud800" }}乙')
    assert [item.code for item in found] == ["N203"]
    assert "不是文字的字符" in found[0].message
    assert rendered.text.isprintable()
