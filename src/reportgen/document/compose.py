"""Composition of the document from a report and its form.

This module also makes the attachments of a PDF: the data as JSON, or the sources of the report.
Attachments contain only what is meant for readers: no comments, no remarks, no accepted
findings, no path to last year's report, and of a workbook only the numbers of the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, TypeAlias

import msgspec

from reportgen.document.blocks import BlockComposer, compose_table
from reportgen.document.nodes import (
    Attachment,
    Block,
    Document,
    Heading,
    ItemList,
    ListItem,
    Metadata,
    Paragraph,
    Signature,
)
from reportgen.files import NO_CACHE, Cache
from reportgen.forms import (
    OPENING,
    SKELETON_FILE,
    Form,
    SectionMatch,
    TemplateError,
    ValueType,
    find_section,
    match_sections,
    nested_numbers,
    plain_number,
)
from reportgen.heading_numbers import number_label
from reportgen.located import yaml_text
from reportgen.model import ORIGINAL_PICTURES, NarrativeBlock, Quantity, Report, Section
from reportgen.placeholders import (
    PartKind,
    SkeletonPart,
    format_date,
    render_skeleton,
    report_context,
)
from reportgen.source import SourceFile, Span
from reportgen.styles import ATTACHMENTS, FOOTNOTE
from reportgen.text import Run, footnote_mark


def compose_document(report: Report, form: Form, cache: Cache = NO_CACHE) -> Document:
    """Return the document of *report* as prescribed by *form*.

    The text of the skeleton is kept in *cache*.
    """
    return Document(
        metadata=_metadata(report, form),
        sheet=form.sheet,
        blocks=tuple(_blocks(report, form, cache)),
        footnotes=tuple(_footnotes(report)),
    )


def _footnotes(report: Report) -> Iterator[ListItem]:
    for number, footnote in enumerate(report.narrative.footnotes, 1):
        text = Paragraph(FOOTNOTE, footnote.runs, footnote.span)
        yield ListItem(footnote_mark(number), text)


def _blocks(report: Report, form: Form, cache: Cache) -> Iterator[Block]:
    """Yield the blocks in the order of the skeleton.

    Sections without a place in the skeleton come last, before the signature, so that no text
    of the author is lost.  They are errors and therefore occur in drafts only.
    """
    match = match_sections(form, report.narrative)
    composer = BlockComposer(
        report.screenshots, form.sheet, original_pictures=report.original_pictures
    )
    unplaced = [*match.unknown, *match.repeated]
    is_ended = False
    yield _title(report, form)
    for part in _parts(report, form, match, cache):
        if part.kind == PartKind.HEADING:
            yield composer.heading(part.level, part.value, _span_of(match, form, part))
        elif part.kind == PartKind.PARAGRAPH:
            yield Paragraph("body", (Run(part.value),))
        elif part.kind == PartKind.TABLE:
            yield compose_table(form.tables[part.value], report, form.sheet.table)
        elif part.kind == PartKind.SIGNATURE:
            yield from _unplaced(unplaced, composer)
            unplaced = []
            yield from _end(report, _signature(report, form))
            is_ended = True
        else:
            yield from composer.blocks(_narrative(part.value, report, match))
    yield from _unplaced(unplaced, composer)
    if not is_ended:
        yield from _end(report)


def _end(report: Report, *signature: Signature) -> Iterator[Block]:
    """Yield what stands around the *signature*: 附件说明 above it and 附注 below it.

    See GB/T 9704-2012, 7.3.4 and 7.3.7.
    """
    names, head = report.attachments, "附件："
    if names:
        items = []
        for number, name in enumerate(names, 1):
            marker = (head if number == 1 else "\u3000" * len(head)) + f"{number}." * (
                len(names) > 1
            )
            items.append(ListItem(marker, Paragraph(ATTACHMENTS, (name,), name.span)))
        yield ItemList(ATTACHMENTS, len(names) > 1, tuple(items))
    yield from signature
    if remark := report.remark:
        yield Paragraph("body", (Run("（"), remark, Run("）")), remark.span)


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
    parts = render_skeleton(
        form,
        report_context(report, form),
        titles,
        has_opening=bool(report.narrative.opening),
        cache=cache,
    )
    _refuse_gaps(parts, form, titles, has_opening=bool(report.narrative.opening))
    return parts


_PARTS = {PartKind.HEADING: "标题", PartKind.NARRATIVE: "文字", PartKind.TABLE: "表"}


def _refuse_gaps(
    parts: Sequence[SkeletonPart], form: Form, titles: Mapping[str, str], *, has_opening: bool
) -> None:
    """Raise TemplateError when a section or a table of *form* is not where it should be.

    Each stands once: its title, the author's text, its table, in the order of the form.
    """
    wanted = [(PartKind.NARRATIVE, OPENING)] if has_opening else []
    for spec in form.sections:
        wanted += [(PartKind.HEADING, spec.id), (PartKind.NARRATIVE, spec.id)]
        wanted += [(PartKind.TABLE, spec.table)] if spec.table else []
    found = list(_prescribed(parts, form, titles))
    if not has_opening:
        found = [part for part in found if part != (PartKind.NARRATIVE, OPENING)]
    if found != wanted:
        names = {spec.id: spec.title for spec in form.sections}
        names |= {spec.table: spec.title for spec in form.sections if spec.table}
        reason = _gap(found, wanted, {OPENING: "开头", **names})
        raise TemplateError(f"templates/{form.report}/{form.id}/{SKELETON_FILE}：{reason}")


_Part: TypeAlias = tuple[PartKind, str]


def _gap(found: Sequence[_Part], wanted: Sequence[_Part], titles: Mapping[str, str]) -> str:
    """Return the first thing in which *found* is not what is *wanted*."""
    named = {part: f"{titles.get(part[1], part[1])} 的{_PARTS[part[0]]}" for part in wanted}
    if unknown := [name for kind, name in found if (kind, name) not in named]:
        return f"版式中没有“{unknown[0]}”"
    for part, name in named.items():
        if part not in found:
            return f"没有印出 {name}"
        if found.count(part) > 1:
            return f"{name}印了 {found.count(part)} 次"
    first = next(part for part, other in zip(found, wanted, strict=True) if part != other)
    return f"{named[first]}不在规定的位置"


def _prescribed(
    parts: Sequence[SkeletonPart], form: Form, titles: Mapping[str, str]
) -> Iterator[_Part]:
    """Yield what of *parts* the form prescribes, headings by the section they are of."""
    ids = {"".join(title.split()): name for name, title in titles.items()}
    for part in parts:
        if part.kind is PartKind.HEADING:
            spec = find_section(form, part.value)
            name = ids.get("".join(part.value.split()), spec.id if spec else "")
            if name:
                yield part.kind, name
        elif part.kind in (PartKind.NARRATIVE, PartKind.TABLE):
            yield part.kind, part.value


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
    """Return the title with the places where it may be broken (GB/T 9704-2012 clause 7.3.1).

    The best place is before the words in the form's ``title_break``, then after the name of the
    organ, then after the name of a region in it, or in a title that names another organ.
    """
    span = report.spans.get("标题")
    title, organ = report.title, report.organ
    places = [title.find(form.title_break)] if form.title_break else []
    start = title.find(organ) if organ else -1
    if start >= 0:
        places += [start + len(organ), *(start + place for place in _breaks_of(organ, form))]
    else:
        places += _breaks_of(title, form)
    breaks = tuple(dict.fromkeys(place for place in places if 0 < place < len(title)))
    return Heading(0, "title", (Run(title, span=span),), "title", span, breaks=breaks)


def _breaks_of(organ: str, form: Form) -> list[int]:
    """Return the places after the names of regions in the name of the *organ*, or in a title."""
    found = form.organ_break.finditer(organ) if form.organ_break else ()
    return [match.end() for match in found]


def _signature(report: Report, form: Form) -> Signature:
    place = report.spans.get("单位")
    organ = Paragraph("signature", (Run(report.organ, span=place),), place)
    date = Paragraph("signature", (Run(format_date(report.date)),), report.spans.get("成文日期"))
    breaks = tuple(place for place in _breaks_of(report.organ, form) if place < len(report.organ))
    return Signature(organ, date, breaks)


def _metadata(report: Report, form: Form) -> Metadata:
    stamp = report.date.isoformat() if report.date else f"{report.year + 1}-01-01"
    return Metadata(
        title=report.title,
        author=report.organ,
        subject=form.subject,
        keywords=(*form.keywords, report.organ, str(report.year)),
        date=stamp,
    )


DATA_NAME = "报告数据.json"
VALUES_NAME = "report.yaml"
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|\{#.*?(?:#\}|\Z)", re.S)
_NO_NUMBER = "/"


def attach_data(data: Mapping[str, Any]) -> Attachment:
    """Return *data*, the canonical data of a report, as a JSON attachment."""
    encoded = msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"
    return Attachment(DATA_NAME, "application/json", encoded, "报告的数据")


def attach_sources(
    report: Report, form: Form, narrative: SourceFile | None
) -> tuple[Attachment, ...]:
    """Return the values of *report* as YAML, and *narrative* without its comments.

    The YAML is generated from the values that were read, including those of a workbook, so
    that reading it gives the same report.
    """
    values = yaml_text(_values(report, form)).encode()
    found = [Attachment(VALUES_NAME, "application/yaml", values, "报告的源数据")]
    if narrative:
        name = PurePath(narrative.path.replace("\\", "/")).name
        text = "".join(run.text for run in attached_text(narrative)).encode()
        found.append(Attachment(name, "text/markdown", text, "报告的正文"))
    return tuple(found)


def attached_text(narrative: SourceFile) -> Iterator[Run]:
    """Yield the stretches of *narrative* outside of Markdown comments and template comments.

    A comment that is not closed extends to the end.
    """
    start = 0
    for comment in _COMMENT.finditer(narrative.text):
        yield _stretch(narrative, start, comment.start())
        start = comment.end()
    yield _stretch(narrative, start, len(narrative.text))


def _stretch(source: SourceFile, start: int, end: int) -> Run:
    return Run(source.text[start:end], span=source.span(start, end))


def _values(report: Report, form: Form) -> dict[str, object]:
    """Return *report* under the keys of ``report.yaml``; what is empty is left out."""
    values: dict[str, object] = {
        "单位": report.organ,
        "年度": report.year,
        "标题": report.title,
        "类型": report.kind,
        "版式": form.id,
        "图片": ORIGINAL_PICTURES if report.original_pictures else "",
        "联系方式": dict(report.contact),
        "成文日期": report.date,
        "附件": [name.text for name in report.attachments],
        "附注": report.remark.text if report.remark else "",
        **nested_numbers(report, form, _typed),
    }
    return {key: value for key, value in values.items() if value}


def _typed(quantity: Quantity, _kind: ValueType) -> str:
    """Return what an author would type for *quantity*."""
    if quantity.number is None:
        return quantity.text if quantity.invalid else _NO_NUMBER
    sign = "+" if quantity.signed and quantity.number >= 0 else ""
    return sign + plain_number(quantity.number)
