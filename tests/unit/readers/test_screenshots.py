"""Picture files are found, judged and made printable; each trouble is told at the picture."""

from __future__ import annotations

import hashlib
import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from reportgen.diagnostics import Diagnostic, Severity
from reportgen.model.report import Narrative, Picture, PictureGroup, Screenshot, Section
from reportgen.pictures import PictureFolder
from reportgen.readers.screenshots import read_screenshots
from reportgen.source import SourceFile
from tests.builders import worded

PNG = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 400, height: int = 2, extra: bytes = b"") -> bytes:
    rows = (b"\0" + b"\x80" * (3 * width)) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        PNG
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def rgb(width: int = 400, height: int = 4) -> Image.Image:
    picture = Image.new("RGB", (width, height), "navy")
    picture.paste("white", (0, 0, width // 2, height // 2))
    return picture


def narrative(*targets: str) -> Narrative:
    text = "".join(f"![图]({target})\n" for target in targets)
    source = SourceFile("正文.md", text)
    pictures = []
    start = 0
    for target in targets:
        end = start + len(f"![图]({target})")
        pictures.append(Picture(target, "图", None, source.span(start, end)))
        start = end + 1
    return Narrative((), (Section("甲", 1, (PictureGroup(tuple(pictures)),)),))


def read(folder: Path, *targets: str) -> tuple[dict[str, Screenshot], list[Diagnostic]]:
    shots, found = read_screenshots(narrative(*targets), PictureFolder(folder))
    return shots, worded(found)


def read_bytes(
    folder: Path, data: bytes, name: str = "a.png"
) -> tuple[Screenshot, list[Diagnostic]]:
    (folder / name).write_bytes(data)
    shots, found = read(folder, name)
    return shots[name], found


def refusal(folder: Path, data: bytes, name: str = "a.png") -> Diagnostic:
    (folder / name).write_bytes(data)
    shots, found = read(folder, name)
    assert shots == {}
    (item,) = found
    assert item.span
    assert item.hint
    return item


def decoded(shot: Screenshot) -> Image.Image:
    picture = Image.open(io.BytesIO(shot.picture.read_opaque()))
    picture.load()
    assert picture.size == (shot.width, shot.height)
    return picture


# What passes


def test_a_clean_png_passes_byte_for_byte(tmp_path: Path) -> None:
    shot, found = read_bytes(tmp_path, png())
    assert found == []
    assert (shot.kind, shot.width, shot.height, shot.picture.read()) == ("png", 400, 2, png())
    assert shot.digest == hashlib.sha256(png()).hexdigest()
    assert shot.path == tmp_path / "a.png"


def test_metadata_of_a_png_is_dropped_and_its_pixels_kept(tmp_path: Path) -> None:
    extra = chunk(b"tEXt", b"Author\0Li") + chunk(b"gAMA", b"\0\0\xb1\x8f") + chunk(b"eXIf", b"MM")
    shot, found = read_bytes(tmp_path, png(extra=extra) + b"trailer")
    assert ([d.code for d in found], shot.picture.read()) == (["P106"], png())


def test_a_clean_jpeg_passes_without_camera_data(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    plain = saved(rgb(), "JPEG")
    shot, found = read_bytes(
        tmp_path, saved(rgb(), "JPEG", exif=exif, comment=b"note") + b"more", "a.jpg"
    )
    assert [d.code for d in found] == ["P106"]
    assert shot.kind == "jpeg"
    assert b"Camera" not in shot.picture.read()
    assert b"note" not in shot.picture.read()
    assert shot.picture.read().endswith(b"\xff\xd9")
    assert decoded(shot).tobytes() == Image.open(io.BytesIO(plain)).tobytes()


def test_all_photographs_with_camera_data_are_one_hint(tmp_path: Path) -> None:
    for number, exif in enumerate([EXIF, None, EXIF, EXIF]):
        options = {"exif": exif} if exif else {}
        (tmp_path / f"{number}.jpg").write_bytes(saved(rgb(), "JPEG", **options))
    _, found = read(tmp_path, "1.jpg", "2.jpg", "0.jpg", "3.jpg", "2.jpg")
    (item,) = found
    assert (item.code, item.span and item.span.line) == ("P106", 2)
    assert item.message == "“2.jpg”等 3 张图片带有拍摄信息，可能含时间、位置或姓名"


EXIF = Image.Exif()
EXIF[0x010F] = "Camera"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"/>'


@pytest.mark.parametrize(
    "data",
    [
        png(extra=chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
        png()[:-12] + chunk(b"eXIf", b"MM") + png()[-12:],
        saved(rgb(), "JPEG", xmp=XMP),
        saved(rgb(), "WEBP", xmp=XMP),
        saved(rgb().convert("RGBA"), "PNG", exif=EXIF),
    ],
    ids=["png-xmp", "png-behind-the-pixels", "jpeg-xmp", "webp-xmp", "rgba-exif"],
)
def test_metadata_is_told_wherever_it_is(tmp_path: Path, data: bytes) -> None:
    shot, found = read_bytes(tmp_path, data)
    assert [d.code for d in found] == ["P106"]
    for printed in (shot.picture.read(), shot.picture.read_opaque()):
        assert b"eXIf" not in printed
        assert b"adobe" not in printed


def test_pixels_that_look_like_metadata_are_none(tmp_path: Path) -> None:
    pixels = Image.frombytes("L", (400, 2), b"eXIf" * 200)
    assert read_bytes(tmp_path, saved(pixels, "PNG", compress_level=0))[1] == []


def test_a_progressive_jpeg_passes(tmp_path: Path) -> None:
    shot, found = read_bytes(tmp_path, saved(rgb(), "JPEG", progressive=True))
    assert found == []
    assert decoded(shot).size == (400, 4)


def test_clean_screenshots_do_not_load_the_imaging_library(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    (tmp_path / "b.png").write_bytes(png())
    program = (
        "import sys; from pathlib import Path; from reportgen.model.report import *; "
        "from reportgen.pictures import PictureFolder; "
        "from reportgen.readers.screenshots import read_screenshots; "
        "group = PictureGroup((Picture('a.png', ''), Picture('b.png', ''))); "
        f"folder = PictureFolder(Path({str(tmp_path)!r})); "
        "shots, found = read_screenshots(Narrative((group,)), folder); "
        "sys.exit(len(shots) != 2 or found != [] or 'PIL' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# What is converted


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("WEBP", {"lossless": True}),
        ("BMP", {}),
        ("GIF", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
    ],
)
def test_other_formats_become_png(tmp_path: Path, kind: str, options: dict[str, object]) -> None:
    shot, found = read_bytes(tmp_path, saved(rgb(), kind, **options), "a.x")
    assert (found, shot.kind) == ([], "png")
    assert decoded(shot).convert("RGB").tobytes() == rgb().tobytes()


def test_the_first_frame_of_an_animation_is_taken(tmp_path: Path) -> None:
    data = saved(rgb(), "GIF", save_all=True, append_images=[Image.new("RGB", (400, 4), "red")])
    shot, _ = read_bytes(tmp_path, data, "a.gif")
    assert decoded(shot).convert("RGB").getpixel((399, 3)) == (0, 0, 128)


def test_opaque_transparency_is_dropped_silently(tmp_path: Path) -> None:
    shot, found = read_bytes(tmp_path, saved(rgb().convert("RGBA"), "PNG"))
    assert found == []
    assert decoded(shot).mode == "RGB"
    assert decoded(shot).tobytes() == rgb().tobytes()


def test_opaque_transparency_stays_where_it_does_no_harm(tmp_path: Path) -> None:
    data = saved(rgb().convert("RGBA"), "PNG")
    text = chunk(b"tEXt", b"Author\0Li")
    shot, _ = read_bytes(tmp_path, data)
    assert shot.picture.read() == data
    shot, _ = read_bytes(tmp_path, data[:33] + text + data[33:])
    assert shot.picture.read() == data


def test_real_transparency_is_set_on_white_with_a_hint(tmp_path: Path) -> None:
    shot, found = read_bytes(tmp_path, saved(Image.new("RGBA", (400, 4), (0, 0, 0, 0)), "PNG"))
    assert [(d.code, d.severity) for d in found] == [("F202", Severity.HINT)]
    assert decoded(shot).getpixel((0, 0)) == (255, 255, 255)
    assert shot.picture.read() == shot.picture.read_opaque()


def test_a_transparent_palette_is_set_on_white(tmp_path: Path) -> None:
    palette = Image.new("P", (400, 4), 0)
    palette.putpalette([10, 20, 30, 40, 50, 60])
    shot, found = read_bytes(tmp_path, saved(palette, "PNG", transparency=0))
    assert [d.code for d in found] == ["F202"]
    assert decoded(shot).getpixel((0, 0)) == (255, 255, 255)


def test_sixteen_bits_become_eight_without_clipping(tmp_path: Path) -> None:
    deep = Image.new("I;16", (400, 4), 0x8080)
    shot, _ = read_bytes(tmp_path, saved(deep, "PNG"))
    assert decoded(shot).getpixel((0, 0)) == 0x80


CORNERS = ((100, 300), (100, 100), (500, 100), (500, 300))
"""Row and column, from the upper right."""


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_orientation_of_a_photo_is_applied(tmp_path: Path, kind: str, mode: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = rgb(600, 400).convert(mode)  # white at the upper left, which comes to the upper right
    shot, found = read_bytes(tmp_path, saved(stored, kind, exif=exif), "a.jpg")
    assert {d.code for d in found} <= {"P106"}
    assert (shot.width, shot.height) == (400, 600)
    for printed in (shot.picture.read(), shot.picture.read_opaque()):
        assert b"Exif" not in printed
        assert b"eXIf" not in printed
        shown = Image.open(io.BytesIO(printed)).convert("L")
        assert shown.size == (400, 600)
        corners = [shown.tobytes()[row * 400 + column] for row, column in CORNERS]
        assert corners[0] == pytest.approx(255, abs=3)
        assert max(corners[1:]) < 100


def test_a_printing_colour_jpeg_becomes_rgb(tmp_path: Path) -> None:
    shot, _ = read_bytes(tmp_path, saved(Image.new("CMYK", (400, 4)), "JPEG"))
    assert decoded(shot).mode == "RGB"


# What is refused


def test_a_damaged_file_says_what_is_wrong(tmp_path: Path) -> None:
    flipped = bytearray(png())
    flipped[60] ^= 1
    jpeg = saved(rgb(), "JPEG")
    for data, reason in (
        (b"", "文件是空的"),
        (png()[:-20], "文件不完整"),
        (png()[:-12], "文件不完整"),
        (PNG, "文件不完整"),
        (bytes(flipped), "校验和"),
        (jpeg[:-2], "文件不完整"),
        (jpeg[:100], "文件不完整"),
        (b"\xff\xd8\xff\xd9", "没有图像"),
        (saved(rgb(), "WEBP")[:60], "无法解码"),
        (saved(rgb(), "GIF")[:30], "无法解码"),
    ):
        item = refusal(tmp_path, data)
        assert item.code == "F102"
        assert reason in item.message


@pytest.mark.parametrize(
    ("data", "name", "way_out"),
    [
        (b"%PDF-1.7", "PDF", "截图保存为 PNG"),
        (b"PK\x03\x04", "Office", "截图保存为 PNG"),
        (b"\0\0\0\x18ftypheic", "HEIC", "另存为 JPEG"),
        (b"\0\0\0\x18ftypmif1", "HEIC", "兼容性最佳"),
        (b"\0\0\0\x18ftypavif", "AVIF", "另存为 PNG"),
        (b"\0\0\0\x18ftypcrx ", "RAW", "导出为 JPEG"),
        (b"\0\0\0\x18ftypisom", "视频", "停在要用的画面"),
        (b"\xff\x0a\xfa", "JPEG XL", "另存为 PNG"),
        (b"<!DOCTYPE html><html>", "网页", "截图保存为 PNG"),
        (b"<?xml version='1.0'?>\n<svg>", "SVG", "浏览器"),
        (b"hello", "无法识别", "重新截图"),
    ],
)
def test_a_file_of_another_kind_is_named_with_the_way_out(
    tmp_path: Path, data: bytes, name: str, way_out: str
) -> None:
    item = refusal(tmp_path, data)
    assert item.code == "F102"
    assert name in item.message
    assert way_out in item.hint


def tiff(tags: dict[int, int], order: str = "<", behind: bytes = b"") -> bytes:
    """Return a TIFF file whose first directory has *tags*."""
    head = b"II*\0" if order == "<" else b"MM\0*"
    entries = b"".join(
        struct.pack(f"{order}HHII", tag, 4, 1, value) for tag, value in sorted(tags.items())
    )
    start = struct.pack(f"{order}I", 8 + len(behind))
    return head + start + behind + struct.pack(f"{order}H", len(tags)) + entries + b"\0" * 4


@pytest.mark.parametrize(
    "data",
    [
        tiff({254: 1, 330: 400}),  # NEF, ARW
        tiff({254: 1, 330: 400}, ">"),
        tiff({256: 4000, 50706: 0x0401}),  # DNG
        tiff({256: 4000, 262: 32803}),  # PEF
        tiff({256: 4000}, behind=b"CR\2\0"),  # CR2
    ],
    ids=["nef", "nef-mm", "dng", "pef", "cr2"],
)
def test_what_the_sensor_of_a_camera_wrote_is_no_tiff(tmp_path: Path, data: bytes) -> None:
    item = refusal(tmp_path, data, "a.tif")
    assert "RAW" in item.message
    assert "导出为 JPEG" in item.hint


@pytest.mark.parametrize("name", ["IMG_1.HEIC", "图.svg", "a.dng"])
def test_a_picture_of_another_kind_that_nothing_uses_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / name).write_bytes(b"x")
    (tmp_path / "a.png").write_bytes(png())
    _, found = read(tmp_path, "a.png")
    assert [item.code for item in found] == ["F203"]
    assert name in found[0].message


def test_too_many_pixels_are_never_decoded(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    bomb = PNG + chunk(b"IHDR", header) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")
    assert refusal(tmp_path, bomb).code == "F103"
    bmp = b"BM" + struct.pack(
        "<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0
    )
    assert refusal(tmp_path, bmp).code == "F103"


def test_too_large_a_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.png").open("wb") as file:
        file.truncate(41_000_000)
    assert [d.code for d in read(tmp_path, "a.png")[1]] == ["F103"]


def test_a_narrow_picture_is_used_with_a_warning(tmp_path: Path) -> None:
    shot, found = read_bytes(tmp_path, png(width=120))
    assert shot.width == 120
    assert [(d.code, d.severity) for d in found] == [("F201", Severity.WARNING)]


# Where files are


@pytest.mark.parametrize(
    ("target", "near"),
    [
        ("images/gongzuo-yanju.png", "images/gongzuo-yanjiu.png"),
        ("images/gongzuo-yanjiu.jpg", "images/gongzuo-yanjiu.png"),
        ("gongzuo-yanjiu.png", "images/gongzuo-yanjiu.png"),
        ("images/GONGZUO-YANJIU.PNG", "images/gongzuo-yanjiu.png"),
    ],
)
def test_a_missing_picture_names_the_nearest_file(tmp_path: Path, target: str, near: str) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "gongzuo-yanjiu.png").write_bytes(png())
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "gongzuo-yanju.png").write_bytes(png())
    _, found = read(tmp_path, target)
    assert [(d.code, d.span.line if d.span else 0) for d in found] in ([("F101", 1)], [("F105", 1)])
    assert near in found[0].hint


@pytest.mark.parametrize(
    "target", ["", ".", "images", "a\0b.png", "x" * 5000, "没有.png", "a/../b.png"]
)
def test_what_is_no_file_is_missing(tmp_path: Path, target: str) -> None:
    (tmp_path / "images").mkdir()
    assert [d.code for d in read(tmp_path, target)[1]] == ["F101"]


@pytest.mark.parametrize(
    "target",
    ["http://a.cn/b.png", "https://a.cn/b.png", "//a.cn/b.png", "data:image/png;base64,AA", "file:///a.png",
     "/etc/a.png", "C:/图/a.png", "../a.png", "images/../../a.png", "link.png", "linked/a.png"],
)  # fmt: skip
def test_a_picture_outside_the_folder_is_refused(tmp_path: Path, target: str) -> None:
    folder = tmp_path / "report"
    folder.mkdir()
    (tmp_path / "a.png").write_bytes(png())
    (folder / "link.png").symlink_to(tmp_path / "a.png")
    (folder / "linked").symlink_to(tmp_path)
    shots, found = read(folder, target)
    assert shots == {}
    assert [d.code for d in found] == ["F104"]


def test_a_link_within_the_folder_and_a_loop_are_followed_safely(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    (tmp_path / "b.png").symlink_to("a.png")
    (tmp_path / "c.png").symlink_to("c.png")
    shots, found = read(tmp_path, "b.png", "c.png")
    assert list(shots) == ["b.png"]
    assert [d.code for d in found] == ["F101"]


def test_a_name_composed_differently_is_found(tmp_path: Path) -> None:
    (tmp_path / "e\u0301.png").write_bytes(png())
    shots, found = read(tmp_path, "\u00e9.png")
    assert list(shots) == ["\u00e9.png"]
    assert found == []


def test_a_picture_mentioned_twice_is_read_once_and_reported_once(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(width=10))
    shots, found = read(tmp_path, "a.png", "a.png", "b.png", "b.png")
    assert list(shots) == ["a.png"]
    assert [(d.code, len(d.labels)) for d in found] == [("F201", 1), ("F101", 1)]
    assert [label.span.line for d in found for label in d.labels] == [2, 4]


@pytest.mark.parametrize(
    ("files", "used", "unused"),
    [
        (["a.png", "b.jpg"], ["images/a.png"], ["images/b.jpg"]),
        (["a.png", "B.PNG"], ["images/a.png"], ["images/B.PNG"]),
        (["a.png"], ["./images/a.png"], []),
        (["a.png", "说明.txt", ".b.png"], ["images/a.png"], []),
    ],
)
def test_pictures_in_their_folder_that_nothing_uses_are_a_hint(
    tmp_path: Path, files: list[str], used: list[str], unused: list[str]
) -> None:
    (tmp_path / "images").mkdir()
    for name in files:
        (tmp_path / "images" / name).write_bytes(png())
    _, found = read(tmp_path, *used)
    told = [item for item in found if item.code == "F203"]
    assert [item.path for item in told] == [str(tmp_path / name) for name in unused[:1]]
    assert all(f"“{name}”" in told[0].message for name in unused)


def test_pictures_elsewhere_may_be_unused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    assert read(tmp_path)[1] == []


def test_a_file_in_place_of_the_folder_of_pictures_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "images").write_text("", encoding="utf-8")
    _, found = read(tmp_path, "images/a.png", "images/2024/b.png", "c.png")
    assert [item.message for item in found] == [
        "“images”是一个文件，不是文件夹，正文引用的图片都没有找到",
        "没有找到图片“c.png”",
    ]
