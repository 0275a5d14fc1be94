"""The files of a report as an office keeps them → the documents to read and the pictures.

A folder holds a Word file and pictures, perhaps a workbook, and other things that do not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from reportgen.pictures import SUFFIXES
from reportgen.problems import EnvironmentProblem, system_reason
from reportgen.readers import DATA_FILE

DOCUMENTS = frozenset((".docx", ".doc", ".wps", ".html", ".htm", ".pdf"))
TEXTS = frozenset((".md", ".txt", ".json"))
SHEETS = frozenset((".xlsx", ".xls", ".et"))
PICTURES = frozenset((*SUFFIXES.values(), ".jpeg", ".tif"))
MOST_FILES = 2_000
MAX_PICTURE = 40_000_000
_NOT_MEANT = ("~$", ".")
"""What the names of lock files and hidden files begin with."""


class Collected(Struct, frozen=True):
    """What a report is made of."""

    documents: tuple[Path, ...]
    """The text first, then workbooks."""
    pictures: tuple[Path, ...]
    unused: tuple[Path, ...] = ()
    """Files beside them that nothing is read from."""


def collect(files: Sequence[Path]) -> Collected:
    """Return what *files* are, and what is in the folders among them.

    Whoever names a document means it.  Raises EnvironmentProblem when a folder is a report folder
    already or holds several documents, when a file is not there, or when nothing can be read.
    """
    texts: list[Path] = []
    sheets: list[Path] = []
    pictures: list[Path] = []
    unused: list[Path] = []
    for file in files:
        if file.is_dir():
            found = _collect_folder(file)
            texts += found.documents[:1]
            sheets += found.documents[1:]
            pictures += found.pictures
            unused += found.unused
        elif _suffix(file) in PICTURES:
            pictures.append(file)
        else:
            (sheets if _suffix(file) in SHEETS else texts).append(file)
    if not (texts or sheets):
        names = "、".join(map(str, files))
        raise EnvironmentProblem(f"{names} 里没有报告", "写报告文件的路径，如 年报.docx")
    return Collected((*texts, *sheets), tuple(pictures), tuple(unused))


def _collect_folder(folder: Path) -> Collected:
    """Return what a report is made of in *folder*, and pictures in the folders below it."""
    files = list(_files(folder))
    if any(file.name == DATA_FILE for file in files):
        hint = f"运行 reportgen check {folder}"
        raise EnvironmentProblem(f"{folder} 已经是报告目录", hint)
    texts = [file for file in files if _suffix(file) in DOCUMENTS]
    texts = texts or [file for file in files if _suffix(file) in TEXTS]
    sheets = [file for file in files if _suffix(file) in SHEETS]
    if len(texts) > 1:
        names = "、".join(file.name for file in texts)
        hint = f"写明用哪一份，如 reportgen import {texts[0]} -o 目录"
        raise EnvironmentProblem(f"{folder} 里有 {len(texts)} 份文件：{names}", hint)
    below = (inner for inner in _entries(folder) if inner.is_dir() and not inner.is_symlink())
    pictures = [
        file
        for file in (*files, *(file for inner in below for file in _files(inner)))
        if _suffix(file) in PICTURES
    ]
    taken = {*texts, *sheets, *pictures}
    unused = tuple(file for file in files if file not in taken)
    return Collected((*texts, *sheets), tuple(pictures), unused)


def _suffix(file: Path) -> str:
    return file.suffix.lower()


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files in *folder*, no links, in the order of their names."""
    return (file for file in _entries(folder) if file.is_file() and not file.is_symlink())


def _entries(folder: Path) -> list[Path]:
    try:
        found = sorted(file for file in folder.iterdir() if not file.name.startswith(_NOT_MEANT))
    except OSError as error:
        reason = system_reason(error)
        raise EnvironmentProblem(f"{folder} 无法读取：{reason}", "检查该目录的权限") from error
    if len(found) > MOST_FILES:
        raise EnvironmentProblem(
            f"{folder} 里有 {len(found)} 个文件，不像一份报告的", "把报告用的文件放进一个目录"
        )
    return found


def picture_bytes(file: Path) -> bytes:
    """Return the picture *file*; EnvironmentProblem when it cannot be read or is too large."""
    try:
        if file.stat().st_size > MAX_PICTURE:
            raise EnvironmentProblem(
                f"图片 {file} 超过 {MAX_PICTURE // 1_000_000} MB", "缩小图片，或不放在这里"
            )
        return file.read_bytes()
    except OSError as error:
        reason = system_reason(error)
        raise EnvironmentProblem(f"图片 {file} 无法读取：{reason}", "检查该文件") from error
