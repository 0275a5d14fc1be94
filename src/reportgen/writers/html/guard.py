"""What the template of a page must not make, wherever it comes from.

The page says to browsers that it runs no script and loads nothing from elsewhere; it has to begin
with that, and to contain nothing against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from reportgen.problems import EnvironmentProblem

OPENING = """\
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


def guarded(pieces: Iterable[str], template: str, opening: str = OPENING) -> Iterator[str]:
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
