"""One report on its way to files: compose → lay out → write.

Findings and a report come in; the writers of its files go out.  Each stage is imported when it
is first needed, so that a DOCX loads no reportlab.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Diagnostic, Severity, count_severities, sort_diagnostics
from reportgen.files import NO_CACHE, Cache, FileWriter, refuse_links, resource_folder
from reportgen.formats import FILED, FORMATS, PROFILES
from reportgen.forms import Form, Library, TemplateError
from reportgen.model import Report
from reportgen.problems import EnvironmentProblem
from reportgen.source import SourceFile

if TYPE_CHECKING:
    from reportgen.document.nodes import Attachment, Document
    from reportgen.fonts import FontSet
    from reportgen.layout import Flow
    from reportgen.layout.items import Hints, Pagination
    from reportgen.writers.docx import DocxFace, EmbeddedFont

STAMPED_CHARACTERS = 5
"""A draft's stamp names this many of the characters that another font stood in for."""


@contextmanager
def template_errors() -> Iterator[None]:
    """Turn a mistake in a template into the one line a user gets of a broken environment."""
    try:
        yield
    except TemplateError as error:
        raise EnvironmentProblem(f"模板有误：{error}", "检查 templates 中的相应文件") from error


class Options(Struct, frozen=True):
    """How files are asked for; the defaults make a copy to be filed."""

    draft: bool = False
    """Mark every page as a draft, and the findings where they are."""

    profile: str = PROFILES[0]
    """The PDF/A profile, one of :data:`reportgen.formats.PROFILES`."""

    embed_fonts: bool = False
    """Put subsets of the fonts into the DOCX, as far as their licences allow it."""

    system_fonts: tuple[Path, ...] = ()
    """Folders of the system in which official fonts are looked for."""

    attach: str = ""
    """What the PDF carries, one of :data:`reportgen.formats.ATTACHED`; nothing when empty."""

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
        report: Report,
        form: Form,
        options: Options = DEFAULT_OPTIONS,
        *,
        library: Library,
        found: Sequence[Diagnostic] = (),
        sources: tuple[SourceFile, ...] = (),
        folder: Path | None = None,
        cache: Cache = NO_CACHE,
    ) -> None:
        """Take *report*, read with *form* from *sources*, and what the check *found*.

        *library* has the templates; those in *folder*, the report's if it has one, come before
        them, and so do its fonts.
        """
        self.report = report
        self.form = form
        self.options = options
        self.profile = options.profile
        self.cache = cache
        self.folder = folder or Path()
        self._library = library.for_folder(folder) if folder else library
        self._own_fonts = folder / "fonts" if folder else None
        self._found = tuple(found)
        self._sources = sources

    @cached_property
    def fonts(self) -> FontSet:
        """The fonts, the folder's own before the shipped ones."""
        if self._own_fonts:
            refuse_links(self._own_fonts, self.folder)
        return _fonts_for(self._own_fonts, self.options.system_fonts)

    @cached_property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What the check found, each character that no font has, and what must not be attached."""
        return tuple(sort_diagnostics([*self._found, *self.unprintable, *self._unattachable()]))

    @cached_property
    def unprintable(self) -> tuple[Diagnostic, ...]:
        """Each character that no font has, or that no file may hold, unless it was found."""
        from reportgen.fonts import missing_characters

        missing = missing_characters(self._composed, self.fonts)
        return tuple(self._new(self.form.rulebook.word_all(missing)))

    def _unattachable(self) -> Iterator[Diagnostic]:
        """Yield what may not leave the office and only the attached narrative holds."""
        if self.options.attach != "sources" or self._narrative is None:
            return
        from reportgen.checks import check_attached
        from reportgen.document import attached_text

        texts = attached_text(self._narrative)
        yield from self._new(check_attached(self.report, self.form, texts))

    def _new(self, items: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Yield those of *items* that the check has not found at the same place."""
        known = {(item.slug, item.span.place) for item in self._found if item.span}
        for item in items:
            if item.span is None or (item.slug, item.span.place) not in known:
                yield item

    @cached_property
    def _composed(self) -> Document:
        """The document tree before anything is marked in it."""
        from reportgen.document import compose_document

        stamp = draft_stamp(self._found) if self.options.draft else ""
        with template_errors():
            return compose_document(
                self.report,
                self.form,
                draft_stamp=stamp,
                cache=self.cache,
            )

    @cached_property
    def document(self) -> Document:
        """The document tree; a draft's is stamped and marked with everything found."""
        from reportgen.layout import break_titles

        broken = break_titles(self._composed, self.fonts)
        document = self._marked(broken) if self.options.draft else broken
        return replace(document, attachments=self._attachments)

    @property
    def _attachments(self) -> tuple[Attachment, ...]:
        """What the PDF carries besides its pages."""
        if not self.options.attach:
            return ()
        from reportgen.document import attach_data, attach_sources

        if self.options.attach == "data":
            return (attach_data(self.data),)
        return attach_sources(self.report, self.form, self._narrative)

    @property
    def _narrative(self) -> SourceFile | None:
        """The narrative as it was typed; None when there is none."""
        path = self.report.narrative_path
        return next((source for source in self._sources if source.path == path), None)

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

        return place_document(self.document, self.fonts)

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
        return partial(self._library.text, self.form)

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


def _fonts_for(folder: Path | None, system: Sequence[Path] = ()) -> FontSet:
    """Return the fonts of a report whose own are in *folder*, the system's in *system*.

    Most have none: the shipped ones, with what is known of their characters,
    are shared by all reports of the process.
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
    """Return the line at the head of a draft's pages: 未定稿 and the counts.

    It names the characters *replaced*, which another font draws than the text's own.
    """
    counts = count_severities(found)
    parts = [f"{counts[s]} 处{s.label}" for s in Severity if counts[s]]
    if replaced:
        more = f"等 {len(replaced)} 字" if len(replaced) > STAMPED_CHARACTERS else ""
        parts.append(f"字体替代：{''.join(replaced[:STAMPED_CHARACTERS])}{more}")
    return " · ".join(["未定稿", *parts])
