"""Markdown read by the tests of this folder, and what became of it."""

from __future__ import annotations

from reportgen.diagnostics import Diagnostic
from reportgen.markdown.narrative import read_narrative
from reportgen.model.report import (
    Narrative,
    NarrativeBlock,
    NarrativeParagraph,
    Picture,
    PictureGroup,
)
from reportgen.source import SourceFile
from reportgen.text import plain_text
from tests.builders import worded


def read(text: str, **context: object) -> tuple[Narrative, list[Diagnostic]]:
    narrative, found = read_narrative(SourceFile("正文.md", text), context)
    return narrative, worded(found)


def blocks(text: str, **context: object) -> tuple[NarrativeBlock, ...]:
    narrative, found = read(text, **context)
    assert found == []
    return narrative.opening


def paragraphs(text: str, **context: object) -> list[str]:
    return [
        plain_text(b.runs) for b in blocks(text, **context) if isinstance(b, NarrativeParagraph)
    ]


def styles(text: str) -> list[tuple[str, str]]:
    (paragraph,) = blocks(text)
    assert isinstance(paragraph, NarrativeParagraph)
    return [(run.text, "B" * run.bold + "I" * run.italic) for run in paragraph.runs]


def codes(text: str) -> list[tuple[str, int, int]]:
    return [(d.code, d.span.line, d.span.column) for d in read(text)[1] if d.span]


def pictures(text: str) -> list[list[Picture]]:
    return [list(b.pictures) for b in blocks(text) if isinstance(b, PictureGroup)]
