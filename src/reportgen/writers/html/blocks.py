"""The blocks of a document as plain data, which the templates of a page print.

docs/templates.md lists their names.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from reportgen.document.nodes import (
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
)
from reportgen.pictures import PictureSource
from reportgen.sandbox import Evaluation, markup
from reportgen.styles import Align, CellRole
from reportgen.text import LINE_FEED, Run, is_web_address, unreachable

_LONG_WORD = re.compile(r"[!-~]{16,}")
"""A Western word that would leave gaps of half a character and more before it."""
_COLUMN_HEADS = (CellRole.CAPTION, CellRole.HEADER)

Data = dict[str, object]
_PIXELS = 96 / 72
"""CSS pixels in a point."""


def css_class(name: str, prefix: str = "s") -> str:
    """Return the CSS class for the style *name*, which may contain any character."""
    return f"{prefix}-" + re.sub(r"[^\w-]", "-", name)


TABLE_LENGTHS = ("rule", "padding_x", "padding_y", "min_row_height")
"""The lengths of the look of a table."""


def lengths_of(look: object, names: Iterable[str]) -> dict[str, float]:
    """Return the lengths *names* of *look*, in points."""
    return {name: getattr(look, name) for name in names}


class Blocks:
    """The blocks of *document* as plain data.

    When a template reads a picture, the bounds of *evaluation* are increased by its size.
    """

    def __init__(self, document: Document, evaluation: Evaluation) -> None:
        self._document = document
        self._evaluation = evaluation
        self._tables = 0

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
        return {"kind": kind, "class": self._class(node.style), "runs": self._runs(node.runs)}

    def _is_ragged(self, paragraph: Paragraph) -> bool:
        """Return whether *paragraph* is set ragged although its style is justified.

        Where an address does not fit on a line, justification would tear the rest of it apart.
        """
        style = self._document.sheet[paragraph.style]
        return style.align == Align.JUSTIFY and _LONG_WORD.search(paragraph.text) is not None

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
            "caption": self._text("caption", table.caption) if table.caption else None,
            "landscape": table.landscape,
            "widths": [width * 100 for width in table.widths],
            "look": lengths_of(look, TABLE_LENGTHS) if look else None,
            "head": rows[:head],
            "body": rows[head:],
        }

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
            "runs": self._runs(cell.runs),
        }

    def _figure(self, figure: Figure) -> Data:
        width, height = figure.pixels
        numbers = ",".join(map(str, figure.notes)) if self._document.findings else ""
        return {
            "share": figure.width * 100 if figure.width else None,
            "width": width,
            "height": height,
            "shown_width": self._shown_width(figure),
            "is_long": bool(figure.parts),
            "note": numbers,
            "type": figure.kind,
            "data": self._data(figure.picture),
            "alt": figure.alt,
            "caption": self._text("caption", figure.caption) if figure.caption else None,
        }

    def _shown_width(self, figure: Figure) -> int:
        """Return the width in CSS pixels at which *figure* fits the type area."""
        sheet, (width, height) = self._document.sheet, figure.pixels
        room = sheet.page.text_width * _PIXELS
        wanted = room * figure.width if figure.width else min(width, room)
        tallest = sheet.figure.max_height * _PIXELS * width / height
        return max(1, round(wanted if figure.parts else min(wanted, tallest)))

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

    def _runs(self, runs: Sequence[Run]) -> list[Data]:
        return [self._run(run) for run in runs]

    def _run(self, run: Run) -> Data:
        # Other links (javascript:, data:, files) are dropped.
        safe = run.link and (run.link.startswith("#") or is_web_address(run.link))
        link = run.link if safe else ""
        return {
            "text": run.text,
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
