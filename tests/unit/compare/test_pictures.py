"""Tests of the pictures of a file beside those of the data."""

from __future__ import annotations

import io
import random
from functools import partial

from PIL import Image

from reportgen.compare.content import PictureUnit
from reportgen.compare.pictures import changed_pictures
from tests.roundtrip.random_reports import picture

A, B, C = (picture(random.Random(seed), scale=3) for seed in "abc")


def shown(*files: bytes) -> list[PictureUnit]:
    return [PictureUnit(f"图{n}", None, partial(bytes, data)) for n, data in enumerate(files)]


def saved_again(data: bytes, *, scale: float = 1) -> bytes:
    """Return the picture as a word processor keeps it: as a JPEG, perhaps smaller."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    image = image.resize((int(image.width * scale), int(image.height * scale)))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def test_the_same_pictures_in_the_same_order_are_no_difference() -> None:
    assert not list(changed_pictures(shown(A, B), shown(A, B)))


def test_a_picture_compressed_anew_or_made_smaller_is_the_same() -> None:
    document = shown(saved_again(A), saved_again(B, scale=0.6))
    assert not list(changed_pictures(shown(A, B), document))


def test_another_picture_is_told_with_the_one_it_stands_for() -> None:
    (pair,) = changed_pictures(shown(A, B), shown(A, C))
    assert pair.data is not None
    assert pair.document is not None
    assert (pair.data.alt, pair.document.alt, pair.is_moved) == ("图1", "图1", False)


def test_a_picture_missing_added_or_moved_is_told_once() -> None:
    (missing,) = changed_pictures(shown(A, B), shown(B))
    (added,) = changed_pictures(shown(A), shown(A, B))
    (moved,) = changed_pictures(shown(A, B), shown(B, A))
    assert (missing.document, added.data) == (None, None)
    assert moved.is_moved


def test_a_damaged_picture_is_another_one() -> None:
    (pair,) = changed_pictures(shown(A), shown(b"no picture"))
    assert not pair.is_moved
