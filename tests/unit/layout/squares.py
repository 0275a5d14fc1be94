"""Documents built by hand, and a font in which every character is one em wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from reportgen.diagnostics import Severity
from reportgen.document.nodes import (
    Block,
    Cell,
    Document,
    Figure,
    FigureGroup,
    Heading,
    Metadata,
    Paragraph,
    Signature,
    Table,
)
from reportgen.findings_text import ShownFinding
from reportgen.fonts.faces import Face, FontSet
from reportgen.forms.numbers import is_number_with_unit
from reportgen.layout.items import Page, Pagination, RuleLine, TextRun
from reportgen.pictures import PictureKind
from reportgen.styles import LATIN_ROLE, CellRole, Style, StyleSheet
from reportgen.text import Run
from tests.builders import FORMS, NO_PICTURE, paginate

SHEET: StyleSheet = FORMS["2021"].sheet
PAGE = SHEET.page
PITCH = PAGE.line_pitch


class SquareFace(Face):
    """A face that has every character, one em wide."""

    def covers(self, char: str) -> bool:
        return True

    def advance(self, char: str) -> float:
        return 1.0


class SquareFonts(FontSet):
    """The square face in every role."""

    def face_for(self, role: str, char: str, latin: str = LATIN_ROLE) -> Face | None:
        return SQUARE


SQUARE = SquareFace("square", "宋体", "Square", Path("square.ttf"), centre=0.38)
FONTS = SquareFonts({"宋体": [SQUARE]}, {}, {})


def make_document(*blocks: Block, watermark: str = "", stamp: str = "") -> Document:
    metadata = Metadata("题", "机关", "", (), "2025-01-20")
    return Document(metadata, SHEET, blocks, watermark, stamp)


def lay_out(*blocks: Block, watermark: str = "", stamp: str = "") -> Pagination:
    return paginate(make_document(*blocks, watermark=watermark, stamp=stamp), FONTS)


def paragraph(text: str, style: str = "body") -> Paragraph:
    return Paragraph(style, (Run(text),))


def lines_of_text(count: int) -> Paragraph:
    """Return a paragraph of *count* lines: 26 characters, then 28 to a line."""
    return paragraph("字" * (26 + 28 * (count - 1)))


def heading(text: str, level: int = 1) -> Heading:
    style = f"heading{level}" if level else "title"
    return Heading(level, style, (Run(text),), f"h-{text}")


def signature(organ: str, date: str) -> Signature:
    return Signature(paragraph(organ, "signature"), paragraph(date, "signature"))


def cell(row: int, column: int, text: str, role: str = "value", **spans: int) -> Cell:
    style = {"value": "cell_value", "header": "cell_header"}.get(role, "cell_stub")
    return Cell(
        row,
        column,
        spans.get("row_span", 1),
        spans.get("column_span", 1),
        CellRole(role),
        style,
        (Run(text),) if text else (),
        name=f"{row}/{column}",
        is_number=role == "value" and is_number_with_unit(text),
    )


def table(rows: Sequence[Sequence[Cell]], columns: int, header_rows: int = 0) -> Table:
    shares = tuple(1 / columns for _ in range(columns))
    return Table("表", shares, header_rows, tuple(tuple(row) for row in rows))


def plain_table(rows: int, header_rows: int = 1) -> Table:
    """Return a table of two columns: *header_rows* rows of header, then *rows* of data."""
    header = [[cell(r, c, f"头{r}{c}", "header") for c in range(2)] for r in range(header_rows)]
    data = [
        [cell(r, c, f"值{r:02}{c}") for c in range(2)]
        for r in range(header_rows, header_rows + rows)
    ]
    return table([*header, *data], 2, header_rows)


def figure(columns: int, lines: int, caption: str = "", width: float | None = None) -> Figure:
    text = paragraph(caption, "caption") if caption else None
    return Figure(
        NO_PICTURE, PictureKind.PNG, (columns, lines), f"{columns}x{lines}", "图", text, width
    )


def group(*figures: Figure) -> FigureGroup:
    return FigureGroup(figures)


def runs_on(page: Page) -> list[TextRun]:
    return [item for item in page.items if isinstance(item, TextRun)]


def content_on(page: Page) -> list[TextRun]:
    return [run for run in runs_on(page) if run.node is not None]


def all_content(result: Pagination) -> Iterator[TextRun]:
    for page in result.pages:
        yield from content_on(page)


def body_line(page: Page, run: TextRun, style: Style | None = None) -> float:
    """Return the line of the page's grid (0-based, maybe broken) on which *run* stands."""
    used = style or SHEET["body"]
    top = run.y - 0.88 * used.size - (used.line_pitch - used.size) / 2
    return (top - PAGE.top) / PITCH


def lines_on(page: Page) -> list[float]:
    """Return the base lines of the content of *page*, each once, downwards."""
    return sorted({round(run.y, 2) for run in content_on(page)})


def rules_on(page: Page) -> list[RuleLine]:
    """Return the rules of *page*."""
    return [item for item in page.items if isinstance(item, RuleLine)]


def headers_on(page: Page) -> list[str]:
    """Return the texts of the repeated heads of *page*."""
    return [run.text for run in runs_on(page) if run.artifact == "header"]


def spanned_table(label: str, span: int, rows: int) -> Table:
    """Return a header row, one row, *span* rows with one label beside them, then the rest."""
    cells = [[cell(0, 0, "项目", "header"), cell(0, 1, "数量", "header")]]
    cells.append([cell(1, 0, "新收", "stub"), cell(1, 1, "9")])
    cells.append([cell(2, 0, label, "stub", row_span=span), cell(2, 1, "甲")])
    cells.extend([cell(row, 1, "乙")] for row in range(3, 2 + span))
    cells.extend([cell(r, 0, "末", "stub"), cell(r, 1, "0")] for r in range(2 + span, rows))
    return table(cells, 2, header_rows=1)


def wide_table(rows: int, header_rows: int = 1) -> Table:
    """Return a table that lies across the page."""
    return replace(plain_table(rows, header_rows), landscape=True)


def directions(*pages: Page) -> list[bool]:
    """Return for each of *pages* whether it is landscape."""
    return [page.landscape for page in pages]


FINDINGS = (
    ShownFinding(Severity.ERROR, "错误", "T301", "不符", "report.yaml:1:1", number=1),
    ShownFinding(Severity.WARNING, "警告", "N303", "缺少", "正文.md:1:1", number=2),
)


def draft(*blocks: Block) -> Document:
    """Return a draft of *blocks* with two findings."""
    return replace(make_document(*blocks, stamp="未定稿"), findings=FINDINGS)


def lay(*blocks: Block) -> Pagination:
    """Return the pages of a draft of *blocks*."""
    return paginate(draft(*blocks), FONTS)


def text(*pieces: tuple[str, tuple[int, ...]]) -> Paragraph:
    """Return a paragraph of *pieces*: text, and the numbers of the findings about it."""
    return Paragraph("body", tuple(Run(piece, notes=notes) for piece, notes in pieces))


def flagged(table: Table, row: int, column: int, notes: tuple[int, ...]) -> Table:
    """Return *table* with the findings numbered *notes* about one cell."""
    rows = [list(cells) for cells in table.rows]
    rows[row][column] = replace(rows[row][column], notes=notes)
    return replace(table, rows=tuple(map(tuple, rows)))
