"""``import``: finished files, or a folder with a document and pictures → a report folder.

A folder as an office keeps it has a Word file and pictures, perhaps a workbook, and files that
do not matter; :func:`collect` selects what is read.  The numbers are written as they were read,
also a total that differs from the sum of its parts, so that the check finds it.  What could not
be read is left blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from reportgen.checks import find_repeated_cells, is_same_organ
from reportgen.diagnostics import Diagnostic, has_errors
from reportgen.files import FileTooLargeError, read_file
from reportgen.finished import ReadBack, read_together
from reportgen.forms import Form, Library, complete_cells, plain_number, shipped_library
from reportgen.markdown import write_narrative
from reportgen.model import CellPath, Quantity, Report
from reportgen.outputs import safe_name
from reportgen.pictures import SUFFIXES, GivenPictures
from reportgen.placeholders import render_template, report_context
from reportgen.problems import EnvironmentProblem, system_reason, typed_path
from reportgen.readers import DATA_FILE, NARRATIVE_FILE, read_values
from reportgen.workflows.new import (
    Scaffold,
    check_is_free,
    data_text,
    template_notes,
    write_folder,
)

if TYPE_CHECKING:
    from reportgen.published import FileRole

_PICTURES = "images"


class Imported(Struct, frozen=True):
    """The files of a new report folder; none when there is no report in what was read."""

    files: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    """What was guessed or is missing, with places in the files read."""


def import_report(files: Sequence[Path], folder: Path, *, bind: bool = False) -> Imported:
    """Make the report folder *folder* of the report that *files* are together.

    One of *files* may be a folder, of which the document, the workbooks and pictures are taken.
    With *bind* numbers of the text that surely repeat a cell become placeholders.  *folder* may
    hold templates and fonts already, which are used; nothing in it is replaced.
    Raises EnvironmentProblem when it holds anything else or cannot be written, when a file
    cannot be read, when it is not clear which document is meant, or when *files* are several
    reports.
    """
    check_is_free(folder)
    collected = collect(files)
    names = [file.name for file in collected.pictures]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise EnvironmentProblem(f"有两张图片都叫 {twice}", "改成不同的名字，再运行一次")
    beside = read_pictures(collected.pictures)
    library = shipped_library().for_folder(folder)
    if len(collected.documents) > 1:
        _refuse_several(collected.documents, library)
    read = read_together(collected.documents, beside, library)
    if read.report is None or read.form is None:
        return Imported(diagnostics=read.diagnostics)
    pictures = dict(read.pictures)
    kept: list[str] = []
    if attached := _as_attached(read, library):
        data, text, pictures = attached
    else:
        data = data_text(scaffold_of(read.report, read.form, library), read.form, library)
        text, kept = _with_placeholders(write_narrative(read.report.narrative))
    bound: list[str] = []
    if bind and not attached:
        text, bound = bind_numbers(data, text, library)
        bound = bound or ["正文里没有能断定是哪一格的数，没有改成占位符"]
    loose = _loose(beside, pictures)
    saved = {name: content for name, content in {**pictures, **loose}.items() if content}
    made = {DATA_FILE: data.encode(), NARRATIVE_FILE: text.encode(), **saved}
    taken = ["PDF 附有填报的数据和正文，与印出的一致，照原样取用"] if attached else []
    told = (*taken, *kept, *bound, *_notes(collected, loose))
    notes = (*template_notes(folder, library), *told)
    return Imported(write_folder(folder, made), notes, read.diagnostics)


def _refuse_several(documents: Sequence[Path], library: Library) -> None:
    """Raise EnvironmentProblem if two of *documents* are reports, each whole in itself.

    Put together they would have the tables of one and the text of both.
    """
    first: tuple[Path, Report] | None = None
    for path in documents:
        report = read_together([path], library=library).report
        if report is None:
            continue
        if first is None:
            first = path, report
        elif not is_same_organ(first[1].organ, report.organ) or _whole(first[1], report):
            what = f"{first[0]} 是{_named(first[1])}，{path} 是{_named(report)}"
            raise EnvironmentProblem(what, "一次导入一份：只写其中一个文件，和属于它的图片、工作簿")


def _whole(*reports: Report) -> bool:
    """Return whether each of *reports* has both tables and text."""
    return all(_has_text(report) and not _is_blank(report) for report in reports)


def _has_text(report: Report) -> bool:
    return any(section.blocks for section in report.narrative.sections)


def _is_blank(report: Report) -> bool:
    return all(cell.invalid for cell in report.cells.values())


def _named(report: Report) -> str:
    """Return what *report* says it is, as far as it does."""
    year = f"{report.year}年度" if report.year else ""
    return f"{report.organ}{year}的报告" if report.organ or year else "另一份报告"


def _as_attached(read: ReadBack, library: Library) -> tuple[str, str, dict[str, bytes]] | None:
    """Return the data, the narrative and the pictures by target that the file carries along.

    None if it carries none that says what it prints, or if that does not read without an error:
    last year's report, which its placeholders may need, is not there.
    """
    if read.sources is None or read.report is None:
        return None
    data, text = read.sources.data, read.sources.narrative
    typed = read_values(data, text, GivenPictures({}), library, follow_previous=False).report
    if typed is None:
        return None
    targets = [picture.target for picture in typed.narrative.pictures()]
    shown = [read.pictures.get(item.target, b"") for item in read.report.narrative.pictures()]
    if len(targets) != len(shown):
        return None
    pictures = dict(zip(targets, shown, strict=True))
    given = GivenPictures(pictures)
    if any(given.locate(target).exact is None for target in targets):
        return None
    again = read_values(data, text, given, library, follow_previous=False)
    return None if has_errors(again.diagnostics) else (data, text, pictures)


def scaffold_of(report: Report, form: Form, library: Library) -> Scaffold:
    """Return what ``report.yaml`` is to say of *report*."""
    plain = render_template("title", form.title, report_context(report, form), form.rulebook)
    fitting = [item for item in library.editions(form.report) if item.in_force(report.year)]
    newest = max(fitting, key=lambda item: item.first_year, default=None)
    kinds = {folder: name for name, folder in library.report_kinds().items()}
    kind = kinds.get(form.report, "")
    return Scaffold(
        organ=report.organ,
        year=report.year or None,
        report="" if kind == library.default_kind() else kind,
        contact={key: report.contact.get(key, "") for key in form.contact_keys},
        previous="",
        cells=_typed_cells(report.cells, form),
        title="" if report.title in ("", plain.strip()) else report.title,
        form="" if newest and newest.id == form.id else form.id,
        date=report.date,
        attachments=tuple(name.text for name in report.attachments),
        remark=report.remark.text if report.remark else "",
    )


def _typed_cells(cells: Mapping[CellPath, Quantity], form: Form) -> dict[CellPath, Quantity]:
    """Return the cells to be typed: all but the totals that are worked out as they were read.

    Where one total of a row is another, all of the row are typed.
    """
    typed = {name: cell for name, cell in cells.items() if name not in form.totals}
    computed = complete_cells(form, typed, zero_missing=False)
    rows = {
        name.row
        for name in form.totals
        if not cells[name].invalid and _differs(cells[name], computed.get(name))
    }
    return typed | {name: cells[name] for name in form.totals if name.row in rows}


def _differs(read: Quantity, computed: Quantity | None) -> bool:
    if computed is None or computed.invalid:
        return True
    return read.number is not None and read.number != computed.number


def bind_numbers(data: str, text: str, library: Library) -> tuple[str, list[str]]:
    """Return the narrative *text* with placeholders for numbers of *data*, and a line for each.

    Only a number that its sentence says to be one certain cell, and that the placeholder prints
    as it is typed, is replaced.
    """
    reading = read_values(data, text, GivenPictures({}), library)
    if reading.report is None or reading.form is None:
        return text, []
    cells, bound = reading.report.cells, []
    found = sorted(find_repeated_cells(reading.report, reading.form), key=lambda one: one[0].start)
    parts, end = [], 0
    for span, cell, placeholder in found:
        if span.start >= end and span.text == plain_number(cells[cell].amount):
            parts += [text[end : span.start], placeholder]
            end = span.end
            bound.append(f"第 {span.line} 行：{span.text} → {placeholder}")
    return "".join([*parts, text[end:]]), bound


_PRINTED_PLACEHOLDER = re.compile(r"\\\{\\\{.{1,200}?\\\}\\\}")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def _with_placeholders(text: str) -> tuple[str, list[str]]:
    """Return the narrative *text*, in which braces are escaped, with its placeholders, and a note.

    No report prints braces: they are in a draft of the text, or were meant to be filled.
    """
    found = _PRINTED_PLACEHOLDER.findall(text)
    if not found:
        return text, []
    text = _PRINTED_PLACEHOLDER.sub(lambda one: _ESCAPE.sub(r"\1", one[0]), text)
    return text, [f"文中的 {{{{ … }}}} 有 {len(found)} 处，当作占位符，印出时填表里的数"]


def _loose(beside: Mapping[str, bytes], placed: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the pictures of *beside* that are not *placed* in the text, by a name of their own."""
    loose: dict[str, bytes] = {}
    for name, data in beside.items():
        if data in placed.values():
            continue
        target, number = f"{_PICTURES}/{safe_name(name)}", 1
        while target in placed or target in loose:
            number += 1
            target = f"{_PICTURES}/{number}-{safe_name(name)}"
        loose[target] = data
    return loose


def _notes(collected: Collected, loose: Mapping[str, bytes]) -> Iterator[str]:
    if loose:
        yield f"还没有放进正文的图片：{'、'.join(loose)}；放在哪里，就在哪里写 ![说明](路径)"
    if collected.unused:
        yield f"没有用到：{'、'.join(file.name for file in collected.unused)}"


PICTURES = frozenset((*SUFFIXES.values(), ".jpeg", ".tif"))
MOST_FILES = 2_000
MAX_PICTURE = 40_000_000
MAX_PICTURES = 150_000_000
"""Bytes of all pictures together, which are in memory at a time."""
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

    Whoever names a document means it.  Pictures alone are the pages of a scanned report.
    Raises EnvironmentProblem when a folder is a report folder already or holds several documents,
    when a file is not there, or when nothing can be read.
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
        elif _is_picture(file):
            pictures.append(file)
        else:
            (sheets if _role(file) == "sheet" else texts).append(file)
    if not (texts or sheets) and pictures:
        return Collected(tuple(pictures), (), tuple(unused))  # the pages of a scan
    if not (texts or sheets):
        names = "、".join(map(str, files))
        raise EnvironmentProblem(f"{names} 里没有报告", "写报告文件的路径，如 年报.docx")
    return Collected((*texts, *sheets), tuple(pictures), tuple(unused))


def _collect_folder(folder: Path) -> Collected:
    """Return what a report is made of in *folder*, and pictures in the folders below it."""
    files = list(_files(folder))
    if any(file.name == DATA_FILE for file in files):
        hint = f"运行 reportgen check {typed_path(folder)}"
        raise EnvironmentProblem(f"{folder} 已经是报告目录", hint)
    texts = [file for file in files if _role(file) == "document"]
    texts = texts or [file for file in files if _role(file) == "text"]
    sheets = [file for file in files if _role(file) == "sheet"]
    if len(texts) > 1:
        names = "、".join(file.name for file in texts)
        hint = f"写明用哪一份，如 reportgen import {typed_path(texts[0])} -o 目录"
        raise EnvironmentProblem(f"{folder} 里有 {len(texts)} 份文件：{names}", hint)
    below = (inner for inner in _entries(folder) if inner.is_dir() and not inner.is_symlink())
    pictures = [
        file
        for file in (*files, *(file for inner in below for file in _files(inner)))
        if _is_picture(file)
    ]
    taken = {*texts, *sheets, *pictures}
    unused = tuple(file for file in files if file not in taken)
    return Collected((*texts, *sheets), tuple(pictures), unused)


def _is_picture(file: Path) -> bool:
    return file.suffix.lower() in PICTURES


def _role(file: Path) -> FileRole | None:
    from reportgen.published import role_of  # the readers are loaded for an import only

    return role_of(file)


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


def read_pictures(files: Sequence[Path]) -> dict[str, bytes]:
    """Return the pictures *files* by name.

    Raises EnvironmentProblem when one cannot be read, or all together are too large.
    """
    read: dict[str, bytes] = {}
    left = MAX_PICTURES
    for file in files:
        read[file.name] = picture_bytes(file)
        left -= len(read[file.name])
        if left < 0:
            message = f"图片合起来超过 {MAX_PICTURES // 1_000_000} MB，不像一份报告的"
            raise EnvironmentProblem(message, "缩小图片，或只留下报告用的")
    return read


def picture_bytes(file: Path) -> bytes:
    """Return the picture *file*; EnvironmentProblem when it cannot be read or is too large."""
    try:
        return read_file(file, MAX_PICTURE)
    except FileTooLargeError as error:
        message = f"图片 {file} 超过 {MAX_PICTURE // 1_000_000} MB"
        raise EnvironmentProblem(message, "缩小图片，或不放在这里") from error
    except OSError as error:
        reason = system_reason(error)
        raise EnvironmentProblem(f"图片 {file} 无法读取：{reason}", "检查该文件") from error
