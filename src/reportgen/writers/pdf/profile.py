"""The conformance levels a file can claim (ISO 19005-1 to -3, level A)."""

from __future__ import annotations

from msgspec import Struct


class Profile(Struct, frozen=True):
    """What one part of PDF/A allows.

    ``part`` is the part of ISO 19005 and ``version`` the PDF version it builds
    on.  ``attachments``: files may be carried along (part 3).
    """

    part: int
    version: tuple[int, int]
    attachments: bool

    @property
    def cid_set(self) -> bool:
        """A subset must list its characters (ISO 19005-1, 6.3.5)."""
        return self.part == 1

    @property
    def table_summary(self) -> bool:
        """Tables may carry a summary (PDF 1.7)."""
        return self.version >= (1, 7)


PROFILES = {
    "a-3a": Profile(3, (1, 7), attachments=True),
    "a-1a": Profile(1, (1, 4), attachments=False),
    "a-2a": Profile(2, (1, 7), attachments=False),
}
