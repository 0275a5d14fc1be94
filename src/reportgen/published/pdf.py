"""A PDF with text → tables and paragraphs, by page.

Tables are found by their rules (pdfplumber); what stands outside of them are paragraphs, put
together line by line.  A page without text is a picture of one and says so.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from reportgen.published.found import Finder, FoundFile, RawCell, RawRun

MAX_PAGES = 400
_SETTINGS = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}
_FULL = 0.85
"""A line that fills this share of the widest one goes on in the next."""


class ScannedError(ValueError):
    """The file holds pictures of pages and no text."""


def read_pdf(data: bytes, path: str) -> FoundFile:
    """Return the tables and paragraphs of the PDF *data*; *path* names it in messages.

    Raises ScannedError when no page has text, ValueError when the file cannot be read.
    """
    import pdfplumber

    finder = Finder(path)
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) > MAX_PAGES:
                raise ValueError(f"超过 {MAX_PAGES} 页")
            title = str((document.metadata or {}).get("Title") or "")
            texts = sum(_read_page(page, finder) for page in document.pages)
    except ScannedError:
        raise
    except Exception as error:  # pdfminer raises nearly anything on a broken file
        raise ValueError(f"这个 PDF 无法读取（{type(error).__name__}）") from error
    if not texts:
        raise ScannedError("这个 PDF 里是图片（扫描件），没有文字")
    return finder.finished(title)


def _read_page(page: Any, finder: Finder) -> int:
    """Add the blocks of *page* from top to bottom; return how many characters it has."""
    finder.page = page.page_number
    tables = page.find_tables(_SETTINGS)
    blocks: list[tuple[float, Any]] = [(table.bbox[1], table) for table in tables]
    outside = page
    for table in tables:
        box = table.bbox
        outside = outside.filter(lambda item, box=box: not _is_inside(item, box))
    lines = outside.extract_text_lines(strip=True, return_chars=False)
    blocks += [(line["top"], line) for line in lines]
    pending: list[Any] = []
    for _, block in sorted(blocks, key=lambda item: item[0]):
        if isinstance(block, dict):
            pending.append(block)
        else:
            _paragraphs(pending, finder)
            pending = []
            finder.table([[RawCell(_joined(text)) for text in row] for row in _rows(block)])
    _paragraphs(pending, finder)
    return len(page.chars)


def _is_inside(item: Any, box: Sequence[float]) -> bool:
    middle = (item["top"] + item["bottom"]) / 2
    return bool(box[1] <= middle <= box[3] and box[0] <= item["x0"] <= box[2])


def _rows(table: Any) -> Iterator[list[str]]:
    """Yield the texts of the cells each row begins; those under a merged cell are left out."""
    for row in table.extract():
        yield [cell for cell in row if cell is not None]


def _joined(text: str) -> str:
    """Return *text* as one line: a cell breaks its words where it is full."""
    return re.sub(r"\s*\n\s*", "", text).strip()


def _paragraphs(lines: Sequence[Any], finder: Finder) -> None:
    """Add *lines* as paragraphs: one ends with a line that is not full."""
    if not lines:
        return
    right = max(line["x1"] for line in lines)
    left = min(line["x0"] for line in lines)
    text = ""
    for line in lines:
        text += line["text"]
        if line["x1"] < left + _FULL * (right - left):
            finder.paragraph([RawRun(text)])
            text = ""
    finder.paragraph([RawRun(text)])
