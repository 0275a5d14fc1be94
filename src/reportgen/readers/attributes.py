"""What stands in braces: ``{宽=80%}`` behind a picture, ``{横排}`` below a table.

Each reader returns what was set, and what is wrong: message and hint.
Full-width characters are understood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TypeAlias

LANDSCAPE = "横排"
Trouble: TypeAlias = tuple[str, str]

_PAIR = re.compile(r"([^=:]*)[=:](.*)")
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%")


def read_width(text: str | None) -> tuple[float | None, list[Trouble]]:
    """Return the width of a picture as a share of the type area; only 宽 is known."""
    width: float | None = None
    wrong: list[Trouble] = []
    for part in _parts(text or ""):
        found = _PAIR.match(part)
        key, value = (found[1].strip(), found[2].strip()) if found else (part, "")
        if key != "宽":
            wrong.append((f"图片不支持设置“{key}”", "只能设置宽度，写成 {宽=80%}"))
        elif (share := _SHARE.fullmatch(value)) and 0 < float(share[1]) <= 100:
            width = float(share[1]) / 100
        else:
            wrong.append(
                (f"图片宽度“{value}”无法识别", "写成版心宽度的百分比，1% 至 100%，如 {宽=80%}")
            )
    return width, wrong


def read_direction(text: str) -> tuple[bool, list[Trouble]]:
    """Return whether a table is to be printed across the page; only 横排 is known."""
    parts = list(_parts(text.strip("{}｛｝")))
    hint = f"只能设置横排，写成 {{{LANDSCAPE}}}；不需要就删去这一行"
    wrong = [(f"表格不支持设置“{part}”", hint) for part in parts if part != LANDSCAPE]
    return LANDSCAPE in parts, wrong


def _parts(text: str) -> Iterator[str]:
    """Yield the settings in *text*, those of the form ``宽: 80%`` as one."""
    plain = unicodedata.normalize("NFKC", text)
    tight = re.sub(r"\s*([=:%])\s*", r"\1 ", plain).replace("= ", "=").replace(": ", ":")
    yield from filter(None, re.split(r"[,;、\s]+", tight))
