"""The stages after the check: lay out, write.

:class:`Pipeline` takes a report as a document, with the findings about it, and provides the
writers of its files.  Each stage is imported when it is first needed, so that writing a DOCX does
not import reportlab.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, TypedDict

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import (
    Diagnostic,
    Finding,
    Severity,
    count_severities,
    sort_diagnostics,
)
from reportgen.files import FileWriter, refuse_foreign, resource_folder
from reportgen.formats import ALWAYS_ATTACHING, FILED, FORMATS, HTML_SHAPES, NUMBERINGS, PROFILES
from reportgen.forms import Form, Library, TemplateError
from reportgen.model import ORIGINAL_PICTURES, Report
from reportgen.problems import EnvironmentProblem
from reportgen.source import SourceFile

if TYPE_CHECKING:
    from reportgen.document.nodes import Attachment, Document, Table
    from reportgen.fonts import FontSet
    from reportgen.layout import Flow
    from reportgen.layout.items import Hints, Pagination
    from reportgen.writers.docx import DocxFace, EmbeddedFont

StrPath: TypeAlias = "str | os.PathLike[str]"
"""A path, as a string or as an ``os.PathLike`` object."""

STAMPED_CHARACTERS = 5
"""The most characters that a draft's stamp lists as drawn by a substitute font."""


SHORT_NUMBER = 5
"""The most characters of a number that fits any column of a table that people can read."""


@contextmanager
def template_errors() -> Iterator[None]:
    """Convert a TemplateError raised in the block to an EnvironmentProblem."""
    try:
        yield
    except TemplateError as error:
        raise EnvironmentProblem(f"模板有误：{error}", "检查 templates 中的相应文件") from error


class Options(Struct, frozen=True):
    """The options of a build; the defaults make the copies to be filed."""

    formats: Sequence[str] = FILED
    """The files to make, as names in :data:`reportgen.formats.FORMATS`."""

    draft: bool = False
    """Whether to make files of a report with errors too: every page is marked as a draft, and
    each finding in the text."""

    strict: bool = False
    """Whether warnings forbid the files as errors do."""

    profile: str = PROFILES[0]
    """The PDF/A profile, one of :data:`reportgen.formats.PROFILES`."""

    embed_fonts: bool = False
    """Whether to embed subsets of the fonts in the DOCX, as far as their licences allow it."""

    system_fonts: Sequence[StrPath] = ()
    """Folders that are searched for official fonts."""

    attach: str = ""
    """What is attached to the PDF and the OFD, one of :data:`reportgen.formats.ATTACHED`; empty
    for nothing, or, in the PDF, for the data if the profile requires an attachment."""

    html_shape: str = HTML_SHAPES[0]
    """What the HTML is, one of :data:`reportgen.formats.HTML_SHAPES`."""

    numbering: str = NUMBERINGS[0]
    """What numbers the headings and lists of the DOCX, one of
    :data:`reportgen.formats.NUMBERINGS`."""

    signature_field: bool = False
    """Whether the PDF gets an empty signature field for the seal over the 落款."""

    @property
    def attached(self) -> str:
        """What is attached to the PDF; empty for nothing."""
        return self.attach or ("data" if self.profile == ALWAYS_ATTACHING else "")


class BuildOptions(TypedDict, total=False):
    """The fields of :class:`Options` as keyword arguments."""

    formats: Sequence[str]
    draft: bool
    strict: bool
    profile: str
    embed_fonts: bool
    system_fonts: Sequence[StrPath]
    attach: str
    html_shape: str
    numbering: str
    signature_field: bool


DEFAULT_OPTIONS = Options()


class Pipeline:
    """The intermediate results of one report, each computed once when it is first used.

    The ``needs`` of :data:`reportgen.formats.FORMATS` are names of these properties.
    Each property may raise EnvironmentProblem if a template or a font is broken.
    """

    def __init__(
        self,
        report: Report,
        form: Form,
        options: Options = DEFAULT_OPTIONS,
        *,
        composed: Document,
        library: Library,
        found: Sequence[Diagnostic] = (),
        sources: tuple[SourceFile, ...] = (),
        folder: Path | None = None,
    ) -> None:
        """Prepare the stages for *report*, which was read with *form* from *sources*.

        *composed* is its document tree, *found* are the findings of the check, *library* holds
        the templates.  Templates and fonts in *folder*, the report's folder if it has one, take
        precedence.
        """
        self.report = report
        self.form = form
        self.options = options
        self.profile = options.profile
        self.signature_field = options.signature_field
        self.html_shape = options.html_shape
        self.numbering = options.numbering
        self.folder = folder or Path()
        self._composed = composed
        self._library = library.for_folder(folder) if folder else library
        self._own_fonts = folder / "fonts" if folder else None
        self._found = tuple(found)
        self._sources = sources

    @cached_property
    def fonts(self) -> FontSet:
        """The fonts; those in the report folder take precedence over the shipped ones."""
        if self._own_fonts:
            refuse_foreign(self._own_fonts, self.folder)
        return _fonts_for(self._own_fonts, tuple(map(Path, self.options.system_fonts)))

    @cached_property
    def findings(self) -> tuple[Diagnostic, ...]:
        """The findings of the check, about attached texts, and about characters without a font.

        The check has looked for these in the fonts that are used if no others are searched.
        """
        unprintable = self.unprintable if self.options.system_fonts else ()
        return tuple(sort_diagnostics([*self._found, *unprintable, *self._unattachable()]))

    @cached_property
    def unprintable(self) -> tuple[Diagnostic, ...]:
        """The findings about characters that no font has or that must not occur in a file.

        Also those about tables that do not fit the page.  Those that the check has reported
        already are left out.
        """
        from reportgen.fonts import missing_characters

        found = [*missing_characters(self._composed, self.fonts), *self._wide_tables()]
        return tuple(self._new(self.form.rulebook.word_all(map(self._placed, found))))

    def _placed(self, finding: Finding) -> Finding:
        """Return *finding*, about a text without a place, at the entry of the data it is from."""
        spans = self.report.spans
        if finding.span or not spans:
            return finding
        typed = {"单位": self.report.organ}
        typed |= {f"联系方式/{key}": value for key, value in self.report.contact.items()}
        char = str(finding.values.get("字符", ""))
        keys = (key for key, text in typed.items() if char and char in text and key in spans)
        first = next(keys, None)
        if first is None:
            return replace(finding, file=next(iter(spans.values())).path)
        return replace(finding, span=spans[first])

    def _wide_tables(self) -> Iterator[Finding]:
        """Yield the findings about tables that do not fit the page.

        The layout is imported only for a document with a table that might not: one of the author,
        or one with a long number.
        """
        from reportgen.document.nodes import Table

        tables = [block for block in self._composed.blocks if isinstance(block, Table)]
        if any(not table.widths or _has_long_number(table) for table in tables):
            from reportgen.layout import find_wide_tables

            yield from find_wide_tables(self._composed, self.fonts)

    def _unattachable(self) -> Iterator[Diagnostic]:
        """Yield findings about content that must not be published and is only in attachments."""
        if self.options.attached != "sources" or self._narrative is None:
            return
        from reportgen.checks import check_attached
        from reportgen.document import attached_text

        texts = attached_text(self._narrative)
        yield from self._new(check_attached(self.report, self.form, texts))

    def _new(self, items: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Yield those of *items* that the check has not reported at the same place."""
        known = {(item.slug, item.span.place) for item in self._found if item.span}
        for item in items:
            if item.span is None or (item.slug, item.span.place) not in known:
                yield item

    @cached_property
    def document(self) -> Document:
        """The document tree; that of a draft has the stamp and the finding marks."""
        from reportgen.layout import break_titles, draw_charts, fit_tables

        document = fit_tables(break_titles(self._composed, self.fonts), self.fonts)
        document = draw_charts(document, self.fonts)
        if self.options.draft:
            document = self._marked(document)
        return replace(document, attachments=self._attached(self.options.attached))

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that are attached because that was asked for."""
        return self._attached(self.options.attach)

    def _attached(self, kind: str) -> tuple[Attachment, ...]:
        """Return the files to attach, *kind* being one of ATTACHED, or empty for none."""
        if not kind:
            return ()
        from reportgen.document import attach_data, attach_sources

        if kind == "data":
            return (attach_data(self.data),)
        return attach_sources(self.report, self.form, self._narrative)

    @cached_property
    def _narrative(self) -> SourceFile | None:
        """The narrative as it was typed, a Word document's as Markdown; None when there is none."""
        path = self.report.narrative_path
        typed = next((source for source in self._sources if source.path == path), None)
        if typed is None or not typed.parts:
            return typed
        from reportgen.markdown import write_narrative

        name = str(Path(path).with_suffix(".md"))
        return SourceFile(name, write_narrative(self.report.narrative))

    def _marked(self, document: Document) -> Document:
        from reportgen.document import WATERMARK, annotate
        from reportgen.fonts import replaced_characters, undrawn_characters

        stamp = draft_stamp(self.findings, replaced_characters(document, self.fonts))
        undrawn = undrawn_characters((item.message for item in self.findings), self.fonts)
        drafted = replace(document, watermark=WATERMARK, stamp=stamp)
        return annotate(drafted, self.findings, self.folder, undrawn)

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The boxes of the document, page by page."""
        from reportgen.layout import place_document

        return place_document(self.document, self.fonts)

    @cached_property
    def hints(self) -> Hints:
        """The layout hints for the DOCX, which a word processor cannot compute by itself."""
        from reportgen.layout import word_hints

        return word_hints(self.flows, self.document)

    @cached_property
    def pagination(self) -> Pagination:
        """The pages with all their items in position."""
        from reportgen.layout import paint_pages

        return paint_pages(self.document, self.fonts, self.flows)

    @cached_property
    def faces(self) -> dict[str, DocxFace]:
        """The font of each role as the DOCX describes it."""
        from reportgen.writers.docx import load_docx_faces

        return load_docx_faces(resource_folder("fonts") / "faces.yaml")

    @cached_property
    def embedded(self) -> dict[str, EmbeddedFont] | None:
        """The subsets to embed in the DOCX, by role and script; None if none are wanted."""
        if not self.options.embed_fonts:
            return None
        from reportgen.writers.docx import embed_fonts

        return embed_fonts(self.document, self.fonts.main_face)

    @property
    def files(self) -> Callable[[str], SourceFile | None]:
        """A function that returns a template by its file name, None if there is none.

        A template in the report folder takes precedence over the shipped one.
        """
        return partial(self._library.text, self.form)

    @cached_property
    def font_stacks(self) -> Mapping[str, str]:
        """The value of CSS ``font-family`` for each role."""
        from reportgen.writers.html import load_font_stacks

        return load_font_stacks(resource_folder("fonts") / "faces.yaml")

    @cached_property
    def data(self) -> dict[str, Any]:
        """The canonical data of the report, as in the JSON output."""
        from reportgen.forms import canonical_data

        return canonical_data(self.report, self.form)

    def writer(self, name: str) -> FileWriter:
        """Return a function that writes the format *name* to a stream."""
        wanted = FORMATS[name]

        def write(stream: BinaryIO) -> None:
            needs = {need: getattr(self, need) for need in wanted.needs}
            wanted.load_writer()(stream=stream, **needs)

        return write

    @property
    def picture_files(self) -> Mapping[str, FileWriter]:
        """The writers of the files that the HTML shows, by name; empty if it holds its pictures."""
        if "html" not in self.options.formats or self.html_shape != "fragment-files":
            return {}
        from reportgen.writers.html import picture_files

        return picture_files(self.document)

    def notes(self) -> Iterator[str]:
        """Yield remarks about the files that were written."""
        if any("document" in FORMATS[name].needs for name in self.options.formats):
            yield from _reduced(self.document)
        if any("embedded" in FORMATS[name].needs for name in self.options.formats):
            yield from _not_embedded(self.document, self.embedded, self.faces)
        if self.picture_files:
            yield "网页的图片在旁边的 pictures 文件夹里：传到网站时一并上传，和网页放在一起"
        if "pdf" in self.options.formats:
            yield from self._pdf_notes()

    def _pdf_notes(self) -> Iterator[str]:
        """Yield remarks about what the PDF has unasked, or lacks though it was asked for."""
        if self.options.attached and not self.options.attach:
            yield f"PDF 附有报告的数据（JSON）：{self.profile} 级别的文件必须带附件"
        if self.signature_field and self.pagination.seal is None:
            yield "PDF 没有签名域：没有写成文日期，没有落款"


def with_charts(document: Document, folder: Path | None) -> Document:
    """Return *document*, a report in *folder*, with its charts drawn as they are in its files."""
    from reportgen.document.nodes import has_charts

    if not has_charts(document):
        return document
    from reportgen.layout import draw_charts

    if folder:
        refuse_foreign(folder / "fonts", folder)
    return draw_charts(document, _fonts_for(folder / "fonts" if folder else None))


def docx_writer(document: Document) -> FileWriter:
    """Return a function that writes *document*, which need not be a report, as a DOCX.

    It is set in the shipped fonts.
    """
    from reportgen.layout import place_document, word_hints
    from reportgen.writers.docx import load_docx_faces, write_docx

    faces = load_docx_faces(resource_folder("fonts") / "faces.yaml")
    hints = word_hints(place_document(document, _shipped_fonts()), document)
    return lambda stream: write_docx(document, hints, stream, faces)


def _reduced(document: Document) -> Iterator[str]:
    """Yield a remark if *document* has photographs that were reduced."""
    from reportgen.document.nodes import FigureGroup

    groups = [block for block in document.blocks if isinstance(block, FigureGroup)]
    count = sum(figure.is_reduced for group in groups for figure in group.figures)
    if count:
        resolution = f"{document.sheet.figure.resolution:g}"
        yield (
            f"{count} 张照片已缩到印刷用的大小（每英寸不少于 {resolution} 像素）；"
            f"要原样放入，在 report.yaml 里写“图片: {ORIGINAL_PICTURES}”"
        )


def _has_long_number(table: Table) -> bool:
    cells = (cell for row in table.rows for cell in row)
    return any(cell.is_number and len(cell.text) > SHORT_NUMBER for cell in cells)


def _not_embedded(
    document: Document, embedded: Mapping[str, object] | None, faces: Mapping[str, DocxFace]
) -> Iterator[str]:
    """Yield a remark for each font of *document* that could not be embedded in the DOCX."""
    if embedded is None:
        return
    from reportgen.writers.docx import characters_by_font

    used = {style.face for style in document.sheet.styles.values()}
    used |= characters_by_font(document).keys()
    for name in sorted(used - embedded.keys()):
        yield f"“{faces[name].docx}”没有嵌入 DOCX：现有字体的许可不允许，打开时用电脑上的该字体"


def _fonts_for(folder: Path | None, system: Sequence[Path] = ()) -> FontSet:
    """Return the shipped fonts, preceded by those in *folder* and in the *system* folders.

    Without either, one font set is shared by all reports of the process, with everything that
    it has cached about its characters.
    """
    from reportgen.fonts import load_fonts

    own = (folder,) if folder and folder.is_dir() else ()
    if system or own:
        return load_fonts(own, system)
    return _shipped_fonts()


@lru_cache(maxsize=1)
def _shipped_fonts() -> FontSet:
    from reportgen.fonts import load_fonts

    return load_fonts()


def draft_stamp(found: Sequence[Diagnostic], replaced: Sequence[str] = ()) -> str:
    """Return the line at the head of a draft's pages: 未定稿 and the number of findings.

    It also lists the first few of the characters *replaced*, which are drawn by a substitute
    font.
    """
    counts = count_severities(found)
    parts = [f"{counts[s]} 处{s.label}" for s in Severity if counts[s]]
    if replaced:
        more = f"等 {len(replaced)} 字" if len(replaced) > STAMPED_CHARACTERS else ""
        parts.append(f"字体替代：{''.join(replaced[:STAMPED_CHARACTERS])}{more}")
    return " · ".join(["未定稿", *parts])
