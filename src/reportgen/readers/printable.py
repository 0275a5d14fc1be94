"""What has to be done to a picture before it can be printed: judged when it is read.

Clean PNG and JPEG files pass without decoding, and so does a PNG whose alpha channel hides
nothing (:mod:`.opaque_png`); the rest is decoded (:mod:`.conversion`).  Both load Pillow, so
they are imported when a picture needs them.
"""

from __future__ import annotations

import contextlib
from enum import Enum

import msgspec
from msgspec import Struct

from reportgen.cache import VERDICTS, Cache, content_key
from reportgen.readers.image_bytes import (
    Damaged,
    ImageFile,
    check_pixels,
    foreign_kind,
    image_kind,
    mentions_metadata,
    read_jpeg,
    read_png,
)

MAKER = b"1"
"""Stands for the code that judges and makes pictures: another when its results change."""


class Treatment(Enum):
    """What has to be done to a file, apart from leaving its metadata behind."""

    NOTHING = "nothing"
    CUT_ALPHA = "cut-alpha"  # where no alpha channel is wanted, though nothing is seen through
    CONVERT = "convert"


class Verdict(Struct, frozen=True):
    """A picture found sound.

    ``kind`` is what the file is, ``width`` and ``height`` are pixels upright; ``is_clean``
    says that there is no metadata to leave behind, ``has_metadata`` that it tells when,
    where or by whom the picture was taken.
    """

    kind: str
    width: int
    height: int
    treatment: Treatment
    is_clean: bool = False
    has_metadata: bool = False
    see_through: bool = False

    @property
    def printed_kind(self) -> str:
        """What is printed: png or jpeg."""
        return "jpeg" if self.kind == "jpeg" else "png"


def judge(data: bytes, digest: str, cache: Cache) -> Verdict:
    """Return what has to be done to the picture *data*, whose hash is *digest*.

    What only the pixels can tell is kept in *cache*.  Raises Damaged or TooLarge.
    """
    kind = image_kind(data)
    if not kind:
        raise Damaged(f"它是{foreign_kind(data)}" if data else "文件是空的")
    file = _parse(data, kind)
    if file and file.is_plain:
        return _passed(file, Treatment.NOTHING, data)
    key = content_key(MAKER, digest.encode())
    kept = cache.get(VERDICTS, key)
    with contextlib.suppress(msgspec.DecodeError):
        return msgspec.json.decode(kept or b"", type=Verdict)
    verdict = _look_at_pixels(data, kind, file)
    cache.put(VERDICTS, key, msgspec.json.encode(verdict))
    return verdict


def _parse(data: bytes, kind: str) -> ImageFile | None:
    """Return what the structure of a PNG or JPEG says, None for other kinds."""
    if kind not in ("png", "jpeg"):
        return None
    file = read_png(data) if kind == "png" else read_jpeg(data)
    check_pixels(file.width, file.height)
    return file


def _passed(file: ImageFile, treatment: Treatment, data: bytes) -> Verdict:
    is_clean = file.data is data
    size = (file.width, file.height)
    return Verdict(file.kind, *size, treatment, is_clean, file.has_metadata)


def _look_at_pixels(data: bytes, kind: str, file: ImageFile | None) -> Verdict:
    if file and kind == "png":
        from reportgen.readers.opaque_png import is_opaque

        if is_opaque(data):
            return _passed(file, Treatment.CUT_ALPHA, data)
    from reportgen.readers.conversion import inspect

    seen = inspect(data, kind)
    told = file.has_metadata if file else mentions_metadata(data)
    size = (seen.width, seen.height)
    return Verdict(kind, *size, Treatment.CONVERT, False, told, seen.see_through)


def without_metadata(data: bytes, verdict: Verdict) -> bytes:
    """Return the PNG or JPEG file *data* with nothing but what makes the picture.

    Raises Damaged.
    """
    if verdict.is_clean:
        return data
    return (read_png(data) if verdict.kind == "png" else read_jpeg(data)).data


def treat(data: bytes, verdict: Verdict) -> bytes:
    """Return the picture *data* after the treatment it needs; raises Damaged or TooLarge."""
    if verdict.treatment is Treatment.CUT_ALPHA:
        from reportgen.readers.opaque_png import without_alpha

        return without_alpha(data)
    from reportgen.readers.conversion import convert

    return convert(data, verdict.kind)
