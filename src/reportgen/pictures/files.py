"""Validated picture files, of which only the hash and a verdict stay in memory."""

from __future__ import annotations

import contextlib
import hashlib
import os
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct

from reportgen.files import (
    PICTURES,
    VERDICTS,
    Cache,
    FileTooLargeError,
    Stamp,
    content_key,
    open_file,
    read_file,
    stamp_of,
)
from reportgen.pictures.formats import (
    Damaged,
    ForeignFile,
    ImageFile,
    Thumbnail,
    TooLarge,
    check_pixels,
    has_sound_scan,
    holds_only_rows,
    mentions_metadata,
    parse_jpeg,
    parse_png,
    read_jpeg,
    read_png,
)
from reportgen.pictures.kinds import PictureKind, image_kind
from reportgen.problems import EnvironmentProblem, system_reason

MAX_BYTES = 40_000_000


class JudgedPicture(Struct, frozen=True):
    """A valid picture; it implements :class:`~reportgen.pictures.PictureSource`."""

    digest: str
    """The hash of the file."""
    verdict: Verdict
    cache: Cache
    """The cache for converted pictures, because conversion is expensive."""

    def read(self) -> bytes:
        """Return a PNG or JPEG file without metadata and without transparency."""
        if self.verdict.treatment is Treatment.CONVERT:
            return self._treated()
        try:
            return without_metadata(self._bytes(), self.verdict)
        except Damaged as error:
            raise self._changed() from error

    def read_opaque(self) -> bytes:
        """Return the same picture without an alpha channel."""
        return self.read() if self.verdict.treatment is Treatment.NOTHING else self._treated()

    def _treated(self) -> bytes:
        key = content_key(MAKER, self.digest.encode())
        kept = self.cache.get(PICTURES, key)
        size = (self.verdict.width, self.verdict.height)
        if kept is not None and _shows(kept, self.verdict.printed_kind, size):
            return kept
        try:
            made = treat(self._bytes(), self.verdict)
        except (Damaged, TooLarge) as error:
            raise self._changed() from error
        self.cache.put(PICTURES, key, made)
        return made

    @property
    def file_size(self) -> int:
        """The size of the file in bytes."""
        raise NotImplementedError

    def row_changes(self) -> bytes:
        """Return how much each row of pixels differs from the row above, from 0 to 255.

        Empty if the pixels cannot be decoded.
        """
        return _examined(self, Look.ROW_CHANGES)

    def flatness(self) -> float:
        """Return the share of pixels that equal the one to their left; 1 if undecodable."""
        return float(_examined(self, Look.FLATNESS) or b"1")

    def examine(self, look: Look) -> bytes:
        """Return what *look* at the pixels shows, empty if they cannot be decoded."""
        key = content_key(MAKER, look.value.encode(), self.digest.encode())
        kept = self.cache.get(VERDICTS, key)
        if kept is None:
            try:
                kept = _look_again(self._bytes(), self.verdict.kind, look)
            except (Damaged, TooLarge):  # a JPEG is otherwise used without being decoded
                kept = b""
            self.cache.put(VERDICTS, key, kept)
        return kept

    def view(
        self,
        rows: tuple[int, int],
        size: tuple[int, int] | None = None,
        kind: PictureKind | None = None,
    ) -> PictureView:
        """Return the *rows* of the picture, from the first to the one behind the last.

        They are given the *size* in pixels and the *kind*, which stay the same by default.
        """
        size = size or (self.verdict.width, rows[1] - rows[0])
        return PictureView(self, rows, size, kind or self.verdict.printed_kind)

    def render(self, view: PictureView) -> bytes:
        """Return the file of *view*, a view of this picture."""
        key = content_key(MAKER, view.digest.encode())
        kept = self.cache.get(PICTURES, key)
        if kept is not None and _shows(kept, view.kind, view.size):
            return kept
        from reportgen.pictures.conversion import render

        try:
            made = render(self._bytes(), self.verdict.kind, view.rows, view.size, view.kind)
        except (Damaged, TooLarge) as error:
            if view.kind is self.verdict.kind is PictureKind.JPEG and view.rows == self._all_rows:
                return self.read_opaque()  # it was valid as far as can be seen without decoding
            raise self._changed() from error
        self.cache.put(PICTURES, key, made)
        return made

    @property
    def _all_rows(self) -> tuple[int, int]:
        return 0, self.verdict.height

    def _bytes(self) -> bytes:
        """Return the file; raises EnvironmentProblem if it has changed since it was validated."""
        raise NotImplementedError

    def _changed(self) -> EnvironmentProblem:
        """Return the exception for a file that has changed since it was validated."""
        raise NotImplementedError


class PictureFile(JudgedPicture, frozen=True):
    """A valid picture on disk."""

    path: Path
    stamp: Stamp
    """The size and the modification time of the file when it was validated."""

    @property
    def file_size(self) -> int:
        """The size of the file in bytes."""
        return self.stamp[0]

    def _bytes(self) -> bytes:
        try:
            with open_file(self.path) as stream:
                if stamp_of(os.fstat(stream.fileno())) == self.stamp:
                    return stream.read(self.stamp[0])
        except FileNotFoundError as error:
            raise self._changed() from error
        except OSError as error:
            reason = system_reason(error)
            raise EnvironmentProblem(
                f"图片 {self.path} 无法读取：{reason}", "关闭占用它的程序后再运行一次"
            ) from error
        raise self._changed()

    def _changed(self) -> EnvironmentProblem:
        return EnvironmentProblem(
            f"图片 {self.path} 在生成过程中被改动或移走了", "放好图片后再运行一次"
        )


class PictureBytes(JudgedPicture, frozen=True):
    """A valid picture that a calling program passed as bytes."""

    data: bytes

    def __repr__(self) -> str:
        return f"PictureBytes({len(self.data)} bytes, {self.verdict!r})"

    @property
    def file_size(self) -> int:
        """The size of the file in bytes."""
        return len(self.data)

    def _bytes(self) -> bytes:
        return self.data

    def _changed(self) -> EnvironmentProblem:
        return EnvironmentProblem("图片的内容在生成过程中变了", "再运行一次")


class Look(Enum):
    """A look at the pixels of a picture, beyond what its validation needs."""

    ROW_CHANGES = "row changes"
    FLATNESS = "flatness"


_MOST_LOOKS = 64
_looks: dict[tuple[str, Look], bytes] = {}
"""The results of the last looks in this process, by the hash of the file: no picture is kept."""


def _examined(picture: JudgedPicture, look: Look) -> bytes:
    key = (picture.digest, look)
    if key not in _looks:
        shown = picture.examine(look)
        if len(_looks) >= _MOST_LOOKS:
            del _looks[next(iter(_looks))]
        _looks[key] = shown
    return _looks[key]


def _look_again(data: bytes, kind: PictureKind, look: Look) -> bytes:
    """Return what *look* at the picture *data* shows; raises Damaged or TooLarge."""
    from reportgen.pictures.conversion import flatness, row_changes

    if look is Look.ROW_CHANGES:
        return row_changes(data, kind)
    return b"%.4f" % flatness(data, kind)


class PictureView(Struct, frozen=True):
    """Rows of a picture, or a picture in another resolution.

    It implements :class:`~reportgen.pictures.PictureSource`; it is made when it is read.
    """

    source: JudgedPicture
    rows: tuple[int, int]
    """The first row, and the one behind the last."""
    size: tuple[int, int]
    """Width and height in pixels of what is made of them."""
    kind: PictureKind
    """PNG or JPEG."""

    @property
    def digest(self) -> str:
        """What identifies equal views."""
        numbers = " ".join(map(str, (*self.rows, *self.size)))
        parts = (self.source.digest, numbers, self.kind.value)
        return content_key(*(part.encode() for part in parts))

    def read(self) -> bytes:
        """Return a PNG or JPEG file without metadata, and without an alpha channel."""
        return self.source.render(self)

    def read_opaque(self) -> bytes:
        """Return the same file."""
        return self.read()


def open_picture(path: Path, cache: Cache) -> PictureFile:
    """Return the picture in the file *path*; raises Damaged, TooLarge or OSError.

    A file that this process has validated is not read again unless it has changed.
    """
    return _picture(path, stamp_of(path.stat()), cache)


@lru_cache(maxsize=1024)
def _picture(path: Path, stamp: Stamp, cache: Cache) -> PictureFile:
    try:
        data = read_file(path, MAX_BYTES)
    except FileTooLargeError as error:
        raise _too_large() from error
    digest = hashlib.sha256(data).hexdigest()
    return PictureFile(digest, judge(data, digest, cache), cache, path, stamp)


def judge_bytes(data: bytes, cache: Cache) -> PictureBytes:
    """Return the picture in the file *data*; raises Damaged or TooLarge."""
    if len(data) > MAX_BYTES:
        raise _too_large()
    digest = hashlib.sha256(data).hexdigest()
    return PictureBytes(digest, judge(data, digest, cache), cache, data)


def _too_large() -> TooLarge:
    return TooLarge(f"文件超过 {MAX_BYTES // 1_000_000} MB")


MAKER = b"4"
"""The version of validation and conversion in cache keys; to be changed with their results."""


class Treatment(Enum):
    """The conversion that a file needs besides the removal of metadata."""

    NOTHING = "nothing"
    CUT_ALPHA = "cut-alpha"
    """Remove an opaque alpha channel, for outputs that do not allow one."""
    CONVERT = "convert"
    """Decode and encode the picture."""


class Verdict(Struct, frozen=True):
    """The properties of a valid picture."""

    kind: PictureKind
    width: int
    """The width in pixels of the upright picture."""
    height: int
    """The height in pixels of the upright picture."""
    treatment: Treatment
    is_clean: bool = False
    """Whether the file has no metadata to remove."""
    has_metadata: bool = False
    """Whether the metadata may say when, where or by whom the picture was taken."""
    see_through: bool = False
    """Whether any pixel is transparent."""

    @property
    def printed_kind(self) -> PictureKind:
        """The kind of the picture in the outputs: PNG or JPEG."""
        return PictureKind.JPEG if self.kind == PictureKind.JPEG else PictureKind.PNG


def judge(data: bytes, digest: str, cache: Cache) -> Verdict:
    """Return the verdict on the picture *data*, whose hash is *digest*.

    Verdicts are kept in *cache*.  Raises Damaged or TooLarge.
    """
    kind = image_kind(data)
    if not kind:
        raise ForeignFile(data) if data else Damaged("文件是空的")
    file = _parse(data, kind)
    key = content_key(MAKER, digest.encode())
    with contextlib.suppress(ValueError):  # what is kept may be damaged
        kept = msgspec.json.decode(cache.get(VERDICTS, key) or b"", type=Verdict)
        if kept.kind == kind and (kept.width > 0 < kept.height):
            return kept
    verdict = _look_at_pixels(data, kind, file)
    cache.put(VERDICTS, key, msgspec.json.encode(verdict))
    return verdict


def _shows(data: bytes, kind: PictureKind, size: tuple[int, int]) -> bool:
    """Return whether *data* is a valid file of *kind* and *size*."""
    if image_kind(data) != kind:
        return False
    try:
        file = _parse(data, kind)
    except (Damaged, TooLarge):
        return False
    return file is not None and (file.width, file.height) == size


def _parse(data: bytes, kind: PictureKind) -> ImageFile | None:
    """Return the parsed PNG or JPEG; None for other kinds."""
    if kind not in (PictureKind.PNG, PictureKind.JPEG):
        return None
    file = read_png(data) if kind == PictureKind.PNG else read_jpeg(data)
    check_pixels(file.width, file.height)
    return file


def _passed(file: ImageFile, treatment: Treatment, data: bytes) -> Verdict:
    is_clean = file.data is data
    size = (file.width, file.height)
    return Verdict(file.kind, *size, treatment, is_clean, file.has_metadata)


def _look_at_pixels(data: bytes, kind: PictureKind, file: ImageFile | None) -> Verdict:
    """Return the verdict of a picture whose headers are sound; raises Damaged or TooLarge."""
    if file and kind == PictureKind.PNG and not file.is_plain:
        from reportgen.pictures.conversion import is_opaque

        if is_opaque(data):  # which also says that all rows are there, and nothing behind them
            return _passed(file, Treatment.CUT_ALPHA, data)
    if file and _is_whole(data, kind) and file.is_plain:
        return _passed(file, Treatment.NOTHING, data)
    from reportgen.pictures.conversion import inspect

    seen = inspect(data, kind)
    told = file.has_metadata if file else mentions_metadata(data)
    size = (seen.width, seen.height)
    return Verdict(kind, *size, Treatment.CONVERT, False, told, seen.see_through)


def _is_whole(data: bytes, kind: PictureKind) -> bool:
    """Return whether the pixel data of a PNG or JPEG are complete, with nothing behind them.

    Raises Damaged if they are not complete, or of another picture.
    """
    if kind == PictureKind.JPEG:
        from reportgen.pictures.conversion import is_garbled

        jpeg = parse_jpeg(data)
        if not has_sound_scan(jpeg):
            raise Damaged("图像数据不完整")
        if is_garbled(jpeg):
            raise Damaged("图像数据已损坏")
        return True
    file = parse_png(data)
    return file.interlaced or holds_only_rows(file)


def without_metadata(data: bytes, verdict: Verdict) -> bytes:
    """Return the PNG or JPEG file *data* without metadata; raises Damaged."""
    if verdict.is_clean:
        return data
    return (read_png(data) if verdict.kind == PictureKind.PNG else read_jpeg(data)).data


def treat(data: bytes, verdict: Verdict) -> bytes:
    """Return the picture *data* converted as *verdict* requires; raises Damaged or TooLarge."""
    if verdict.treatment is Treatment.CUT_ALPHA:
        from reportgen.pictures.conversion import without_alpha

        return without_alpha(data)
    from reportgen.pictures.conversion import convert

    return convert(data, verdict.kind)


def thumbnail(data: bytes) -> Thumbnail:
    """Return the picture *data* small and grey; raises Damaged or TooLarge."""
    from reportgen.pictures.conversion import thumbnail

    return thumbnail(data)


class Undrawn:
    """Stands for the picture of a chart until the layout has drawn it."""

    def read(self) -> bytes:
        """Raise RuntimeError: the caller forgot to have the document's charts drawn."""
        raise RuntimeError("the charts of the document have not been drawn")

    read_opaque = read


class PictureSource(Protocol):
    """A valid picture, whose bytes are read when an output is written.

    The bytes are not kept, so the memory needed does not grow with the number of pictures.
    Both methods raise EnvironmentProblem if the file has changed or is missing.
    """

    def read(self) -> bytes:
        """Return a PNG or JPEG file without metadata and without transparency."""

    def read_opaque(self) -> bytes:
        """Return the same picture as a PNG or JPEG file without an alpha channel.

        A PNG has at most 8 bits a sample, is grey, RGB or has a palette, and is not interlaced.
        A JPEG has 8 bits a sample and is grey or in colour (YCbCr or RGB).
        """
