"""Text files as the office saves them: UTF-8 with or without a mark, or GB 18030 from Notepad."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from reportgen.diagnostics import Diagnostic, Severity
from reportgen.problems import system_reason
from reportgen.source import SourceFile

MAX_TEXT_BYTES = 10_000_000
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_source(path: Path, shown: str | None = None) -> tuple[SourceFile | None, list[Diagnostic]]:
    """Return the text of *path*, line ends as LF, and what is wrong with the file.

    *shown* is the path as messages name it.  The source is None when the file
    is missing, too large or not text.
    """
    name = shown or str(path)
    try:
        if path.stat().st_size > MAX_TEXT_BYTES:
            limit = MAX_TEXT_BYTES // 1_000_000
            return None, [
                _problem(name, f"文件超过 {limit} MB，不是报告的文字", "检查是否放错了文件")
            ]
        data = path.read_bytes()
    except FileNotFoundError:
        hint = "用 reportgen new 生成报告目录，或检查文件名是否写对"
        return None, [_problem(name, f"没有找到 {path.name}", hint)]
    except OSError as error:
        reason = system_reason(error)
        return None, [_problem(name, f"无法读取 {path.name}：{reason}", "关闭占用它的程序后再试")]
    return source_of(_decode(data), name)


def source_of(text: str | None, name: str) -> tuple[SourceFile | None, list[Diagnostic]]:
    """Return *text* as the source *name*, line ends as LF; a finding if it is none.

    Null characters and halves of surrogate pairs stand in no text.
    """
    if text is None or _NO_TEXT.search(text):
        what = Path(name).name
        return None, [_problem(name, f"{what} 不是文本文件", "用记事本另存为 UTF-8 编码")]
    return SourceFile(name, text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")), []


def _decode(data: bytes) -> str | None:
    """Return *data* as text in the first encoding that fits, None when none does."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _try(data[3:] if mark == codecs.BOM_UTF8 else data, encoding)
    text = _try(data, "utf-8")
    return text if text is not None else _try(data, "gb18030")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _problem(name: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic("I110", "file-unreadable", Severity.ERROR, message, hint=hint, file=name)
