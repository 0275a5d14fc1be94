"""Placeholders (``{{ 申请.本年新收.总计 }}``) in a text, and the skeleton of a report.

A text and the data of a report come in; the text with its values filled in goes out, each
of its characters knowing where it was typed, with a finding for everything wrong in it.
"""

from __future__ import annotations

from reportgen.placeholders.engine import (
    Fill,
    PartKind,
    SkeletonPart,
    render_skeleton,
    render_template,
    render_text,
)
from reportgen.placeholders.rendered import RenderedText, format_date, report_context

__all__ = [
    "Fill",
    "PartKind",
    "RenderedText",
    "SkeletonPart",
    "format_date",
    "render_skeleton",
    "render_template",
    "render_text",
    "report_context",
]
