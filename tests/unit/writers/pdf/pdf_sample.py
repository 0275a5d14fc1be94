"""A small laid-out document made by hand, with every kind of block and item.

It replaces the layout, so that the PDF writer is tested by itself.
"""

from __future__ import annotations

import hashlib
import io
import struct
import sys
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportgen.document.nodes import (
    Attachment,
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
from reportgen.layout.items import (
    Destination,
    Fill,
    Image,
    Item,
    Node,
    Page,
    Pagination,
    RuleLine,
    SealPlace,
    TextRun,
    TurnedText,
)
from reportgen.pictures import PictureKind
from reportgen.styles import CellRole, FigureLook, PageGeometry, Style, StyleSheet, TableLook
from reportgen.text import Run
from reportgen.writers.pdf import PROFILES, write_pdf
from tests.builders import Held

WIDTH, HEIGHT, LEFT, TOP = 595.28, 841.89, 80.0, 100.0
SIZE, PITCH = 16.0, 15.79
RARE = "𬭳昇〇㎡"
LINK = "https://www.fy.gov.cn/公开?a=1"
SOURCE = "单位: 阜阳市应急管理局\n年度: 2020\n"


@lru_cache(maxsize=1)
def fonts() -> FontSet:
    return load_fonts()


def png(width: int = 6, height: int = 4, colour: int = 2, bits: int = 8) -> bytes:
    """Return a PNG with a gradient; *colour* is the PNG colour type."""
    samples = {0: 1, 2: 3, 3: 1}[colour]
    row_bytes = (width * samples * bits + 7) // 8
    rows = b"".join(
        b"\0" + bytes((16 * y + 7 * i) % (4 if colour == 3 else 256) for i in range(row_bytes))
        for y in range(height)
    )
    chunks = [_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))]
    if colour == 3:
        chunks.append(_chunk(b"PLTE", bytes(range(12))))
    chunks += [_chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def jpeg(mode: str = "RGB", size: tuple[int, int] = (16, 8)) -> bytes:
    from PIL import Image as Pillow

    buffer = io.BytesIO()
    Pillow.new(mode, size, 120).save(buffer, "JPEG")
    return buffer.getvalue()


def figure(data: bytes, alt: str, caption: str = "") -> Figure:
    kind = PictureKind.PNG if data.startswith(b"\x89PNG") else PictureKind.JPEG
    below = Paragraph("caption", (Run(caption),)) if caption else None
    return Figure(Held(data), kind, (6, 4), hashlib.sha256(data).hexdigest(), alt, below)


def sheet() -> StyleSheet:
    page = PageGeometry(WIDTH, HEIGHT, TOP, LEFT, 442.2, 637.8, 22, 28, 20)
    body = Style("body", "正文", "仿宋", SIZE, PITCH, 28.9)
    table = TableLook(0.5, 2, 2, 20, {})
    return StyleSheet(page, {"body": body}, table, FigureLook(6, 400, 6, 6))


def document(blocks: tuple[object, ...], **more: object) -> Document:
    metadata = Metadata(
        title="阜阳市应急管理局2020年政府信息公开工作年度报告",
        author="阜阳市应急管理局",
        subject="政府信息公开工作年度报告 <2020> & 附表",
        keywords=("政府信息公开", "年度报告"),
        date="2021-01-26",
    )
    return Document(metadata, sheet(), blocks, **more)  # type: ignore[arg-type]


def runs(
    x: float,
    y: float,
    text: str,
    node: Node | None,
    role: str = "仿宋",
    size: float = SIZE,
    **more: object,
) -> list[TextRun]:
    """Return *text* on one base line from *x*, Han characters at a pitch of their own."""
    found: list[TextRun] = []
    for char in text:
        face = fonts().face_for(role, char)
        assert face is not None, char
        wide = face.advance(char) == 1
        advance = size * PITCH / SIZE if wide else face.advance(char) * size
        last = found[-1] if found else None
        if last and last.face == face.id:
            joined = TextRun(
                last.x,
                y,
                face.id,
                size,
                last.text + char,
                (*last.offsets, last.width),
                last.width + advance,
                node,
                **more,  # type: ignore[arg-type]
            )
            found[-1] = joined
        else:
            at = last.x + last.width if last else x
            found.append(TextRun(at, y, face.id, size, char, (0.0,), advance, node, **more))  # type: ignore[arg-type]
    return found


class Composer:
    """Collects the items of pages; ``y`` is the next base line."""

    def __init__(self) -> None:
        self.pages: list[list[Item]] = [[]]
        self.destinations: list[Destination] = []
        self.y = TOP

    def line(self, text: str, node: Node | None, role: str = "仿宋", **more: object) -> None:
        x = float(more.pop("x", LEFT))  # type: ignore[arg-type]
        self.pages[-1] += runs(x, self.y, text, node, role, **more)  # type: ignore[arg-type]
        self.y += 29

    def turn(self) -> None:
        self.pages.append([])
        self.y = TOP

    def heading(self, node: Heading, role: str) -> None:
        self.destinations.append(Destination(node, len(self.pages), self.y - 20))
        self.line(node.text, node, role)

    def finish(self, signature: Signature) -> Pagination:
        pages = []
        for number, items in enumerate(self.pages, 1):
            foot = runs(LEFT, 780, f"— {number} —", None, "宋体", 14.0, artifact="footer")
            pages.append(Page(number, WIDTH, HEIGHT, (*items, *foot)))
        seal = SealPlace(signature, len(pages), 300.0, self.y - 100, 119.0)
        return Pagination(tuple(pages), tuple(self.destinations), seal)


def cells(*rows: str) -> tuple[tuple[Cell, ...], ...]:
    """Return cells from lines of ``role:text:row_span:column_span`` at explicit columns."""
    result = []
    for row, line in enumerate(rows):
        found = []
        for entry in line.split(" | "):
            column, role, text, down, across = entry.split(":")
            shown = (Run(text),) if text else ()
            place = (row, int(column), int(down), int(across))
            found.append(Cell(*place, CellRole(role), "body", shown))
        result.append(tuple(found))
    return tuple(result)


def sample_table() -> Table:
    return Table(
        "收到和处理政府信息公开申请情况",
        (0.2, 0.2, 0.2, 0.2, 0.2),
        2,
        cells(
            "0:header:办理结果:2:2 | 2:header:申请人情况:1:3",
            "2:header:自然人:1:1 | 3:header:法人:1:1 | 4:header:总计:1:1",
            "0:stub:本年新收:1:2 | 2:value:3:1:1 | 3:value::1:1 | 4:value:3:1:1",
            "0:stub:不予公开:2:1 | 1:stub:属于国家秘密:1:1 | 2:value:0:1:1 | 3:value:0:1:1"
            " | 4:value:0:1:1",
            "1:stub:其他:1:1 | 2:value:1:1:1 | 3:value:0:1:1 | 4:value:1:1:1",
            "0:caption:第二十条第（一）项:1:5",
            "0:header:信息内容:1:2 | 2:header:制发:1:1 | 3:header:废止:1:1 | 4:header:现行有效:1:1",
            "0:stub:规章:1:2 | 2:value:4:1:1 | 3:value:0:1:1 | 4:value:19:1:1",
        ),
    )


def compose_table(composer: Composer, table: Table, split: int) -> None:
    """Set *table*, with a page break and repeated head before row *split*."""
    wide, high = 88.0, 24.0
    for row, members in enumerate(table.rows):
        if row == split:
            composer.turn()
            for cell in (c for r in table.rows[: table.header_rows] for c in r):
                at = composer.y + cell.row * high
                composer.pages[-1] += runs(
                    LEFT + cell.column * wide, at, cell.text, None, "宋体", 10.5
                )
            composer.y += table.header_rows * high
        for cell in members:
            x = LEFT + cell.column * wide
            top = composer.y - 16
            if cell.role != "value":
                composer.pages[-1].append(Fill(x, top, wide * cell.column_span, high, "E8EEF4"))
            if cell.text:
                composer.pages[-1] += runs(x + 2, composer.y, cell.text, cell, "宋体", 10.5)
        bottom = composer.y + 8
        composer.pages[-1].append(RuleLine(LEFT, bottom, LEFT + wide * 5, bottom, 0.5))
        composer.y += high


def sample() -> tuple[Document, Pagination]:
    """Return a document of three pages and more with everything in it."""
    title = Heading(0, "body", (Run("阜阳市应急管理局2020年政府信息公开工作年度报告"),), "title")
    section = Heading(1, "body", (Run("一、总体情况"),), "s1")
    below = Heading(2, "body", (Run("（一）主动公开"),), "s1-1")
    deep = Heading(4, "body", (Run("（1）跳级标题"),), "s1-1-1")
    opening = Paragraph("body", (Run("全年受理申请3件，同比增长12.5%，面积"), Run(RARE), Run("。")))
    long = Paragraph("body", (Run("这一段文字跨过一页，" * 4),))
    linked = Paragraph(
        "body", (Run("详见"), Run("门户网站", link=LINK), Run("专栏，谢谢。", bold=True))
    )
    items = tuple(
        ListItem(f"{n}.", Paragraph("body", (Run(f"第{n}项工作已完成"),))) for n in (1, 2)
    )
    listing = ItemList("body", True, items)
    table = sample_table()
    pictures = FigureGroup(
        (
            figure(png(), "门户网站公开专栏截图", "图1 公开专栏"),
            figure(jpeg(), "新闻发布会照片"),
            figure(png(colour=3, bits=2), "调色板图片"),
            figure(png(colour=0), "灰度图片"),
        )
    )
    signature = Signature(
        Paragraph("body", (Run("阜阳市应急管理局"),)), Paragraph("body", (Run("2021年1月26日"),))
    )
    last = Heading(1, "body", (Run("二、存在的问题"),), "s2")
    blocks = (
        title,
        section,
        below,
        opening,
        long,
        deep,
        listing,
        table,
        pictures,
        last,
        linked,
        signature,
    )
    made = document(
        blocks,
        attachments=(Attachment("报告.yaml", "application/yaml", SOURCE.encode(), "源数据"),),
    )
    return made, _compose(made)


def _compose(made: Document) -> Pagination:
    (
        title,
        section,
        below,
        opening,
        long,
        deep,
        listing,
        table,
        pictures,
        last,
        linked,
        signature,
    ) = made.blocks
    assert isinstance(listing, ItemList)
    assert isinstance(pictures, FigureGroup)
    assert isinstance(linked, Paragraph)
    assert isinstance(signature, Signature)
    composer = Composer()
    composer.pages[-1].append(_watermark())
    composer.heading(title, "小标宋")  # type: ignore[arg-type]
    composer.heading(section, "黑体")  # type: ignore[arg-type]
    composer.heading(below, "楷体")  # type: ignore[arg-type]
    composer.line(opening.text, opening)  # type: ignore[union-attr, arg-type]
    half = len(long.text) // 2  # type: ignore[union-attr]
    composer.line(long.text[:half], long)  # type: ignore[union-attr, arg-type]
    composer.turn()
    composer.line(long.text[half:], long)  # type: ignore[union-attr, arg-type]
    composer.heading(deep, "仿宋")  # type: ignore[arg-type]
    for item in listing.items:
        composer.pages[-1] += runs(LEFT, composer.y, item.marker, item, part="marker")
        composer.line(item.paragraph.text, item.paragraph, x=LEFT + 30)
    compose_table(composer, table, 4)  # type: ignore[arg-type]
    for picture in pictures.figures:
        composer.pages[-1].append(Image(LEFT, composer.y, 120, 80, picture))
        composer.y += 100
        if picture.caption:
            composer.line(picture.caption.text, picture.caption, "楷体")
    composer.turn()
    composer.heading(last, "黑体")  # type: ignore[arg-type]
    x = LEFT
    for run in linked.runs:
        bold: dict[str, object] = {"stroke": 0.4, "shear": 0.2} if run.bold else {}
        found = runs(x, composer.y, run.text, linked, link=run.link, **bold)  # type: ignore[arg-type]
        composer.pages[-1] += found
        x = found[-1].x + found[-1].width
    composer.y += 29
    composer.line(signature.organ.text, signature.organ, x=300)
    composer.line(signature.date.text, signature.date, x=300)
    return composer.finish(signature)


def _watermark() -> TurnedText:
    (run,) = runs(-118.4, 45.6, "草稿", None, "黑体", 120.0, colour="E0E0E0", artifact="watermark")
    return TurnedText(WIDTH / 2, HEIGHT / 2, 45, run)


def written(profile: str = "a-3a", *, signature_field: bool = False) -> bytes:
    """Return the sample as a PDF."""
    made, pages = sample()
    buffer = io.BytesIO()
    write_pdf(made, pages, fonts(), buffer, profile=profile, signature_field=signature_field)
    return buffer.getvalue()


def main(folder: Path) -> None:
    """Write the sample in every profile, for the validators."""
    for profile in PROFILES:
        (folder / f"sample-{profile}.pdf").write_bytes(written(profile))


if __name__ == "__main__":
    main(Path(sys.argv[1]))


def flat(elements: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for element in elements:
        yield element
        yield from flat(element.get("children", []))
