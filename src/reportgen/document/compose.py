"""Report and form → document: order, numbering, spans and wording are settled here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen.document.blocks import BlockComposer
from reportgen.document.nodes import (
    Block,
    Document,
    Heading,
    Metadata,
    Paragraph,
    Signature,
)
from reportgen.document.tables import compose_table
from reportgen.files import NO_CACHE, Cache
from reportgen.forms import OPENING, Form, SectionMatch, match_sections, number_label
from reportgen.model import NarrativeBlock, Report, Section
from reportgen.placeholders import (
    PartKind,
    SkeletonPart,
    format_date,
    render_skeleton,
    report_context,
)
from reportgen.source import Span
from reportgen.text import Run

WATERMARK = "草稿"


def compose_document(
    report: Report,
    form: Form,
    *,
    draft_stamp: str = "",
    cache: Cache = NO_CACHE,
) -> Document:
    """Return the document of *report* as *form* prescribes.

    A non-empty *draft_stamp* makes it a draft: marked on every page, and with
    gaps shown instead of refused.  The skeleton's text is kept in *cache*.
    """
    return Document(
        metadata=_metadata(report, form),
        sheet=form.sheet,
        blocks=tuple(_blocks(report, form, cache)),
        watermark=WATERMARK if draft_stamp else "",
        stamp=draft_stamp,
    )


def _blocks(report: Report, form: Form, cache: Cache) -> Iterator[Block]:
    """Yield the blocks in the order of the skeleton.

    Sections that have no place there (only a draft has any: they are errors) come
    last, before the signature, so that no text of the author is lost.
    """
    match = match_sections(form, report.narrative)
    composer = BlockComposer(report.screenshots)
    unplaced = [*match.unknown, *match.repeated]
    yield _title(report, form)
    for part in _parts(report, form, match, cache):
        if part.kind == PartKind.HEADING:
            yield composer.heading(part.level, part.value, _span_of(match, form, part))
        elif part.kind == PartKind.PARAGRAPH:
            yield Paragraph("body", (Run(part.value),))
        elif part.kind == PartKind.TABLE:
            yield compose_table(form.tables[part.value], report)
        elif part.kind == PartKind.SIGNATURE:
            yield from _unplaced(unplaced, composer)
            unplaced = []
            yield _signature(report)
        else:
            yield from composer.blocks(_narrative(part.value, report, match))
    yield from _unplaced(unplaced, composer)


def _unplaced(sections: Sequence[Section], composer: BlockComposer) -> Iterator[Block]:
    for section in sections:
        yield composer.heading(1, section.title, section.span)
        yield from composer.blocks(section.blocks)


def _parts(
    report: Report, form: Form, match: SectionMatch, cache: Cache
) -> tuple[SkeletonPart, ...]:
    titles = {}
    for position, spec in enumerate(form.sections, 1):
        typed = match.found.get(spec.id)
        titles[spec.id] = number_label(1, position) + (typed.title if typed else spec.title)
    return render_skeleton(
        form,
        report_context(report, form),
        titles,
        has_opening=bool(report.narrative.opening),
        cache=cache,
    )


def _span_of(match: SectionMatch, form: Form, part: SkeletonPart) -> Span | None:
    for position, spec in enumerate(form.sections, 1):
        typed = match.found.get(spec.id)
        if typed and part.value == number_label(1, position) + typed.title:
            return typed.span
    return None


def _narrative(section: str, report: Report, match: SectionMatch) -> tuple[NarrativeBlock, ...]:
    if section == OPENING:
        return report.narrative.opening
    found = match.found.get(section)
    return found.blocks if found else ()


def _title(report: Report, form: Form) -> Heading:
    """Return the title, which may be broken before the form's ``title_break``."""
    span = report.spans.get("标题")
    place = report.title.find(form.title_break) if form.title_break else 0
    runs = (Run(report.title, span=span),)
    return Heading(0, "title", runs, "title", span, break_at=max(0, place))


def _signature(report: Report) -> Signature:
    organ = Paragraph("signature", (Run(report.organ),), report.spans.get("单位"))
    date = Paragraph("signature", (Run(format_date(report.date)),), report.spans.get("成文日期"))
    return Signature(organ, date)


def _metadata(report: Report, form: Form) -> Metadata:
    stamp = report.date.isoformat() if report.date else f"{report.year + 1}-01-01"
    return Metadata(
        title=report.title,
        author=report.organ,
        subject=form.subject,
        keywords=(*form.keywords, report.organ, str(report.year)),
        date=stamp,
    )
