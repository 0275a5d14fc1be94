"""``doctor``: which fonts each role gets, how much they cover, which versions run."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from reportgen import __version__
from reportgen.files import refuse_links
from reportgen.fonts import LATIN_ROLE, FontSet, load_fonts
from reportgen.problems import EnvironmentProblem

PACKAGES = ("python-docx", "reportlab", "jinja2", "pyyaml", "markdown-it-py", "uharfbuzz", "pillow")
SAMPLE = "一—…·“”《》〔〕①㎡〇昇璟堃喆"


def examine(folder: Path | None, system_fonts: Sequence[Path] = ()) -> tuple[list[str], bool]:
    """Return the lines of the examination and whether everything needed is there.

    *folder* is a report folder whose own ``fonts/`` counts too, *system_fonts* are the
    system's folders of fonts, if they shall count.
    """
    lines = [f"reportgen {__version__}  Python {platform.python_version()}  {platform.platform()}"]
    healthy = True
    try:
        if folder:
            refuse_links(folder / "fonts", folder)
        fonts = load_fonts((folder / "fonts",) if folder else (), system_fonts)
        lines += ["", "字体（用途：字体名，文件）", *_font_lines(fonts)]
        lines += _system_lines(fonts, system_fonts)
    except EnvironmentProblem as error:
        lines += [f"字体：{error.message}", f"  处理：{error.hint}"]
        healthy = False
    lines += ["", "软件包", *(f"  {_version(name)}" for name in PACKAGES)]
    encoding = getattr(sys.stdout, "encoding", None) or "没有终端"
    lines += ["", f"终端编码：{encoding}", "", "可以使用。" if healthy else "请先处理上面的问题。"]
    return lines, healthy


def _font_lines(fonts: FontSet) -> list[str]:
    lines = []
    for role in fonts.roles:
        face = fonts.faces_of(role)[0]
        origin = "随程序" if face.shipped else "系统" if face.is_system else "自备"
        chars = "" if role == LATIN_ROLE else "".join(c for c in SAMPLE if not face.covers(c))
        gaps = f"；缺字由其他字体补：{chars}" if chars else ""
        lines.append(f"  {role}：{face.family}（{origin}，{face.path.name}）{gaps}")
    return lines


def _system_lines(fonts: FontSet, folders: Sequence[Path]) -> list[str]:
    """Return which fonts of the system are used, or how to use them."""
    if not folders:
        return ["  电脑上装的公文字体没有启用；要用的话，各命令加 --system-fonts"]
    faces = [fonts.faces_of(role)[0] for role in fonts.roles]
    found = [f"  系统字体：{face.family} {face.path}" for face in faces if face.is_system]
    return found or [f"  没有在系统字体目录中找到公文字体（看了 {len(folders)} 个目录）"]


def _version(name: str) -> str:
    try:
        return f"{name} {metadata.version(name)}"
    except metadata.PackageNotFoundError:
        return f"{name} 未安装"
