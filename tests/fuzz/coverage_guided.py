"""Coverage-guided fuzzing of the readers and the template engine, where atheris installs.

    python -m tests.fuzz.coverage_guided yaml -max_total_time=60
    python -m tests.fuzz.coverage_guided narrative build/corpus -max_total_time=600

The first word is the target, the rest goes to libFuzzer.  Any exception is a
find; libFuzzer itself watches time and memory.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

from reportgen.markdown.narrative import read_narrative
from reportgen.model.report import Narrative, NarrativeParagraph, Picture, PictureGroup
from reportgen.pictures import PictureFolder
from reportgen.placeholders.engine import render_text
from reportgen.readers.folder import read_folder
from reportgen.readers.screenshots import read_screenshots
from reportgen.source import SourceFile
from tests.builders import LIBRARY

CONTEXT: dict[str, object] = {"单位": "某市某局", "年度": 2024}
LIMITS = ["-timeout=10", "-rss_limit_mb=500", "-max_len=4096"]


def fuzz_yaml(data: bytes) -> None:
    """Read *data* as ``report.yaml``."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "report.yaml").write_bytes(data)
        read_folder(Path(folder), LIBRARY)


def fuzz_narrative(data: bytes) -> None:
    """Read *data* as the narrative."""
    read_narrative(SourceFile("正文.md", data.decode("utf-8", "replace")), CONTEXT)


def fuzz_template(data: bytes) -> None:
    """Fill in the placeholders of *data*."""
    render_text(SourceFile("正文.md", data.decode("utf-8", "replace")), CONTEXT)


def fuzz_picture(data: bytes) -> None:
    """Read *data* as a screenshot."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.png").write_bytes(data)
        group = PictureGroup((Picture("a.png", "图"),))
        text = Narrative(opening=(NarrativeParagraph(()), group))
        read_screenshots(text, PictureFolder(Path(folder)))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "yaml": fuzz_yaml,
    "narrative": fuzz_narrative,
    "template": fuzz_template,
    "picture": fuzz_picture,
}


def main(arguments: list[str]) -> None:
    """Fuzz the target named first until libFuzzer's options say stop."""
    if len(arguments) < 2 or arguments[1] not in TARGETS:
        sys.exit(f"targets: {', '.join(TARGETS)}")
    atheris.instrument_all()
    atheris.Setup([arguments[0], *LIMITS, *arguments[2:]], TARGETS[arguments[1]])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
