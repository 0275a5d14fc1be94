"""The bytes of a text file or web page → its text, whatever encoding it is in."""

from __future__ import annotations

import re

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I)
_CHINESE = frozenset(("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk"))
_KNOWN = re.compile(r"utf-?(?:8|16(?:le|be)?)|big5(?:-hkscs)?|iso-8859-\d+|windows-125\d|ascii")
_HEAD = 4096
"""The HTML Standard looks for the encoding in the first 1024 bytes; pages put it later."""


def decode(data: bytes, *, is_html: bool = False) -> str:
    """Return *data* as text: by its mark, by what a page declares, as UTF-8, or as GB 18030."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    declared = _CHARSET.search(data[:_HEAD]) if is_html else None
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    first = "gb18030" if name in _CHINESE else name if _KNOWN.fullmatch(name) else "utf-8"
    for encoding in (first, "utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except ValueError:
            continue
    return data.decode("utf-8", "replace")
