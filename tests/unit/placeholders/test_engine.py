"""Placeholders are filled in, located, and cannot do harm."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reportgen.forms.grid import TemplateError
from reportgen.placeholders.engine import render_template, render_text
from reportgen.placeholders.rendered import Names
from reportgen.source import SourceFile
from tests.builders import FORMS
from tests.unit.placeholders.texts import CONTEXT, findings, output, render

RULES = FORMS["2021"].rulebook


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
