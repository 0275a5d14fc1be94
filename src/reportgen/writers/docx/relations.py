"""What the body points at: pictures and addresses, each with a relationship id."""

from __future__ import annotations

from urllib.parse import quote

from reportgen.document.nodes import Figure

_URL_SAFE = "!#$%&'()*+,/:;=?@[]~"


class Relations:
    """The relationships of the document part, in order of first use (ECMA-376 Part 2, 6.5).

    Equal addresses share one id, and so do pictures of equal digest.
    """

    def __init__(self) -> None:
        self.links: dict[str, str] = {}
        self.pictures: dict[str, tuple[str, Figure]] = {}
        self._drawings = 0
        self._bookmarks = 0

    def link(self, address: str) -> str:
        """Return the id of *address*, which is written percent-encoded (RFC 3986)."""
        target = quote(address, safe=_URL_SAFE)
        return self.links.setdefault(target, f"rLink{len(self.links) + 1}")

    def picture(self, figure: Figure) -> str:
        """Return the id of the picture of *figure*."""
        number = len(self.pictures) + 1
        return self.pictures.setdefault(figure.digest, (f"rPicture{number}", figure))[0]

    def next_drawing(self) -> int:
        """Return a number for ``wp:docPr@id``, unique in the document."""
        self._drawings += 1
        return self._drawings

    def next_bookmark(self) -> int:
        """Return a number for ``w:bookmarkStart@id``, unique in the document."""
        self._bookmarks += 1
        return self._bookmarks
