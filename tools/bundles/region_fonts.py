"""The extra package of free fonts for the scripts of the autonomous regions.

It is a zip file with the folder ``fonts``: unpacked beside the launcher of a bundle it serves all
reports, in a report folder that report.  The fonts are those that ``fonts/faces.yaml`` pins, out
of Debian packages that ``region-fonts.yaml`` pins.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import uharfbuzz
import yaml

from tools.bundles import archives, parts

PINS = Path(__file__).with_name("region-fonts.yaml")
PAGE = parts.FILES / "region-fonts.txt"
LICENCES = "licences"
_COPYRIGHT, _VERSION = 0, 5  # OpenType name IDs


def make(faces: Path, store: Path, archive: Path) -> Path:
    """Make *archive* of the fonts of the scripts in *faces*, a ``faces.yaml``, and return it.

    *store* is the folder for the packages and the files unpacked from them.
    Raises PartsError if one cannot be had or is not the pinned one.
    """
    scripts = yaml.safe_load(faces.read_text(encoding="utf-8"))["scripts"]
    pins: dict[str, str] = yaml.safe_load(PINS.read_text(encoding="utf-8"))
    apt = parts.Apt("amd64", store / "packages")
    packages = parts.fetch_packages(parts.Target(wheels={}, packages=pins), apt)
    unpacked, root = store / "unpacked", store / "fonts"
    for folder in (unpacked, root):
        shutil.rmtree(folder, ignore_errors=True)
    for package in packages:
        parts.run("dpkg-deb", "--extract", package, unpacked)
    (root / LICENCES).mkdir(parents=True)
    for told in sorted(unpacked.glob("usr/share/doc/*/copyright")):
        shutil.copyfile(told, root / LICENCES / f"{told.parent.name}.txt")
    notice = "\n".join(_notices(scripts, unpacked, root))
    (root / "NOTICE.txt").write_text(notice, encoding="utf-8")
    # Notepad of older Windows takes a text without a byte order mark for GBK.
    page = PAGE.read_text(encoding="utf-8").replace("\n", "\r\n")
    (root / "字体包说明.txt").write_bytes(page.encode("utf-8-sig"))
    return archives.write_zip(root, archive)


def _notices(scripts: Mapping[str, Any], unpacked: Path, root: Path) -> Iterator[str]:
    """Copy the font of each script into *root*; yield the lines of the notice about them."""
    yield "The fonts in this folder are unmodified, under the SIL Open Font License 1.1."
    yield f"Its text, and the copyright of each, is in {LICENCES}/, as Debian tells them."
    for spec in scripts.values():
        found = sorted(unpacked.rglob(spec["file"]))
        if not found:
            raise parts.PartsError(f"{spec['file']} is in none of the packages")
        font = parts.verified(found[0], spec["sha256"])
        shutil.copyfile(font, root / font.name)
        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(font)))
        yield f"\n{font.name}"
        yield f"   Script      {spec['name']}"
        yield f"   Font        {spec['family']}, {face.get_name(_VERSION).partition(';')[0]}"
        yield f"   Copyright   {' '.join(str(face.get_name(_COPYRIGHT)).split())}"
        yield f"   SHA-256     {spec['sha256']}"
    yield ""
