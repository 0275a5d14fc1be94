"""The findings of a draft in Word: shading, numbers, and comments (ECMA-376 17.13.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone

from docx.document import Document as WordDocument

from reportgen.document.nodes import gravest
from reportgen.findings_text import ShownFinding
from reportgen.styles import FindingLook
from reportgen.writers.docx.elements import Element, add, add_run, set_attributes

AUTHOR, INITIALS = "reportgen", "核"
NUMBER_STYLE, REFERENCE_STYLE = "FindingNumber", "CommentReference"
_TEXT, _REFERENCE, _NUMBER = "annotation text", "annotation reference", "核对意见序号"
"""The names of the styles in the template."""


class Comments:
    """What the findings of a draft add to the text of *document*.

    Each finding gets one comment, at the first place it points at, dated *date* (ISO).
    Without findings nothing is added, and the styles for them are deleted.
    """

    def __init__(
        self, document: WordDocument, findings: Sequence[ShownFinding], look: FindingLook, date: str
    ) -> None:
        self._document = document
        self._findings = {finding.number: finding for finding in findings}
        self._look = look
        self._date = datetime.fromisoformat(date).replace(tzinfo=timezone.utc)
        self._ids: dict[int, int] = {}
        self._open: set[int] = set()
        if findings:
            set_attributes(document.styles[_NUMBER].element.rPr.color, val=look.number)
        else:
            for name in (_TEXT, _REFERENCE, _NUMBER):
                document.styles[name].delete()

    def shade(self, numbers: Sequence[int]) -> str:
        """Return the colour behind what the findings *numbers* point at, empty if none does."""
        finding = gravest(self._findings.values(), numbers) if numbers else None
        return self._look.shades[finding.severity] if finding else ""

    def start(self, paragraph: Element, numbers: Iterable[int]) -> None:
        """Append what stands before a text that the findings *numbers* point at."""
        for number in numbers:
            if number not in self._ids:
                self._ids[number] = self._add_comment(self._findings[number])
                self._open.add(number)
                add(paragraph, "commentRangeStart", id=self._ids[number])

    def end(self, paragraph: Element, numbers: Sequence[int]) -> None:
        """Append what stands behind it: the ends of the comments, and the numbers."""
        for number in numbers:
            if number in self._open:
                self._open.remove(number)
                add(paragraph, "commentRangeEnd", id=self._ids[number])
                reference = _add_styled_run(paragraph, REFERENCE_STYLE)
                add(reference, "commentReference", id=self._ids[number])
        if numbers:
            shown = _add_styled_run(paragraph, NUMBER_STYLE)
            add(shown, "t").text = ",".join(map(str, sorted(numbers)))

    def _add_comment(self, finding: ShownFinding) -> int:
        """Return the ``w:id`` of a new comment that says what *finding* says."""
        comment = self._document.comments.add_comment(author=AUTHOR, initials=INITIALS)
        comment._comment_elm.date = self._date  # python-docx has put the present time there
        first, *others = _lines(finding)
        add_run(comment.paragraphs[0]._p, first)
        for line in others:
            add_run(comment.add_paragraph()._p, line)
        return comment.comment_id


def _add_styled_run(paragraph: Element, style: str) -> Element:
    run = add(paragraph, "r")
    add(add(run, "rPr"), "rStyle", val=style)
    return run


def _lines(finding: ShownFinding) -> Iterator[str]:
    yield f"【{finding.number}】{finding.label} {finding.code}：{finding.message}"
    if finding.sides:
        yield finding.sides
    if finding.hint:
        yield f"处理：{finding.hint}"
