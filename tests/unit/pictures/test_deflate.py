"""Deflate by two libraries: the same bytes, whichever a machine has."""

from __future__ import annotations

import hashlib
import random
import zlib
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.pictures import opaque_png as deflate


def libraries() -> list[ModuleType]:
    """Return the libraries that are installed."""
    try:
        from zlib_ng import zlib_ng
    except ImportError:
        return [zlib]
    return [zlib, zlib_ng]


def packed(library: ModuleType, *pieces: bytes) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deflate, "_zlib", library)
        packer = deflate.deflater()
        return b"".join((*(packer.compress(piece) for piece in pieces), packer.flush()))


def rows(seed: int, count: int) -> list[bytes]:
    """Return *count* pieces such as pictures are made of: runs, repeated pieces and noise."""
    chance = random.Random(seed)
    noise = chance.randbytes(500)
    return [
        bytes([chance.randrange(256)]) * chance.randrange(5_000)
        + noise[: chance.randrange(500)]
        + chance.randbytes(chance.randrange(2_000))
        for _ in range(count)
    ]


@given(st.integers(0, 1 << 30), st.integers(0, 40))
def test_every_library_makes_the_same_bytes(seed: int, count: int) -> None:
    pieces = rows(seed, count)
    standard, *others = (packed(library, *pieces) for library in libraries())
    assert zlib.decompress(standard) == b"".join(pieces)
    assert all(other == standard for other in others)


def test_the_bytes_are_those_of_any_other_machine() -> None:
    found = {hashlib.sha256(packed(library, *rows(7, 60))).hexdigest() for library in libraries()}
    assert found == {"f908d9b45e9c011a07e66fe8058dbb7e7983742235a91e3befb388a03dc4bebe"}


@pytest.mark.parametrize("library", libraries(), ids=lambda library: library.__name__)
def test_what_was_packed_is_unpacked_piece_by_piece(
    library: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = packed(library, *rows(1, 20))
    monkeypatch.setattr(deflate, "_zlib", library)
    unpacker, found = deflate.inflater(), []
    while data:
        found.append(unpacker.decompress(data, 1_000))
        data = unpacker.unconsumed_tail
    assert unpacker.eof
    assert b"".join(found) == b"".join(rows(1, 20))
