"""What stands in braces behind a picture: ``{宽=80%}``."""

from __future__ import annotations

import re
import unicodedata

_PAIR = re.compile(r"([^=:]*)[=:](.*)")
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%")


def parse_attributes(text: str | None) -> tuple[float | None, list[tuple[str, str]]]:
    """Return the width as a share of the type area, and what is wrong: message and hint.

    Full-width characters and ``宽: 80%`` are understood; only 宽 is known.
    """
    width: float | None = None
    wrong: list[tuple[str, str]] = []
    plain = unicodedata.normalize("NFKC", text or "")
    tight = re.sub(r"\s*([=:%])\s*", r"\1 ", plain).replace("= ", "=").replace(": ", ":")
    for part in re.split(r"[,;\s]+", tight):
        if not part:
            continue
        found = _PAIR.match(part)
        key, value = (found[1].strip(), found[2].strip()) if found else (part.strip(), "")
        if key != "宽":
            wrong.append((f"图片不支持设置“{key}”", "只能设置宽度，写成 {宽=80%}"))
        elif (share := _SHARE.fullmatch(value)) and 0 < float(share[1]) <= 100:
            width = float(share[1]) / 100
        else:
            wrong.append(
                (f"图片宽度“{value}”无法识别", "写成版心宽度的百分比，1% 至 100%，如 {宽=80%}")
            )
    return width, wrong
