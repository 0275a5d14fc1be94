"""Conversion of the document to plain data, which a Jinja2 template renders.

The template of the page makes a whole page, that of the fragment what is pasted into the editor
of a website: it has no head and no style sheet, and each element has its own style.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import accumulate, chain
from pathlib import Path
from typing import BinaryIO

from reportgen.charts import Drawing, QrCode
from reportgen.directions import base_direction
from reportgen.document.nodes import (
    CHART_STYLE,
    HEAD_ROLES,
    Block,
    Cell,
    Document,
    Figure,
    FigureGroup,
    Heading,
    ItemList,
    ListItem,
    Paragraph,
    Signature,
    Table,
    gravest,
    rows_with_headers,
    walk_text,
)
from reportgen.files import resource_folder
from reportgen.located import load_data
from reportgen.pictures import PictureSource
from reportgen.problems import EnvironmentProblem
from reportgen.sandbox import Evaluation, Files, Sandbox, markup, run_pieces
from reportgen.styles import Align, CellRole, Style, StyleSheet
from reportgen.text import LINE_FEED, Run, is_web_address, one_line, plain_text, unreachable
from reportgen.writers.html.figures import drawing_data, picture_names, shown_width
from reportgen.writers.html.guard import guarded, safe_fragment, whole_lines
from reportgen.writers.html.omissions import PageText
from reportgen.writers.html.texts import LONG_WORD, clean, parts_of, scripts
from reportgen.writing_systems import writings

PAGE_FILE = "page.html.j2"
FRAGMENT_FILE = "fragment.html.j2"
STYLE_SUFFIX = ".css.j2"
"""The suffix of templates that are style sheets; all others are HTML."""

_STEPS, _MARKUP, _COPIES = 400, 4_000, 20
"""The bounds for each cell or run: expressions, characters of markup, copies of its text."""


def write_html(
    document: Document,
    stream: BinaryIO,
    files: Files,
    font_stacks: Mapping[str, str],
    html_shape: str = "page",
) -> None:
    """Write *document* to *stream* as a UTF-8 HTML5 page; only one picture is in memory at a time.

    *files* returns the templates by name, *font_stacks* is the value of ``font-family`` for each
    role.  With *html_shape* ``fragment`` it is a part of a page, and with ``fragment-files`` one
    that shows the files of :func:`reportgen.writers.html.picture_files`.  Equal documents give
    equal bytes.
    Raises KeyError if the document names a style that its sheet lacks, and EnvironmentProblem if
    a template is wrong or leaves something out, or if a style names an unknown role.
    """
    whole = html_shape == "page"
    name = PAGE_FILE if whole else FRAGMENT_FILE
    template = files(name)
    if template is None:
        raise EnvironmentProblem(f"安装不完整：缺少模板 {name}", "请重新安装 reportgen")
    evaluation = _evaluation(document, files)
    names = picture_names(document) if html_shape == "fragment-files" else {}
    data = _page(document, font_stacks, evaluation, names)
    pieces = run_pieces(_environment(), template, data, evaluation)
    page = None if _is_shipped(template.path) else PageText()
    checked = guarded(pieces, template.path) if whole else whole_lines(pieces)
    if not whole and not _is_shipped(template.path):
        checked = safe_fragment(checked, template.path)
    for lines in checked:
        stream.write(lines.encode("utf-8"))
        if page:
            page.feed(lines)
    if missing := page.omissions(document) if page else []:
        more = f" 等 {len(missing)} 处" if len(missing) > _MOST_TOLD else ""
        raise EnvironmentProblem(
            f"{template.path} 模板有误：网页里没有印出{'、'.join(missing[:_MOST_TOLD])}{more}",
            f"照随程序提供的 {name}，按 blocks 的次序印出每个标题、每段文字、每张表、每幅图",
        )


_MOST_TOLD = 5


def _is_shipped(path: str) -> bool:
    return Path(path).is_relative_to(resource_folder("templates"))


@cache
def _environment() -> Sandbox:
    def is_html(name: str | None) -> bool:
        return not (name or "").endswith(STYLE_SUFFIX)

    filters: dict[str, Callable[..., str]] = {
        "pt": _points,
        "number": _number,
        "scripts": partial(scripts, number=' class="number"'),
        "scripts_inline": partial(scripts, number=' style="white-space:nowrap"'),
    }
    return Sandbox(filters, {}, autoescape=is_html, clean=clean)


def _points(length: float) -> str:
    return f"{_number(length)}pt"


def _number(value: float) -> str:
    """Return *value* with at most three decimals, never in exponent notation."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _evaluation(document: Document, files: Files) -> Evaluation:
    """Return the bounds for a page: the usual ones, increased with the length of *document*."""
    tables = [block for block in document.blocks if isinstance(block, Table)]
    lists = [block for block in document.blocks if isinstance(block, ItemList)]
    texts = [run.text for _, run in walk_text(document)]
    parts = sum(len(row) for table in tables for row in table.rows) + len(texts)
    parts += len(document.blocks) + sum(len(block.items) for block in lists)
    usual = Evaluation(files=files)
    usual.max_steps += parts * _STEPS
    usual.max_size += parts * _MARKUP + sum(map(len, texts)) * _COPIES
    return usual


def _page(
    document: Document,
    font_stacks: Mapping[str, str],
    evaluation: Evaluation,
    names: Mapping[str, str],
) -> dict[str, object]:
    """Return the variables of the page's templates, which docs/templates.md documents."""
    meta, sheet = document.metadata, document.sheet
    styles = [_style(style, font_stacks) for style in sheet.styles.values()]
    blocks = Blocks(document, evaluation, names)
    return {
        "meta": {
            "title": one_line(meta.title),
            "author": one_line(meta.author),
            "description": one_line(meta.subject),
            "keywords": one_line(",".join(meta.keywords)),
            "date": meta.date,
        },
        "watermark": document.watermark,
        "stamp": document.stamp,
        "has_findings": bool(document.findings),
        "has_landscape": any(isinstance(b, Table) and b.landscape for b in document.blocks),
        "sheet": _sheet(sheet),
        "styles": styles,
        "looks": {style["class"]: style for style in styles},
        "blocks": list(blocks.all()),
        "footnotes": list(blocks.footnotes()),
    }


_TABLE_LENGTHS = ("rule", "padding_x", "padding_y", "min_row_height")


def _sheet(sheet: StyleSheet) -> dict[str, object]:
    page, table, figure = sheet.page, sheet.table, sheet.figure
    lengths = ("width", "height", "top", "right", "bottom", "left", "text_width", "text_height")
    return {
        "page": _lengths(page, (*lengths, "line_pitch")),
        "table": _lengths(table, _TABLE_LENGTHS),
        "figure": _lengths(figure, ("gap", "max_height", "space_before", "space_after")),
        "shades": [
            {"class": css_class(role, "r"), "colour": colour}
            for role, colour in table.shades.items()
        ],
        "finding_number": sheet.finding.number,
    }


def _lengths(look: object, names: Iterable[str]) -> dict[str, float]:
    return {name: getattr(look, name) for name in names}


def _style(style: Style, font_stacks: Mapping[str, str]) -> dict[str, object]:
    names = (
        "size", "line_pitch", "align", "first_line", "indent", "right_indent", "space_before",
        "space_after", "bold", "colour",
    )  # fmt: skip
    if style.face not in font_stacks:
        message = f"style.yaml 中“{style.label}”的字体“{style.face}”不存在"
        raise EnvironmentProblem(message, f"可用的字体：{'、'.join(font_stacks)}")
    return {
        "class": css_class(style.name),
        "family": font_stacks[style.face],
        "spacing": style.pitch - style.size,
        **{name: getattr(style, name) for name in names},
    }


_COLUMN_HEADS = (CellRole.CAPTION, CellRole.HEADER)

Data = dict[str, object]


def css_class(name: str, prefix: str = "s") -> str:
    """Return the CSS class for the style *name*, which may contain any character."""
    return f"{prefix}-" + re.sub(r"[^\w-]", "-", name)


class Blocks:
    """The blocks of *document* as plain data.

    When a template reads a picture, the bounds of *evaluation* are increased by its size.
    *names* are those of the files of pictures, by digest.
    """

    def __init__(
        self, document: Document, evaluation: Evaluation, names: Mapping[str, str] | None = None
    ) -> None:
        self._document = document
        self._names = names or {}
        self._evaluation = evaluation
        self._tables = 0
        self._titles: Counter[str] = Counter()

    def all(self) -> Iterator[Data]:
        """Yield all blocks; the key ``kind`` distinguishes them."""
        return map(self._block, self._document.blocks)

    def footnotes(self) -> Iterator[Data]:
        """Yield the footnotes in the order of their numbers."""
        for number, item in enumerate(self._document.footnotes, 1):
            name = self._class(item.paragraph.style)
            yield self._item(item, ordered=False) | {"number": number, "class": name}

    def _block(self, block: Block) -> Data:
        if isinstance(block, Heading):
            rank = min(block.level + 1, 6)
            return self._text("heading", block) | {"rank": rank, "anchor": block.anchor}
        if isinstance(block, Paragraph):
            ragged = self._is_ragged(block)
            return self._text("paragraph", block) | {"ragged": ragged}
        if isinstance(block, ItemList):
            return self._list(block)
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, FigureGroup):
            return {"kind": "figures", "figures": [self._figure(each) for each in block.figures]}
        if isinstance(block, Signature):
            organ, date = self._text("organ", block.organ), self._text("date", block.date)
            centred = any(run.text == LINE_FEED for run in block.organ.runs)
            return {"kind": "signature", "organ": organ, "date": date, "centred": centred}
        return unreachable(block)

    def _class(self, style: str) -> str:
        return css_class(self._document.sheet[style].name)

    def _text(self, kind: str, node: Paragraph | Heading) -> Data:
        breaks = node.breaks if isinstance(node, Heading) else ()
        runs, turned = self._runs(node.runs, breaks), base_direction(node.text) == 1
        return {"kind": kind, "class": self._class(node.style), "rtl": turned, "runs": runs}

    def _is_ragged(self, paragraph: Paragraph) -> bool:
        """Return whether *paragraph* is set ragged although its style is justified.

        Where an address does not fit on a line, justification would tear the rest of it apart.
        """
        style = self._document.sheet[paragraph.style]
        return style.align == Align.JUSTIFY and LONG_WORD.search(paragraph.text) is not None

    def _list(self, block: ItemList) -> Data:
        items = [self._item(item, block.ordered) for item in block.items]
        ordered, name = block.ordered, self._class(block.style)
        hanging = self._document.sheet[block.style].hanging
        return {
            "kind": "list", "class": name, "ordered": ordered, "hanging": hanging, "items": items,
        }  # fmt: skip

    def _item(self, item: ListItem, ordered: bool) -> Data:
        """Return one item; its marker is text, so that it is the same as in the other outputs."""
        digits = re.search(r"[0-9]{1,9}", item.marker) if ordered else None
        number = int(digits[0]) if digits else None
        return {
            "marker": item.marker,
            "number": number,
            "ragged": self._is_ragged(item.paragraph),
            "rtl": base_direction(item.paragraph.text) == 1,
            "runs": self._runs(item.paragraph.runs),
        }

    def _table(self, table: Table) -> Data:
        head, look = _head_rows(table), table.look
        self._tables += 1
        # Scope is enough where the only head is at the top.
        is_deep = any(cell.role in _COLUMN_HEADS for row in table.rows[head:] for cell in row)
        prefix = f"t{self._tables}" if is_deep else ""
        rows = [
            [self._cell(cell, headers, prefix, cell.row < head) for cell, headers in row]
            for row in rows_with_headers(table)
        ]
        return {
            "kind": "table",
            "title": table.title,
            "label": self._label(table.title),
            "caption": self._text("caption", table.caption) if table.caption else None,
            "landscape": table.landscape,
            "widths": [width * 100 for width in table.widths],
            "look": _lengths(look, _TABLE_LENGTHS) if look else None,
            "head": rows[:head],
            "body": rows[head:],
        }

    def _label(self, title: str) -> str:
        """Return *title*, with its number if other tables before have the same one."""
        self._titles[title] += 1
        count = self._titles[title]
        return title if count == 1 else f"{title}（{count}）"

    def _cell(self, cell: Cell, headers: Sequence[Cell], prefix: str, in_head: bool) -> Data:
        """Return *cell*; with a *prefix* the cells of its table refer to their *headers* by ID."""
        is_head = cell.role in HEAD_ROLES
        scope = "row" if cell.role == CellRole.STUB and not in_head else "col"
        return {
            "tag": "th" if is_head else "td",
            "class": f"{self._class(cell.style)} {css_class(cell.role, 'r')}",
            "look": self._class(cell.style),
            "shade": self._document.sheet.table.shades.get(cell.role, ""),
            "scope": scope if is_head else "",
            "id": _cell_id(prefix, cell) if is_head and prefix else "",
            "headers": " ".join(_cell_id(prefix, head) for head in headers) if prefix else "",
            "row_span": cell.row_span,
            "column_span": cell.column_span,
            "name": cell.name,
            "is_number": cell.is_number,
            "note": self._note(cell.notes),
            "rtl": base_direction(cell.text) == 1,
            "runs": self._runs(cell.runs),
        }

    def _figure(self, figure: Figure) -> Data:
        width, height = figure.pixels
        numbers = ",".join(map(str, figure.notes)) if self._document.findings else ""
        return {
            "share": figure.width * 100 if figure.width else None,
            "width": width,
            "height": height,
            "shown_width": shown_width(figure, self._document.sheet),
            "is_long": bool(figure.parts),
            "is_code": isinstance(figure.what, QrCode),
            "note": numbers,
            "type": figure.kind,
            "data": self._data(figure.picture),
            "file": self._names.get(figure.digest, ""),
            "drawing": self._drawing(figure.drawing) if figure.drawing else None,
            "alt": figure.alt,
            "caption": self._text("caption", figure.caption) if figure.caption else None,
        }

    def _drawing(self, drawing: Drawing) -> Data:
        return drawing_data(drawing) | {"class": self._class(CHART_STYLE)}

    def _data(self, picture: PictureSource) -> Callable[[], str]:
        """Return a function that reads *picture* and returns it in Base64.

        The template calls it where it writes the picture.
        """
        allowed = 0

        def data() -> str:
            nonlocal allowed
            text = base64.b64encode(picture.read()).decode("ascii")
            self._evaluation.max_size += len(text) - allowed
            allowed = len(text)
            return markup(text)

        return data

    def _runs(self, runs: Sequence[Run], breaks: Collection[int] = ()) -> list[Data]:
        whole = plain_text(tuple(runs))
        ends = list(accumulate(len(run.text) for run in runs))
        spans = zip(runs, [0, *ends], ends, strict=False)
        return [
            self._run(run, parts_of(writings(whole, start, end), start, breaks))
            for run, start, end in spans
        ]

    def _run(self, run: Run, parts: Sequence[Data]) -> Data:
        # Other links (javascript:, data:, files) are dropped.
        safe = run.link and (run.link.startswith("#") or is_web_address(run.link))
        link = run.link if safe else ""
        return {
            "text": run.text,
            "parts": parts,
            "is_break": run.text == "\n",
            "bold": run.bold,
            "italic": run.italic,
            "link": link,
            "footnote": run.footnote,
            "note": self._note(run.notes),
        }

    def _note(self, notes: tuple[int, ...]) -> Data | None:
        """Return the finding mark for the findings numbered *notes*; None if there are none.

        The style sheet shows the numbers, so that they are not part of the text.
        """
        findings = self._document.findings
        worst = gravest(findings, notes)
        if worst is None:
            return None
        found = [finding for finding in findings if finding.number in notes]
        return {
            "shade": self._document.sheet.finding.shades[worst.severity],
            "numbers": ",".join(str(item.number) for item in found),
            "title": "\n".join(f"{item.number} {item.label}：{item.message}" for item in found),
        }


def _cell_id(prefix: str, cell: Cell) -> str:
    return f"{prefix}r{cell.row}c{cell.column}"


def _head_rows(table: Table) -> int:
    """Return the number of rows in the ``thead``; 0 if one of their cells extends below them."""
    head = table.header_rows
    reach = max((c.row + c.row_span for row in table.rows[:head] for c in row), default=0)
    return head if reach <= head else 0


_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")


def load_font_stacks(manifest: Path) -> dict[str, str]:
    """Return the value of CSS ``font-family`` for each role in *manifest*.

    Raises KeyError if an entry is incomplete.
    """
    return {
        role: _stack(chain(spec["system"], spec["browser"]))
        for role, spec in load_data(manifest)["faces"].items()
    }


def _stack(families: Iterable[object]) -> str:
    names = dict.fromkeys(str(family) for family in families)
    return ",".join(name if _IDENTIFIER.fullmatch(name) else f'"{name}"' for name in names)
