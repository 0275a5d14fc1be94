"""The picture files the narrative names → :class:`Screenshot`, opened and made printable.

Clean PNG and JPEG files pass without decoding, and so does a PNG whose alpha channel hides
nothing (:mod:`.opaque_png`).  Pillow, known only here, converts the rest.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.diagnostics import Diagnostic, Label, Severity
from reportgen.model.narrative import Narrative, Picture, Screenshot
from reportgen.problems import system_reason
from reportgen.readers.image_bytes import (
    Damaged,
    ImageFile,
    carries_metadata,
    foreign_kind,
    image_kind,
    read_jpeg,
    read_png,
)
from reportgen.readers.opaque_png import without_alpha
from reportgen.readers.picture_paths import Located, PictureFolder

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 40_000_000
MAX_PIXELS = 50_000_000
MIN_WIDTH = 400


class _TooLarge(Exception):  # noqa: N818 - a limit reached
    """The picture has more pixels than the program decodes."""


def read_screenshots(
    narrative: Narrative, folder: Path
) -> tuple[dict[str, Screenshot], list[Diagnostic]]:
    """Return the files of the pictures of *narrative*, by target, and what is wrong with them.

    A file mentioned more than once is read once; a finding about it is at the
    first mention, with a label at each further one.
    """
    mentions: dict[str, list[Picture]] = {}
    for picture in narrative.pictures():
        mentions.setdefault(picture.target, []).append(picture)
    reader = _ScreenshotReader(PictureFolder(folder))
    shots: dict[str, Screenshot] = {}
    for target, pictures in mentions.items():
        shot = reader.read(target, pictures)
        if shot:
            shots[target] = shot
    return shots, reader.found


class _ScreenshotReader:
    """Reads picture files of one folder; findings gather in ``found``."""

    def __init__(self, folder: PictureFolder) -> None:
        self._folder = folder
        self._mentions: list[Picture] = []
        self.found: list[Diagnostic] = []

    def read(self, target: str, mentions: list[Picture]) -> Screenshot | None:
        """Return the file *target* names; None after reporting why there is none."""
        self._mentions = mentions
        located = self._folder.locate(target)
        if located.path is None:
            self._report_missing(target, located)
            return None
        if located.exact.lower() == target.lower() and located.exact != target:
            self._report(
                "F105",
                "picture-case",
                Severity.WARNING,
                f"图片路径的大小写与文件不同：写的是“{target}”，文件是“{located.exact}”",
                f"改写为 {located.exact}，否则在其他电脑上会找不到",
            )
        shot = self._open(target, located.path)
        if shot and shot.width < MIN_WIDTH:
            message = f"图片“{target}”只有 {shot.width} 像素宽，印出来会模糊"
            self._report(
                "F201",
                "picture-small",
                Severity.WARNING,
                message,
                "换用原始尺寸的截图，不要用缩略图",
            )
        return shot

    def _report(self, code: str, slug: str, severity: Severity, message: str, hint: str) -> None:
        first, *others = self._mentions
        labels = tuple(Label(picture.span, "这里也用到") for picture in others if picture.span)
        self.found.append(
            Diagnostic(code, slug, severity, message, first.span, labels=labels, hint=hint)
        )

    def _report_missing(self, target: str, located: Located) -> None:
        if located.trouble == "missing":
            near = self._folder.suggestion(target)
            hint = (
                f"是否想写“{near}”？"
                if near
                else "把图片放进报告目录的 images 文件夹，再核对文件名"
            )
            message = f"没有找到图片“{target}”" if target else "图片没有写文件名"
            self._report("F101", "picture-missing", Severity.ERROR, message, hint)
            return
        message, hint = {
            "url": ("不能引用网上的图片", "先把图片保存到 images 文件夹，再引用本地文件"),
            "absolute": (
                "图片路径不能从盘符或根目录写起",
                "写相对报告目录的路径，如 images/文件名.png",
            ),
            "outside": ("图片在报告目录之外", "把图片复制到报告目录的 images 文件夹"),
        }[located.trouble]
        self._report("F104", "picture-outside", Severity.ERROR, f"{message}：{target}", hint)

    def _report_metadata(self, target: str) -> None:
        self._report(
            "P106",
            "picture-metadata",
            Severity.HINT,
            f"图片“{target}”带有拍摄信息，可能含时间、位置或姓名",
            "报告中已去除，不必处理；原图不要另行公开",
        )

    def _open(self, target: str, path: Path) -> Screenshot | None:
        """Return the file at *path* in printable form; None after reporting what is wrong."""
        try:
            if path.stat().st_size > MAX_BYTES:
                raise _TooLarge(f"文件超过 {MAX_BYTES // 1_000_000} MB")
            data = path.read_bytes()
            if carries_metadata(data):
                self._report_metadata(target)
            return self._printable(target, path, data)
        except _TooLarge as error:
            message = f"图片“{target}”过大：{error}"
            self._report(
                "F103", "picture-too-large", Severity.ERROR, message, "用画图等软件缩小后再用"
            )
        except Damaged as error:
            message = f"图片“{target}”无法使用：{error}"
            hint = "重新截图或重新保存为 PNG、JPEG 格式"
            self._report("F102", "picture-damaged", Severity.ERROR, message, hint)
        except OSError as error:
            message = f"图片“{target}”无法读取：{system_reason(error)}"
            hint = "检查文件的访问权限，关闭占用它的程序后再试"
            self._report("F102", "picture-damaged", Severity.ERROR, message, hint)
        return None

    def _printable(self, target: str, path: Path, data: bytes) -> Screenshot:
        kind = image_kind(data)
        if not kind:
            raise Damaged(f"它是{foreign_kind(data)}" if data else "文件是空的")
        if kind in ("png", "jpeg"):
            file = read_png(data) if kind == "png" else read_jpeg(data)
            _check_pixels(file.width, file.height)
            if file.is_plain:
                return _screenshot(path, file)
        if kind == "png" and (bare := without_alpha(data)):
            return _screenshot(path, bare)
        file, see_through = _convert(data, kind)
        if see_through:
            message = f"图片“{target}”有透明部分，已衬上白底"
            self._report(
                "F202", "picture-transparent", Severity.HINT, message, "如不合适，换用不透明的图"
            )
        return _screenshot(path, file)


def _screenshot(path: Path, file: ImageFile) -> Screenshot:
    digest = hashlib.sha256(file.data).hexdigest()
    return Screenshot(path, file.kind, file.width, file.height, file.data, digest)


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _TooLarge(f"{width}×{height} 像素，超过 {MAX_PIXELS // 10_000} 万像素")


def _convert(data: bytes, kind: str) -> tuple[ImageFile, bool]:
    """Return the picture *data* upright and opaque, and whether it was see-through.

    A JPEG stays one, anything else becomes a PNG.  Raises Damaged or _TooLarge.
    """
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=[kind.upper()]) as picture:
                _check_pixels(*picture.size)
                picture.load()
                upright = ImageOps.exif_transpose(picture)
                opaque, see_through = _opaque(upright)
                return _encoded(opaque, "jpeg" if kind == "jpeg" else "png"), see_through
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _TooLarge(f"超过 {MAX_PIXELS // 10_000} 万像素") from error
        except MemoryError as error:
            raise _TooLarge("内存不足") from error
        except _TooLarge:
            raise
        except Exception as error:  # Pillow's decoders raise nearly anything on broken data
            raise Damaged("内容已损坏，无法解码") from error


def _opaque(picture: Image) -> tuple[Image, bool]:
    """Return *picture* as 8-bit grey or RGB on white, and whether any of it was see-through."""
    from PIL import Image

    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 257)).convert("L"), False
    if "A" in picture.getbands() or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        lowest = layered.getchannel("A").getextrema()[0]
        if lowest == 255:
            return layered.convert("RGB"), False
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB"), True
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB"), False


def _encoded(picture: Image, kind: str) -> ImageFile:
    """Return *picture* as a file of *kind*, without metadata."""
    buffer = io.BytesIO()
    picture.info.clear()
    if kind == "jpeg":
        picture.save(buffer, "JPEG", quality=95, subsampling=0)
    else:
        picture.save(buffer, "PNG", compress_level=6)
    return ImageFile(kind, picture.width, picture.height, buffer.getvalue(), is_plain=True)
