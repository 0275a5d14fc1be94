"""PNG and JPEG files taken apart by their headers, without decoding a pixel.

A sound file is rebuilt from the parts that make the picture; text, camera data, positions and
previews are left out.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

from msgspec import Struct

MAX_PIXELS = 50_000_000
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_GREY, _RGB, _PALETTE = 0, 2, 3
_ORIENTATION = 0x0112


class Damaged(Exception):  # noqa: N818 - a state of the file
    """The file is broken; the message says how, for the author."""


class TooLarge(Exception):  # noqa: N818 - a limit reached
    """The picture is larger than the program takes; the message says how much."""


def check_pixels(width: int, height: int) -> None:
    """Raise TooLarge for a picture of more pixels than the program decodes."""
    if width * height > MAX_PIXELS:
        raise TooLarge(f"{width}×{height} 像素，超过 {MAX_PIXELS // 10_000} 万像素")


class ImageFile(Struct, frozen=True):
    """A file of sound structure: its kind and size in pixels as stored.

    ``data`` is the file without its metadata, the bytes given if there were none.
    ``is_plain`` says that it can be printed like that; otherwise its pixels must be examined.
    ``has_metadata`` says that the file given said when, where or by whom it was taken.
    """

    kind: str
    width: int
    height: int
    data: bytes
    is_plain: bool
    has_metadata: bool = False


_MAGIC = (
    (re.compile(re.escape(PNG_SIGNATURE)), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"BM.{12}", re.S), "bmp"),
    (re.compile(rb"RIFF.{4}WEBP", re.S), "webp"),
    (re.compile(rb"II\*\0|MM\0\*|II\+\0|MM\0\+"), "tiff"),
)
_FOREIGN = (
    (rb".{4}ftyp(?:hei|hev|mif|msf)", "手机的 HEIC 照片"),
    (rb".{4}ftypavi", "AVIF 图片"),
    (rb".{4}ftyp", "视频"),
    (rb"%PDF", "PDF 文件"),
    (rb"PK\x03\x04", "压缩包或 Office 文档"),
    (rb"\xd0\xcf\x11\xe0", "旧版 Office 文档"),
    (rb"8BPS", "Photoshop 文件"),
    (rb"\xd7\xcd\xc6\x9a|\x01\0\0\0.{36} EMF", "WMF/EMF 图形"),
    (rb"\0\0[\1\2]\0", "图标文件"),
    (rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg", "SVG 矢量图"),
    (rb"(?i:\s*<(?:!doctype html|html|head|body))", "网页文件，不是图片"),
)  # compiled for the one picture in a thousand that is none


def image_kind(data: bytes) -> str:
    """Return png, jpeg, gif, bmp, webp or tiff by the first bytes; empty for anything else."""
    return next((kind for magic, kind in _MAGIC if magic.match(data)), "")


def foreign_kind(data: bytes) -> str:
    """Return in Chinese what a file that is no supported picture is."""
    head = data[:2000]
    found = (name for magic, name in _FOREIGN if re.match(magic, head, re.S))
    return next(found, "无法识别的文件")


_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/"  # segments of a JPEG begin so
_PNG_XMP = b"XML:com.adobe.xmp\0"  # the keyword of a chunk
_METADATA_REACH = 200_000  # cameras and phones write it before the picture


def mentions_metadata(data: bytes) -> bool:
    """Return whether a file other than PNG and JPEG seems to carry EXIF or XMP."""
    head = data[:_METADATA_REACH]
    return _EXIF in head or _XMP in head


def read_png(data: bytes) -> ImageFile:
    """Return the PNG file *data* with its critical chunks only; raises Damaged."""
    chunks = list(png_chunks(data))
    names = [name for name, _ in chunks]
    if names[:1] != [b"IHDR"] or len(chunks[0][1]) != 25:
        raise Damaged("文件头不完整")
    if b"IDAT" not in names or names[-1] != b"IEND":
        raise Damaged("文件不完整，可能没有下载或复制完")
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", chunks[0][1][8:21])
    if not (width and height) or (colour == _PALETTE and b"PLTE" not in names):
        raise Damaged("文件头的内容有误")
    odd = b"tRNS" in names or any(name[:1].isupper() and name not in _CRITICAL for name in names)
    plain = depth <= 8 and colour in (_GREY, _RGB, _PALETTE) and not interlace and not odd
    kept = [raw for name, raw in chunks if name in _CRITICAL]
    is_clean = len(PNG_SIGNATURE) + sum(map(len, kept)) == len(data)
    clean = data if is_clean else b"".join((PNG_SIGNATURE, *kept))
    told = any(name == b"eXIf" or raw[8 : 8 + len(_PNG_XMP)] == _PNG_XMP for name, raw in chunks)
    return ImageFile("png", width, height, clean, plain, told)


def png_chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Yield name and whole bytes of each chunk up to IEND; raises Damaged."""
    view = memoryview(data)
    position = len(PNG_SIGNATURE)
    while position + 12 <= len(data):
        end = position + 12 + int.from_bytes(view[position : position + 4], "big")
        if end > len(data):
            break
        if zlib.crc32(view[position + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise Damaged("文件的校验和不符，内容已损坏")
        name = bytes(view[position + 4 : position + 8])
        yield name, view[position:end]
        if name == b"IEND":
            return
        position = end
    raise Damaged("文件不完整，可能没有下载或复制完")


def read_jpeg(data: bytes) -> ImageFile:
    """Return the JPEG file *data* without camera data, comments and previews; raises Damaged."""
    parts = [b"\xff\xd8"]
    frame = b""
    frame_marker = 0
    orientation = 1
    has_metadata = False
    for marker, payload, raw in _jpeg_segments(data):
        has_metadata |= marker == 0xE1 and payload.startswith((_EXIF, _XMP))
        if marker == 0xE1 and payload.startswith(_EXIF):
            orientation = _exif_orientation(payload[6:]) or orientation
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and not frame:
            frame, frame_marker = payload, marker
        if _belongs_to_picture(marker, payload):
            parts.append(raw)
    if len(frame) < 6:
        raise Damaged("文件中没有图像")
    precision, height, width, components = struct.unpack(">BHHB", frame[:6])
    if not (width and height):
        raise Damaged("文件头的内容有误")
    usual = frame_marker in (0xC0, 0xC1, 0xC2) and precision == 8 and components in (1, 3)
    plain = usual and orientation == 1
    clean = data if sum(map(len, parts)) == len(data) else b"".join(parts)
    return ImageFile("jpeg", width, height, clean, plain, has_metadata)


def _belongs_to_picture(marker: int, payload: bytes) -> bool:
    """Whether a segment is part of the picture: all but comments and most APP segments."""
    if marker == 0xE2:
        return payload.startswith(b"ICC_PROFILE\0")
    return marker not in (0xFE, 0xE1, *range(0xE3, 0xEE), 0xEF)


_AFTER_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield marker, payload and whole bytes of each segment up to EOI.

    The compressed data after a start of scan belong to its segment.  Raises Damaged.
    """
    position = 2
    while position + 2 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker == 0xD9:
            yield marker, b"", data[position : position + 2]
            return
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        end = position + 2 + length
        if length < 2 or end > len(data):
            break
        payload = data[position + 4 : end]
        if marker == 0xDA:
            found = _AFTER_SCAN.search(data, end)
            if not found:
                break
            end = found.end() - 2
        yield marker, payload, data[position:end]
        position = end
    raise Damaged("文件不完整，可能没有下载或复制完")


def _exif_orientation(tiff: bytes) -> int:
    """Return the orientation (1 to 8) in EXIF data; 0 when there is none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 0
    first = struct.unpack(f"{order}I", tiff[4:8])[0]
    for number in range(_short_at(tiff, first, order)):
        entry = first + 2 + 12 * number
        if _short_at(tiff, entry, order) == _ORIENTATION:
            value = _short_at(tiff, entry + 8, order)
            return value if 1 <= value <= 8 else 0
    return 0


def _short_at(tiff: bytes, offset: int, order: str) -> int:
    raw = tiff[offset : offset + 2]
    return int(struct.unpack(f"{order}H", raw)[0]) if len(raw) == 2 else 0
