"""The findings page (核对意见) that closes a draft: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from reportgen.diagnostics import Diagnostic, mask_numbers
from reportgen.document.nodes import Block, Cell, Heading, Paragraph, Table
from reportgen.findings_text import ShownFinding, show_finding
from reportgen.styles import Align, CellRole, Style, StyleSheet
from reportgen.text import Run

PAGE_TITLE = "核对意见"
COLUMNS = ("序号", "级别", "位置", "问题", "处理")
TEXT_STYLE, HEAD_STYLE = "finding_text", "finding_head"
UNDRAWN = "〓"
"""What stands for a character no font has, as Chinese compositors set it."""
_WIDTHS = (0.08, 0.10, 0.21, 0.34, 0.27)
_SIZE, _LINE_PITCH = 10.5, 14.0
_NOTE = (
    "以下各条按文件和位置排列。正文和表格中有底色之处，旁边的红色小字即本表的序号。"
    "改正后重新生成，标记和本页自动消失。"
)


def describe(
    found: Sequence[Diagnostic], folder: Path, undrawn: Collection[str] = ()
) -> tuple[ShownFinding, ...]:
    """Return *found* in words, numbered from 1.

    Places are relative to the report *folder*, so that a draft does not depend on where
    it lies.  Personal numbers are masked; control characters are blanked, and the
    characters *undrawn* replaced.
    """

    def clean(text: str) -> str:
        shown = (UNDRAWN if char in undrawn else char for char in mask_numbers(text))
        return "".join(char if char.isprintable() else " " for char in shown)

    return tuple(show_finding(item, folder, number, clean) for number, item in enumerate(found, 1))


def findings_page(findings: Sequence[ShownFinding]) -> tuple[Block, ...]:
    """Return the page's blocks: a heading on a new page, a note, and a row per finding."""
    head = tuple(
        _cell(0, column, title, CellRole.HEADER, HEAD_STYLE) for column, title in enumerate(COLUMNS)
    )
    rows = (tuple(_cells(row, finding)) for row, finding in enumerate(findings, 1))
    return (
        Heading(1, "heading1", (Run(PAGE_TITLE),), "findings", on_new_page=True),
        Paragraph(TEXT_STYLE, (Run(_NOTE),)),
        Table(PAGE_TITLE, _WIDTHS, 1, (head, *rows)),
    )


def _cells(row: int, finding: ShownFinding) -> Iterator[Cell]:
    """Yield the cells of one finding; the severity's is coloured like the finding marks."""
    yield _cell(row, 0, str(finding.number), CellRole.STUB, HEAD_STYLE)
    yield _cell(
        row, 1, f"{finding.label}\n{finding.code}", CellRole(finding.severity.value), HEAD_STYLE
    )
    yield _cell(row, 2, finding.place, CellRole.VALUE, TEXT_STYLE)
    yield _cell(row, 3, "\n".join(filter(None, (finding.message, finding.sides))), CellRole.VALUE)
    yield _cell(row, 4, finding.hint, CellRole.VALUE)


def _cell(row: int, column: int, text: str, role: CellRole, style: str = TEXT_STYLE) -> Cell:
    pieces = text.split("\n")
    runs = [Run(piece) for piece in pieces if piece]
    for place in range(len(runs) - 1, 0, -1):
        runs.insert(place, Run("\n"))
    return Cell(row, column, 1, 1, role, style, tuple(runs))


def draft_sheet(sheet: StyleSheet) -> StyleSheet:
    """Return *sheet* with the styles and shades of the findings page.

    They come from the form's own table text, and are in drafts alone.
    """
    text = replace(
        sheet["cell_text"],
        name=TEXT_STYLE,
        label="核对意见文字",
        size=_SIZE,
        pitch=_SIZE,
        line_pitch=_LINE_PITCH,
        align=Align.LEFT,
    )
    head: Style = replace(text, name=HEAD_STYLE, label="核对意见表头", align=Align.CENTER)
    shades = {**sheet.table.shades, **sheet.finding.shades}
    return replace(
        sheet,
        styles={**sheet.styles, TEXT_STYLE: replace(text, space_after=6.0), HEAD_STYLE: head},
        table=replace(sheet.table, shades=shades),
    )
