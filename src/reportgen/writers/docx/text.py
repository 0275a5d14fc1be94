"""The content of paragraphs: runs, forced line breaks, links, bookmarks.

In a draft also the finding marks: shades, numbers and comments (ECMA-376 17.13.4).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import datetime, timezone
from itertools import count, pairwise, zip_longest

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.directions import base_direction
from reportgen.document.nodes import Heading, Table, gravest
from reportgen.findings_text import ShownFinding
from reportgen.layout.items import Hints, Node
from reportgen.styles import Align, FindingLook, StyleSheet, twips
from reportgen.text import LINE_FEED, Run, percent_encoded, plain_text
from reportgen.writers.docx.elements import Element, add, add_run, set_attributes
from reportgen.writers.docx.geometry import Geometry, WordName, letter_spacing
from reportgen.writers.docx.numbering import AutoNumbers
from reportgen.writing_systems import Writing, needs_shaping, writings

_AFTER_GRID = ("w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")
"""The elements of a ``w:pPr`` that follow ``w:snapToGrid`` (17.3.1.26), of those written here."""
LINK_STYLE, FOOTNOTE_STYLE = "Hyperlink", "FootnoteReference"
GRACE = 1.5
"""The points subtracted from the space after a picture or table, so that the last line of the page
fits in spite of rounding above it."""


class Spacing(Struct, frozen=True):
    """The character spacing and language of a stretch of a paragraph."""

    start: int
    """The offset of the first character."""
    end: int
    """The offset behind the last character."""
    value: int
    """The spacing in twips."""
    chinese: bool
    """Whether its letters and digits are said to be Chinese."""


def add_runs(
    paragraph: Element,
    style: str,
    runs: tuple[Run, ...],
    context: WordContext,
    node: Node,
    counted: int = 0,
) -> None:
    """Append *runs*, the text of *node* in the style *style*, to *paragraph*.

    Lines that a word processor would break elsewhere get a character spacing, and text that
    findings point at is marked.  The first *counted* characters are a number that the word
    processor writes.
    """
    comments = context.comments
    whole = plain_text(runs)
    _set_direction(paragraph.pPr, whole)
    before: tuple[int, ...] = ()
    spacings = _spacings(style, context, node)
    _space_number(paragraph.pPr, spacings, counted)
    parts = _divide(_behind(runs, counted), [_moved(spacing, counted) for spacing in spacings])
    end = counted
    for (run, spacing), following in zip_longest(parts, parts[1:]):
        start, end = end, end + len(run.text)
        after = following[0].notes if following else ()
        comments.start(paragraph, [number for number in run.notes if number not in before])
        _add_run_or_link(paragraph, style, run, context, spacing, writings(whole, start, end))
        comments.end(paragraph, [number for number in run.notes if number not in after])
        before = run.notes


def broken(runs: tuple[Run, ...], places: Sequence[int]) -> tuple[Run, ...]:
    """Return *runs* with line breaks before the characters at *places*."""
    if not places:
        return runs
    found: list[Run] = []
    end = 0
    for run in runs:
        start, end = end, end + len(run.text)
        cuts = [start, *(place for place in places if start < place < end), end]
        pieces = [run.text[low - start : high - start] for low, high in pairwise(cuts)]
        before = LINE_FEED if start in places else ""
        found.append(replace(run, text=before + LINE_FEED.join(pieces)))
    return tuple(found)


def _behind(runs: tuple[Run, ...], place: int) -> tuple[Run, ...]:
    """Return *runs* without their first characters up to *place*."""
    if not place:
        return runs
    found: list[Run] = []
    offset = 0
    for run in runs:
        if left := run.text[max(0, place - offset) :]:
            found.append(replace(run, text=left))
        offset += len(run.text)
    return tuple(found)


def _moved(spacing: Spacing, less: int) -> Spacing:
    """Return *spacing* for a text that has so many characters *less* before it."""
    return replace(spacing, start=max(0, spacing.start - less), end=max(0, spacing.end - less))


def _space_number(properties: Element, spacings: Sequence[Spacing], counted: int) -> None:
    """Space the number of a paragraph like the line that it begins: by the paragraph mark."""
    if counted and spacings and spacings[0].start < counted:
        add(add(properties, "rPr"), "spacing", val=spacings[0].value)


def _set_direction(properties: Element, text: str) -> None:
    """Add what a paragraph of *text* needs to the ``w:pPr`` *properties*.

    One from right to left has ``w:bidi`` (17.3.1.6).  One with letters that are stacked is off the
    grid, because LibreOffice gives its lines, though of an exact height, two lines of the grid.
    """
    if base_direction(text):
        properties.insert_element_before(OxmlElement("w:bidi"), "w:snapToGrid", *_AFTER_GRID)
    if needs_shaping(text) and properties.find(qn("w:snapToGrid")) is None:
        off = OxmlElement("w:snapToGrid", {qn("w:val"): "0"})
        properties.insert_element_before(off, *_AFTER_GRID)


def _spacings(style: str, context: WordContext, node: Node) -> list[Spacing]:
    """Return the stretches of the text of *node* whose character spacing differs from *style*."""
    fits = context.hints.fits.get(node, ())
    usual = letter_spacing(context.sheet[style]) if fits else 0
    return [Spacing(fit.start, fit.end, usual + twips(fit.spacing), fit.chinese) for fit in fits]


def _divide(runs: tuple[Run, ...], spacings: Sequence[Spacing]) -> list[tuple[Run, Spacing | None]]:
    """Return *runs* split where a spacing begins or ends, with the spacing of each part.

    The spacing is None for a part with that of the style.
    """
    if not spacings:
        return [(run, None) for run in runs]
    parts: list[tuple[Run, Spacing | None]] = []
    offset = 0
    coming = deque(sorted(spacings, key=lambda spacing: spacing.start))
    for run in runs:
        place, end = offset, offset + len(run.text)
        while place < end:
            while coming and coming[0].end <= place:
                coming.popleft()
            begun = bool(coming) and coming[0].start <= place
            bound = (coming[0].end if begun else coming[0].start) if coming else end
            text = run.text[place - offset : bound - offset]
            parts.append((replace(run, text=text), coming[0] if begun else None))
            place = min(bound, end)
        offset = end
    return parts


def _add_run_or_link(
    paragraph: Element,
    look: str,
    run: Run,
    context: WordContext,
    spacing: Spacing | None,
    parts: Sequence[Writing],
) -> None:
    """Append *run*, divided in *parts*, within a ``w:hyperlink`` (17.16.22) if it is a link.

    *look* is the style of the paragraph.
    """
    parent, style = paragraph, ""
    if run.footnote:
        add(_add_styled_run(paragraph, FOOTNOTE_STYLE), "footnoteReference", id=run.footnote)
        return
    if run.link:
        parent, style = add(paragraph, "hyperlink"), LINK_STYLE
        if run.link.startswith("#"):
            parent.anchor = bookmark_name(run.link[1:])
        else:
            address = percent_encoded(run.link)
            parent.rId = context.part.relate_to(
                address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
    add_run(
        parent,
        run.text,
        style=style,
        bold=run.bold,
        italic=run.italic,
        spacing=spacing.value if spacing else None,
        chinese=bool(spacing and spacing.chinese),
        shade=context.comments.shade(run.notes),
        parts=parts,
        fonts=context.fonts,
        faces=context.faces_of(look),
    )


def add_heading(
    paragraph: Element, heading: Heading, context: WordContext, counted: int = 0
) -> None:
    """Append the text of *heading* within a bookmark (17.13.6.2), the target of links to it.

    Its first *counted* characters are a number that the word processor writes.
    """
    number = next(context.bookmarks)
    add(paragraph, "bookmarkStart", id=number, name=bookmark_name(heading.anchor))
    add_runs(paragraph, heading.style, heading.runs, context, heading, counted)
    add(paragraph, "bookmarkEnd", id=number)


def bookmark_name(anchor: str) -> str:
    """Return *anchor* as the name of a hidden bookmark: at most 40 letters, digits and ``_``."""
    return "_" + re.sub(r"\W", "_", anchor)[:39]


def gap_above(node: Node | Table, context: WordContext) -> int:
    """Return the twips above *node* in the layout less GRACE; below 0 at the head of a page."""
    return twips(context.hints.gaps.get(node, 0.0) - GRACE)


def add_gap(properties: Element, node: Node, context: WordContext) -> None:
    """Append the space around *node* in the layout to a ``w:pPr``."""
    above = gap_above(node, context)
    below = context.hints.gaps_below.get(node)
    sides = {"before": above} if above > 0 else {}
    if below is not None:
        sides["after"] = twips(below)
    if sides:
        add(properties, "spacing", **sides)


def add_narrowing(properties: Element, style: str, node: Node, context: WordContext) -> None:
    """Append the indents with which the lines of *node* break as in the layout to a ``w:pPr``."""
    less = twips(context.hints.narrowings.get(node, 0.0))
    if not less:
        return
    if context.sheet[style].align == Align.CENTER:
        add(properties, "ind", left=less // 2, right=less // 2)
    else:
        add(properties, "ind", right=less)


class WordContext(Struct, frozen=True):
    """The state of writing one document."""

    part: Part
    """The part that has the relationships to links and pictures."""
    sheet: StyleSheet
    geometry: Geometry
    """The lengths of ``sheet`` in Word's units."""
    names: Mapping[str, WordName]
    """The Word style for each style of ``sheet``."""
    hints: Hints
    comments: Comments
    """The finding marks of a draft; a filing copy has none."""
    fonts: Mapping[str, str]
    """The font of each role, and of each script of the autonomous regions."""
    numbers: AutoNumbers | None = None
    """What the word processor numbers; None if all numbers are typed."""
    pictures: dict[str, str] = field(default_factory=dict)
    """The id of the relationship to each picture, by its digest."""
    drawings: count[int] = field(default_factory=lambda: count(1))
    """The unique numbers for ``wp:docPr``."""
    bookmarks: count[int] = field(default_factory=lambda: count(1))
    """The unique numbers for ``w:bookmarkStart``."""

    def turned(self) -> WordContext:
        """Return the context for landscape pages; the counters and pictures are shared."""
        sheet = self.sheet.turned()
        return replace(self, sheet=sheet, geometry=Geometry(sheet))

    def style_id(self, name: str) -> str:
        """Return the ``w:styleId`` of the style *name*; raises KeyError if there is none."""
        return self.names[name].id

    def faces_of(self, name: str) -> Mapping[str, str]:
        """Return the fonts of the style *name*: for ``chinese`` and for ``western``."""
        style = self.sheet[name]
        return {"chinese": self.fonts[style.face], "western": self.fonts[style.latin]}


AUTHOR, INITIALS = "reportgen", "核"
NUMBER_STYLE, REFERENCE_STYLE = "FindingNumber", "CommentReference"
_TEXT, _REFERENCE, _NUMBER = "annotation text", "annotation reference", "核对意见序号"
"""The names of the styles for comments and finding numbers in the template."""


class Comments:
    """Adds the finding marks of a draft to *document*.

    Each finding gets one comment, at the first place that it points at, dated *date*
    (YYYY-MM-DD).  Without findings nothing is added, and the styles for them are deleted.
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

    def without_comments(self) -> Comments:
        """Return what adds numbers and shades alone: there are no comments in a footnote."""
        made = copy(self)
        made._ids = dict.fromkeys(self._findings, -1)
        return made

    def shade(self, numbers: Sequence[int]) -> str:
        """Return the background colour for the findings *numbers*; empty if there are none."""
        finding = gravest(self._findings.values(), numbers) if numbers else None
        return self._look.shades[finding.severity] if finding else ""

    def start(self, paragraph: Element, numbers: Iterable[int]) -> None:
        """Append the starts of comments before a text that the findings *numbers* point at."""
        for number in numbers:
            if number not in self._ids:
                self._ids[number] = self._add_comment(self._findings[number])
                self._open.add(number)
                add(paragraph, "commentRangeStart", id=self._ids[number])

    def end(self, paragraph: Element, numbers: Sequence[int]) -> None:
        """Append the ends of comments, and the *numbers*, after the text."""
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
        """Add a comment with the text of *finding* and return its ``w:id``."""
        comment = self._document.comments.add_comment(author=AUTHOR, initials=INITIALS)
        comment._comment_elm.date = self._date  # python-docx sets the current time
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
