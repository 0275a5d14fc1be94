"""The parts of a DOCX as a value: what goes into the package, before it is one."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from reportgen.document.nodes import Metadata
from reportgen.writers.docx.embedding import EmbeddedFont
from reportgen.writers.docx.relations import Relations

ODD, EVEN = SIDES = ("default", "even")
"""The two kinds of page, as ``w:type`` of a footer reference: odd pages are ``default``."""


class WordParts(Struct, frozen=True):
    """The finished XML of each part; ``footers`` and ``headers`` by :func:`margin_id`.

    ``embedded`` holds the fonts carried along by the id of their relationship;
    ``comments`` is empty where there are none.
    """

    body: bytes
    styles: bytes
    settings: bytes
    fonts: bytes
    theme: bytes
    footers: Mapping[str, bytes]
    headers: Mapping[str, bytes]
    relations: Relations
    metadata: Metadata
    embedded: Mapping[str, EmbeddedFont]
    comments: bytes = b""


def margin_id(kind: str, side: str, *, landscape: bool = False) -> str:
    """Return the relationship id of the header or footer of *side*."""
    return f"r{kind.title()}{side.title()}{'Landscape' if landscape else ''}"
