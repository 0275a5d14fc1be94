"""The data that our own PDF may carry along (``build --attach data``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportgen.published.canonical import read_canonical
from reportgen.published.found import FoundFile

_SUFFIX = ".json"
_MOST_NODES = 500
_MAX_BYTES = 5_000_000


def attached_data(document: Any) -> FoundFile | None:
    """Return the canonical data attached to *document* (pdfminer's), None when there is none."""
    from pdfminer.pdftypes import PDFStream, resolve1

    for name, item in _files(resolve1(document.catalog.get("Names"))):
        found = resolve1(resolve1(item))
        streams = resolve1(found.get("EF")) if isinstance(found, dict) else None
        stream = resolve1(streams.get("F")) if isinstance(streams, dict) else None
        if not (isinstance(stream, PDFStream) and name.lower().endswith(_SUFFIX)):
            continue
        data = stream.get_data()
        try:
            return read_canonical(data, name) if len(data) <= _MAX_BYTES else None
        except ValueError:  # some other file
            continue
    return None


def _files(names: Any) -> Iterator[tuple[str, Any]]:
    """Yield name and specification of each file in the tree of *names* (ISO 32000-2, 7.7.4)."""
    from pdfminer.pdftypes import resolve1
    from pdfminer.utils import decode_text

    pending = [names.get("EmbeddedFiles")] if isinstance(names, dict) else []
    for _ in range(_MOST_NODES):
        if not pending:
            return
        node = resolve1(pending.pop())
        if not isinstance(node, dict):
            continue
        pending.extend(resolve1(node.get("Kids")) or ())
        pairs = resolve1(node.get("Names")) or []
        for name, item in zip(pairs[::2], pairs[1::2], strict=False):
            name = resolve1(name)
            yield decode_text(name) if isinstance(name, bytes) else str(name), item
