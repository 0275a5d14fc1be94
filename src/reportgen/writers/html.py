"""Document → one self-contained HTML5 page.

The page carries its style sheet, made from the document's own styles, and its
pictures; it loads nothing and runs nothing.  The browser lays out: this module
knows no page and no font file.  Equal documents give equal bytes.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import BinaryIO

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
    gravest,
)
from reportgen.styles import PageGeometry, Style, StyleSheet
from reportgen.text import Run

FONT_STACKS = {
    "小标宋": "方正小标宋简体,FZXiaoBiaoSong-B05S,方正小标宋_GBK,STZhongsong,华文中宋,"
    'SimSun,宋体,"Songti SC","Noto Serif CJK SC",serif',
    "仿宋": "仿宋_GB2312,FangSong_GB2312,方正仿宋_GBK,仿宋,FangSong,STFangsong,华文仿宋,"
    '"Noto Serif CJK SC",serif',
    "楷体": '楷体_GB2312,KaiTi_GB2312,方正楷体_GBK,楷体,KaiTi,STKaiti,华文楷体,"Kaiti SC",serif',
    "黑体": '黑体,SimHei,方正黑体_GBK,STHeiti,华文黑体,"Heiti SC","Noto Sans CJK SC",sans-serif',
}
DEFAULT_FONT_STACK = (
    '宋体,SimSun,"Songti SC",STSong,"Noto Serif CJK SC","Source Han Serif SC",serif'
)
"""Font families by the role of ``fonts/faces.yaml``; a browser takes the first it has."""

HEAD_ROLES = ("caption", "header", "stub")
"""The roles of the cells that are ``th``."""

_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:|#)", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_FIXED_CSS = """\
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:#fff;color:#000;line-break:strict;overflow-wrap:anywhere}
h1,h2,h3,h4,h5,p,ol,ul,figure{margin:0;padding:0;font-weight:normal}
ol,ul{list-style:none}
strong{font-weight:bold}
em{font-style:italic}
a{color:inherit}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.table{overflow-x:auto;margin:8pt 0}
table{width:100%;border-collapse:collapse;table-layout:fixed}
th{font-weight:inherit}
.figures{display:flex;flex-wrap:wrap;justify-content:center;align-items:flex-start}
figure{max-width:100%}
figure img{display:block;width:100%;height:auto;margin:0 auto}
.signature{display:flex;margin-top:24pt;justify-content:flex-end;break-inside:avoid}
.signature p{text-align:left;text-indent:0}
.signature p+p{padding-left:2em}
.watermark{position:fixed;inset:0;z-index:-1;display:flex;align-items:center;justify-content:center;\
transform:rotate(-45deg);white-space:nowrap;pointer-events:none}
.stamp{position:sticky;top:0;padding:2pt 8pt;background:#fff}
@media screen{table{min-width:calc(var(--columns)*2.4em)}}
@media print{
.stamp{position:static}
thead{display:table-header-group}
tr,figure{break-inside:avoid}
h1,h2,h3,h4,h5{break-after:avoid}
*{print-color-adjust:exact}
}
"""


def write_html(document: Document, stream: BinaryIO) -> None:
    """Write *document* to *stream* as one UTF-8 HTML5 page, a picture at a time.

    KeyError when the document names a style its sheet lacks.
    """
    for piece in _page(document):
        stream.write(piece.encode("utf-8"))


def _page(document: Document) -> Iterator[str]:
    yield "<!DOCTYPE html>\n"
    yield f'<html lang="{_escape(document.metadata.language)}">\n<head>\n'
    yield from _head(document.metadata)
    yield f"<style>\n{_style_sheet(document)}</style>\n</head>\n<body>\n"
    yield from _draft_marks(document)
    yield "<main>\n"
    for block in document.blocks:
        yield from _block(block, document)
    yield "</main>\n</body>\n</html>\n"


def _head(metadata: Metadata) -> Iterator[str]:
    yield '<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{_escape(metadata.title)}</title>\n"
    named = {
        "author": metadata.author,
        "description": metadata.subject,
        "keywords": ",".join(metadata.keywords),
        "dcterms.date": metadata.date,
    }
    for name, content in named.items():
        yield f'<meta name="{name}" content="{_escape(content)}">\n'


def _draft_marks(document: Document) -> Iterator[str]:
    if document.watermark:
        text = _escape(document.watermark)
        yield f'<div class="watermark {_class("watermark")}" aria-hidden="true">{text}</div>\n'
    if document.stamp:
        yield f'<p class="stamp {_class("stamp")}" role="note">{_escape(document.stamp)}</p>\n'


def _block(block: Block, document: Document) -> Iterator[str]:
    if isinstance(block, Heading):
        yield _heading(block, document)
    elif isinstance(block, Paragraph):
        yield _text_element("p", block, document)
    elif isinstance(block, ItemList):
        yield from _list(block, document)
    elif isinstance(block, Table):
        yield from _table(block, document)
    elif isinstance(block, FigureGroup):
        yield from _figures(block, document)
    else:
        yield from _signature(block, document)


def _heading(heading: Heading, document: Document) -> str:
    tag = f"h{min(heading.level + 1, 6)}"
    return _text_element(tag, heading, document, f' id="{_escape(heading.anchor)}"')


def _text_element(
    tag: str, node: Paragraph | Heading, document: Document, attributes: str = ""
) -> str:
    name = _class(document.sheet[node.style].name)
    return f'<{tag} class="{name}"{attributes}>{_inline(node.runs, document)}</{tag}>\n'


def _list(block: ItemList, document: Document) -> Iterator[str]:
    tag = "ol" if block.ordered else "ul"
    yield f'<{tag} class="{_class(document.sheet[block.style].name)}" role="list">\n'
    for item in block.items:
        yield _list_item(item, block.ordered, document)
    yield f"</{tag}>\n"


def _list_item(item: ListItem, ordered: bool, document: Document) -> str:
    """Return one item; the marker is text, so that it is what the other outputs print."""
    digits = re.search(r"[0-9]{1,9}", item.marker) if ordered else None
    value = f' value="{int(digits[0])}"' if digits else ""
    marker = f'<span class="marker">{_escape(item.marker)}</span>'
    return f"<li{value}>{marker}{_inline(item.paragraph.runs, document)}</li>\n"


def _table(table: Table, document: Document) -> Iterator[str]:
    title = _escape(table.title)
    kind = "table landscape" if table.landscape else "table"
    yield f'<div class="{kind}" role="region" aria-label="{title}" tabindex="0">\n'
    yield f'<table style="--columns:{len(table.widths)}">\n'
    yield f'<caption><span class="hidden">{title}</span></caption>\n<colgroup>'
    for width in table.widths:
        yield f'<col style="width:{_number(width * 100)}%">'
    yield "</colgroup>\n"
    head = _head_rows(table)
    yield from _row_group("thead", table.rows[:head], head, document)
    yield from _row_group("tbody", table.rows[head:], head, document)
    yield "</table>\n</div>\n"


def _head_rows(table: Table) -> int:
    """Return how many rows form the thead: none if a cell reaches out of them."""
    head = table.header_rows
    reach = max((c.row + c.row_span for row in table.rows[:head] for c in row), default=0)
    return head if reach <= head else 0


def _row_group(
    tag: str, rows: Sequence[Sequence[Cell]], head: int, document: Document
) -> Iterator[str]:
    if not rows:
        return
    yield f"<{tag}>\n"
    for row in rows:
        yield "<tr>"
        for cell in row:
            yield _cell(cell, cell.row < head, document)
        yield "</tr>\n"
    yield f"</{tag}>\n"


def _cell(cell: Cell, in_head: bool, document: Document) -> str:
    tag = "th" if cell.role in HEAD_ROLES else "td"
    attributes = [f'class="{_class(document.sheet[cell.style].name)} {_class(cell.role, "r")}"']
    if tag == "th":
        scope = "row" if cell.role == "stub" and not in_head else "col"
        attributes.append(f'scope="{scope}"')
    if cell.row_span > 1:
        attributes.append(f'rowspan="{cell.row_span}"')
    if cell.column_span > 1:
        attributes.append(f'colspan="{cell.column_span}"')
    if cell.name:
        attributes.append(f'data-cell="{_escape(cell.name)}"')
    if note := _note(cell.notes, document):
        attributes.append(note)
    return f"<{tag} {' '.join(attributes)}>{_inline(cell.runs, document)}</{tag}>"


def _figures(group: FigureGroup, document: Document) -> Iterator[str]:
    yield '<div class="figures">\n'
    for figure in group.figures:
        yield from _figure(figure, document)
    yield "</div>\n"


def _figure(figure: Figure, document: Document) -> Iterator[str]:
    width, height = figure.pixels
    share = f"{_number(figure.width * 100)}%" if figure.width else f"{width}px"
    limit = f"calc({_points(document.sheet.figure.max_height)}*{width}/{height})"
    data = base64.b64encode(figure.picture.read()).decode("ascii")
    yield f'<figure style="width:min({share},{limit})"{_figure_note(figure, document)}>\n'
    yield f'<img src="data:image/{_escape(figure.kind)};base64,{data}"'
    yield f' alt="{_escape(figure.alt)}" width="{width}" height="{height}">\n'
    if figure.caption:
        yield _text_element("figcaption", figure.caption, document)
    yield "</figure>\n"


def _figure_note(figure: Figure, document: Document) -> str:
    numbers = ",".join(map(str, figure.notes)) if document.findings else ""
    return f' data-note="{numbers}"' if numbers else ""


def _signature(signature: Signature, document: Document) -> Iterator[str]:
    yield '<div class="signature"><div>\n'
    yield _text_element("p", signature.organ, document)
    yield _text_element("p", signature.date, document)
    yield "</div></div>\n"


def _inline(runs: Sequence[Run], document: Document) -> str:
    return "".join(_run(run, document) for run in runs)


def _run(run: Run, document: Document) -> str:
    if run.text == "\n":
        return "<br>"
    text = _escape(run.text)
    if run.italic:
        text = f"<em>{text}</em>"
    if run.bold:
        text = f"<strong>{text}</strong>"
    # Whatever else a link may name (javascript:, data:, a file) has no business in a public page.
    if run.link and _SAFE_LINK.match(run.link):
        text = f'<a href="{_escape(run.link)}">{text}</a>'
    note = _note(run.notes, document)
    return f"<mark {note}>{text}</mark>" if note else text


def _note(notes: tuple[int, ...], document: Document) -> str:
    """Return the attributes of what the findings *notes* point at; empty if none does.

    The numbers are shown by the style sheet, so that the text stays what it is.
    """
    worst = gravest(document.findings, notes)
    if worst is None:
        return ""
    found = [finding for finding in document.findings if finding.number in notes]
    title = "\n".join(f"{item.number} {item.label}：{item.message}" for item in found)
    numbers = ",".join(str(item.number) for item in found)
    return (
        f'style="background:#{document.sheet.finding.shades[worst.severity]}"'
        f' data-note="{numbers}" title="{_escape(title)}"'
    )


def _escape(text: str) -> str:
    """Return *text* safe in content and in quoted attributes; what HTML cannot hold is dropped."""
    return escape(_UNPRINTABLE.sub("", text), quote=True)


def _style_sheet(document: Document) -> str:
    sheet = document.sheet
    shades = [
        f".{_class(role, 'r')}{{background:#{c}}}\n" for role, c in sheet.table.shades.items()
    ]
    styles = [_style_rule(style) for style in sheet.styles.values()]
    marks = [_marks_css(sheet)] if document.findings else []
    if any(isinstance(block, Table) and block.landscape for block in document.blocks):
        marks.append(_landscape_css(sheet.page))
    return "".join([_FIXED_CSS, _geometry(sheet), *shades, *styles, *marks]).replace("<", "")


def _landscape_css(page: PageGeometry) -> str:
    """Return the rules of tables across the page: as wide as in print, on turned pages there."""
    margins = _points(page.left, page.top, page.right, page.bottom)
    return (
        f"@page landscape{{size:{_points(page.height, page.width)};margin:{margins}}}\n"
        f"@media screen{{.landscape table{{min-width:{_points(page.text_height)}}}}}\n"
        "@media print{.landscape{page:landscape}}\n"
    )


def _marks_css(sheet: StyleSheet) -> str:
    """Return the rules of a draft's marks: numbers beside text, in the corners of cells."""
    return (
        "mark{color:inherit}\n"
        f"[data-note]::after{{content:attr(data-note);color:#{sheet.finding.number};"
        "font:8pt sans-serif;line-height:1;letter-spacing:0;vertical-align:super}\n"
        "td[data-note],th[data-note],figure[data-note]{position:relative}\n"
        "td[data-note]::after,th[data-note]::after,figure[data-note]::after"
        "{position:absolute;top:1pt;right:1pt}\n"
        f"h2#findings{{break-before:page;margin-top:{_points(sheet.page.line_pitch)}}}\n"
    )


def _geometry(sheet: StyleSheet) -> str:
    page, table, figure = sheet.page, sheet.table, sheet.figure
    margins = _points(page.top, page.right, page.bottom, page.left)
    return (
        f"@page{{size:{_points(page.width, page.height)};margin:{margins}}}\n"
        f"main{{width:{_points(page.text_width)};max-width:100%;margin:0 auto;padding:40pt 0}}\n"
        f"@media screen and (max-width:{_points(page.width)}){{main{{padding:16pt}}}}\n"
        "@media print{main{width:auto;padding:0}}\n"
        f"th,td{{border:{_points(table.rule)} solid #000;height:{_points(table.min_row_height)};"
        f"padding:{_points(table.padding_y, table.padding_x)}}}\n"
        f".figures{{gap:{_points(figure.gap)};"
        f"margin:{_points(figure.space_before)} 0 {_points(figure.space_after)}}}\n"
    )


def _style_rule(style: Style) -> str:
    declarations = {
        "font-family": FONT_STACKS.get(style.face, DEFAULT_FONT_STACK),
        "font-size": _points(style.size),
        "line-height": _points(style.line_pitch),
        "text-align": style.align,
        "letter-spacing": _points(style.pitch - style.size),
        "text-indent": f"{_number(style.first_line)}em",
        "padding-left": f"{_number(style.indent)}em" if style.indent else "",
        "padding-right": f"{_number(style.right_indent)}em" if style.right_indent else "",
        "margin-top": _points(style.space_before),
        "margin-bottom": _points(style.space_after),
        "font-weight": "bold" if style.bold else "normal",
        "color": f"#{style.colour}",
    }
    body = ";".join(f"{name}:{value}" for name, value in declarations.items() if value)
    return f".{_class(style.name)}{{{body}}}\n"


def _class(name: str, prefix: str = "s") -> str:
    """Return the CSS class of style *name*; a user's own style may be called anything."""
    return f"{prefix}-" + re.sub(r"[^\w-]", "-", name)


def _points(*lengths: float) -> str:
    return " ".join(f"{_number(length)}pt" for length in lengths)


def _number(value: float) -> str:
    """Return *value* with at most three decimals, never in exponent notation."""
    return f"{value:.3f}".rstrip("0").rstrip(".")
