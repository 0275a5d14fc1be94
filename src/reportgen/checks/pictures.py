"""What is wrong with the pictures of a report: captions, repetition, legibility in print."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.diagnostics import Diagnostic, Finding
from reportgen.forms import Form
from reportgen.model import Picture, Report, Screenshot
from reportgen.pictures import is_wide, natural_size, plan_cut, printed_text
from reportgen.styles import StyleSheet, to_mm


def check_captions(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each picture without a caption: blind readers get nothing of it."""
    for picture in report.narrative.pictures():
        if not picture.caption.strip():
            is_word = picture.span is not None and bool(picture.span.source.parts)
            wording = "word" if is_word else ""
            values = {"图片": picture.target}
            yield form.rulebook.word(
                Finding("caption-missing", picture.span, values, wording=wording)
            )


def check_repeated_pictures(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each picture that was shown before, under whatever name."""
    first: dict[str, Picture] = {}
    for picture in report.narrative.pictures():
        screenshot = report.screenshots.get(picture.target)
        if screenshot is None or not screenshot.digest:
            continue
        before = first.setdefault(screenshot.digest, picture)
        if before is not picture:
            line = before.span.in_words if before.span else "前面"
            values = {"图片": picture.target, "前图": before.target, "行": line}
            yield form.rulebook.word(Finding("picture-repeated", picture.span, values))


def check_print(report: Report, form: Form) -> Iterator[Diagnostic]:
    """Yield a finding for each picture whose text is illegible in print, or that is cut.

    Only very long and very wide pictures are looked at, because their pixels must be examined.
    """
    for picture in report.narrative.pictures():
        screenshot = report.screenshots.get(picture.target)
        if screenshot:
            yield from form.rulebook.word_all(_judge(picture, screenshot, form.sheet))


def _judge(picture: Picture, screenshot: Screenshot, sheet: StyleSheet) -> Iterator[Finding]:
    file, look = screenshot.picture, sheet.figure
    pixels = (screenshot.width, screenshot.height)
    size: dict[str, object] = {"图片": picture.target, "宽": pixels[0], "高": pixels[1]}
    cut = plan_cut(file, picture.width, sheet)
    if cut is None:
        if not is_wide(file, look):
            return
        width, _ = natural_size(pixels, picture.width, sheet.page.text_width, look.max_height)
    elif cut.pages > look.most_pages:
        values = size | {"面数": cut.pages, "最多": look.most_pages}
        yield Finding("picture-too-long", picture.span, values)
        return
    else:
        width = cut.width
        if cut.count > 1:
            values = size | {"部分": cut.count, "面数": cut.pages}
            wording = "beside" if cut.pages == 1 else "pages"
            yield Finding("picture-cut", picture.span, values, wording=wording)
    text = printed_text(file, width)
    if text is not None and text < look.legible_text:
        wording = "wide" if cut is None else "long"
        values = size | {"字高": f"{to_mm(text):.1f}"}
        yield Finding("picture-illegible", picture.span, values, wording=wording)
