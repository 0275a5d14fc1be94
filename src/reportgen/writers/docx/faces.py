"""``fonts/faces.yaml`` as Word needs it: the official name of each role's font."""

from __future__ import annotations

from pathlib import Path

from reportgen.located import load_data
from reportgen.writers.docx.fonts import DocxFace


def load_docx_faces(manifest: Path) -> dict[str, DocxFace]:
    """Return the font of each role of *manifest*; KeyError when an entry is incomplete."""
    return {
        role: DocxFace(
            docx=str(spec["docx"]),
            alt_names=tuple(str(name) for name in spec["alt_names"]),
            panose=str(spec["panose"]),
            charset=str(spec["charset"]),
            pitch=str(spec["pitch"]),
            family_class=str(spec["family_class"]),
        )
        for role, spec in load_data(manifest)["faces"].items()
    }
