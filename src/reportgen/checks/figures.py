"""Pictures: what the reader of the file cannot see by itself."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.checks.findings import make_finding
from reportgen.diagnostics import Diagnostic, Severity
from reportgen.forms import Form
from reportgen.model import Picture, Report


def check_captions(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each picture without a caption: blind readers get nothing of it."""
    for picture in report.narrative.pictures():
        if not picture.caption.strip():
            yield Diagnostic(
                "F301",
                "caption-missing",
                Severity.WARNING,
                f"图片“{picture.target}”没有说明",
                picture.span,
                hint="在方括号里写一句图中是什么，如 ![政府信息公开专栏](…)",
            )


def check_repeated_pictures(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each picture that was shown before, under whatever name."""
    rule = form.rule("picture-repeated")
    first: dict[str, Picture] = {}
    for picture in report.narrative.pictures() if rule else ():
        screenshot = report.screenshots.get(picture.target)
        if screenshot is None or not screenshot.digest or rule is None:
            continue
        before = first.setdefault(screenshot.digest, picture)
        if before is not picture:
            line = f"第 {before.span.line} 行" if before.span else "前面"
            values = {"图片": picture.target, "前图": before.target, "行": line}
            yield make_finding(rule, report, picture.span, values)
