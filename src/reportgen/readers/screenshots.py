"""The picture files the narrative names → :class:`Screenshot`: found, opened and judged."""

from __future__ import annotations

from pathlib import Path

from reportgen.diagnostics import Diagnostic, Label, Severity
from reportgen.files import NO_CACHE, Cache
from reportgen.model import Narrative, Picture, Screenshot
from reportgen.pictures import Damaged, Located, Pictures, TooLarge
from reportgen.problems import system_reason

MIN_WIDTH = 400


def read_screenshots(
    narrative: Narrative, pictures: Pictures, cache: Cache = NO_CACHE
) -> tuple[dict[str, Screenshot], list[Diagnostic]]:
    """Return the pictures that *narrative* names, by target, and what is wrong with them.

    They are looked up in *pictures*.  A file mentioned more than once is read once; a
    finding about it is at the first mention, with a label at each further one.  What is
    expensive to find out or to make of unchanged files is kept in *cache*.
    """
    mentions: dict[str, list[Picture]] = {}
    for picture in narrative.pictures():
        mentions.setdefault(picture.target, []).append(picture)
    reader = _ScreenshotReader(pictures, cache)
    shots: dict[str, Screenshot] = {}
    for target, places in mentions.items():
        shot = reader.read(target, places)
        if shot:
            shots[target] = shot
    return shots, reader.found


class _ScreenshotReader:
    """Reads the picture files of one report; findings gather in ``found``."""

    def __init__(self, pictures: Pictures, cache: Cache) -> None:
        self._pictures = pictures
        self._cache = cache
        self._mentions: list[Picture] = []
        self.found: list[Diagnostic] = []

    def read(self, target: str, mentions: list[Picture]) -> Screenshot | None:
        """Return the file *target* names; None after reporting why there is none."""
        self._mentions = mentions
        located = self._pictures.locate(target)
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
            near = self._pictures.suggestion(target)
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
        """Return the picture found at *path*, judged; None after reporting what is wrong."""
        try:
            file = self._pictures.open(path, self._cache)
        except TooLarge as error:
            message = f"图片“{target}”过大：{error}"
            self._report(
                "F103", "picture-too-large", Severity.ERROR, message, "用画图等软件缩小后再用"
            )
            return None
        except Damaged as error:
            message = f"图片“{target}”无法使用：{error}"
            hint = "重新截图或重新保存为 PNG、JPEG 格式"
            self._report("F102", "picture-damaged", Severity.ERROR, message, hint)
            return None
        except OSError as error:
            message = f"图片“{target}”无法读取：{system_reason(error)}"
            hint = "检查文件的访问权限，关闭占用它的程序后再试"
            self._report("F102", "picture-damaged", Severity.ERROR, message, hint)
            return None
        verdict = file.verdict
        if verdict.has_metadata:
            self._report_metadata(target)
        if verdict.see_through:
            message = f"图片“{target}”有透明部分，已衬上白底"
            self._report(
                "F202", "picture-transparent", Severity.HINT, message, "如不合适，换用不透明的图"
            )
        size = (verdict.width, verdict.height)
        return Screenshot(path, verdict.printed_kind, *size, file.digest, file)
