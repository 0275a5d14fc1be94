"""Files of text → tables, paragraphs and pictures.

In plain text, Markdown, or text copied from a page, a table is a run of lines whose cells are
separated by tabs or bars; how many bars there are, and whether lines begin and end with one, does
not matter.

In canonical data (JSON or YAML, from ``extract`` or ``build --to json``) each number has the name
of its cell, so that no label has to be recognised.

What a text shares with a web page is here too: its bytes are decoded whatever the encoding, and
its pictures are those inside it and those saved beside it.  Nothing is fetched, and no file
outside the page's own folder is read.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, unquote_to_bytes

from msgspec.structs import replace

from reportgen.files import read_file, resolved
from reportgen.forms import OPENING_KEY
from reportgen.located import Mapping, Node, Scalar, parse_yaml
from reportgen.located import Sequence as NodeSequence
from reportgen.model import CellPath
from reportgen.published.found import (
    MAX_CELLS,
    Finder,
    FoundBlock,
    FoundCell,
    FoundFile,
    FoundParagraph,
    FoundTable,
    RawCell,
    RawParagraph,
    RawPicture,
    RawRun,
    RawTable,
    TooMuchError,
)
from reportgen.source import SourceFile, Span
from reportgen.text import MOST_FOOTNOTES, Run, footnote_mark

MAX_LINES = 100_000
_MOST_BARS = 3
"""Tabs and bars for each cell: those of merged cells are written, too."""
_LONGEST_MARKED = 5_000
"""Lines longer than that are no Markdown."""
_BARS = str.maketrans("｜│┃∣￨", "|||||")
_RULER = re.compile(r"[|｜:：\s-]+")
"""The line below the heads of a table of Markdown."""
_FRAME = re.compile(r"[├┼┤┌┐└┘┬┴+][─━═=+├┼┤┌┐└┘┬┴ -]*")
"""A line of a table drawn with characters."""
_NUMBER = re.compile(r"\d{1,9}")
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*)")
_BULLET = re.compile(r"[-*+•·●][ \t]+(\S.*)")
_PICTURE = re.compile(r"!\[([^\]]{0,500})\]\(([^)\s]{1,500})[^)]{0,500}\)(?:\{[^}]{0,200}\})?")
_STRUCK = re.compile(r"~~([^~\n]{1,500})~~")
"""What Markdown strikes through."""
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")


def read_text(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return the tables and paragraphs of the text *data*; *path* names it in messages.

    Pictures that Markdown names are taken from *folder* and below, nowhere else.
    Raises TooMuchError.
    """
    typed = decode(data)
    text = _STRUCK.sub("", typed)
    bars = text.translate(_BARS).count("|") + text.count("\t")
    if bars > _MOST_BARS * MAX_CELLS or text.count("\n") > MAX_LINES:
        raise TooMuchError
    finder = Finder(path)
    for is_table, lines in groupby(_lines(text), key=itemgetter(0)):
        if is_table:
            rows = _rows([line for _, line in lines])
            cells = [[RawCell(text) for text in row] for row in rows]
            finder.add(RawTable([row for row in cells if row]))
            continue
        for _, line in lines:
            _line(line.strip(), finder, folder)
    return replace(finder.finished(), struck=tuple(_STRUCK.findall(typed)))


def _lines(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the lines of *text*, and of each whether it is part of a table.

    A number alone behind a row belongs to it: the last cell of the row had two lines.
    """
    is_row = False
    for line in text.splitlines():
        is_row = _is_row(line) or (is_row and _NUMBER.fullmatch(line.strip()) is not None)
        yield is_row, line


def _line(line: str, finder: Finder, folder: Path | None) -> None:
    if picture := _PICTURE.fullmatch(line):
        if found := find_picture(picture[2], folder):
            finder.add(RawPicture(found[0], picture[1].strip(), found[1]))
    elif heading := _HEADING.fullmatch(line):
        finder.add(RawParagraph(_runs(heading[2]), len(heading[1])))
    elif bullet := _BULLET.fullmatch(line):
        finder.add(RawParagraph(_runs(bullet[1]), marker="•"))
    else:
        finder.add(RawParagraph(_runs(line)))


def _runs(line: str) -> list[RawRun]:
    """Return *line* as runs, the strong emphasis of Markdown as bold."""
    runs, end = [], 0
    for strong in _STRONG.finditer(line) if len(line) < _LONGEST_MARKED else ():
        runs += [RawRun(line[end : strong.start()]), RawRun(strong[2], bold=True)]
        end = strong.end()
    return [*runs, RawRun(line[end:])]


def _is_row(line: str) -> bool:
    folded = line.translate(_BARS)
    return "\t" in line.strip() or "|" in folded or _FRAME.fullmatch(line.strip()) is not None


def _rows(lines: Sequence[str]) -> list[list[str]]:
    """Return the cells of *lines*; a number alone is one more cell of the row before it."""
    rows: list[list[str]] = []
    for line in lines:
        if _FRAME.fullmatch(line.strip()) or (_RULER.fullmatch(line) and "-" in line):
            continue
        if rows and not _is_row(line):
            rows[-1].append(line.strip())
            continue
        if "\t" in line.strip():
            cells = line.split("\t")
        else:
            folded = line.translate(_BARS).strip()
            cells = folded.split("|")
            cells = cells[folded.startswith("|") : len(cells) - folded.endswith("|")]
        rows.append([cell.strip() for cell in cells])
    return rows


_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I)
_CHINESE = frozenset(("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk"))
_KNOWN = re.compile(r"utf-?(?:8|16(?:le|be)?)|big5(?:-hkscs)?|iso-8859-\d+|windows-125\d|ascii")
_HEAD = 4096
"""The HTML Standard looks for the encoding in the first 1024 bytes; pages put it later."""


_MOST_UNREADABLE = 0.01
"""The share of characters in a text that may be damaged; of a picture half of them are none."""


def decode(data: bytes, *, is_html: bool = False) -> str:
    """Return *data* as text: by its mark, by what a page declares, as UTF-8, or as GB 18030.

    Raises ValueError, worded for the user, when it is no text in any of them.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    declared = _CHARSET.search(data[:_HEAD]) if is_html else None
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    first = "gb18030" if name in _CHINESE else name if _KNOWN.fullmatch(name) else "utf-8"
    for encoding in (first, "utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except ValueError:
            continue
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") > _MOST_UNREADABLE * len(text):
        raise ValueError("文件的内容不是文字，可能已经损坏，或者改过后缀")
    return text


MAX_BYTES = 40_000_000
"""The largest picture that a report folder takes."""
_DATA = re.compile(r"data:image/([a-z0-9.+-]+)[^,]{0,100}?(;base64)?,", re.I)
_SUFFIXES = {"jpeg": "jpg", "svg+xml": "svg", "x-icon": "ico"}
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]+:|//)", re.I)


_EMBEDDED = re.compile(rb"""(["'])data:image/[a-z0-9.+-]{1,20}[^,"']{0,100};base64,""", re.I)
_CUT_OUT = re.compile(r"#(\d{1,8})")


def cut_out_pictures(page: bytes) -> tuple[bytes, list[bytes]]:
    """Return *page* with a number in place of each picture inside it, and these pictures.

    They are most of a page's bytes, and none of its text.  A picture is as written, in base 64.
    """
    kept: list[bytes] = []
    pictures: list[bytes] = []
    start = end = 0
    while found := _EMBEDDED.search(page, end):
        end = page.find(found[1], found.end())
        if end < 0:
            break
        picture = page[found.end() : end]
        if b"&" not in picture:  # a reference to a character is resolved with the page
            kept += (page[start : found.end()], b"#%d" % len(pictures))
            pictures.append(picture)
            start = end
    return b"".join((*kept, page[start:])), pictures


def find_picture(
    source: str, folder: Path | None, cut_out: Sequence[bytes] = ()
) -> tuple[str, bytes] | None:
    """Return name and bytes of the picture that *source* (``src``) names; None if it names none.

    The bytes are empty when the picture is not at hand: on another site, or not in *folder*.
    *cut_out* are the pictures that :func:`cut_out_pictures` took out of the page.
    """
    source = source.strip()
    if inline := _DATA.match(source):
        text: str | bytes = source[inline.end() :]
        number = _CUT_OUT.fullmatch(source, inline.end())
        if number and int(number[1]) < len(cut_out):
            text = cut_out[int(number[1])]
        return _inline(text, inline[1].lower(), inline[2] is not None)
    name = PurePosixPath(unquote(source.partition("?")[0].partition("#")[0])).name
    if not name:
        return None
    if folder is None or _ELSEWHERE.match(source):
        return name, b""
    return name, _beside(unquote(source.partition("?")[0].partition("#")[0]), folder)


def _inline(text: str | bytes, kind: str, is_base64: bool) -> tuple[str, bytes] | None:
    if len(text) > 2 * MAX_BYTES:
        return None
    data = unquote_to_bytes(text) if isinstance(text, str) or b"%" in text else text
    if is_base64:
        try:
            data = binascii.a2b_base64(data)
        except ValueError:
            data = b""
    return f"图.{_SUFFIXES.get(kind, kind)}", data


def _beside(relative: str, folder: Path) -> bytes:
    """Return the file *relative* below *folder*, empty when there is none or it leads outside."""
    try:
        path = resolved(folder / relative)
        inside = path.is_relative_to(resolved(folder))
        return read_file(path, MAX_BYTES) if inside else b""
    except (OSError, ValueError):
        return b""


_TITLE, _NARRATIVE, _FINDINGS, _FOOTNOTES = "标题", "正文", "提示", "脚注"
_MOST_PLACES = 400
"""Characters of a number; a longer one is none."""


def read_canonical(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return what the canonical data *data* holds; *path* names it in messages.

    Raises ValueError, worded for the user, when it is neither JSON nor YAML.
    """
    source = SourceFile(path, decode(data).replace("\r\n", "\n"))
    root, _ = parse_yaml(source)
    if not isinstance(root, Mapping):
        raise ValueError("不是 reportgen 导出的数据（JSON、YAML）")
    stated = {key.text: tuple(text.text for text in _texts(node)) for key, node in root.items}
    narrative = root.get(_NARRATIVE)
    items = narrative.items if isinstance(narrative, Mapping) else ()
    notes = _footnotes(root.get(_FOOTNOTES), [text for _, text in items])
    blocks = [*_heading(root.get(_TITLE)), *_tables(root)]
    for title, text in items:
        blocks += _heading(title) if title.text != OPENING_KEY else ()
        blocks += _paragraphs(text, notes)
    return FoundFile(source, tuple(blocks), stated=stated, footnotes=tuple(notes))


def _texts(node: Node | None) -> list[Scalar]:
    """Return the texts of *node*, which is one or a list of them; blank ones are none."""
    nodes = node.items if isinstance(node, NodeSequence) else (node,)
    return [item for item in nodes if isinstance(item, Scalar) and item.text.strip()]


def _footnotes(node: Node | None, texts: Sequence[Node]) -> list[FoundParagraph]:
    """Return the footnotes that *node* lists, of which *texts* have the marks and the words.

    There are none unless each is the last lines of a text that has its mark once: then the marks
    and the lines are kept as text, so that nothing is lost.
    """
    notes = [
        FoundParagraph((Run(text.text, span=text.span),), text.span, footnote=number)
        for number, text in enumerate(_texts(node)[:MOST_FOOTNOTES], 1)
    ]
    marked = [
        number for text in texts if isinstance(text, Scalar) for number in _taken(text, notes)[1]
    ]
    return notes if sorted(marked) == [note.footnote for note in notes] else []


def _heading(node: Node | None) -> Iterator[FoundBlock]:
    for text in _texts(node):
        for line in filter(str.strip, text.text.split("\n")):
            yield FoundParagraph((Run(line, span=text.span),), text.span, level=1)


def _paragraphs(node: Node | None, notes: Sequence[FoundParagraph]) -> Iterator[FoundBlock]:
    """Yield a paragraph for each line of the text *node*, a table for lines of cells.

    The lines of *notes* are left out, and their marks are runs of their own.
    """
    if not isinstance(node, Scalar):
        return
    whole, numbers = _taken(node, notes)
    for is_table, lines in groupby(whole.split("\n"), key=lambda line: "\t" in line):
        if is_table:
            rows = ([FoundCell(text, node.span) for text in line.split("\t")] for line in lines)
            yield FoundTable(tuple(map(tuple, rows)))
            continue
        for line in filter(str.strip, lines):
            yield FoundParagraph(tuple(_marked(line, numbers, node.span)), node.span, is_text=True)


def _taken(text: Scalar, notes: Sequence[FoundParagraph]) -> tuple[str, list[int]]:
    """Return *text* without the lines of *notes* at its end, and the numbers of these.

    A footnote is one of them if its mark is in the text once.
    """
    kept = text.text
    numbers: list[int] = []
    for note in reversed(notes):
        mark = footnote_mark(note.footnote)
        rest = kept.removesuffix(f"\n{mark}{note.text}")
        if rest != kept and rest.count(mark) == 1:
            kept, numbers = rest, [note.footnote, *numbers]
    return kept, numbers


def _marked(line: str, numbers: Sequence[int], span: Span) -> Iterator[Run]:
    """Yield *line* as runs, those of *numbers* with marks in it as marks of footnotes."""
    for number in numbers:
        before, mark, behind = line.partition(footnote_mark(number))
        if mark:
            yield from [Run(before, span=span)] if before else []
            yield Run(mark, span=span, footnote=number)
            line = behind
    yield from [Run(line, span=span)] if line else []


def _tables(root: Mapping) -> Iterator[FoundTable]:
    for key, node in root.items:
        if isinstance(node, Mapping) and key.text not in (_NARRATIVE, _FINDINGS):
            rows = tuple(_number_rows(node, (key.text,)))
            if rows:
                yield FoundTable(rows)


def _number_rows(node: Mapping, path: tuple[str, ...]) -> Iterator[tuple[FoundCell, ...]]:
    """Yield the rows of numbers below *node*, whose keys are *path*, each behind its label."""
    numbers = [
        FoundCell(value.text[:_MOST_PLACES], value.span, name=CellPath((*path, key.text)))
        for key, value in node.items
        if isinstance(value, Scalar)
    ]
    if numbers:
        yield (FoundCell(path[-1], node.span), *numbers)
    for key, value in node.items:
        if isinstance(value, Mapping):
            yield from _number_rows(value, (*path, key.text))


def whole_number(value: str | None, otherwise: int) -> int:
    """Return the number that the attribute *value* is, *otherwise* when it is none."""
    digits = (value or "").strip()[:6]
    return int(digits) if digits.isdecimal() else otherwise
