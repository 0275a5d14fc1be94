"""The files a report can be written as: one table, which the pipeline and the command line read.

A new format is a package in ``writers/`` and a line here.  The table is plain data, so that a
help page lists the formats without loading the pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Any, NamedTuple


class Format(NamedTuple):
    """How a report becomes a file of one kind."""

    suffix: str
    """End of the file's name, with its dot."""

    needs: tuple[str, ...]
    """What the writer gets, as properties of :class:`reportgen.pipeline.Pipeline`."""

    writer: str
    """``module:function`` below ``reportgen.writers``.  The function is called with what the
    format *needs* by name, and with the binary ``stream`` to write to."""

    editable: bool = False
    """Whether people go on editing the file, so that an edited one must be kept."""

    def load_writer(self) -> Callable[..., object]:
        """Return the writer; its libraries are loaded now and not before."""
        found: Callable[..., Any] = resolve_name(f"reportgen.writers.{self.writer}")
        return found


FORMATS: Mapping[str, Format] = {
    "docx": Format(
        ".docx",
        ("document", "hints", "faces", "embedded"),
        "docx:write_docx",
        editable=True,
    ),
    "pdf": Format(".pdf", ("document", "pagination", "fonts", "profile"), "pdf:write_pdf"),
    "html": Format(".html", ("document", "files", "font_stacks"), "html:write_html"),
    "json": Format(".json", ("data", "findings", "folder"), "json:write_json"),
}
"""The formats by the name that users type, in the order in which they are offered."""

FILED = ("docx", "pdf")
"""What is written when nothing else is asked for."""

ATTACHED = ("data", "sources")
"""What a PDF may carry, when asked for: the numbers and texts as JSON, or what was typed."""

PROFILES = ("a-3a", "a-1a", "a-2a")
"""The PDF/A profiles a PDF can claim, the one meant when none is asked for first."""

EDITABLE_SUFFIXES = frozenset(item.suffix for item in FORMATS.values() if item.editable)
