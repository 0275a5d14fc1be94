"""The pictures of a finished file beside those of the data: replaced, missing, added or moved.

Pictures are the same if their files are, or if they show the same: word processors compress a
picture anew, and a PDF holds its points only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from difflib import SequenceMatcher
from hashlib import sha256
from typing import TypeAlias

from msgspec import Struct

from reportgen.compare.content import PictureUnit, significant
from reportgen.pictures import Damaged, Thumbnail, TooLarge, thumbnail

Gap: TypeAlias = tuple[int, int]
"""Where a picture stands between texts: how many texts that both sides have come before it, at
least and at most.  Within a text that one side has in parts it may be either."""
_Shown: TypeAlias = tuple[int, Gap]
"""The number of a picture in the gallery, and its gap."""


class PicturePair(Struct, frozen=True):
    """A picture of the data and what stands for it in the document; None for nothing."""

    data: PictureUnit | None
    document: PictureUnit | None
    is_moved: bool = False


class _Known(Struct):
    """A picture that was seen before, by its file and by what it shows."""

    digest: bytes
    thumbnail: Thumbnail | None = None


class _Gallery:
    """Gives each picture a number: pictures that show the same have the same one."""

    def __init__(self) -> None:
        self._known: list[_Known] = []

    def number(self, data: bytes) -> int:
        """Return the number of the picture *data*; one that cannot be decoded is only itself."""
        digest = sha256(data).digest()
        for number, known in enumerate(self._known):
            if known.digest == digest:
                return number
        small = _thumbnail(data)
        for number, known in enumerate(self._known):
            if small and known.thumbnail and small.shows_same(known.thumbnail):
                return number
        self._known.append(_Known(digest, small))
        return len(self._known) - 1


def _thumbnail(data: bytes) -> Thumbnail | None:
    try:
        return thumbnail(data)
    except (Damaged, TooLarge):
        return None


class PictureGaps(Struct, frozen=True):
    """The gaps on both sides, by how many units come before a picture."""

    data: Sequence[Gap]
    document: Sequence[Gap]


def changed_pictures(
    data: Sequence[PictureUnit], document: Sequence[PictureUnit], gaps: PictureGaps
) -> Iterator[PicturePair]:
    """Yield the pictures of *data* and *document* that do not stand for each other, in order.

    A picture was replaced by another one where both stand between the same texts; the same picture
    was moved where it does not, or where it does behind another one.
    """
    gallery = _Gallery()
    drawings = {significant(one.alt)[0] for one in document if not one.read()}
    numbers = [_number_of(picture, gallery, drawings) for picture in document]
    data = [item for picture in data for item in _as_printed(picture, gallery, set(numbers))]
    theirs = [(n, gaps.document[p.number]) for n, p in zip(numbers, document, strict=True)]
    ours = [(_number_of(p, gallery, drawings), gaps.data[p.number]) for p in data]
    lost: list[int] = []
    extra: list[int] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag != "equal":
            lost.extend(range(i1, i2))
            extra.extend(range(j1, j2))
    pairs: list[tuple[int | None, int | None, bool]] = [*_moved(lost, extra, ours, theirs)]

    def is_near(i: int, j: int) -> bool:
        return _is_one(ours[i][1], theirs[j][1])

    def is_drawing(i: int, j: int) -> bool:  # drawings stand for each other in their order
        return data[i].is_chart and (_is_same_kind(data[i], document[j]) or not document[j].read())

    found: dict[int, int] = {}
    for ways in ((is_near, is_drawing), (is_drawing,), (is_near,)):
        for i in lost:
            j = next((j for j in extra if all(way(i, j) for way in ways)), None)
            if i not in found and j is not None:
                found[i] = j
                extra.remove(j)
    pairs += [(i, found.get(i), False) for i in lost]
    pairs += [(None, j, False) for j in extra]
    for ours_at, theirs_at, is_moved in sorted(
        pairs, key=lambda pair: (pair[0] is None, pair[0], pair[1] or 0)
    ):
        yield PicturePair(
            data[ours_at] if ours_at is not None else None,
            document[theirs_at] if theirs_at is not None else None,
            is_moved,
        )


def _is_one(one: Gap, other: Gap) -> bool:
    """Return whether both may be the same gap."""
    return one[0] <= other[1] and other[0] <= one[1]


def _is_same_kind(chart: PictureUnit, other: PictureUnit) -> bool:
    """Return whether *other* begins with the words of the *chart* before its numbers."""
    head = significant(chart.alt)[0].partition("。")[0]
    return significant(other.alt)[0].partition("。")[0] == head


def _number_of(picture: PictureUnit, gallery: _Gallery, drawings: Set[str]) -> int:
    """Return the number of *picture*, which may be one of the *drawings* of the document.

    A web page and a PDF draw a chart with lines and have no file of it: what it says in words,
    with all its numbers, stands for it there.
    """
    words = significant(picture.alt)[0]
    data = b"" if picture.is_chart and words in drawings else picture.read()
    return gallery.number(data or words.encode())


def _as_printed(
    picture: PictureUnit, gallery: _Gallery, document: Set[int]
) -> tuple[PictureUnit, ...]:
    """Return the parts of *picture* if the document, given by its numbers, has any, not the whole.

    A long picture is whole on a web page and cut in a DOCX or PDF.
    """
    if not picture.parts or gallery.number(picture.read()) in document:
        return (picture,)
    is_cut = any(gallery.number(part.read()) in document for part in picture.parts)
    return picture.parts if is_cut else (picture,)


def _moved(
    lost: list[int], extra: list[int], ours: Sequence[_Shown], theirs: Sequence[_Shown]
) -> Iterator[tuple[int, int, bool]]:
    """Yield the pictures that were moved, and take them out of *lost* and *extra*."""
    for i in list(lost):
        number, gap = ours[i]
        found = next((j for j in extra if theirs[j][0] == number), None)
        if found is None:
            continue
        lost.remove(i)
        extra.remove(found)
        if theirs[found][1] == gap or not _is_one(gap, theirs[found][1]):
            yield i, found, True
