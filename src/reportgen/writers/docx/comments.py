"""``comments.xml``: what a draft's findings say, as Word comments (ECMA-376 17.13.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen.findings_text import ShownFinding
from reportgen.styles import FindingLook
from reportgen.writers.docx.markup import paragraph_xml, part_xml
from reportgen.writers.docx.notes import NUMBER_STYLE, REFERENCE_STYLE
from reportgen.writers.docx.runs import text_xml

AUTHOR, INITIALS = "reportgen", "核"
TEXT_STYLE = "CommentText"


def comments_xml(findings: Sequence[ShownFinding], date: str) -> bytes:
    """Return the comments of *findings*, dated *date* (ISO); ids count from 0."""
    content = "".join(_comment_xml(id_, finding, date) for id_, finding in enumerate(findings))
    return part_xml("w:comments", content, "w")


def _comment_xml(id_: int, finding: ShownFinding, date: str) -> str:
    mark = f'<w:r><w:rPr><w:rStyle w:val="{REFERENCE_STYLE}"/></w:rPr><w:annotationRef/></w:r>'
    first, *others = _lines(finding)
    paragraphs = paragraph_xml(TEXT_STYLE, mark + text_xml(first)) + "".join(
        paragraph_xml(TEXT_STYLE, text_xml(line)) for line in others
    )
    return (
        f'<w:comment w:id="{id_}" w:author="{AUTHOR}" w:date="{date}T00:00:00Z"'
        f' w:initials="{INITIALS}">{paragraphs}</w:comment>'
    )


def _lines(finding: ShownFinding) -> Iterator[str]:
    yield f"【{finding.number}】{finding.label} {finding.code}：{finding.message}"
    if finding.sides:
        yield finding.sides
    if finding.hint:
        yield f"处理：{finding.hint}"


def comment_styles_xml(look: FindingLook) -> str:
    """Return the styles of comments and of the numbers in the text."""
    return (
        f'<w:style w:type="paragraph" w:styleId="{TEXT_STYLE}"><w:name w:val="annotation text"/>'
        '<w:basedOn w:val="Normal"/><w:pPr><w:snapToGrid w:val="0"/>'
        '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
        '<w:jc w:val="left"/></w:pPr>'
        '<w:rPr><w:spacing w:val="0"/><w:sz w:val="20"/><w:szCs w:val="20"/></w:rPr></w:style>'
        f'<w:style w:type="character" w:styleId="{REFERENCE_STYLE}">'
        '<w:name w:val="annotation reference"/><w:basedOn w:val="DefaultParagraphFont"/>'
        '<w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr></w:style>'
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{NUMBER_STYLE}">'
        '<w:name w:val="核对意见序号"/><w:basedOn w:val="DefaultParagraphFont"/>'
        f'<w:rPr><w:color w:val="{look.number}"/><w:spacing w:val="0"/>'
        '<w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    )
