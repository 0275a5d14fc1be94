"""CMaps: from the codes in a content stream to Unicode and to CIDs (ISO 32000-1, 9.7.5, 9.10.3).

They are written in PostScript (Adobe technical note 5014); ``cmap.ps`` is their frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from string import Template

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFString

from reportgen.writers.pdf.canvas import Stream, name

BLOCK = 100  # most entries of one section (Adobe technical note 5014)
_FRAME = Path(__file__).with_name("cmap.ps")
_CID_NAME = "Reportgen-H"


def to_unicode(chars: Iterable[str]) -> bytes:
    """Return the ToUnicode CMap giving codes 1, 2 … to *chars*, in surrogates above U+FFFF."""
    rows = [
        f"<{code:04X}> <{char.encode('utf-16-be').hex()}>" for code, char in enumerate(chars, 1)
    ]
    return _cmap("Adobe-Identity-UCS", "UCS", 2, rows, "bfchar")


def encoding(cids: Sequence[int]) -> Stream:
    """Return the CMap that gives codes 0, 1 … to *cids*."""
    rows = [f"<{code:04X}> {cid}" for code, cid in enumerate(cids)]
    system = {
        "Registry": PDFString("Adobe"),
        "Ordering": PDFString("Identity"),
        "Supplement": 0,
    }
    entries = {
        "Type": name("CMap"),
        "CMapName": name(_CID_NAME),
        "CIDSystemInfo": PDFDictionary(system),
        "WMode": 0,
    }
    return Stream(entries, _cmap(_CID_NAME, "Identity", 1, rows, "cidchar"))


def _cmap(name: str, ordering: str, kind: int, rows: list[str], section: str) -> bytes:
    lines: list[str] = []
    for start in range(0, len(rows), BLOCK):
        part = rows[start : start + BLOCK]
        lines += [f"{len(part)} begin{section}", *part, f"end{section}"]
    filled = _frame().substitute(name=name, ordering=ordering, type=kind, sections="\n".join(lines))
    return filled.encode("ascii")


@lru_cache(maxsize=1)
def _frame() -> Template:
    return Template(_FRAME.read_text(encoding="ascii"))
