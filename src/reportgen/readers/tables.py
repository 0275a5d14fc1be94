"""The tables of ``report.yaml``, and the workbook beside it → numbers by cell name.

A form's value cells make a tree of keys; the author's mapping is walked beside
it.  A row is a mapping or a list, a list with or without its total.  Every
problem is reported, the rest is still read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Mapping as ReadOnly
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Finding
from reportgen.forms import (
    Form,
    GridCell,
    KeyTree,
    TableGrid,
    nearest_key,
    normalise_key,
    read_quantity,
)
from reportgen.located import Mapping, Node, Scalar, Sequence
from reportgen.model import CellPath, Quantity
from reportgen.readers.files import workbooks_beside
from reportgen.source import Place, Span

if TYPE_CHECKING:
    from reportgen.spreadsheets import Workbook

_WIDE_BRACKET = re.compile("[【】［］｛｝〔〕]")
_COLON = re.compile("[:：]")
_WIDE_COLON = re.compile("：")
_WIDE_COMMA = re.compile("[，、；]")
_TWO_NUMBERS = re.compile(r"\d\s*[，、；]\s*\d")
_BLANK = re.compile(r"(?<=\d)\s+(?=\d)(?!\d{3}(?!\d))")
_RUN_TOGETHER = re.compile(r"[:：=]|(?<=\D)(?=\d)")
_REST_OF_NUMBER = re.compile(r"\d{3}(?:\.\d+)?(?:[万亿]?元)?")
_NO_NUMBER = "no-number"


class TableReader:
    """Reads the tables of one ``report.yaml``; problems gather in ``found``."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._places: dict[CellPath, Span] = {}
        self.cells: dict[CellPath, Quantity] = {}
        self.found: list[Finding] = []

    def read(self, grid: TableGrid, node: Node) -> None:
        """Read *node*, the value of the key ``grid.key``, into ``cells``."""
        self._level(node, self._form.key_trees[grid.key], CellPath((grid.key,)))

    def gaps(self) -> Iterator[tuple[CellPath, Span]]:
        """Yield each cell of the form without a number, with the nearest key it belongs under.

        A cell of a row that was not typed at all has none below the key of its table.
        """
        for path in self._form.value_cells:
            if path in self.cells:
                continue
            above = path
            while above and above not in self._places:
                above = above.row
            if above:
                yield path, self._places[above]

    def _level(self, node: Node, tree: KeyTree, path: CellPath) -> None:
        if tree.cell:
            self._cell(node, tree.cell)
        elif isinstance(node, Mapping):
            self._mapping(node, tree, path)
        elif tree.is_row:
            self._row(node, tree, path)
        elif not (isinstance(node, Scalar) and not node.text):
            values = {"项": path, "各项": "、".join(list(tree.children)[:3])}
            self.found.append(Finding("wrong-type", node.span, values, wording="itemised"))
            self._mark_invalid(tree.leaves, node.span)

    def _mapping(self, node: Mapping, tree: KeyTree, path: CellPath) -> None:
        seen: dict[str, Span] = {}
        misspelt: list[tuple[str, Node]] = []
        before: GridCell | None = None
        for key, value in node.items:
            name = tree.names.get(normalise_key(key.text))
            if name is None and before and _is_rest_of_number(key, value):
                self._grouped(key, before, path)
                continue
            before = tree.children[name].cell if name else None
            if name is None:
                near = self._unknown(key, value, tree, path)
                misspelt.extend([(near, value)] if near else [])
            elif name in seen:
                self.found.append(duplicate_key(key, seen[name]))
            else:
                seen[name] = key.span
                self._places[path.below(name)] = key.span
                self._level(value, tree.children[name], path.below(name))
        for name, value in misspelt:
            if name not in seen:  # read as what was surely meant, so that it is not missing too
                seen[name] = value.span
                self._level(value, tree.children[name], path.below(name))

    def _grouped(self, rest: Scalar, cell: GridCell, path: CellPath) -> None:
        """Report the number of *cell* (``1,605,964``), which a comma cut before *rest*, once."""
        read = self.cells.get(cell.path)
        if read is None or not read.invalid:
            self.found.append(unknown_key(rest, [], path))
        self.cells[cell.path] = Quantity(None, span=rest.span, invalid=True)

    def _row(self, node: Node, tree: KeyTree, path: CellPath) -> None:
        cells = tree.leaves
        if isinstance(node, Scalar) and _WIDE_BRACKET.search(node.text):
            values = {"项": path}
            self.found.append(Finding("wrong-type", node.span, values, wording="wide-brackets"))
            self._mark_invalid(cells, node.span)
            return
        items = list(_row_items(node, many=len(cells) > 1))
        if not items:
            return
        targets = cells
        short = tuple(cell for cell in cells if not self._form.is_row_total(cell))
        if len(items) != len(cells):
            targets = short
        joined = _joined(node)
        if joined and _BLANK.search(joined.text):
            self.found.append(
                Finding(
                    "row-length",
                    joined.span,
                    {
                        "行": path,
                        "原文": joined.text,
                        "写成": _BLANK.sub(", ", joined.text),
                    },
                    wording="blank-between",
                    cells=(path,),
                )
            )
            self._mark_invalid(cells, node.span)
            return
        if joined or len(items) != len(targets):
            self._wrong_length(node, path, len(items), cells, short)
            self._mark_invalid(cells, node.span)
            return
        for item, cell in zip(items, targets, strict=True):
            self._cell(item, cell)

    def _wrong_length(
        self,
        node: Node,
        path: CellPath,
        found: int,
        cells: Collection[GridCell],
        short: Collection[GridCell],
    ) -> None:
        counts = " 或 ".join(str(n) for n in sorted({len(short), len(cells)}))
        order = "、".join(cell.path.column for cell in cells)
        total = len(short) < len(cells)
        if isinstance(node, Sequence) and any(map(_has_wide_comma, node.items)):
            wording = "wide-comma-with-total" if total else "wide-comma"
        elif found > len(cells):
            wording = "grouped-with-total" if total else "grouped"
        else:
            wording = "with-total" if total else ""
        self.found.append(
            Finding(
                "row-length",
                node.span,
                {"行": path, "应有": counts, "实有": found, "各列": order},
                wording=wording,
                cells=(path,),
                expected=f"{counts} 个数",
                actual=f"{found} 个数",
            )
        )

    def _cell(self, node: Node, cell: GridCell) -> None:
        if not isinstance(node, Scalar):
            self._mark_invalid([cell], node.span)
            values, cells = {"格": cell.path}, (cell.path,)
            finding = Finding("wrong-type", node.span, values, wording="one-number", cells=cells)
            self.found.append(finding)
            return
        quantity, problem = read_quantity(node.text, node.span, cell)
        if quantity:
            self.cells[cell.path] = quantity
        elif node.span.text.strip():
            self._places[cell.path] = node.span
        if problem:
            self.found.append(problem)

    def _unknown(self, key: Scalar, value: Node, tree: KeyTree, path: CellPath) -> str | None:
        """Report a key nobody knows; return the key it was probably meant to be.

        Where the mark between them made one word of key and number, that number is invalid.
        """
        swallowed = _key_in_front(key, value, tree)
        finding = unknown_key(key, list(tree.children), path, swallowed)
        self.found.append(finding)
        if swallowed:
            for name in (swallowed, *_keys_within(key, tree)):
                self._mark_invalid(tree.children[name].leaves, key.span)
        return finding.expected

    def _mark_invalid(self, cells: Iterable[GridCell], span: Span) -> None:
        """Note that *cells* were typed wrongly, so that they do not count as missing too."""
        for cell in cells:
            self.cells.setdefault(cell.path, Quantity(None, span=span, invalid=True))


def _is_rest_of_number(key: Scalar, value: Node) -> bool:
    """Return whether *key*, with nothing behind it, is what a comma cut off a number."""
    is_alone = isinstance(value, Scalar) and not value.text
    return is_alone and _REST_OF_NUMBER.fullmatch(key.text) is not None


def _key_in_front(key: Scalar, value: Node, tree: KeyTree) -> str | None:
    """Return the key of *tree* at the head of *key* when the number behind is part of the word.

    That is so behind a full-width colon (``规章：{…``), and behind any mark in ``{规章:2}``.
    """
    is_blank = isinstance(value, Scalar) and not value.text
    head = (_RUN_TOGETHER if is_blank else _WIDE_COLON).split(key.text, maxsplit=1)
    return nearest_key(head[0], tree.children) if len(head) > 1 else None


def _keys_within(key: Scalar, tree: KeyTree) -> Iterator[str]:
    """Yield the keys of *tree* behind full-width commas in *key*, which made one word of all."""
    for piece in _WIDE_COMMA.split(key.text)[1:]:
        head, colon, _ = re.sub(_COLON, ":", piece).partition(":")
        if colon and (name := nearest_key(head, tree.children)):
            yield name


def _joined(row: Node) -> Scalar | None:
    """Return the item of the list *row* that is two numbers in one word.

    A full-width comma made it of them, or there is no comma.
    """
    for item in row.items if isinstance(row, Sequence) else ():
        if isinstance(item, Scalar) and (
            _TWO_NUMBERS.search(item.text) or _BLANK.search(item.text)
        ):
            return item
    return None


def _has_wide_comma(node: Node) -> bool:
    return isinstance(node, Scalar) and _WIDE_COMMA.search(node.text) is not None


def _row_items(node: Node, *, many: bool) -> Iterator[Node]:
    """Yield the cells of a row typed as a list, a pasted text of *many*, or one number."""
    if isinstance(node, Sequence):
        yield from node.items
    elif isinstance(node, Scalar) and node.text:
        if many and re.search(r"[\s、，,;；|｜]", node.text.strip()):
            yield from _pasted_items(node)
        else:
            yield node


def _pasted_items(node: Scalar) -> list[Scalar]:
    """Return the numbers of a row pasted as text, each with its own place where that is known.

    Between tabs, as a spreadsheet puts them, and between the bars of a web page a blank is a
    cell left blank.
    """
    typed, start = node.span.text, node.span.start
    if typed[0] in "|>":
        start += typed.find("\n") + 1
    elif typed[0] in "\"'":
        start += 1
    body = node.span.source.text[start : node.span.end]
    texts = [text for text, _ in _take_apart(node.text)]
    placed = _take_apart(body.rstrip("\"'") if node.quoted else body)
    if texts != [text for text, _ in placed]:  # escapes were typed
        return [Scalar(text, node.span, quoted=True) for text in texts]
    source = node.span.source
    return [
        Scalar(text, source.span(start + at, start + at + len(text)), quoted=True)
        for text, at in placed
    ]


def _take_apart(text: str) -> list[tuple[str, int]]:
    """Return the pieces of a row with their offsets.

    A comma is part of a number where it groups thousands and something else separates.
    """
    if re.search("[|｜]", text):
        return _between_bars(text)
    if "\t" in text.strip():
        matches = re.finditer(r"(?:(?<=[\t\n])|^)[^\t\n]*(?=[\t\n]|$)", text.rstrip("\n"))
        cells = [(match[0], match.start()) for match in matches]
        return [(cell.strip(), at + len(cell) - len(cell.lstrip())) for cell, at in cells]
    piece = r"[^\s、，,;；\"'“”]+"
    if re.search(r"[\s、;；]", text.strip()):
        piece = r"(?<![,\d])\d{1,3}(?:,\d{3})+(?=[\s、;；]|$)|" + piece
    return [(match[0], match.start()) for match in re.finditer(piece, text)]


def _between_bars(text: str) -> list[tuple[str, int]]:
    """Return what stands between the bars of *text*, with offsets; bars may frame it as well."""
    framed = re.fullmatch(r"(\s*[|｜])?(.*?)([|｜]\s*)?", text, re.DOTALL)
    start, stop = framed.span(2) if framed else (0, len(text))
    return [
        (match[0].strip(), match.start() + len(match[0]) - len(match[0].lstrip()))
        for match in re.compile("(?:(?<=[|｜])|^)[^|｜]*").finditer(text, start, stop)
    ]


def unknown_key(
    key: Scalar, known: list[str], above: str = "", in_front: str | None = None
) -> Finding:
    """Return the finding for a key nobody knows, with the nearest known one.

    *above* is the key it stands under, empty at the top; *in_front* the key that its first
    characters are, when number and key are one word.
    """
    near = nearest_key(key.text, known)
    advice = "similar" if near else "listed"
    expected = near
    if in_front:
        near, advice, expected = in_front, "colon-similar", None
    elif _REST_OF_NUMBER.fullmatch(key.text) or key.text.isdecimal():
        advice, expected = "number-tail", None
    elif colon := _COLON.search(key.text):
        near = nearest_key(key.text[: colon.start()], known)
        advice, expected = "colon-similar" if near else "colon", None
    return Finding(
        "unknown-key",
        key.span,
        {"项": key.text, "上级": above, "相近": near, "各项": "、".join(known[:12])},
        wording="below" if above else "",
        advice=advice,
        expected=expected,
        actual=key.text,
    )


def duplicate_key(key: Scalar, first: Span) -> Finding:
    """Return the finding for a key typed twice."""
    return Finding("duplicate-key", key.span, {"项": key.text, "行号": first.line})


def gathered(found: Iterable[Finding]) -> list[Finding]:
    """Return *found* with one finding for all cells of a row that have no number (``/``)."""
    rows: dict[CellPath, list[Finding]] = {}
    for finding in found:
        if finding.slug == _NO_NUMBER:
            rows.setdefault(CellPath.parse(finding.cells[0]).row, []).append(finding)
    result = []
    for finding in found:
        row = CellPath.parse(finding.cells[0]).row if finding.slug == _NO_NUMBER else CellPath(())
        same = rows.get(row, [finding])
        if len(same) == 1:
            result.append(finding)
        elif finding is same[0]:
            result.append(_of_row(row, same))
    return result


def _of_row(row: CellPath, found: list[Finding]) -> Finding:
    """Return the one finding that all of *found*, about cells of *row*, are."""
    first, last = found[0].span, found[-1].span
    if isinstance(first, Span) and isinstance(last, Span) and first.source == last.source:
        first = Span(first.source, first.start, max(first.end, last.end))
    typed = "”“".join(dict.fromkeys(str(finding.actual) for finding in found))
    values = {"行": row, "原文": typed, "格数": len(found)}
    cells = tuple(cell for finding in found for cell in finding.cells)
    return replace(found[0], span=first, values=values, wording="row", cells=cells, actual=typed)


class Numbers(Struct, frozen=True):
    """The numbers that were typed, by cell name, and what is wrong with them."""

    cells: ReadOnly[CellPath, Quantity]
    found: list[Finding]
    gaps: ReadOnly[CellPath, Place] = {}
    """Where the numbers belong that were left blank."""
    twins: ReadOnly[CellPath, Place] = {}
    """Where the numbers stand again that are taken from the workbook."""


class NumberReader:
    """Reads the numbers of one report, with whatever form; its workbook is opened once.

    *path* is where the workbook would lie, None where there can be none.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def read(self, nodes: ReadOnly[str, Node], form: Form, year: int | None) -> Numbers:
        """Return the numbers of *form* among *nodes*, the entries of the data, and the workbook.

        *year* is the report's, None when that is not known.
        """
        typed = _read_typed(nodes, form)
        keys = frozenset(grid.key for grid in form.tables.values() if grid.key in nodes)
        gaps = dict[CellPath, Place](typed.gaps())
        if self._path is None:
            return Numbers(typed.cells, gathered(typed.found), gaps)
        all_typed = len(keys) == len(form.tables)
        beside = workbooks_beside(self._path, some_typed=bool(keys), all_typed=all_typed)
        workbook, found = self._workbook
        if workbook is None and not found and (all_typed or not beside):
            return Numbers(typed.cells, gathered([*typed.found, *beside]), gaps)
        from reportgen.readers.workbook import lost_tables, merge_tables, read_tables

        tables = read_tables(workbook, form, year, keys) if workbook else lost_tables(form, keys)
        merged, differing = merge_tables(typed.cells, tables, form)
        found = [*typed.found, *found, *beside, *tables.found, *differing]
        again = {n: q.span for n, q in typed.cells.items() if q.span and n.table in tables.keys}
        return Numbers(merged, gathered(found), gaps | dict(tables.blanks), again)

    @cached_property
    def _workbook(self) -> tuple[Workbook | None, list[Finding]]:
        if self._path is None or not self._path.exists():
            return None, []
        from reportgen.readers.workbook import read_workbook

        return read_workbook(self._path)


def _read_typed(nodes: ReadOnly[str, Node], form: Form) -> TableReader:
    """Return a reader that has read every table of *form* found among *nodes*."""
    reader = TableReader(form)
    for grid in form.tables.values():
        if grid.key in nodes:
            reader.read(grid, nodes[grid.key])
    return reader
