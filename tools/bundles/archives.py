"""Archives of a bundle's folder: the same folder gives the same bytes.

An archive is there only when it is whole.
"""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tools.bundles.parts import FILES, run, sha256

_ZIP_TIME = (2020, 1, 1, 0, 0, 0)
_TAR_TIME = 1_577_836_800  # the same moment, in UTC


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of *folder* in a fixed order, each with its name in the archive."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder.parent).as_posix(), path


def write_zip(folder: Path, archive: Path) -> Path:
    """Pack *folder* into *archive*, with the folder itself at the top, and return *archive*."""
    part = archive.with_name(f"{archive.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name, path in _files(folder):
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            out.writestr(info, path.read_bytes())
    return part.replace(archive)


def write_tar(folder: Path, archive: Path) -> Path:
    """Pack *folder* into the ``.tar.xz`` *archive* like :func:`write_zip`; programs stay so."""
    part = archive.with_name(f"{archive.name}.part")
    with tarfile.open(part, "w:xz", format=tarfile.PAX_FORMAT) as out:
        for name, path in _files(folder):
            info = tarfile.TarInfo(name)
            info.size = path.stat().st_size
            info.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            info.mtime = _TAR_TIME
            with path.open("rb") as stream:
                out.addfile(info, stream)
    return part.replace(archive)


def write_setup(folder: Path, archive: Path, version: str) -> Path | None:
    """Make the installer *archive* of the bundle *folder*; None without ``makensis``."""
    if shutil.which("makensis") is None:
        return None
    defines = {"BUNDLE": folder, "OUTPUT": archive, "VERSION": version}
    words = [f"-D{name}={value}" for name, value in defines.items()]
    run("makensis", "-V2", "-INPUTCHARSET", "UTF8", *words, FILES / "setup.nsi")
    return archive


def write_sums(folder: Path) -> Path:
    """Write ``SHA256SUMS`` of the archives in *folder* beside them, and return its path."""
    sums = folder / "SHA256SUMS"
    archives = sorted(path for path in folder.iterdir() if path.suffix in (".zip", ".xz", ".exe"))
    lines = [f"{sha256(path)}  {path.name}\n" for path in archives]
    sums.write_text("".join(lines), encoding="utf-8")
    return sums
