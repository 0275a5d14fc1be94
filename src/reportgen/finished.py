"""Finished files (web page, DOCX, PDF, workbook, text) read back as reports.

Their readers are loaded only when a file is read.  :mod:`reportgen.api` does the same for report
folders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from reportgen import checks
from reportgen.diagnostics import Diagnostic, sort_diagnostics
from reportgen.findings_text import summary_line
from reportgen.forms import Form, Library, shipped_library
from reportgen.model import CellPath, Report
from reportgen.pictures import GivenPictures
from reportgen.pipeline import StrPath, template_errors
from reportgen.problems import EnvironmentProblem, system_reason, typed_path
from reportgen.readers import find_reports_below, is_report_folder, read_values

if TYPE_CHECKING:
    from reportgen.published import AttachedSources, FoundFile

STANDARD_INPUT = "标准输入"
"""What messages call a file whose bytes were given."""
_WHAT_IS_READ = "写报告目录（里面有 report.yaml 的文件夹），或已成的报告"
_ONLY_TYPED = frozenset({"placeholder-offer"})
"""Rules about how a narrative is typed, which cannot be seen in a finished file."""
_ONLY_UNCHECKED = frozenset({"row-unbalanced"})
"""Rules about a finished file that the identities of its form say better."""


class ReadBack(Struct, frozen=True):
    """A report read back from a finished file."""

    file: Path
    """The file that was read, 标准输入 when its bytes were given."""

    report: Report | None
    """The report; None if none was recognised in the file."""

    form: Form | None
    """The form that the report follows; None if none was recognised."""

    diagnostics: tuple[Diagnostic, ...]
    """Findings about what was guessed, is missing or was left over, and those of the check if
    one was asked for."""

    data: Mapping[str, Any]
    """The numbers and texts under their short keys; None for a number that could not be read."""

    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """The pictures of the narrative by the target it names; empty ones are not at hand."""

    sources: AttachedSources | None = None
    """What a PDF carries along of what it was made of, if that says what it prints."""

    @property
    def unchecked(self) -> tuple[CellPath, ...]:
        """The numbers that nothing else in the report could contradict."""
        return checks.unchecked_cells(self.report, self.form) if self.report and self.form else ()

    def __repr__(self) -> str:
        return f"<ReadBack {self.report!r}: {summary_line(self.diagnostics)}>"

    def workbook(self) -> bytes:
        """Return the tables as the workbook (数据.xlsx) that a report folder may hold.

        A number that was not read is left blank.  Raises ValueError when there is no report.
        """
        from reportgen.writers.form_workbook import fill_workbook

        if self.report is None or self.form is None:
            raise ValueError(f"{self.file} 里没有年度报告")
        return fill_workbook(self.form, self.report.cells)


def read_published(
    file: StrPath | bytes, library: Library | None = None, *, check: bool = False
) -> ReadBack:
    """Return the report in the finished *file*: a page, DOCX, PDF, workbook or text.

    *file* may also be its bytes, as they come from standard input.  Its form is told from the
    labels of its tables among those of *library*.  With *check* the rules of the form are applied
    to it as to a folder; places are those in the file.
    Raises EnvironmentProblem when the file cannot be read.
    """
    path = Path(STANDARD_INPUT) if isinstance(file, bytes) else Path(file)
    return _read_back(path, open_file(file), library or shipped_library(), check=check)


def read_together(
    files: Sequence[StrPath],
    pictures: Mapping[str, bytes] | None = None,
    library: Library | None = None,
) -> ReadBack:
    """Return the report that the finished *files* are together: a text and a workbook, say.

    A paragraph that only names one of *pictures*, files by name, is where that picture stands.
    All else is as in :func:`read_published`.
    """
    from reportgen.published import put_together

    found = put_together([open_file(file) for file in files], pictures or {})
    return _read_back(Path(files[0]), found, library or shipped_library())


def open_file(file: StrPath | bytes) -> FoundFile:
    """Return what the finished *file*, or its bytes, holds; EnvironmentProblem if it is unreadable.

    Nothing is recognised in it yet.
    """
    from reportgen.published import UnknownKindError, read_bytes, read_file

    if isinstance(file, bytes):
        name = STANDARD_INPUT
        read = partial(read_bytes, file, STANDARD_INPUT)
    else:
        name = str(file)
        read = partial(read_file, Path(file))
    try:
        return read()
    except UnknownKindError as error:
        raise EnvironmentProblem(f"{name} 不是能读的文件：{error}", _WHAT_IS_READ) from error
    except (ValueError, OSError) as error:
        if not isinstance(file, bytes) and Path(file).is_dir():
            raise _is_folder(Path(file)) from error
        if isinstance(error, FileNotFoundError):
            raise EnvironmentProblem(f"没有找到 {name}", "检查路径是否写对") from error
        reason = system_reason(error) if isinstance(error, OSError) else error
        raise EnvironmentProblem(
            f"{name} 无法读取：{reason}", "检查文件是否完好、格式对不对"
        ) from error


def _is_folder(folder: Path) -> EnvironmentProblem:
    """Return the problem that *folder* is none of the finished files; what to do instead."""
    below = [str(found) for found in islice(find_reports_below(folder), 3)]
    if is_report_folder(folder):
        typed = typed_path(folder)
        commands = f"核对用 reportgen check {typed}，要数据用 reportgen build {typed} --to json"
        hint = f"它是报告目录：{commands}"
    elif below:
        hint = f"写其中的文件；报告目录在 {'、'.join(below)}，用 reportgen check 核对"
    else:
        hint = "写其中的文件：网页、DOCX、PDF、表格、文本"
    return EnvironmentProblem(f"{folder} 是目录，不是文件", hint)


def _read_back(path: Path, found: FoundFile, forms: Library, *, check: bool = False) -> ReadBack:
    """Return the report in *found*, the contents of the file *path*."""
    from reportgen.published import recognise, why_unrecognised

    kinds = forms.report_kinds().values()
    with template_errors():
        known = [form for kind in kinds for form in forms.forms(kind)]
        read = recognise(found, known, source=_of_sources(found.sources, forms))
        if read is None:
            retired = [form for kind in kinds for form in forms.retired(kind)]
            why = why_unrecognised(found, known, retired)
            return ReadBack(path, None, None, tuple(forms.rulebook().word_all([why])), {})
    told = list(read.diagnostics())
    if check:
        told = [item for item in told if item.slug not in _ONLY_UNCHECKED]
        found_by_rules = checks.check_report(read.report, read.form)
        told.extend(item for item in found_by_rules if item.slug not in _ONLY_TYPED)
    pictures = {target: picture.data for target, picture in read.text.pictures.items()}
    found_all = tuple(sort_diagnostics(told))
    sources = found.sources if read.is_as_attached else None
    return ReadBack(path, read.report, read.form, found_all, read.data(), pictures, sources)


def _of_sources(sources: AttachedSources | None, library: Library) -> Report | None:
    """Return the report that the *sources* attached to a PDF make; they lead to no other file."""
    if sources is None:
        return None
    pictures = GivenPictures({})
    read = read_values(sources.data, sources.narrative, pictures, library, follow_previous=False)
    return read.report
