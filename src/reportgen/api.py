"""The pipeline: read → check → compose → lay out → write.

The only module that knows the order of the stages.  Each stage is imported
when it is first needed, so that a check loads no writer and a DOCX no reportlab.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.checks import apply_acceptances, check_report
from reportgen.diagnostics import (
    Diagnostic,
    Severity,
    count_severities,
    has_errors,
    sort_diagnostics,
    to_json_object,
)
from reportgen.files import (
    NO_CACHE,
    Cache,
    FileWriter,
    Written,
    resource_folder,
    safe_name,
    write_files,
)
from reportgen.forms import Form, Library, TemplateError
from reportgen.model import Report
from reportgen.problems import EnvironmentProblem
from reportgen.readers import Reading, read_folder
from reportgen.source import SheetSpan

if TYPE_CHECKING:
    from reportgen.document.nodes import Document
    from reportgen.fonts import FontSet
    from reportgen.layout import Flow
    from reportgen.writers.docx import DocxFace

DRAFT_SUFFIX = "（草稿）"
STAMPED_CHARACTERS = 5
"""A draft's stamp names this many of the characters that another font stood in for."""


def shipped_library() -> Library:
    """Return the forms that come with the program."""
    return Library((resource_folder("templates"),))


class Checked(Struct, frozen=True):
    """A folder that was read and checked; ``report`` is None when it could not be read."""

    folder: Path
    report: Report | None
    form: Form | None
    diagnostics: tuple[Diagnostic, ...]
    reading: Reading

    @property
    def has_errors(self) -> bool:
        """Whether anything forbids a filing copy."""
        return has_errors(self.diagnostics)


@contextmanager
def _template_errors() -> Iterator[None]:
    """Turn a mistake in a template into the one line a user gets of a broken environment."""
    try:
        yield
    except TemplateError as error:
        raise EnvironmentProblem(f"模板有误：{error}", "检查 templates 中的相应文件") from error


def check_folder(folder: Path, library: Library | None = None, cache: Cache = NO_CACHE) -> Checked:
    """Return everything that is wrong with the report in *folder*.

    What is dear to find out about unchanged files is kept in *cache*.
    Raises EnvironmentProblem when *folder* is no folder or a template is broken.
    """
    if not folder.is_dir():
        if folder.is_file():
            raise EnvironmentProblem(f"{folder} 是文件，不是报告目录", "写它所在的目录")
        raise EnvironmentProblem(f"没有找到报告目录 {folder}", "检查路径是否写对")
    with _template_errors():
        forms = replace(library or shipped_library(), cache=cache)
        reading = read_folder(folder, forms, read_file=_read_file)
    found = list(reading.diagnostics)
    if reading.report and reading.form:
        found.extend(check_report(reading.report, reading.form))
        found = apply_acceptances(found, reading.report, reading.form)
    return Checked(folder, reading.report, reading.form, tuple(sort_diagnostics(found)), reading)


def _read_file(path: Path, forms: Sequence[Form], year: int) -> tuple[Report, Form] | None:
    """Read last year's finished file; the libraries that read it are loaded only for one."""
    from reportgen.published import read_file, recognise

    try:
        found = recognise(read_file(path), forms, year)
    except (ValueError, OSError):
        return None
    return (found.report, found.form) if found else None


class Built(Struct, frozen=True):
    """The outcome of a build: the files written (none with errors) and all findings.

    ``notes`` are remarks about the files, one line each.
    """

    written: tuple[Written, ...]
    diagnostics: tuple[Diagnostic, ...]
    notes: tuple[str, ...] = ()


class _Stages(Struct):
    """One report on its way to files; what two formats share is made once."""

    checked: Checked
    draft: bool
    profile: str
    embed: bool = False
    system_fonts: tuple[Path, ...] = ()
    found: list[Diagnostic] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cache: Cache = NO_CACHE
    library: Library = field(default_factory=shipped_library)
    fitted: bool = True
    _document: Document | None = None
    _fonts: FontSet | None = None
    _flows: tuple[Flow, ...] | None = None

    @property
    def report(self) -> Report:
        """The report; only called when there is one."""
        assert self.checked.report is not None  # noqa: S101 - build_folder made sure
        return self.checked.report

    @property
    def form(self) -> Form:
        """The report's form; only called when there is one."""
        assert self.checked.form is not None  # noqa: S101 - build_folder made sure
        return self.checked.form

    def document(self) -> Document:
        """Return the document tree."""
        if self._document is None:
            from reportgen.document import compose_document

            with _template_errors():
                self._document = compose_document(
                    self.report,
                    self.form,
                    draft_stamp=draft_stamp(self.found) if self.draft else "",
                    sources=self.checked.reading.sources,
                    workbooks=_workbooks(self.report),
                    cache=self.cache,
                )
        return self._document

    def mark_findings(self) -> None:
        """Stamp and mark the draft with everything found; characters must have been checked."""
        from reportgen.document import annotate
        from reportgen.fonts import replaced_characters, undrawn_characters

        document, found = self.document(), sort_diagnostics(self.found)
        stamp = draft_stamp(found, replaced_characters(document, self.fonts()))
        undrawn = undrawn_characters((item.message for item in found), self.fonts())
        document = replace(document, stamp=stamp)
        self._document = annotate(document, found, self.checked.folder, undrawn)

    def fonts(self) -> FontSet:
        """Return the fonts, the folder's own before the shipped ones."""
        if self._fonts is None:
            self._fonts = _fonts_for(self.checked.folder / "fonts", self.system_fonts)
        return self._fonts

    def check_characters(self) -> None:
        """Add a finding for each character that no font has."""
        from reportgen.fonts import missing_characters

        self.found.extend(missing_characters(self.document(), self.fonts()))

    def flows(self) -> tuple[Flow, ...]:
        """Return the document placed page by page."""
        if self._flows is None:
            from reportgen.layout import place_document

            self._flows = place_document(self.document(), self.fonts(), fitted=self.fitted)
        return self._flows

    def docx(self, stream: BinaryIO) -> None:
        """Write the DOCX."""
        from reportgen.layout import word_hints
        from reportgen.writers.docx import write_docx
        from reportgen.writers.docx.faces import load_docx_faces

        faces = load_docx_faces(resource_folder("fonts") / "faces.yaml")
        embedded = None
        if self.embed:
            from reportgen.writers.docx.embedding import embed_fonts

            files = {role: self.fonts().faces_of(role)[0] for role in self.fonts().roles}
            embedded = embed_fonts(self.document(), files)
            self.notes.extend(_not_embedded(self.document(), embedded, faces))
        hints = word_hints(self.flows(), self.document().sheet.page)
        write_docx(self.document(), hints, stream, faces, embedded)

    def pdf(self, stream: BinaryIO) -> None:
        """Write the PDF."""
        from reportgen.layout import paint_pages
        from reportgen.writers.pdf import write_pdf

        document, fonts = self.document(), self.fonts()
        pages = paint_pages(document, fonts, self.flows())
        write_pdf(document, pages, fonts, stream, profile=self.profile, cache=self.cache)

    def html(self, stream: BinaryIO) -> None:
        """Write the HTML page."""
        from reportgen.writers.html import load_font_stacks, write_html

        library = self.library.for_folder(self.checked.folder)
        stacks = load_font_stacks(resource_folder("fonts") / "faces.yaml")
        write_html(self.document(), stream, partial(library.text, self.form), stacks)

    def json(self, stream: BinaryIO) -> None:
        """Write the canonical data."""
        from reportgen.forms import canonical_data

        data = canonical_data(self.report, self.form)
        found = sort_diagnostics(self.found)
        data["提示"] = [to_json_object(item) | self._file_of(item) for item in found]
        stream.write(msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n")

    def _file_of(self, item: Diagnostic) -> dict[str, object]:
        """Return the file *item* is about as seen from the report folder, the same everywhere."""
        path = Path(item.path)
        if not item.path or not path.is_relative_to(self.checked.folder):
            return {}
        return {"file": path.relative_to(self.checked.folder).as_posix()}


def _not_embedded(
    document: Document, embedded: Mapping[str, object], faces: Mapping[str, DocxFace]
) -> Iterator[str]:
    """Yield a remark for each font of *document* that could not be put into the DOCX."""
    used = {style.face for style in document.sheet.styles.values()}
    for role in sorted(used - embedded.keys()):
        yield f"“{faces[role].docx}”没有嵌入 DOCX：现有字体的许可不允许，打开时用电脑上的该字体"


def _fonts_for(folder: Path, system: Sequence[Path] = ()) -> FontSet:
    """Return the fonts of a report whose own are in *folder*, the system's in *system*.

    Most have none: the shipped ones, with what is known of their characters,
    are shared by all reports of the process.
    """
    from reportgen.fonts import load_fonts

    if system or folder.is_dir():
        return load_fonts((folder,), system)
    return _shipped_fonts()


@lru_cache(maxsize=1)
def _shipped_fonts() -> FontSet:
    from reportgen.fonts import load_fonts

    return load_fonts()


def draft_stamp(found: Sequence[Diagnostic], replaced: Sequence[str] = ()) -> str:
    """Return the line at the head of a draft's pages: 未定稿 and the counts.

    It names the characters *replaced*, which another font draws than the text's own.
    """
    counts = count_severities(found)
    parts = [f"{counts[s]} 处{s.label}" for s in Severity if counts[s]]
    if replaced:
        more = f"等 {len(replaced)} 字" if len(replaced) > STAMPED_CHARACTERS else ""
        parts.append(f"字体替代：{''.join(replaced[:STAMPED_CHARACTERS])}{more}")
    return " · ".join(["未定稿", *parts])


def _workbooks(report: Report) -> dict[str, bytes]:
    """Return the workbooks that numbers of *report* were typed in, by name."""
    typed = (cell.span for cell in report.cells.values())
    paths = dict.fromkeys(Path(span.path) for span in typed if isinstance(span, SheetSpan))
    return {path.name: path.read_bytes() for path in paths if path.is_file()}


def build_folder(
    folder: Path,
    out: Path | None = None,
    *,
    formats: Sequence[str] = ("docx", "pdf"),
    draft: bool = False,
    profile: str = "a-3a",
    strict: bool = False,
    library: Library | None = None,
    embed_fonts: bool = False,
    system_fonts: Sequence[Path] = (),
    cache: Cache = NO_CACHE,
) -> Built:
    """Check the report in *folder* and write it to *out* (default ``<folder>/output``).

    With errors — or warnings, if *strict* — nothing is written unless *draft*.
    *embed_fonts* puts subsets of the fonts into the DOCX, as far as they allow it;
    *system_fonts* are the folders to look for official fonts in; *cache* is as in
    :func:`check_folder`.
    Raises EnvironmentProblem when a file cannot be written.
    """
    checked = check_folder(folder, library, cache)
    fonts = tuple(system_fonts)
    stages = _Stages(checked, draft, profile, embed_fonts, fonts, list(checked.diagnostics))
    stages.cache, stages.fitted = cache, "docx" in formats
    stages.library = library or shipped_library()
    if checked.report is None or checked.form is None:
        return Built((), checked.diagnostics)
    if _refused(stages.found, draft, strict):
        return Built((), tuple(stages.found))
    stages.check_characters()
    found = tuple(sort_diagnostics(stages.found))
    if _refused(found, draft, strict):
        return Built((), found)
    if draft:
        stages.mark_findings()
    writers: Mapping[str, FileWriter] = {
        "docx": stages.docx,
        "pdf": stages.pdf,
        "html": stages.html,
        "json": stages.json,
    }
    name = safe_name(checked.report.title) + (DRAFT_SUFFIX if draft else "")
    files = {f"{name}.{kind}": writers[kind] for kind in formats}
    written = write_files(out or folder / "output", files)
    return Built(tuple(written), found, tuple(stages.notes))


def _refused(found: Sequence[Diagnostic], draft: bool, strict: bool) -> bool:
    if draft:
        return False
    return has_errors(found) or (strict and any(d.severity is Severity.WARNING for d in found))
