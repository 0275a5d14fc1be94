"""Tests of the pictures of a file beside those of the data."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace
from PIL import Image

from reportgen.compare.content import PictureUnit
from reportgen.compare.pictures import PictureGaps, PicturePair, changed_pictures
from tests.roundtrip.random_reports import picture

A, B, C = (picture(random.Random(seed), scale=3) for seed in "abc")


def shown(*files: bytes) -> list[PictureUnit]:
    return [PictureUnit(f"图{n}", None, partial(bytes, data), n) for n, data in enumerate(files)]


def changed(data: Sequence[PictureUnit], document: Sequence[PictureUnit]) -> list[PicturePair]:
    """Return what differs, with a text behind each picture that is the same on both sides."""
    gaps = [(number, number) for number in range(9)]
    return list(changed_pictures(data, document, PictureGaps(gaps, gaps)))


def saved_again(data: bytes, *, scale: float = 1) -> bytes:
    """Return the picture as a word processor keeps it: as a JPEG, perhaps smaller."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    image = image.resize((int(image.width * scale), int(image.height * scale)))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def test_the_same_pictures_in_the_same_order_are_no_difference() -> None:
    assert not changed(shown(A, B), shown(A, B))


def test_a_picture_compressed_anew_or_made_smaller_is_the_same() -> None:
    document = shown(saved_again(A), saved_again(B, scale=0.6))
    assert not changed(shown(A, B), document)


def test_another_picture_is_told_with_the_one_it_stands_for() -> None:
    (pair,) = changed(shown(A, B), shown(A, C))
    assert pair.data is not None
    assert pair.document is not None
    assert (pair.data.alt, pair.document.alt, pair.is_moved) == ("图1", "图1", False)


def test_a_picture_missing_or_added_is_told_once() -> None:
    (missing,) = changed(shown(A, B), shown(A, B)[1:])
    (added,) = changed(shown(A), shown(A, B))
    assert (missing.document, added.data) == (None, None)


def test_pictures_that_changed_places_were_moved() -> None:
    found = changed(shown(A, B), shown(B, A))
    assert [pair.is_moved for pair in found] == [True, True]
    side_by_side = [replace(one, number=0) for one in shown(A, B)]
    (moved,) = changed(side_by_side, side_by_side[::-1])
    assert moved.is_moved


def test_the_only_picture_between_other_texts_was_moved() -> None:
    (moved,) = changed(shown(A), [replace(one, number=3) for one in shown(A)])
    assert moved.is_moved


def test_a_damaged_picture_is_another_one() -> None:
    (pair,) = changed(shown(A), shown(b"no picture"))
    assert not pair.is_moved


def test_a_picture_put_in_elsewhere_does_not_replace_one_taken_out() -> None:
    (new,) = shown(C)
    found = changed(shown(A, B), [*shown(A), replace(new, number=5)])
    assert [(pair.data is None, pair.document is None) for pair in found] == [
        (False, True),
        (True, False),
    ]


def test_a_picture_moved_past_another_leaves_that_where_it_is() -> None:
    first, second = shown(A, B)
    (moved,) = changed([first, second], [second, replace(first, number=4)])
    assert moved.is_moved
    assert moved.data is first


def test_a_picture_within_a_text_that_was_parted_stays() -> None:
    gaps = PictureGaps([(0, 0), (1, 1)], [(0, 0), (0, 1), (1, 1)])
    (picture,) = shown(A)
    document = [replace(picture, number=1)]
    for number in (0, 1):
        assert not list(changed_pictures([replace(picture, number=number)], document, gaps))
