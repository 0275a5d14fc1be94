"""``report.md.j2``: the order of a report's parts and its fixed wording.

The skeleton is a Jinja2 text.  It calls ``正文(节)``, ``表格(表)`` and ``落款()`` where
the author's narrative, a table and the signature belong; ``#`` to ``####`` begin
headings, and anything else between blank lines is a paragraph.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from enum import Enum

import msgspec
from msgspec import Struct

from reportgen import __version__
from reportgen.files import NO_CACHE, Cache, content_key
from reportgen.forms import SKELETON_FILE, Form
from reportgen.placeholders.engine import render_template

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
