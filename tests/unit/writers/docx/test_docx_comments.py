"""The findings of a draft are shading, numbers and real comments in Word."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import docx
from msgspec.structs import replace

from reportgen.diagnostics import Severity
from reportgen.document.nodes import Block, Document, Heading, Paragraph
from reportgen.findings_text import ShownFinding
from reportgen.text import Run
from tests.unit.writers.docx.docx_sample import (
    W,
    body,
    build,
    document,
    everything,
    figure,
    part,
    table,
)


def finding(number: int, severity: Severity, code: str, place: str, message: str) -> ShownFinding:
    return ShownFinding(severity, severity.label, code, message, place, number=number)


FINDINGS = (
    replace(
        finding(1, Severity.ERROR, "T301", "report.yaml:3:1", "总计不符"),
        sides="应为：6；实为：7",
        hint="核对“总计”",
    ),
    finding(2, Severity.HINT, "N307", "正文.md:1:1", "没有写明"),
    finding(3, Severity.WARNING, "N101", "正文.md", "缺少一节"),
)


def draft(*blocks: Block) -> Document:
    return replace(document(*blocks, stamp="未定稿"), findings=FINDINGS)


def flagged_text() -> Paragraph:
    return Paragraph("body", (Run("甲"), Run("乙", notes=(1,)), Run("丙", notes=(1, 2)), Run("丁")))


def test_comments_are_read_back_with_message_sides_and_hint() -> None:
    found = docx.Document(BytesIO(build(draft(flagged_text()))))
    first, second = found.comments
    assert first.text == "【1】错误 T301：总计不符\n应为：6；实为：7\n处理：核对“总计”"
    assert second.text == "【2】提示 N307：没有写明"
    assert (first.author, first.initials) == ("reportgen", "核")
    assert first.timestamp is not None
    assert first.timestamp.date().isoformat() == document().metadata.date


def test_comment_encloses_what_the_finding_points_at() -> None:
    root = part(build(draft(flagged_text())), "word/document.xml")
    kinds = ("commentRangeStart", "commentRangeEnd", "commentReference", "t")
    marks = [
        node.text if node.tag == f"{W}t" else f"{node.tag[len(W) :]} {node.get(f'{W}id')}"
        for node in root.iter(*(f"{W}{kind}" for kind in kinds))
    ]
    assert marks == [
        "甲",
        "commentRangeStart 0",
        "乙",
        "commentRangeStart 1",
        "丙",
        "commentRangeEnd 0",
        "commentReference 0",
        "commentRangeEnd 1",
        "commentReference 1",
        "1,2",
        "丁",
    ]


def test_flagged_text_and_cells_have_the_colour_of_the_finding() -> None:
    grid = table()
    rows = [*grid.rows[:3], (replace(grid.rows[3][0], notes=(2,)), *grid.rows[3][1:])]
    root = part(build(draft(flagged_text(), replace(grid, rows=tuple(rows)))), "word/document.xml")
    in_text = [node.get(f"{W}fill") for node in root.iterfind(f".//{W}rPr/{W}shd")]
    assert in_text == ["FFD9D9", "FFD9D9"]
    (shade,) = root.iterfind(f".//{W}tcPr/{W}shd")
    assert shade.get(f"{W}fill") == "E2F0D9"


def test_finding_with_several_places_has_one_comment() -> None:
    found = docx.Document(BytesIO(build(draft(flagged_text(), flagged_text()))))
    assert len(list(found.comments)) == 2


def test_picture_without_caption_carries_its_comment() -> None:
    from reportgen.document.nodes import FigureGroup

    picture = replace(figure(600, 300), notes=(3,))
    found = docx.Document(BytesIO(build(draft(FigureGroup((picture,))))))
    assert [comment.text for comment in found.comments] == ["【3】警告 N101：缺少一节"]


def test_heading_on_a_new_page_breaks_it() -> None:
    heading = Heading(1, "heading1", (Run("核对意见"),), "findings", on_new_page=True)
    root = part(build(draft(body("甲"), heading)), "word/document.xml")
    assert len(list(root.iterfind(f".//{W}pPr/{W}pageBreakBefore"))) == 1


def test_filing_copy_has_no_comments_and_no_styles_for_them() -> None:
    data = build(everything())
    with ZipFile(BytesIO(data)) as package:
        assert "word/comments.xml" not in package.namelist()
        styles = package.read("word/styles.xml").decode()
    assert "annotation" not in styles
    assert "FindingNumber" not in styles
