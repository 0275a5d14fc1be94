"""Packages (ZIP: DOCX, XLSX) looked at before a library sees them."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

MAX_PARTS = 3_000
MAX_XML = 20_000_000
"""Bytes of all parts of XML together: the libraries keep trees several times that size."""
MAX_UNPACKED = 300_000_000
_XML = (".xml", ".rels", ".vml")


class TooLargeError(ValueError):
    """The package unpacks to more than any report does; worded for the user."""

    def __init__(self) -> None:
        super().__init__("解开后过大，不像一份年度报告")


def check_package(data: bytes) -> None:
    """Raise ValueError, worded for the user, when the package *data* is no ZIP or a bomb.

    The sizes are those of its list of contents; ``zipfile`` never unpacks more.
    """
    with _problems_worded(), zipfile.ZipFile(io.BytesIO(data)) as package:
        _check_sizes(package)


def xml_parts(data: bytes) -> Iterator[bytes]:
    """Yield every part of XML; ValueError as :func:`check_package`.

    For libraries that unpack by themselves: a part larger than the list says is found out.
    """
    with _problems_worded(), zipfile.ZipFile(io.BytesIO(data)) as package:
        _check_sizes(package)
        for entry in package.infolist():
            if _is_xml(entry):
                yield package.read(entry)


def _check_sizes(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    xml = sum(entry.file_size for entry in entries if _is_xml(entry))
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_PARTS or xml > MAX_XML or total > MAX_UNPACKED:
        raise TooLargeError


def _is_xml(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith(_XML)


@contextmanager
def _problems_worded() -> Iterator[None]:
    try:
        yield
    except TooLargeError:
        raise
    except (
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        NotImplementedError,
    ) as error:
        raise ValueError("文件已损坏，无法解开") from error
    except RuntimeError as error:
        raise ValueError("文件有密码，无法读取；请去掉密码后再试") from error
