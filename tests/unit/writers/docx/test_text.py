"""Runs, forced line breaks, links, and lines that would end elsewhere."""

from __future__ import annotations

from io import BytesIO

import docx

from reportgen.document.nodes import Paragraph
from reportgen.text import Run
from tests.unit.writers.docx.docx_sample import body, body_of, build, document, heading

URL = "https://www.example.gov.cn/公开?a=1&b=%20"


def paragraph(*runs: Run) -> str:
    """Return what a paragraph of *runs* becomes behind its properties."""
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


def test_a_line_that_would_end_elsewhere_is_spaced_in_its_runs() -> None:
    text = "（二）2024年，我局承办的人大代表建议6件、政协提案9件全部按期办结，除依法不予公开的外。"
    fitted, rest = text[: text.index("9件")], text[text.index("9件") :]
    (found,) = body_of(body(text))
    assert found == (
        f'p/(pPr/pStyle{{val=BodyText}},r/(rPr/spacing{{val=2}},t"{fitted}"),r/t"{rest}")'
    )
