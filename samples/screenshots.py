"""Render the pictures of the sample reports as pages in headless Chromium.

    python samples/screenshots.py                      all pictures, fonts from fonts/
    python samples/screenshots.py --only qinghe --font FILE.ttf

`screenshots/*.yaml` say which picture uses which template with what text.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import yaml
from PIL import Image, ImageChops

SAMPLES = Path(__file__).resolve().parent
SOURCES = SAMPLES / "screenshots"
FONTS = SAMPLES.parent / "fonts"
SIZE = (1280, 720)
COLOURS = 256
BROWSER_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Picture:
    """One screenshot: where it goes, which page it shows and how it is saved."""

    path: Path
    template: str
    size: tuple[int, int]
    mode: str  # "palette", "RGB" or "RGBA"; ignored for JPEG
    keep_bytes: int | None  # cut the file there: a damaged picture
    values: Mapping[str, Any]


def read_pictures(source: Path) -> list[Picture]:
    """Read one data file: shared values of the site, then one entry per picture."""
    data = yaml.safe_load(source.read_text(encoding="utf-8"))
    folder = SAMPLES / data["sample"] / "images"
    return [
        _picture(folder, name, {**data["site"], **entry})
        for name, entry in data["pictures"].items()
    ]


def _picture(folder: Path, name: str, values: dict[str, Any]) -> Picture:
    width, height = values.get("size", SIZE)
    return Picture(
        path=folder / name,
        template=f"{values['template']}.html.j2",
        size=(width, height),
        mode=values.get("mode", "palette"),
        keep_bytes=values.get("keep_bytes"),
        values=values,
    )


def fill_page(picture: Picture, font: Path) -> str:
    """Fill the picture's template."""
    loader = jinja2.FileSystemLoader(SOURCES)
    environment = jinja2.Environment(loader=loader, autoescape=True)
    width, height = picture.size
    return environment.get_template(picture.template).render(
        picture.values, font=font.as_uri(), width=width, height=height
    )


def photograph(page: Path, target: Path, size: tuple[int, int], browser: str) -> None:
    """Let the browser open `page` in an empty profile and save what it shows as PNG."""
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            *BROWSER_FLAGS,
            f"--user-data-dir={profile}",
            f"--window-size={size[0]},{size[1]}",
            f"--screenshot={target}",
            page.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 our own page


def save_compactly(shot: Path, picture: Picture) -> None:
    """Write the final file: no metadata, as small as its mode allows."""
    picture.path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(shot) as opened:
        image = opened.convert("RGB")
    if picture.path.suffix == ".jpg":
        image.save(picture.path, quality=88, optimize=True)
        return
    _in_mode(image, picture.mode).save(picture.path, optimize=True)
    if picture.keep_bytes is not None:
        picture.path.write_bytes(picture.path.read_bytes()[: picture.keep_bytes])


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    reduced = image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
    kept = reduced if _looks_the_same(image, reduced) else image
    return kept if mode == "palette" else kept.convert(mode)


def _looks_the_same(image: Image.Image, reduced: Image.Image, tolerance: int = 8) -> bool:
    """Tell whether no channel of any pixel moved by more than `tolerance`."""
    difference = ImageChops.difference(image, reduced.convert("RGB"))
    return not any(sum(channel.histogram()[tolerance + 1 :]) for channel in difference.split())


def make_picture(picture: Picture, font: Path, browser: str) -> Picture:
    """Render one picture from template to final file."""
    with tempfile.TemporaryDirectory() as work:
        page = Path(work, "page.html")
        page.write_text(fill_page(picture, font), encoding="utf-8")
        shot = Path(work, "shot.png")
        photograph(page, shot, picture.size, browser)
        save_compactly(shot, picture)
    return picture


def find_font(folder: Path) -> Path | None:
    """Return the sans face shipped in `folder`, if it is there."""
    return next(iter(sorted(folder.rglob("NotoSansSC*.[to]tf"))), None)


def find_browser() -> str | None:
    """Return the path of Chromium, if it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def selected(only: str) -> Iterator[Picture]:
    """Yield the pictures whose path contains `only`."""
    for source in sorted(SOURCES.glob("*.yaml")):
        yield from (picture for picture in read_pictures(source) if only in str(picture.path))


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Render the screenshots of the sample reports.")
    parser.add_argument("--only", default="", help="part of a sample's or picture's name")
    parser.add_argument("--font", type=Path, help="a Chinese font file (default: from fonts/)")
    parser.add_argument("--jobs", type=int, default=2, help="browsers at the same time")
    return parser.parse_args()


def main() -> int:
    """Render the selected pictures and print each one's size."""
    arguments = parse_arguments()
    font, browser = arguments.font or find_font(FONTS), find_browser()
    if font is None or browser is None:
        missing = "a font (--font FILE)" if font is None else "chromium"
        sys.stderr.write(f"screenshots: {missing} is missing\n")
        return 2
    with ThreadPoolExecutor(arguments.jobs) as pool:
        pictures = list(selected(arguments.only))
        for done in pool.map(lambda each: make_picture(each, font.resolve(), browser), pictures):
            size = done.path.stat().st_size
            sys.stdout.write(f"{size:>8}  {done.path.relative_to(SAMPLES)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
