"""Pictures: what the reader of the file cannot see by itself."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.diagnostics import Diagnostic, Finding
from reportgen.forms import Form
from reportgen.model import Picture, Report


def check_captions(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each picture without a caption: blind readers get nothing of it."""
    for picture in report.narrative.pictures():
        if not picture.caption.strip():
            finding = Finding("caption-missing", picture.span, {"图片": picture.target})
            yield form.rulebook.word(finding)


def check_repeated_pictures(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each picture that was shown before, under whatever name."""
    first: dict[str, Picture] = {}
    for picture in report.narrative.pictures():
        screenshot = report.screenshots.get(picture.target)
        if screenshot is None or not screenshot.digest:
            continue
        before = first.setdefault(screenshot.digest, picture)
        if before is not picture:
            line = f"第 {before.span.line} 行" if before.span else "前面"
            values = {"图片": picture.target, "前图": before.target, "行": line}
            yield form.rulebook.word(Finding("picture-repeated", picture.span, values))
