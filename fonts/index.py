"""Write the index of each shipped font: the characters it draws, by their widths.

``python fonts/index.py`` writes ``<font>.json`` beside every font that ``faces.yaml`` names;
with ``--check`` nothing is written and the exit code is 1 when an index is not that of its font.
What an index holds and when it is used says ``reportgen.fonts.files``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from reportgen.fonts.files import FontFile, index_path
from reportgen.located import load_data

HERE = Path(__file__).resolve().parent


def shipped_fonts() -> Iterator[Path]:
    """Yield the font files that `faces.yaml` names."""
    for face in load_data(HERE / "faces.yaml")["faces"].values():
        yield HERE / face["file"]


def index_of(font: Path) -> str:
    """Return the index of the file `font`, the same text on every run."""
    opened = FontFile(font)
    advances: defaultdict[int, list[str]] = defaultdict(list)
    for char in map(chr, sorted(opened.hb_face.unicodes)):
        units = opened.advance(char)
        if units is not None:
            advances[units].append(char)
    data = font.read_bytes()
    index = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "upem": opened.upem,
        "advances": {units: "".join(chars) for units, chars in sorted(advances.items())},
    }
    return json.dumps(index, ensure_ascii=False, indent=1) + "\n"


def is_current(path: Path, text: str) -> bool:
    """Tell whether the file `path` holds `text`."""
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str]) -> int:
    """Write the indexes, or say which are old."""
    texts = {index_path(font): index_of(font) for font in shipped_fonts()}
    if "--check" not in arguments:
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8", newline="\n")
        return 0
    stale = [path.name for path, text in texts.items() if not is_current(path, text)]
    for name in stale:
        sys.stderr.write(f"fonts/{name} is stale; run: python fonts/index.py\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
