"""What a Word document says beside its text: headers, footers, notes, and hidden text.

A reader of the report does not look there, and the numbers of pages that stand there are not
counted.  Parts and fields are those of ECMA-376-1, 11.3 and 17.16.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from itertools import chain
from typing import Any

from reportgen.published.found import BesideKind, BesideText

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT_PATH = "{urn:schemas-microsoft-com:vml}textpath"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARTS = {
    "/header": BesideKind.HEADER,
    "/footer": BesideKind.HEADER,
    "/footnotes": BesideKind.NOTE,
    "/endnotes": BesideKind.NOTE,
}
_PAGE_NUMBER = re.compile(r"[\s\d/|·—–\-－第页共之]*")
_MOST_SHOWN = 400


def beside_texts(
    document: Any, parse: Callable[[bytes], Any], footnotes: Collection[str] = ()
) -> Iterator[BesideText]:
    """Yield the texts beside that of the python-docx *document*, each once.

    *parse* makes an element of the bytes of a part.  The *footnotes* with these ids are left out:
    they are read as footnotes.
    """
    found = chain(_hidden(document.element.body), _parts(document, parse, footnotes))
    yield from dict.fromkeys(found)


def _hidden(body: Any) -> Iterator[BesideText]:
    """Yield the text that is marked as hidden, one for each paragraph."""
    for paragraph in body.iter(_W + "p"):
        runs = [run for run in paragraph.iter(_W + "r") if _is_hidden(run)]
        text = "".join(node.text or "" for run in runs for node in run.iter(_W + "t"))
        if text.strip():
            yield BesideText(BesideKind.HIDDEN, text.strip()[:_MOST_SHOWN])


def _is_hidden(run: Any) -> bool:
    found = run.find(f"{_W}rPr/{_W}vanish")
    return found is not None and found.get(_W + "val", "true") not in ("0", "false", "off")


def _parts(
    document: Any, parse: Callable[[bytes], Any], footnotes: Collection[str]
) -> Iterator[BesideText]:
    for relation in document.part.rels.values():
        ending = "/" + relation.reltype.rpartition("/")[2]
        kind = _PARTS.get(ending)
        if kind is None or relation.is_external:
            continue
        part = relation.target_part
        root = part.element if hasattr(part, "element") else parse(part.blob)
        for text in _texts(root, footnotes):
            if kind is not BesideKind.HEADER or not _PAGE_NUMBER.fullmatch(text):
                yield BesideText(kind, text[:_MOST_SHOWN])


def _texts(root: Any, footnotes: Collection[str]) -> Iterator[str]:
    """Yield the texts of the paragraphs below *root*, and those that are drawn as pictures."""
    for paragraph in root.iter(_W + "p"):
        note = next(paragraph.iterancestors(_W + "footnote"), None)
        if note is not None and note.get(_W + "id") in footnotes:
            continue
        if next(paragraph.iterancestors(_FALLBACK), None) is None:
            text = "".join(_without_fields(paragraph)).strip()
            if text:
                yield text
    for path in root.iter(_TEXT_PATH):
        if text := path.get("string", "").strip():
            yield text


def _without_fields(paragraph: Any) -> Iterator[str]:
    """Yield the text of *paragraph* without what its fields, such as the page number, show."""
    depth = 0
    for node in paragraph.iter(_W + "fldChar", _W + "t"):
        if node.tag == _W + "fldChar":
            kind = node.get(_W + "fldCharType")
            depth += (kind == "begin") - (kind == "end")
        elif depth <= 0 and next(node.iterancestors(_W + "fldSimple"), None) is None:
            yield node.text or ""
