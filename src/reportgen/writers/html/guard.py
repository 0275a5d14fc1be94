"""What no template may do: make a page that runs, loads or opens something by itself.

A page's first lines forbid it to the browser (Content Security Policy Level 3, section 3.3),
so they must be there, unchanged.  What the policy does not reach — a refresh, a link that is
looked up beforehand, a form — is refused by its tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reportgen.problems import EnvironmentProblem

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
    """Yield the page made of *pieces* in whole lines.

    Raises EnvironmentProblem, naming *template*, at the first line that no page may have.
    """
    for number, lines in enumerate(_whole_lines(pieces)):
        if number == 0 and not lines.startswith(_OPENING):
            raise EnvironmentProblem(
                f"{template} 模板有误：网页开头的几行与随程序提供的不同",
                "到“Content-Security-Policy”一行为止照原样保留：它使网页不运行脚本，不加载外部内容",
            )
        if unsafe := _UNSAFE.search(lines, len(_OPENING) if number == 0 else 0):
            raise EnvironmentProblem(
                f"{template} 模板有误：网页里不能有“{unsafe[0]}…”",
                "脚本、外部内容、表单和自动跳转都不能用；meta 只能写成一行 "
                '<meta name="…" content="…">',
            )
        yield lines


def _whole_lines(pieces: Iterable[str], at_least: int = 2_000) -> Iterator[str]:
    """Yield *pieces* put together so that each ends a line, except perhaps the last."""
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
