"""Findings as values: their order, what rejects a report, and which are shown."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reportgen.diagnostics import (
    MOST_ALIKE,
    Diagnostic,
    Severity,
    choose,
    count_severities,
    gather,
    has_errors,
    left_out,
    mask_numbers,
    most_grave,
    sort_diagnostics,
)
from reportgen.findings_text import render_full
from reportgen.source import SourceFile, Span

TEXT = SourceFile("正文.md", "甲乙丙丁戊")


def found(code: str, severity: Severity = Severity.WARNING, at: int | None = None) -> Diagnostic:
    span = None if at is None else Span(TEXT, at, at + 1)
    return Diagnostic(code, f"slug-{code.lower()}", severity, "有误", span)


def test_findings_are_sorted_by_their_place_and_each_is_told_once() -> None:
    items = [found("N402", at=3), found("N401", at=3), found("N403", at=0), found("N402", at=3)]
    assert [item.code for item in sort_diagnostics(items)] == ["N403", "N401", "N402"]


@pytest.mark.parametrize(
    ("severity", "strict", "rejected"),
    [
        (Severity.ERROR, False, True),
        (Severity.WARNING, False, False),
        (Severity.WARNING, True, True),
        (Severity.HINT, True, False),
    ],
)
def test_what_rejects_a_report(severity: Severity, strict: bool, rejected: bool) -> None:
    assert has_errors([found("N401", severity)], strict=strict) is rejected


def test_the_gravest_findings_are_shown_in_the_order_of_their_places() -> None:
    hint, warning, error = (
        found("N401", Severity.HINT),
        found("N402", Severity.WARNING),
        found("N403", Severity.ERROR),
    )
    assert most_grave([hint, warning, error], limit=2) == [warning, error]
    assert most_grave([hint], limit=2) == [hint]
    assert left_out(0) == ""
    assert "3 条" in left_out(3)


def test_every_severity_is_counted() -> None:
    counts = count_severities([found("N401"), found("N402"), found("N403", Severity.ERROR)])
    assert counts == {Severity.ERROR: 1, Severity.WARNING: 2, Severity.HINT: 0}


def test_findings_are_chosen_by_code_or_slug() -> None:
    first, second = found("N401"), found("N402")
    assert choose([first, second], only={"slug-n402"}) == [second]
    assert choose([first, second], skip={"N402"}) == [first]
    assert choose([first, second]) == [first, second]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证11010519491231002X的人", "身份证110*************2X的人"),
        ("电话13812345678。", "电话138******78。"),
        ("电话138 1234 5678。", "电话138 **** **78。"),
        ("收到政府信息公开申请12345件", "收到政府信息公开申请12345件"),
        ("政府采购3892431.06元", "政府采购3892431.06元"),
    ],
)
def test_personal_numbers_lose_their_middle_digits(text: str, masked: str) -> None:
    assert mask_numbers(text) == masked
    assert len(masked) == len(text)


def repeated(count: int, slug: str = "caption-missing") -> list[Diagnostic]:
    source = SourceFile("正文.md", "图\n" * count)
    return [
        Diagnostic("F301", slug, Severity.WARNING, "没有说明", source.span(2 * n, 2 * n + 1))
        for n in range(count)
    ]


def test_many_findings_of_one_cause_are_one_with_a_label_at_each_further_place() -> None:
    found = repeated(300)
    other = Diagnostic("T101", "missing-row", Severity.ERROR, "缺一行")
    first, last = gather([*found, other], ["caption-missing"])
    assert first.message == "没有说明（共 300 处）"
    assert (first.span, last) == (found[0].span, other)
    assert [label.span for label in first.labels] == [item.span for item in found[1:]]
    assert "另有 270 处没有列出" in render_full([first])


def test_few_findings_of_one_cause_and_those_of_other_rules_stay() -> None:
    few = repeated(MOST_ALIKE)
    assert gather(few, ["caption-missing"]) == few
    many = repeated(300, "stray-space")
    assert gather(many, ["caption-missing"]) == many


def test_findings_that_say_something_else_have_another_cause() -> None:
    found = repeated(6)
    others = [replace(item, message=f"没有{n}") for n, item in enumerate(repeated(6))]
    assert len(gather([*found, *others], ["caption-missing"])) == 1 + len(others)
