"""What programs call: read and check a report, then build its files.

The only module that knows the order of the stages, with :mod:`reportgen.pipeline`, which has those
after the check.  The package exports what is public here; ``docs/api.md`` shows its use.
"""

from __future__ import annotations

import io
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct, field

from reportgen import checks
from reportgen.diagnostics import Diagnostic, has_errors, sort_diagnostics
from reportgen.files import (
    NO_CACHE,
    Cache,
    FileWriter,
    Written,
    resource_folder,
    safe_name,
    write_files,
)
from reportgen.findings_text import summary_line
from reportgen.formats import ATTACHED, FILED, FORMATS, PROFILES
from reportgen.forms import Form, Library, canonical_data
from reportgen.located import yaml_text
from reportgen.model import Report
from reportgen.pictures import GivenPictures, PictureFolder, Pictures
from reportgen.pipeline import Options, Pipeline, template_errors
from reportgen.problems import EnvironmentProblem, system_reason
from reportgen.readers import Reading, own_output, read_folder, read_values
from reportgen.source import SourceFile

DRAFT_SUFFIX = "（草稿）"

StrPath: TypeAlias = "str | os.PathLike[str]"
"""A path, as text or as an object of the standard library."""


class Checked(Struct, frozen=True):
    """A report that was read and checked."""

    report: Report | None
    """What was read; None when nothing could be."""

    form: Form | None
    """The form the report was read with; None when none fits."""

    diagnostics: tuple[Diagnostic, ...]
    """All that is wrong, in the order of the files."""

    unprintable: tuple[Diagnostic, ...]
    """Those of ``diagnostics`` that say what the fonts lack: other fonts may have it."""

    sources: tuple[SourceFile, ...]
    """The texts that were read."""

    library: Library
    """The forms that were to choose from."""

    folder: Path | None = None
    """The report folder; None when the report was made from values."""

    cache: Cache = NO_CACHE
    """Where the results that are expensive to get are kept."""

    def __repr__(self) -> str:
        return f"<Checked {self.report!r}: {summary_line(self.diagnostics)}>"

    @property
    def has_errors(self) -> bool:
        """Whether anything forbids a filing copy."""
        return has_errors(self.diagnostics)

    @property
    def data(self) -> dict[str, Any]:
        """The numbers and texts under their short keys, as the JSON output has them.

        Empty when no report could be read.
        """
        return canonical_data(self.report, self.form) if self.report and self.form else {}

    def build(
        self,
        out: StrPath | None = None,
        *,
        formats: Sequence[str] = FILED,
        draft: bool = False,
        strict: bool = False,
        profile: str = PROFILES[0],
        embed_fonts: bool = False,
        system_fonts: Sequence[StrPath] = (),
        attach: str = "",
    ) -> Built:
        """Return the files of the report, or write them to the folder *out*.

        With errors, or warnings if *strict*, there are no files unless *draft*, which marks
        every page and each finding.  *formats* are names in :data:`reportgen.formats.FORMATS`,
        *profile* is one of :data:`reportgen.formats.PROFILES`.  *embed_fonts* puts subsets
        of the fonts into the DOCX, as far as their licences allow it; *system_fonts* are
        folders to look for official fonts in.  *attach* is one of
        :data:`reportgen.formats.ATTACHED`, what the PDF carries; by default it carries nothing.
        Raises EnvironmentProblem when a format or the profile is not known, or a template, a
        font or *out* cannot be used.
        """
        for name in formats:
            _refuse_unknown("格式", name, FORMATS)
        _refuse_unknown("PDF/A 级别", profile, PROFILES)
        _refuse_unknown("附件", attach, ("", *ATTACHED))
        fonts = tuple(Path(folder) for folder in system_fonts)
        options = Options(draft, profile, embed_fonts, fonts, attach, tuple(formats))
        found = self.diagnostics
        if system_fonts:
            found = tuple(item for item in found if item not in self.unprintable)
        refused = not draft and has_errors(found, strict=strict)
        if self.report is None or self.form is None or refused:
            return Built(self.diagnostics)
        pipeline = Pipeline(
            self.report,
            self.form,
            options,
            library=self.library,
            found=found,
            sources=self.sources,
            folder=self.folder,
            cache=self.cache,
        )
        if not draft and has_errors(pipeline.findings, strict=strict):
            return Built(pipeline.findings)
        name = safe_name(self.report.title) + (DRAFT_SUFFIX if draft else "")
        return _write(pipeline, name, options, None if out is None else Path(out))


def _write(pipeline: Pipeline, name: str, options: Options, out: Path | None) -> Built:
    """Return the files of *pipeline*, called *name*, or write them to *out*."""
    writers = {name + FORMATS[kind].suffix: pipeline.writer(kind) for kind in options.formats}
    if out is None:
        files = {name: _bytes_of(write) for name, write in writers.items()}
        return Built(pipeline.findings, files, notes=tuple(pipeline.notes()))
    written = write_files(out, writers)
    return Built(pipeline.findings, written=tuple(written), notes=tuple(pipeline.notes()))


def _refuse_unknown(what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise EnvironmentProblem(f"没有“{name}”这种{what}", f"可用的{what}：{'、'.join(known)}")


def _bytes_of(write: FileWriter) -> bytes:
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


class Built(Struct, frozen=True):
    """The outcome of a build: its files in memory or on disk, none with errors."""

    diagnostics: tuple[Diagnostic, ...]
    """All that is wrong, also what only composing the report shows."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    """The files by name, when they were not to be written."""

    written: tuple[Written, ...] = ()
    """The files that were written."""

    notes: tuple[str, ...] = ()
    """Remarks about the files, one line each."""

    def __repr__(self) -> str:
        names = [*self.files, *(item.path.name for item in self.written)]
        return f"<Built {'、'.join(names) or 'nothing'}: {summary_line(self.diagnostics)}>"

    @property
    def has_errors(self) -> bool:
        """Whether anything forbids a filing copy."""
        return has_errors(self.diagnostics)


def shipped_library() -> Library:
    """Return the forms that come with the program."""
    return Library((resource_folder("templates"),))


def check_folder(
    folder: StrPath, library: Library | None = None, cache: Cache = NO_CACHE
) -> Checked:
    """Return everything that is wrong with the report in *folder*.

    Its form is looked up in the folder's own ``templates`` and in *library*, by default the
    forms that come with the program.  What is expensive to find out about unchanged files is
    kept in *cache*.
    Raises EnvironmentProblem when *folder* is no folder or a template is broken.
    """
    folder = Path(folder)
    if not folder.is_dir():
        if folder.is_file():
            raise EnvironmentProblem(f"{folder} 是文件，不是报告目录", "写它所在的目录")
        raise EnvironmentProblem(f"没有找到报告目录 {folder}", "检查路径是否写对")
    forms = library or shipped_library()
    with template_errors():
        read = read_folder(folder, forms, read_file=_read_file, cache=cache)
        return _check(read, forms, folder, cache)


def check_report(
    data: Mapping[str, Any],
    narrative: str = "",
    *,
    pictures: StrPath | Mapping[str, bytes] | None = None,
    previous: Checked | None = None,
    library: Library | None = None,
    cache: Cache = NO_CACHE,
) -> Checked:
    """Return everything that is wrong with the report that *data* and *narrative* make.

    *data* has the keys of ``report.yaml``; *narrative* is the text of ``正文.md``.  Findings name
    these two files: places in the first are those of *data* written as YAML, which is the first
    of ``sources``.  *pictures* is the folder in which the narrative's pictures are looked up, or
    the files themselves by the names that the narrative uses.  *previous* is last year's report,
    instead of a path under 上年.  *library* and *cache* are as in :func:`check_folder`.
    Raises TypeError when *data* holds a value that is no text, number, date, path, list or
    mapping, ValueError when it is nested too deep or holds itself, and EnvironmentProblem when
    a template is broken.
    """
    forms = library or shipped_library()
    last = Reading(previous.report, previous.form, previous.diagnostics) if previous else None
    text = yaml_text(data)
    with template_errors():
        read = read_values(
            text,
            narrative,
            _lookup(pictures),
            forms,
            previous=last,
            read_file=_read_file,
            cache=cache,
        )
        return _check(read, forms, cache=cache)


def _lookup(pictures: StrPath | Mapping[str, bytes] | None) -> Pictures:
    if isinstance(pictures, str | os.PathLike):
        return PictureFolder(Path(pictures))
    return GivenPictures(pictures or {})


def _check(
    reading: Reading, library: Library, folder: Path | None = None, cache: Cache = NO_CACHE
) -> Checked:
    report, form, found = reading.report, reading.form, list(reading.diagnostics)
    unprintable: tuple[Diagnostic, ...] = ()
    if report and form:
        found = list(checks.without_right_numbers(found, report, form))
        found.extend(checks.check_report(report, form))
        found = checks.apply_acceptances(found, report, form)
        unprintable = Pipeline(
            report, form, library=library, found=found, folder=folder, cache=cache
        ).unprintable
    ordered = tuple(sort_diagnostics([*found, *unprintable]))
    return Checked(report, form, ordered, unprintable, reading.sources, library, folder, cache)


def _read_file(path: Path, forms: Sequence[Form], year: int) -> tuple[Report, Form] | None:
    """Read last year's finished file; the libraries that read it are loaded only for one."""
    from reportgen.published import read_file, recognise

    try:
        found = recognise(read_file(path), forms, year)
    except (ValueError, OSError):
        return None
    return (found.report, found.form) if found else None


_ONLY_TYPED = frozenset({"placeholder-offer"})
"""Rules about how a narrative is typed, which a finished file no longer shows."""


class ReadBack(Struct, frozen=True):
    """A report read back from a finished file."""

    file: Path
    """The file that was read."""

    report: Report | None
    """What it reports; None when there is no report in it."""

    form: Form | None
    """The form it follows."""

    diagnostics: tuple[Diagnostic, ...]
    """All that was guessed, is missing or was left over, and what a check found, if asked for."""

    data: Mapping[str, Any]
    """The numbers and texts under their short keys; a number that was not read is None."""

    def __repr__(self) -> str:
        return f"<ReadBack {self.report!r}: {summary_line(self.diagnostics)}>"


def read_published(
    file: StrPath, library: Library | None = None, *, check: bool = False
) -> ReadBack:
    """Return the report in the finished *file*: a page, DOCX, PDF, workbook or text.

    Its form is told from the labels of its tables among those of *library*.  With *check* the
    rules of the form are applied to it as to a folder; places are those in the file.
    Raises EnvironmentProblem when the file cannot be read.
    """
    from reportgen.published import read_file, recognise, why_unrecognised

    path, forms = Path(file), library or shipped_library()
    try:
        found = read_file(path)
    except (ValueError, OSError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else error
        raise EnvironmentProblem(
            f"{path} 无法读取：{reason}", "检查文件是否完好、格式对不对"
        ) from error
    kinds = forms.report_kinds().values()
    with template_errors():
        known = [form for kind in kinds for form in forms.forms(kind)]
        read = recognise(found, known)
        if read is None:
            retired = [form for kind in kinds for form in forms.retired(kind)]
            why = why_unrecognised(found, known, retired)
            return ReadBack(path, None, None, tuple(forms.rulebook().word_all([why])), {})
    told = list(read.diagnostics())
    if check:
        found_by_rules = checks.check_report(read.report, read.form)
        told.extend(item for item in found_by_rules if item.slug not in _ONLY_TYPED)
    return ReadBack(path, read.report, read.form, tuple(sort_diagnostics(told)), read.data())


def build_folder(
    folder: StrPath,
    out: StrPath | None = None,
    *,
    formats: Sequence[str] = FILED,
    draft: bool = False,
    strict: bool = False,
    profile: str = PROFILES[0],
    embed_fonts: bool = False,
    system_fonts: Sequence[StrPath] = (),
    attach: str = "",
    library: Library | None = None,
    cache: Cache = NO_CACHE,
) -> Built:
    """Check the report in *folder* and write it to *out* (default ``<folder>/output``).

    *library* and *cache* are as in :func:`check_folder`, all else as in :meth:`Checked.build`.
    """
    return check_folder(folder, library, cache).build(
        out or own_output(Path(folder)),
        formats=formats,
        draft=draft,
        strict=strict,
        profile=profile,
        embed_fonts=embed_fonts,
        system_fonts=system_fonts,
        attach=attach,
    )
