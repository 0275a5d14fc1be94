"""Packages are measured by what they unpack to; compound files with endless chains are refused."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest

from reportgen.published import packages, read_bytes
from reportgen.published.packages import check_compound, check_package, xml_parts
from tests.builders import DATA

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


SECTOR = 512


def sound(name: str = "pingtan-2024.xls") -> bytearray:
    return bytearray((DATA / name).read_bytes())


def table_of(data: bytearray) -> int:
    """Return where the first table of followers begins in *data*."""
    (number,) = struct.unpack_from("<I", data, 76)
    return int(SECTOR * (number + 1))


def start_of(data: bytearray, kind: int) -> int:
    """Return the first sector of the first entry of *kind* in the directory."""
    (directory,) = struct.unpack_from("<I", data, 48)
    at = SECTOR * (directory + 1)
    while data[at + 66] != kind:
        at += 128
    (start,) = struct.unpack_from("<I", data, at + 116)
    return int(start)


@pytest.mark.parametrize("name", ["pingtan-2019.xls", "pingtan-2024.xls", "pingtan-2024.doc"])
def test_sound_files_pass(name: str) -> None:
    check_compound(bytes(sound(name)))


@pytest.mark.parametrize("suffix", [".xls", ".et", ".doc", ".wps"])
def test_a_stream_that_runs_in_a_circle_is_refused(suffix: str) -> None:
    data = sound()
    start = start_of(data, 2)
    struct.pack_into("<I", data, table_of(data) + 4 * (start + 1), start)
    with pytest.raises(ValueError, match="已损坏"):
        read_bytes(bytes(data), "年报", suffix)


def test_a_chain_that_leaves_the_file_is_refused() -> None:
    data = sound()
    struct.pack_into("<I", data, table_of(data) + 4 * start_of(data, 2), 1_000_000)
    with pytest.raises(ValueError, match="已损坏"):
        check_compound(bytes(data))


def test_tables_that_name_each_other_for_ever_are_refused() -> None:
    data = sound()
    struct.pack_into("<II", data, 68, 0, 1)  # the first further table is sector 0 …
    struct.pack_into("<I", data, SECTOR * 2 - 4, 0)  # … which says that it goes on in itself
    with pytest.raises(ValueError, match="已损坏"):
        check_compound(bytes(data))


@pytest.mark.parametrize("length", [8, 40, 76, 511, 512, 513, 1024, 2000])
def test_a_file_cut_off_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="已损坏"):
        check_compound(bytes(sound()[:length]))


@pytest.mark.parametrize("at", range(0, 9000, 450))
def test_no_damage_reaches_the_user_as_anything_but_words(at: int) -> None:
    data = sound()
    data[at : at + 6] = b"\xff\x01\x00\x7f\x00\x02"
    data[at + 200 : at + 203] = b"\xfe\x00\x01"
    try:
        read_bytes(bytes(data), "年报", ".xls")
    except ValueError as error:
        assert any("\u4e00" <= char <= "\u9fff" for char in str(error))
