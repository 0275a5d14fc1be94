"""What a template of the page may not print, whoever has replaced it.

A page begins with a policy by which browsers run and load nothing; elements that get round it are
refused.  A fragment becomes part of another page, without such a policy: there only elements and
attributes that show text, tables and pictures are allowed, written in the strictest form, so that
no browser reads them otherwise.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from reportgen.problems import EnvironmentProblem
from reportgen.text import is_web_address

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


def guarded(pieces: Iterable[str], template: str) -> Iterator[str]:
    """Yield the page made of *pieces*, in chunks of whole lines.

    Raises EnvironmentProblem, naming *template*, if it does not begin as shipped or at the
    first line that contains something forbidden.
    """
    chunks = whole_lines(pieces)
    first = next(chunks, "")
    if not first.startswith(_OPENING):
        raise EnvironmentProblem(
            f"{template} 模板有误：网页开头的几行与随程序提供的不同",
            "到“Content-Security-Policy”一行为止照原样保留：它使网页不运行脚本，不加载外部内容",
        )
    for number, lines in enumerate(chain([first], chunks)):
        if unsafe := _UNSAFE.search(lines, len(_OPENING) if number == 0 else 0):
            raise EnvironmentProblem(
                f"{template} 模板有误：网页里不能有“{unsafe[0]}…”",
                "脚本、外部内容、表单和自动跳转都不能用；meta 只能写成一行 "
                '<meta name="…" content="…">',
            )
        yield lines


def whole_lines(pieces: Iterable[str], at_least: int = 2_000) -> Iterator[str]:
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


_VOID = frozenset({"br", "col", "hr", "img", "wbr"})
_ELEMENTS = (
    frozenset(
        [
            "a",
            "abbr",
            "article",
            "aside",
            "b",
            "blockquote",
            "caption",
            "cite",
            "code",
            "colgroup",
            "dd",
            "del",
            "dfn",
            "div",
            "dl",
            "dt",
            "em",
            "figcaption",
            "figure",
            "footer",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "i",
            "ins",
            "li",
            "mark",
            "ol",
            "p",
            "pre",
            "q",
            "s",
            "section",
            "small",
            "span",
            "strong",
            "sub",
            "sup",
            "table",
            "tbody",
            "td",
            "tfoot",
            "th",
            "thead",
            "time",
            "tr",
            "u",
            "ul",
        ]
    )
    | _VOID
)
_ATTRIBUTES = frozenset(
    [
        "abbr",
        "align",
        "alt",
        "border",
        "cellpadding",
        "cellspacing",
        "class",
        "colspan",
        "dir",
        "headers",
        "height",
        "href",
        "id",
        "lang",
        "role",
        "rowspan",
        "scope",
        "span",
        "src",
        "start",
        "style",
        "tabindex",
        "title",
        "valign",
        "value",
        "width",
    ]
)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+=\"[^\"<>]*\")*)\s*/?>")
_ATTRIBUTE = re.compile(r"\s([a-z-]+)=\"([^\"<>]*)\"")
_PICTURE = re.compile(
    r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=]*|pictures/[0-9]{2,}-[0-9a-f]+\.(?:png|jpg)"
)
"""A picture in the fragment, or a file of :func:`reportgen.writers.html.picture_files`."""
_LOADING = re.compile(
    r"url|image|src\(|import|expression|behavior|binding|position|[\\@]", re.IGNORECASE
)
"""What a style may not hold: it could load something, or lie over the rest of the page."""
_FRAGMENT_HINT = (
    "片段贴进别的网页，只能有文字、标题、段落、表格、图片和网址链接；"
    '标签和属性用小写，属性写成 名="值"，样式里不能有 url，每个标签都要关上'
)


def safe_fragment(chunks: Iterable[str], template: str) -> Iterator[str]:
    """Yield *chunks* of a fragment, each once all tags in it are known to be harmless.

    Raises EnvironmentProblem, naming *template*, at the first tag that is not, and if an element
    is not closed where it was opened: the rest of the other page would become part of it.
    """
    open_elements: list[str] = []
    held = ""
    for chunk in chunks:
        text = held + chunk
        begin = text.rfind("<")
        cut = begin if begin > text.rfind(">") else len(text)
        ready, held = text[:cut], text[cut:]
        _check_tags(ready, open_elements, template)
        yield ready
    if held or open_elements:
        raise _harmful(template, held[:30] or f"<{open_elements[-1]}>（没有关上）")


def _check_tags(text: str, open_elements: list[str], template: str) -> None:
    """Raise EnvironmentProblem at the first tag in *text* that a fragment may not have."""
    for part in re.finditer("<[^<]*", text):
        tag = _TAG.match(part[0])
        if not tag or tag[2] not in _ELEMENTS or not _are_harmless(tag[3]):
            raise _harmful(template, part[0][:30])
        closes, name = tag[1], tag[2]
        if closes:
            if not open_elements or open_elements.pop() != name:
                raise _harmful(template, tag[0][:30])
        elif name not in _VOID:
            open_elements.append(name)


def _are_harmless(attributes: str) -> bool:
    for name, typed in _ATTRIBUTE.findall(attributes):
        value = html.unescape(typed)
        if name not in _ATTRIBUTES and not name.startswith("aria-"):
            return False
        if name == "href" and not (value.startswith("#") or is_web_address(value)):
            return False
        if name == "src" and not _PICTURE.fullmatch(value):
            return False
        if name == "style" and _LOADING.search(value):
            return False
    return True


def _harmful(template: str, found: str) -> EnvironmentProblem:
    shown = " ".join(found.split())
    return EnvironmentProblem(f"{template} 模板有误：片段里不能有“{shown}”", _FRAGMENT_HINT)
