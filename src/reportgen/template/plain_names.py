"""Placeholders that are only names, ``{{ 申请.本年新收.总计 }}``, filled in by looking them up.

Nearly all placeholders of a report are such.  A text with any other, or with a name that
is not there, is left to Jinja2, which then need not be loaded for most reports: both give
the same text (tests/property/test_plain_names.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from reportgen.source import SourceFile
from reportgen.template.engine import Names, RenderedText, Segment
from reportgen.template.functions import value_text

_PLACEHOLDER = re.compile(r"\{\{[ \t\n]*(\w+(?:\.\w+)*)[ \t\n]*\}\}")
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef]")
_JINJA_WORDS = frozenset(
    ("and", "else", "false", "False", "if", "in", "is", "none", "None", "not", "or", "true", "True")
)
_MOST_CHARACTERS = 500_000
"""Far below the bounds that Jinja2 keeps for us, so that the text stays within them."""


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
        parts += [text[position:start], escape(_NONCHARACTERS.sub("", value))]
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
