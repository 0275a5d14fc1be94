"""Previewing a draft while the report is being written.

A report folder is built to a draft PDF once, or shown on a page on 127.0.0.1 that is updated
after each save.
"""

from __future__ import annotations

from reportgen.preview.preview import preview_folder
from reportgen.preview.server import State
from reportgen.preview.watch import Preview, open_preview

__all__ = [
    "Preview",
    "State",
    "open_preview",
    "preview_folder",
]
