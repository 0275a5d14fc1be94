"""Packages are measured by what they hold, not by what they say."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest

from reportgen.published import packages
from reportgen.published.packages import check_package, xml_parts

ENTRY = "word/media/a.png"


def package(size: int, declared: int | None = None) -> bytes:
    """Return a package with one part of *size* bytes that may say it has another size."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("word/document.xml", "<document/>")
        target.writestr(ENTRY, bytes(size))
    data = bytearray(stream.getvalue())
    if declared is not None:
        header = data.rfind(b"PK\x01\x02", 0, data.rfind(ENTRY.encode()))
        data[header + 24 : header + 28] = declared.to_bytes(4, "little")
    return bytes(data)


def test_an_honest_package_passes() -> None:
    check_package(package(1_000))
    assert list(xml_parts(package(1_000))) == [b"<document/>"]


@pytest.mark.parametrize("declared", [0, 10, 9_999_999])
def test_a_part_larger_than_it_says_is_refused_and_is_not_unpacked(declared: int) -> None:
    data = package(10_000_000, declared)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="损坏"):
            check_package(data)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_parts_are_bounded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MAX_UNPACKED", 1_000)
    with pytest.raises(ValueError, match="过大"):
        check_package(package(1_000))
