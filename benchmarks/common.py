"""What every program of the benchmark shares: places, fonts, the content file, the two ways to run.

The peers are run as scripts, so this module stands beside them and loads nothing
that is not in the standard library.

The content is a flat list of blocks, so each peer only has to draw it:
  {"t": "title" | "h1" | "h2" | "p" | "caption", "text"}
  {"t": "image", "src", "w", "h"}
  {"t": "table", "widths", "header_rows", "rows": [[{"x", "r", "c", "rs", "cs", "size", "left"}]]}
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = ROOT / "build" / "bench"
FONTS = ROOT / "fonts"

# GB/T 9704: A4, margins and type area in mm, 16 pt body, 22 lines a page
TOP, LEFT, RIGHT, BOTTOM = 37, 28, 26, 35
PAGE_WIDTH, PAGE_HEIGHT = 210, 297
COLUMN = PAGE_WIDTH - LEFT - RIGHT
BODY, PITCH = 16, 28.99
TITLE, TITLE_PITCH = 22, 43.5
CAPTION, CAPTION_PITCH = 12, 18
MM = 72 / 25.4

# style of a text block → font file and its family name
FACES = {
    "title": ("NotoSerifSC-SemiBold.subset.ttf", "Noto Serif SC SemiBold"),
    "h1": ("NotoSansSC-Regular.subset.ttf", "Noto Sans SC"),
    "h2": ("gkai00mp.ttf", "AR PL KaitiM GB"),
    "p": ("ReportgenFangSong-Regular.ttf", "Reportgen FangSong"),
    "caption": ("gkai00mp.ttf", "AR PL KaitiM GB"),
    "cell": ("NotoSerifSC-Regular.ttf", "Noto Serif SC"),
}
LATIN = ("LiberationSerif-Regular.ttf", "Liberation Serif")
SIZES = {"title": TITLE, "h1": BODY, "h2": BODY, "p": BODY, "caption": CAPTION}
PITCHES = {
    "title": TITLE_PITCH,
    "h1": PITCH,
    "h2": PITCH,
    "p": PITCH,
    "caption": CAPTION_PITCH,
}

Content = dict[str, Any]


def load(path: Path) -> Content:
    """Return the content file *path*."""
    content: Content = json.loads(path.read_text(encoding="utf-8"))
    return content


def measured(calls: list[Callable[[], None]]) -> None:
    """Make each call once and print wall and CPU seconds of each, and the peak memory, as JSON."""
    walls, cpus = [], []
    for call in calls:
        cpu, wall = time.process_time(), time.perf_counter()
        call()
        walls.append(round(time.perf_counter() - wall, 5))
        cpus.append(round(time.process_time() - cpu, 5))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    json.dump({"wall": walls, "cpu": cpus, "peak_kib": peak}, sys.stdout)


def main(render: Callable[[Content, Path], None]) -> None:
    """Run ``script OUT CONTENT`` for one report, or with more contents a warm batch."""
    out, *sources = map(Path, sys.argv[1:])
    if len(sources) == 1:
        render(load(sources[0]), out)
        return

    def call(number: int, source: Path) -> Callable[[], None]:
        return lambda: render(load(source), out.with_stem(f"{out.stem}-{number}"))

    measured([call(number, source) for number, source in enumerate(sources)])
