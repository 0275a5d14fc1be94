"""What the stages hand on of a picture: not its bytes, but where to get them."""

from __future__ import annotations

from typing import Protocol


class PictureSource(Protocol):
    """A picture known to be sound, whose bytes are fetched when an output writes them.

    Nobody keeps them, so a report of many pictures needs no more memory than one of few.
    Both methods raise EnvironmentProblem when the bytes can no longer be had.
    """

    def read(self) -> bytes:
        """Return a PNG or JPEG file without metadata, of which nothing is seen through."""

    def read_opaque(self) -> bytes:
        """Return the same picture without an alpha channel: PNG of 8 bits or less, or JPEG."""
