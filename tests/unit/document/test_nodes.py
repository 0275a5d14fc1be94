"""Tests of the document tree: its texts in reading order, landscape pages, findings."""

from __future__ import annotations

from reportgen.diagnostics import Severity
from reportgen.document.nodes import (
    Block,
    Cell,
    Document,
    Figure,
    FigureGroup,
    Heading,
    ItemList,
    ListItem,
    Metadata,
    Paragraph,
    Signature,
    Table,
    gravest,
    stand_landscape,
    texts_of,
    walk_text,
)
from reportgen.findings_text import ShownFinding
from reportgen.pictures import PictureKind
from reportgen.styles import CellRole
from reportgen.text import Run, plain_text
from tests.builders import FORMS, NO_PICTURE

SHEET = FORMS["2021"].sheet


def heading(text: str) -> Heading:
    return Heading(1, "heading1", (Run("一、"), Run(text)), "h1")


def paragraph(text: str, style: str = "body") -> Paragraph:
    return Paragraph(style, (Run(text),))


def table(*texts: str, landscape: bool = False) -> Table:
    cells = tuple(
        Cell(0, n, 1, 1, CellRole.VALUE, "cell_value", (Run(text),)) for n, text in enumerate(texts)
    )
    return Table("表", (), 0, (cells,), landscape=landscape)


def figure(caption: str) -> Figure:
    below = paragraph(caption, "caption") if caption else None
    return Figure(NO_PICTURE, PictureKind.PNG, (1, 1), "", "图", below)


def words(block: Block) -> list[str]:
    return [plain_text(runs) for _, runs in texts_of(block)]


def test_the_number_of_a_heading_and_the_marker_of_an_item_are_text() -> None:
    items = ItemList("list", True, (ListItem("1.", paragraph("甲", "list")),))
    assert heading("总体情况").text == "一、总体情况"
    assert words(items) == ["1.甲"]


def test_texts_come_in_reading_order_with_their_styles() -> None:
    group = FigureGroup((figure("图1"), figure(""), figure("图3")))
    signature = Signature(paragraph("某局", "signature"), paragraph("2025年", "signature"))
    blocks = (heading("甲"), paragraph("乙"), table("1", "2"), group, signature)
    document = Document(Metadata("", "", "", (), ""), SHEET, blocks)
    assert [(style, run.text) for style, run in walk_text(document)] == [
        ("heading1", "一、"), ("heading1", "甲"), ("body", "乙"),
        ("cell_value", "1"), ("cell_value", "2"),
        ("caption", "图1"), ("caption", "图3"),
        ("signature", "某局"), ("signature", "2025年"),
    ]  # fmt: skip


def test_headings_turn_with_the_table_directly_below_them() -> None:
    wide = table("1", landscape=True)
    blocks: list[Block] = [
        heading("甲"),
        paragraph("乙"),
        heading("丙"),
        heading("丁"),
        wide,
        heading("戊"),
    ]
    assert stand_landscape(blocks) == (False, False, True, True, True, False)
    assert stand_landscape([heading("甲"), table("1")]) == (False, False)


def test_a_table_without_a_look_of_its_own_has_that_of_the_sheet() -> None:
    assert table("1").look_in(SHEET) is SHEET.table


def test_nodes_are_told_apart_although_they_say_the_same() -> None:
    one, other = paragraph("甲"), paragraph("甲")
    assert one != other
    assert len({one, other}) == 2


def test_the_gravest_of_the_findings_named_decides() -> None:
    severities = (Severity.HINT, Severity.ERROR, Severity.WARNING)
    found = [
        ShownFinding(severity, severity.label, "", "", "", number=number)
        for number, severity in enumerate(severities, 1)
    ]
    assert gravest(found, {1, 3}) is found[2]
    assert gravest(found, {1, 2, 3}) is found[1]
    assert gravest(found, ()) is None
