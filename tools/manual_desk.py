"""The example of the manual: one report of an invented office, at each step of its making.

The manual's chapters say in comments (``<!-- desk: fill 农业农村局-2025 -->``) which step is done
before the next command runs; :data:`STEPS` are these steps.  ``tools.manual_pictures`` draws the
same folders.  The steps do what a clerk does with an editor, Excel, Word and a telephone.
"""

from __future__ import annotations

import functools
import hashlib
import io
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.shared import Mm
from PIL import Image, ImageDraw, ImageFont

from reportgen.workflows import create_folder

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
COUNTY = {"青禾县农业农村局": 326, "青禾县水利局": 84, "青禾县教育局": 112}
"""The offices of the county whose reports there are, and the licences each has granted."""
MISSING = "青禾县审计局"
"""An office that is only in the roll."""
FOLDER = "农业农村局-2025"
ORGAN, YEAR = "青禾县农业农村局", 2025

_REQUESTS = "表三"
CELLS: Mapping[str, Mapping[str, int | float]] = {
    "表二": {"B5": 2, "D5": 11, "B8": 326, "B11": 41, "B12": 3, "B15": 0},
    _REQUESTS: {
        **{"D5": 14, "E5": 3, "H5": 1},  # received
        **{"D6": 1},  # carried over
        **{"D7": 7, "E7": 2},  # disclosed
        **{"D8": 2, "E8": 1},  # disclosed in part
        **{"D17": 3, "H17": 1},  # not held
        **{"D21": 1},  # asked before
        **{"D29": 2},  # carried to next year
    },
    "表四": {"A5": 1, "B5": 0, "F5": 1},
}
"""The numbers of the workbook, by sheet and cell."""
MISTAKE = (_REQUESTS, "D7", 8)
"""A cell of the workbook, and the wrong number typed there."""

_SETTINGS = {
    "# 成文日期: 2026-01-20   # 去掉行首的 # 并改成实际日期，": "成文日期: 2026-01-20   # ",
    '部门: ""': '部门: "青禾县农业农村局办公室"',
    '地址: ""': '地址: "青禾县示例路 8 号"',
    '邮编: ""': '邮编: "000000"',
    '电话: ""': '电话: "0000-0000008"',
    '网址: ""': '网址: "https://nyncj.qinghe.example"',
}

PHOTOS = {
    "专栏.png": "yunxi-market-2024/images/政府信息公开专栏.png",
    "解读.png": "yunxi-market-2024/images/一图读懂.png",
    "公示.png": "yunxi-market-2024/images/行政处罚信息公示.png",
}
"""Screenshots in ``images``, and the samples' pictures that they are copies of."""
PHONE = ("IMG_0120.jpg", "IMG_0121.jpg", "IMG_0122.jpg")
"""Photographs of a telephone in ``images``."""
PHONE_SIZE = (4000, 3000)

_PARAGRAPHS: tuple[str | tuple[str, int] | tuple[str, str], ...] = (
    ("一、总体情况", 1),
    ("（一）主动公开", 2),
    "2025年，制发行政规范性文件{{ 主动公开.行政规范性文件.本年制发件数 }}件，现行有效"
    "{{ 主动公开.行政规范性文件.现行有效件数 }}件。公开惠农补贴、农产品质量安全抽检、"
    "农机购置与应用补贴等信息，办理行政许可{{ 主动公开.行政许可.本年处理决定数量 }}件，"
    "结果全部公示。",
    ("专栏.png", "局网站“政府信息公开”专栏"),
    ("解读.png", "惠农政策解读"),
    ("（二）依申请公开", 2),
    "全年新收政府信息公开申请{{ 申请.本年新收.总计 }}件，上年结转{{ 申请.上年结转.总计 }}件，"
    "办结{{ 申请.总计.总计 }}件，结转下年度{{ 申请.结转下年度.总计 }}件。",
    ("（三）政府信息管理", 2),
    "公文制发时同步确定公开属性，公开前逐件审查。",
    ("公示.png", "行政处罚公示"),
    ("（四）政府信息公开平台建设", 2),
    "县政务服务大厅设查阅点，备有惠农政策明白纸。",
    ("IMG_0120.jpg", "政务服务大厅查阅点"),
    ("（五）监督保障", 2),
    "组织专题培训两次，聘请社会监督员走访三个乡镇。",
    ("IMG_0121.jpg", "政务公开培训"),
    ("IMG_0122.jpg", "社会监督员走访"),
    ("五、存在的主要问题及改进情况", 1),
    "一是政策解读形式单一。已改用图解、短视频解读惠农政策。二是个别信息公开不够及时。"
    "已明确各股室的公开时限，每季度检查一次。",
    ("六、其他需要报告的事项", 1),
    "2025年，无收取信息处理费情况。",
)
"""The narrative: headings with their level, paragraphs, pictures with their captions."""


def fill(folder: Path) -> None:
    """Fill in settings, workbook, narrative and pictures of *folder*, which is made if missing."""
    if not folder.exists():
        create_folder(folder, ORGAN, YEAR, None, excel=True)
    fill_settings(folder)
    fill_workbook(folder)
    take_pictures(folder)
    write_narrative(folder)


def fill_settings(folder: Path) -> None:
    """Fill in 联系方式 and 成文日期; ValueError if ``report.yaml`` has no such line."""
    path = folder / "report.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in _SETTINGS.items():
        if old not in text:
            raise ValueError(f"{path} has no line {old}")
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def fill_workbook(folder: Path) -> None:
    """Type the numbers into ``数据.xlsx``."""
    path = folder / "数据.xlsx"
    book = openpyxl.load_workbook(path)
    for sheet, cells in CELLS.items():
        for cell, number in cells.items():
            book[sheet][cell] = number
    book.save(path)


def mistype(folder: Path) -> None:
    """Type one wrong number into ``数据.xlsx``."""
    type_number(folder, *MISTAKE)


def correct(folder: Path) -> None:
    """Type the right number again."""
    sheet, cell, _ = MISTAKE
    type_number(folder, sheet, cell, CELLS[sheet][cell])


def type_number(folder: Path, sheet: str, cell: str, number: float) -> None:
    """Type *number* into a cell of ``数据.xlsx``."""
    path = folder / "数据.xlsx"
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = number
    book.save(path)


def take_pictures(folder: Path) -> None:
    """Put three screenshots and three photographs into ``images``."""
    images = folder / "images"
    for name, sample in PHOTOS.items():
        shutil.copy(SAMPLES / sample, images / name)
    for number, name in enumerate(PHONE):
        (images / name).write_bytes(photograph(number))


@functools.cache
def photograph(number: int) -> bytes:
    """Return a JPEG as large and as grainy as a telephone takes it, the same on each run."""
    width, height = PHONE_SIZE
    rough = (width // 4, height // 4)
    noise = hashlib.shake_128(bytes([number])).digest(rough[0] * rough[1])
    grain = Image.frombytes("L", rough, noise).resize(PHONE_SIZE)
    light = Image.linear_gradient("L").resize(PHONE_SIZE)
    tints = (("#27415c", "#dfe8ee"), ("#5c4727", "#efe8da"), ("#2c5c3a", "#dcebdc"))
    dark, bright = tints[number % len(tints)]
    picture = Image.composite(
        Image.new("RGB", PHONE_SIZE, bright), Image.new("RGB", PHONE_SIZE, dark), light
    )
    picture = Image.blend(picture, grain.convert("RGB"), 0.12)
    draw = ImageDraw.Draw(picture)
    face = ImageFont.truetype(str(ROOT / "fonts" / "NotoSansSC-Regular.subset.ttf"), 220)
    draw.text((width // 2, height // 2), f"示例照片 {number + 1}", "white", face, anchor="mm")
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=95)
    return stream.getvalue()


def write_narrative(folder: Path) -> None:
    """Write ``正文.docx`` as a clerk does in Word, and delete ``正文.md``."""
    document = docx.Document()
    for item in _PARAGRAPHS:
        if isinstance(item, str):
            document.add_paragraph(item)
        elif isinstance(item[1], int):
            document.add_heading(item[0], item[1])
        else:
            document.add_picture(str(folder / "images" / item[0]), width=Mm(140))
            document.add_paragraph(item[1])
    document.save(str(folder / "正文.docx"))
    (folder / "正文.md").unlink(missing_ok=True)


def misword(folder: Path) -> None:
    """Write a placeholder with a name that there is not."""
    path = folder / "正文.docx"
    document = docx.Document(str(path))
    edit_text(document, "申请.本年新收.总计", "申请.本年新收.合计")
    document.save(str(path))


def edit(folder: Path) -> None:
    """Change a number and a sentence of the finished DOCX in *folder* by hand."""
    for path in folder.glob("*.docx"):
        document = docx.Document(str(path))
        edit_text(document, "326", "362")
        edit_text(document, "两次", "三次")
        document.save(str(path))


def edit_text(document: Any, old: str, new: str) -> None:
    """Replace *old* by *new* in the paragraphs of a Word document."""
    for paragraph in document.paragraphs:
        for part in paragraph.runs:
            if old in part.text:
                part.text = part.text.replace(old, new)


def county(root: Path) -> None:
    """Make the folders of three offices in *root*, one with a mistake, and the roll of four."""
    root.mkdir(parents=True, exist_ok=True)
    for organ, licences in COUNTY.items():
        folder = root / f"{organ.removeprefix('青禾县')}-{YEAR}"
        create_folder(folder, organ, YEAR, None, excel=True)
        fill(folder)
        type_number(folder, "表二", "B8", licences)
    mistype(root / f"水利局-{YEAR}")
    names = "\n".join([*COUNTY, MISSING])
    (root.parent / "名册.txt").write_text(f"{names}\n", encoding="utf-8")


STEPS: Mapping[str, Callable[[Path], None]] = {
    "fill": fill,
    "mistype": mistype,
    "correct": correct,
    "misword": misword,
    "edit": edit,
    "county": county,
}
"""The steps that a chapter can name; each takes the report folder."""
