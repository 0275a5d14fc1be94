"""What a Word document says beside its text.

Headers, footers, notes, hidden text, tracked changes and comments: a reader of the report does not
look there.  The numbers of pages that stand there are not counted.  Parts and elements are those of
ECMA-376-1, 11.3, 17.13 and 17.16.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from msgspec.structs import replace

from reportgen.published.found import BesideKind, BesideText
from reportgen.source import FilePart, SourceFile, Span

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT_PATH = "{urn:schemas-microsoft-com:vml}textpath"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CHANGES = {
    _W + "ins": BesideKind.PUT_IN,
    _W + "moveTo": BesideKind.PUT_IN,
    _W + "del": BesideKind.TAKEN_OUT,
    _W + "moveFrom": BesideKind.TAKEN_OUT,
}
_REFERENCES = {
    _W + "footnoteReference": (BesideKind.NOTE, "/footnotes"),
    _W + "endnoteReference": (BesideKind.NOTE, "/endnotes"),
    _W + "commentReference": (BesideKind.COMMENT, "/comments"),
}
"""The elements that refer to notes and comments, and the part that has their texts."""
_PAGE_NUMBER = re.compile(r"[\s\d/|·—–\-－第页共之]*")
_MARK = "段落标记"
"""What messages call the end of a paragraph that was put in or taken out."""
_MOST_SHOWN = 400


def beside_texts(
    document: Any,
    path: str,
    parse: Callable[[bytes], Any],
    place_of: Callable[[Any], Span | None],
) -> Iterator[BesideText]:
    """Yield the texts beside that of the python-docx *document*: those of its body, then others.

    *path* names the document, *parse* makes an element of the bytes of a part, and *place_of*
    tells where a paragraph of the body was read.  A header that several pages have is told once.
    """
    relations = [one for one in document.part.rels.values() if not one.is_external]
    parts = _Parts(relations, parse)
    yield from _in_body(document.element.body, parts, place_of)
    yield from parts.unreferenced()
    for number, text in enumerate(dict.fromkeys(parts.headers())):
        own = SourceFile(path, text, (FilePart(0, BesideKind.HEADER, 1, {"header": number}),))
        yield BesideText(BesideKind.HEADER, text, own.span(0, len(text)))


class _Parts:
    """The texts in other parts of the package than its body."""

    def __init__(self, relations: list[Any], parse: Callable[[bytes], Any]) -> None:
        self._relations, self._parse = relations, parse
        self._texts = {tag: dict(self._numbered(end)) for tag, (_, end) in _REFERENCES.items()}
        """Notes and comments by their numbers, by the element that refers to them."""
        self._told: set[tuple[str, str]] = set()

    def _roots(self, ending: str) -> Iterator[Any]:
        for relation in self._relations:
            if relation.reltype.endswith(ending):
                part = relation.target_part
                yield part.element if hasattr(part, "element") else self._parse(part.blob)

    def _numbered(self, ending: str) -> Iterator[tuple[str, str]]:
        for root in self._roots(ending):
            for note in root:
                yield note.get(_W + "id", ""), " ".join(_texts(note))[:_MOST_SHOWN]

    def text_of(self, reference: Any) -> str:
        """Return the text of the note or comment that the element *reference* refers to."""
        number = reference.get(_W + "id", "")
        self._told.add((reference.tag, number))
        return self._texts[reference.tag].get(number, "")

    def unreferenced(self) -> Iterator[BesideText]:
        """Yield the notes that nothing in the body refers to; such comments are not shown."""
        for tag, texts in self._texts.items():
            for number, text in texts.items():
                kind = _REFERENCES[tag][0]
                if text and kind is BesideKind.NOTE and (tag, number) not in self._told:
                    yield BesideText(kind, text)

    def headers(self) -> Iterator[str]:
        """Yield the texts of headers and footers, without the numbers of pages."""
        for root in chain(self._roots("/header"), self._roots("/footer")):
            texts = (text[:_MOST_SHOWN] for text in _texts(root))
            yield from (text for text in texts if not _PAGE_NUMBER.fullmatch(text))


def _in_body(
    body: Any, parts: _Parts, place_of: Callable[[Any], Span | None]
) -> Iterator[BesideText]:
    """Yield what is beside the text of *body*, in its order; hidden text by the paragraph."""
    last: BesideText | None = None
    place: Span | None = None
    for element in body.iter(*_CHANGES, *_REFERENCES, _W + "p", _W + "r"):
        if element.tag == _W + "p":
            place = place_of(element) or place
            continue
        kind, text = _told(element, parts)
        if kind is None or next(element.iterancestors(_FALLBACK), None) is not None:
            continue
        found = BesideText(kind, text[:_MOST_SHOWN], place_of(_paragraph_of(element)) or place)
        if last and kind is last.kind is BesideKind.HIDDEN and last.place == found.place:
            last = replace(last, text=last.text + found.text)
            continue
        if last:
            yield last
        last = found
    if last:
        yield last


def _told(element: Any, parts: _Parts) -> tuple[BesideKind | None, str]:
    """Return what *element* says beside the text; no kind if it is part of that."""
    if element.tag in _REFERENCES:
        kind, text = _REFERENCES[element.tag][0], parts.text_of(element)
        return (kind if text or kind is BesideKind.COMMENT else None), text
    if element.tag == _W + "r":
        text = _all_text(element).strip() if _is_hidden(element) else ""
        return (BesideKind.HIDDEN if text else None), text
    kind, parent = _CHANGES[element.tag], element.getparent()
    if parent.tag == _W + "trPr":
        return kind, _all_text(parent.getparent())
    if parent.tag != _W + "rPr":
        return kind, _all_text(element)
    # The mark of a paragraph mostly changes together with the words before it.
    paragraph = next(parent.iterancestors(_W + "p"), None)
    is_alone = paragraph is not None and all(
        change.getparent().tag == _W + "rPr" for change in paragraph.iter(*_CHANGES)
    )
    return (kind if is_alone else None), _MARK


def _paragraph_of(element: Any) -> Any:
    """Return the paragraph that *element* stands in, the first one of a row."""
    for parent in element.iterancestors(_W + "p", _W + "tr"):
        return parent if parent.tag == _W + "p" else next(parent.iter(_W + "p"), None)
    return None


def _all_text(element: Any) -> str:
    return "".join(node.text or "" for node in element.iter(_W + "t", _W + "delText"))


def _is_hidden(run: Any) -> bool:
    found = run.find(f"{_W}rPr/{_W}vanish")
    return found is not None and found.get(_W + "val", "true") not in ("0", "false", "off")


def _texts(root: Any) -> Iterator[str]:
    """Yield the texts of the paragraphs below *root*, and those that are drawn as pictures."""
    for paragraph in root.iter(_W + "p"):
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
