"""zlib's format (RFC 1950), by zlib-ng where it is installed: three times as fast.

Of equal data both make the same bytes with the one strategy used here, so no file depends
on which of them a machine has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import zlib as _zlib
else:
    try:
        from zlib_ng import zlib_ng as _zlib
    except ImportError:  # none is built for this machine
        import zlib as _zlib

InflateError = _zlib.error
_LEVEL, _MEMORY = 1, 8


def inflater() -> _zlib._Decompress:
    """Return a decompressor; it raises InflateError."""
    return _zlib.decompressobj()


def deflater() -> _zlib._Compress:
    """Return a compressor for filtered rows of pixels.

    It looks for runs of one byte only: a screenshot becomes a seventh to a quarter larger
    than if repeats were looked for too, in a fraction of the time.
    """
    return _zlib.compressobj(_LEVEL, _zlib.DEFLATED, _zlib.MAX_WBITS, _MEMORY, _zlib.Z_RLE)
