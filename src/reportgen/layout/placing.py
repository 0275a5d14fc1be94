"""The boxes of a document placed page by page: the layout's entry.

Pages are painted from them (:mod:`.pages`), and hints for word processors are taken from
them (:mod:`.hints`).  Points from the head of the type area downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TypeAlias

from reportgen.document.nodes import Document
from reportgen.fonts import FontSet
from reportgen.layout.boxes import Content, collect_boxes
from reportgen.layout.flow import PlacedBox, fill_pages

ContentBox: TypeAlias = PlacedBox[Content]
Flow: TypeAlias = Sequence[ContentBox]
"""The boxes of one page."""


def place_document(document: Document, fonts: FontSet) -> tuple[Flow, ...]:
    """Return the boxes of *document* page by page; a page is landscape or upright as a whole."""
    page = document.sheet.page
    return tuple(
        flow
        for landscape, stretch in groupby(
            collect_boxes(document, fonts), key=lambda box: box.landscape
        )
        for flow in fill_pages(tuple(stretch), page.turned() if landscape else page)
    )


def is_landscape(flow: Flow) -> bool:
    """Return whether the page of *flow* is landscape."""
    return flow[0].box.landscape
