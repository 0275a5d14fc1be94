"""Conversion of the document to plain data, which a Jinja2 template renders.

The template of the page makes a whole page, that of the fragment what is pasted into the editor
of a website: it has no head and no style sheet, and each element has its own style.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from reportgen.characters import has_scripts, split_scripts
from reportgen.document.nodes import (
    Document,
    ItemList,
    Table,
    walk_text,
)
from reportgen.files import resource_folder
from reportgen.located import load_data
from reportgen.problems import EnvironmentProblem
from reportgen.sandbox import Evaluation, Files, Sandbox, markup, run_pieces
from reportgen.styles import Style, StyleSheet
from reportgen.text import one_line
from reportgen.writers.html.blocks import TABLE_LENGTHS, Blocks, css_class, lengths_of
from reportgen.writers.html.omissions import PageText

PAGE_FILE = "page.html.j2"
FRAGMENT_FILE = "fragment.html.j2"
STYLE_SUFFIX = ".css.j2"
"""The suffix of templates that are style sheets; all others are HTML."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_HYPHENATED = re.compile(r"(?<![-\w])[0-9]{1,9}(?:-[0-9]{1,9}){1,2}(?![-\w])", re.ASCII)
"""A telephone number, or a range."""
_STEPS, _MARKUP, _COPIES = 400, 4_000, 20
"""The bounds for each cell or run: expressions, characters of markup, copies of its text."""


def write_html(
    document: Document,
    stream: BinaryIO,
    files: Files,
    font_stacks: Mapping[str, str],
    html_shape: str = "page",
) -> None:
    """Write *document* to *stream* as a UTF-8 HTML5 page; only one picture is in memory at a time.

    *files* returns the templates by name, *font_stacks* is the value of ``font-family`` for each
    role.  With *html_shape* ``fragment`` it is a part of a page.  Equal documents give equal bytes.
    Raises KeyError if the document names a style that its sheet lacks, and EnvironmentProblem if
    a template is wrong or leaves something out, or if a style names an unknown role.
    """
    whole = html_shape == "page"
    name = PAGE_FILE if whole else FRAGMENT_FILE
    template = files(name)
    if template is None:
        raise EnvironmentProblem(f"安装不完整：缺少模板 {name}", "请重新安装 reportgen")
    evaluation = _evaluation(document, files)
    data = _page(document, font_stacks, evaluation)
    pieces = run_pieces(_environment(), template, data, evaluation)
    page = None if _is_shipped(template.path) else PageText()
    for lines in guarded(pieces, template.path, _OPENING if whole else ""):
        stream.write(lines.encode("utf-8"))
        if page:
            page.feed(lines)
    if missing := page.omissions(document) if page else []:
        more = f" 等 {len(missing)} 处" if len(missing) > _MOST_TOLD else ""
        raise EnvironmentProblem(
            f"{template.path} 模板有误：网页里没有印出{'、'.join(missing[:_MOST_TOLD])}{more}",
            f"照随程序提供的 {name}，按 blocks 的次序印出每个标题、每段文字、每张表、每幅图",
        )


_MOST_TOLD = 5


def _is_shipped(path: str) -> bool:
    return Path(path).is_relative_to(resource_folder("templates"))


@cache
def _environment() -> Sandbox:
    def is_html(name: str | None) -> bool:
        return not (name or "").endswith(STYLE_SUFFIX)

    filters: dict[str, Callable[..., str]] = {
        "pt": _points,
        "number": _number,
        "scripts": partial(_scripts, number=' class="number"'),
        "scripts_inline": partial(_scripts, number=' style="white-space:nowrap"'),
    }
    return Sandbox(filters, {}, autoescape=is_html, clean=_clean)


def _clean(text: str, escaped: bool) -> str:
    """Return *text* without characters that are invalid in HTML.

    In a style sheet (not *escaped*), ``<`` is removed as well, so that it cannot end the element.
    """
    kept = _UNPRINTABLE.sub("", text)
    return kept if escaped else kept.replace("<", "")


def _points(length: float) -> str:
    return f"{_number(length)}pt"


def _number(value: float) -> str:
    """Return *value* with at most three decimals, never in exponent notation."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _scripts(text: str, number: str) -> str:
    """Return *text* as HTML, its superscripts and subscripts as ``sup`` and ``sub`` elements.

    Numbers with hyphens, at which a browser would break a line, are kept whole by an element
    with the attribute *number*.
    """
    if not (has_scripts(text) or _HYPHENATED.search(text)):
        return text
    parts = (
        f"<{level}>{html.escape(part)}</{level}>" if level else _unbroken(html.escape(part), number)
        for part, level in split_scripts(_clean(text, escaped=True))
    )
    return markup("".join(parts))


def _unbroken(text: str, attribute: str) -> str:
    return _HYPHENATED.sub(rf"<span{attribute}>\g<0></span>", text)


def _evaluation(document: Document, files: Files) -> Evaluation:
    """Return the bounds for a page: the usual ones, increased with the length of *document*."""
    tables = [block for block in document.blocks if isinstance(block, Table)]
    lists = [block for block in document.blocks if isinstance(block, ItemList)]
    texts = [run.text for _, run in walk_text(document)]
    parts = sum(len(row) for table in tables for row in table.rows) + len(texts)
    parts += len(document.blocks) + sum(len(block.items) for block in lists)
    usual = Evaluation(files=files)
    usual.max_steps += parts * _STEPS
    usual.max_size += parts * _MARKUP + sum(map(len, texts)) * _COPIES
    return usual


def _page(
    document: Document, font_stacks: Mapping[str, str], evaluation: Evaluation
) -> dict[str, object]:
    """Return the variables of the page's templates, which docs/templates.md documents."""
    meta, sheet = document.metadata, document.sheet
    styles = [_style(style, font_stacks) for style in sheet.styles.values()]
    blocks = Blocks(document, evaluation)
    return {
        "meta": {
            "title": one_line(meta.title),
            "author": one_line(meta.author),
            "description": one_line(meta.subject),
            "keywords": one_line(",".join(meta.keywords)),
            "date": meta.date,
        },
        "watermark": document.watermark,
        "stamp": document.stamp,
        "has_findings": bool(document.findings),
        "has_landscape": any(isinstance(b, Table) and b.landscape for b in document.blocks),
        "sheet": _sheet(sheet),
        "styles": styles,
        "looks": {style["class"]: style for style in styles},
        "blocks": list(blocks.all()),
        "footnotes": list(blocks.footnotes()),
    }


def _sheet(sheet: StyleSheet) -> dict[str, object]:
    page, table, figure = sheet.page, sheet.table, sheet.figure
    lengths = ("width", "height", "top", "right", "bottom", "left", "text_width", "text_height")
    return {
        "page": lengths_of(page, (*lengths, "line_pitch")),
        "table": lengths_of(table, TABLE_LENGTHS),
        "figure": lengths_of(figure, ("gap", "max_height", "space_before", "space_after")),
        "shades": [
            {"class": css_class(role, "r"), "colour": colour}
            for role, colour in table.shades.items()
        ],
        "finding_number": sheet.finding.number,
    }


def _style(style: Style, font_stacks: Mapping[str, str]) -> dict[str, object]:
    names = (
        "size", "line_pitch", "align", "first_line", "indent", "right_indent", "space_before",
        "space_after", "bold", "colour",
    )  # fmt: skip
    if style.face not in font_stacks:
        message = f"style.yaml 中“{style.label}”的字体“{style.face}”不存在"
        raise EnvironmentProblem(message, f"可用的字体：{'、'.join(font_stacks)}")
    return {
        "class": css_class(style.name),
        "family": font_stacks[style.face],
        "spacing": style.pitch - style.size,
        **{name: getattr(style, name) for name in names},
    }


_OPENING = """\
<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
style-src 'unsafe-inline'">
"""
_UNSAFE = re.compile(
    "<(?:script|link|base|i?frame|object|embed|form"
    r"""|meta(?! name="[^"<>]*" content="[^"<>]*">))""",
    re.IGNORECASE,
)


def guarded(pieces: Iterable[str], template: str, opening: str = _OPENING) -> Iterator[str]:
    """Yield the page made of *pieces*, in chunks of whole lines.

    Raises EnvironmentProblem, naming *template*, if it does not begin with *opening* or at the
    first line that contains something forbidden.
    """
    chunks = _whole_lines(pieces)
    first = next(chunks, "")
    if not first.startswith(opening):
        raise EnvironmentProblem(
            f"{template} 模板有误：网页开头的几行与随程序提供的不同",
            "到“Content-Security-Policy”一行为止照原样保留：它使网页不运行脚本，不加载外部内容",
        )
    for number, lines in enumerate(chain([first], chunks)):
        if unsafe := _UNSAFE.search(lines, len(opening) if number == 0 else 0):
            raise EnvironmentProblem(
                f"{template} 模板有误：网页里不能有“{unsafe[0]}…”",
                "脚本、外部内容、表单和自动跳转都不能用；meta 只能写成一行 "
                '<meta name="…" content="…">',
            )
        yield lines


def _whole_lines(pieces: Iterable[str], at_least: int = 2_000) -> Iterator[str]:
    """Yield *pieces* joined to chunks that end with a line feed, except perhaps the last."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        cut = piece.rfind("\n") + 1 if size >= at_least else 0
        if not cut:
            held.append(piece)
            continue
        yield "".join([*held, piece[:cut]])
        held, size = [piece[cut:]], len(piece) - cut
    if any(held):
        yield "".join(held)


_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")


def load_font_stacks(manifest: Path) -> dict[str, str]:
    """Return the value of CSS ``font-family`` for each role in *manifest*.

    Raises KeyError if an entry is incomplete.
    """
    return {
        role: _stack(chain(spec["system"], spec["browser"]))
        for role, spec in load_data(manifest)["faces"].items()
    }


def _stack(families: Iterable[object]) -> str:
    names = dict.fromkeys(str(family) for family in families)
    return ",".join(name if _IDENTIFIER.fullmatch(name) else f'"{name}"' for name in names)
