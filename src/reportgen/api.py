"""The pipeline: read → check → compose → lay out → write.

The only module that knows the order of the stages.  Each stage is imported
when it is first needed, so that a check loads no writer and a DOCX no reportlab.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from reportgen.checks import apply_acceptances, check_report
from reportgen.diagnostics import (
    Diagnostic,
    Severity,
    count_severities,
    has_errors,
    sort_diagnostics,
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
from reportgen.formats import FILED, FORMATS
from reportgen.forms import Form, Library, TemplateError
from reportgen.model import Report
from reportgen.problems import EnvironmentProblem
from reportgen.readers import Reading, read_folder
from reportgen.source import SheetSpan, SourceFile

if TYPE_CHECKING:
    from reportgen.document.nodes import Document
    from reportgen.fonts import FontSet
    from reportgen.layout import Flow
    from reportgen.layout.items import Hints, Pagination
    from reportgen.writers.docx import DocxFace, EmbeddedFont

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


class Options(Struct, frozen=True):
    """How files are asked for; the defaults make a copy to be filed."""

    draft: bool = False
    """Mark every page as a draft, and the findings where they are."""

    profile: str = "a-3a"
    """The PDF/A profile, one of :data:`reportgen.writers.pdf.PROFILES`."""

    embed_fonts: bool = False
    """Put subsets of the fonts into the DOCX, as far as their licences allow it."""

    system_fonts: tuple[Path, ...] = ()
    """Folders of the system in which official fonts are looked for."""

    formats: tuple[str, ...] = FILED
    """The files that are wanted, names in :data:`reportgen.formats.FORMATS`."""


DEFAULT_OPTIONS = Options()


class Pipeline:
    """One report on its way to files; what several formats need is made once, when first asked for.

    The properties are what :data:`reportgen.formats.FORMATS` may name as *needs* of a format.
    Each may raise EnvironmentProblem when a template or a font is broken.
    """

    def __init__(
        self,
        checked: Checked,
        report: Report,
        form: Form,
        options: Options = DEFAULT_OPTIONS,
        *,
        library: Library | None = None,
        cache: Cache = NO_CACHE,
    ) -> None:
        self.checked = checked
        self.report = report
        self.form = form
        self.options = options
        self.library = library or shipped_library()
        self.cache = cache
        self.profile = options.profile
        self.folder = checked.folder

    @cached_property
    def fonts(self) -> FontSet:
        """The fonts, the folder's own before the shipped ones."""
        return _fonts_for(self.folder / "fonts", self.options.system_fonts)

    @cached_property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What the check found, and each character that no font has."""
        from reportgen.fonts import missing_characters

        missing = missing_characters(self._composed, self.fonts)
        worded = self.form.rulebook.word_all(missing)
        return tuple(sort_diagnostics([*self.checked.diagnostics, *worded]))

    @cached_property
    def _composed(self) -> Document:
        """The document tree before anything is marked in it."""
        from reportgen.document import compose_document

        stamp = draft_stamp(self.checked.diagnostics) if self.options.draft else ""
        with _template_errors():
            return compose_document(
                self.report,
                self.form,
                draft_stamp=stamp,
                sources=self.checked.reading.sources,
                workbooks=_workbooks(self.report),
                cache=self.cache,
            )

    @cached_property
    def document(self) -> Document:
        """The document tree; a draft's is stamped and marked with everything found."""
        return self._marked(self._composed) if self.options.draft else self._composed

    def _marked(self, document: Document) -> Document:
        from reportgen.document import annotate
        from reportgen.fonts import replaced_characters, undrawn_characters

        stamp = draft_stamp(self.findings, replaced_characters(document, self.fonts))
        undrawn = undrawn_characters((item.message for item in self.findings), self.fonts)
        return annotate(replace(document, stamp=stamp), self.findings, self.folder, undrawn)

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The document placed page by page."""
        from reportgen.layout import place_document

        # Only word processors have to be told how a line came to be filled as it is.
        fitted = any("hints" in FORMATS[name].needs for name in self.options.formats)
        return place_document(self.document, self.fonts, fitted=fitted)

    @cached_property
    def hints(self) -> Hints:
        """What a word processor cannot find out about the layout by itself."""
        from reportgen.layout import word_hints

        return word_hints(self.flows, self.document)

    @cached_property
    def pagination(self) -> Pagination:
        """The pages with the position of everything on them."""
        from reportgen.layout import paint_pages

        return paint_pages(self.document, self.fonts, self.flows)

    @cached_property
    def faces(self) -> dict[str, DocxFace]:
        """The font of each role as word processors know it."""
        from reportgen.writers.docx import load_docx_faces

        return load_docx_faces(resource_folder("fonts") / "faces.yaml")

    @cached_property
    def embedded(self) -> dict[str, EmbeddedFont] | None:
        """The subsets of fonts that go into a DOCX; None when none were asked for."""
        if not self.options.embed_fonts:
            return None
        from reportgen.writers.docx import embed_fonts

        files = {role: self.fonts.faces_of(role)[0] for role in self.fonts.roles}
        return embed_fonts(self.document, files)

    @property
    def files(self) -> Callable[[str], SourceFile | None]:
        """What finds a template by its name: the report folder's own before the shipped one."""
        return partial(self.library.for_folder(self.folder).text, self.form)

    @cached_property
    def font_stacks(self) -> Mapping[str, str]:
        """The font of each role as browsers look for it."""
        from reportgen.writers.html import load_font_stacks

        return load_font_stacks(resource_folder("fonts") / "faces.yaml")

    @cached_property
    def data(self) -> dict[str, Any]:
        """The canonical data."""
        from reportgen.forms import canonical_data

        return canonical_data(self.report, self.form)

    def writer(self, name: str) -> FileWriter:
        """Return what writes the format *name* to a stream."""
        wanted = FORMATS[name]

        def write(stream: BinaryIO) -> None:
            needs = {need: getattr(self, need) for need in wanted.needs}
            wanted.load_writer()(stream=stream, **needs)

        return write

    def notes(self) -> Iterator[str]:
        """Yield remarks about the files that were written."""
        if any("embedded" in FORMATS[name].needs for name in self.options.formats):
            yield from _not_embedded(self.document, self.embedded, self.faces)


def _not_embedded(
    document: Document, embedded: Mapping[str, object] | None, faces: Mapping[str, DocxFace]
) -> Iterator[str]:
    """Yield a remark for each font of *document* that was to be put into the DOCX and is not."""
    if embedded is None:
        return
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
    formats: Sequence[str] = FILED,
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
    options = Options(draft, profile, embed_fonts, tuple(system_fonts), tuple(formats))
    checked = check_folder(folder, library, cache)
    if checked.report is None or checked.form is None:
        return Built((), checked.diagnostics)
    pipeline = Pipeline(
        checked, checked.report, checked.form, options, library=library, cache=cache
    )
    if not draft:
        # What the check refuses need not be composed to look for characters that no font has.
        if has_errors(checked.diagnostics, strict=strict):
            return Built((), checked.diagnostics)
        if has_errors(pipeline.findings, strict=strict):
            return Built((), pipeline.findings)
    name = safe_name(checked.report.title) + (DRAFT_SUFFIX if draft else "")
    files = {name + FORMATS[kind].suffix: pipeline.writer(kind) for kind in options.formats}
    written = write_files(out or folder / "output", files)
    return Built(tuple(written), pipeline.findings, tuple(pipeline.notes()))
