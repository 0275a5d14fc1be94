"""The document as a ZIP file (ECMA-376 Part 2): python-docx's writer, in a fixed order and undated.

The same parts give the same bytes, without a trace of the clock or the machine.  Parts are
asked for their bytes one at a time, and nothing keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from docx.opc.package import OpcPackage
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.opc.pkgwriter import PackageWriter
from docx.opc.rel import Relationships

_NO_DATE = (1980, 1, 1, 0, 0, 0)
_PACKED = ("jpeg", "png")
"""Extensions of what is compressed already, and stored as it is."""


def save_package(package: OpcPackage, stream: BinaryIO) -> None:
    """Write *package* to *stream*."""
    UndatedPackageWriter.write(stream, package.rels, package.parts)


class UndatedPackageWriter(PackageWriter):
    """Writes the parts sorted by name, without dates."""

    @staticmethod
    def write(pkg_file: BinaryIO, pkg_rels: Relationships, parts: Iterable[Part]) -> None:
        """Write a package of *parts*, to some of which *pkg_rels* lead, to *pkg_file*."""
        ordered = sorted(parts, key=lambda part: part.partname)
        with ZipFile(pkg_file, "w") as archive:
            writer = _UndatedEntries(archive)
            steps: Any = PackageWriter  # which has no types for them
            steps._write_content_types_stream(writer, ordered)
            steps._write_pkg_rels(writer, pkg_rels)
            steps._write_parts(writer, ordered)


class _UndatedEntries:
    """Stands in for python-docx's ``PhysPkgWriter``, which dates entries by the clock."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive

    def write(self, pack_uri: PackURI, blob: bytes) -> None:
        """Add *blob* to the archive under the name *pack_uri*."""
        entry = ZipInfo(pack_uri.membername, _NO_DATE)
        entry.create_system = 0
        entry.compress_type = ZIP_STORED if pack_uri.ext in _PACKED else ZIP_DEFLATED
        self._archive.writestr(entry, blob)
