"""A small document with one block of each kind, and functions to inspect the DOCX of it."""

from __future__ import annotations

import struct
import zlib
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from lxml import etree

from reportgen.document.nodes import (
    Block,
    Cell,
    Document,
    Figure,
    FigureGroup,
    Heading,
    ItemList,
    ListItem,
    Metadata,
    Paragraph,
    Signature,
    Table,
)
from reportgen.fonts import FontSet, load_fonts
from reportgen.layout.boxes import place_document
from reportgen.layout.hints import word_hints
from reportgen.layout.items import Hints
from reportgen.pictures import PictureKind
from reportgen.styles import CellRole
from reportgen.text import Run
from reportgen.writers.docx import DocxFace, write_docx
from tests.builders import FORMS, Held

ROOT = Path(__file__).parents[4]
SHEET = FORMS["2021"].sheet
FACES = {
    role: DocxFace(name, (name + "_GBK", "SimSun"), "02010609030101010101", "86", "fixed", "modern")
    for role, name in {
        "小标宋": "方正小标宋简体",
        "仿宋": "仿宋_GB2312",
        "黑体": "黑体",
        "楷体": "楷体_GB2312",
        "宋体": "宋体",
        "西文": "Times New Roman",
    }.items()
}
FONTS: FontSet = load_fonts()
TITLE = "清河县人民政府2023年政府信息公开工作年度报告"
ORGAN = "清河县人民政府"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
XML = etree._Element


def runs(text: str) -> tuple[Run, ...]:
    return (Run(text),)


def body(text: str) -> Paragraph:
    return Paragraph("body", runs(text))


def heading(level: int, text: str) -> Heading:
    style = f"heading{level}" if level else "title"
    return Heading(level, style, runs(text), f"s{level}-{text[0]}")


def png(width: int, height: int, grey: int = 128) -> bytes:
    """Return a grey PNG of the size given."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + bytes([grey]) * width) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def figure(
    width: int,
    height: int,
    caption: str = "",
    share: float | None = None,
    grey: int = 128,
    alt: str = "网站截图",
) -> Figure:
    data = png(width, height, grey)
    line = Paragraph("caption", runs(caption)) if caption else None
    digest = sha256(data).hexdigest()
    return Figure(Held(data), PictureKind.PNG, (width, height), digest, alt, line, share)


def cell(
    row: int, column: int, text: str, rows: int = 1, columns: int = 1, role: str = "value"
) -> Cell:
    return Cell(row, column, rows, columns, CellRole(role), f"cell_{role}", runs(text))


def table() -> Table:
    """Return 4 rows of 3 columns: two header rows with spans, a stub over two rows."""
    return Table(
        title="收到和处理政府信息公开申请情况",
        widths=(1 / 3, 1 / 3, 1 / 3),
        header_rows=2,
        rows=(
            (
                cell(0, 0, "项目", rows=2, role="header"),
                cell(0, 1, "申请人情况", columns=2, role="header"),
            ),
            (cell(1, 1, "自然人", role="header"), cell(1, 2, "总计", role="header")),
            (cell(2, 0, "一、新收", rows=2, role="stub"), cell(2, 1, "3"), cell(2, 2, "4")),
            (cell(3, 1, "5"), cell(3, 2, "6")),
        ),
    )


def signature(organ: str = ORGAN, date: str = "2024年1月20日") -> Signature:
    return Signature(Paragraph("signature", runs(organ)), Paragraph("signature", runs(date)))


def document(*blocks: Block, watermark: str = "", stamp: str = "") -> Document:
    metadata = Metadata(
        TITLE, ORGAN, "政府信息公开工作年度报告", ("政府信息公开", "年报"), "2024-01-20"
    )
    return Document(metadata, SHEET, blocks, watermark, stamp)


def everything(watermark: str = "", stamp: str = "") -> Document:
    """Return a document with one block of every kind."""
    items = tuple(ListItem(f"{n}.", Paragraph("list", runs("事项"))) for n in (1, 2))
    return document(
        heading(0, TITLE),
        body("根据“条例”要求编制。"),
        heading(1, "一、总体情况"),
        Paragraph("body", (Run("见"), Run("网站", link="https://www.example.gov.cn/公开?a=1&b=2"))),
        ItemList("list", True, items),
        FigureGroup((figure(1280, 720, "图1"), figure(540, 960), figure(1280, 720))),
        heading(1, "二、申请情况"),
        table(),
        body("本年度无其他事项。"),
        signature(),
        watermark=watermark,
        stamp=stamp,
    )


def hints_for(source: Document) -> Hints:
    """Return the layout hints for *source*."""
    return word_hints(place_document(source, FONTS), source)


def build(source: Document) -> bytes:
    """Return the DOCX file of *source*."""
    stream = BytesIO()
    write_docx(source, hints_for(source), stream, FACES)
    return stream.getvalue()


def part(data: bytes, name: str) -> XML:
    """Return the root element of the part *name*, such as ``word/document.xml``."""
    with ZipFile(BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def main_part(*blocks: Block) -> XML:
    """Return ``w:document`` of a document of *blocks*."""
    return part(build(document(*blocks)), "word/document.xml")


def body_of(*blocks: Block) -> list[str]:
    """Return the elements for *blocks* as :func:`brief` writes them, without the section."""
    (body,) = main_part(*blocks)
    return [brief(child) for child in body if child.tag != f"{W}sectPr"]


def brief(element: XML) -> str:
    """Return *element* in one line: ``p/(pPr/pStyle{val=List},r/t"text")``.

    It is the notation in which python-docx's own tests write XML, without the prefix ``w:``.
    """
    attributes = ",".join(
        f"{_short(element, str(name))}={value!s}" for name, value in element.items()
    )
    head = _short(element, str(element.tag))
    head += f"{{{attributes}}}" * bool(attributes) + f'"{element.text}"' * bool(element.text)
    children = [brief(child) for child in element]
    if not children:
        return head
    return f"{head}/{children[0]}" if len(children) == 1 else f"{head}/({','.join(children)})"


def _short(element: XML, name: str) -> str:
    """Return *name* with its prefix in place of the namespace, and none for ``w:``."""
    qualified = etree.QName(name)
    if qualified.namespace in (None, W[1:-1]):
        return qualified.localname
    prefixes = {uri: prefix for prefix, uri in element.nsmap.items()}
    return f"{prefixes.get(qualified.namespace, 'xml')}:{qualified.localname}"


def found_in(root: XML, tag: str) -> list[str]:
    """Return each ``w:`` element *tag* in *root* as :func:`brief` writes it."""
    return [brief(element) for element in root.iter(f"{W}{tag}")]


def style_of(data: bytes, style_id: str) -> str:
    """Return the ``w:style`` with the id given as :func:`brief` writes it."""
    found = part(data, "word/styles.xml").find(f"{W}style[@{W}styleId='{style_id}']")
    assert found is not None
    return brief(found)
