"""The report folder of a sum over many reports.

Its numbers are the sums; its text is last year's, or one whose numbers are placeholders.  When
the sum is made again, the numbers are written anew, and what people typed is kept: the text, how
to reach the organ and the date; the old ``report.yaml`` stays beside the new one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from reportgen.api import Checked, check_folder
from reportgen.files import cannot_replace, is_inside, read_file, write_whole
from reportgen.finished import ReadBack
from reportgen.forms import Form, Library
from reportgen.markdown import write_narrative
from reportgen.model import CellPath, Quantity
from reportgen.problems import EnvironmentProblem
from reportgen.readers import DATA_FILE, NARRATIVE_FILE, SUM_FILE, read_source
from reportgen.workflows.importing import bind_numbers
from reportgen.workflows.new import (
    OWN_FOLDERS,
    Created,
    Scaffold,
    check_is_free,
    contact_of,
    data_text,
    narrative_text,
    read_previous,
    write_folder,
)

STARTER_FILE = "starter_sum.md"
"""The narrative that the report of a sum begins with, among the templates of a form."""
_MAX_PICTURE = 40_000_000
_MOST_PICTURES = 200


def check_sum_folder(folder: Path, journal: str) -> bool:
    """Return whether *folder* holds an earlier sum, which is to be made again.

    The file *journal* or the workbook shows that.  A folder that holds nothing but the former
    and templates is new.  Raises EnvironmentProblem if it holds anything else.
    """
    if (folder / DATA_FILE).is_file():
        if any((folder / name).is_file() for name in (journal, SUM_FILE)):
            return True
        raise EnvironmentProblem(
            f"{folder} 已经是别的报告的目录", "换一个目录名；不会覆盖已有的文件"
        )
    own = {*OWN_FOLDERS, journal}
    if not (folder.is_dir() and all(entry.name in own for entry in folder.iterdir())):
        check_is_free(folder)
    return False


def write_sum_folder(
    folder: Path,
    organ: str,
    year: int,
    form: Form,
    cells: Mapping[CellPath, Quantity],
    previous: Path | None,
    library: Library,
    *,
    again: bool,
) -> Created:
    """Write the report folder *folder* of *organ* with the sums *cells*.

    *previous* is last year's report, a folder or a finished file.  If *again* there is an earlier
    sum in *folder*.  Raises EnvironmentProblem if something cannot be read or written.
    """
    last = read_previous(previous, form) if previous else None
    earlier = check_folder(folder, library) if again else None
    source = earlier or last
    scaffold = Scaffold(
        organ=organ,
        year=year,
        report=_kind_name(form, library),
        contact={key: contact_of(source).get(key, "") for key in form.contact_keys},
        previous=Path(os.path.relpath(previous, folder)).as_posix() if previous else "",
        cells=cells,
        date=earlier.report.date if earlier and earlier.report else None,
        kind=form.kinds[-1] if len(form.kinds) > 1 else "",
        form=_form_name(form, year, library),
    )
    data = data_text(scaffold, form, library)
    if earlier:
        return _write_again(folder, earlier, organ, data)
    text, pictures, notes = _narrative(last, previous, data, form, library)
    made = {DATA_FILE: data.encode(), NARRATIVE_FILE: text.encode(), **pictures}
    return Created(write_folder(folder, made), tuple(notes))


def _kind_name(form: Form, library: Library) -> str:
    """Return the official name of the kind of report, empty for the usual one."""
    names = {folder: name for name, folder in library.report_kinds().items()}
    name = names.get(form.report, "")
    return "" if name == library.default_kind() else name


def _form_name(form: Form, year: int, library: Library) -> str:
    """Return the id of *form* if the year would choose another, else an empty string."""
    fitting = [item for item in library.editions(form.report) if item.in_force(year)]
    newest = max(fitting, key=lambda item: item.first_year, default=None)
    return "" if newest and newest.id == form.id else form.id


def _write_again(folder: Path, earlier: Checked, organ: str, data: str) -> Created:
    """Replace the data in *folder*; the old ones are kept under another name if they differ."""
    if earlier.report and earlier.report.organ != organ:
        message = f"{folder} 是“{earlier.report.organ}”的汇总，不是“{organ}”的"
        raise EnvironmentProblem(message, "换一个目录名；不会覆盖已有的文件")
    path = folder / DATA_FILE
    old, _ = read_source(path)
    if old and old.text == data:
        return Created((), ("数没有变，report.yaml 没有改",))
    number = 1
    while (backup := folder / f"report.bak-{number}.yaml").exists():
        number += 1
    try:
        os.link(path, backup)  # the old one is there under one of both names at any moment
    except OSError:  # not every file system knows links
        write_whole(backup, read_file(path, _MAX_PICTURE))
    try:
        write_whole(path, data.encode())
    except OSError as error:
        raise cannot_replace(path, error) from error
    return Created((path,), (f"原来的 report.yaml 另存为 {backup.name}；正文没有改",))


def _narrative(
    last: Checked | ReadBack | None,
    previous: Path | None,
    data: str,
    form: Form,
    library: Library,
) -> tuple[str, Mapping[str, bytes], list[str]]:
    """Return the text that the report begins with, its pictures by path, and remarks."""
    if isinstance(last, ReadBack) and last.report and last.form:
        old = data_text(_as_scaffold(last, form), form, library)
        text, bound = bind_numbers(old, write_narrative(last.report.narrative), library)
        notes = [f"正文取自 {previous}，其中 {len(bound)} 处数改成了占位符，其余的请逐处核对"]
        return text, {name: item for name, item in last.pictures.items() if item}, notes
    if previous and previous.is_dir():
        source, _ = read_source(previous / NARRATIVE_FILE)
        if source:
            pictures = dict(_pictures(previous))
            return source.text, pictures, [f"正文取自 {previous}，写明的数和情况请逐处改成今年的"]
    starter = library.text(form, STARTER_FILE)
    text = starter.text if starter else form.starter or narrative_text(form, library)
    return text, {}, []


def _as_scaffold(last: ReadBack, form: Form) -> Scaffold:
    """Return the data of *last* as far as its text repeats them."""
    report = last.report
    if report is None:
        raise ValueError("there is no report")
    typed = {path: cell for path, cell in report.cells.items() if path not in form.totals}
    return Scaffold(report.organ, report.year, "", {}, "", typed, form=report.form)


def _pictures(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the pictures of the report *folder* with their paths."""
    place = folder / "images"
    files = sorted(place.iterdir()) if place.is_dir() and is_inside(place, folder) else []
    for path in files[:_MOST_PICTURES]:
        if path.is_file() and is_inside(path, folder):
            yield f"{place.name}/{path.name}", read_file(path, _MAX_PICTURE)
