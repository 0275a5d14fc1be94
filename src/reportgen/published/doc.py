"""A DOC or WPS document → what it holds, by way of DOCX.

The library that converts it is an extra: few reports come in this format any more.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from reportgen.published.docx import read_docx
from reportgen.published.found import FoundFile

NOT_INSTALLED = (
    '读取 DOC、WPS 文件要另外安装：pip install "reportgen[doc]"；'
    "也可以用 Word 或 WPS 打开，另存为 .docx"
)


def read_doc(data: bytes, path: str, folder: Path | None = None) -> FoundFile:
    """Return what the document *data* shows; *path* names it in messages.

    Raises ValueError when the extra ``doc`` is not installed or the document cannot be read.
    """
    try:
        import doc2docx
    except ImportError:
        raise ValueError(NOT_INSTALLED) from None
    with tempfile.TemporaryDirectory(prefix="reportgen-") as place:
        before, after = Path(place, "a.doc"), Path(place, "a.docx")
        before.write_bytes(data)
        try:
            doc2docx.convert(before, after)
            converted = after.read_bytes()
        except Exception as error:  # the library raises nearly anything on a broken document
            reason = "可以用 Word 或 WPS 打开，另存为 .docx"
            raise ValueError(f"这个 DOC 无法读取，{reason}") from error
    return read_docx(converted, path, folder)
