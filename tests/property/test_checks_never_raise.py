"""Whatever the text and the numbers: the checks give findings, never an exception."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reportgen.checks import check_report
from reportgen.findings_text import render_full, render_json, render_short
from tests.builders import FORMS
from tests.unit.checks.written import written

_WORDS = [rule.example for form in FORMS.values() for rule in form.rules if rule.example]
_WORDS += [
    "其中",
    "占",
    "同比增长",
    "%",
    "件",
    "，",
    "。",
    "一是",
    "三是",
    "2024年",
    "2月30日",
    "（",
]
_WORDS += ["新收", "政府信息公开申请", "9" * 20, "”", "申请", "行政复议", "110101199003077758"]
TEXT = st.lists(
    st.one_of(st.sampled_from(_WORDS), st.text(max_size=12), st.integers(0, 10**19).map(str)),
    max_size=25,
).map("".join)
BOTH_FORMS = pytest.mark.parametrize("form", ["2019", "2021"])


@BOTH_FORMS
@settings(max_examples=60)
@given(text=TEXT, opening=TEXT, organ=st.text(max_size=9), title=TEXT, number=st.integers(0, 10**9))
def test_any_text_gives_findings(
    form: str, text: str, opening: str, organ: str, title: str, number: int
) -> None:
    cells = {"申请/本年新收/自然人": number, "申请/予以公开/自然人": number}
    before = written(opening, cells, form=form, year=2019 if form == "2019" else 2023)
    report = written(text, cells, form=form, organ=organ, title=title, previous=before)
    report = replace(report, contact={"部门": organ, "电话": title})
    found = check_report(report, FORMS[form])
    for shown in (render_full(found), render_short(found), render_json(found)):
        assert not re.search(r"(?<!\d)\d{17}[\dX](?![\dX])", re.sub("expected.*|应为.*", "", shown))


LONG = ["其中" * 20_000, "（" * 40_000, "一是" * 20_000, "1" * 60_000, "公开 " * 30_000]
LONG += ["甲乙丙丁戊己庚辛" * 8_000, "收到" * 30_000, "12件，其中3件、" * 5_000, "其中3件" * 9_000]


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:6])
def test_long_monotonous_text_takes_seconds_at_most(text: str) -> None:
    report = written(text)
    start = time.process_time()
    check_report(report, FORMS["2021"])
    assert time.process_time() - start < 10
