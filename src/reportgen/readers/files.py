"""The files of a report folder, or the values a program gives in their place.

Texts come as the office saves them: UTF-8 with or without a byte order mark, or GB 18030 from
Notepad.
"""

from __future__ import annotations

import codecs
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from os.path import lexists
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from reportgen.diagnostics import Finding
from reportgen.files import (
    FileTooLargeError,
    PlainTextError,
    changed_at,
    file_digest,
    is_inside,
    read_file,
    refusal,
)
from reportgen.pictures import PictureFolder, Pictures
from reportgen.problems import system_reason
from reportgen.source import MAX_CHARACTERS, SourceFile
from reportgen.text import SELECTORS

_ADDED = re.compile(
    r"\.(?:txt|ya?ml|md|markdown|text|docx?|wps|rtf|pdf|xls[xmb]?|et|ods|csv)$"
    r"|[ _-]*(?:\(\d+\)|\[\d+\]|副本|copy)$|\s+$"
)
_LOCKS = ("~$", ".")
_TEXT_KINDS = (".txt", ".yaml", ".yml", ".md", ".markdown", ".text")
_NARRATIVE_KINDS = (*_TEXT_KINDS, ".docx", ".doc", ".wps", ".rtf", ".pdf")
_WORKBOOK_KINDS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ods", ".csv")
_MAX_NAMED = 3
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html[\s>]|\?xml )", re.IGNORECASE)
_DEEPEST = 3
_MANY_FOLDERS = 1_000
"""So many entries of a folder, and folders of a level, are looked through for reports below."""
MAX_TEXT_BYTES = 4 * MAX_CHARACTERS
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_source(path: Path, shown: str | None = None) -> tuple[SourceFile | None, list[Finding]]:
    """Return the text of *path*, line ends as LF, and what is wrong with the file.

    *shown* is the path as messages name it.  The source is None when the file
    is missing, too large or not text.
    """
    name = shown or str(path)
    try:
        data = read_file(path, MAX_TEXT_BYTES)
    except FileNotFoundError:
        if reason := refusal(path):
            return None, [_problem(path, name, reason, wording="refused")]
        return None, [missing(path, name)]
    except FileTooLargeError:
        return None, [_problem(path, name, wording="too-large")]
    except OSError as error:
        return None, [_problem(path, name, system_reason(error), wording="refused")]
    if wording := _kind_of(data):
        if wording == "is-word" and path.suffix == Path(NARRATIVE_FILE).suffix:
            wording = "narrative-is-word"
        return None, [_problem(path, name, wording=wording)]
    return source_of(_decode(data), name)


def missing(path: Path, name: str) -> Finding:
    """Return the finding that there is no file *path*, shown as *name*; one meant is named."""
    other = misnamed(path)
    values = {"文件": path.name, "另一个": other}
    wording = "misnamed" if other else "missing"
    if is_word(other) and path.suffix == Path(NARRATIVE_FILE).suffix:
        wording = "word-misnamed"
        values["改名"] = path.stem + Path(other).suffix.lower()
    elif other.lower().endswith((*WORD_SUFFIXES, ".rtf")):
        wording = "word-beside"
    elif other.lower().endswith(".pdf"):
        wording = "pdf-beside"
    return Finding("file-unreadable", None, values, wording=wording, file=name)


def misnamed(path: Path) -> str:
    """Return the name of a file beside *path* that was meant to be it, empty when there is none.

    Windows hides the last part of ``report.yaml.txt``; mail and chat programs add ``(1)``, a
    copy becomes ``正文 - 副本.md``, and others save another kind under the same name.  A text
    that has *path*'s name within its own (``正文（定稿）.docx``) is meant if none is a copy.
    """
    others = files_beside(path)
    kinds = _NARRATIVE_KINDS if path.suffix == Path(NARRATIVE_FILE).suffix else _TEXT_KINDS
    alike = [o for o in others if path.stem in o.stem and o.suffix.lower() in kinds]
    copies = [other for other in others if is_copy(other, path)]
    return next((other.name for other in (*copies, *alike)), "")


def files_beside(path: Path) -> list[Path]:
    """Return the other files in the folder of *path*, by name, without those programs lock by."""
    try:
        return sorted(
            entry
            for entry in path.parent.iterdir()
            if entry.name != path.name and not entry.name.startswith(_LOCKS) and _is_own(entry)
        )
    except OSError:
        return []


def _is_own(entry: Path) -> bool:
    return entry.is_file() and not entry.is_symlink()


def is_copy(other: Path, path: Path) -> bool:
    """Return whether *other* is named as a copy of *path*, or as *path* of another kind."""
    return _bare(other.name) == _bare(path.name)


def texts_beside(path: Path) -> list[Finding]:
    """Return a warning when copies of the text *path* lie beside it, which are passed over."""
    others = [item for item in files_beside(path) if item.suffix.lower() in _TEXT_KINDS]
    return _passed_over(path, [item for item in others if is_copy(item, path)])


def workbooks_beside(path: Path, *, some_typed: bool, all_typed: bool) -> list[Finding]:
    """Return what is to be said of other workbooks in the folder of *path*.

    When *path* is there, it is read, and those that are named alike are passed over.  When it
    is not, one of them was meant, unless the tables are typed in the data: then only one named
    alike can be it when *some_typed* are, and none when *all_typed* are.
    """
    others = [item for item in files_beside(path) if item.suffix.lower() in _WORKBOOK_KINDS]
    alike = [item for item in others if path.stem in item.stem]
    if lexists(path):
        return _passed_over(path, alike)
    if all_typed:
        kind = [item for item in alike if item.suffix.lower() == path.suffix]
        return _passed_over(path, kind, read=False)
    meant = [item for item in others if is_copy(item, path)] or alike
    meant = meant or ([] if some_typed else others)
    if not meant:
        return []
    names = "、".join(f"“{item.name}”" for item in meant[:_MAX_NAMED])
    values = {"文件": meant[0].name, "工作簿": path.name, "各个": names}
    wording = "renamed" if meant[0].suffix.lower() == path.suffix else "misnamed"
    return [Finding("workbook-unreadable", None, values, wording=wording, file=str(meant[0]))]


def _passed_over(path: Path, others: Iterable[Path], *, read: bool = True) -> list[Finding]:
    """Return a warning when some of *others* hold something else than *path*.

    Unless *read*, *path* is not there either.
    """
    other = [item for item in others if not (read and _are_equal(item, path))]
    if not other:
        return []
    names = "、".join(f"“{item.name}”（{_changed(item)}）" for item in other[:_MAX_NAMED])
    more = f"等 {len(other)} 个文件" if len(other) > _MAX_NAMED else ""
    values = {"文件": path.name, "时间": _changed(path) if read else "", "其余": names + more}
    wording = "" if read else "not-read"
    return [Finding("copy-passed-over", None, values, wording=wording, file=str(other[0]))]


def _changed(path: Path) -> str:
    when = changed_at(path)
    return f"{when} 改动" if when else "时间不明"


def _are_equal(one: Path, other: Path) -> bool:
    try:
        return file_digest(one) == file_digest(other)
    except OSError:
        return False


def _bare(name: str) -> str:
    """Return *name* without the parts that programs add, nor the kind of file."""
    folded = unicodedata.normalize("NFKC", name).lower()
    while (stripped := _ADDED.sub("", folded)) != folded:
        folded = stripped
    return folded


def _kind_of(data: bytes) -> str:
    """Return which wording tells that *data* is no text but a known kind of file."""
    if data.startswith(_OFFICE):
        return "is-word"
    if data.startswith(b"%PDF-"):
        return "is-pdf"
    return "is-html" if _HTML.match(data) else ""


def source_of(text: str | None, name: str) -> tuple[SourceFile | None, list[Finding]]:
    """Return *text* as the source *name*, line ends as LF; a finding if it is none.

    Null characters and halves of surrogate pairs stand in no text, and no text of a report has
    more than ``MAX_CHARACTERS``.  Selectors that only choose between a plain character and a
    coloured one (〇️) are left out: they print nothing.
    """
    if text is None or _NO_TEXT.search(text):
        return None, [_problem(Path(name), name, wording="not-text")]
    if len(text) > MAX_CHARACTERS:
        return None, [_problem(Path(name), name, wording="too-large")]
    plain = text.lstrip("\ufeff").translate(SELECTORS)
    return SourceFile(name, plain.replace("\r\n", "\n").replace("\r", "\n")), []


def word_refused(path: Path, error: ValueError) -> Finding:
    """Return the finding that *error* keeps the Word document *path* from being read."""
    wording = "narrative-is-text" if isinstance(error, PlainTextError) else "word-refused"
    return _problem(path, str(path), str(error), wording=wording)


def _problem(path: Path, name: str, reason: str = "", *, wording: str) -> Finding:
    limit = MAX_CHARACTERS // 10_000
    values = {"文件": path.name, "上限": limit, "原因": reason}
    return Finding("file-unreadable", None, values, wording=wording, file=name)


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


DATA_FILE = "report.yaml"
NARRATIVE_FILE = "正文.md"
WORKBOOK_FILE = "数据.xlsx"
WORD_SUFFIXES = (".docx", ".doc", ".wps")
"""What the name of a narrative ends in that is a document of Word or WPS."""


def is_word(name: str) -> bool:
    """Return whether the narrative *name* is a document of Word or WPS."""
    return name.lower().endswith(WORD_SUFFIXES)


def no_report(folder: Path) -> list[Finding]:
    """Return the finding that *folder* is no report folder, none when it has the data file."""
    path = folder / DATA_FILE
    if lexists(path):
        return []
    if misnamed(path):
        return [missing(path, str(path))]
    below = [
        found.relative_to(folder).as_posix() for found in islice(find_reports_below(folder), 4)
    ]
    names = "、".join(f"“{name}”" for name in below[:3]) + ("等" if len(below) > 3 else "")
    values = {"文件": DATA_FILE, "各目录": names}
    wording = "reports-below" if below else "no-report"
    return [Finding("file-unreadable", None, values, wording=wording, file=str(path))]


def is_report_folder(folder: Path) -> bool:
    """Return whether *folder* holds the data of a report, or something else of their name."""
    return lexists(folder / DATA_FILE)


def shortened_path(path: Path) -> Path:
    """Return *path* without ``a/..``, unless a link makes that another place."""
    short = Path(os.path.normpath(path))
    try:
        return short if short.samefile(path) else path
    except (OSError, ValueError):
        return path


def is_folder(path: Path) -> bool:
    """Return whether there is a folder at *path*, which may be no path at all."""
    try:
        return path.is_dir()
    except OSError:  # a name too long for the system
        return False


def find_reports_below(folder: Path) -> Iterator[Path]:
    """Yield the report folders up to ``_DEEPEST`` levels below *folder*, the nearest first."""
    level = [folder]
    for _ in range(_DEEPEST):
        level = [child for parent in level[:_MANY_FOLDERS] for child in _folders_in(parent)]
        yield from (child for child in level if is_report_folder(child))


def _folders_in(folder: Path) -> list[Path]:
    """Return the folders in *folder* by name, without hidden ones and links; none if unreadable."""
    try:
        entries = sorted(islice(folder.iterdir(), _MANY_FOLDERS))
        return [e for e in entries if e.is_dir() and not e.is_symlink() and e.name[0] != "."]
    except OSError:
        return []


class Origin(Protocol):
    """What a report is read from, apart from its data."""

    @property
    def folder(self) -> Path:
        """Where the paths in the data lead from."""

    @property
    def workbook(self) -> Path | None:
        """Where a workbook with the tables would lie; None where none can."""

    @property
    def pictures(self) -> Pictures:
        """Where the pictures that the narrative names are looked up."""

    def narratives(self) -> list[str]:
        """Return the names of the narratives there are, where the data names none."""

    def holds(self, name: str) -> bool:
        """Return whether the narrative may be taken from the file *name*."""

    def narrative(self, name: str) -> tuple[SourceFile | None, list[Finding]]:
        """Return the narrative, named *name* in the data, and what is wrong with its file."""


class FolderOrigin(Struct, frozen=True):
    """A report folder: every part is a file in it."""

    folder: Path

    @property
    def workbook(self) -> Path:
        """The place of the workbook, whether there is one or not."""
        return self.folder / WORKBOOK_FILE

    @property
    def pictures(self) -> Pictures:
        """The folder itself."""
        return PictureFolder(self.folder)

    def narratives(self) -> list[str]:
        """Return the names of the files that may be the narrative, the one in Markdown first."""
        stem = Path(NARRATIVE_FILE).stem
        names = (NARRATIVE_FILE, *(stem + suffix for suffix in WORD_SUFFIXES))
        return [name for name in names if lexists(self.folder / name)]

    def holds(self, name: str) -> bool:
        """Return whether the file *name* lies in the folder, links followed."""
        return is_inside(self.folder / name, self.folder)

    def narrative(self, name: str) -> tuple[SourceFile | None, list[Finding]]:
        """Return the text of the file *name*; a copy of it or of the data is reported."""
        source, found = read_source(self.folder / name)
        copies = [*texts_beside(self.folder / DATA_FILE), *texts_beside(self.folder / name)]
        return source, [*found, *(copies if source else ())]


class ValueOrigin(Struct, frozen=True):
    """Values that a program gives: the narrative as ``text``, and where its pictures are.

    Paths in the data lead from the current folder, as any path of a program does.
    """

    text: str
    pictures: Pictures
    folder: Path = Path()
    workbook: None = None

    def narratives(self) -> list[str]:
        """Return the usual name: there is one text."""
        return [NARRATIVE_FILE]

    def holds(self, name: str) -> bool:
        """Return True: *name* is what messages call the text, and opens no file."""
        return True

    def narrative(self, name: str) -> tuple[SourceFile | None, list[Finding]]:
        """Return the text under the name *name*."""
        return source_of(self.text, name)
