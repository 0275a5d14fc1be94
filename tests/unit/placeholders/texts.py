"""Texts rendered with a few names, in one line of a test."""

from __future__ import annotations

from decimal import Decimal

from reportgen.diagnostics import Diagnostic
from reportgen.placeholders.engine import render_text
from reportgen.placeholders.rendered import RenderedText
from reportgen.source import SourceFile
from tests.builders import worded

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
    """Return *text* rendered, and what was found in it."""
    rendered, found = render_text(SourceFile("正文.md", text), CONTEXT)
    return rendered, worded(found)


def output(text: str) -> str:
    """Return what *text*, in which nothing is wrong, is rendered as."""
    rendered, found = render(text)
    assert found == []
    return rendered.text


def findings(text: str) -> list[tuple[str, int, int, str]]:
    """Return code, line, column and message of what is wrong in *text*."""
    return [
        (item.code, item.span.line, item.span.column, item.message)
        for item in render(text)[1]
        if item.span
    ]
