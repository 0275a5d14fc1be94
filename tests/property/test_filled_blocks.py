"""Placeholders in a document of paragraphs give what they give in a text of paragraphs."""

from __future__ import annotations

from functools import partial

from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.model import NarrativeBlock, NarrativeHeading, NarrativeParagraph
from reportgen.placeholders import render_text
from reportgen.published import FoundFile, read_word_text
from reportgen.published.found import Finder, RawParagraph, RawPicture, RawRun
from reportgen.source import SourceFile
from reportgen.text import plain_text
from tests.builders import FORMS, report

NAMES: dict[str, object] = {"年度": 2024, "甲": 3, "无": "", "科室": ["一科", "二科"]}
FILL = partial(render_text, context=NAMES)
PIECES = [
    "公开", "，", "{{ 甲 }}", "{{ 年度 }}年", "{{ 没有 }}", "{{ 甲", "}}", "{% if 无 %}",
    "{% if 甲 %}", "{% else %}", "{% endif %}", "{% for 科 in 科室 %}", "{{ 科 }}", "{% endfor %}",
    "{# 注 #}", "\n", " ", "{{ 甲 / 0 }}", "{% set 乙 = 5 %}", "{{ 乙 }}", "{{ '长' * 9 }}",
]  # fmt: skip

runs = st.lists(
    st.builds(RawRun, st.lists(st.sampled_from(PIECES), max_size=4).map("".join), st.booleans()),
    min_size=1,
    max_size=3,
)
paragraphs = st.lists(runs, min_size=1, max_size=5)


def found_in(drawn: list[list[RawRun]], *, pictures: bool = False) -> FoundFile:
    """Return a document of the paragraphs *drawn*, a picture before each if *pictures*."""
    finder = Finder("正文.docx")
    for number, one in enumerate(drawn):
        if pictures:
            finder.add(RawPicture(f"图片{number}号.png", "", b"-"))
        finder.add(RawParagraph(one, is_text=True))
    return finder.finished()


def text_of(block: NarrativeBlock) -> str:
    assert isinstance(block, NarrativeParagraph | NarrativeHeading)
    return plain_text(block.runs)


def words(text: str) -> str:
    return "".join(text.split())


@given(paragraphs)
def test_a_document_says_what_its_text_says(drawn: list[list[RawRun]]) -> None:
    found = found_in(drawn)
    text = read_word_text(found, report(), FORMS["2021"], FILL)
    rendered, findings = FILL(SourceFile("正文.docx", found.source.text))
    assert [finding.slug for finding in text.findings] == [finding.slug for finding in findings]
    shown = [text_of(block) for block in text.narrative.opening]
    assert words("".join(shown)) == words(rendered.text)
    typed = [span for block in text.narrative.opening for span in _spans(block)]
    assert all(span[0] == span[1] for span in typed)


def _spans(block: NarrativeBlock) -> list[tuple[str, str]]:
    """Return each stretch of *block* that was typed, and what stands at its place."""
    assert isinstance(block, NarrativeParagraph)
    return [
        (run.text, run.span.text)
        for run in block.runs
        if run.span and not run.span.text.startswith("{{") and "\n" not in run.span.text
    ]


@given(paragraphs)
@example([[RawRun("{{ 甲")], [RawRun("}}")]])
@example([[RawRun("{{ 甲")], [RawRun(" + 1")], [RawRun("}}，{{ 甲")], [RawRun("}}")]])
def test_pictures_between_paragraphs_are_never_lost_with_the_text_around_them(
    drawn: list[list[RawRun]],
) -> None:
    found = found_in(drawn, pictures=True)
    with_pictures = read_word_text(found, report(), FORMS["2021"], FILL)
    has_tags = "{%" in found.source.text
    assert has_tags or len(with_pictures.pictures) == len(drawn)
