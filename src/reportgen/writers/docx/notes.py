"""The marks of a draft in the body: shading, numbers, and the ranges of Word's comments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportgen.document.nodes import gravest
from reportgen.findings_text import ShownFinding
from reportgen.styles import FindingLook

NUMBER_STYLE, REFERENCE_STYLE = "FindingNumber", "CommentReference"


class Notes:
    """What the findings of a document add to its text (ECMA-376 17.13.4).

    Each finding gets one comment, at the first place it points at; ``commented`` are
    those that have one, a comment's ``w:id`` being its index there.
    """

    def __init__(self, findings: Sequence[ShownFinding], look: FindingLook) -> None:
        self.commented: list[ShownFinding] = []
        self._by_number = {finding.number: finding for finding in findings}
        self._look = look
        self._open: dict[int, int] = {}

    def shade(self, numbers: Sequence[int]) -> str:
        """Return the colour behind what the findings *numbers* point at, empty if none does."""
        finding = gravest(self._by_number.values(), numbers) if numbers else None
        return self._look.shades[finding.severity] if finding else ""

    def start(self, numbers: Iterable[int]) -> str:
        """Return what stands before a text that the findings *numbers* point at."""
        pieces = []
        for number in numbers:
            finding = self._by_number[number]
            if finding not in self.commented:
                self._open[number] = len(self.commented)
                pieces.append(f'<w:commentRangeStart w:id="{len(self.commented)}"/>')
                self.commented.append(finding)
        return "".join(pieces)

    def end(self, numbers: Sequence[int]) -> str:
        """Return what stands behind it: the ends of the comments, and the numbers."""
        if not numbers:
            return ""
        ids = [self._open.pop(number) for number in numbers if number in self._open]
        comments = "".join(
            f'<w:commentRangeEnd w:id="{id_}"/><w:r><w:rPr><w:rStyle w:val="{REFERENCE_STYLE}"/>'
            f'</w:rPr><w:commentReference w:id="{id_}"/></w:r>'
            for id_ in ids
        )
        shown = ",".join(map(str, sorted(numbers)))
        style = f'<w:rPr><w:rStyle w:val="{NUMBER_STYLE}"/></w:rPr>'
        return f"{comments}<w:r>{style}<w:t>{shown}</w:t></w:r>"


def shade_xml(colour: str) -> str:
    """Return ``w:shd`` (17.3.5) in *colour*; empty for none."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/>' if colour else ""
