"""Placeholders (``{{ 申请.本年新收.总计 }}``) in a text, filled in.

Every character of the result knows where it was typed, and everything wrong
with the placeholders of a text is reported in one run.  Jinja2 does the
evaluating behind the wall ``sandbox``.  Placeholders that are only names, which nearly
all of a report's are, are looked up without it, so that most reports never load it: both
ways give the same text (tests/property/test_plain_names.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import islice
from typing import TypeAlias

from reportgen.diagnostics import Finding
from reportgen.forms import RuleBook, TemplateError
from reportgen.placeholders.functions import value_text
from reportgen.placeholders.rendered import (
    NONCHARACTERS,
    Names,
    RenderedText,
    Segment,
    unrendered,
)
from reportgen.source import SourceFile

Fill: TypeAlias = Callable[[SourceFile], tuple[RenderedText, list[Finding]]]
"""Fills in the placeholders of a text."""

_MARKERS = ("{{", "{%", "{#")
_PLACEHOLDER = re.compile(r"\{\{[ \t\n]*(\w+(?:\.\w+)*)[ \t\n]*\}\}")
_JINJA_WORDS = frozenset(
    ("and", "else", "false", "False", "if", "in", "is", "none", "None", "not", "or", "true", "True")
)
_MOST_CHARACTERS = 500_000
"""Far below the bounds that Jinja2 keeps for us, so that the text stays within them."""


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
    from reportgen.placeholders.rendering import Rendering  # Jinja2 only for a text that needs it

    return Rendering(source, Names(context), escape or str).run()


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
    if "{%" in text or "{#" in text or len(text) > _MOST_CHARACTERS:
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
    if size > _MOST_CHARACTERS:
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
