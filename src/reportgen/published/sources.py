"""Files of any kind → what they hold; several files that are one report → what they hold together.

There is one reader for each format, chosen by content and suffix; its library is loaded when the
first such file is read.  A document, a workbook with its tables and pictures beside them can be
one report: their blocks follow one another, each with its place in its own file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from msgspec.structs import replace

from reportgen import files
from reportgen.published.docx import read_doc, read_docx
from reportgen.published.found import FoundBlock, FoundFile, FoundParagraph, FoundPicture
from reportgen.published.html import read_archive, read_html
from reportgen.published.ofd import read_ofd
from reportgen.published.packages import COMPOUND
from reportgen.published.pdf import read_pdf
from reportgen.published.scans import read_picture
from reportgen.published.sheets import read_sheets
from reportgen.published.text import read_canonical, read_text
from reportgen.text import Word

MAX_BYTES = 100_000_000


class FileRole(Word):
    """What a file is among several that are one report."""

    DOCUMENT = "document"
    """The report."""
    TEXT = "text"
    """The report, if there is no document beside it."""
    SHEET = "sheet"
    """The tables of the report."""
    PICTURE = "picture"
    """A picture of the report; the report itself if there is nothing else."""


class FileReader(NamedTuple):
    """The reader of a format."""

    read: Callable[[bytes, str, Path | None], FoundFile]
    """Takes the bytes, the name in messages, and the folder that pictures may lie in."""
    role: FileRole
    """What files of this format are."""


READERS: Mapping[str, FileReader] = {
    ".doc": FileReader(read_doc, FileRole.DOCUMENT),
    ".docx": FileReader(read_docx, FileRole.DOCUMENT),
    ".et": FileReader(read_sheets, FileRole.SHEET),
    ".htm": FileReader(read_html, FileRole.DOCUMENT),
    ".html": FileReader(read_html, FileRole.DOCUMENT),
    ".jpeg": FileReader(read_picture, FileRole.PICTURE),
    ".jpg": FileReader(read_picture, FileRole.PICTURE),
    ".json": FileReader(read_canonical, FileRole.TEXT),
    ".md": FileReader(read_text, FileRole.TEXT),
    ".mht": FileReader(read_archive, FileRole.DOCUMENT),
    ".mhtml": FileReader(read_archive, FileRole.DOCUMENT),
    ".ofd": FileReader(read_ofd, FileRole.DOCUMENT),
    ".pdf": FileReader(read_pdf, FileRole.DOCUMENT),
    ".png": FileReader(read_picture, FileRole.PICTURE),
    ".tif": FileReader(read_picture, FileRole.PICTURE),
    ".tiff": FileReader(read_picture, FileRole.PICTURE),
    ".txt": FileReader(read_text, FileRole.TEXT),
    ".wps": FileReader(read_doc, FileRole.DOCUMENT),
    ".xls": FileReader(read_sheets, FileRole.SHEET),
    ".xlsx": FileReader(read_sheets, FileRole.SHEET),
    ".yaml": FileReader(read_canonical, FileRole.TEXT),
    ".yml": FileReader(read_canonical, FileRole.TEXT),
}
"""The readers by suffix; a new format is a module and a line here."""

_TWICE = (".htm", ".jpeg", ".mhtml", ".tiff", ".yaml", ".yml")
_SHOWN = "、".join(suffix for suffix in READERS if suffix not in _TWICE)
_PICTURES = {
    b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg", b"II*\0": ".tif", b"MM\0*": ".tif",
}  # fmt: skip
"""The first bytes of pictures that pages are scanned to."""
_BINARY = (
    ".doc", ".docx", ".et", ".jpeg", ".jpg", ".ofd", ".pdf", ".png", ".tif", ".tiff", ".wps",
    ".xls", ".xlsx",
)  # fmt: skip
"""What is called so is no text."""
_SHEET_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book\0"))
_PARTS = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "OFD.xml": ".ofd"}
_OWN_YAML = re.compile(rb"(?:---\s*)?\xe5\x8d\x95\xe4\xbd\x8d: ")
"""单位, the first key of canonical data."""
_ARCHIVE = re.compile(
    rb"(?:[\w-]+: .*\r?\n(?:[ \t].*\r?\n)*)*?Content-Type: *multipart/related", re.I
)
_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|table|div|p|meta)\b", re.I)


class UnknownKindError(ValueError):
    """No reader is for files of this kind; worded for the user."""


def read_file(path: Path, shown: str | None = None) -> FoundFile:
    """Return what the file *path* holds; *shown* names it in messages.

    Raises ValueError, worded for the user, when it cannot be read, OSError when the system
    refuses.
    """
    try:
        data = files.read_file(path, MAX_BYTES)
    except files.FileTooLargeError as error:
        raise _too_large() from error
    return read_bytes(data, shown or str(path), path.suffix, path.parent)


def read_bytes(data: bytes, shown: str, suffix: str = "", folder: Path | None = None) -> FoundFile:
    """Return what *data* holds, as it comes from standard input; *shown* names it in messages.

    Its first bytes say more than *suffix*; without one, text is taken for text.  Pictures that
    it names are taken from *folder* and below, from nowhere when it is None.  Raises ValueError,
    worded for the user.
    """
    if len(data) > MAX_BYTES:
        raise _too_large()
    if not data or data.isspace():
        raise ValueError("文件是空的")
    shown_kind, called = _kind(data), suffix.lower()
    if called in _BINARY and not shown_kind and files.is_plain_text(data):
        raise files.PlainTextError(suffix)
    kind = shown_kind or called or _kind_of_text(data)
    if kind not in READERS:
        what = f"不认识的文件类型“{kind}”" if kind else "看不出是什么文件"
        advice = "别的文档、表格先用 Word 或 WPS 另存为 .docx、.xlsx"
        raise UnknownKindError(f"{what}，能读取的有 {_SHOWN}；{advice}")
    return READERS[kind].read(data, shown, folder)


def role_of(path: Path) -> FileRole | None:
    """Return what the file *path* is by its suffix; None if no reader is for it."""
    reader = READERS.get(path.suffix.lower())
    return reader.role if reader else None


def _too_large() -> ValueError:
    return ValueError(f"文件超过 {MAX_BYTES // 1_000_000} MB，不像一份年度报告")


def _kind(data: bytes) -> str:
    """Return the suffix of the format that *data* shows itself to be in, empty when it does not."""
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_package(data)
    if data.startswith(COMPOUND):
        return ".xls" if any(name in data for name in _SHEET_STREAMS) else ".doc"
    if picture := next((_PICTURES[start] for start in _PICTURES if data.startswith(start)), ""):
        return picture
    head = data[:1000].lstrip(b"\xef\xbb\xbf")
    if _PAGE.match(head):
        return ".html"
    if _ARCHIVE.match(head):
        return ".mht"
    if head.startswith(b"{\\rtf"):
        return ".rtf"
    return ".json" if head.lstrip().startswith(b"{") else ""


def _kind_of_text(data: bytes) -> str:
    """Return the suffix for *data* without a name: our own YAML, any other text, or neither."""
    if b"\0" in data:
        return ""
    return ".yaml" if _OWN_YAML.match(data) else ".txt"


def _kind_of_package(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ""
    return next((suffix for part, suffix in _PARTS.items() if part in names), "")


_AROUND = re.compile(r"[\s【】\[\]（）()<>《》“”]|此处|插入|放|图片|配图|插图|截图[：:]|[：:。]")
"""What people write around the name of a picture that belongs there."""
_LONGEST_NAME = 80
_CHINESE = re.compile("[\u4e00-\u9fff]{2}")


def put_together(files: Sequence[FoundFile], pictures: Mapping[str, bytes]) -> FoundFile:
    """Return *files*, at least one, as one; a paragraph naming one of *pictures* becomes it.

    *pictures* are files by name, with their suffix.
    """
    first, *others = files
    names = _names(pictures)
    blocks = [_placed(block, names, pictures) for file in files for block in file.blocks]
    return replace(
        first,
        blocks=tuple(blocks),
        title=next((file.title for file in files if file.title), ""),
        body=None if others else first.body,
        struck=tuple(text for file in files for text in file.struck),
        flattened=tuple(text for file in files for text in file.flattened),
        unread="；".join(file.unread for file in files if file.unread),
        stated={key: value for file in reversed(files) for key, value in file.stated.items()},
    )


def _names(pictures: Mapping[str, bytes]) -> dict[str, str]:
    """Return the name of each picture by what a text may call it, if that can only be one."""
    called: dict[str, list[str]] = {}
    for name in pictures:
        for call in {_plain(name), _plain(PurePosixPath(name).stem)}:
            called.setdefault(call, []).append(name)
    return {call: names[0] for call, names in called.items() if call and len(names) == 1}


def _plain(text: str) -> str:
    return _AROUND.sub("", text).lower()


def _placed(
    block: FoundBlock, names: Mapping[str, str], pictures: Mapping[str, bytes]
) -> FoundBlock:
    if not isinstance(block, FoundParagraph) or len(block.text) > _LONGEST_NAME:
        return block
    name = names.get(_plain(block.text))
    if name is None:
        return block
    stem = PurePosixPath(name).stem
    caption = stem if _CHINESE.search(stem) else ""
    return FoundPicture(name, caption, block.place, pictures[name])
