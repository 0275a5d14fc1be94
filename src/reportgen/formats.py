"""The table of output formats, which the pipeline and the command line use.

A new format is a package in ``writers/`` and an entry in ``FORMATS``.  The table is plain data,
so that a help page can list the formats without importing the pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Any, NamedTuple


class Format(NamedTuple):
    """An output format."""

    suffix: str
    """The suffix of the file name, with its dot."""

    needs: tuple[str, ...]
    """The arguments of the writer, as names of properties of
    :class:`reportgen.pipeline.Pipeline`."""

    writer: str
    """The writer as ``module:function`` below ``reportgen.writers``.  It is called with keyword
    arguments: those in ``needs``, and the binary ``stream`` to write to."""

    editable: bool = False
    """Whether users edit the file, so that an edited one must not be overwritten."""

    def load_writer(self) -> Callable[..., object]:
        """Import the writer and its libraries, and return it."""
        found: Callable[..., Any] = resolve_name(f"reportgen.writers.{self.writer}")
        return found


FORMATS: Mapping[str, Format] = {
    "docx": Format(
        ".docx",
        ("document", "hints", "faces", "embedded", "numbering"),
        "docx:write_docx",
        editable=True,
    ),
    "pdf": Format(
        ".pdf", ("document", "pagination", "fonts", "profile", "signature_field"), "pdf:write_pdf"
    ),
    "ofd": Format(".ofd", ("document", "pagination", "fonts", "attachments"), "ofd:write_ofd"),
    "html": Format(".html", ("document", "files", "font_stacks", "html_shape"), "html:write_html"),
    "json": Format(".json", ("data", "findings", "folder"), "json:write_json"),
}
"""The formats by the name that users type, in the order in which they are listed."""

FILED = ("docx", "pdf")
"""The formats written by default: those that are filed."""

ATTACHED = ("data", "sources")
"""What can be attached to a PDF or an OFD: the numbers and texts as JSON, or the files as typed."""

HTML_SHAPES = ("page", "fragment", "fragment-files")
"""What the HTML is: a whole page, or what is pasted into the editor of a website, with its pictures
in it or as files beside it."""

NUMBERINGS = ("typed", "auto")
"""What numbers the headings and lists of a DOCX: this program, or the word processor."""

PROFILES = ("a-3a", "a-1a", "a-2a", "a-4f")
"""The PDF/A profiles, the default first."""

ATTACHING_PROFILES = ("a-3a", "a-4f")
"""The profiles of files that may have attachments."""

ALWAYS_ATTACHING = "a-4f"
"""The profile of files that must have an attachment (ISO 19005-4, 6.9): the data if nothing else
is chosen."""

EDITABLE_SUFFIXES = frozenset(
    (".png", ".jpg", *(item.suffix for item in FORMATS.values() if item.editable))
)
"""The suffixes of formats that users edit, and of pictures, in which a name may be blotted out."""
