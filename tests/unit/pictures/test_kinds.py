"""Files known by their first bytes."""

from __future__ import annotations

import struct

import pytest

from reportgen.pictures.kinds import (
    SUFFIXES,
    PictureKind,
    foreign_kind,
    image_kind,
    is_raw,
    tiff_tags,
)


def tiff(order: str, *tags: tuple[int, int]) -> bytes:
    """Return a TIFF file of one directory with *tags*, each of one number of 16 bits."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entries = [struct.pack(f"{order}HHIHH", tag, 3, 1, value, 0) for tag, value in tags]
    return mark + struct.pack(f"{order}IH", 8, len(tags)) + b"".join(entries)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", PictureKind.PNG),
        (b"\xff\xd8\xff\xe0", PictureKind.JPEG),
        (b"GIF89a", PictureKind.GIF),
        (b"BM" + bytes(12), PictureKind.BMP),
        (b"RIFF....WEBPVP8 ", PictureKind.WEBP),
        (tiff("<", (256, 10)), PictureKind.TIFF),
        (b"\x89PNG", None),
        (b"", None),
    ],
)
def test_pictures_are_known_by_their_first_bytes(data: bytes, kind: PictureKind | None) -> None:
    assert image_kind(data) is kind


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\0\0\0\x18ftypheic", "手机的 HEIC 照片"),
        (b"%PDF-1.7", "PDF 文件"),
        (b"PK\x03\x04", "压缩包或 Office 文档"),
        (b"\xd0\xcf\x11\xe0", "旧版 Office 文档"),
        (b'<?xml version="1.0"?>\n<svg>', "SVG 矢量图"),
        (b"<!DOCTYPE html>", "网页文件，不是图片"),
        (b"hello", "无法识别的文件"),
    ],
)
def test_other_files_are_named(data: bytes, name: str) -> None:
    assert foreign_kind(data).name == name


@pytest.mark.parametrize("order", ["<", ">"])
def test_tags_are_read_in_both_orders(order: str) -> None:
    assert dict(tiff_tags(tiff(order, (256, 640), (262, 2)))) == {256: 640, 262: 2}
    assert dict(tiff_tags(tiff(order, (256, 640))[:-6])) == {256: 0}


def test_the_data_of_a_camera_are_no_picture() -> None:
    raw = tiff("<", (262, 32803))
    assert is_raw(raw)
    assert image_kind(raw) is None
    assert foreign_kind(raw).advice == "raw"
    assert not is_raw(tiff("<", (262, 2)))


def test_every_kind_has_a_suffix() -> None:
    assert set(SUFFIXES) == set(PictureKind)
    assert SUFFIXES[PictureKind.JPEG] == ".jpg"
