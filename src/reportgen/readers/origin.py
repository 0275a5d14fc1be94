"""Where the parts of a report come from: the files of its folder, or values a program gives."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from msgspec import Struct

from reportgen.diagnostics import Finding
from reportgen.pictures import PictureFolder, Pictures
from reportgen.readers.files import read_source, source_of
from reportgen.source import SourceFile

DATA_FILE = "report.yaml"
NARRATIVE_FILE = "正文.md"
WORKBOOK_FILE = "数据.xlsx"


class Origin(Protocol):
    """What a report is read from, apart from its data."""

    @property
    def folder(self) -> Path:
        """Where the paths in the data lead from."""

    @property
    def workbook(self) -> Path | None:
        """Where a workbook with the tables would lie; None where none can."""

    @property
    def pictures(self) -> Pictures:
        """Where the pictures that the narrative names are looked up."""

    def holds(self, name: str) -> bool:
        """Return whether the narrative may be taken from the file *name*."""

    def narrative(self, name: str) -> tuple[SourceFile | None, list[Finding]]:
        """Return the narrative, named *name* in the data, and what is wrong with its file."""


class FolderOrigin(Struct, frozen=True):
    """A report folder: every part is a file in it."""

    folder: Path

    @property
    def workbook(self) -> Path:
        """The place of the workbook, whether there is one or not."""
        return self.folder / WORKBOOK_FILE

    @property
    def pictures(self) -> Pictures:
        """The folder itself."""
        return PictureFolder(self.folder)

    def holds(self, name: str) -> bool:
        """Return whether the file *name* lies in the folder, links followed."""
        try:
            return (self.folder / name).resolve().is_relative_to(self.folder.resolve())
        except (OSError, ValueError, RuntimeError):  # no path at all, or a circle of links
            return False

    def narrative(self, name: str) -> tuple[SourceFile | None, list[Finding]]:
        """Return the text of the file *name*."""
        return read_source(self.folder / name)


class ValueOrigin(Struct, frozen=True):
    """Values that a program gives: the narrative as ``text``, and where its pictures are.

    Paths in the data lead from the current folder, as any path of a program does.
    """

    text: str
    pictures: Pictures
    folder: Path = Path()
    workbook: None = None

    def holds(self, name: str) -> bool:
        """Return True: *name* is what messages call the text, and opens no file."""
        return True

    def narrative(self, name: str) -> tuple[SourceFile | None, list[Finding]]:
        """Return the text under the name *name*."""
        return source_of(self.text, name)
