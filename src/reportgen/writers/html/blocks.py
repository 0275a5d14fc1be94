"""The blocks of a document as plain data: what the template of the page reads."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from reportgen.document.nodes import (
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
)
from reportgen.located import load_data
from reportgen.pictures import PictureSource
from reportgen.sandbox import Evaluation, markup
from reportgen.styles import CellRole
from reportgen.text import Run, unreachable

HEAD_ROLES = (CellRole.CAPTION, CellRole.HEADER, CellRole.STUB)
"""The roles of the cells that are ``th``."""

_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:|#)", re.IGNORECASE)

Data = dict[str, object]


def css_class(name: str, prefix: str = "s") -> str:
    """Return the CSS class of style *name*; a user's own style may be called anything."""
    return f"{prefix}-" + re.sub(r"[^\w-]", "-", name)


class Blocks:
    """The blocks of *document*; reading a picture widens the bounds of *evaluation* by it."""

    def __init__(self, document: Document, evaluation: Evaluation) -> None:
        self._document = document
        self._evaluation = evaluation

    def all(self) -> Iterator[Data]:
        """Yield every block, told apart by its ``kind``."""
        return map(self._block, self._document.blocks)

    def _block(self, block: Block) -> Data:
        if isinstance(block, Heading):
            rank = min(block.level + 1, 6)
            return self._text("heading", block) | {"rank": rank, "anchor": block.anchor}
        if isinstance(block, Paragraph):
            return self._text("paragraph", block)
        if isinstance(block, ItemList):
            return self._list(block)
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, FigureGroup):
            return {"kind": "figures", "figures": [self._figure(each) for each in block.figures]}
        if isinstance(block, Signature):
            organ, date = self._text("organ", block.organ), self._text("date", block.date)
            return {"kind": "signature", "organ": organ, "date": date}
        return unreachable(block)

    def _class(self, style: str) -> str:
        return css_class(self._document.sheet[style].name)

    def _text(self, kind: str, node: Paragraph | Heading) -> Data:
        return {"kind": kind, "class": self._class(node.style), "runs": self._runs(node.runs)}

    def _list(self, block: ItemList) -> Data:
        items = [self._item(item, block.ordered) for item in block.items]
        ordered, name = block.ordered, self._class(block.style)
        return {"kind": "list", "class": name, "ordered": ordered, "items": items}

    def _item(self, item: ListItem, ordered: bool) -> Data:
        """Return one item; the marker is text, so that it is what the other outputs print."""
        digits = re.search(r"[0-9]{1,9}", item.marker) if ordered else None
        number = int(digits[0]) if digits else None
        return {"marker": item.marker, "number": number, "runs": self._runs(item.paragraph.runs)}

    def _table(self, table: Table) -> Data:
        head = _head_rows(table)
        rows = [[self._cell(cell, cell.row < head) for cell in row] for row in table.rows]
        return {
            "kind": "table",
            "title": table.title,
            "landscape": table.landscape,
            "widths": [width * 100 for width in table.widths],
            "head": rows[:head],
            "body": rows[head:],
        }

    def _cell(self, cell: Cell, in_head: bool) -> Data:
        is_head = cell.role in HEAD_ROLES
        scope = "row" if cell.role == CellRole.STUB and not in_head else "col"
        return {
            "tag": "th" if is_head else "td",
            "class": f"{self._class(cell.style)} {css_class(cell.role, 'r')}",
            "scope": scope if is_head else "",
            "row_span": cell.row_span,
            "column_span": cell.column_span,
            "name": cell.name,
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
            "note": numbers,
            "type": figure.kind,
            "data": self._data(figure.picture),
            "alt": figure.alt,
            "caption": self._text("caption", figure.caption) if figure.caption else None,
        }

    def _data(self, picture: PictureSource) -> Callable[[], str]:
        """Return what reads *picture* for the template, in Base64, when it writes it."""
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
        # Whatever else a link may name (javascript:, data:, a file) has no business in a page.
        link = run.link if run.link and _SAFE_LINK.match(run.link) else ""
        return {
            "text": run.text,
            "is_break": run.text == "\n",
            "bold": run.bold,
            "italic": run.italic,
            "link": link,
            "note": self._note(run.notes),
        }

    def _note(self, notes: tuple[int, ...]) -> Data | None:
        """Return what a draft shows of the findings numbered *notes*, None when there are none.

        The numbers are shown by the style sheet, so that the text stays what it is.
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


def _head_rows(table: Table) -> int:
    """Return how many rows form the thead: none if a cell reaches out of them."""
    head = table.header_rows
    reach = max((c.row + c.row_span for row in table.rows[:head] for c in row), default=0)
    return head if reach <= head else 0


_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")


def load_font_stacks(manifest: Path) -> dict[str, str]:
    """Return the value of CSS ``font-family`` for each role of *manifest*, best family first.

    KeyError when an entry is incomplete.
    """
    return {
        role: _stack(chain(spec["system"], spec["browser"]))
        for role, spec in load_data(manifest)["faces"].items()
    }


def _stack(families: Iterable[object]) -> str:
    names = dict.fromkeys(str(family) for family in families)
    return ",".join(name if _IDENTIFIER.fullmatch(name) else f'"{name}"' for name in names)
