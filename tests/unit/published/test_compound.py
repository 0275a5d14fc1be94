"""Compound files whose chains of sectors have no end are refused before a library follows them."""

from __future__ import annotations

import struct

import pytest

from reportgen.published import read_bytes
from reportgen.published.compound import check_compound
from tests.builders import DATA

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
