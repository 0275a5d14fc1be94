"""The pictures of a web page or a text: those inside it and those saved beside it.

Nothing is fetched, and no file outside the page's own folder is read.
"""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, unquote_to_bytes

MAX_BYTES = 40_000_000
"""The largest picture that a report folder takes."""
_DATA = re.compile(r"data:image/([a-z0-9.+-]+)[^,]{0,100}?(;base64)?,", re.I)
_SUFFIXES = {"jpeg": "jpg", "svg+xml": "svg", "x-icon": "ico"}
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]+:|//)", re.I)


def find_picture(source: str, folder: Path | None) -> tuple[str, bytes] | None:
    """Return name and bytes of the picture that *source* (``src``) names; None if it names none.

    The bytes are empty when the picture is not at hand: on another site, or not in *folder*.
    """
    source = source.strip()
    if inline := _DATA.match(source):
        return _inline(source[inline.end() :], inline[1].lower(), inline[2] is not None)
    name = PurePosixPath(unquote(source.partition("?")[0].partition("#")[0])).name
    if not name:
        return None
    if folder is None or _ELSEWHERE.match(source):
        return name, b""
    return name, _beside(unquote(source.partition("?")[0].partition("#")[0]), folder)


def _inline(text: str, kind: str, is_base64: bool) -> tuple[str, bytes] | None:
    if len(text) > 2 * MAX_BYTES:
        return None
    try:
        data = base64.b64decode(unquote(text), validate=False) if is_base64 else b""
    except (binascii.Error, ValueError):
        data = b""
    return f"图.{_SUFFIXES.get(kind, kind)}", data if is_base64 else unquote_to_bytes(text)


def _beside(relative: str, folder: Path) -> bytes:
    """Return the file *relative* below *folder*, empty when there is none or it leads outside."""
    try:
        path = (folder / relative).resolve()
        inside = path.is_relative_to(folder.resolve())
        if not inside or not path.is_file() or path.stat().st_size > MAX_BYTES:
            return b""
        return path.read_bytes()
    except (OSError, ValueError):
        return b""
