"""Tests of untrusted templates: what they may do, their bounds, and the error messages."""

from __future__ import annotations

import pytest

from reportgen.problems import EnvironmentProblem
from reportgen.sandbox import Evaluation, Sandbox, markup, run_pieces
from reportgen.source import SourceFile
from tests.unit.sandbox.printing import TEXTS, printed, stopped

PAGES = Sandbox({}, {}, autoescape=lambda name: (name or "").endswith(".html"))


def test_a_template_reads_data_loops_and_calculates() -> None:
    text = "{% for 数 in 各数 %}{{ 数 * 2 + 1 }}{% if not loop.last %}、{% endif %}{% endfor %}"
    assert printed(SourceFile("页", text), TEXTS, 各数=[1, 2]) == "3、5"


def test_what_is_html_is_escaped_and_what_is_known_to_be_safe_is_not() -> None:
    text = "{{ a }}|{{ b }}|{{ a ~ b }}|{{ [a, b]|join('&') }}"
    shown = printed(SourceFile("页.html", text), PAGES, a="<i>", b=markup("<b>"))
    assert shown == "&lt;i&gt;|<b>|&lt;i&gt;<b>|&lt;i&gt;&amp;<b>"
    assert printed(SourceFile("样式.css", "{{ a }}"), PAGES, a="<i>") == "<i>"


def test_a_template_includes_the_files_it_is_given_and_no_others() -> None:
    files = {"尾": SourceFile("尾", "{{ 名 }}完")}
    source = SourceFile("页", "{% include '尾' %}{% include '/etc/passwd' %}")
    pieces = run_pieces(TEXTS, source, {"名": "某局"}, Evaluation(files=files.get))
    assert next(pieces) + next(pieces) == "某局完"
    with pytest.raises(
        EnvironmentProblem, match=r"^页:1 模板有误：没有找到它引用的文件“/etc/passwd”"
    ):
        list(pieces)


@pytest.mark.parametrize(
    "expression",
    [
        "''.__class__",
        "''['__class__']",
        "''|attr('__class__')",
        "缺.项",
        "range.__globals__",
        "'{0.__class__}'.format('')",
        "数.to_bytes(1)",
        "self.__init__",
        "loop.__class__",
        "environment",
    ],
)
def test_what_is_not_data_cannot_be_reached(expression: str) -> None:
    assert "没有名为“" in stopped(f"一\n{{{{ {expression} }}}}", 数=1)


def test_an_included_file_is_counted_as_often_as_it_is_included() -> None:
    files = {"段": SourceFile("段", "长" * 1000)}
    source = SourceFile("页", "{% for a in range(10000) %}{% include '段' %}{% endfor %}")
    with pytest.raises(EnvironmentProblem, match="已停止"):
        for _ in run_pieces(TEXTS, source, {}, Evaluation(files=files.get)):
            pass


@pytest.mark.parametrize(
    "expression",
    ["9 ** 9 ** 9 ** 9 ** 9", "10 ** 99", "'长' * 99", "range(99999)", "大 ~ 大", "大 + 大"],
)
def test_values_that_would_grow_without_bound_are_refused(expression: str) -> None:
    stopped(f"{{{{ {expression} }}}}", 大="长" * 99_000)


DOUBLED = "{% set a = [1, 2] %}" + "{% set a = [a, a] %}" * 60 + "{% set b = [1, 2] %}"
DOUBLED += "{% set b = [b, b] %}" * 60


@pytest.mark.parametrize(
    "expression",
    ["长|trim(长)", "长.strip(长)", "2 ** (10 ** 9)"],
)
def test_numbers_and_calls_that_would_take_long_are_refused(expression: str) -> None:
    assert "过大" in stopped(f"{{{{ {expression} }}}}", 长="长" * 10_000)


@pytest.mark.parametrize(
    "expression", ["range", "[1]", "{'a': 1}", "[1] ~ ''", "[range]|join", "range ~ 1"]
)
def test_what_is_no_text_is_never_printed(expression: str) -> None:
    assert "不是文字或数字" in stopped(f"{{{{ {expression} }}}}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("一\n\n{{ 缺 }}", "页.html:3 模板有误：没有名为“缺”的内容"),
        ("{{ 1 / 0 }}", "页.html:1 模板有误：除数为零"),
        ("{{ 0 / 0 }}", "页.html:1 模板有误：除数为零"),
        ("\n{{ 1 + '1' }}", "页.html:2 模板有误：参与计算的内容不是数字"),
        ("\n{% if %}", "页.html:2 模板有误：写法有误"),
        ("\n{{ 1|无此 }}", "页.html:2 模板有误：没有名为“无此”的过滤器"),
        ("{{ 1 is 无此 }}", "页.html:1 模板有误：没有名为“无此”的判断"),
        ("{% 无此 %}", "页.html:1 模板有误：没有名为“无此”的标记"),
        ("{% if 1 %}\n", "页.html:1 模板有误：标记没有成对"),
        ("{% macro f() %}\n{{ 缺 }}{% endmacro %}\n{{ f() }}", "页.html:2 模板有误：没有名为“缺”"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "页.html:1 模板有误：嵌套过深"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_line(text: str, message: str) -> None:
    assert stopped(text).startswith(message)


def test_a_mistake_in_an_included_file_is_told_with_that_file() -> None:
    files = {"尾": SourceFile("目录/尾", "\n{{ 缺 }}")}
    source = SourceFile("页", "{% include '尾' %}")
    with pytest.raises(EnvironmentProblem, match=r"^目录/尾:2 "):
        list(run_pieces(TEXTS, source, {}, Evaluation(files=files.get)))
