"""A PDF with text → tables, paragraphs and pictures, by page.

Tables are found by their rules (pdfplumber); what stands outside of them are lines, put together
to paragraphs.  A file of scanned pages has no text and says so.  The data that our own PDF may
carry along (``build --attach data`` or ``sources``) is read exactly.

Pictures become files, JPEG as they are, everything else as PNG.  Nothing is decoded in Python:
the samples of a PDF are laid out as those of PNG are, and may even be filtered alike
(ISO 32000-2, 7.4.4.4; PNG, 9).
"""

from __future__ import annotations

import io
import struct
import zlib
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

from msgspec.structs import replace

from reportgen.published.found import (
    AttachedSources,
    Finder,
    FoundFile,
    RawCell,
    RawPicture,
    RawTable,
    joined_lines,
)
from reportgen.published.pdf_limits import TooCostlyError, bounded
from reportgen.published.pdf_lines import (
    PageContents,
    PageSize,
    PlacedBlock,
    add_pages,
    lines_of,
    lines_on,
)
from reportgen.published.pdf_order import levelled
from reportgen.published.scans import (
    HOW_TO_INSTALL,
    draw_pages,
    ocr_is_installed,
    scanned_page,
)
from reportgen.published.text import decode, read_canonical
from reportgen.text import one_line

MAX_PAGES = 300
MAX_CROSSINGS = 6_000_000
"""Horizontal × vertical rules of a page, summed up: pairs that are looked at for corners.
Pages behind that many are drawings, and their tables are not looked for."""
_SETTINGS = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}
_SCANNED = 0.6
"""A page with a picture over this share of it and hardly a character is a scan."""
_FEW_CHARS = 40
_NEAR_LINE = 3
"""Points between the end of a line and a line across it that it may be meant to reach."""
_COLUMNS = 3
"""So many lines that end at one height are the columns of a table."""
_SAME_ROW = 1.0
"""How far apart the tops, or the bottoms, of two pictures in one row may be, in points."""
_LEAST_PICTURE = 40.0
"""Pictures narrower or lower than so many points are seals of the layout, not content."""
_UNREADABLE = 0.3
_OURS, _FIGURE = "reportgen", "Figure"


class ScannedError(ValueError):
    """The file holds pictures of pages and no text."""

    def __init__(self) -> None:
        super().__init__(
            "这个 PDF 是扫描件，里面只有图片，没有文字；请找电子版（Word、网页或直接导出的 PDF），"
            f"或者让程序识别：{HOW_TO_INSTALL}"
        )


class UnreadableError(ValueError):
    """The fonts of the file do not say which characters they draw."""

    def __init__(self) -> None:
        super().__init__(
            "这个 PDF 的文字没有编码，读不出来；请找电子版（Word、网页），或重新导出 PDF"
        )


def read_pdf(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return what the PDF *data* shows; *path* names it in messages.

    Raises ScannedError when its pages are pictures and the extra ``ocr`` is not there, ValueError
    when the file cannot be read.
    """
    import logging

    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    logging.getLogger("pdfminer").addHandler(logging.NullHandler())  # it says in English what
    # it makes of a file, on standard error where nobody has set up a log

    try:
        with bounded(), pdfplumber.open(io.BytesIO(data)) as document:
            pages = list(_pages(document, _drawings(document)))
            title = str((document.metadata or {}).get("Title") or "")
            data_found, sources = attached_data(_attachments(document.doc))
    except (UnreadableError, TooCostlyError):
        raise
    except Exception as error:  # pdfminer raises nearly anything on a broken file
        if any(isinstance(one, PDFPasswordIncorrect) for one in (error, *error.args)):
            raise ValueError("这个 PDF 有密码，无法读取；请去掉密码后再试") from error
        if any(isinstance(one, TooCostlyError) for one in (error, *error.args, error.__cause__)):
            raise TooCostlyError from error
        raise ValueError("这个 PDF 已损坏，无法读取") from error
    if not pages:
        raise ValueError("这个 PDF 没有一页")
    known, unread = _with_scans(pages, data)
    finder = Finder(path)
    add_pages(known, finder)
    found = finder.finished(title)
    return replace(found, attached=data_found, sources=sources, unread_pages=unread)


Drawings: TypeAlias = Mapping[int, Mapping[int, str]]
"""What the figures of each page say in words, by the number of their marked content."""


def _drawings(document: Any) -> Drawings:
    """Return the figures of a PDF of ours, whose drawings are read as what they say in words.

    Another program may tag as a figure what is text to its readers.
    """
    if (document.metadata or {}).get("Creator") != _OURS:
        return {}
    from pdfplumber.structure import PDFStructTree, StructTreeMissing

    found: dict[int, dict[int, str]] = {}
    try:
        elements = deque(PDFStructTree(document))
    except StructTreeMissing:
        return {}
    while elements:
        element = elements.popleft()
        elements.extend(element.children)
        if element.type == _FIGURE and element.alt_text and element.page_number:
            contents = dict.fromkeys(element.mcids, one_line(element.alt_text))
            found.setdefault(element.page_number, {}).update(contents)
    return found


def _is_no_drawing(item: Mapping[str, Any]) -> bool:
    return item.get("tag") != _FIGURE or item["object_type"] == "image"


def _drawn(page: Any, words: Mapping[int, str]) -> Iterator[PlacedBlock]:
    """Yield each drawing of *page* as a picture without a file, at its upper edge."""
    tops: dict[int, float] = {}
    for kind in ("rect", "line", "curve") if words else ():
        for item in page.objects.get(kind, ()):
            if item.get("tag") == _FIGURE:
                number = item["mcid"]
                tops[number] = min(tops.get(number, item["top"]), item["top"])
    for number, top in tops.items():
        if number in words:
            yield PlacedBlock(page.page_number, top, RawPicture("", words[number], b""))


def _with_scans(
    pages: Sequence[PageContents], data: bytes
) -> tuple[Sequence[PageContents], tuple[int, ...]]:
    """Return *pages* of the file *data*, scanned ones as recognised, and those left as they are.

    Raises ScannedError when most are scans and the extra ``ocr`` is not there.
    """
    scans = [page.number for page in pages if page.is_scan]
    if not scans:
        return pages, ()
    if not ocr_is_installed():
        if len(scans) * 2 > len(pages):
            raise ScannedError
        return pages, tuple(scans)
    read = dict(zip(scans, draw_pages(data, scans), strict=False))
    known = {number: scanned_page(picture, number) for number, picture in read.items()}
    left = tuple(number for number in scans if number not in known)
    return [known.get(page.number, page) for page in pages], left


def _pages(document: Any, drawings: Drawings) -> Iterator[PageContents]:
    from pdfminer.pdfpage import PDFPage

    left = MAX_CROSSINGS
    unreadable = readable = 0
    for number, found in enumerate(islice(PDFPage.create_pages(document.doc), MAX_PAGES + 1), 1):
        if number > MAX_PAGES:
            raise TooCostlyError
        page = _upright(document, found, number)
        unreadable += sum(char["text"].startswith("(cid:") for char in page.chars)
        readable += len(page.chars)
        left -= crossings(page)
        shown = page if number not in drawings else page.filter(_is_no_drawing)
        contents = contents_of(shown, picture_of, has_tables=left >= 0)
        contents.placed.extend(_drawn(page, drawings.get(number, {})))
        yield contents
        page.close()  # or it keeps its characters
    if unreadable > _UNREADABLE * readable:
        raise UnreadableError


def _upright(document: Any, found: Any, number: int) -> Any:
    """Return the page *found*, turned when most of its text stands on end."""
    from pdfplumber.page import Page

    page = Page(document, found, number)
    turned = [char for char in page.chars if not char["upright"]]
    if len(turned) * 2 > len(page.chars):
        rises = sum(char["matrix"][1] > 0 for char in turned) * 2 > len(turned)
        found.rotate = (found.rotate + (90 if rises else 270)) % 360
        found.attrs["Rotate"] = found.rotate
        page = Page(document, found, number)
    return page


def crossings(page: Any) -> int:
    """Return how many pairs of rules of *page* are looked at for corners."""
    upright = sum(edge["orientation"] == "v" for edge in page.edges)
    return int(upright * (len(page.edges) - upright))


def contents_of(
    page: Any, picture_of: Callable[[Any, str], RawPicture | None], *, has_tables: bool
) -> PageContents:
    """Return what stands on *page*, which is pdfplumber's or has the same attributes.

    *picture_of* returns the picture in the stream of an image under a name without suffix.
    With *has_tables*, tables are looked for.
    """
    number, size = page.page_number, PageSize(round(page.width), round(page.height))
    chars = sorted(levelled(page.chars), key=_middle)
    middles = [_middle(char) for char in chars]
    settings = {**_SETTINGS, "explicit_horizontal_lines": _open_ends(page.edges)}
    tables = page.find_tables(settings) if has_tables and page.edges else []
    inside: set[int] = set()
    placed = []
    for table in tables:
        rows = list(_rows(table, chars, middles, inside))
        if any(len(row) > 1 for row in rows):
            placed.append(PlacedBlock(number, table.bbox[1], RawTable(rows)))
        else:  # a box around text
            inside = {n for n in inside if not _is_within(chars[n], table.bbox)}
    outside = [char for n, char in enumerate(chars) if n not in inside]
    area = 0.0
    for top, image in _in_rows(page.images):
        area += max(0, image["width"]) * max(0, image["height"])
        if min(image["width"], image["height"]) >= _LEAST_PICTURE and (
            picture := picture_of(image["stream"], f"{number}-{len(placed) + 1}")
        ):
            placed.append(PlacedBlock(number, top, picture))
    is_scan = len(chars) < _FEW_CHARS and area > _SCANNED * size.width * size.height
    return PageContents(number, size, lines_on(outside, number, size), placed, is_scan)


def _open_ends(edges: Iterable[Mapping[str, Any]]) -> list[float]:
    """Return the heights at which columns of a table end without a line across.

    Browsers print a table that goes on over a page so: its rows there have no upper line.
    """
    lined: set[int] = set()
    ends: dict[int, set[int]] = {}
    for edge in edges:
        top, bottom = round(edge["top"]), round(edge["bottom"])
        if edge["orientation"] == "h" and edge["width"] <= _NEAR_LINE:
            continue  # the end of a line drawn as a box
        if edge["orientation"] == "h":
            lined.update(range(top - _NEAR_LINE, top + _NEAR_LINE + 1))
        else:
            for end in (top, bottom):
                ends.setdefault(end, set()).add(round(edge["x0"]))
    return [end for end, columns in ends.items() if len(columns) >= _COLUMNS and end not in lined]


def _in_rows(images: Iterable[Mapping[str, Any]]) -> list[tuple[float, Mapping[str, Any]]]:
    """Return *images* from top to bottom, those in one row from left to right, each with its top.

    Pictures side by side have one upper or one lower edge, apart from rounding errors.
    """
    placed: list[tuple[float, Mapping[str, Any]]] = []
    top = bottom = float("-inf")
    for image in sorted(images, key=lambda image: float(image["top"])):
        upper = float(image["top"])
        lower = upper + float(image["height"])
        ends_alike = upper < bottom and abs(lower - bottom) <= _SAME_ROW
        if upper - top > _SAME_ROW and not ends_alike:
            top, bottom = upper, lower
        placed.append((top, image))
    return sorted(placed, key=lambda item: (item[0], item[1]["x0"]))


def _middle(char: Mapping[str, Any]) -> float:
    return float(char["top"] + char["bottom"]) / 2


def _is_within(char: Mapping[str, Any], box: Sequence[float]) -> bool:
    across = (char["x0"] + char["x1"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= _middle(char) <= box[3])


def _rows(
    table: Any, chars: Sequence[Mapping[str, Any]], middles: Sequence[float], taken: set[int]
) -> Iterator[list[RawCell]]:
    """Yield the cells each row of *table* begins; the numbers of their *chars* go into *taken*."""
    for row in table.rows:
        cells = []
        for box in row.cells:
            if box is None:  # under a merged cell
                continue
            near = range(bisect_left(middles, box[1]), bisect_left(middles, box[3]))
            own = [n for n in near if _is_within(chars[n], box)]
            taken.update(own)
            lines = lines_of((chars[n] for n in own), 0)
            cells.append(RawCell(joined_lines(line.text for line in lines)))
        yield cells


_DATA, _VALUES, _NARRATIVE = ".json", ".yaml", ".md"
_MOST_NODES = 500
_MAX_BYTES = 5_000_000


def attached_data(
    files: Iterable[tuple[str, bytes]],
) -> tuple[FoundFile | None, AttachedSources | None]:
    """Return the canonical data among the attached *files*, and what it was made of.

    Each is None when it is not there.
    """
    texts: dict[str, tuple[str, bytes]] = {}
    for name, data in files:
        suffix = PurePosixPath(name.lower()).suffix
        if suffix in (_DATA, _VALUES, _NARRATIVE) and len(data) <= _MAX_BYTES:
            texts.setdefault(suffix, (name, data))
    sources = None
    if _VALUES in texts:
        values, narrative = texts[_VALUES][1], texts.get(_NARRATIVE, ("", b""))[1]
        sources = AttachedSources(decode(values), decode(narrative))
    try:
        return read_canonical(texts[_DATA][1], texts[_DATA][0]) if _DATA in texts else None, sources
    except ValueError:  # some other file
        return None, sources


def _attachments(document: Any) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file that *document* (pdfminer's) carries."""
    from pdfminer.pdftypes import PDFStream, resolve1

    for name, item in _files(resolve1(document.catalog.get("Names"))):
        found = resolve1(resolve1(item))
        streams = resolve1(found.get("EF")) if isinstance(found, dict) else None
        stream = resolve1(streams.get("F")) if isinstance(streams, dict) else None
        if isinstance(stream, PDFStream):
            yield name, stream.get_data()


def _files(names: Any) -> Iterator[tuple[str, Any]]:
    """Yield name and specification of each file in the tree of *names* (ISO 32000-2, 7.7.4)."""
    from pdfminer.pdftypes import resolve1
    from pdfminer.utils import decode_text

    pending = [names.get("EmbeddedFiles")] if isinstance(names, dict) else []
    for _ in range(_MOST_NODES):
        if not pending:
            return
        node = resolve1(pending.pop())
        if not isinstance(node, dict):
            continue
        pending.extend(resolve1(node.get("Kids")) or ())
        pairs = resolve1(node.get("Names")) or []
        for name, item in zip(pairs[::2], pairs[1::2], strict=False):
            name = resolve1(name)
            yield decode_text(name) if isinstance(name, bytes) else str(name), item


MAX_SAMPLES = 200_000_000
"""Bytes of samples of one picture, not compressed."""
_COMPONENTS = {"DeviceGray": 1, "CalGray": 1, "DeviceRGB": 3, "CalRGB": 3}
_COLOUR_TYPES = {1: 0, 3: 2}
_PALETTE = 3
_PNG_FILTERS = 10
"""From this value of Predictor on, each row begins with a filter of PNG."""


def picture_of(stream: Any, name: str) -> RawPicture | None:
    """Return the picture *stream* (pdfminer's), *name* without a suffix; None for other kinds."""
    from pdfminer.ascii85 import ascii85decode

    filters = [(_name(kind), parameters or {}) for kind, parameters in stream.get_filters()]
    data = stream.rawdata
    if data is not None and stream.decipher:
        data = stream.decipher(stream.objid, stream.genno, data, stream.attrs)
    if data is not None and filters and filters[0][0] in ("ASCII85Decode", "A85"):
        data = ascii85decode(data)
        del filters[0]
    if data is None or len(filters) != 1:
        return None
    kind, parameters = filters[0]
    if kind in ("DCTDecode", "DCT"):
        return RawPicture(f"{name}.jpg", "", data)
    if kind in ("FlateDecode", "Fl") and (made := _png(stream, data, parameters)):
        return RawPicture(f"{name}.png", "", made)
    return None


def _png(stream: Any, data: bytes, parameters: Any) -> bytes | None:
    """Return the picture as a PNG, None when its colours are of a kind that PNG has not."""
    width, height = _whole(stream, "Width", "W"), _whole(stream, "Height", "H")
    depth = _whole(stream, "BitsPerComponent", "BPC")
    components, palette = _colours(stream.get_any(("ColorSpace", "CS")))
    row = (width * components * depth + 7) // 8
    if not (row and height and depth in (1, 2, 4, 8)) or row * height > MAX_SAMPLES:
        return None
    predictor = int(parameters.get("Predictor", 1))
    if predictor < _PNG_FILTERS:
        if predictor != 1 or (filtered := _filtered(data, row, height)) is None:
            return None
        data = filtered
    colour = _PALETTE if palette else _COLOUR_TYPES[components]
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = [_chunk(b"IHDR", head)]
    if palette:
        parts.append(_chunk(b"PLTE", palette))
    return b"".join((b"\x89PNG\r\n\x1a\n", *parts, _chunk(b"IDAT", data), _chunk(b"IEND", b"")))


def _filtered(data: bytes, row: int, height: int) -> bytes | None:
    """Return the samples *data* compressed anew with the filter "none" before each row."""
    try:
        samples = zlib.decompressobj().decompress(data, row * height)
    except zlib.error:
        return None
    if len(samples) < row * height:
        return None
    rows = (b"\0" + samples[at : at + row] for at in range(0, row * height, row))
    return zlib.compress(b"".join(rows), 6)


def _colours(space: Any) -> tuple[int, bytes]:
    """Return how many components *space* has, 0 when unknown, and its palette if it has one."""
    from pdfminer.pdftypes import PDFStream, resolve1

    space = resolve1(space)
    if not isinstance(space, list):
        return _COMPONENTS.get(_name(space), 0), b""
    first, *rest = (resolve1(item) for item in space)
    if _name(first) == "ICCBased" and isinstance(rest[0], PDFStream):
        count = resolve1(rest[0].get("N"))
        return count if count in _COLOUR_TYPES else 0, b""
    if _name(first) == "Indexed" and _colours(rest[0]) == (3, b""):
        table = rest[2]
        palette = table.get_data() if isinstance(table, PDFStream) else bytes(table)
        return 1, palette[: len(palette) // 3 * 3][:768]
    return _COMPONENTS.get(_name(first), 0), b""


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _name(value: Any) -> str:
    return str(getattr(value, "name", ""))


def _whole(stream: Any, *names: str) -> int:
    from pdfminer.pdftypes import resolve1

    value = resolve1(stream.get_any(names))
    return value if isinstance(value, int) and 0 < value < 100_000 else 0
