"""The bounds on the work and the output of templates."""

from __future__ import annotations

import pytest

from reportgen.sandbox import Evaluation, run_pieces
from reportgen.source import SourceFile
from tests.unit.sandbox.printing import TEXTS, stopped


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in r %}{% for b in r %}{% endfor %}{% endfor %}",
        "{% for a in r %}{% for b in r if b < 0 %}{% endfor %}{% endfor %}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}"
        "{{ f(60) }}",
        "{% for x in [1] recursive %}{% if loop.depth < 60 %}"
        "{{ loop([1, 1]) }}{% endif %}{% endfor %}",
        "{% for a in r %}{% set s = r|sum %}{% endfor %}",
    ],
)
def test_work_without_end_is_stopped(text: str) -> None:
    assert "已停止" in stopped("{% set r = range(10000) %}" + text)


@pytest.mark.parametrize(
    "text",
    [
        f"{{% for a in range(10000) %}}{'长' * 1000}{{% endfor %}}",
        f"{{% set s %}}{{% for a in range(10000) %}}{'长' * 1000}{{% endfor %}}{{% endset %}}",
        f"{{% macro f() %}}{'长' * 1000}{{% endmacro %}}"
        "{% for a in range(10000) %}{% set s = f() %}{% endfor %}",
        "{% set s %}{% for a in range(10000) %}{{ 文 }}{% endfor %}{% endset %}",
    ],
)
def test_output_without_end_is_stopped_even_where_it_is_not_printed(text: str) -> None:
    assert "内容过多" in stopped(text, 文="长" * 1000)


DOUBLED = "{% set a = [1, 2] %}" + "{% set a = [a, a] %}" * 60 + "{% set b = [1, 2] %}"
DOUBLED += "{% set b = [b, b] %}" * 60


@pytest.mark.parametrize(
    "text",
    [
        DOUBLED + "{% if a == b %}{% endif %}",
        DOUBLED + "{% if a in [b] %}{% endif %}",
        DOUBLED + "{% if a is eq(b) %}{% endif %}",
        DOUBLED + "{% set s = [a, b]|sort %}",
        DOUBLED + "{% for x in [1] %}{% set s = loop.changed(a) %}{% endfor %}",
        DOUBLED.replace("[", "(").replace("]", ")") + "{% set s = {a: 1} %}",
        DOUBLED.replace("[", "(").replace("]", ")") + "{% set s = {}[a] %}",
        "{% set 表 = range(10000)|list %}{% for i in 表 %}{% if -1 in 表 %}{% endif %}{% endfor %}",
        "{% set 表 = range(10000)|list %}{% for i in 表 %}{% set s = 表 + 表 %}{% endfor %}",
        "{% set 表 = range(10000)|list %}{% for i in 表 %}{% set s = 表[1:] %}{% endfor %}",
        "{% for i in range(10000) %}{% set s = 文 + 文 %}{% endfor %}",
        "{% for i in range(10000) %}{% set s = 文 ~ i %}{% endfor %}",
        "{% for i in range(10000) %}{% set s = 文.strip('') %}{% endfor %}",
        "{% for i in range(10000) %}{% set s = [文, 文]|join %}{% endfor %}",
        "{% for i in range(10000) %}{% if '短' in 文 %}{% endif %}{% endfor %}",
        "{% for i in range(10000) %}{% set s = 2 ** 9.5 %}{% set s = 2 ** 9.5 %}{% endfor %}",
    ],
)
def test_elements_are_counted_wherever_they_are_walked_through_or_made(text: str) -> None:
    assert "已停止" in stopped(text, 文="长" * 20_000)


def test_elements_and_characters_are_counted_as_deep_as_they_are_nested() -> None:
    evaluation = Evaluation()
    evaluation.weigh([1, 2, (3, 4, {"a": range(5), "b": "长" * 160})])
    assert evaluation.steps == 3 + 3 + 2 + 5 + 10


@pytest.mark.parametrize("name", ["spend", "joined", "weighed", "__spend", "environment"])
def test_a_template_can_neither_call_nor_replace_the_counting(name: str) -> None:
    endless = "{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}"
    assert "已停止" in stopped(f"{{% set {name} = range %}}{endless}")
    assert "没有名为" in stopped(f"{{{{ {name}(-1000000, 0) }}}}")


def test_two_evaluations_side_by_side_do_not_count_to_each_other() -> None:
    source = SourceFile("页", "{% for a in 各 %}{{ a }}{% endfor %}")
    first, second = Evaluation(), Evaluation()
    pieces = [
        run_pieces(TEXTS, source, {"各": ["长" * 10] * 3}, first),
        run_pieces(TEXTS, source, {"各": ["长"] * 3}, second),
    ]
    for _ in range(3):
        for each in pieces:
            next(each)
    assert (first.size, second.size) == (30, 3)
