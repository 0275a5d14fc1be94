"""Tests of runs, forced line breaks, links, character spacing and finding marks."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import docx
from msgspec.structs import replace

from reportgen.diagnostics import Severity
from reportgen.document.nodes import Block, Document, FigureGroup, Paragraph
from reportgen.findings_text import ShownFinding
from reportgen.text import Run
from reportgen.writers.docx.text import broken
from tests.unit.writers.docx.docx_sample import (
    body,
    body_of,
    build,
    document,
    everything,
    figure,
    found_in,
    heading,
    part,
    style_of,
    table,
)

URL = "https://www.example.gov.cn/公开?a=1&b=%20"


def paragraph(*runs: Run) -> str:
    """Return the elements of a paragraph of *runs* after its properties."""
    (found,) = body_of(Paragraph("body", runs))
    return found.removeprefix("p/(pPr/pStyle{val=BodyText},").removesuffix(")")


def test_chinese_quotes_are_marked_as_east_asian() -> None:
    assert paragraph(Run("“三安全”")) == 'r/(rPr/rFonts{hint=eastAsia},t"“三安全”")'
    assert paragraph(Run("1 2")) == 'r/t"1 2"'


def test_a_forced_line_break_and_a_tab_are_elements() -> None:
    assert paragraph(Run("甲"), Run("\n"), Run("乙\t丙")) == 'r/t"甲",r/br,r/(t"乙",tab,t"丙")'


def test_spaces_at_the_edge_of_a_run_survive() -> None:
    assert paragraph(Run("甲 "), Run(" 乙")) == (
        'r/t{xml:space=preserve}"甲 ",r/t{xml:space=preserve}" 乙"'
    )


def test_emphasis_is_for_chinese_and_for_other_scripts() -> None:
    assert paragraph(Run("甲", bold=True)) == 'r/(rPr/(b,bCs),t"甲")'
    assert paragraph(Run("甲", italic=True)) == 'r/(rPr/(i,iCs),t"甲")'


def test_scripts_are_plain_characters_with_a_vertical_alignment() -> None:
    assert paragraph(Run("CO₂和m²", bold=True)) == (
        'r/(rPr/(b,bCs),t"CO"),r/(rPr/(b,bCs,vertAlign{val=subscript}),t"2"),'
        'r/(rPr/(b,bCs),t"和m"),r/(rPr/(b,bCs,vertAlign{val=superscript}),t"2")'
    )


def test_a_link_is_external_percent_encoded_and_related_once() -> None:
    link = Run("网站", link=URL)
    found = docx.Document(BytesIO(build(document(Paragraph("body", (link, link))))))
    links = found.paragraphs[0].hyperlinks
    address = "https://www.example.gov.cn/%E5%85%AC%E5%BC%80?a=1&b=%20"
    assert [item.address for item in links] == [address] * 2
    assert sum(rel.is_external for rel in found.part.rels.values()) == 1
    assert links[0].runs[0].style.name == "Hyperlink"


def test_a_link_within_the_text_leads_to_the_bookmark_of_its_heading() -> None:
    link = Paragraph("body", (Run("见上", link="#s1-一"),))
    above, found = body_of(heading(1, "一、总体"), link)
    assert "bookmarkStart{id=1,name=_s1_一}" in above
    assert 'hyperlink{anchor=_s1_一}/r/(rPr/rStyle{val=Hyperlink},t"见上")' in found


def test_breaks_are_put_into_runs_without_changing_their_look() -> None:
    made = broken((Run("甲乙", bold=True), Run("丙丁")), (1, 2))
    assert made == (Run("甲\n乙", bold=True), Run("\n丙丁"))


def test_a_line_that_would_end_elsewhere_is_spaced_in_its_runs() -> None:
    text = "（二）2024年，我局承办的人大代表建议6件、政协提案9件全部按期办结，除依法不予公开的外。"
    fitted, rest = text[: text.index("9件")], text[text.index("9件") :]
    (found,) = body_of(body(text))
    assert found == (
        f'p/(pPr/pStyle{{val=BodyText}},r/(rPr/spacing{{val=2}},t"{fitted}"),r/t"{rest}")'
    )


FINDINGS = (
    ShownFinding(
        Severity.ERROR, "错误", "T301", "总计不符", "report.yaml:3:1",
        sides="应为：6；实为：7", hint="核对“总计”", number=1,
    ),
    ShownFinding(Severity.HINT, "提示", "N307", "没有写明", "正文.md:1:1", number=2),
    ShownFinding(Severity.WARNING, "警告", "N101", "缺少一节", "正文.md", number=3),
)  # fmt: skip


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


def test_a_comment_encloses_what_the_finding_points_at() -> None:
    red = "rPr/shd{val=clear,color=auto,fill=FFD9D9}"
    reference = "r/(rPr/rStyle{val=CommentReference},commentReference{id=%d})"
    assert found_in(part(build(draft(flagged_text())), "word/document.xml"), "p") == [
        'p/(pPr/pStyle{val=BodyText},r/t"甲",'
        f'commentRangeStart{{id=0}},r/({red},t"乙"),'
        f'commentRangeStart{{id=1}},r/({red},t"丙"),'
        f"commentRangeEnd{{id=0}},{reference % 0},commentRangeEnd{{id=1}},{reference % 1},"
        'r/(rPr/rStyle{val=FindingNumber},t"1,2"),r/t"丁")'
    ]


def test_a_flagged_cell_has_the_colour_of_the_finding_in_place_of_its_own() -> None:
    grid = table()
    rows = [*grid.rows[:3], (replace(grid.rows[3][0], notes=(2,)), *grid.rows[3][1:])]
    root = part(build(draft(replace(grid, rows=tuple(rows)))), "word/document.xml")
    (cell,) = (cell for cell in found_in(root, "tc") if "comment" in cell)
    assert cell == (
        "tc/(tcPr/(tcW{w=2952,type=dxa},shd{val=clear,color=auto,fill=E2F0D9},vAlign{val=center}),"
        'p/(pPr/pStyle{val=ReportCellValue},commentRangeStart{id=0},r/t"5",commentRangeEnd{id=0},'
        "r/(rPr/rStyle{val=CommentReference},commentReference{id=0}),"
        'r/(rPr/rStyle{val=FindingNumber},t"2")))'
    )


def test_finding_with_several_places_has_one_comment() -> None:
    found = docx.Document(BytesIO(build(draft(flagged_text(), flagged_text()))))
    assert len(list(found.comments)) == 2


def test_picture_without_caption_carries_its_comment() -> None:
    picture = replace(figure(600, 300), notes=(3,))
    found = docx.Document(BytesIO(build(draft(FigureGroup((picture,))))))
    assert [comment.text for comment in found.comments] == ["【3】警告 N101：缺少一节"]


def test_the_number_beside_the_text_has_the_colour_of_the_form() -> None:
    assert style_of(build(draft(flagged_text())), "FindingNumber") == (
        "style{type=character,customStyle=1,styleId=FindingNumber}/(name{val=核对意见序号},"
        "basedOn{val=DefaultParagraphFont},"
        "rPr/(color{val=C00000},spacing{val=0},vertAlign{val=superscript}))"
    )


def test_a_filing_copy_has_no_comments_and_no_styles_for_them() -> None:
    data = build(everything())
    with ZipFile(BytesIO(data)) as package:
        assert "word/comments.xml" not in package.namelist()
    ids = {style.style_id for style in docx.Document(BytesIO(data)).styles}
    assert not ids & {"CommentText", "CommentReference", "FindingNumber"}
