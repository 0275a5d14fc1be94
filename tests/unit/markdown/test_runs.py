"""Tests of runs: line breaks resolved, and where each run was typed."""

from __future__ import annotations

from reportgen.model.report import (
    NarrativeList,
    NarrativeParagraph,
    NarrativeTable,
)
from tests.unit.markdown.reading import blocks, paragraphs, read

# Paragraphs


def test_soft_breaks_join_chinese_without_a_blank_and_words_with_one() -> None:
    assert paragraphs("第一行\n第二行 use\nof APP\n公开") == ["第一行第二行 use of APP公开"]


def test_hard_breaks_are_kept() -> None:
    assert paragraphs("甲  \n乙\\\n丙<br>丁") == ["甲\n乙\n丙\n丁"]


# Places


def test_each_run_knows_where_it_was_typed() -> None:
    (paragraph,) = blocks("甲\n全年{{ 数 }}件，**共**\\*条", 数="1*2")
    assert isinstance(paragraph, NarrativeParagraph)
    assert [(r.text, r.span.text) for r in paragraph.runs if r.span] == [
        ("甲", "甲"),
        ("全年", "全年"),
        ("1*2", "{{ 数 }}"),
        ("件，", "件，"),
        ("共", "共"),
        ("*", "\\*"),
        ("条", "条"),
    ]
    spans = [r.span for r in paragraph.runs]
    assert spans[1] and (spans[1].line, spans[1].column) == (2, 1)


def test_places_hold_in_lists_quotes_and_tables() -> None:
    text = (
        "- 甲\n  1. 乙{{ 数 }}\n\n> 丙\n> 丁\n\n| a | 戊 |\n|---|---|\n| 1\\|2 | 己 |\n| | 庚 |\n"
    )
    narrative, _ = read(text, 数=5)
    for block in narrative.opening:
        if isinstance(block, NarrativeTable):
            cells = [run for row in (block.head, *block.rows) for cell in row for run in cell]
        elif isinstance(block, NarrativeList):
            cells = [run for item in block.items for run in item]
        else:
            assert isinstance(block, NarrativeParagraph)
            cells = list(block.runs)
        for run in cells:
            if run.span and run.text not in ("5", "|"):
                assert run.span.text == run.text


def test_parts_of_korean_syllables_become_syllables() -> None:
    assert paragraphs("\u1112\u1161\u11ab글") == ["한글"]
