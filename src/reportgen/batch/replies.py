"""What a batch gives back: the finished files in one folder, and a reply sheet for each unit.

A reply sheet (回执) is a DOCX that tells a unit in plain words what to correct.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from reportgen.batch.unit import Outcome
from reportgen.diagnostics import Severity
from reportgen.document.nodes import Block, Document, Heading, Metadata, Paragraph
from reportgen.files import FileWriter, open_file, refuse_way_out
from reportgen.forms import Form, shipped_library
from reportgen.outputs import (
    Maker,
    Written,
    earlier_files,
    origin_of,
    remove_earlier,
    safe_name,
    write_files,
)
from reportgen.pipeline import docx_writer
from reportgen.readers import REPLIES_FOLDER
from reportgen.text import Run
from reportgen.units import Told, UnitFinding, without_suffix

_LINE = re.compile(r":(\d+):\d+$")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def collect_files(
    outcomes: Iterable[Outcome], folder: Path, home: Path, key: bytes = b""
) -> list[Written]:
    """Copy the finished files of *outcomes*, units below *home*, to *folder*, named by them.

    The record of the copies is sealed with the user's *key*.
    Of several reports of one unit each is named by its folder too.  A file that somebody edited
    by hand there is kept.  Raises EnvironmentProblem if a file cannot be written.
    """
    files: dict[str, FileWriter] = {}
    ordered = sorted((item for item in outcomes if item.files), key=lambda item: item.name)
    for outcome, name in zip(ordered, _file_names(ordered), strict=True):
        for path in map(Path, outcome.files):
            files[name + path.suffix] = partial(_copy, path)
    return write_files(folder, files, Maker(origin_of(home, folder), key=key))


def not_written(folder: Path, written: Iterable[Written]) -> list[str]:
    """Return the names of the other files of the same kinds in *folder*, of earlier runs or others.

    Copies that were kept of edited files are among them.
    """
    names = {item.path.name for item in written}
    kinds = {Path(name).suffix for name in names} | {".docx"}
    found = (path.name for path in folder.iterdir()) if folder.is_dir() else ()
    return sorted(
        name
        for name in found
        if Path(name).suffix in kinds and name not in names and name[0] != "."
    )


def _copy(path: Path, stream: BinaryIO) -> None:
    with open_file(path) as source:
        shutil.copyfileobj(source, stream)


def _file_names(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield a file name for each of *outcomes*, without its suffix; no two are the same."""
    organs = [_organ(outcome) for outcome in outcomes]
    taken: set[str] = set()
    for outcome, organ in zip(outcomes, organs, strict=True):
        name = organ if organs.count(organ) == 1 else safe_name(f"{organ}（{outcome.name}）")
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{organ}（{number}）"
        taken.add(name.casefold())
        yield name


def _organ(outcome: Outcome) -> str:
    return safe_name(outcome.head.organ if outcome.head and outcome.head.organ else outcome.name)


def write_replies(
    folder: Path,
    outcomes: Sequence[Outcome],
    remarks: Sequence[UnitFinding],
    home: Path,
    key: bytes = b"",
) -> list[Written]:
    """Write a reply sheet to ``回执`` in *folder* for each unit that has something to correct.

    The units are those below *home*.  Sheets of earlier runs are removed, unless somebody has
    changed them; the user's *key* proves which those are.
    Raises EnvironmentProblem if one cannot be written, or if ``回执`` leads out of *folder*.
    """
    out = folder / REPLIES_FOLDER
    refuse_way_out(out, folder, "总目录")
    library = shipped_library()
    forms = library.forms(library.report_kinds()[library.default_kind()])
    form = max(forms, key=lambda form: form.first_year)
    about = _by_name(remarks)
    ordered = sorted(outcomes, key=lambda item: item.name)
    files: dict[str, FileWriter] = {}
    for outcome, name in zip(ordered, _file_names(ordered), strict=True):
        told = [*about.pop(outcome.name, ()), *outcome.findings.graver]
        if told:
            organ = outcome.head.organ if outcome.head else ""
            year = outcome.head.year if outcome.head else None
            untold = outcome.findings.untold
            is_one_of_several = organ and name != safe_name(organ)
            source = outcome.name if is_one_of_several else ""
            files[f"{name}.docx"] = _writer(organ or outcome.name, year, told, untold, form, source)
    for name, left in about.items():
        if all(item.slug != "organ-missing" for item in left):  # who sent nothing gets no reply
            unit = without_suffix(name)  # a folder, or a file such as 教育局.zip
            files[f"{safe_name(unit)}.docx"] = _writer(unit, None, left, 0, form)
    maker = Maker(origin_of(home, out), key=key)
    written = write_files(out, files, maker)
    remove_earlier(earlier_files(out, maker, files))
    return written


def _by_name(remarks: Iterable[UnitFinding]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = defaultdict(list)
    for item in remarks:
        found[item.name].append(item.told)
    return found


def _writer(
    organ: str,
    year: int | None,
    told: Sequence[Told],
    untold: int,
    form: Form,
    source: str = "",
) -> FileWriter:
    """Return a function that composes and writes a sheet; there may be thousands."""

    def write(stream: BinaryIO) -> None:
        docx_writer(reply_document(organ, year, told, untold, form, source))(stream)

    return write


def reply_document(
    organ: str,
    year: int | None,
    told: Sequence[Told],
    untold: int,
    form: Form,
    source: str = "",
) -> Document:
    """Return the sheet for *organ*: what was *told* about its report for *year*, and what to do.

    *untold* more findings are only counted.  The sheet has the looks of *form*.  Of an organ that
    sent several reports it names the *source* of the one it is about.
    """
    what = f"{year}年{form.subject}" if year else form.subject
    title = f"{what}核对回执"
    sent = f"{what}不止一份，其中“{source}”" if source else what
    grave = [item for item in told if item.severity is Severity.ERROR]
    rest = [item for item in told if item.severity is not Severity.ERROR]
    blocks: list[Block] = [Heading(0, "title", (Run(title),), "title")]
    blocks.append(_paragraph(f"{organ}："))
    if grave:
        blocks.append(_paragraph(f"你单位报来的{sent}有以下问题，请改正后重新报送："))
        blocks += _items(grave)
    if rest:
        also = "还有以下各处" if grave else f"你单位报来的{sent}有以下各处"
        blocks.append(_paragraph(f"{also}请核对，有误的一并改正："))
        blocks += _items(rest)
    if untold:
        blocks.append(_paragraph(f"另有 {untold} 处没有列出，改正以上各处后再核对一次。"))
    date = f"{(year or form.first_year) + 1}-01-01"
    return Document(Metadata(title, "", title, (), date), form.sheet, tuple(blocks))


def _items(told: Sequence[Told]) -> Iterator[Paragraph]:
    for number, item in enumerate(told, 1):
        place = _LINE.sub(r" 第 \1 行", item.place)
        where = f"（{place}）" if place else ""
        advice = item.reply or item.hint
        hint = f"。{advice}" if advice else ""
        yield _paragraph(f"{number}．{item.message}{where}{hint}。")


def _paragraph(text: str) -> Paragraph:
    return Paragraph("body", (Run(_UNPRINTABLE.sub(" ", text)),))
