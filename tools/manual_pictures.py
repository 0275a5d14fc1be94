"""Draw the manual's pictures: what a clerk sees of the example report (:mod:`tools.manual_desk`).

Each picture has a text that says what it shows: the text and the places of the pictures on a page
of a PDF, the cells of a workbook, the text of a web page, and the size.  The SHA-256 of the text
that a picture was drawn from is kept in ``docs/manual/pictures.json``, so that
:func:`old_pictures` can name those that are old, without a browser.  :func:`draw` needs Chromium,
and LibreOffice Writer for the Word document.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import docx
import jinja2
import openpyxl
import pypdfium2
from openpyxl.cell import MergedCell
from openpyxl.utils import get_column_letter
from PIL import Image, ImageChops, ImageDraw

from reportgen.cli import run
from reportgen.files import NO_CACHE
from reportgen.preview import Preview, open_preview, server
from tools import manual_desk

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "manual" / "images"
TEMPLATES = ROOT / "docs" / "manual"
HASHES = TEMPLATES / "pictures.json"
PREVIEW_PAGE = ROOT / "src" / "reportgen" / "preview" / "page"
COLOURS = 96
SMALL, LARGE = 52, 84
"""Dots per inch of pages that stand side by side, and of a page alone."""
GAP = 14
SECONDS = 120
"""The longest time that a browser or an office program may take."""
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SLOW = '<img src="/slow.png" alt="" style="position: absolute; width: 0">'
"""Delays the end of loading, when the browser takes its picture, until the draft has come."""
FONT_RULES = """\
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>
<alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
<alias><family>serif</family><prefer><family>Noto Serif SC</family></prefer></alias>
<alias><family>monospace</family><prefer><family>Noto Sans SC</family></prefer></alias>
</fontconfig>
"""


class Desk:
    """The working folder *root* with the example report, and what is made of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.fresh = self._new("新建")
        self.folder = self._new(manual_desk.FOLDER)
        manual_desk.fill(self.folder)
        rules = FONT_RULES.format(fonts=ROOT / "fonts", cache=root / "fontcache")
        (root / "fonts.conf").write_text(rules, encoding="utf-8")

    def _new(self, name: str) -> Path:
        folder = Path(name)
        year = str(manual_desk.YEAR)
        reportgen("new", folder, "--organ", manual_desk.ORGAN, "--year", year, "--excel")
        return folder

    @functools.cached_property
    def wrong(self) -> Path:
        """The folder with a wrong number."""
        folder = Path("有错", manual_desk.FOLDER)
        shutil.copytree(self.folder, folder)
        manual_desk.mistype(folder)
        return folder

    @functools.cached_property
    def pdf(self) -> Path:
        """The finished PDF."""
        out = Path("成品")
        reportgen("build", self.folder, "-o", out)
        return next(out.glob("*.pdf"))

    @functools.cached_property
    def edited(self) -> Path:
        """The finished DOCX, with a number and a sentence changed by hand."""
        folder = Path("改过")
        folder.mkdir()
        copy = Path(shutil.copy(self.pdf.with_suffix(".docx"), folder / "改过.docx"))
        manual_desk.edit(folder)
        return copy

    @functools.cached_property
    def draft(self) -> Path:
        """The draft of the folder with a wrong number."""
        out = Path("草稿")
        reportgen("build", self.wrong, "-o", out, "--draft", "--to", "pdf")
        return next(out.glob("*.pdf"))

    @functools.cached_property
    def verified(self) -> Path:
        """The page that ``verify`` writes."""
        against = ("--against", self.folder, "--format", "html", "-o", "比对.html")
        reportgen("verify", self.edited, *against)
        return self.root / "比对.html"

    @functools.cached_property
    def compared(self) -> Path:
        """The page that ``diff`` writes of the report and one of the year before."""
        last_year = Path(shutil.copytree(self.folder, "农业农村局-2024"))
        data = last_year / "report.yaml"
        data.write_text(data.read_text(encoding="utf-8").replace("2025", "2024"), encoding="utf-8")
        for cell, number in (("B8", 268), ("B11", 56)):
            manual_desk.type_number(last_year, "表二", cell, number)
        reportgen("diff", last_year, self.folder, "-o", "对照.html")
        return self.root / "对照.html"

    @functools.cached_property
    def sum_details(self) -> Path:
        """The workbook that ``aggregate`` writes of three offices."""
        manual_desk.county(Path("各单位"))
        words = ("--organ", "青禾县人民政府", "-o", "青禾县-2025", "--roll", "名册.txt")
        reportgen("aggregate", "各单位", *words)
        return self.root / "青禾县-2025" / "汇总明细.xlsx"


def reportgen(*words: object) -> None:
    """Run a command of the program; what it prints is dropped."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        run([str(word) for word in words])


# What a picture shows


def listing(folder: Path) -> list[str]:
    """Return the names in *folder*, folders first, as a file manager lists them."""
    paths = sorted(folder.iterdir(), key=lambda path: (path.is_file(), path.name))
    return [path.name + "/" * path.is_dir() for path in paths]


def pdf_text(path: Path, numbers: Iterable[int]) -> str:
    """Return the text of the pages *numbers* (from 1) of a PDF, and where their pictures are."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    parts = []
    for number in numbers:
        page = document[number - 1]
        parts.append(page.get_textpage().get_text_range())
        parts += [str([round(x) for x in item.get_bounds()]) for item in page.get_objects([3])]
    return "\n".join(parts)


def web_text(path: Path) -> str:
    """Return a web page without the data of its pictures."""
    return re.sub(r"base64,[\w+/=]+", "", path.read_text(encoding="utf-8"))


def preview_text(desk: Desk) -> str:
    """Return the page of ``preview --watch``, its findings and its draft."""
    parts = [path.read_text(encoding="utf-8") for path in sorted(PREVIEW_PAGE.iterdir())]
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        run(["check", str(desk.wrong)])
    return "\n".join([*parts, stream.getvalue(), pdf_text(desk.draft, [1, 2])])


@dataclass(frozen=True)
class Sheet:
    """The upper part of a sheet of a workbook, ready to be drawn."""

    name: str
    names: list[str]
    columns: list[tuple[str, int]]
    """The letter and the width of each column, in pixels."""
    rows: list[list[dict[str, Any]]]


def sheet_of(path: Path, name: str, size: tuple[int, int]) -> Sheet:
    """Return *size* rows and columns of the sheet *name* of a workbook, sums calculated."""
    book = openpyxl.load_workbook(path)
    sheet = book[name]
    spans = {
        area.start_cell.coordinate: (area.size["rows"], area.size["columns"])
        for area in sheet.merged_cells.ranges
    }
    rows = [
        [
            {
                "text": _shown(sheet, cell.value),
                "fill": _fill(cell),
                "spans": spans.get(cell.coordinate, (1, 1)),
                "bold": bool(cell.font.b),
                "place": cell.alignment.horizontal or "general",
            }
            for cell in row
            if not isinstance(cell, MergedCell)
        ]
        for row in sheet.iter_rows(max_row=size[0], max_col=size[1])
    ]
    letters = [get_column_letter(number + 1) for number in range(size[1])]
    widths = [round(7 * sheet.column_dimensions[letter].width + 5) for letter in letters]
    return Sheet(name, book.sheetnames, list(zip(letters, widths, strict=True)), rows)


def _fill(cell: Any) -> str:
    colour = str(cell.fill.fgColor.rgb)
    return "" if cell.fill.fill_type is None or len(colour) != 8 else f"#{colour[2:]}"


def _shown(sheet: Any, value: object) -> str:
    """Return what a cell shows; of formulas only the sum of a range is known."""
    found = re.fullmatch(r"=SUM\((\w+:\w+)\)", str(value))
    if not found:
        return "" if value is None else str(value)
    cells = (cell.value for row in sheet[found[1]] for cell in row)
    return str(sum(value for value in cells if isinstance(value, int | float)))


# Drawing


def template(name: str, **values: object) -> str:
    """Return the page of the template *name*, in ``docs/manual``, with *values*."""
    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(loader=loader, autoescape=True)
    return environment.get_template(name).render(values)


def photograph(desk: Desk, address: str, size: tuple[int, int]) -> Image.Image:
    """Return what Chromium shows of *address* in a window of *size* pixels."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        raise SystemExit("the manual's pictures need chromium")
    shot = desk.root / "shot.png"
    with tempfile.TemporaryDirectory() as profile:
        window = (f"--window-size={size[0]},{size[1]}", f"--screenshot={shot}")
        subprocess.run(  # noqa: S603 our own page
            [browser, *FLAGS, f"--user-data-dir={profile}", *window, address],
            check=True,
            capture_output=True,
            timeout=SECONDS,
            env={**os.environ, "FONTCONFIG_FILE": str(desk.root / "fonts.conf")},
        )
    with Image.open(shot) as opened:
        shown: Image.Image = opened.convert("RGB")
    return shown


def photograph_text(desk: Desk, page: str, size: tuple[int, int]) -> Image.Image:
    """Return what Chromium shows of the HTML *page*, without the blank below and beside it."""
    path = desk.root / "page.html"
    path.write_text(page, encoding="utf-8")
    picture = photograph(desk, path.as_uri(), size)
    filled = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    width, height = (filled[2], filled[3]) if filled else picture.size
    part: Image.Image = picture.crop((0, 0, min(width + GAP, size[0]), min(height + GAP, size[1])))
    return part


def photograph_preview(desk: Desk) -> Image.Image:
    """Return what ``preview --watch`` shows of the folder with a wrong number."""

    def slow(*_: object) -> tuple[str, bytes]:
        time.sleep(4)
        return "image/png", b""

    kind, page = server._FILES["/"]
    slowed = {"/": (kind, page.replace(b"</body>", SLOW.encode() + b"</body>"))}
    draft = Preview(desk.wrong, Path("预览"), cache=NO_CACHE, now=lambda: "09:30:00")
    with (
        mock.patch.dict(server._FILES, slowed),
        mock.patch.dict(server._ROUTES, {"/slow.png": slow}),
        open_preview(draft, 0) as (address, _),
    ):
        return photograph(desk, address, (1080, 640))


def pages_of(path: Path, numbers: Iterable[int], dpi: int) -> Image.Image:
    """Return the pages *numbers* of a PDF side by side, each with a thin frame."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    pages = [document[number - 1].render(scale=dpi / 72).to_pil() for number in numbers]
    width = sum(page.width for page in pages) + GAP * (len(pages) + 1)
    picture = Image.new("RGB", (width, pages[0].height + 2 * GAP), "#e9ebee")
    left = GAP
    for page in pages:
        picture.paste(page, (left, GAP))
        frame = (left - 1, GAP - 1, left + page.width, GAP + page.height)
        ImageDraw.Draw(picture).rectangle(frame, outline="#b9bdc4")
        left += page.width + GAP
    return picture


def word_page(desk: Desk) -> Image.Image:
    """Return the first page of the narrative as LibreOffice Writer prints it."""
    office = shutil.which("soffice")
    if office is None:
        raise SystemExit("the manual's pictures need LibreOffice Writer")
    # A system without the locale cannot open a file with a Chinese name.
    copy = shutil.copy(desk.folder / "正文.docx", desk.root / "narrative.docx")
    profile = f"-env:UserInstallation={(desk.root / 'profile').as_uri()}"
    convert = ("--headless", "--convert-to", "pdf", "--outdir", str(desk.root))
    subprocess.run(  # noqa: S603 our own file
        [office, profile, *convert, str(copy)],
        check=True,
        capture_output=True,
        timeout=SECONDS,
        env={**os.environ, "FONTCONFIG_FILE": str(desk.root / "fonts.conf")},
    )
    return pages_of(desk.root / "narrative.pdf", [1, 2], SMALL)


def narrative_text(desk: Desk) -> str:
    """Return the paragraphs of the narrative."""
    document = docx.Document(str(desk.folder / "正文.docx"))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


@dataclass(frozen=True)
class Picture:
    """A picture of the manual."""

    says: Callable[[Desk], str]
    """Returns what it shows, as text."""
    draw: Callable[[Desk], Image.Image]
    """Draws it."""


def _page_picture(name: str, numbers: tuple[int, ...], dpi: int) -> Picture:
    return Picture(
        lambda desk: f"{dpi}\n{pdf_text(getattr(desk, name), numbers)}",
        lambda desk: pages_of(getattr(desk, name), numbers, dpi),
    )


def _web_picture(name: str, size: tuple[int, int]) -> Picture:
    return Picture(
        lambda desk: f"{size}\n{web_text(getattr(desk, name))}",
        lambda desk: photograph(desk, getattr(desk, name).as_uri(), size),
    )


def _sheet_picture(
    path: Callable[[Desk], Path], name: str, part: tuple[int, int], size: tuple[int, int]
) -> Picture:
    def page(desk: Desk) -> str:
        return template("sheet.html.j2", sheet=sheet_of(path(desk), name, part))

    return Picture(
        lambda desk: f"{size}\n{page(desk)}", lambda desk: photograph_text(desk, page(desk), size)
    )


def _folder_picture(folder: Callable[[Desk], Path], size: tuple[int, int]) -> Picture:
    def page(desk: Desk) -> str:
        names = listing(folder(desk))
        return template("listing.html.j2", folder=manual_desk.FOLDER, names=names)

    return Picture(
        lambda desk: f"{size}\n{page(desk)}", lambda desk: photograph_text(desk, page(desk), size)
    )


PICTURES: Mapping[str, Picture] = {
    "pages.png": _page_picture("pdf", (1, 3, 6), SMALL),
    "photos.png": _page_picture("pdf", (4, 5), SMALL),
    "draft.png": _page_picture("draft", (7,), LARGE),
    "folder.png": _folder_picture(lambda desk: desk.fresh, (720, 520)),
    "workbook.png": _sheet_picture(lambda d: d.folder / "数据.xlsx", "表三", (12, 10), (900, 480)),
    "word.png": Picture(narrative_text, word_page),
    "preview.png": Picture(preview_text, photograph_preview),
    "verify.png": _web_picture("verified", (1080, 620)),
    "diff.png": _web_picture("compared", (1080, 620)),
    "sum.png": _sheet_picture(lambda d: d.sum_details, "表三", (8, 12), (1000, 300)),
}
"""The pictures by the names of their files."""


@contextlib.contextmanager
def laid_out() -> Iterator[Desk]:
    """Lay out the example report in a working folder that is removed again."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        try:
            yield Desk(Path(name).resolve())
        finally:
            os.chdir(before)


def old_pictures() -> list[str]:
    """Return the names of the pictures that are missing or show what is no longer so."""
    with laid_out() as desk:
        return [name for name, now in _hashes(desk).items() if _kept().get(name) != now]


def _kept() -> dict[str, str]:
    if not HASHES.exists():
        return {}
    kept = json.loads(HASHES.read_text(encoding="utf-8"))
    return {name: says for name, says in kept.items() if (FOLDER / name).exists()}


def _hashes(desk: Desk) -> dict[str, str]:
    texts = {name: picture.says(desk) for name, picture in PICTURES.items()}
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}


def draw(names: Iterable[str]) -> None:
    """Draw the pictures *names*, and keep what they show."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with laid_out() as desk:
        for name in names:
            image = PICTURES[name].draw(desk)
            reduced = image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
            reduced.save(FOLDER / name, optimize=True)
        current = json.dumps(_hashes(desk), indent=1) + "\n"
    HASHES.write_text(current, encoding="utf-8", newline="\n")
