"""A draft looked at while it is being written.

A report folder comes in; a draft PDF goes out once, or a page on 127.0.0.1 that follows each
save.
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
