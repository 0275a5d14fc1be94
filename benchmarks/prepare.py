"""Makes what the benchmark reads: pictures, report folders, and the same content for the peers.

Run in a process of its own, so that the one that measures stays small.  What is there
already is kept, unless this file or the pictures' changed.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from common import HERE, ROOT, WORK, Content, load
from peer_docxtpl import make_template
from pictures import HEIGHT, PER_REPORT, WIDTH, draw, words

from reportgen.api import check_folder
from reportgen.document import nodes
from reportgen.document.compose import compose_document
from reportgen.fonts import load_fonts
from reportgen.layout import break_titles, fit_tables

SAMPLE = ROOT / "samples" / "fuyang-emergency-2020"
VARIANTS = 10
TEXT_GROWTH = (1, 10, 100)
TABLE_GROWTH = (1, 10, 100)
PICTURE_GROWTH = (1, 10)
_IMAGE = re.compile(r"!\[([^]]*)\]\(images/[^)]*\)\n?")
_LAST_PICTURE = "三是落实主体责任"  # the sample shows 13; its seed as measured before has 14


def folder_of(what: str, number: int) -> Path:
    """Return the report folder: ``report`` and variant, or what grows and how much."""
    return WORK / "reports" / f"{what}-{number:03}"


def content_of(what: str, number: int) -> Path:
    """Return the peers' content file of the same report."""
    return WORK / "content" / f"{what}-{number:03}.json"


def make_folder(folder: Path, variant: int, *, text: int = 1, pictures: int = 1) -> None:
    """Make a report folder from the sample: fresh pictures, paragraphs and pictures multiplied.

    No paragraph is like another one, of this folder or another: nothing is spared that a
    batch of real reports would have to pay for.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "images").mkdir(parents=True)
    shutil.copyfile(SAMPLE / "report.yaml", folder / "report.yaml")
    narrative = (SAMPLE / "正文.md").read_text(encoding="utf-8")
    blocks = [block for block in re.split(r"\n\s*\n", narrative) if block.strip()]
    numbers = iter(range(variant * PER_REPORT, (variant + pictures) * PER_REPORT))
    volumes = count(variant * 10_000)
    written = [
        _distinct(part, volumes)
        for block in blocks
        for part in _multiplied(block, folder, numbers, text, pictures)
    ]
    (folder / "正文.md").write_text("\n\n".join(written) + "\n", encoding="utf-8")


def _multiplied(
    block: str, folder: Path, numbers: Iterator[int], text: int, pictures: int
) -> Iterator[str]:
    captions = _IMAGE.findall(block)
    if not captions:
        yield from [block] * (1 if block.startswith("#") else text)
    if _LAST_PICTURE in block:
        captions = ["政务公开责任落实情况页面"]
    for round_ in range(pictures):
        group = [_placed(caption, folder, next(numbers), round_) for caption in captions]
        yield from ["\n".join(group)] if group else []


def _distinct(block: str, volumes: Iterator[int]) -> str:
    """Return *block*, if it is a paragraph, with a remark that no other has."""
    return f"{block[:-1]}（第{next(volumes)}卷）。" if block.endswith("。") else block


def _placed(caption: str, folder: Path, number: int, round_: int) -> str:
    name = f"shot{number:04}.png"
    shutil.copyfile(WORK / "pictures" / name, folder / "images" / name)
    return f"![{caption}{round_ or ''}](images/{name})"


def write_content(folder: Path, path: Path, tables: int = 1) -> None:
    """Write the report in *folder*, as reportgen composes it, for the peers."""
    checked = check_folder(folder)
    if checked.report is None or checked.form is None or checked.has_errors:
        raise SystemExit(f"{folder} has errors: {checked.diagnostics}")
    composed, fonts = compose_document(checked.report, checked.form), load_fonts()
    document = fit_tables(break_titles(composed, fonts), fonts)
    images = iter(re.findall(r"\(images/([^)]*)\)", (folder / "正文.md").read_text("utf-8")))
    blocks = []
    for block in document.blocks:
        repeat = tables if isinstance(block, nodes.Table) else 1
        blocks += list(_blocks(block, document, folder, images)) * repeat
    content = {"path": str(path), "blocks": blocks}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _blocks(
    block: nodes.Block, document: nodes.Document, folder: Path, images: Iterator[str]
) -> Iterator[Content]:
    if isinstance(block, nodes.Heading):
        yield {"t": ("title", "h1", "h2")[block.level], "text": block.text}
    elif isinstance(block, nodes.Paragraph):
        yield {"t": "p", "text": block.text}
    elif isinstance(block, nodes.FigureGroup):
        for figure in block.figures:
            source = str(folder / "images" / next(images))
            yield {"t": "image", "src": source, "w": WIDTH, "h": HEIGHT, "alt": figure.alt}
            if figure.caption:
                yield {"t": "caption", "text": figure.caption.text}
    elif isinstance(block, nodes.Table):
        yield {
            "t": "table",
            "widths": block.widths,
            "header_rows": block.header_rows,
            "rows": [[_cell(cell, document) for cell in row] for row in block.rows],
        }
    else:
        raise SystemExit(f"no peer draws a {type(block).__name__}")


def _cell(cell: nodes.Cell, document: nodes.Document) -> Content:
    style = document.sheet[cell.style]
    return {
        "x": cell.text,
        "r": cell.row,
        "c": cell.column,
        "rs": cell.row_span,
        "cs": cell.column_span,
        "size": style.size,
        "left": style.align == "left",
    }


def make_pictures(count: int) -> None:
    """Draw the pictures that are not there yet."""
    (WORK / "pictures").mkdir(parents=True, exist_ok=True)
    text = words()
    for number in range(count):
        path = WORK / "pictures" / f"shot{number:04}.png"
        if not path.exists():
            draw(number, path, text)


def fingerprint() -> str:
    """Return a hash of what the prepared files depend on."""
    total = hashlib.sha256()
    for path in (HERE / "prepare.py", HERE / "pictures.py", SAMPLE / "正文.md"):
        total.update(path.read_bytes())
    return total.hexdigest()


def prepare() -> None:
    """Make everything the benchmark reads."""
    mark = WORK / "prepared"
    if not mark.exists() or mark.read_text() != fingerprint():
        shutil.rmtree(WORK, ignore_errors=True)
        make_pictures(VARIANTS * PER_REPORT)
        for variant in range(VARIANTS):
            make_folder(folder_of("report", variant), variant)
        for factor in TEXT_GROWTH:
            make_folder(folder_of("text", factor), 0, text=factor)
        for factor in PICTURE_GROWTH:
            make_folder(folder_of("pictures", factor), 0, pictures=factor)
        mark.write_text(fingerprint())
    for variant in range(VARIANTS):
        write_content(folder_of("report", variant), content_of("report", variant))
    for factor in TEXT_GROWTH:
        write_content(folder_of("text", factor), content_of("text", factor))
    for factor in TABLE_GROWTH:
        write_content(folder_of("report", 0), content_of("tables", factor), factor)
    for factor in PICTURE_GROWTH:
        write_content(folder_of("pictures", factor), content_of("pictures", factor))
    make_template(load(content_of("report", 0)))


if __name__ == "__main__":
    prepare()
