"""What a PDF says, page by page and line by line, as pdfplumber reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pdfplumber

ARTIFACT = "Artifact"  # page numbers, repeated headers, draft marks
SAME_LINE = 4.0  # points; a stand-in for a character may be raised a little


@dataclass(frozen=True)
class PrintedLine:
    """Characters on one base line: page, distance of the base line from the page's foot."""

    page: int
    base: float
    left: float
    right: float
    size: float
    text: str


def page_characters(pdf: bytes) -> Iterator[list[dict[str, Any]]]:
    """Yield, by page, the characters that are content, in the order of the stream."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        for page in document.pages:
            yield [char for char in page.chars if char["tag"] != ARTIFACT]
            page.close()


def text_of(pdf: bytes) -> str:
    """Return all content of *pdf* in reading order, white space left out."""
    pages = page_characters(pdf)
    return "".join("".join(char["text"].split()) for page in pages for char in page)


def printed_lines(pdf: bytes, size: float) -> list[PrintedLine]:
    """Return the lines of *pdf* that are set in *size*, from the first page to the last."""
    lines: list[PrintedLine] = []
    for number, characters in enumerate(page_characters(pdf), 1):
        group: list[dict[str, Any]] = []
        for char in characters:
            if abs(char["size"] - size) > 0.1:
                continue
            if group and abs(char["matrix"][5] - group[0]["matrix"][5]) > SAME_LINE:
                lines.append(_line(number, group))
                group = []
            group.append(char)
        if group:
            lines.append(_line(number, group))
    return lines


def _line(page: int, group: list[dict[str, Any]]) -> PrintedLine:
    return PrintedLine(
        page=page,
        base=group[0]["matrix"][5],
        left=min(char["x0"] for char in group),
        right=max(char["x1"] for char in group),
        size=group[0]["size"],
        text="".join(char["text"] for char in group),
    )
