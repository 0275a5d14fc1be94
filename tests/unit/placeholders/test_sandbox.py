"""Tests of the sandbox in which placeholders are evaluated."""

from __future__ import annotations

import time

import pytest

from tests.unit.placeholders.texts import findings, render


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


@pytest.mark.parametrize("name", ["_0_at", "_0_out", "_1_raw", "__at", "__names"])
def test_an_author_cannot_call_what_a_rendering_calls(name: str) -> None:
    (finding,) = findings(f"{{{{ {name}(99999) }}}}{{{{ 1 / 1 }}}}")
    assert finding[0] == "N202"
