"""The functions that programs call: read and check a report, then build its files.

This module and :mod:`reportgen.pipeline` are the only ones that know the order of the stages:
reading, checking and composing here, layout and writing there.  The package exports the public
names of this module; ``docs/api.md`` shows how to use them.
"""

from __future__ import annotations

import io
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen import __version__, checks
from reportgen.checks import TemplatePolicy, check_own_templates
from reportgen.diagnostics import Diagnostic, Severity, has_errors, sort_diagnostics
from reportgen.files import (
    NO_CACHE,
    Cache,
    FileWriter,
    content_key,
    refusal,
    refuse_way_out,
)
from reportgen.findings_text import summary_line
from reportgen.finished import ReadBack, read_published
from reportgen.formats import (
    ATTACHED,
    ATTACHING_PROFILES,
    FORMATS,
    HTML_SHAPES,
    NUMBERINGS,
    PROFILES,
)
from reportgen.forms import Form, Library, bounded_matching, canonical_data, shipped_library
from reportgen.located import yaml_text
from reportgen.model import CellPath, Report
from reportgen.outputs import (
    NOBODY,
    EarlierFile,
    Maker,
    Written,
    earlier_files,
    origin_of,
    safe_name,
    write_files,
)
from reportgen.pictures import GivenPictures, PictureFolder, Pictures
from reportgen.pipeline import BuildOptions, Options, Pipeline, StrPath, template_errors
from reportgen.placeholders import Fill
from reportgen.problems import EnvironmentProblem, system_reason
from reportgen.readers import (
    Reading,
    WordNarrative,
    official_form,
    own_output,
    read_folder,
    read_values,
)
from reportgen.source import SourceFile

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from reportgen.document.nodes import Document
    from reportgen.layout.items import Pagination
    from reportgen.published import FoundFile

TELL = TemplatePolicy.TELL.value
DRAFT_SUFFIX = "（草稿）"


class Checked(Struct, frozen=True):
    """A report that was read and checked."""

    report: Report | None
    """The report; None if it could not be read."""

    form: Form | None
    """The form that the report was read with; None if no form fits."""

    diagnostics: tuple[Diagnostic, ...]
    """All findings, in the order of the files."""

    composed: Document | None
    """The report as a document tree, before it is laid out; None if there is no report."""

    unprintable: tuple[Diagnostic, ...]
    """Those of ``diagnostics`` about characters that the fonts lack; other fonts may have them."""

    sources: tuple[SourceFile, ...]
    """The texts that were read."""

    library: Library
    """The forms that the report's form was chosen from."""

    folder: Path | None = None
    """The report folder; None if the report was made from values."""

    cache: Cache = NO_CACHE
    """Where expensive results are kept between runs."""

    key: bytes = b""
    """The user's key, with which the record of the written files is sealed; see
    :mod:`reportgen.outputs`."""

    def __repr__(self) -> str:
        return f"<Checked {self.report!r}: {summary_line(self.diagnostics)}>"

    @property
    def has_errors(self) -> bool:
        """Whether anything forbids a filing copy."""
        return has_errors(self.diagnostics)

    @property
    def own_templates(self) -> tuple[Diagnostic, ...]:
        """Those of ``diagnostics`` about templates that report folders bring, and their changes."""
        rules = checks.TEMPLATE_RULES
        return tuple(item for item in self.diagnostics if item.slug in rules)

    @property
    def unchecked(self) -> tuple[CellPath, ...]:
        """The typed numbers that nothing else in the reports could contradict."""
        return checks.unchecked_cells(self.report, self.form) if self.report and self.form else ()

    @property
    def data(self) -> dict[str, Any]:
        """The numbers and texts under their short keys, as in the JSON output.

        Empty if no report could be read.
        """
        return canonical_data(self.report, self.form) if self.report and self.form else {}

    def build(self, out: StrPath | None = None, **options: Unpack[BuildOptions]) -> Built:
        """Return the files of the report, or write them to the folder *out*.

        The *options* are the fields of :class:`reportgen.pipeline.Options`.  A report with errors
        gives no files unless it is built as a draft.
        Raises EnvironmentProblem if a format or the profile is unknown, if the profile forbids
        attachments that are asked for, or if a template, a font or *out* cannot be used.
        """
        chosen = Options(**options)
        for name in chosen.formats:
            _refuse_unknown("格式", name, FORMATS)
        _refuse_unknown("PDF/A 级别", chosen.profile, PROFILES)
        _refuse_unknown("附件", chosen.attach, ("", *ATTACHED))
        _refuse_unknown("HTML 样式", chosen.html_shape, HTML_SHAPES)
        _refuse_unknown("序号方式", chosen.numbering, NUMBERINGS)
        if chosen.attach and chosen.profile not in ATTACHING_PROFILES:
            message = f"{chosen.profile} 级别的 PDF 不能带附件"
            raise EnvironmentProblem(message, f"改用 {'、'.join(ATTACHING_PROFILES)}，或不要附件")
        target = None if out is None else Path(out)
        if target and self.folder:
            refuse_way_out(target, self.folder, "报告目录")
        # The check looked for missing characters in the usual fonts; the pipeline looks again.
        found = self.diagnostics
        if chosen.system_fonts:
            found = tuple(item for item in found if item not in self.unprintable)
        refused = not chosen.draft and has_errors(found, strict=chosen.strict)
        if self.report is None or self.form is None or self.composed is None or refused:
            return Built(self.diagnostics, earlier=self._earlier(target))
        pipeline = Pipeline(
            self.report,
            self.form,
            chosen,
            composed=self.composed,
            library=self.library,
            found=found,
            sources=self.sources,
            folder=self.folder,
        )
        if not chosen.draft and has_errors(pipeline.findings, strict=chosen.strict):
            return Built(pipeline.findings, earlier=self._earlier(target))
        return self._write(pipeline, target)

    def _write(self, pipeline: Pipeline, out: Path | None) -> Built:
        """Return the files of *pipeline*, or write them to *out*."""
        options = pipeline.options
        name = self._names(draft=options.draft)[0]
        writers = {name + FORMATS[kind].suffix: pipeline.writer(kind) for kind in options.formats}
        writers |= pipeline.picture_files
        if out is None:
            files = {name: _bytes_of(write) for name, write in writers.items()}
            return Built(pipeline.findings, files, notes=tuple(pipeline.notes()))
        maker = self._maker(out)
        written = tuple(write_files(out, writers, maker))
        notes = tuple(pipeline.notes())
        earlier = self._outdated(out, maker, writers, draft=options.draft)
        pages = pipeline.pagination if options.draft and "pdf" in options.formats else None
        return Built(pipeline.findings, {}, written, notes, earlier, maker, pages)

    def _names(self, *, draft: bool) -> tuple[str, ...]:
        """Return the names without suffix of the files of a build, and of those it may replace."""
        name = safe_name(self.report.title) if self.report else ""
        return (name + DRAFT_SUFFIX,) if draft else (name, name + DRAFT_SUFFIX)

    def _maker(self, out: Path) -> Maker:
        """Return as whose the record of *out* lists the files: this report's in its state."""
        if self.folder is None:
            return Maker(key=self.key)
        parts = [__version__, *(source.text for source in self.sources)]
        if self.report:
            parts += sorted(shot.digest for shot in self.report.screenshots.values())
        data = (repr(self.data), *parts)
        state = content_key(*(part.encode("utf-8", "surrogatepass") for part in data))
        return Maker(origin_of(self.folder, out), state, self.key)

    def _outdated(
        self, out: Path, maker: Maker, written: Collection[str], *, draft: bool
    ) -> tuple[EarlierFile, ...]:
        """Return the files in *out* that show another state of the report than those *written*.

        Beside finished files, drafts are outdated in any case; beside a draft, only drafts are.
        """
        stems = self._names(draft=draft)
        names = [stem + item.suffix for stem in stems for item in FORMATS.values()]
        found = earlier_files(out, maker, written, names)
        drafts = [item for item in found if DRAFT_SUFFIX in item.path.name]
        if draft:
            return tuple(item for item in drafts if not item.is_current)
        return tuple(item for item in found if item in drafts or not item.is_current)

    def _earlier(self, out: Path | None) -> tuple[EarlierFile, ...]:
        """Return the files of earlier builds in *out*."""
        if out is None or self.folder is None:
            return ()
        stems = self._names(draft=False) if self.report else ()
        names = [stem + item.suffix for stem in stems for item in FORMATS.values()]
        return tuple(earlier_files(out, self._maker(out), names=names))


def _refuse_unknown(what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise EnvironmentProblem(f"没有“{name}”这种{what}", f"可用的{what}：{'、'.join(known)}")


def _bytes_of(write: FileWriter) -> bytes:
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


class Built(Struct, frozen=True):
    """The result of a build: its files in memory or on disk, none if the report has errors."""

    diagnostics: tuple[Diagnostic, ...]
    """All findings, including those that only show when the report is composed."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    """The files by name, if no output folder was given."""

    written: tuple[Written, ...] = ()
    """The files that were written."""

    notes: tuple[str, ...] = ()
    """Remarks about the files, one line each."""

    earlier: tuple[EarlierFile, ...] = ()
    """The files in the output folder that were not written now and show another state of the
    report; if nothing was written, all files of earlier builds."""

    maker: Maker = NOBODY
    """As whose the record of the output folder lists the files."""

    pagination: Pagination | None = None
    """The pages of a draft's PDF, with the places of its findings and cells."""

    def __repr__(self) -> str:
        names = [*self.files, *(item.path.name for item in self.written)]
        return f"<Built {'、'.join(names) or 'nothing'}: {summary_line(self.diagnostics)}>"

    @property
    def has_errors(self) -> bool:
        """Whether anything forbids a filing copy."""
        return has_errors(self.diagnostics)


def check_folder(
    folder: StrPath,
    library: Library | None = None,
    cache: Cache = NO_CACHE,
    *,
    own_templates: str = TELL,
    key: bytes = b"",
) -> Checked:
    """Read the report in *folder*, check it, and return it with all findings.

    Its form is looked up in the folder's own ``templates`` and in *library*, by default the
    forms that come with the program.  Expensive results about unchanged files are kept in
    *cache*.  What the folder's own templates weaken of that form is a warning
    (*own_templates* ``"tell"``), an error (``"refuse"``) or a hint (``"trust"``).  *key* is the
    user's key, with which the record of the files that are built is sealed.
    Raises EnvironmentProblem if *folder* is not a folder or a template is broken.
    """
    folder = Path(folder)
    if not folder.is_dir():
        if folder.is_file():
            raise EnvironmentProblem(f"{folder} 是文件，不是报告目录", "写它所在的目录")
        if reason := refusal(folder):
            raise EnvironmentProblem(f"{folder} 不是报告目录：{reason}", "检查路径是否写对")
        raise EnvironmentProblem(f"没有找到报告目录 {folder}", "检查路径是否写对")
    forms = library or shipped_library()
    with template_errors(), bounded_matching():
        read = read_folder(folder, forms, read_file=_read_file, read_word=_read_word, cache=cache)
        told = _own_templates(read, forms, own_templates)
        if read.previous:
            told += _own_templates(read.previous, forms, own_templates)
        return replace(_check(read, forms, folder, cache, told), key=key)


def check_source(
    source: StrPath | bytes,
    library: Library | None = None,
    cache: Cache = NO_CACHE,
    *,
    check: bool = True,
    own_templates: str = TELL,
) -> Checked | ReadBack:
    """Return the report in *source*, a report folder, a finished file of any kind or its bytes.

    A folder is checked; a finished file is if *check*, otherwise it is only read.  All else is as
    in :func:`check_folder` and :func:`reportgen.finished.read_published`.
    Raises EnvironmentProblem if there is no such folder or file, or if it cannot be read.
    """
    if isinstance(source, bytes) or Path(source).is_file():
        return read_published(source, library, check=check)
    return check_folder(source, library, cache, own_templates=own_templates)


def check_report(
    data: Mapping[str, Any],
    narrative: str = "",
    *,
    pictures: StrPath | Mapping[str, bytes] | None = None,
    previous: Checked | None = None,
    library: Library | None = None,
    cache: Cache = NO_CACHE,
) -> Checked:
    """Check the report made of *data* and *narrative*, and return it with all findings.

    *data* has the keys of ``report.yaml``; *narrative* is the text of ``正文.md``.  Findings name
    these two files; places in ``report.yaml`` refer to *data* written as YAML, which is the
    first of ``sources``.  *pictures* is the folder in which the narrative's pictures are looked
    up, or a mapping of the names that the narrative uses to the files' bytes.  *previous* is
    last year's report, given in place of a path under 上年.  *library* and *cache* are as in
    :func:`check_folder`.
    Raises TypeError if *data* holds a value that is not a text, number, date, path, list or
    mapping, ValueError if it is nested too deeply or contains itself, and EnvironmentProblem if
    a template is broken.
    """
    forms = library or shipped_library()
    last = Reading(previous.report, previous.form, previous.diagnostics) if previous else None
    text = yaml_text(data)
    with template_errors(), bounded_matching():
        read = read_values(
            text,
            narrative,
            _lookup(pictures),
            forms,
            previous=last,
            read_file=_read_file,
            cache=cache,
        )
        told = _own_templates(read.previous, forms, TELL) if read.previous else []
        return _check(read, forms, cache=cache, told=told)


def _lookup(pictures: StrPath | Mapping[str, bytes] | None) -> Pictures:
    if isinstance(pictures, str | os.PathLike):
        return PictureFolder(Path(pictures))
    return GivenPictures(pictures or {})


def _own_templates(reading: Reading, library: Library, policy: str) -> list[Diagnostic]:
    """Return what the templates of the folder of *reading* change of the form in *library*."""
    own = library.for_folder(reading.folder) if reading.folder else library
    if reading.folder is None or not own.roots[0].is_dir():
        return []
    _refuse_unknown("对自带模板的处理", policy, [word.value for word in TemplatePolicy])
    form = reading.form
    if form and form.id in own.form_ids(form.report):
        # last year's report was read with this year's templates behind its own
        form = own.load(form.report, form.id)
    official = form and official_form(reading.sources[0], library, form)
    return check_own_templates(own, form, official, TemplatePolicy(policy))


def _check(
    reading: Reading,
    library: Library,
    folder: Path | None = None,
    cache: Cache = NO_CACHE,
    told: Sequence[Diagnostic] = (),
) -> Checked:
    report, form, found = reading.report, reading.form, list(reading.diagnostics)
    composed: Document | None = None
    unprintable: tuple[Diagnostic, ...] = ()
    if report and form:
        from reportgen.document import compose_document

        found = list(checks.without_right_numbers(found, report, form))
        found.extend(checks.check_report(report, form))
        found = checks.without_unread_rows(found)
        found = checks.apply_acceptances(found, report, form)
        composed = compose_document(report, form, cache)
        unprintable = Pipeline(
            report, form, composed=composed, library=library, found=found, folder=folder
        ).unprintable
    ordered = tuple(sort_diagnostics([*told, *found, *unprintable]))
    return Checked(
        report, form, ordered, composed, unprintable, reading.sources, library, folder, cache
    )


def _read_file(path: Path, forms: Sequence[Form], year: int) -> Reading:
    """Read last year's finished file; the libraries that read it are loaded only for one.

    Only what concerns its numbers is told, as a warning: this year's report is the one that is
    filed.  Raises ValueError, worded for the user, when there is no report in it.
    """
    from reportgen.published import recognise

    found = recognise(_found_in(path), forms, year)
    if found is None:
        raise ValueError("没有认出年度报告")
    told = (
        replace(item, severity=Severity.WARNING) if item.severity is Severity.ERROR else item
        for item in found.diagnostics()
        if item.cells
    )
    return Reading(found.report, found.form, tuple(told))


def _read_word(path: Path, report: Report, form: Form, fill: Fill) -> WordNarrative:
    """Read a narrative in Word; the libraries that read it are loaded only for one.

    Raises ValueError, worded for the user, when it cannot be read.
    """
    from reportgen.published import read_word_text

    found = _found_in(path)
    text = read_word_text(found, report, form, fill)
    return WordNarrative(found.source, text.narrative, text.pictures, text.findings)


def _found_in(path: Path) -> FoundFile:
    """Return what the finished file *path* holds; ValueError, worded for the user, if nothing."""
    from reportgen.published import read_file

    try:
        return read_file(path)
    except OSError as error:
        raise ValueError(system_reason(error)) from error


def build_folder(
    folder: StrPath,
    out: StrPath | None = None,
    *,
    library: Library | None = None,
    cache: Cache = NO_CACHE,
    own_templates: str = TELL,
    key: bytes = b"",
    **options: Unpack[BuildOptions],
) -> Built:
    """Check the report in *folder* and write it to *out* (default ``<folder>/output``).

    *library*, *cache*, *own_templates*, *key*: see :func:`check_folder`; others:
    :meth:`Checked.build`.
    """
    checked = check_folder(folder, library, cache, own_templates=own_templates, key=key)
    return checked.build(out or own_output(Path(folder)), **options)
