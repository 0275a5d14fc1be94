"""A file of any kind → what it holds: one reader for each format, told by suffix and content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from reportgen.published.docx import read_docx
from reportgen.published.found import FoundFile
from reportgen.published.html import decode_html, read_html
from reportgen.published.pdf import read_pdf
from reportgen.published.text import read_text

MAX_BYTES = 100_000_000


def _read_plain(data: bytes, path: str) -> FoundFile:
    return read_text(decode_html(data), path)


READERS: Mapping[str, Callable[[bytes, str], FoundFile]] = {
    ".docx": read_docx,
    ".htm": read_html,
    ".html": read_html,
    ".md": _read_plain,
    ".pdf": read_pdf,
    ".txt": _read_plain,
}
"""What reads each format; a new one is a module and a line here."""

_MAGIC = ((b"%PDF", ".pdf"), (b"PK\x03\x04", ".docx"))


def read_file(path: Path, shown: str | None = None) -> FoundFile:
    """Return what the file *path* holds; *shown* names it in messages.

    Its first bytes say more than its name.  Raises ValueError, worded for the user, when it
    cannot be read, OSError when the system refuses.
    """
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"文件超过 {MAX_BYTES // 1_000_000} MB")
    suffix = path.suffix.lower()
    kind = next((kind for magic, kind in _MAGIC if data.startswith(magic)), suffix)
    if kind not in READERS:
        known = "、".join(READERS)
        raise ValueError(f"不认识的文件类型“{suffix}”，能读取的有 {known}")
    return READERS[kind](data, shown or str(path))
