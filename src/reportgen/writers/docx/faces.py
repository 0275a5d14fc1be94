"""Fonts as a DOCX names them: the entries of ``fonts/faces.yaml`` as far as Word is concerned.

Official fonts are named, not embedded: offices have them.  ``altName`` and the
PANOSE numbers let a program without them choose a likeness.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from reportgen.located import load_data

LATIN = "西文"
"""The role of the face for digits and Latin."""


class DocxFace(Struct, frozen=True):
    """One entry of ``fonts/faces.yaml`` as far as Word is concerned (ECMA-376 17.8.3)."""

    docx: str
    """The font's name."""
    alt_names: tuple[str, ...]
    """The names tried in its absence."""
    panose: str
    """Ten bytes in hexadecimal."""
    charset: str
    """One byte in hexadecimal; 86 is GB 2312."""
    pitch: str
    """``fixed``, ``variable`` or ``default``."""
    family_class: str
    """``auto``, ``modern``, ``roman``, ``script``, ``swiss`` or ``decorative``."""


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
