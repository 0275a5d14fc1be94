"""Picture files between reading and writing: known by hash and verdict, without their bytes."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from reportgen.cache import PICTURES, Cache, Stamp, content_key, stamp_of
from reportgen.problems import EnvironmentProblem, system_reason
from reportgen.readers.image_bytes import Damaged, TooLarge
from reportgen.readers.printable import MAKER, Treatment, Verdict, judge, treat, without_metadata

MAX_BYTES = 40_000_000
_UNTOUCHED = 30 << 20  # below the largest that counts, 32 MiB


class PictureFile(Struct, frozen=True):
    """A sound picture on disk, a :class:`~reportgen.pictures.PictureSource`.

    ``digest`` is the hash of the file, ``stamp`` its size and time of change when it was
    judged; what costs most to make of it is kept in ``cache``.
    """

    path: Path
    digest: str
    stamp: Stamp
    verdict: Verdict
    cache: Cache

    def read(self) -> bytes:
        """Return a PNG or JPEG file without metadata, of which nothing is seen through."""
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
        if kept is not None:
            return kept
        try:
            made = treat(self._bytes(), self.verdict)
        except (Damaged, TooLarge) as error:
            raise self._changed() from error
        self.cache.put(PICTURES, key, made)
        return made

    def _bytes(self) -> bytes:
        """Return the file; raises EnvironmentProblem when it is not the one judged."""
        try:
            with self.path.open("rb") as stream:
                if stamp_of(os.fstat(stream.fileno())) == self.stamp:
                    return stream.read()
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


def open_picture(path: Path, cache: Cache) -> PictureFile:
    """Return the picture in the file *path*; raises Damaged, TooLarge or OSError.

    A file unchanged since this process last looked is not read again.
    """
    return _picture(path, stamp_of(path.stat()), cache)


@lru_cache(maxsize=1)
def _keep_freed_memory() -> None:
    """Let the C library keep the memory that one picture frees for the next.

    Until a larger block was freed, glibc returns that of a picture to the system at once
    (mallopt(3), M_TRIM_THRESHOLD), to be mapped and zeroed anew: a tenth of a batch.  The
    block freed here is never touched and so takes no memory; elsewhere it does nothing.
    """
    bytes(_UNTOUCHED)


@lru_cache(maxsize=1024)
def _picture(path: Path, stamp: Stamp, cache: Cache) -> PictureFile:
    if stamp[0] > MAX_BYTES:
        raise TooLarge(f"文件超过 {MAX_BYTES // 1_000_000} MB")
    _keep_freed_memory()
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return PictureFile(path, digest, stamp, judge(data, digest, cache), cache)
