"""CMaps: from the codes in a content stream to Unicode and to CIDs (ISO 32000-1, 9.7.5, 9.10.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportgen.writers.pdf.objects import PdfFile, Token, name

BLOCK = 100  # most entries of one section (Adobe technical note 5014)
UNICODE_NAME = "Adobe-Identity-UCS"
CID_NAME = "Reportgen-H"


def to_unicode(chars: Iterable[str]) -> bytes:
    """Return the ToUnicode CMap giving codes 1, 2 … to *chars*, in surrogates above U+FFFF."""
    rows = [
        f"<{code:04X}> <{char.encode('utf-16-be').hex()}>" for code, char in enumerate(chars, 1)
    ]
    return _cmap(UNICODE_NAME, "UCS", 2, rows, "bfchar")


def add_encoding(file: PdfFile, cids: Sequence[int]) -> int:
    """Write a CMap that gives codes 0, 1 … to *cids*; return its object number."""
    rows = [f"<{code:04X}> {cid}" for code, cid in enumerate(cids)]
    entries: dict[str, Token] = {
        "Type": name("CMap"),
        "CMapName": name(CID_NAME),
        "CIDSystemInfo": {"Registry": "Adobe", "Ordering": "Identity", "Supplement": 0},
        "WMode": 0,
    }
    return file.add_flate(entries, _cmap(CID_NAME, "Identity", 1, rows, "cidchar"))


def _cmap(cmap_name: str, ordering: str, kind: int, rows: list[str], section: str) -> bytes:
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 0 >> def",
        f"/CMapName /{cmap_name} def",
        f"/CMapType {kind} def",
        *(["/WMode 0 def"] if kind == 1 else []),
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    ]
    for start in range(0, len(rows), BLOCK):
        part = rows[start : start + BLOCK]
        lines += [f"{len(part)} begin{section}", *part, f"end{section}"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end", ""]
    return "\n".join(lines).encode("ascii")
