"""What a file is by its first bytes: a picture of a supported kind, or something else."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from reportgen.text import Word

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class PictureKind(Word):
    """The supported picture formats; all except the first two are converted."""

    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    BMP = "bmp"
    WEBP = "webp"
    TIFF = "tiff"


SUFFIXES: Mapping[PictureKind, str] = {
    kind: ".jpg" if kind is PictureKind.JPEG else f".{kind}" for kind in PictureKind
}
"""What the names of files of each kind end in."""


_MAGIC = (
    (re.compile(re.escape(PNG_SIGNATURE)), PictureKind.PNG),
    (re.compile(rb"\xff\xd8\xff"), PictureKind.JPEG),
    (re.compile(rb"GIF8[79]a"), PictureKind.GIF),
    (re.compile(rb"BM.{12}", re.S), PictureKind.BMP),
    (re.compile(rb"RIFF.{4}WEBP", re.S), PictureKind.WEBP),
    (re.compile(rb"II\*\0|MM\0\*|II\+\0|MM\0\+"), PictureKind.TIFF),
)


def image_kind(data: bytes) -> PictureKind | None:
    """Return the format of *data* by its first bytes; None if it is not supported."""
    kind = next((kind for magic, kind in _MAGIC if magic.match(data)), None)
    return None if kind is PictureKind.TIFF and is_raw(data) else kind


class Foreign(NamedTuple):
    """A type of file that is not a supported picture."""

    magic: bytes
    """The pattern of its first bytes."""
    name: str
    """What it is called in Chinese."""
    advice: str
    """The key of the wording of what to do."""


_FOREIGN = (
    Foreign(rb".{4}ftyp(?:hei|hev|mif|msf)", "手机的 HEIC 照片", "heic"),
    Foreign(rb".{4}ftypavi", "AVIF 图片", "unusual"),
    Foreign(rb".{4}ftypcrx|FUJIFILMCCD-RAW|IIU\0|II(?:RO|RS)|MMOR|FOVb", "相机的 RAW 照片", "raw"),
    Foreign(rb".{4}ftyp", "视频", "video"),
    Foreign(rb"\xff\x0a|\0\0\0\x0cJXL ", "JPEG XL 图片", "unusual"),
    Foreign(rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "JPEG 2000 图片", "unusual"),
    Foreign(rb"%PDF", "PDF 文件", "document"),
    Foreign(rb"PK\x03\x04", "压缩包或 Office 文档", "document"),
    Foreign(rb"\xd0\xcf\x11\xe0", "旧版 Office 文档", "document"),
    Foreign(rb"8BPS", "Photoshop 文件", "unusual"),
    Foreign(rb"\xd7\xcd\xc6\x9a|\x01\0\0\0.{36} EMF", "WMF/EMF 图形", "vector"),
    Foreign(rb"\0\0[\1\2]\0", "图标文件", "unusual"),
    Foreign(
        rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg",
        "SVG 矢量图",
        "vector",
    ),
    Foreign(rb"(?i:\s*<(?:!doctype html|html|head|body))", "网页文件，不是图片", "document"),
)  # compiled only when needed, which is rare
_RAW = Foreign(b"", "相机的 RAW 照片", "raw")
_UNKNOWN = Foreign(b"", "无法识别的文件", "")


def foreign_kind(data: bytes) -> Foreign:
    """Return what the file *data* is, which is not a supported picture."""
    if is_raw(data):
        return _RAW
    head = data[:2000]
    return next((kind for kind in _FOREIGN if re.match(kind.magic, head, re.S)), _UNKNOWN)


_SUBFILE, _PHOTOMETRIC, _SUB_DIRECTORIES, _DNG_VERSION = 254, 262, 330, 50706
_COLOUR_FILTER, _LINEAR_RAW = 32803, 34892  # values of PhotometricInterpretation


def is_raw(tiff: bytes) -> bool:
    """Return whether *tiff* is a TIFF file with the data of a camera's sensor.

    The first picture in it, which decoders show, is a thumbnail or cannot be decoded.
    """
    if tiff[:4] not in (b"II*\0", b"MM\0*"):
        return False
    tags = dict(tiff_tags(tiff))
    is_preview = tags.get(_SUBFILE, 0) & 1 and _SUB_DIRECTORIES in tags
    is_sensor = tags.get(_PHOTOMETRIC) in (_COLOUR_FILTER, _LINEAR_RAW)
    return bool(is_preview) or is_sensor or _DNG_VERSION in tags or tiff[8:10] == b"CR"


def tiff_tags(tiff: bytes) -> Iterator[tuple[int, int]]:
    """Yield number and value of each tag in the first directory of a TIFF file or EXIF data.

    A value of several numbers, or of more than 16 bits, is only a part of it.
    """
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return
    first = struct.unpack(f"{order}I", tiff[4:8])[0]
    for number in range(_short_at(tiff, first, order)):
        entry = first + 2 + 12 * number
        if entry > len(tiff):
            break
        wide = order == ">" and _short_at(tiff, entry + 2, order) == _LONG
        yield _short_at(tiff, entry, order), _short_at(tiff, entry + (10 if wide else 8), order)


_LONG = 4  # the type of values of 32 bits


def _short_at(tiff: bytes, offset: int, order: str) -> int:
    raw = tiff[offset : offset + 2]
    return int(struct.unpack(f"{order}H", raw)[0]) if len(raw) == 2 else 0
