"""Placeholders (``{{ 申请.本年新收.总计 }}``) in a text, and the skeleton of a report.

Every character of the result has the position where it was typed, and everything wrong with the
placeholders of a text is reported in one run.  Jinja2 evaluates them, in ``sandbox``.
Placeholders that are only names, which nearly all are, are looked up without it, so most reports
never load it: both ways give the same text (tests/property/test_plain_names.py).

The skeleton (``report.md.j2``) has the order of a report's parts and its fixed wording.  It is a
Jinja2 text that calls ``正文(节)``, ``表格(表)`` and ``落款()`` where the author's narrative, a
table and the signature belong; ``#`` to ``####`` begin headings, and anything else between blank
lines is a paragraph.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import TypeAlias

import msgspec
from msgspec import Struct

from reportgen import __version__
from reportgen.diagnostics import Finding
from reportgen.files import NO_CACHE, Cache, content_key
from reportgen.forms import SKELETON_FILE, Form, RuleBook, TemplateError
from reportgen.placeholders.functions import value_text
from reportgen.placeholders.rendered import (
    NONCHARACTERS,
    Names,
    RenderedText,
    Segment,
    unrendered,
)
from reportgen.source import MAX_CHARACTERS, SourceFile

Fill: TypeAlias = Callable[[SourceFile], tuple[RenderedText, list[Finding]]]
"""Fills in the placeholders of a text."""

_MARKERS = ("{{", "{%", "{#")
_PLACEHOLDER = re.compile(r"\{\{[ \t\n]*(\w+(?:\.\w+)*)[ \t\n]*\}\}")
_JINJA_WORDS = frozenset(
    ("and", "else", "false", "False", "if", "in", "is", "none", "None", "not", "or", "true", "True")
)


def render_text(
    source: SourceFile,
    context: Mapping[str, object],
    *,
    escape: Callable[[str], str] | None = None,
) -> tuple[RenderedText, list[Finding]]:
    """Return *source* with its placeholders evaluated in *context*, and what is wrong with them.

    *escape* is applied to the text of each value.  A placeholder that fails
    stays in the text as typed; a text whose tags are no pairs stays as it is.
    """
    source = _with_plain_lines(source)
    found = [
        _forbidden(source, match.start())
        for match in islice(NONCHARACTERS.finditer(source.text), 1)
    ]
    if found or not any(marker in source.text for marker in _MARKERS):
        return unrendered(source), found
    if plain := fill_in_names(source, Names(context), escape or str):
        return plain, []
    from reportgen.placeholders.rendering import render  # Jinja2 only for a text that needs it

    return render(source, Names(context), escape or str)


def _with_plain_lines(source: SourceFile) -> SourceFile:
    """Return *source* with its line ends as LF; lines and columns stay the same."""
    if "\r" not in source.text:
        return source
    return SourceFile(source.path, source.text.replace("\r\n", "\n").replace("\r", "\n"))


def _forbidden(source: SourceFile, offset: int) -> Finding:
    values = {"编码": f"U+{ord(source.text[offset]):04X}"}
    return Finding("forbidden-character", source.span(offset, offset + 1), values)


def render_template(name: str, text: str, context: Mapping[str, object], rulebook: RuleBook) -> str:
    """Return the shipped or overriding template *text*, called *name*, evaluated in *context*.

    Raises TemplateError, naming the line, when anything is wrong with it; *rulebook* has
    the words for it.
    """
    rendered, found = render_text(SourceFile(name, text), context)
    if found:
        first = rulebook.word(found[0])
        line = f" 第 {first.span.line} 行" if first.span else ""
        raise TemplateError(f"模板 {name}{line}：{first.message}")
    return rendered.text


def fill_in_names(
    source: SourceFile, names: Names, escape: Callable[[str], str]
) -> RenderedText | None:
    """Return *source* with its placeholders replaced by what they name in *names*.

    None when one of them is more than a name, or names no number or text.
    """
    text = source.text
    if "{%" in text or "{#" in text or len(text) > MAX_CHARACTERS:
        return None
    parts: list[str] = []
    segments: dict[int, Segment] = {}
    size = position = 0
    while (start := text.find("{{", position)) >= 0:
        found = _PLACEHOLDER.match(text, start)
        value = _text_of(found[1], names) if found else None
        if found is None or value is None:
            return None
        if start > position:
            segments[size] = Segment(size, position, start, False)
        size += start - position
        segments[size] = Segment(size, start, found.end(), True)
        parts += [text[position:start], escape(NONCHARACTERS.sub("", value))]
        size += len(parts[-1])
        position = found.end()
    if size > MAX_CHARACTERS:
        return None
    if position < len(text):
        segments[size] = Segment(size, position, len(text), False)
    return RenderedText("".join([*parts, text[position:]]), source, tuple(segments.values()))


def _text_of(path: str, names: Names) -> str | None:
    """Return the number or text that the dotted *path* leads to, None when it leads nowhere."""
    keys = path.split(".")
    if keys[0] in _JINJA_WORDS or not all(key.isidentifier() for key in keys):
        return None
    value: object = names
    for key in keys:
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    try:
        return value_text(value) if type(value) in (int, str, Decimal) else None
    except ValueError:  # a number too large to be one, which Jinja2's way reports
        return None


_KIND = "skeletons"
_HEADING = re.compile(r"^(#{1,4})[ \t]+(.*)", re.MULTILINE)
_STAND_IN = re.compile("\x02(\\w+)\x1f([^\x03]*)\x03")


class PartKind(str, Enum):
    """What a part of the skeleton stands for; the value names it in the rendered text."""

    NARRATIVE = "narrative"
    TABLE = "table"
    SIGNATURE = "signature"
    HEADING = "heading"
    PARAGRAPH = "paragraph"


class SkeletonPart(Struct, frozen=True):
    """One part of the skeleton.

    ``value`` is the section id of a narrative, the table of a table, the text of a
    heading or paragraph; ``level`` is a heading's.
    """

    kind: PartKind
    value: str = ""
    level: int = 0


def render_skeleton(
    form: Form,
    context: Mapping[str, object],
    titles: Mapping[str, str],
    *,
    has_opening: bool,
    cache: Cache = NO_CACHE,
) -> tuple[SkeletonPart, ...]:
    """Return the parts of *form*'s skeleton in order.

    *titles* gives each section id its printed title, number included.  The evaluated text
    is kept in *cache*, because evaluating it means loading Jinja2.  Raises TemplateError when
    the skeleton is wrong.
    """
    sections = [
        {"id": spec.id, "标题": titles[spec.id], "表": spec.table or ""} for spec in form.sections
    ]
    data = {**context, "各节": sections, "有开头": has_opening}
    key = _key(form.skeleton, data) if cache else ""
    if kept := cache.get(_KIND, key):
        with contextlib.suppress(ValueError):  # what is kept is damaged: no text, no such part
            return _parts(kept.decode("utf-8"))
    text = _evaluated(form, data)
    cache.put(_KIND, key, text.encode("utf-8"))
    return _parts(text)


def _parts(text: str) -> tuple[SkeletonPart, ...]:
    """Return the parts of an evaluated skeleton; ValueError when one is of no known kind."""
    for alone in (_STAND_IN, _HEADING):
        text = alone.sub("\n\n\\g<0>\n\n", text)
    blocks = re.split(r"\n\s*\n", text)
    return tuple(_part(block) for block in blocks if block.strip())


def _evaluated(form: Form, data: Mapping[str, object]) -> str:
    """Return the skeleton of *form* with the names in *data*, and stand-ins for its parts."""
    names = {
        **data,
        "正文": lambda section: _stand_in(PartKind.NARRATIVE, section),
        "表格": lambda table: _stand_in(PartKind.TABLE, table),
        "落款": lambda: _stand_in(PartKind.SIGNATURE, ""),
    }
    file = f"templates/{form.report}/{form.id}/{SKELETON_FILE}"
    return render_template(file, form.skeleton, names, form.rulebook)


def _key(skeleton: str, data: Mapping[str, object]) -> str:
    """Return the key of *skeleton* evaluated with *data* by this version of the program.

    In the JSON, whole numbers differ from decimals, which are text, and keys keep their order.
    """
    values = msgspec.json.encode(data, enc_hook=dict)
    return content_key(__version__.encode(), skeleton.encode("utf-8"), values)


def _stand_in(kind: PartKind, value: object) -> str:
    """Return what stands for a part until the skeleton is evaluated; ValueError without a name."""
    if not isinstance(value, str):
        raise ValueError("括号里应是一个部分的 id，或一个表的名称")
    return f"\x02{kind.value}\x1f{value}\x03"


def _part(block: str) -> SkeletonPart:
    text = " ".join(line.strip() for line in block.splitlines())
    stand_in = _STAND_IN.fullmatch(text)
    if stand_in:
        return SkeletonPart(PartKind(stand_in[1]), stand_in[2])
    heading = _HEADING.fullmatch(text)
    if heading:
        return SkeletonPart(PartKind.HEADING, heading[2], len(heading[1]))
    return SkeletonPart(PartKind.PARAGRAPH, text)
